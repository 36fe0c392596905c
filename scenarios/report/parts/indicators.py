"""Import dependence by segment under each definition of domestic."""

import pandas as pd

from scenarios.report.drawing import TIER_STYLES, bars, chart
from scenarios.report.figures import share
from scenarios.report.naming import folded, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]

SHOWN = "import_share"
"""The indicator that is drawn: the share of what is used that is imported."""


def more(case: StoredCase) -> list[Part]:
    """Import share by segment."""
    found = case.answers["indicators"]["indicators"]
    shares = pd.DataFrame({name: {seg: own[SHOWN] for seg, own in rows.items()} for name, rows in found.items()})
    shares.index = pd.Index([segment_label(case, str(segment)) for segment in shares.index])
    labels = [folded(label) for label in shares.index]
    drawn = [
        bars(f"domestic by {name}", style, x=[100 * own for own in shares[name]], y=labels, orientation="h")
        for name, style in zip(shares.columns, TIER_STYLES.values(), strict=False)
    ]
    figure = chart(drawn, "import share (% of what is used)", "", 120 + 52 * len(shares))
    words = "Share of what each segment's users take that comes from abroad."
    return [Part(f"{case.name}-imports", "Import share by segment", words, shares.map(share), figure)]
