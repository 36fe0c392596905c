"""Turning points on a terminal."""

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize.questions.turning_points import Map, TurningPoints
from scenarios.documents.turning_points import between, words
from scenarios.terminal.table import Table
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]


def view(chain: Chain, found: TurningPoints) -> Group:
    """The answer in words, the points, what was searched, and the map if one was asked for."""
    parts: list[Table | Text] = [Text(sentence(chain, found), style="bold")]
    if found.points:
        parts.append(_points(found))
    if found.searched:
        parts.append(_searched(found))
    if found.map is not None:
        parts.append(_map(found.map))
    return Group(*parts, certified(found))


def sentence(chain: Chain, found: TurningPoints) -> str:
    """Who leads as the package stands, and where the nearest turns are."""
    return f"{chain.name}: {words(found)}"


def _points(found: TurningPoints) -> Table:
    units = {each.number.name: each.number.unit for each in found.searched}
    table = number_table(
        "Where another tier gets the most money (shares of the money spent, upstream / midstream / downstream)",
        ["number"],
        ["at", "turns from", "to", "a tie from", "shares before (%)", "shares after (%)"],
        less=["shares before (%)", "shares after (%)", "a tie from"],
    )
    for point in found.points:
        unit = units[point.number]
        at = f"{point.at:.3g} {_UNITS.get(unit, unit)}"
        tie = "" if point.tie is None else between(point.tie)
        shares = (_shares(point.before_shares), _shares(point.after_shares))
        table.add_row(point.number, at, point.before, point.after, tie, *shares)
    return table


_UNITS = {"factor": "times", "share": "of one", "probability": "of one"}


def _shares(shares: pd.Series) -> str:
    return " / ".join(f"{100 * share:.1f}" for share in shares)


def _searched(found: TurningPoints) -> Table:
    steps = ", ".join(sorted({str(each.steps) for each in found.searched}))
    title = f"What was searched, in {steps} steps, halved where a rival comes near; and who leads, from low to high"
    table = number_table(
        title, ["number", "unit", "who leads"], ["now", "over"], prose=["who leads"], less=["unit", "now"]
    )
    for each in found.searched:
        number = each.number
        leads = ", ".join(f"{lead.first or 'tie'} to {lead.end:.4g}" for lead in each.leads)
        table.add_row(number.name, number.unit, leads, f"{number.now:.4g}", f"{number.low:.4g} to {number.high:.4g}")
    return table


_LETTERS = {"upstream": "U", "midstream": "M", "downstream": "D", "tie": "=", "": "-"}


def _map(found: Map) -> Text:
    """Letters on a grid, the second number upwards: narrow enough for any terminal."""
    one, other = found.numbers
    firsts = found.leads.to_numpy().tolist()
    lines = [
        f"{value:8.4g}  {' '.join(_LETTERS[first] for first in row)}"
        for value, row in zip(found.leads.index, firsts, strict=True)
    ]
    values = found.leads.columns
    return Text(
        "\n".join(
            [
                f"Who leads over {other.name} (upwards, {other.unit}) and {one.name} (across, {one.unit}):",
                *lines[::-1],
                f"{'':8}  from {values[0]:.4g} to {values[-1]:.4g} in {len(values) - 1} steps",
                "U upstream, M midstream, D downstream, = tie, - not possible",
            ]
        )
    )
