"""The allocation that is best against the worst cuts: what it loses to them, and what that insurance costs."""

from typing import Any

import pandas as pd

from scenarios.documents.against import in_words, worst_of
from scenarios.report.charts import tier_chart
from scenarios.report.drawing import LEAST, NONE, ROBUST, bars, chart
from scenarios.report.figures import amount, share
from scenarios.report.naming import country_name, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["more"]

_NAMES = {"observed": "observed", "least_risk": "least risk", "optimal": "insured"}


def more(case: StoredCase) -> list[Part]:
    """Worst loss and risk of three allocations, and who gets the money."""
    return [_losses(case), _tiers(case)]


def _losses(case: StoredCase) -> Part:
    found = case.answers["against"]
    rows = {
        "worst loss": {name: found["worst_loss"][key] for key, name in _NAMES.items()},
        "risk": {name: found["risk"][key] for key, name in _NAMES.items()},
        "expected loss": {name: found["expected_loss"][key] for key, name in _NAMES.items()},
    }
    traces = [
        bars(measure, style, x=list(losses), y=[100 * loss for loss in losses.values()])
        for (measure, losses), style in zip(rows.items(), (ROBUST, LEAST, NONE), strict=True)
    ]
    table = pd.DataFrame(rows).map(lambda loss: share(loss, 2))
    table["worst cuts"] = [" and ".join(_cut(case, cut) for cut in found["worst_cuts"][key]) for key in _NAMES]
    return Part(
        f"{case.name}-against",
        f"Insurance against {worst_of(found)}",
        in_words(found, lambda cut: _cut(case, cut)),
        table,
        chart(traces, "allocation", "share of final demand (%)"),
    )


def _tiers(case: StoredCase) -> Part:
    found = case.answers["against"]
    tiers = pd.DataFrame({name: found["tiers"][key] for key, name in _NAMES.items()})
    return Part(
        f"{case.name}-against-tiers",
        "Insurance: who gets the money",
        "Of all allocations with the least worst loss the insured one has the least risk on the probabilities, and of "
        "several such it is the nearest to the observed one.",
        tiers.map(amount),
        tier_chart(case, tiers),
    )


def _cut(case: StoredCase, cut: Any) -> str:
    """A country, or a segment's supply from a country, in words."""
    if isinstance(cut, str):
        return _place(cut)
    segment, country = cut
    return f"{segment_label(case, segment)} from {_place(country)}"


def _place(country: str) -> str:
    return country_name(country) if country != "ROW" else "rest of the world"
