"""Something is moved, undone, or another package is opened."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from chains import InputError
from scenarios.studio.controls import moves_of
from scenarios.studio.kept import Kept
from scenarios.studio.moves import Moves
from scenarios.studio.page.tabs import step, stepped, tab
from scenarios.studio.page.views import wrong
from scenarios.studio.sessions import Session, Sessions
from scenarios.studio.state import State as Shown

__all__ = ["register"]


def register(app: Dash, sessions: Sessions, packages: dict[str, tuple[Kept, ...]]) -> None:
    """Add these callbacks. `packages` are what can be opened, by name."""
    opened = _Opened(packages)

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Output("moved-wrong", "children", allow_duplicate=True),
        Input({"kind": "field", "move": ALL}, "value"),
        Input({"kind": "choice", "move": ALL}, "value"),
        Input({"kind": "list", "move": ALL}, "data"),
        State({"kind": "field", "move": ALL}, "id"),
        State({"kind": "choice", "move": ALL}, "id"),
        State({"kind": "list", "move": ALL}, "id"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def move(*given: Any) -> tuple[Any, Any]:
        values, names, name = (*given[0], *given[1], *given[2]), (*given[3], *given[4], *given[5]), given[6]
        fields = {own["move"]: value for own, value in zip(names, values, strict=True)}
        if not fields:
            raise PreventUpdate
        with tab(sessions, name) as session:
            source = session.answer.source
            if source is None:
                raise PreventUpdate
            try:
                moves = moves_of(source, fields)
            except InputError as error:
                return no_update, wrong("Nothing was moved:", error.problems)
            history = session.history.then(replace(session.now, moves=moves))
            if history is session.history:
                return no_update, []
            session.history = history
            return step(), []

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Input("undo", "n_clicks"),
        Input("redo", "n_clicks"),
        Input("reset", "n_clicks"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def back(undo: int, redo: int, reset: int, name: str) -> Any:
        with tab(sessions, name) as session:
            history = session.history
            ways: dict[str, Callable[[], Any]] = {
                "undo": history.undone,
                "redo": history.redone,
                "reset": lambda: history.then(replace(history.now, moves=Moves())),
            }
            return stepped(session, ways[str(ctx.triggered_id)]())

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Output("opened-wrong", "children", allow_duplicate=True),
        Input("packages", "value"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def choose(chosen: str, name: str) -> tuple[Any, Any]:
        with tab(sessions, name) as session:
            if chosen == session.listed:
                raise PreventUpdate  # set by us, and perhaps told only after the next step
            found = opened.found(session, chosen)
            if _names(found) == _names(session.now.packages):
                raise PreventUpdate  # what is open, edited perhaps, after a step back to it
            return opened.open(session, found)

    @app.callback(
        Output("packages", "value", allow_duplicate=True),
        Input("tick", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def show_chosen(tick: dict[str, Any], name: str) -> str:
        with tab(sessions, name) as session:
            own = {key: (package,) for key, package in session.uploads.items()}
            named = {_names(found): key for key, found in (packages | own).items()}
            names = _names(session.now.packages)
            if not tick["packages"] or names not in named:
                raise PreventUpdate
            session.listed = named[names]
            return session.listed

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Output("opened-wrong", "children", allow_duplicate=True),
        Output("packages", "options"),
        Output("packages", "value"),
        Output("upload", "contents"),
        Input("upload", "contents"),
        State("upload", "filename"),
        State("packages", "options"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def upload(content: str | None, file: str, options: list[Any], name: str) -> tuple[Any, ...]:
        if content is None:
            raise PreventUpdate
        with tab(sessions, name) as session:
            try:
                package = sessions.place.uploaded(file, base64.b64decode(content.partition(",")[2], validate=True))
            except (InputError, binascii.Error) as error:
                return no_update, _refused(error), no_update, no_update, None
            tick, said = opened.open(session, (package,))
            if tick is no_update:
                return tick, said, no_update, no_update, None
            key = session.listed = session.keep(package)
            kept = [*(option for option in options if option["value"] != key), {"value": key, "label": package.name}]
            return tick, said, kept, key, None

    app.clientside_callback(
        ClientsideFunction("studio", "together"),
        Output({"kind": "field", "move": MATCH}, "value"),
        Output({"kind": "slider", "move": MATCH}, "value"),
        Input({"kind": "field", "move": MATCH}, "value"),
        Input({"kind": "slider", "move": MATCH}, "value"),
        prevent_initial_call=True,
    )


def _names(packages: tuple[Kept, ...]) -> tuple[str, ...]:
    return tuple(package.name for package in packages)


class _Opened:
    """Opens packages in a tab."""

    def __init__(self, packages: Mapping[str, tuple[Kept, ...]]) -> None:
        self._packages = packages

    def found(self, session: Session, chosen: str) -> tuple[Kept, ...]:
        """The packages of a choice; PreventUpdate where it is none."""
        if chosen in self._packages:
            return self._packages[chosen]
        if chosen in session.uploads:
            return (session.uploads[chosen],)
        raise PreventUpdate

    def open(self, session: Session, packages: tuple[Kept, ...]) -> tuple[Any, Any]:
        """The tick, and what is wrong: packages that cannot be read are not opened."""
        state = Shown(packages)
        if packages == session.now.packages:
            return no_update, []
        answer = session.answer_to(state)
        if answer.source is None:
            return no_update, wrong("It was not opened:", answer.problems)
        return stepped(session, session.history.then(state)), []


def _refused(error: Exception) -> Any:
    """Why an upload was refused."""
    if isinstance(error, InputError):
        return wrong("It was not opened:", error.problems)
    return "It was not opened: the upload is damaged; upload it again."
