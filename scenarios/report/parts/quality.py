"""How good the numbers are: which of them move the answer, and whether these are evidence or judgement."""

from functools import partial

import pandas as pd

from chains.tables.schema import STATUSES
from optimize.sampling.quality import ALL
from scenarios.documents.quality import in_words
from scenarios.report.drawing import INK, LEAST, OBSERVED, Style, bars, chart
from scenarios.report.naming import figure_label, folded
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["sure"]

_SHOWN = 12
_STYLES = dict(zip(STATUSES, (LEAST, Style("#009e73", ".", "dot", "triangle-up"), OBSERVED), strict=True))


def sure(case: StoredCase) -> list[Part]:
    """The numbers that move the answer most, by what is known of them."""
    found = case.answers["quality"]
    numbers = [one for one in found["numbers"] if one["effect"]]
    top = numbers[:_SHOWN][::-1]
    names = [folded(figure_label(case, one["factor"]), 30) for one in top]
    traces = []
    for status, style in _STYLES.items():
        mine = [(name, one) for name, one in zip(names, top, strict=True) if one["status"] == status]
        if mine:
            whiskers = {"type": "data", "array": [100 * (one["conf"] or 0.0) for _, one in mine], "color": INK}
            x = [100 * one["effect"] for _, one in mine]
            traces.append(bars(status, style, y=[name for name, _ in mine], x=x, error_x=whiskers, orientation="h"))
    figure = chart(traces, f"mean effect on {found['outcome'].replace('_', ' ')} (points)", "", 120 + 36 * len(top))
    figure.update_layout(barmode="overlay").update_yaxes(categoryorder="array", categoryarray=names)
    shares = [
        {"package": package, **{s: "-" if of[s] is None else f"{100 * of[s]:.0f}%" for s in STATUSES}}
        for package, of in found["weighted"].items()
        if package != ALL or len(found["weighted"]) > 2
    ]
    rows = [
        {
            "share of effects": f"{100 * one['share']:.1f}%",
            "status": one["status"],
            "low to high": f"{one['low']:.4g} to {one['high']:.4g}",
            "source": one["source"],
            "citation": one["citation"],
            "note": one["note"],
        }
        for one in numbers
    ]
    table = pd.DataFrame(rows, index=pd.Index([figure_label(case, one["factor"]) for one in numbers], name="figure"))
    weights = pd.DataFrame(shares).set_index("package")
    return [
        Part(
            f"{case.name}-quality",
            "How good the numbers are",
            in_words(found, partial(figure_label, case)),
            table,
            figure if top else None,
            True,
        ),
        Part(
            f"{case.name}-quality-shares",
            "How good the numbers are, by package",
            "Share of all that moves the answer which is reported, derived and assumed.",
            weights,
        ),
    ]
