"""What each segment gets in any allocation of least risk."""

import pandas as pd

from scenarios.report.drawing import LEAST, NONE, bars, chart
from scenarios.report.figures import amount
from scenarios.report.naming import folded, money_unit, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]


def more(case: StoredCase) -> list[Part]:
    """The least and the most of each segment."""
    found = case.answers["ranges"]
    labels = [segment_label(case, segment) for segment in found["ranges"]]
    table = pd.DataFrame(list(found["ranges"].values()), columns=["least", "most"], index=labels)
    names = [folded(label) for label in labels]
    drawn = [
        bars(name, style, x=list(table[name]), y=names, orientation="h")
        for name, style in (("most", NONE), ("least", LEAST))
    ]
    figure = chart(drawn, f"money ({money_unit(case)})", "", 120 + 40 * len(labels))
    words = (
        "One allocation alone has the least risk." if found["unique"] else "Several allocations have the least risk."
    )
    return [
        Part(f"{case.name}-ranges", "What every least-risk allocation gives", words, table.map(amount), figure),
    ]
