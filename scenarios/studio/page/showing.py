"""What the page shows of the state of its tab, after every step."""

from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from chains.indicators.flows import flows
from scenarios.report.naming import segment_label
from scenarios.report.words import origin_in_words
from scenarios.studio import charts
from scenarios.studio.page import views
from scenarios.studio.page.fields import fields_of
from scenarios.studio.page.tabs import GONE, tab
from scenarios.studio.sessions import Sessions

__all__ = ["register"]


def register(app: Dash, sessions: Sessions) -> None:
    """Add these callbacks."""

    @app.callback(
        Output("sentence", "children"),
        Output("problems", "children"),
        Output("moved", "children"),
        Output("money", "figure"),
        Output("tiers", "figure"),
        Output("losses", "figure"),
        Output("answer-table", "children"),
        Output("answer-charts", "hidden"),
        Output("undo", "disabled"),
        Output("redo", "disabled"),
        Input("tick", "data"),
        State("session", "data"),
    )
    def show_answer(tick: dict[str, Any], name: str) -> tuple[Any, ...]:
        if sessions.of(name) is None:
            return GONE, [], "", *[no_update] * 3, [], True, True, True
        with tab(sessions, name) as session:
            answer, history = session.answer, session.history
        ends = (not history.past, not history.future)
        moved = views.moved_in_words(answer)
        if answer.advice is None:
            said = views.wrong("There is no answer while this is so:", answer.problems)
            return "No answer.", said, moved, *[no_update] * 3, [], True, *ends
        advice = answer.advice
        drawn = charts.money_chart(advice), charts.tiers_chart(advice), charts.losses_chart(advice)
        return answer.sentence, [], moved, *drawn, views.answer_table(advice), False, *ends

    @app.callback(Output("fields", "children"), Input("tick", "data"), State("session", "data"))
    def show_fields(tick: dict[str, Any], name: str) -> Any:
        if not tick["fields"]:
            raise PreventUpdate
        with tab(sessions, name) as session:
            source = session.answer.source
            if source is None:
                return html.P("What can be moved appears when the package has no problems any more.")
            return fields_of(source, session.now.moves)

    @app.callback(
        Output("flows-wide", "figure"),
        Output("flows-narrow", "figure"),
        Output("flows-words", "children"),
        Output("map-of", "options"),
        Output("map-of", "value"),
        Input("tick", "data"),
        State("session", "data"),
    )
    def show_chain(tick: dict[str, Any], name: str) -> tuple[Any, ...]:
        if not tick["packages"]:
            raise PreventUpdate
        with tab(sessions, name) as session:
            source = session.answer.source
        if source is None:
            return views.nothing_drawn(), views.nothing_drawn(), "", [{"value": "", "label": "all segments"}], ""
        case = charts.case_of_chain(source)
        options = [{"value": "", "label": "all segments"}]
        options += [{"value": one, "label": segment_label(case, one)} for one in source.segments.index]
        return *charts.flow_charts(source), origin_in_words(case, flows(source)), options, ""

    @app.callback(
        Output("map", "figure"),
        Output("map-table", "children"),
        Input("map-of", "value"),
        Input("tick", "data"),
        State("session", "data"),
    )
    def show_map(segment: str, tick: dict[str, Any], name: str) -> tuple[Any, Any]:
        with tab(sessions, name) as session:
            source = session.answer.source
        if source is None:
            return views.nothing_drawn(), []
        known = segment if segment in source.segments.index else ""
        return charts.origin_map(source, known), views.origin_table(source, known)
