"""A state is kept to compare with, saved, or exported."""

from pathlib import Path
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.dcc.express import send_file
from dash.exceptions import PreventUpdate

from chains import InputError
from scenarios.studio import charts, saving
from scenarios.studio.page import views
from scenarios.studio.page.tabs import stepped, tab
from scenarios.studio.sessions import Session, Sessions

__all__ = ["register"]

_SUFFIXES = {"folder": "", "zip": ".zip", "xlsx": ".xlsx"}


def register(app: Dash, sessions: Sessions) -> None:
    """Add these callbacks."""

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Input("keep", "n_clicks"),
        Input("swap", "n_clicks"),
        State("tick", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def keep(kept: int, swapped: int, tick: dict[str, Any], name: str) -> Any:
        with tab(sessions, name) as session:
            now, other = session.now, session.kept
            session.kept = now
            if ctx.triggered_id == "swap" and other is not None:
                return stepped(session, session.history.then(other))
            return {**tick, "fields": False, "packages": False, "kept": kept}

    @app.callback(
        Output("compared", "children"),
        Output("swap", "disabled"),
        Input("tick", "data"),
        State("session", "data"),
    )
    def compare(tick: dict[str, Any], name: str) -> tuple[Any, bool]:
        with tab(sessions, name) as session:
            if session.kept is None:
                return html.P("No state is kept yet."), True
            if session.kept == session.now:
                return html.P("The state that is kept is what you see: move something."), True
            kept, now = session.answer_to(session.kept), session.answer
        found = views.comparison(kept, now)
        one, two = kept.advice, now.advice
        if one is not None and two is not None and one.chain.money_unit == two.chain.money_unit:
            drawn = views.graph("compared-money", charts.compared_chart(one, two))
            found.append(html.Figure([drawn, html.Figcaption("Money by segment as advised, in both states")]))
        return found, False

    @app.callback(
        Output("saved", "children"),
        Output("download", "data"),
        Input({"save": ALL}, "n_clicks"),
        State("name", "value"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def save(clicks: list[int | None], wanted: str | None, name: str) -> tuple[Any, Any]:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            raise PreventUpdate
        kind = str(ctx.triggered_id["save"])
        with tab(sessions, name) as session:
            try:
                return _saved(sessions, session, kind, (wanted or "").strip())
            except InputError as error:
                return views.wrong("It was not saved:", error.problems), no_update


def _saved(sessions: Sessions, session: Session, kind: str, name: str) -> tuple[Any, Any]:
    """What was saved, in words, and what the browser downloads."""
    place, state, source = sessions.place, session.now, session.answer.source
    if kind in _SUFFIXES:
        if len(state.packages) > 1:
            raise InputError.single("package", f"{len(state.packages)} packages are open", "save them as a study")
        path = saving.save_package(place, state.packages[0], name, _SUFFIXES[kind])
        return _said(path, f"tierwise optimize {path}", _moved_apart(session)), _download(path)
    if source is None or session.answer.advice is None:
        raise InputError.single("study", "what you see has no answer", "mend what is said above first")
    if kind == "study":
        path = saving.save_study(place, state, source, name)
        return _said(path, f"tierwise study {path}", ""), _download(path)
    path = saving.export(place, state, source, name, kind)
    return _said(path, f"tierwise study {path.parent / saving.STUDY}", ""), _download(path)


def _moved_apart(session: Session) -> str:
    """A package holds what was edited, and nothing of what is moved beside it."""
    source = session.answer.source
    moved = session.now.moves.words("" if source is None else source.money_unit)
    return f" What is moved is not in it: {'; '.join(moved)}. A study has both." if moved else ""


def _said(path: Path, command: str, words: str) -> list[Any]:
    return [html.P(f"Saved: {path}.{words}"), html.P(["The same on a terminal: ", html.Code(command)])]


def _download(path: Path) -> Any:
    """The file for the browser; nothing of a folder, which cannot be downloaded."""
    return send_file(str(path)) if path.is_file() else no_update
