"""Draws as tasks: blocks of the points of a few designs, in two rounds, and the answer from all their outcomes."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from chains import InputError
from chains.drawing.structure import Group, by_group, structure_of
from chains.drawing.uncertain import Uncertain, uncertain
from optimize.sampling.distribution import distribution
from optimize.sampling.sensitivity import morris, sobol
from optimize.sampling.uncertainty import COLUMNS
from scenarios.asking.draws import BLOCK, Design, points_of
from scenarios.documents.uncertainty import structure_document, uncertainty_document
from scenarios.documents.values import without_nan
from scenarios.running.tasks import BAD_INPUT, Outcome, Task
from scenarios.studies.expanding import Ready
from scenarios.studies.parts import Draws

__all__ = ["Sampling", "Screened"]

EXPLAINED = ("regret", "share_upstream")
"""Outcomes whose variation is attributed to assumptions; the screen ranks them by the first."""


@dataclass(frozen=True)
class Sampling:
    """The draws of one case, and their first round of tasks: the replicates, and the points of the screen."""

    case: Ready
    draws: Draws

    @cached_property
    def numbers(self) -> Uncertain:
        """The uncertain numbers of the case."""
        return uncertain(self.case.chain)

    @cached_property
    def structure(self) -> tuple[Group, ...]:
        """The groups of structural numbers that can matter in this case, and which of them are drawn."""
        return structure_of(self.case.chain, self.numbers, self.case.options.levers)

    @cached_property
    def structural(self) -> dict[str, str]:
        """The group of every structural number that is drawn."""
        return by_group(self.structure)

    def check(self) -> None:
        """InputError where there is nothing to draw."""
        if not self.numbers.factors:
            wrong = "has no number with a range, so there is nothing to draw"
            raise InputError.single(f"case {self.case.name}", wrong, "give low and high, or no [draws] for it")

    @cached_property
    def tasks(self) -> list[Task]:
        """The tasks of the first round."""
        tasks = [task for own in self.replicates for task in self.blocks(own, self.draws.count)]
        if self.draws.trajectories:
            tasks += self.blocks(self.screen, self.draws.trajectories * (len(self.numbers.factors) + 1))
        return tasks

    @property
    def replicates(self) -> list[Design]:
        """The design of each replicate."""
        same = {"count": self.draws.count, "replicates": self.draws.replicates, "seed": self.draws.seed}
        return [{"kind": "replicates", **same, "replicate": own} for own in range(self.draws.replicates)]

    @property
    def screen(self) -> Design:
        """The design of the Morris screen."""
        return {"kind": "morris", "trajectories": self.draws.trajectories, "seed": self.draws.seed}

    def blocks(self, given: Design, total: int) -> list[Task]:
        """The tasks that solve the first `total` points of a design."""
        arguments = {"options": self.case.options.nominal(), "design": given}
        starts = range(0, total, BLOCK)
        return [Task(self.case.name, "draws", self.case.chain, {**arguments, "start": start}) for start in starts]

    def records(self, given: Design, total: int, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
        """The outcomes of a design, in the order of its points; null is NaN again."""
        rows = [row for task in self.blocks(given, total) for row in outcomes[task.key].answer]
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(_NUMBERS, float))


@dataclass(frozen=True)
class Screened:
    """A sampling whose first round is done: its second round, which rests on the screen, and the answer."""

    sampling: Sampling
    outcomes: Mapping[str, Outcome]

    @cached_property
    def tasks(self) -> list[Task]:
        """The tornado and the variance shares of the assumptions that the screen puts first."""
        case, draws = self.sampling.case, self.sampling.draws
        if not draws.trajectories or _failed(self.sampling.tasks, self.outcomes):
            return []
        arguments = {"options": case.options.nominal(), "factors": self._told, "outcome": EXPLAINED[0]}
        tornado = Task(case.name, "tornado", case.chain, arguments)
        if not draws.base:
            return [tornado]
        tasks = [tornado, *self.sampling.blocks(self._shares, self._points(self._alone, 2))]
        if self.sampling.structural:
            tasks += self.sampling.blocks(self._by_structure, self._points(self.sampling.structural.values(), 0))
        return tasks

    def answer(self, outcomes: Mapping[str, Outcome]) -> Outcome:
        """The document of the draws from the outcomes of both rounds, or why there is none."""
        sampling, tasks = self.sampling, [*self.sampling.tasks, *self.tasks]
        if failed := _failed(tasks, outcomes):
            return failed
        drawn = {
            f"replicate {own['replicate'] + 1}": sampling.records(own, sampling.draws.count, outcomes)
            for own in sampling.replicates
        }
        try:
            found = distribution(list(drawn.values()))
        except InputError as error:
            return Outcome(failed=BAD_INPUT, reason=str(error))
        rows = [
            {"design": design, "index": index, **without_nan(row)}
            for design, own in drawn.items()
            for index, row in enumerate(own.to_dict(orient="records"))
        ]
        screens = self._screens if sampling.draws.trajectories else {}
        tornado = outcomes[self.tasks[0].key].answer if self.tasks else None
        indices, structure = self._indices(outcomes)
        document = uncertainty_document(sampling.draws, found, rows, screens, indices, tornado)
        document |= structure_document(sampling.structure, sampling.numbers, found, structure)
        seconds = sum(outcomes[task.key].seconds for task in tasks)
        return Outcome(json.loads(json.dumps(document, allow_nan=False)), seconds=seconds)

    @cached_property
    def _screens(self) -> dict[str, pd.DataFrame]:
        """The Morris screen of each outcome explained."""
        numbers, seed = self.sampling.numbers, self.sampling.draws.seed
        points = points_of(numbers, self.sampling.screen)
        found = self.sampling.records(self.sampling.screen, len(points), self.outcomes)
        return {of: morris(numbers, points, found[of], seed).table for of in EXPLAINED}

    @property
    def _alone(self) -> list[str]:
        """The assumptions that get indices of their own."""
        return [str(label) for label in self._screens[EXPLAINED[0]].index[: self.sampling.draws.alone]]

    @property
    def _told(self) -> list[str]:
        """The assumptions that the tornado tells: those, and every number about structure."""
        return list(dict.fromkeys([*self._alone, *self.sampling.structural]))

    @property
    def _shares(self) -> Design:
        """The design of the variance shares of those assumptions."""
        return self._crossed(self._alone, ends=True)

    @property
    def _by_structure(self) -> Design:
        """The design of those of structure: the same points at the ends of every block, so without them."""
        return self._crossed(self.sampling.structural, ends=False)

    def _crossed(self, alone: list[str] | dict[str, str], *, ends: bool) -> Design:
        draws = self.sampling.draws
        return {"kind": "sobol", "alone": alone, "ends": ends, "count": draws.base, "seed": draws.seed}

    def _points(self, groups: Collection[str], ends: int) -> int:
        """Points of a design by the groups of some numbers: in each block one a group, of all others one, and ends."""
        some_left = len(groups) < len(self.sampling.numbers.factors)
        return self.sampling.draws.base * (len(set(groups)) + some_left + ends)

    def _indices(self, outcomes: Mapping[str, Outcome]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame | None]:
        """Sobol' indices of each outcome explained, and of the groups of structure for the first.

        None where they were not asked for; none of structure where none was drawn.
        """
        sampling, draws, structural = self.sampling, self.sampling.draws, self.sampling.structural
        if not draws.base:
            return {}, None
        found = sampling.records(self._shares, self._points(self._alone, 2), outcomes)
        indices = {of: sobol(sampling.numbers, self._alone, found[of], draws.seed).table for of in EXPLAINED}
        if not structural:
            return indices, None
        own = sampling.records(self._by_structure, self._points(structural.values(), 0), outcomes)
        ends, within = (each[EXPLAINED[0]].to_numpy().reshape(draws.base, -1) for each in (found, own))
        whole = np.hstack([ends[:, :1], within, ends[:, -1:]])
        return indices, sobol(sampling.numbers, structural, whole.ravel(), draws.seed).table


def _failed(tasks: Sequence[Task], outcomes: Mapping[str, Outcome]) -> Outcome | None:
    return next((outcomes[task.key] for task in tasks if outcomes[task.key].failed), None)


_NUMBERS = [name for name in COLUMNS if name not in ("draw", "first", "problem")]
