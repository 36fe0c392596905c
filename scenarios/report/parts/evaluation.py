"""The risk of one allocation: what is lost in which scenario."""

import pandas as pd

from scenarios.report.drawing import LEAST, bars, chart
from scenarios.report.figures import share
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]


def more(case: StoredCase) -> list[Part]:
    """Loss by scenario."""
    found = case.answers["evaluate"]
    losses = pd.Series(found["loss"], dtype=float).drop("calm").sort_values()
    names = [name.replace("_", " ") for name in losses.index]
    drawn = bars("loss", LEAST, x=[100 * loss for loss in losses], y=names, orientation="h")
    return [
        Part(
            f"{case.name}-loss",
            "Loss by disruption scenario",
            f"Risk is {share(found['risk'], 2)} of final demand.",
            pd.DataFrame({"loss": [share(loss, 2) for loss in losses]}, index=names),
            chart([drawn], "loss (% of final demand)", "", 110 + 32 * len(names)),
        )
    ]
