"""What the page shows of the state of its tab, after every step."""

from typing import Any

from dash import Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from chains.indicators.flows import flows
from scenarios.report.naming import segment_label
from scenarios.report.words import origin_in_words
from scenarios.storing import StoredCase
from scenarios.studio import charts
from scenarios.studio.page import views
from scenarios.studio.page.choosing import choice
from scenarios.studio.page.fields import fields_of
from scenarios.studio.page.tabs import GONE, tab
from scenarios.studio.sessions import Sessions

__all__ = ["register"]

_NOTHING = views.drawn(views.nothing_drawn())


def register(app: Dash, sessions: Sessions) -> None:
    """Add these callbacks."""

    @app.callback(
        Output("sentence", "children"),
        Output("problems", "children"),
        Output("moved", "children"),
        Output("answer-charts", "hidden"),
        Output("undo", "disabled"),
        Output("redo", "disabled"),
        Output("answered", "data"),
        Input("tick", "data"),
        State("session", "data"),
    )
    def say_answer(tick: dict[str, Any], name: str) -> tuple[Any, ...]:
        if sessions.of(name) is None:
            return GONE, [], "", True, True, True, no_update
        with tab(sessions, name) as session:
            answer, history = session.answer, session.history
        ends = (not history.past, not history.future)
        said = views.wrong("There is no answer while this is so:", answer.problems)
        return answer.sentence or "No answer.", said, views.moved_in_words(answer), not answer.solved, *ends, tick

    @app.callback(
        Output("money", "figure"),
        Output("money", "style"),
        Output("tiers", "figure"),
        Output("tiers", "style"),
        Output("losses", "figure"),
        Output("losses", "style"),
        Output("answer-table", "children"),
        Input("answered", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def draw_answer(answered: dict[str, Any], name: str) -> tuple[Any, ...]:
        """Drawn once it is said: charts take as long as the solve."""
        with tab(sessions, name) as session:
            advice = session.answer.advice
        if advice is None:
            raise PreventUpdate
        made = charts.money_chart(advice), charts.tiers_chart(advice), charts.losses_chart(advice)
        return *(part for figure in made for part in views.drawn(figure)), views.answer_table(advice)

    @app.callback(
        Output("fields", "children"), Output("moved-wrong", "children"), Input("tick", "data"), State("session", "data")
    )
    def show_fields(tick: dict[str, Any], name: str) -> tuple[Any, Any]:
        if not tick["fields"]:
            raise PreventUpdate
        with tab(sessions, name) as session:
            source = session.answer.source
            if source is None:
                return html.P("What can be moved appears when the package has no problems any more."), []
            return fields_of(source, session.now.moves), []

    @app.callback(
        Output("flows-wide", "figure"),
        Output("flows-wide", "style"),
        Output("flows-narrow", "figure"),
        Output("flows-narrow", "style"),
        Output("flows-words", "children"),
        Output("map-of-place", "children"),
        Input("tick", "data"),
        State("session", "data"),
    )
    def show_chain(tick: dict[str, Any], name: str) -> tuple[Any, ...]:
        if not tick["packages"]:
            raise PreventUpdate
        with tab(sessions, name) as session:
            source = session.answer.source
        if source is None:
            return *_NOTHING, *_NOTHING, "", choice("Origins of", "map-of", {"": "all segments"}, "")
        case = StoredCase.of_chain(source)
        segments = {str(one): segment_label(case, str(one)) for one in source.segments.index}
        of = choice("Origins of", "map-of", {"": "all segments", **segments}, "")
        wide, narrow = map(views.drawn, charts.flow_charts(source))
        return *wide, *narrow, origin_in_words(case, flows(source)), of

    @app.callback(
        Output("map", "figure"),
        Output("map", "style"),
        Output("map-table", "children"),
        Input("map-of", "data"),
        Input("tick", "data"),
        State("session", "data"),
    )
    def show_map(segment: str, tick: dict[str, Any], name: str) -> tuple[Any, ...]:
        if ctx.triggered_id == "tick" and not tick["packages"]:
            raise PreventUpdate
        with tab(sessions, name) as session:
            source = session.answer.source
        if source is None:
            return *_NOTHING, []
        known = segment if segment in source.segments.index else ""
        return *views.drawn(charts.origin_map(source, known)), views.origin_table(source, known)
