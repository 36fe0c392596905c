"""The fields of what can be moved: a number, a slider beside it, and what counts where nothing is written."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from chains import Chain
from optimize.program.levers import LEVERS
from scenarios.studio.controls import Control, controls_of, countries_of, typed
from scenarios.studio.moves import Moves
from scenarios.studio.page.choosing import choice

__all__ = ["fields_of"]


def fields_of(chain: Chain, moves: Moves) -> list[html.Fieldset]:
    """The fields of a chain, with what is moved."""
    controls = controls_of(chain)
    first = [control for control in controls if ":" not in control.name]
    floors = [control for control in controls if control.name.startswith("floor:")]
    chances = [control for control in controls if control.name.startswith("probability:")]
    return [
        _group("Money", [_field(first[0], moves), _levers(moves)]),
        _group("What can be done without, and for how long", [_field(control, moves) for control in first[1:]]),
        _group("Cut off a country, for certain", _cut(chain, moves)),
        _folded("At least for a tier", floors, moves, opened=bool(moves.floors)),
        _folded("Probabilities of disruptions", chances, moves, opened=bool(moves.probability)),
    ]


def _field(control: Control, moves: Moves) -> html.Div:
    text = typed(control, moves)
    position = float(text) if text else control.now
    return html.Div(
        [
            html.Label(
                [
                    html.Span(control.label),
                    dcc.Input(
                        id={"kind": "field", "move": control.name},
                        value=text,
                        type="text",
                        placeholder=control.usual,
                        debounce=True,
                        autoComplete="off",
                        className="number",
                    ),
                ]
            ),
            html.Label(
                [
                    html.Span(f"{control.label}, slider", className="unseen"),
                    dcc.Input(
                        id={"kind": "slider", "move": control.name},
                        value=min(position, control.most),
                        type="range",
                        min=0.0,
                        max=control.most,
                        step=control.step,
                    ),
                ]
            ),
        ],
        className="field",
    )


def _levers(moves: Moves) -> html.Fieldset:
    return html.Fieldset(
        [
            html.Legend("Money may buy"),
            dcc.Checklist(
                id={"kind": "choice", "move": "levers"},
                options=[{"value": name, "label": name} for name in LEVERS],
                value=list(moves.levers),
                className="choices",
            ),
        ],
        className="inner",
    )


def _cut(chain: Chain, moves: Moves) -> list[Any]:
    countries = {"": "none", **countries_of(chain)}
    months = Control("months", "Months that the cut lasts", "12", 12.0, 0.5, now=12.0)
    return [
        choice("Country", {"kind": "list", "move": "cut"}, countries, moves.cut),
        _field(months, moves if moves.cut else Moves()),
    ]


def _group(title: str, children: Sequence[Any]) -> html.Fieldset:
    return html.Fieldset([html.Legend(title), *children])


def _folded(title: str, controls: Sequence[Control], moves: Moves, *, opened: bool) -> html.Fieldset:
    """Fields that most readers leave alone, folded away unless one of them is moved."""
    fields = [_field(control, moves) for control in controls]
    return html.Fieldset([html.Details([html.Summary(title), *fields], open=opened)])
