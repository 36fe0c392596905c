"""The reallocation curve in a report."""

import pandas as pd

from scenarios.report.charts import (
    gain_chart,
)
from scenarios.report.figures import points, share
from scenarios.report.naming import NOTHING
from scenarios.report.part import Part
from scenarios.report.words import fall_in_words
from scenarios.storing import StoredCase

__all__ = ["money"]


def money(case: StoredCase) -> list[Part]:
    """The curve between the tiers that the study names."""
    return [_part(case)]


def _part(case: StoredCase) -> Part:
    gain = case.answers["gain"]
    peak, funds = gain["peak"], f"{gain['from']} funds to {gain['to']}, pro rata,"
    curve = pd.DataFrame({"share moved": gain["shares"], "points": [100 * fall for fall in gain["gain"]]})
    return Part(
        f"{case.name}-gain",
        f"What moving money from {gain['from']} to {gain['to']} brings",
        fall_in_words(case),
        curve.map(lambda number: f"{number:.3g}").set_index("share moved"),
        gain_chart(case) if peak["gain"] > NOTHING else None,
        finding=f"Moving {share(peak['share'], 0)} of {funds} does most: {points(peak['gain'])}"
        if peak["gain"] > NOTHING
        else f"Moving {funds} brings nothing",
    )
