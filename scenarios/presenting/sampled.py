"""Answers over draws, planners between two goals, a course of spending, a set of cuts: values of one table each."""

import pandas as pd

from chains.tables.schema import TIERS
from optimize import Course, Explanation, WorstCuts
from optimize.sampling.distribution import Distribution
from optimize.sampling.sensitivity import Screen, Shares
from optimize.sampling.tornado import Tornado
from scenarios.presenting.told import Charts, Told
from scenarios.report.drawing import LEAST, OBSERVED, TIER_STYLES, Style, bars, chart, lines
from scenarios.report.naming import folded
from scenarios.terminal.choke_points import worst_in_words
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.table import Table
from scenarios.terminal.tables import number_table

__all__ = ["SAMPLED", "of_sampled"]

SAMPLED = (Tornado, Screen, Shares, Distribution, Course, Explanation, WorstCuts)
Sampled = Tornado | Screen | Shares | Distribution | Course | Explanation | WorstCuts
_DRAWN = 12
"""Factors that a chart draws."""
_SIZES = {Tornado: ("at_low", "at_high"), Screen: ("mu_star",), Shares: ("S1", "ST")}
"""What is drawn of each factor."""


def of_sampled(value: Sampled) -> Told:
    """Such a value, told by its main table."""
    main = _main(value)
    main.attrs = {"units": _units(value, main)}
    return Told(_sentence(value), _table(main), lambda: _charts(value, main), lambda: {"main": main.reset_index()})


def _main(value: Sampled) -> pd.DataFrame:
    if isinstance(value, Course):
        return value.by_year.copy()
    if isinstance(value, Explanation):
        return value.mixtures.copy()
    if isinstance(value, WorstCuts):
        return pd.DataFrame({"cut": [str(cut) for cut in value.cuts]}, index=pd.RangeIndex(1, len(value.cuts) + 1))
    return (value.quantities if isinstance(value, Distribution) else value.table).copy()


def _units(value: Sampled, main: pd.DataFrame) -> dict[str, str]:
    if isinstance(value, Course):
        return dict.fromkeys(main.columns, "share of that year's final demand")
    if isinstance(value, Explanation):
        return {
            "weight": "weight on risk",
            **dict.fromkeys(TIERS, value.chain.money_unit),
            "moved": "share of the budget",
        }
    unit = "share of the outcome's variance" if isinstance(value, Shares) else "that of the outcome"
    own = {"low": "that of the factor", "high": "that of the factor"} if isinstance(value, Tornado) else {}
    numbers = main.select_dtypes("number").columns
    return {column: "draws" if column == "draws" else own.get(column, unit) for column in numbers}


def _sentence(value: Sampled) -> str:
    match value:
        case Course():
            years = value.by_year.index
            return f"spending over {years[0]} to {years[-1]} with a discounted risk of {percent(value.risk)}."
        case WorstCuts():
            return f"{value.chain.name}: {worst_in_words(value)}"
        case Explanation():
            return (
                f"of planners between output and risk, with the observed budget of "
                f"{amount(float(value.observed.sum()))} {value.chain.money_unit}, one with a weight of "
                f"{value.nearest[0]:.2f} on risk gives money most as it is observed."
            )
        case Distribution():
            median = value.quantities["estimate"].get(("regret", "median"), float("nan"))
            return (
                f"{value.draws} draws in {value.replicates} replicates; the median fall in risk by reallocating is "
                f"{percent(float(median))} of final demand; {value.without_solution:.0%} of draws have no solution."
            )
        case Tornado():
            return f"{value.outcome} is {value.base:.4g} with every number as it stands; {_first(value.table)}"
        case Screen():
            return f"a Morris screen of {value.trajectories} trajectories; {_first(value.table)}"
        case Shares():
            return f"Sobol' indices from {value.points} blocks of draws; {_first(value.table)}"


def _first(table: pd.DataFrame) -> str:
    return f"of {len(table)} numbers '{table.index[0]}' moves it most." if len(table) else "no number is uncertain."


def _table(main: pd.DataFrame) -> Table:
    shown = main.reset_index()
    words = [str(column) for column in shown.columns if not pd.api.types.is_float_dtype(shown[column])]
    numbers = [str(column) for column in shown.columns if str(column) not in words]
    table = number_table("", words, numbers)
    for row in shown[[*words, *numbers]].to_dict("records"):
        table.add_row(*(str(row[name]) for name in words), *(f"{row[name]:.4g}" for name in numbers))
    return table


def _charts(value: Sampled, main: pd.DataFrame) -> Charts:
    if isinstance(value, Course):
        risk = lines("risk", LEAST, list(main.index), [100 * risk for risk in main["risk"]])
        figure = chart([risk], "year", "risk (% of that year's final demand)")
        return {"risk": figure.update_xaxes(dtick=max(1, len(main) // 12), tickformat="d")}
    if isinstance(value, Explanation):
        drawn = [lines(tier, style, list(main.index), list(main[tier])) for tier, style in TIER_STYLES.items()]
        return {"main": chart(drawn, "weight on risk; the rest on output", f"money ({value.chain.money_unit})")}
    if isinstance(value, WorstCuts):
        return {}
    if isinstance(value, Distribution):
        shown = main["estimate"].unstack("quantity").dropna(axis="columns", how="all").T
        names = [str(name).replace("_", " ") for name in shown.index]
        drawn = [bars("mean", LEAST, x=[100 * own for own in shown.iloc[:, 0]], y=names, orientation="h")]
        return {"main": chart(drawn, f"{shown.columns[0]} (%)", "", 120 + 34 * len(shown))}
    first = main.head(_DRAWN)[::-1]
    names = [folded(str(name)) for name in first.index]
    styles: tuple[Style, ...] = (LEAST, OBSERVED)
    drawn = [
        bars(column.replace("_", " "), style, x=list(first[column]), y=names, orientation="h")
        for column, style in zip(_SIZES[type(value)], styles, strict=False)
    ]
    what = "share of the outcome's variance" if isinstance(value, Shares) else "outcome"
    return {"main": chart(drawn, what, "", 120 + 40 * len(first))}
