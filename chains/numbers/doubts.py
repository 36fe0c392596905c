"""What gives reason to doubt a chain that is right in form: warnings of sanity, each with the numbers that caused it.

They compare what several tables say with each other, so they need the chain's numbers; what one row or one table alone
gives reason to doubt is said where it is checked (`chains.tables.consistency`: all guesses, inputs worth more than the
output).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from chains.numbers.chain_numbers import ChainNumbers
from chains.numbers.need import calm_need, leontief
from chains.numbers.parts.substitution import Substitution
from chains.numbers.quantities import Array, Positions
from chains.tables.problems import InputError, Problem, first_of
from chains.tables.schema import TABLES

__all__ = ["AMPLE", "CARRIED", "CONTRADICTED", "doubts"]

AMPLE = 2.0
"""Supply over need in calm from which on a segment's supply or need is doubted."""
CARRIED = 50.0
"""Final demand that a unit of money may carry; from there on input coefficients are doubted."""
CONTRADICTED = 0.25
"""How far apart the shares of a country in imports and in foreign supply may be."""

LARGEST = 2_000
"""Segments up to which the need is worked out when a package is read: more take seconds."""

_ROUND, _NEAR = 0.05, 5e-4
"""A share of need is round where it is so near to a multiple of 5%: half of the last digit of 70.0%."""
_APART = 0.01
"""Shares at home from which segments reach one share are apart by more than this, or they were alike before."""
_SOUGHT = 500
"""Segments, those of least need, of which it is worked out what a unit of them carries: a solve each."""
_TOLD = 4
"""Segments that a warning names with their numbers; the others are counted."""

Tables = Mapping[str, pd.DataFrame]


def doubts(tables: Tables, numbers: ChainNumbers, home_country: str) -> list[Problem]:
    """Warnings of a composed chain: ample supply, targets for ceilings, money that carries much, trade; by package.

    Where inputs are not productive nothing is said of the need: another check does. Nor is it beyond LARGEST segments.
    """
    package = tables["segments"]["package"].to_numpy(dtype=object)
    total = numbers.home[numbers.calm_phase] + numbers.foreign[numbers.calm_phase]
    if len(total) > LARGEST:
        return list(_trade(tables, home_country))
    try:
        need = calm_need(numbers.inputs, numbers.home[numbers.calm_phase], total, numbers.demand, "")
    except InputError:
        return list(_trade(tables, home_country))
    found: list[Problem] = []
    for name in dict.fromkeys(package):
        own = np.flatnonzero(package == name)
        found += _ample(name, own, numbers, total, need)
        found += _targets(name, own, tables, numbers, need)
        found += _carrying(name, own, numbers, total, need)
    return [*found, *_trade(tables, home_country)]


def _warning(package: object, table: str, column: str, wrong: str, said: Sequence[str], right: str) -> Problem:
    """One warning of all segments that it concerns, of which the first are named with their numbers."""
    return Problem(f"{package}/{TABLES[table].file}", 0, column, f"{wrong}: {first_of(said, _TOLD)}", right)


def _ample(name: object, own: Positions, numbers: ChainNumbers, total: Array, need: Array) -> Iterator[Problem]:
    """Supply over twice the need: then cuts of half do nothing, or a unit or an input is missing."""
    over = [k for k in own if total[k] > AMPLE * need[k]]
    over.sort(key=lambda k: (-total[k] / need[k] if need[k] > 0 else -np.inf, k))
    if over:
        said = [f"{numbers.segments[k]} has {total[k]:.4g} for {need[k]:.4g}" for k in over]
        right = "check the unit of both; an input or a demand (exports are one) may be missing"
        yield _warning(name, "supply", "value", f"supply is over {AMPLE:g} times what is needed in calm", said, right)


def _targets(name: object, own: Positions, tables: Tables, numbers: ChainNumbers, need: Array) -> Iterator[Problem]:
    """Ceilings that bring home supply to a published target, or several segments to one round share of their need."""
    home = numbers.home[numbers.calm_phase]
    adding = [k for k in own if numbers.ceiling[k] > 0 and need[k] > 0]
    reached = {k: (home[k] + numbers.ceiling[k]) / need[k] for k in adding}
    targets = _published(tables)
    aimed = {k for k in adding if any(abs(reached[k] - share) <= _NEAR for share in targets.get(k, ()))}
    together: dict[float, list[int]] = {}
    for k in adding:
        share = round(round(reached[k] / _ROUND) * _ROUND, 10)
        if abs(reached[k] - share) <= _NEAR:
            together.setdefault(share, []).append(k)
    for same in together.values():
        before = [home[k] / need[k] for k in same]
        aimed |= set(same) if len(same) > 1 and max(before) - min(before) > _APART else set()
    if aimed:
        said = [
            f"{numbers.segments[k]} {home[k]:.4g} + {numbers.ceiling[k]:.4g} of {need[k]:.4g} is {reached[k]:.1%}"
            for k in sorted(aimed)
        ]
        right = "a ceiling is what can be added in the years you look at (plants, sites, people), not what is wanted"
        yield _warning(name, "response", "value", "ceilings are just what a target would take", said, right)


def _published(tables: Tables) -> dict[int, set[float]]:
    """Home shares that are targets in `tiers.csv`, by segment."""
    tiers = tables["tiers"]
    own = tiers[tiers["indicator"] == "target_home_share"]
    keys = ["package", "chain", "tier"]
    segments = tables["segments"][keys].assign(at=np.arange(len(tables["segments"])))
    found: dict[int, set[float]] = {}
    for k, share in segments.merge(own[[*keys, "value"]], on=keys)[["at", "value"]].itertuples(index=False):
        found.setdefault(int(k), set()).add(float(share))
    return found


def _carrying(name: object, own: Positions, numbers: ChainNumbers, total: Array, need: Array) -> Iterator[Problem]:
    """Segments of which one unit carries much final demand: 1 / max_j T_kj, T = (I - B)^-1, B as in `calm_need`.

    T_kj is what is needed of k, by all ways, for a unit of final demand for j. What can partly be done without by all
    its users is left out: whoever wrote that has thought of it.
    """
    final = np.flatnonzero(numbers.demand > 0)
    few = (need > 0) & (need * CARRIED < numbers.demand.sum())  # t_k = sum_j T_kj d_j <= max_j T_kj sum_j d_j
    few &= ~_thought_of(numbers)
    sought = [k for k in own if few[k]]
    sought = sorted(sought, key=lambda k: (need[k], k))[:_SOUGHT]
    if not sought:
        return
    home = numbers.home[numbers.calm_phase]
    share = np.divide(home, total, out=np.zeros_like(total), where=total > 0)
    solve = leontief(sparse.csr_array((numbers.inputs @ sparse.diags_array(share)).T))
    rows = {k: solve(np.eye(1, len(share), k)[0])[final] for k in sought}
    over = sorted((k for k in sought if 0 < rows[k].max() < 1 / CARRIED), key=lambda k: (rows[k].max(), k))
    most = {k: (rows[k].max(), numbers.segments[final[rows[k].argmax()]]) for k in over}
    if over:
        said = [
            f"{numbers.segments[k]} at least {1 / needs:.4g} ({user} needs {needs:.3g} a unit)"
            for k, (needs, user) in most.items()
        ]
        wrong = f"a unit of money carries over {CARRIED:g} of final demand"
        right = "check the coefficients; if not all of it stops, say in criticality.csv what can be done without"
        yield _warning(name, "inputs", "value", wrong, said, right)


def _thought_of(numbers: ChainNumbers) -> npt.NDArray[np.bool_]:
    """Segments [k] of which every user can do without a part."""
    users = np.diff(numbers.inputs.indptr)
    part = numbers.part(Substitution)
    if part is None:
        return np.zeros(len(users), dtype=bool)
    less: Positions = np.bincount(part.input[part.dispensed > 0], minlength=len(users))
    every: npt.NDArray[np.bool_] = (users > 0) & (less == users)
    return every


def _trade(tables: Tables, home: str) -> Iterator[Problem]:
    """Countries whose shares in the imports of `trade.csv` and in foreign supply are far apart."""
    trade, supply = tables["trade"], tables["supply"]
    if trade.empty:
        return
    both = pd.concat(
        [_shares(trade).rename("imports"), _shares(supply[supply["location"] != home]).rename("supply")], axis=1
    )
    known = both.groupby(["package", "segment"]).transform("count") > 0  # segments of which both tables speak
    both = both[known.all(axis=1)].fillna(0.0)
    apart = both[(both["imports"] - both["supply"]).abs() > CONTRADICTED]
    for name, rows in apart.groupby("package", sort=False):
        said = [
            f"{segment} from {place} {row['imports']:.0%} of imports, {row['supply']:.0%} of foreign supply"
            for segment, place, row in zip(
                rows.index.get_level_values("segment"),
                rows.index.get_level_values("location"),
                rows.to_dict("records"),
                strict=True,
            )
        ]
        right = "check both: years, codes of goods, goods that only pass through, plants owned from abroad"
        wrong = f"shares in trade and in supply are over {100 * CONTRADICTED:g} points apart"
        yield _warning(name, "trade", "value", wrong, said, right)


def _shares(rows: pd.DataFrame) -> pd.Series:
    """Shares of the locations in each segment's value, by package, segment and location; none of what is nothing."""
    value = rows.groupby(["package", "segment", "location"], sort=False)["value"].sum()
    return value / value.groupby(["package", "segment"]).transform("sum").where(lambda total: total > 0)
