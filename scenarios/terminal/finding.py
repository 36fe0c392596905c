"""The published finding on a terminal."""

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from chains import Chain
from chains.tables.schema import TIERS
from optimize.questions.explanation import WEIGHTS
from scenarios.asking.finding import Finding
from scenarios.terminal.figures import amount
from scenarios.terminal.least_risk import result_view
from scenarios.terminal.table import Table
from scenarios.terminal.tables import number_table

__all__ = ["sentence", "view"]


def view(chain: Chain, finding: Finding) -> Group:
    """The finding: shape, explanation, claims, and what reallocation brings."""
    shape = number_table(
        "Shape: highest midstream?", ["indicator", "period", "chain"], [*TIERS, "p", "inverted U"], less=["chain", "p"]
    )
    for found in finding.shapes:
        p = "-" if found.p is None else f"{found.p:.3g}"
        means = (f"{value:.4g}" for value in (found.upstream, found.midstream, found.downstream))
        shape.add_row(found.indicator, found.period, found.chain, *means, p, "yes" if found.inverted_u else "no")
    planners = number_table(
        f"Explanation: what planners would do ({chain.money_unit})",
        ["planner"],
        [*TIERS, "differs by"],
        prose=["planner"],
    )
    given = finding.explanation
    whole = float(given.observed.sum())
    planners.add_row("observed", *(amount(given.observed[tier], whole) for tier in TIERS), "")
    nearest = given.nearest[0]
    for name, weight in (("output-maximising", 0.0), ("nearest mixture", nearest), ("risk-minimising", 1.0)):
        label = f"{name} (weight on risk {weight:.2f})"
        row = given.mixtures.loc[weight, [*TIERS, "moved"]].to_numpy(dtype=float)
        planners.add_row(label, *(amount(money, whole) for money in row[:-1]), f"{row[-1]:.0%}")
    claims = number_table(
        "Claims",
        ["statement", "chapter"],
        ["agrees", "published", "computed"],
        prose=["statement", "chapter"],
        less=["chapter"],
    )
    for claim in finding.claims:
        numbers = (_shown(claim.published), _shown(claim.computed))
        claims.add_row(claim.statement, claim.place, "yes" if claim.agrees else "NO", *numbers)
    parts: list[RenderableType] = [Text(sentence(chain, finding), style="bold")]
    if finding.shapes:
        parts.append(shape)
    else:
        parts.append(Text("Shape: the package has neither tiers.csv nor firms.csv."))
    if len(finding.correlations):
        parts.append(_correlations(finding.correlations))
    parts.append(planners)
    if finding.claims:
        parts.append(claims)
    if finding.best:
        parts.append(result_view(finding.best))
    return Group(*parts)


def sentence(chain: Chain, finding: Finding) -> str:
    """How many shapes are an inverted U, how many claims agree, which planners are nearest and how near they are."""
    shapes = (
        f"{sum(found.inverted_u for found in finding.shapes)} of {len(finding.shapes)} profiles are an inverted U; "
    )
    given = finding.explanation
    moved = float(given.mixtures["moved"].loc[given.nearest[0]])
    return (
        f"{chain.name}: {shapes if finding.shapes else ''}{_agreeing(finding)} Of planners that weigh risk against "
        f"output, nearest to the observed allocation {_weights(given.nearest)} on risk: {moved:.0%} of "
        "the money would go elsewhere."
    )


def _weights(nearest: tuple[float, ...]) -> str:
    """Weights that tie; those that follow one another by their ends."""
    if len(nearest) == 1:
        return f"is one with a weight of {nearest[0]:.2f}"
    if np.allclose(np.diff(nearest), WEIGHTS[1]):
        return f"are those with any weight from {nearest[0]:.2f} to {nearest[-1]:.2f}"
    return f"are those with a weight of {', '.join(f'{weight:.2f}' for weight in nearest[:-1])} or {nearest[-1]:.2f}"


def _agreeing(finding: Finding) -> str:
    agreeing = sum(claim.agrees for claim in finding.claims)
    return f"{agreeing} of {len(finding.claims)} claims agree." if finding.claims else "No claim is published on it."


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
