"""Answers as tables on a terminal."""

from collections.abc import Sequence
from typing import Protocol

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from chains import Chain
from chains.tables.schema import TIERS
from optimize import Certificate, Gain, Result, Solution
from scenarios.finding import Finding

__all__ = [
    "certified",
    "evaluate_view",
    "finding_view",
    "gain_view",
    "number_table",
    "optimize_view",
    "percent",
    "validate_view",
]


def percent(value: float) -> str:
    """A share of final demand as a percentage with three significant digits or two decimals."""
    return f"{100 * value:.2f}%"


def optimize_view(result: Result) -> Group:
    """Risk, allocation, tiers and transfers of an optimisation."""
    chain = result.chain
    return Group(
        Text(optimize_sentence(result), style="bold"),
        _period(chain),
        _risks(result),
        _allocation(result),
        _losses(chain, {"none": result.none, "observed": result.observed, "least risk": result.optimal}),
        _transfers(result.transfer, chain.money_unit),
        certified(result),
    )


def optimize_sentence(result: Result) -> str:
    """The answer in one sentence."""
    fall = result.observed.risk - result.risk
    if fall <= 1e-9:
        return f"{result.chain.name}: no reallocation lowers risk below {percent(result.observed.risk)}."
    by_segment = result.observed.allocation.sum(axis=1)
    tiers = (result.tiers(result.observed), result.tiers(result.optimal))
    moved = (tiers[1] - tiers[0]).max() > 1e-6 * result.budget.sum()
    before, after = tiers if moved else (by_segment, result.allocation)
    gains = str((after - before).idxmax())
    return (
        f"{result.chain.name}: reallocating the budget lowers risk from {percent(result.observed.risk)} to "
        f"{percent(result.risk)} of final demand; {f'the {gains} tier' if moved else gains} gains most, from "
        f"{before[gains]:.4g} to {after[gains]:.4g} {result.chain.money_unit}."
    )


def evaluate_view(chain: Chain, solution: Solution) -> Group:
    """Risk and losses of one allocation."""
    risks = number_table("Risk of the allocation", [""], ["share of final demand"])
    for name in ("risk", "expected_loss", "cvar", "var"):
        risks.add_row(name.replace("_", " "), percent(getattr(solution, name)))
    return Group(risks, _losses(chain, {"loss": solution}), certified(solution))


def gain_view(chain: Chain, gain: Gain) -> Group:
    """The reallocation curve."""
    columns = ["share moved", f"money moved ({chain.money_unit})", "fall in risk (points)"]
    table = number_table("Reallocation curve", [], columns)
    for share, fall in gain.curve.items():
        moved = float(str(share))
        table.add_row(f"{moved:.0%}", f"{gain.funds * moved:.4f}", f"{100 * fall:.4f}")
    sentence = (
        f"Moving {gain.peak_share:.1%} of the {gain.giving} funds ({gain.funds * gain.peak_share:.4g} "
        f"{chain.money_unit}) to {gain.receiving} lowers risk most, by {100 * gain.peak_gain:.3f} points."
    )
    return Group(Text(sentence, style="bold"), table, certified(gain))


def finding_view(chain: Chain, finding: Finding) -> Group:
    """The finding: shape, explanation and claims."""
    shape = number_table("Shape: highest midstream?", ["chain", "indicator", "period"], [*TIERS, "p", "inverted U"])
    for found in finding.shapes:
        p = "-" if found.p is None else f"{found.p:.3g}"
        means = (f"{value:.4g}" for value in (found.upstream, found.midstream, found.downstream))
        shape.add_row(found.chain, found.indicator, found.period, *means, p, "yes" if found.inverted_u else "no")
    planners = number_table(
        f"Explanation: what planners would do ({chain.money_unit})", ["planner"], [*TIERS, "differs by"]
    )
    given = finding.explanation
    planners.add_row("observed", *(f"{given.observed[tier]:.4f}" for tier in TIERS), "")
    nearest = given.nearest[0]
    for name, weight in (("output-maximising", 0.0), ("nearest mixture", nearest), ("risk-minimising", 1.0)):
        label = f"{name} (weight on risk {weight:.2f})"
        row = given.mixtures.loc[weight, [*TIERS, "moved"]].to_numpy(dtype=float)
        planners.add_row(label, *(f"{amount:.4f}" for amount in row[:-1]), f"{row[-1]:.0%}")
    claims = number_table("Claims", ["chapter", "statement"], ["published", "computed", "agrees"])
    for claim in finding.claims:
        numbers = (_shown(claim.published), _shown(claim.computed))
        claims.add_row(claim.place, claim.statement, *numbers, "yes" if claim.agrees else "NO")
    agreeing = sum(claim.agrees for claim in finding.claims)
    parts: list[RenderableType] = []
    if finding.shapes:
        parts.append(shape)
    else:
        parts.append(Text("Shape: the package has neither tiers.csv nor firms.csv."))
    if len(finding.correlations):
        parts.append(_correlations(finding.correlations))
    parts.append(planners)
    if finding.claims:
        parts += [claims, Text(f"{agreeing} of {len(finding.claims)} claims agree.", style="bold")]
    return Group(*parts)


def _correlations(found: pd.DataFrame) -> Table:
    """Correlations between indicators over firm-years; * marks significance at the 1% level, as in Table 5-9."""
    table = number_table("Correlations over firm-years (* 1% level)", ["tier", "between", "and"], ["r", "p", "n"])
    for tier, first, second, r, p, n in found.drop(columns="chain").itertuples(index=False, name=None):
        known = not pd.isna(r)
        star = "*" if known and p < 0.01 else ""
        table.add_row(tier, first, second, f"{r:.3f}{star}" if known else "-", f"{p:.3g}" if known else "-", str(n))
    return table


def _shown(value: float | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:.6g}"


def validate_view(chain: Chain) -> Group:
    """What a valid package holds."""
    counts = chain.status_counts()
    table = number_table("Numbers by evidence", ["package"], [*counts.columns, "reported or derived"])
    for package, row in counts.iterrows():
        known = (row["reported"] + row["derived"]) / max(row.sum(), 1)
        table.add_row(str(package), *(str(count) for count in row), f"{known:.0%}")
    sentence = (
        f"{chain.name}: valid, balances in calm; {len(chain.segments)} segments, "
        f"{len(chain.numbers.scenarios) - 1} disruption scenarios, money in {chain.unit}."
    )
    return Group(Text(sentence, style="bold"), _period(chain), table)


def _period(chain: Chain) -> Text:
    return Text(f"Observed allocation: subsidies of the latest period, {chain.period}.")


def number_table(title: str, words: Sequence[str], numbers: Sequence[str]) -> Table:
    """A table whose columns of words stand left and whose columns of numbers stand right."""
    table = Table(title=title, title_justify="left")
    for column in words:
        table.add_column(column)
    for column in numbers:
        table.add_column(column, justify="right")
    return table


def _risks(result: Result) -> Table:
    table = number_table("Share of final demand", [""], ["no subsidy", "observed", "least risk"])
    solutions = (result.none, result.observed, result.optimal)
    for name in ("risk", "expected_loss", "cvar"):
        table.add_row(name.replace("_", " "), *(percent(getattr(solution, name)) for solution in solutions))
    return table


def _allocation(result: Result) -> Table:
    unit = result.chain.money_unit
    title = f"Allocation ({unit}), and fall in risk per {unit} as the next 1% of the budget goes to a segment"
    table = number_table(title, ["segment", "tier"], ["observed", "least risk", "next unit (points)"])
    observed, tiers = result.observed.allocation.sum(axis=1), result.chain.segments["tier"]
    for segment, least in result.allocation.items():
        name = str(segment)
        next_unit = result.next_unit[name]
        shown = "-" if pd.isna(next_unit) else f"{100 * next_unit:.4f}"
        table.add_row(name, str(tiers[name]), f"{observed[name]:.4f}", f"{least:.4f}", shown)
    table.add_section()
    before, after = result.tiers(result.observed), result.tiers(result.optimal)
    for tier, amount in after.items():
        table.add_row(f"all {tier}", str(tier), f"{before[str(tier)]:.4f}", f"{amount:.4f}", "")
    return table


def _losses(chain: Chain, solutions: dict[str, Solution]) -> Table:
    table = number_table("Loss by scenario, share of final demand", ["scenario"], ["probability", *solutions])
    for n, scenario in enumerate(chain.numbers.scenarios):
        losses = (percent(solution.loss[scenario]) for solution in solutions.values())
        table.add_row(scenario, f"{chain.numbers.probability[n]:.1%}", *losses)
    return table


def _transfers(transfer: pd.DataFrame, unit: str) -> Table:
    title = f"Fall in risk, in points, per {unit} moved between tiers (positive is good)"
    table = number_table(title, ["from \\ to"], [str(tier) for tier in transfer.columns])
    for giving, row in transfer.iterrows():
        table.add_row(str(giving), *("-" if pd.isna(fall) else f"{100 * fall:+.4f}" for fall in row))
    return table


class Certified(Protocol):
    """An answer that carries the certificate of its solves."""

    @property
    def certificate(self) -> Certificate:
        """How far the solves are from the optimality conditions."""


def certified(answer: Certified) -> Text:
    """How well the optimality conditions hold behind an answer."""
    worst = answer.certificate.worst
    return Text(f"optimality conditions hold to {worst:.1e} (recomputed from the matrix)", style="dim")
