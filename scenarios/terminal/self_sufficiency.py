"""A self-sufficiency target, and the cost of each, on a terminal."""

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import CostCurve, SelfSufficiency
from optimize.solving.unreachable import in_percent
from scenarios.asking.self_sufficiency import Targets
from scenarios.terminal.figures import amount, percent
from scenarios.terminal.tables import certified, number_table

__all__ = ["sentence", "view"]


def view(chain: Chain, found: Targets) -> Group:
    """The plan that reaches the target, and the cost of each, as far as they were asked for."""
    plan = [] if found.plan is None else [_plan(chain, found.plan)]
    return Group(*plan, *([] if found.curve is None else [_curve(chain, found.curve)]))


def sentence(chain: Chain, found: Targets) -> str:
    """What the target costs, or how far the curve goes."""
    if found.plan is not None:
        return _costs(chain, found.plan)
    return f"{chain.name}: {_largest(found.curve)}" if found.curve is not None else f"{chain.name}: {found.reason}"


def _plan(chain: Chain, found: SelfSufficiency) -> Group:
    """What a target costs, where the money goes, and what that does to risk."""
    unit = chain.money_unit
    table = number_table(
        f"Cheapest plan ({unit}), and domestic share of use",
        ["segment", "target"],
        ["observed", "least cost", "share today", "reached"],
        less=["target"],
    )
    whole = max(found.cost, float(found.segments["observed"].sum()))
    for segment, row in found.segments.iterrows():
        shares = ("-" if pd.isna(row[name]) else percent(row[name]) for name in ("share_today", "share_reached"))
        asked = "yes" if row["chosen"] else ""
        table.add_row(str(segment), asked, amount(row["observed"], whole), amount(row["least_cost"], whole), *shares)
    table.add_section()
    for tier, row in found.tiers.iterrows():
        table.add_row(f"all {tier}", "", amount(row["observed"], whole), amount(row["least_cost"], whole), "", "")
    risks = number_table("What it does to risk", ["allocation"], [f"budget ({unit})", "risk"])
    for words, solution, risk in (
        ("no subsidy", found.none, found.none.risk),
        ("observed", found.observed, found.observed.risk),
        ("cheapest plan of the target", found.planned, found.planned.risk),
        ("least risk for the same money", found.least_risk, found.risk),
    ):
        risks.add_row(words, amount(solution.allocation.to_numpy().sum(), whole), percent(risk))
    return Group(Text(_costs(chain, found), style="bold"), table, risks, certified(found))


def _costs(chain: Chain, found: SelfSufficiency) -> str:
    times = "" if pd.isna(found.factor) else f", {found.factor:.3g} times the observed budget"
    return (
        f"{chain.name}: a self-sufficiency of {found.target:.6g} (domestic by {found.definition}) costs at least "
        f"{amount(found.cost)} {chain.money_unit}{times}. {_largest(found)}"
    )


def _curve(chain: Chain, found: CostCurve) -> Group:
    """The least budget of every target that can be reached."""
    table = number_table(f"Least budget of a target, domestic by {found.definition}", ["target"], [chain.money_unit])
    for target, cost in found.costs.items():
        said = "largest" if target == found.largest else f"{float(str(target)):.6g}"
        table.add_row(said, amount(cost, found.costs.max()))
    return Group(Text(_largest(found), style="bold"), table, certified(found))


def _largest(found: SelfSufficiency | CostCurve) -> str:
    return f"The largest target that can be reached is {in_percent(found.largest)}."
