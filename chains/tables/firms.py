"""A user's firms as the observed allocation: their subsidies, by the shares that segments have in them.

The rule, of the latest period of `subsidies.csv` (without rows there: the latest year in which a firm has subsidies): a
segment's money through an instrument that is stated counts as it is stated, and firms may account for less of it, never
for more; what is not stated is the sum over the firms. Each step is told. Nothing is filled but that period.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains.tables.problems import Problem, first_of, nearest
from chains.tables.schema import TABLES

__all__ = ["Filled", "filled_from_firms"]

_ROUNDED = 0.01
"""How far above what is stated the sum over firms may come, as a share of it: published amounts are rounded."""
_SUM = 1e-9
"""How far above 1 a sum of decimal shares may come out in floating point."""
_TOLD = 3
_COLUMNS = list(TABLES["subsidies"].column_names)

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Filled:
    """`subsidies` with the rows that firms fill; errors; and what the user should know."""

    subsidies: pd.DataFrame
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def filled_from_firms(name: str, tables: Tables) -> Filled:
    """The observed allocation of a package that has `firm_segments`; `name` is the package's, for messages."""
    stated, shares = tables["subsidies"], tables["firm_segments"]
    firms = tables.get("firms")
    file = f"{name}/{TABLES['firm_segments'].file}"
    if firms is None:
        right = "add firms.csv with the firms' subsidies, or drop this table"
        return Filled(stated, (Problem(file, 0, "", "there are no firms that have shares", right),))
    if errors := [*_unknown(file, firms, shares), *_too_much(file, shares)]:
        return Filled(stated, tuple(errors))
    money = firms[firms["subsidies"].notna()]
    period = str(stated["period"].max()) if len(stated) else str(money["year"].max()) if len(money) else ""
    given = money[money["year"] == period].set_index("firm")["subsidies"]
    if not len(given):
        return Filled(stated, warnings=(_no_firms(name, money, period),))
    parts = shares[shares["firm"].isin(given.index)]
    parts = parts.assign(money=parts["firm"].map(given), period=period)
    rows = pd.DataFrame(
        [_row(own) for _, own in parts.groupby(["segment", "instrument"], sort=False)], columns=_COLUMNS
    )
    new, errors, said = _beside(name, rows, stated)
    said += _left_out(name, given, shares, period)
    if len(new):
        right = "a row in subsidies.csv of that period would count instead"
        some = first_of([f"{row['segment']} {row['value']:.4g}" for row in new.to_dict("records")], _TOLD)
        wrong = f"{len(new)} rows of {period} are filled from firms.csv, {new['value'].sum():.4g} in money: {some}"
        said.insert(0, Problem(f"{name}/{TABLES['subsidies'].file}", 0, "", wrong, right))
    last = int(stated.index.max()) if len(stated) else 1
    new.index = pd.RangeIndex(last + 1, last + 1 + len(new))
    whole = pd.concat([stated, new[list(stated.columns)]]) if len(new) else stated
    return Filled(whole, tuple(errors), tuple(said))


def _unknown(file: str, firms: pd.DataFrame, shares: pd.DataFrame) -> Iterator[Problem]:
    known = tuple(dict.fromkeys(firms["firm"]))
    for row, firm in shares.loc[~shares["firm"].isin(known) & (shares["firm"] != ""), "firm"].items():
        yield Problem(file, int(str(row)), "firm", f"firm '{firm}' is not in firms.csv", nearest(firm, known))


def _too_much(file: str, shares: pd.DataFrame) -> Iterator[Problem]:
    for firm, own in shares.groupby("firm", sort=False):
        total = float(own["value"].sum())
        if total > 1 + _SUM:
            wrong = f"the shares of firm '{firm}' sum to {total:.6g}"
            yield Problem(file, int(own.index[0]), "value", wrong, "they are parts of one firm: at most 1 in all")


def _no_firms(name: str, money: pd.DataFrame, period: str) -> Problem:
    years = ", ".join(sorted(set(money["year"]))) or "none"
    wrong = f"no subsidies of '{period}' to fill segments with: years with subsidies are {years}"
    right = "a year must be written as the latest period of subsidies.csv is"
    return Problem(f"{name}/{TABLES['firms'].file}", 0, "year", wrong, right)


def _row(parts: pd.DataFrame) -> dict[str, object]:
    """A row of `subsidies`: the sum over firms, with the range that the ranges of shares give."""
    order = parts.assign(part=parts["money"] * parts["value"]).sort_values("part", ascending=False, kind="stable")
    ends = [float((order["money"] * order[end].fillna(order["value"])).sum()) for end in ("low", "high")]
    ranged = bool(order[["low", "high"]].notna().to_numpy().any())
    told = " + ".join(
        f"{share:g} x {money:g} ({firm})"
        for firm, share, money in order[["firm", "value", "money"]].head(_TOLD).itertuples(index=False)
    )
    more = f" + {len(order) - _TOLD} more" if len(order) > _TOLD else ""
    return {
        **{column: order[column].iloc[0] for column in ("segment", "instrument", "period")},
        "value": float(order["part"].sum()),
        "low": ends[0] if ranged else np.nan,
        "high": ends[1] if ranged else np.nan,
        "status": "assumed" if (order["status"] == "assumed").any() else "derived",
        "source": order["source"].iloc[0],
        "note": f"firms.csv and firm_segments.csv: {told}{more}",
    }


def _beside(name: str, rows: pd.DataFrame, stated: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem], list[Problem]]:
    """The rows that are not stated; where one is, an error if firms account for more, and what they account for."""
    key = ["segment", "instrument", "period"]
    both = rows.merge(stated.reset_index(names="row")[[*key, "row", "value", "high"]], on=key, suffixes=("", "_stated"))
    errors, said = list[Problem](), list[Problem]()
    for own in both.to_dict("records"):
        place = Problem(f"{name}/{TABLES['subsidies'].file}", int(own["row"]), "value", "", "")
        most = own["value_stated"] if np.isnan(own["high_stated"]) else own["high_stated"]
        of = f"'{own['segment']}' through {own['instrument']} in {own['period']}"
        if own["value"] > most * (1 + _ROUNDED):
            wrong = f"firms of {of} got {own['value']:.4g}, but all that is stated is {most:.4g}"
            right = "correct one: firms are a part of the segment; without this row their sum counts"
            errors.append(Problem(place.file, place.row, "value", wrong, right))
        elif own["value"] < own["value_stated"] * (1 - _ROUNDED):
            wrong = f"firms of {of} account for {own['value']:.4g} of the {own['value_stated']:.4g} that are stated"
            said.append(Problem(place.file, place.row, "value", wrong, "what is stated counts; are firms missing?"))
    there = set(stated[key].itertuples(index=False, name=None))
    new = [at not in there for at in rows[key].itertuples(index=False, name=None)]
    return rows[new], errors, said


def _left_out(name: str, given: pd.Series, shares: pd.DataFrame, period: str) -> list[Problem]:
    """Money of firms that no segment gets."""
    part = shares.groupby("firm")["value"].sum().reindex(given.index).fillna(0.0)
    left = (given * (1 - part))[lambda money: money > _SUM * given.sum()]
    if not len(left):
        return []
    firms = first_of([f"{firm} {money:.4g}" for firm, money in left.items()], _TOLD)
    wrong = f"{left.sum():.4g} of the {given.sum():.4g} that firms got in {period} go to no segment: {firms}"
    right = "shares below 1 say that the rest is other business; a firm without rows has none here"
    return [Problem(f"{name}/{TABLES['firm_segments'].file}", 0, "value", wrong, right)]
