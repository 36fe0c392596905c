"""Draws as tasks: blocks of the points of a few designs, in two rounds, and the answer from all their outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from chains import InputError
from chains.uncertain import Uncertain, uncertain
from optimize.distribution import distribution
from optimize.sensitivity import OTHERS, morris, sobol
from optimize.uncertainty import COLUMNS
from scenarios.documents import without_nan
from scenarios.running.draws import BLOCK, Design, points_of
from scenarios.running.tasks import Outcome, Task
from scenarios.sampling_documents import uncertainty_document
from scenarios.studies.expanding import Ready
from scenarios.studies.parts import Draws

__all__ = ["Sampling"]

EXPLAINED = ("regret", "share_upstream")
"""Outcomes whose variation is attributed to assumptions; the screen ranks them by the first."""


@dataclass(frozen=True)
class Sampling:
    """The draws of one case: their tasks, in two rounds (the second needs the screen of the first), and the answer."""

    case: Ready
    draws: Draws

    @cached_property
    def numbers(self) -> Uncertain:
        """The uncertain numbers of the case. InputError where there is none."""
        found = uncertain(self.case.chain)
        if not found.factors:
            wrong = "has no number with a range, so there is nothing to draw"
            raise InputError.single(f"case {self.case.name}", wrong, "give low and high, or no [draws] for it")
        return found

    def first(self) -> list[Task]:
        """The replicates, and the points of the screen."""
        tasks = [task for own in self._replicates for task in self._blocks(own, self.draws.count)]
        if self.draws.trajectories:
            tasks += self._blocks(self._screen, self.draws.trajectories * (len(self.numbers.factors) + 1))
        return tasks

    def second(self, outcomes: Mapping[str, Outcome]) -> list[Task]:
        """The tornado and the variance shares of the assumptions that the screen puts first."""
        if not self.draws.trajectories or self._failed(self.first(), outcomes):
            return []
        alone = self._ranked(outcomes)
        arguments = {"options": self.case.options.nominal(), "factors": alone, "outcome": EXPLAINED[0]}
        tasks = [Task(self.case.name, "tornado", self.case.chain, arguments)]
        if self.draws.base:
            tasks += self._blocks(self._shares(alone), self.draws.base * (len(self._groups(alone)) + 2))
        return tasks

    def answer(self, outcomes: Mapping[str, Outcome]) -> Outcome:
        """The document of the draws, or why there is none."""
        tasks = [*self.first(), *self.second(outcomes)]
        if failed := self._failed(tasks, outcomes):
            return failed
        try:
            found = distribution([self._records(own, self.draws.count, outcomes) for own in self._replicates])
        except InputError as error:
            return Outcome(failed="input", reason=str(error))
        draws = [
            {"design": f"replicate {own['replicate'] + 1}", "index": index, **without_nan(row)}
            for own in self._replicates
            for index, row in enumerate(self._records(own, self.draws.count, outcomes).to_dict(orient="records"))
        ]
        screen, shares, swings = self._sensitivity(outcomes)
        document = uncertainty_document(self.draws, found, draws, screen, shares, swings)
        return Outcome(document, seconds=sum(outcomes[task.key].seconds for task in tasks))

    @property
    def _replicates(self) -> list[Design]:
        same = {"count": self.draws.count, "replicates": self.draws.replicates, "seed": self.draws.seed}
        return [{"kind": "replicates", **same, "replicate": own} for own in range(self.draws.replicates)]

    @property
    def _screen(self) -> Design:
        return {"kind": "morris", "trajectories": self.draws.trajectories, "seed": self.draws.seed}

    def _shares(self, alone: Sequence[str]) -> Design:
        return {"kind": "sobol", "alone": list(alone), "count": self.draws.base, "seed": self.draws.seed}

    def _groups(self, alone: Sequence[str]) -> list[str]:
        return [*alone, *([OTHERS] if len(alone) < len(self.numbers.factors) else [])]

    def _blocks(self, given: Design, total: int) -> list[Task]:
        arguments = {"options": self.case.options.nominal(), "design": given}
        starts = range(0, total, BLOCK)
        return [Task(self.case.name, "draws", self.case.chain, {**arguments, "start": start}) for start in starts]

    def _failed(self, tasks: Sequence[Task], outcomes: Mapping[str, Outcome]) -> Outcome | None:
        return next((outcomes[task.key] for task in tasks if outcomes[task.key].failed), None)

    def _records(self, given: Design, total: int, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
        """The outcomes of a design, in the order of its points; null is NaN again."""
        rows = [row for task in self._blocks(given, total) for row in outcomes[task.key].answer]
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(_NUMBERS, float))

    def _screens(self, outcomes: Mapping[str, Outcome]) -> dict[str, pd.DataFrame]:
        points = points_of(self.numbers, self._screen)
        found = self._records(self._screen, len(points), outcomes)
        return {of: morris(self.numbers, points, found[of], self.draws.seed).table for of in EXPLAINED}

    def _ranked(self, outcomes: Mapping[str, Outcome]) -> list[str]:
        """The assumptions that get indices of their own."""
        table = self._screens(outcomes)[EXPLAINED[0]]
        return [str(label) for label in table.index[: self.draws.alone]]

    def _sensitivity(self, outcomes: Mapping[str, Outcome]) -> tuple[Any, Any, Any]:
        """Screens, variance shares and tornado; empty where they were not asked for."""
        if not self.draws.trajectories:
            return {}, {}, None
        alone = self._ranked(outcomes)
        swings = outcomes[self.second(outcomes)[0].key].answer
        if not self.draws.base:
            return self._screens(outcomes), {}, swings
        total = self.draws.base * (len(self._groups(alone)) + 2)
        found = self._records(self._shares(alone), total, outcomes)
        shares = {of: sobol(self.numbers, alone, found[of], self.draws.seed).table for of in EXPLAINED}
        return self._screens(outcomes), shares, swings


_NUMBERS = [name for name in COLUMNS if name not in ("draw", "first", "problem")]
