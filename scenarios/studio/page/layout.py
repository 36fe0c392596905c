"""What stands on the page before anything is answered. Native controls, each with its label: a keyboard is enough."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from scenarios.studio.page.choosing import choice
from scenarios.studio.page.views import graph

__all__ = ["page"]


def page(session: str, packages: Sequence[tuple[str, str]], chosen: str) -> html.Div:
    """The page of one tab. `packages` are what can be opened, name and label; `chosen` is open."""
    return html.Div(
        [
            dcc.Store(id="session", data=session),
            dcc.Store(id="tick", data={"step": 0, "fields": True, "packages": True}),
            dcc.Store(id="answered"),
            dcc.Download(id="download"),
            html.A("Skip to the answer", href="#answer", className="skip"),
            _head(packages, chosen),
            html.Div(
                [
                    html.Aside(
                        [
                            html.Div(
                                [
                                    html.Button("Undo", id="undo", disabled=True),
                                    html.Button("Redo", id="redo", disabled=True),
                                    html.Button("As the package says", id="reset"),
                                ],
                                className="row",
                            ),
                            html.Div(id="moved-wrong", role="alert"),
                            html.Div(id="fields"),
                        ],
                        className="moves",
                        **_said("What can be moved"),
                    ),
                    html.Main([_answer(), _chain(), _compare(), _tables(), _save()]),
                ],
                className="columns",
            ),
        ]
    )


def _head(packages: Sequence[tuple[str, str]], chosen: str) -> html.Header:
    return html.Header(
        [
            html.H1("Tierwise studio"),
            html.Fieldset(
                [
                    html.Legend("Chain"),
                    dcc.RadioItems(
                        id="packages",
                        options=[{"value": name, "label": label} for name, label in packages],
                        value=chosen,
                        inline=True,
                        className="choices",
                    ),
                    dcc.Upload(
                        html.Button("Upload a package (.zip or .xlsx, 8 MB at most)"), id="upload", accept=".zip,.xlsx"
                    ),
                ]
            ),
            html.Div(id="opened-wrong", role="alert"),
        ]
    )


def _answer() -> html.Section:
    return _section(
        "answer",
        "Answer",
        html.P(id="sentence", className="sentence", **_live()),
        html.Div(id="problems", role="alert"),
        html.P(id="moved", className="note"),
        html.Div(
            [
                _figure("money", "Money by segment, as observed and at least risk"),
                _figure("tiers", "Money by tier"),
                _figure("losses", "Loss by disruption, without subsidies, observed and at least risk"),
                html.Details([html.Summary("The same as a table"), html.Div(id="answer-table", className="scroll")]),
            ],
            id="answer-charts",
        ),
    )


def _chain() -> html.Section:
    return _section(
        "chain",
        "The chain",
        html.P(id="flows-words", className="note"),
        html.Figure(
            [
                html.Div(graph("flows-wide"), className="wide-only"),
                html.Div(graph("flows-narrow"), className="narrow-only"),
                html.Figcaption(
                    "Flows of a year: from origins through segments to final demand, as the package says, before "
                    "anything is moved"
                ),
            ]
        ),
        html.Div(choice("Origins of", "map-of", {"": "all segments"}, ""), id="map-of-place"),
        _figure(
            "map",
            "Where supply is made: at home (green) and abroad, by value; the rest of the world is in the table alone",
        ),
        html.Details([html.Summary("Origins as a table"), html.Div(id="map-table", className="scroll")]),
    )


def _compare() -> html.Section:
    return _section(
        "compare",
        "Two states side by side",
        html.P(
            "Keep what you see, move something, and look at both beside each other.",
            className="note",
        ),
        html.Div(
            [
                html.Button("Keep this state", id="keep"),
                html.Button("Change places", id="swap", disabled=True),
            ],
            className="row",
        ),
        html.Div(id="compared"),
    )


def _tables() -> html.Section:
    return _section(
        "tables",
        "Tables of the package",
        html.P(
            "Every number with its range, status and source. Enter edits a cell, Escape leaves it as it was. Rows are "
            "numbered as in a spreadsheet.",
            className="note",
        ),
        html.Div(choice("Table", "table", {}, ""), id="table-place"),
        html.P(id="table-words", className="note"),
        html.Div(id="table-wrong", role="alert"),
        dcc.Store(id="grid-shown"),
        html.Div(id="grid-place"),
        html.Div(
            [
                html.Button("Add a row", id="add-row"),
                html.Button("Delete the selected row", id="delete-row"),
            ],
            className="row",
        ),
        html.Ul(id="table-problems", className="wrong"),
    )


def _save() -> html.Section:
    kinds = {
        "study": "Save as a study",
        "folder": "Save the package as a folder",
        "zip": "Save the package as .zip",
        "xlsx": "Save the package as .xlsx",
        "page": "Page (.html)",
        "paper": "Brief (.pdf)",
        "slides": "Brief (.pptx)",
        "workbook": "Workbook (.xlsx)",
    }
    save = [html.Button(label, id={"save": kind}) for kind, label in kinds.items()]
    return _section(
        "save",
        "Save and export",
        html.P(id="save-words", className="note"),
        html.Label(
            [html.Span("Name"), dcc.Input(id="name", value="mine", maxLength=60, debounce=True, autoComplete="off")],
        ),
        html.Div(save[:4], className="row"),
        html.P("Reports are those of `tierwise study`: it runs, and takes some seconds.", className="note"),
        html.Div(save[4:], className="row"),
        dcc.Loading(html.Div(id="saved", role="status"), type="dot"),
    )


def _figure(name: str, caption: str) -> html.Figure:
    return html.Figure([graph(name), html.Figcaption(caption)])


def _section(name: str, title: str, *children: Any) -> html.Section:
    return html.Section([html.H2(title), *children], id=name, **_said(title))


def _said(label: str) -> dict[str, Any]:
    """What a screen reader calls a part of the page."""
    return {"aria-label": label}


def _live() -> dict[str, Any]:
    """What changes here is read aloud, once nothing else is."""
    return {"aria-live": "polite"}
