"""Answers to further questions as tables on a terminal."""

import pandas as pd
from rich.console import Group
from rich.table import Table
from rich.text import Text

from chains import Chain
from optimize import BreakEven, ChokePoints, CostCurve, Frontier, Priorities, Ranges, SelfSufficiency, WorstCuts
from optimize.solving.unreachable import in_percent
from scenarios.tables import certified, number_table, percent

__all__ = [
    "break_even_view",
    "choke_points_view",
    "cost_curve_view",
    "frontier_view",
    "indicators_view",
    "priorities_view",
    "ranges_view",
    "self_sufficiency_view",
    "unique_view",
]


def indicators_view(definition: str, values: pd.DataFrame, ranking: str, ranks: pd.DataFrame) -> Group:
    """Indicators by segment under one definition of domestic, and how a ranking moves with the definition."""
    known = values.dropna(axis="columns", how="all")
    dependence = [name for name in known.columns if "import" in name or name in ("herfindahl", "core_dependency")]
    position = [name for name in known.columns if name not in dependence]
    parts = [
        _indicators(f"{title}, domestic by {definition}", known[columns])
        for title, columns in (("Import dependence", dependence), ("Position in the chain", position))
    ]
    moved = number_table(f"Rank by {ranking} under each definition of domestic", ["segment"], list(ranks.columns))
    for segment, row in ranks.iterrows():
        moved.add_row(str(segment), *("-" if pd.isna(rank) else f"{rank:g}" for rank in row))
    return Group(*parts, moved)


def _indicators(title: str, values: pd.DataFrame) -> Table:
    table = number_table(title, ["segment"], [str(name).replace("_", " ") for name in values.columns])
    for segment, row in values.iterrows():
        table.add_row(str(segment), *("-" if pd.isna(value) else f"{value:.3g}" for value in row))
    return table


def frontier_view(chain: Chain, found: Frontier) -> Group:
    """Least risk against the budget."""
    unit = chain.money_unit
    table = number_table(
        "Least risk against the budget",
        [],
        [f"budget ({unit})", "least risk", f"points per {unit} below", f"points per {unit} above"],
    )
    for row in found.breakpoints.to_dict(orient="records"):
        slopes = ("-" if pd.isna(row[side]) else f"{100 * row[side]:+.4f}" for side in ("slope_left", "slope_right"))
        table.add_row(f"{row['budget']:.4f}", percent(row["risk"]), *slopes)
    beyond = found.useless_beyond
    said = "More money lowers risk up to the last budget shown." if beyond is None else ""
    said = said or f"Beyond {beyond:.4g} {unit} money buys nothing."
    kind = "every breakpoint exact" if found.exact else f"certified to {found.gap:.2g} of final demand"
    return Group(Text(f"{said} {len(found.breakpoints)} points, {kind}.", style="bold"), table, certified(found))


def break_even_view(chain: Chain, found: BreakEven) -> Group:
    """What would have to be true."""
    sentence = found.words[0].upper() + found.words[1:] + "."
    table = number_table(
        "Moving 1% of the budget", [], ["factor", f"fall in risk (points per {chain.money_unit} moved)"]
    )
    shown = found.curve[[0.1 <= factor <= 10 for factor in found.curve.index]]
    for factor, fall in shown.iloc[:: max(len(shown) // 15, 1)].items():
        table.add_row(f"{float(str(factor)):.3g}", f"{100 * fall:+.4f}")
    return Group(Text(sentence, style="bold"), table, certified(found))


def priorities_view(chain: Chain, found: Priorities) -> Group:
    """Which weights of goals the observed allocation is consistent with."""
    table = number_table(
        "Weights with which the observed allocation is least suboptimal",
        ["goal"],
        ["least weight", "most weight", "reached of the best"],
    )
    for goal, row in found.weights.iterrows():
        reached = f"{found.scaled[str(goal)]:.0%}"
        table.add_row(str(goal), f"{row['least']:.3f}", f"{row['most']:.3f}", reached)
    sentence = (
        f"{chain.name}: least relative gap {found.gap:.1%}; {found.as_consistent} of {len(found.random)} random "
        f"allocations of the same budget are at least as consistent ({found.share:.0%})."
    )
    dropped = f"The budget cannot raise: {', '.join(found.dropped)}." if found.dropped else ""
    return Group(Text(sentence, style="bold"), table, Text(found.caution), Text(dropped), certified(found))


def choke_points_view(found: ChokePoints, worst: WorstCuts | None, rows: int = 20) -> Group:
    """The worst single cuts, and the worst set of cuts if it was asked for."""
    title = f"Loss when cut off completely (the worst {min(rows, len(found.single))} of {len(found.single)})"
    table = number_table(title, ["kind", "country or owner", "segment"], ["observed", "least risk"])
    for row in found.single.head(rows).to_dict(orient="records"):
        losses = (percent(row["loss_observed"]), percent(row["loss_least_risk"]))
        table.add_row(row["kind"], row["country"] or row["owner"], row["segment"], *losses)
    parts: list[Table | Text] = [table]
    if worst is not None:
        cuts = ", ".join(str(cut) for cut in worst.cuts)
        tied = "" if worst.unique else " Other sets are as bad."
        said = f"The worst {worst.n} {worst.over}: {cuts}; loss {percent(worst.loss)}.{tied}"
        parts.append(Text(said, style="bold"))
    return Group(*parts, certified(found))


def ranges_view(chain: Chain, found: Ranges) -> Group:
    """What each segment gets in any least-risk allocation."""
    title = f"Least and most in any least-risk allocation ({chain.money_unit})"
    table = number_table(title, ["segment"], ["least", "most"])
    for segment, row in found.amounts.iterrows():
        table.add_row(str(segment), f"{row['least']:.4f}", f"{row['most']:.4f}")
    return Group(table, unique_view(found))


def unique_view(found: Ranges) -> Text:
    """Whether the least-risk allocation is proven to be the only one."""
    if found.unique:
        return Text("The least-risk allocation is unique.")
    return Text("Other allocations are as good, or as good to 1e-9 of final demand: see --ranges.")


def self_sufficiency_view(chain: Chain, found: SelfSufficiency) -> Group:
    """What a target costs, where the money goes, and what that does to risk."""
    unit = chain.money_unit
    times = "" if pd.isna(found.factor) else f", {found.factor:.2f} times the observed budget"
    sentence = (
        f"{chain.name}: a self-sufficiency of {found.target:.6g} (domestic by {found.definition}) costs at least "
        f"{found.cost:.4g} {unit}{times}. {_largest(found)}"
    )
    table = number_table(
        f"Cheapest plan ({unit}), and domestic share of use",
        ["segment", "target"],
        ["observed", "least cost", "share today", "reached"],
    )
    for segment, row in found.segments.iterrows():
        shares = ("-" if pd.isna(row[name]) else percent(row[name]) for name in ("share_today", "share_reached"))
        asked = "yes" if row["chosen"] else ""
        table.add_row(str(segment), asked, f"{row['observed']:.4f}", f"{row['least_cost']:.4f}", *shares)
    table.add_section()
    for tier, row in found.tiers.iterrows():
        table.add_row(f"all {tier}", "", f"{row['observed']:.4f}", f"{row['least_cost']:.4f}", "", "")
    risks = number_table("What it does to risk", ["allocation"], [f"budget ({unit})", "risk"])
    for words, solution, risk in (
        ("no subsidy", found.none, found.none.risk),
        ("observed", found.observed, found.observed.risk),
        ("cheapest plan of the target", found.planned, found.planned.risk),
        ("least risk for the same money", found.least_risk, found.risk),
    ):
        risks.add_row(words, f"{solution.allocation.to_numpy().sum():.4f}", percent(risk))
    return Group(Text(sentence, style="bold"), table, risks, certified(found))


def cost_curve_view(chain: Chain, found: CostCurve) -> Group:
    """The least budget of every target that can be reached."""
    table = number_table(f"Least budget of a target, domestic by {found.definition}", ["target"], [chain.money_unit])
    for target, cost in found.costs.items():
        said = "largest" if target == found.largest else f"{float(str(target)):.6g}"
        table.add_row(said, f"{cost:.4f}")
    return Group(Text(_largest(found), style="bold"), table, certified(found))


def _largest(found: SelfSufficiency | CostCurve) -> str:
    return f"The largest target that can be reached is {in_percent(found.largest)}."
