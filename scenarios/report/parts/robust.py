"""The robust answer beside the nominal one: who gets the money, and risk as expected and in the worst case."""

import pandas as pd

from chains.tables.problems import listed
from scenarios.report.charts import tier_chart
from scenarios.report.drawing import LEAST, ROBUST, bars, chart
from scenarios.report.figures import amount, money, points, share
from scenarios.report.naming import SAME_MONEY, money_unit, segment_label
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["sure"]

_NAMES = {"observed": "observed", "optimal": "least risk", "robust": "robust"}


def sure(case: StoredCase) -> list[Part]:
    """Who gets the money, and what that does to risk."""
    return [_allocation(case), _risks(case)]


def _allocation(case: StoredCase) -> Part:
    found = case.answers["robust"]
    given = {**case.optimize["tiers"], "robust": found["tiers"]}
    tiers = pd.DataFrame({name: given[key] for key, name in _NAMES.items()})
    return Part(
        f"{case.name}-robust-tiers",
        "Robust: who gets the money if the worst must be faced",
        f"The robust allocation has the least risk in the worst case with {_doubts(case)}.{_low(case)}",
        tiers.map(amount),
        tier_chart(case, tiers),
        finding=_moved(case, tiers),
    )


def _moved(case: StoredCase, tiers: pd.DataFrame) -> str:
    """The tier that gets most more than in the least-risk allocation, where one does."""
    robust, least = tiers["robust"].to_dict(), tiers["least risk"].to_dict()
    tier = max(robust, key=lambda name: robust[name] - least[name])
    if robust[tier] - least[tier] <= SAME_MONEY * sum(robust.values()):
        return "No tier gets more if the worst must be faced"
    given = f"{money(robust[tier], money_unit(case))} instead of {amount(least[tier])}"
    return f"If the worst must be faced, {tier} gets {given}"


def _risks(case: StoredCase) -> Part:
    found = case.answers["robust"]
    rows = {name: found["risk"][key] for key, name in _NAMES.items()}
    names = list(rows)
    traces = [
        bars(words, style, x=names, y=[100 * rows[name][kind] for name in names])
        for words, kind, style in (("as expected", "nominal", LEAST), ("worst case", "worst_case", ROBUST))
    ]
    ended = "" if found["exact"] else f" Worst cases are proven to within {100 * found['gap']:.2g} points only."
    return Part(
        f"{case.name}-robust-risk",
        "Robust: risk as expected and in the worst case",
        f"At worst, risk is {share(rows['least risk']['worst_case'])} of final demand in the least-risk allocation and "
        f"{share(rows['robust']['worst_case'])} in the robust one. That protection of {points(found['protection'])} "
        f"costs {points(found['price'])} if all is as expected.{ended}",
        pd.DataFrame(rows)
        .T.rename(columns={"nominal": "as expected", "worst_case": "worst case"})
        .map(lambda risk: share(risk, 2)),
        chart(traces, "allocation", "risk (% of final demand)"),
        finding=f"Protection of {points(found['protection'])} in the worst case costs {points(found['price'])}",
    )


def _doubts(case: StoredCase) -> str:
    """What is in doubt."""
    found = case.answers["robust"]
    doubts = []
    if found["ambiguity"]:
        doubts.append(f"{share(found['ambiguity'], 0)} of probability anywhere else")
    if found["slope_budget"]:
        doubts.append(f"up to {found['slope_budget']} responses to money at their low")
    return " and ".join(doubts)


def _low(case: StoredCase) -> str:
    """Which responses are low in the worst case."""
    segments = case.answers["robust"]["worst"]["low_slopes"]
    names = [segment_label(case, segment) for segment in segments]
    return f" Low are then the responses of {listed(names)}." if names else ""
