"""What a decision spends its money on, lever by lever and segment by segment: rows, their table and their chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from chains.numbers.need import calm_use
from scenarios.documents.values import CAPACITY
from scenarios.report.drawing import INK, LEAST, OBSERVED, Style, bars, chart
from scenarios.report.figures import amount, money
from scenarios.report.naming import SAME_MONEY, country_name, folded, money_unit, segment_label
from scenarios.storing import StoredCase

__all__ = ["Spending", "Spent", "lever_style"]

_STYLES = {
    CAPACITY: LEAST,
    "stocks": Style("#009e73", "."),
    "suppliers": Style("#cc79a7", "x"),
    "procurement": Style("#56b4e9", "\\"),
}
_OTHER = Style("#9aa0a6", "+")
_MONTHS = 12.0


def lever_style(lever: str) -> Style:
    """How money for a lever is drawn."""
    return _STYLES.get(lever, _OTHER)


@dataclass(frozen=True)
class Spent:
    """Money on one member of a lever: `before` as observed, `after` in the decision; `buys` says what that gives.

    `location` is the country of a contract.
    """

    lever: str
    segment: str
    label: str
    tier: str
    before: float
    after: float
    buys: str
    location: str = ""


@dataclass(frozen=True)
class Spending:
    """What a decision spends, in the case's money, beside what was observed, which is capacity alone.

    `nothing` are the levers that were allowed and of which the package has nothing to buy; `budget` is what may be
    spent. `scale` is what is spent, or was if that is more: beside it small sums are nothing, not beside a budget that
    may be far more than can be used.
    """

    case: StoredCase
    rows: tuple[Spent, ...]
    nothing: tuple[str, ...]
    budget: float
    scale: float
    least: str

    @classmethod
    def of(cls, case: StoredCase, found: Mapping[str, Any], which: str, budget: float, least: str) -> "Spending":
        """From the entries `allocation`, `levers` and `amounts` of a document; `which` is the decision's name there.

        `least` is its name for people.
        """
        levers = found.get("levers", {}).get(which, {})
        amounts = found.get("amounts", {}).get(which, {})
        before, after = found["allocation"]["observed"], found["allocation"][which]
        tiers = {str(segment): str(tier) for segment, tier in case.chain.segments["tier"].items()}
        rows = [_capacity(case, tiers[segment], segment, before[segment], after[segment]) for segment in after]
        rows += [
            _bought(case, tiers[member.partition("@")[0]], lever, member, money, amounts[lever][member])
            for lever, members in levers.items()
            for member, money in members.items()
        ]
        place = {segment: n for n, segment in enumerate(tiers)}
        rows.sort(key=lambda row: place[row.segment])
        scale = max(sum(row.after for row in rows), sum(before.values()))
        return cls(
            case=case,
            rows=tuple(row for row in rows if max(row.before, row.after) > SAME_MONEY * scale),
            nothing=tuple(lever for lever, members in levers.items() if not members),
            budget=budget,
            scale=scale,
            least=least,
        )

    @property
    def by_lever(self) -> dict[str, float]:
        """Money of the decision by lever, those alone that get some."""
        money: dict[str, float] = {}
        for row in self.rows:
            money[row.lever] = money.get(row.lever, 0.0) + row.after
        return {lever: spent for lever, spent in money.items() if spent > SAME_MONEY * self.scale}

    @property
    def spent(self) -> float:
        """Money of the decision in all."""
        return sum(self.by_lever.values())

    @property
    def not_needed(self) -> float:
        """Money of the budget that is left; 0 where that is rounding."""
        left = self.budget - self.spent
        return left if left > SAME_MONEY * self.budget else 0.0

    @property
    def table(self) -> pd.DataFrame:
        """One row a member of a lever, and what is not needed."""
        unit = money_unit(self.case)
        records = [
            {
                "for": row.label,
                "tier": row.tier,
                "lever": row.lever,
                f"observed ({unit})": amount(row.before),
                f"{self.least} ({unit})": amount(row.after),
                "buys": row.buys if row.after > 0 else "",
            }
            for row in self.rows
        ]
        if self.not_needed:
            records.append(
                {"for": "not needed", "tier": "", "lever": ""}
                | {f"observed ({unit})": "", f"{self.least} ({unit})": amount(self.not_needed), "buys": ""}
            )
        return pd.DataFrame(records).set_index("for") if records else pd.DataFrame()

    @property
    def chart(self) -> go.Figure | None:
        """Money by segment: bars by lever, and a mark at what was observed; None where there is none."""
        labels = list(dict.fromkeys(row.label for row in self.rows))[::-1]
        if not labels:
            return None
        traces: list[object] = []
        for lever in dict.fromkeys(row.lever for row in self.rows):
            mine = [row for row in self.rows if row.lever == lever and row.after > 0]
            if mine:
                places = [folded(row.label) for row in mine]
                money = [row.after for row in mine]
                traces.append(bars(lever, lever_style(lever), x=money, y=places, orientation="h"))
        seen = [row for row in self.rows if row.before > 0]
        marker = {"symbol": "diamond", "size": 11, "color": OBSERVED.colour, "line": {"color": INK, "width": 1}}
        places = [folded(row.label) for row in seen]
        money = [row.before for row in seen]
        traces.append(go.Scatter(name="observed, capacity", x=money, y=places, mode="markers", marker=marker))
        figure = chart(traces, f"money ({money_unit(self.case)})", "", 120 + 36 * len(labels))
        figure.update_layout(barmode="stack", legend_traceorder="normal")
        figure.update_yaxes(categoryorder="array", categoryarray=[folded(label) for label in labels])
        return figure.update_xaxes(rangemode="tozero")


def _capacity(case: StoredCase, tier: str, segment: str, before: float, after: float) -> Spent:
    return Spent(
        CAPACITY, segment, segment_label(case, segment), tier, before, after, "home supply, as the segment responds"
    )


def _bought(case: StoredCase, tier: str, lever: str, member: str, money: float, bought: float) -> Spent:
    """Of a contract the member is SEGMENT@LOCATION."""
    segment, _, location = member.partition("@")
    label = segment_label(case, segment)
    buys = _buys(case, lever, segment, country_name(location), bought)
    return Spent(lever, segment, label, tier, 0.0, money, buys, location)


def _buys(case: StoredCase, lever: str, segment: str, country: str, bought: float) -> str:
    """What an amount of a lever is, with its unit."""
    if lever == "stocks":
        numbers = case.chain.numbers
        use = float(calm_use(numbers, case.chain.name)[numbers.segments.index(segment)])
        months = f", {_MONTHS * bought / use:.2g} months of use in calm" if use > 0 else ""
        return f"{money(bought, money_unit(case))} more in stock{months}"
    year = case.chain.unit
    if lever == "suppliers":
        return f"{money(bought, year)} contracted from {country}"
    if lever == "procurement":
        return f"{money(bought, year)} of purchases turned to home supply"
    return amount(bought)
