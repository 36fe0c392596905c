"""The parts of a report that answer further questions: budget, break-even, choke points, priorities, definitions."""

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from chains.tables.definitions import DEFINITIONS, HYBRID
from scenarios.report.drawing import INK, LEAST, OBSERVED, bars, chart
from scenarios.report.naming import amount, country_name, folded, money_unit, segment_label, share
from scenarios.report.part import Part
from scenarios.storing import StoredCase

__all__ = ["question_parts"]

_SHOWN = 12


def question_parts(case: StoredCase) -> list[Part]:
    """The parts on what more money brings, what would have to be true, what hurts most and how sure the answer is."""
    makers: dict[str, tuple[Callable[[StoredCase], Part], set[str]]] = {
        "break-even": (_break_even, set()),
        "definitions": (_definitions, {"indicators", "ranges"}),
        "frontier": (_frontier, set()),
        "choke-points": (_choke_points, set()),
        "priorities": (_priorities, set()),
    }
    return [make(case) for question, (make, needs) in makers.items() if {question, *needs} <= set(case.answers)]


def _frontier(case: StoredCase) -> Part:
    found, unit = case.answers["frontier"], money_unit(case)
    budgets, risks = zip(*found["breakpoints"], strict=True)
    observed = sum(case.optimize["budget"].values())
    line = go.Scatter(
        x=budgets, y=[100 * risk for risk in risks], mode="lines", name="least risk", line={"color": LEAST.colour}
    )
    now = go.Scatter(
        x=[observed],
        y=[100 * case.optimize["risk"]["optimal"]],
        mode="markers",
        name=f"observed budget {amount(observed)}",
        marker={"size": 12, "symbol": "diamond", "color": OBSERVED.colour, "line": {"color": INK, "width": 1}},
    )
    table = pd.DataFrame({"least risk": [share(risk, 2) for risk in risks]}, index=[amount(b) for b in budgets])
    kind = "each exact" if found["exact"] else f"certified to {found['gap']:.1g} of final demand"
    beyond = found["useless_beyond"]
    said = "" if beyond is None else f" Beyond {amount(beyond)} {unit} money buys nothing."
    return Part(
        f"{case.name}-frontier",
        "What more or less money would bring",
        f"Least risk against the budget has {len(budgets)} breakpoints, {kind}.{said}",
        table.rename_axis(f"budget ({unit})"),
        chart([line, now], f"budget ({unit})", "least risk (% of final demand)"),
    )


def _break_even(case: StoredCase) -> Part:
    found = case.answers["break-even"]
    near = [(factor, fall) for factor, fall in found["curve"] if 0.01 <= factor <= 100]
    line = go.Scatter(x=[f for f, _ in near], y=[100 * fall for _, fall in near], mode="lines", name="fall in risk")
    figure = chart(
        [line.update(line={"color": LEAST.colour})],
        f"factor on how well {found['on']} money works (log scale)",
        f"points per {money_unit(case)} moved",
    )
    figure.update_xaxes(type="log", dtick=1)
    figure.add_hline(y=0, line={"color": INK, "width": 1})
    shown = near[:: max(len(near) // 20, 1)]
    return Part(
        f"{case.name}-break-even",
        "What would have to be true",
        f"{found['words'][0].upper()}{found['words'][1:]}. As assumed, moving 1% of the budget from {found['from']} to "
        f"{found['to']} changes risk by {-100 * found['at_one']:+.3g} points per {money_unit(case)} moved. "
        f"{_evidence(case)}",
        pd.DataFrame({"points": [f"{100 * fall:.4g}" for _, fall in shown]}, index=[f"{f:.3g}" for f, _ in shown]),
        figure,
    )


def _evidence(case: StoredCase) -> str:
    """What the packages say of how well money works: the notes of their response slopes, each once."""
    response = case.chain.table("response")
    notes = response.loc[response["parameter"] == "slope", "note"].drop_duplicates()
    said = " ".join(f"{note.rstrip('.')}." for note in notes if note)
    return f"The evidence on that assumption: {said}" if said else "The packages give no evidence on that assumption."


def _choke_points(case: StoredCase) -> Part:
    found = case.answers["choke-points"]
    single = pd.DataFrame(found["single"])
    labels = [_cut(case, row) for row in found["single"]]
    top = single.head(_SHOWN).iloc[::-1]
    names = labels[: len(top)][::-1]
    figure = chart(
        [
            bars("least risk", LEAST, x=list(100 * top["loss_least_risk"]), y=names, orientation="h"),
            bars("observed", OBSERVED, x=list(100 * top["loss"]), y=names, orientation="h"),
        ],
        "loss (% of final demand)",
        "",
        110 + 44 * len(top),
    ).update_layout(legend_traceorder="reversed")
    worst = found["worst"]
    cut = " and ".join(country_name(country) for country in worst["cuts"])
    losses = {"observed": single["loss"], "least risk": single["loss_least_risk"]}
    table = pd.DataFrame({name: loss.map(lambda value: share(value, 2)) for name, loss in losses.items()})
    return Part(
        f"{case.name}-choke",
        "Choke points: what is lost when one is cut off completely",
        f"Cut off entirely, {labels[0].replace('<br>', ' ')} costs most, {share(single['loss'].iloc[0])} of final "
        f"demand. The worst pair of countries is {cut}: {share(worst['loss'])}, found exactly.",
        table.set_axis([label.replace("<br>", " ") for label in labels], axis=0),
        figure,
    )


def _cut(case: StoredCase, row: dict[str, str]) -> str:
    if row["kind"] == "owner":
        return folded(f"owners in {country_name(row['owner'])}" if row["owner"] != HYBRID else "hybrid firms")
    place = country_name(row["country"]) if row["country"] != "ROW" else "rest of the world"
    return folded(f"{place}: {segment_label(case, row['segment'])}" if row["segment"] else f"all from {place}")


def _priorities(case: StoredCase) -> Part:
    found = case.answers["priorities"]
    goals = list(found["weights"])
    least = [found["weights"][goal][0] for goal in goals]
    most = [found["weights"][goal][1] for goal in goals]
    names = [folded(goal.replace("_", " ")) for goal in goals]
    middle = [(low + high) / 2 for low, high in zip(least, most, strict=True)]
    spread = [(high - low) / 2 for low, high in zip(least, most, strict=True)]
    dots = go.Scatter(
        x=middle,
        y=names,
        mode="markers",
        name="weight (interval)",
        marker={"size": 11, "color": LEAST.colour},
        error_x={"type": "data", "array": spread, "width": 8},
    )
    reached = [found["scaled"][goal] for goal in goals]
    random = found["random"]
    return Part(
        f"{case.name}-priorities",
        "Which priorities the observed allocation is consistent with",
        f"Least relative gap {share(found['gap'])}; {random['as_consistent']} of {random['count']} random allocations "
        f"of the same budget are at least as consistent with some weights. Caution: {found['caution']}.",
        pd.DataFrame(
            {
                "least weight": [f"{weight:.3f}" for weight in least],
                "most weight": [f"{weight:.3f}" for weight in most],
                "reached of the best": [f"{part:.0%}" for part in reached],
            },
            index=[goal.replace("_", " ") for goal in goals],
        ),
        chart([dots], "weight of the goal (0 to 1)", "").update_xaxes(range=[-0.05, 1.05]),
    )


def _definitions(case: StoredCase) -> Part:
    found = pd.DataFrame(case.answers["definitions"]).T
    ranks = pd.DataFrame(case.answers["indicators"]["ranking"]["ranks"]).T
    moved = str(ranks["moves"].idxmax())
    low, high = (100 * found[f"upstream {end}"] for end in ("least", "most"))
    middle, spread = list((low + high) / 2), list((high - low) / 2)
    dots = go.Scatter(
        x=list(found.index),
        y=middle,
        mode="markers",
        name="upstream share at least risk (interval)",
        marker={"size": 11, "color": LEAST.colour},
        error_y={"type": "data", "array": spread, "width": 8},
    )
    table = found.map(lambda part: share(part))
    unique = "unique" if case.answers["ranges"]["unique"] else "one of several equally good ones"
    return Part(
        f"{case.name}-definitions",
        "How sure: who counts as domestic",
        f"The least-risk allocation is {unique}. Upstream gets {_span(low, high)} of the budget in any least-risk "
        f"allocation, under all of {', '.join(DEFINITIONS)}: plants at home that are not domestic share the "
        f"disruptions of their owner's country. By import share, {segment_label(case, moved)} moves most in rank with "
        f"the definition, by {float(ranks['moves'].max()):.0f}.",
        table,
        chart([dots], "definition of domestic", "share of the budget (%)").update_yaxes(range=[0, 105]),
    )


def _span(low: pd.Series, high: pd.Series) -> str:
    least, most = float(low.min()), float(high.max())
    return f"{most:.0f}%" if most - least < 1 else f"{least:.0f}% to {most:.0f}%"
