"""What a reader moves beside the package: options, and what-ifs on its tables, said as a study file says them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chains import Chain, InputError, Problem
from optimize import Options, WhatIfOptions, happening
from optimize.questions.what_if import NAME as HAPPENS
from optimize.solving.options import make_options
from scenarios.studies.expanding import changed, with_rows
from scenarios.studies.parts import Change, NewRow

__all__ = ["Moves"]

Pairs = tuple[tuple[str, float], ...]

_SOME = 6.0
"""Months of a cut that have a row of their own, whose value is then set."""


@dataclass(frozen=True)
class Moves:
    """What is moved; None, or nothing, leaves what the package says.

    `budget` in the chain's money; `outage` in months, of every scenario; `dispensable` the share of every input that
    can be done without in a disruption; `probability` in a year by scenario; `floors` the least money by tier; `cut` a
    country that is cut off for certain, for `months`: the answer is then about that alone.
    """

    budget: float | None = None
    levers: tuple[str, ...] = ("capacity",)
    floors: Pairs = ()
    outage: float | None = None
    dispensable: float | None = None
    probability: Pairs = ()
    cut: str = ""
    months: float = 12.0

    @property
    def given(self) -> dict[str, Any]:
        """The options of the program that are not as they are by themselves."""
        options: dict[str, Any] = {}
        if self.budget is not None:
            options["budget"] = self.budget
        if set(self.levers) != {"capacity"}:
            options["levers"] = self.levers
        if self.floors:
            options["minimum"] = dict(self.floors)
        return options

    def options(self) -> Options:
        """The options, checked: InputError naming every one that is wrong."""
        return make_options(Options, self.given)

    def rows(self, chain: Chain) -> tuple[NewRow, ...]:
        """Rows that the tables lack for what is moved; their values are those that are moved to."""
        return tuple(self._rows(chain))

    def changes(self, chain: Chain) -> tuple[Change, ...]:
        """Changes to the rows that are there."""
        return tuple(self._changes(chain))

    def prepared(self, chain: Chain) -> Chain:
        """The chain of the packages with every row that is moved, and with the country cut off. It takes long."""
        whole = with_rows(chain, self.rows(chain))
        return happening(whole, replace(self, months=_SOME).cutting) if self.cut else whole

    def moved(self, prepared: Chain) -> Chain:
        """A chain that is prepared, with every value as it is moved; InputError where one cannot be."""
        if not self.cut:
            return changed(prepared, self.changes(prepared))
        alone = replace(self, outage=None, probability=())  # nothing but the cut happens
        return changed(prepared, alone.changes(prepared)).with_value("durations", self.months, scenario=HAPPENS)

    def structure(self, chain: Chain) -> tuple[object, ...]:
        """What two moves have in common that differ in values alone: rows, levers and the country cut off."""
        rows = tuple((row.table, *sorted(row.keys.items())) for row in self.rows(chain))
        return rows, self.levers, self.cut

    @property
    def cutting(self) -> WhatIfOptions:
        """The options of the question that a country cut off asks."""
        return make_options(WhatIfOptions, {"cuts": (self.cut,), "months": self.months, **self.given})

    def words(self, unit: str) -> tuple[str, ...]:
        """What is moved, in words, one thing each; `unit` is that of money."""
        said = []
        if self.budget is not None:
            said.append(f"budget {self.budget:g} {unit}".strip())
        if set(self.levers) != {"capacity"}:
            said.append(f"money may buy {', '.join(self.levers)}")
        said += [f"{tier} gets at least {least:g} {unit}".strip() for tier, least in self.floors]
        if self.outage is not None:
            said.append(f"every outage lasts {self.outage:g} months")
        if self.dispensable is not None:
            said.append(f"{100 * self.dispensable:g}% of every input can be done without")
        said += [f"probability of {scenario} {chance:g}" for scenario, chance in self.probability]
        if self.cut:
            said.append(f"{self.cut} cut off for {self.months:g} months")
        return tuple(said)

    def _rows(self, chain: Chain) -> Iterator[NewRow]:
        if self.outage is not None:
            rows = chain.table("durations")
            has = set(rows.loc[rows["parameter"] == "outage", "scenario"])
            for package, scenario in _scenarios(chain):
                if scenario not in has:
                    keys = {"scenario": scenario, "parameter": "outage", "package": package}
                    yield NewRow(table="durations", keys=keys, value=self.outage)
        if self.dispensable is not None:
            rows = chain.table("criticality")
            rows = rows[(rows["parameter"] == "dispensable") & (rows["input"] == "") & (rows["user"] == "")]
            for package in dict.fromkeys(chain.table("segments")["package"]):
                if package not in set(rows["package"]):
                    keys = {"parameter": "dispensable", "package": package}
                    yield NewRow(table="criticality", keys=keys, value=self.dispensable)

    def _changes(self, chain: Chain) -> Iterator[Change]:
        rows = chain.table("durations")
        if self.outage is not None and (rows["parameter"] == "outage").any():
            yield Change(table="durations", where={"parameter": "outage"}, set=self.outage)
        rows = chain.table("criticality")
        if self.dispensable is not None and (rows["parameter"] == "dispensable").any():
            yield Change(table="criticality", where={"parameter": "dispensable"}, set=self.dispensable)
        for scenario, chance in sorted(self.probability, key=lambda pair: _rise(chain, *pair)):
            yield Change(table="probabilities", where={"scenario": scenario}, set=chance)


def _scenarios(chain: Chain) -> list[tuple[str, str]]:
    """Package and name of every scenario, once."""
    rows = chain.table("probabilities").drop_duplicates("scenario")
    return list(zip(rows["package"], rows["scenario"], strict=True))


def _rise(chain: Chain, scenario: str, chance: float) -> float:
    """How much a probability rises: those that fall are set first, so that the sum passes 1 only if it ends there."""
    rows = chain.table("probabilities").set_index("scenario")["value"]
    if scenario not in rows.index:
        raise InputError([Problem("probabilities", 0, "", f"there is no scenario '{scenario}'", "choose another")])
    return chance - float(rows[scenario])
