"""Which of the uncertain numbers are about structure, in groups with a name: what was varied, and what was not.

Structure is what docs/structure.md describes: how long cuts last, what can be done without, what is held, what more
home plants can make, how uses and instruments differ, and what levers other than capacity offer.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from chains.chain import Chain
from chains.drawing.uncertain import Uncertain
from chains.tables.problems import listed
from chains.tables.schema import FACTORS

__all__ = ["Group", "by_group", "structure_in_words", "structure_of"]

_Mask = Callable[[pd.DataFrame, str], pd.Series]


@dataclass(frozen=True)
class _Kind:
    """A group: the rows of a table, by the country that is home; the lever without which they do not matter."""

    name: str
    table: str
    rows: _Mask
    lever: str = ""


def _all(rows: pd.DataFrame, _: str) -> pd.Series:
    return pd.Series(True, index=rows.index)


def _held(rows: pd.DataFrame, _: str) -> pd.Series:
    return rows["parameter"] == "held"


def _offered(rows: pd.DataFrame, _: str) -> pd.Series:
    return rows["parameter"] != "held"


def _at_home(rows: pd.DataFrame, home: str) -> pd.Series:
    return rows["location"] == home


def _by_use(rows: pd.DataFrame, _: str) -> pd.Series:
    return rows["use"].fillna("") != ""


def _by_tier_or_factor(rows: pd.DataFrame, _: str) -> pd.Series:
    return (rows["tier"].fillna("") != "") | rows["parameter"].isin(FACTORS)


_KINDS = (
    _Kind("outages", "durations", _all),
    _Kind("inputs that can be done without", "criticality", _all),
    _Kind("stocks held", "stocks", _held),
    _Kind("spare home capacity", "surge", _at_home),
    _Kind("loss weights by use", "loss_weights", _by_use),
    _Kind("instruments by tier or factor", "instruments", _by_tier_or_factor),
    _Kind("stocks on offer", "stocks", _offered, "stocks"),
    _Kind("further suppliers", "suppliers", _all, "suppliers"),
    _Kind("preference in procurement", "procurement", _all, "procurement"),
)


@dataclass(frozen=True)
class Group:
    """Numbers about one thing: how many there are, and the labels of those that are drawn."""

    name: str
    given: int
    drawn: tuple[str, ...]


def structure_of(chain: Chain, numbers: Uncertain, levers: Collection[str] = ("capacity",)) -> tuple[Group, ...]:
    """Every group of structure that can matter where the money may buy these levers, also those without a number."""
    groups = []
    for kind in _KINDS:
        if kind.lever and kind.lever not in levers:
            continue
        rows = chain.table(kind.table)
        meant = kind.rows(rows, chain.home).to_numpy(dtype=bool)
        drawn = tuple(factor.label for factor in numbers.factors if factor.table == kind.table and meant[factor.row])
        groups.append(Group(kind.name, int(meant.sum()), drawn))
    return tuple(groups)


def by_group(groups: Collection[Group]) -> dict[str, str]:
    """The name of the group of every number about structure that is drawn, by its label."""
    return {label: group.name for group in groups for label in group.drawn}


def structure_in_words(groups: Collection[Group]) -> str:
    """Which groups were varied by the draws, and which were not."""
    varied = [f"{group.name} ({_numbers(len(group.drawn))})" for group in groups if group.drawn]
    fixed = [group.name for group in groups if group.given and not group.drawn]
    absent = [group.name for group in groups if not group.given]
    if not varied:
        said = "Structure was not varied: "
        told = [f"no range is given for {listed(fixed)}"] if fixed else []
        told += [f"the figures say nothing of {listed(absent)}"] if absent else []
        return said + ", and ".join(told) + "."
    said = f"Structure was varied too: {listed(varied)}."
    told = [f"{listed(fixed)} (no range)"] if fixed else []
    told += [f"{listed(absent)} (no figures)"] if absent else []
    return f"{said} Not varied: {'; '.join(told)}." if told else said


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"
