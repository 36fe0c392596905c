"""Charts of a brief as SVG: vectors, the same to the byte whenever they are drawn, and names as they are."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

from scenarios.report.brief.content import Decision, Good
from scenarios.report.drawing import INK, NONE, OBSERVED
from scenarios.report.spending import lever_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FONT", "blank_chart", "goods_chart", "grouped"]

FONT = "DejaVu Sans"
"""The font of charts, which ships with matplotlib."""
_ROW, _AROUND = 0.27, 0.62
"""Inches of a row, and of what stands around all rows."""
_LABEL = 27
"""Characters of a line of a label; it has two lines at most."""
_ROOM = 1.35
"""Length of the axis, in largest bars: beside them stand a number and the name of the tier."""
_GREY = "#52606d"
_TIER: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": 5.5, "style": "italic", "color": _GREY}


def grouped(goods: Sequence[Good], most: int) -> list[Good]:
    """The goods with the largest sums, in their order, and all others together as one: at most `most` in all."""
    if len(goods) <= most:
        return list(goods)
    by_size = sorted(goods, key=lambda good: -max(good.today, good.total))
    shown = by_size[: most - 1]
    rest = [good for good in goods if good not in shown]
    levers = dict.fromkeys(lever for good in rest for lever in good.advised)
    together = {lever: sum(good.advised.get(lever, 0.0) for good in rest) for lever in levers}
    last = Good(f"{len(rest)} other goods together", "", sum(good.today for good in rest), together)
    return [*(good for good in goods if good in shown), last]


def goods_chart(
    decision: Decision, width: float, most: int, fonts: Sequence[str] = (FONT,), *, outlined: bool = False
) -> str:
    """Money by good, today's bar above the advised one, which is stacked by lever: an SVG of `width` inches.

    At most `most` goods are drawn; those with the smallest sums stand together as one. `fonts` are tried in order.
    Letters stay letters, so that the paper can be searched, unless they are to be `outlined`.
    """
    from matplotlib.figure import Figure

    goods = grouped(decision.goods, most)
    with _style(fonts, outlined):
        figure = Figure(figsize=(width, _height(len(goods))), layout="constrained")
        axes = figure.add_subplot()
        _bars(axes, decision, goods)
        _axes(axes, goods, f"money ({decision.unit})")
        if goods:
            figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=6.5, handlelength=1.4)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return target.getvalue()


def blank_chart(decision: Decision, width: float, most: int) -> str:
    """An empty SVG of the size of the chart: enough to see what fits beside it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{72 * width}pt" '
        f'height="{72 * _height(min(len(decision.goods), most))}pt"></svg>'
    )


def _height(rows: int) -> float:
    """Inches of a chart."""
    return _AROUND + _ROW * max(rows, 1)


def _bars(axes: "Axes", decision: Decision, goods: Sequence[Good]) -> None:
    places = range(len(goods))
    largest = max((max(good.today, good.total) for good in goods), default=0.0)
    axes.barh(
        [place - 0.2 for place in places],
        [good.today for good in goods],
        0.36,
        label="today",
        color=OBSERVED.colour,
        hatch="////",
        edgecolor="white",
        linewidth=0,
    )
    left = [0.0 for _ in goods]
    for lever in decision.levers:
        money = [good.advised.get(lever, 0.0) for good in goods]
        name = "advised" if len(decision.levers) == 1 else f"advised: {lever}"
        style = lever_style(lever)
        hatch = {"": "", ".": "....", "x": "xxxx", "\\": "\\\\\\\\", "+": "++++"}[style.pattern]
        axes.barh(
            [place + 0.2 for place in places],
            money,
            0.36,
            left,
            label=name,
            color=style.colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0,
        )
        left = [before + more for before, more in zip(left, money, strict=True)]
    for place, good in zip(places, goods, strict=True):
        for value, offset in ((good.today, -0.2), (good.total, 0.2)):
            axes.text(value + 0.012 * largest, place + offset, decision.told(value), va="center", fontsize=6, color=INK)
    axes.set_xlim(0, _ROOM * largest if largest > 0 else 1)
    _tiers(axes, goods)


def _tiers(axes: "Axes", goods: Sequence[Good]) -> None:
    """A line between tiers, and the name of each at the right of its first good."""
    for place, good in enumerate(goods):
        if place and good.tier != goods[place - 1].tier:
            axes.axhline(place - 0.5, color=NONE.colour, linewidth=0.5, linestyle=":")
        if good.tier and (not place or good.tier != goods[place - 1].tier):
            axes.text(0.995, place - 0.45, good.tier, transform=axes.get_yaxis_transform(), **_TIER)


def _axes(axes: "Axes", goods: Sequence[Good], unit: str) -> None:
    axes.set_yticks(range(len(goods)), [_label(good.label) for good in goods])
    axes.set_ylim(len(goods) - 0.5, -0.5)
    axes.set_xlabel(unit, fontsize=6.5, color=_GREY)
    axes.tick_params(axis="y", length=0, labelsize=6.5)
    axes.tick_params(axis="x", labelsize=6, colors=_GREY)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(NONE.colour)
    axes.grid(axis="x", color="#e4e7eb", linewidth=0.6)
    axes.set_axisbelow(True)


def _label(name: str) -> str:
    """A name in two lines; what is cut off shows as three dots."""
    lines = wrap(name, _LABEL) or [name]
    return "\n".join(lines if len(lines) <= 2 else [lines[0], shorten(" ".join(lines[1:]), _LABEL, placeholder=" …")])


@contextmanager
def _style(fonts: Sequence[str], outlined: bool) -> Iterator[None]:
    """Names are data: a dollar sign begins no formula."""
    from matplotlib import rc_context

    settings: Any = {
        "font.family": list(fonts),
        "text.parse_math": False,
        "axes.formatter.use_mathtext": False,
        "svg.fonttype": "path" if outlined else "none",
        "svg.hashsalt": "tierwise",
        "hatch.linewidth": 0.5,
        "text.color": INK,
    }
    with rc_context(settings), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from font")  # told once for the whole brief, by `fonts`
        yield
