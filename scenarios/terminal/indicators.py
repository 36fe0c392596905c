"""Indicators on a terminal."""

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from chains.tables.problems import listed
from scenarios.asking.indicators import Indicators
from scenarios.terminal.firms import firm_views
from scenarios.terminal.table import Table
from scenarios.terminal.tables import number_table

__all__ = ["sentence", "view"]

_DEPENDENCE = ("herfindahl", "core_dependency")
_WORDS = ("import", "reliance", "trade_", "eu_cdi")


def view(chain: Chain, found: Indicators) -> Group:
    """Indicators by segment under one definition of domestic, and how a ranking moves with the definition."""
    parts: list[Table | Text] = [Text(sentence(chain, found), style="bold")]
    known = found.values.dropna(axis="columns", how="all")
    dependence = [name for name in known.columns if name in _DEPENDENCE or any(word in name for word in _WORDS)]
    position = [name for name in known.columns if name not in dependence]
    parts += [
        _indicators(f"{title}, domestic by {found.definition}", known[columns])
        for title, columns in (("Import dependence", dependence), ("Position in the chain", position))
    ]
    title = f"Rank by {found.ranking} under each definition of domestic"
    moved = number_table(title, ["segment"], list(found.ranks.columns), goes_on=True)
    for segment, row in found.ranks.iterrows():
        moved.add_row(str(segment), *("-" if pd.isna(rank) else f"{rank:g}" for rank in row))
    return Group(*parts, moved, *_published(found), *firm_views(chain))


def sentence(chain: Chain, found: Indicators) -> str:
    """Who stands first by the indicator that is ranked, and under how many definitions of domestic."""
    ranks = found.ranks
    here = ranks[found.definition].dropna()
    first = sorted(str(segment) for segment in here[here == here.min()].index)
    said = f"{chain.name}: by {found.ranking.replace('_', ' ')}, domestic by {found.definition}, "
    if not first:
        return f"{said}no segment has a rank."
    return f"{said}{listed(first)} {'stands' if len(first) == 1 else 'stand'} first of {len(here)} segments."


def _indicators(title: str, values: pd.DataFrame) -> Table:
    table = number_table(title, ["segment"], [str(name).replace("_", " ") for name in values.columns], goes_on=True)
    for segment, row in values.iterrows():
        table.add_row(str(segment), *("-" if pd.isna(value) else f"{value:.3g}" for value in row))
    return table


def _published(found: Indicators) -> list[Table]:
    """Rates and bottlenecks published on segments of the chain, beside import dependence; none where there are none."""
    tables = []
    if len(found.rates):
        title = "Published rates of home supply and targets, each by its own definition"
        words = ["segments", "product", "year", "kind", "rate", "definition"]
        prose = ["segments", "product", "kind", "definition"]
        rates = number_table(title, words, [], prose=prose, less=["definition", "kind"])
        for row in found.rates.sort_values(["segments", "year"], kind="stable").to_dict("records"):
            sign = {"equals": "", "above": "> ", "below": "< "}[row["relation"]]
            shown = f"{sign}{row['value']:g}%"
            rates.add_row(row["segments"], row["product"], f"{row['year']:g}", row["kind"], shown, row["definition"])
        tables.append(rates)
    if len(found.bottlenecks):
        title = "Of the 35 bottleneck technologies of 2018"
        bottlenecks = number_table(
            title,
            ["segments", "technology", "status", "why"],
            [],
            prose=["segments", "technology", "why"],
            less=["why"],
        )
        for row in found.bottlenecks.to_dict("records"):
            bottlenecks.add_row(row["segments"], row["technology"], row["status"], row["why"])
        tables.append(bottlenecks)
    return tables
