"""The tables of the packages: shown, edited in place, rows added and taken away."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from chains import InputError
from chains.tables.schema import TABLES
from scenarios.studio.kept import Kept
from scenarios.studio.page import grid as grids
from scenarios.studio.page import views
from scenarios.studio.page.choosing import choice
from scenarios.studio.page.tabs import stepped, tab
from scenarios.studio.sessions import Session, Sessions

__all__ = ["register"]

_SIGN = "/"
"""Between the names of a package and of its table."""


def register(app: Dash, sessions: Sessions) -> None:
    """Add these callbacks."""

    @app.callback(
        Output("table-place", "children"),
        Input("tick", "data"),
        State("table", "data"),
        State("session", "data"),
    )
    def show_tables(tick: dict[str, Any], chosen: str | None, name: str) -> Any:
        if not tick["packages"] and chosen:
            raise PreventUpdate
        with tab(sessions, name) as session:
            packages = session.now.packages
        options = {f"{package.name}{_SIGN}{table}": _label(package, table) for package in packages for table in TABLES}
        first = f"{packages[0].name}{_SIGN}{next(iter(packages[0].tables), 'segments')}"
        return choice("Table", "table", options, chosen if chosen in options else first)

    @app.callback(
        Output("grid-place", "children"),
        Output("grid-shown", "data"),
        Output("table-words", "children"),
        Output("table-problems", "children"),
        Input("table", "data"),
        Input("tick", "data"),
        State("grid-shown", "data"),
        State("session", "data"),
    )
    def show_table(chosen: str | None, tick: dict[str, Any], shown: str | None, name: str) -> tuple[Any, ...]:
        if ctx.triggered_id == "tick" and not tick["packages"]:
            raise PreventUpdate
        with tab(sessions, name) as session:
            package, table = _chosen(session, chosen)
            problems = [p for p in session.answer.problems if p.file.startswith(f"{package.name}/")]
        said = views.problem_list(problems)
        if TABLES[table].file not in package.files:
            words = f"{_meaning(table)} This package has no such table; adding a row makes it."
            return html.Div(id="grid"), "", words, said
        try:
            made = grids.grid(package, table, grids.problems_of(package.name, table, problems))
        except InputError as error:
            return html.Ul(views.problem_list(error.problems), id="grid", className="wrong"), "", _meaning(table), said
        key = f"{chosen} {package.header(table)}"
        if shown == key:  # it is filled anew below: made anew it would lose the cell that has the focus
            return no_update, no_update, _meaning(table), said
        return made, key, _meaning(table), said

    @app.callback(
        Output("grid", "rowData"),
        Input("tick", "data"),
        State("grid-shown", "data"),
        State("table", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def fill_table(tick: dict[str, Any], shown: str | None, chosen: str | None, name: str) -> Any:
        with tab(sessions, name) as session:
            package, table = _chosen(session, chosen)
            if not tick["packages"] or TABLES[table].file not in package.files:
                raise PreventUpdate
            if shown != f"{chosen} {package.header(table)}":
                raise PreventUpdate
            return grids.rows_of(package, table, grids.problems_of(package.name, table, session.answer.problems))

    def edited(name: str, chosen: str | None, edit: Callable[[Kept, str], Kept]) -> tuple[Any, Any]:
        """The tick and what is wrong after an edit of the table that is shown."""
        with tab(sessions, name) as session:
            package, table = _chosen(session, chosen)
            try:
                state = session.now.with_package(edit(package, table))
            except InputError as error:
                return no_update, views.wrong("It was not changed:", error.problems)
            return stepped(session, session.history.then(state)), []

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Output("table-wrong", "children", allow_duplicate=True),
        Input("grid", "cellValueChanged"),
        State("table", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def edit(changes: list[dict[str, Any]] | None, chosen: str, name: str) -> tuple[Any, Any]:
        if not changes:
            raise PreventUpdate

        def all_of(package: Kept, table: str) -> Kept:
            for change in changes:
                text = "" if change["value"] is None else str(change["value"])
                package = package.with_cell(table, int(change["data"][grids.ROW]), str(change["colId"]), text)
            return package

        return edited(name, chosen, all_of)

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Output("table-wrong", "children", allow_duplicate=True),
        Input("add-row", "n_clicks"),
        State("table", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def add(clicks: int, chosen: str, name: str) -> tuple[Any, Any]:
        def longer(package: Kept, table: str) -> Kept:
            has = TABLES[table].file in package.files
            return (package if has else package.with_table(table)).with_row(table)

        return edited(name, chosen, longer)

    @app.callback(
        Output("tick", "data", allow_duplicate=True),
        Output("table-wrong", "children", allow_duplicate=True),
        Input("delete-row", "n_clicks"),
        State("grid", "selectedRows"),
        State("table", "data"),
        State("session", "data"),
        prevent_initial_call=True,
    )
    def delete(clicks: int, selected: list[dict[str, Any]] | None, chosen: str, name: str) -> tuple[Any, Any]:
        if not selected:
            return no_update, "No row is selected: Space selects the row of a cell."
        return edited(name, chosen, lambda package, table: package.without_row(table, int(selected[0][grids.ROW])))


def _meaning(table: str) -> str:
    """What a table holds, as a sentence."""
    meaning = TABLES[table].meaning
    return f"{meaning[0].upper()}{meaning[1:]}."


def _label(package: Kept, table: str) -> str:
    has = "" if TABLES[table].file in package.files else " (not in the package)"
    return f"{package.name}: {table.replace('_', ' ')}{has}"


def _chosen(session: Session, chosen: str | None) -> tuple[Kept, str]:
    """The package and the table that are shown; PreventUpdate where they are not of this state."""
    name, _, table = (chosen or "").rpartition(_SIGN)
    try:
        package = session.now.package(name)
    except KeyError:
        raise PreventUpdate from None
    if table not in TABLES:
        raise PreventUpdate
    return package, table
