"""A self-sufficiency target, and the cost of each, on a terminal."""

import pandas as pd
from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize import CostCurve, SelfSufficiency
from optimize.solving.unreachable import in_percent
from scenarios.asking.self_sufficiency import Targets
from scenarios.terminal.tables import certified, number_table, percent

__all__ = ["view"]


def view(chain: Chain, found: Targets) -> Group:
    """The plan that reaches the target, and the cost of each, as far as they were asked for."""
    plan = [] if found.plan is None else [_plan(chain, found.plan)]
    return Group(*plan, *([] if found.curve is None else [_curve(chain, found.curve)]))


def _plan(chain: Chain, found: SelfSufficiency) -> Group:
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


def _curve(chain: Chain, found: CostCurve) -> Group:
    """The least budget of every target that can be reached."""
    table = number_table(f"Least budget of a target, domestic by {found.definition}", ["target"], [chain.money_unit])
    for target, cost in found.costs.items():
        said = "largest" if target == found.largest else f"{float(str(target)):.6g}"
        table.add_row(said, f"{cost:.4f}")
    return Group(Text(_largest(found), style="bold"), table, certified(found))


def _largest(found: SelfSufficiency | CostCurve) -> str:
    return f"The largest target that can be reached is {in_percent(found.largest)}."
