"""The charts of an answer: those of the report, and a map of where supply comes from."""

from collections.abc import Iterable, Mapping

import pandas as pd
import plotly.graph_objects as go

from chains import Chain
from chains.indicators.flows import flows
from chains.tables.schema import TIERS
from optimize import Advice
from optimize.questions.what_if import NAME as HAPPENS
from scenarios.documents.values import numbers_of
from scenarios.report.charts import loss_chart, tier_chart
from scenarios.report.drawing import INK, LEAST, NONE, OBSERVED, Style, bars, chart
from scenarios.report.naming import country_name, folded, segment_label
from scenarios.report.sankey import narrow_sankey, sankey_chart
from scenarios.storing import StoredCase

__all__ = [
    "by_segment",
    "compared_chart",
    "flow_charts",
    "losses_chart",
    "money_chart",
    "origin_map",
    "origins",
    "tiers_chart",
]

_HEIGHT = 30
_WIDE_LABEL = 22


def case_of(advice: Advice) -> StoredCase:
    """The answer as the report's charts take it: a case with the parts of a document that they draw."""
    chain = advice.chain
    solutions = {"none": advice.none, "observed": advice.observed, "optimal": advice.optimal}
    losses = {name: numbers_of(solution.loss) for name, solution in solutions.items()}
    if HAPPENS in chain.numbers.scenarios:  # the others do not happen then
        losses = {name: {HAPPENS: loss[HAPPENS]} for name, loss in losses.items()}
    return StoredCase.of_chain(chain, {"optimize": {"loss": losses}})


def by_segment(advice: Advice) -> pd.DataFrame:
    """Money by segment, in the chain's order: index `segment`, columns tier, label, observed, advised."""
    case, tiers = StoredCase.of_chain(advice.chain), advice.chain.segments["tier"]
    observed, advised = advice.observed.by_segment, advice.optimal.by_segment
    labels = [segment_label(case, str(segment)) for segment in observed.index]
    money = {"observed": observed.to_numpy(), "advised": advised.to_numpy()}
    return pd.DataFrame({"tier": tiers.reindex(observed.index), "label": labels, **money}, index=observed.index)


def money_chart(advice: Advice) -> go.Figure:
    """Money by segment, as observed and of least risk, upstream on top."""
    money = by_segment(advice)
    drawn = {"least risk": (LEAST, list(money["advised"])), "observed": (OBSERVED, list(money["observed"]))}
    return _by_label(drawn, money["label"], f"money<br>({advice.chain.money_unit})")


def tiers_chart(advice: Advice) -> go.Figure:
    """Money by tier, as observed and of least risk."""
    money = by_segment(advice).groupby("tier")[["observed", "advised"]].sum()
    tiers = money.reindex(TIERS, fill_value=0.0)
    return tier_chart(case_of(advice), tiers.rename(columns={"advised": "least risk"}))


def losses_chart(advice: Advice) -> go.Figure:
    """Loss by scenario."""
    return loss_chart(case_of(advice)).update_xaxes(title="loss<br>(% of final demand)")


def flow_charts(chain: Chain) -> tuple[go.Figure, go.Figure]:
    """The chain as a Sankey diagram, for much room and for little."""
    case, moved = StoredCase.of_chain(chain), flows(chain)
    wide, narrow = sankey_chart(case, moved), narrow_sankey(case, moved)
    return wide, narrow.update_layout(height=480, font={"size": 10}).update_traces(domain={"y": [0.06, 1.0]})


def origins(chain: Chain, segment: str = "") -> pd.Series:
    """Supply of a segment, or of all, by country, in money per year; the rest of the world last."""
    supply = chain.table("supply")
    mine = supply[supply["segment"] == segment] if segment else supply
    return mine.groupby("location")["value"].sum().sort_values(ascending=False)


def origin_map(chain: Chain, segment: str = "") -> go.Figure:
    """Where supply is made: countries abroad shaded by its value, home in the colour of home firms."""
    made = origins(chain, segment).drop("ROW", errors="ignore")
    made = made[made > 0]
    abroad, home = made.drop(chain.home, errors="ignore"), made[made.index == chain.home]
    bar = {"title": {"text": f"abroad ({chain.unit})", "side": "top"}, "orientation": "h", "thickness": 10, "len": 0.6}
    scale = {"colorscale": _ABROAD, "zmin": 0.0, "colorbar": bar | {"y": -0.02, "yanchor": "top"}}
    figure = go.Figure(
        [_shaded(chain, abroad, **scale), _shaded(chain, home, colorscale=_HOME, showscale=False)],
    )
    figure.update_geos(
        projection_type="natural earth",
        showcoastlines=False,
        showland=True,
        landcolor="#eef1f4",
        showframe=False,
        lataxis_range=[-57, 84],
        bgcolor="rgba(0,0,0,0)",
    )
    return figure.update_layout(
        height=340,
        margin={"l": 0, "r": 0, "t": 8, "b": 60},
        font={"family": "system-ui, sans-serif", "size": 12, "color": INK},
        autosize=True,
    )


_ABROAD = [[0.0, "#fee6ce"], [0.5, "#fd8d3c"], [1.0, "#a63603"]]
_HOME = [[0.0, "#009e73"], [1.0, "#009e73"]]
"""The colours that flows from abroad and from home have in the report, too."""


def _shaded(chain: Chain, made: pd.Series, **how: object) -> go.Choropleth:
    """Countries by the value of what is made there."""
    return go.Choropleth(
        locations=list(made.index),
        z=list(made),
        text=[country_name(str(code)) for code in made.index],
        hovertemplate="%{text}: %{z:.3g} " + chain.unit + "<extra></extra>",
        marker={"line": {"color": "#fff", "width": 0.5}},
        **how,
    )


def compared_chart(first: Advice, second: Advice) -> go.Figure:
    """Advised money by segment in two states; segments of either."""
    one, two = by_segment(first), by_segment(second)
    labels = {**one["label"].to_dict(), **two["label"].to_dict()}
    drawn = {"now": (LEAST, _on(two["advised"], labels)), "kept": (NONE, _on(one["advised"], labels))}
    return _by_label(drawn, labels.values(), f"money, least risk<br>({second.chain.money_unit})")


def _by_label(drawn: Mapping[str, tuple[Style, list[float]]], labels: Iterable[str], axis: str) -> go.Figure:
    """Bars by name, one of each for every label, the first label on top."""
    names = [folded(label, _WIDE_LABEL) for label in labels]
    traces = [bars(name, style, x=values, y=names, orientation="h") for name, (style, values) in drawn.items()]
    figure = chart(traces, axis, "", 140 + _HEIGHT * len(names))
    return figure.update_yaxes(autorange="reversed").update_layout(legend_traceorder="reversed")


def _on(money: pd.Series, labels: dict[object, str]) -> list[float]:
    return list(money.reindex(list(labels), fill_value=0.0))
