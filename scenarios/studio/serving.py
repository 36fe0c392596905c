"""The studio as a web server: Dash's page behind the guard, on this machine's own address."""

import logging
import socket
from collections.abc import Sequence
from pathlib import Path

from dash import Dash
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

import data
from chains import InputError, load
from scenarios.studio.guarding import HOST, MOST, Guard
from scenarios.studio.kept import Kept
from scenarios.studio.page import editing, keeping, moving, showing
from scenarios.studio.page.layout import page
from scenarios.studio.places import Place
from scenarios.studio.sessions import Sessions
from scenarios.studio.state import State

__all__ = ["Studio"]

FIRST = "robots"
TOGETHER = (("robots", "chips", "coupled"), ("ai", "chips", "ai-chips"))
"""Packages that ship and are linked by the last of them."""


class Studio:
    """A studio that listens; `serve` answers until `close`. InputError where a package or the port cannot be had."""

    def __init__(self, packages: Sequence[str | Path] = (), folder: Path = Path("studio"), port: int = 0) -> None:
        own = tuple(Kept.of(package) for package in packages)
        if own:
            load(*packages)  # every problem at once, before a page is opened
        self._socket = _listening(port)
        try:
            self.place = Place(folder)
        except InputError:
            self._socket.close()
            raise
        choices = _choices(own)
        start = " + ".join(package.name for package in own) if own else FIRST
        self.sessions = Sessions(self.place, State(choices[start]))
        app = _app(self.sessions, choices, start)
        self.port = int(self._socket.getsockname()[1])
        self.guard = Guard(app.server, self.port)
        self._server: BaseWSGIServer = make_server(
            HOST, self.port, self.guard, threaded=True, request_handler=_Quiet, fd=self._socket.fileno()
        )

    def serve(self) -> None:
        """Answer requests until `close` is called, from another thread or by a signal."""
        self._server.serve_forever()

    def close(self) -> None:
        """Stop answering, and remove what was there for as long as the studio ran."""
        self._server.shutdown()
        self._server.server_close()
        self._socket.close()
        self.place.close()


class _Quiet(WSGIRequestHandler):
    """Says nothing of every request, and no version of what serves."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def version_string(self) -> str:
        """What the header `Server` says."""
        return "tierwise"


def _listening(port: int) -> socket.socket:
    """A socket on this machine's own address; InputError where the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        wrong = f"{port} cannot be had ({error.strerror or error})"
        raise InputError.single("option port", wrong, "name another, or none for a free one") from None
    return listening


def _choices(own: tuple[Kept, ...]) -> dict[str, tuple[Kept, ...]]:
    """What can be opened, by name: what was named on the command line first, then what ships."""
    choices = {" + ".join(package.name for package in own): own} if own else {}
    alone = [name for name in data.names() if (data.folder(name) / "segments.csv").is_file()]
    for names in (*((name,) for name in alone), *TOGETHER):
        key = " + ".join(names)
        choices.setdefault(key, tuple(Kept.of(name) for name in names))
    return choices


def _app(sessions: Sessions, choices: dict[str, tuple[Kept, ...]], start: str) -> Dash:
    """The Dash application. It loads nothing from elsewhere, has no developer's tools, and no way in but its page."""
    app = Dash(
        "scenarios.studio",
        assets_folder=str(Path(__file__).parent / "assets"),
        serve_locally=True,
        title="Tierwise studio",
        update_title="",
        suppress_callback_exceptions=True,
        enable_mcp=False,
        add_log_handler=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.server.config["MAX_CONTENT_LENGTH"] = MOST
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    labels = [(name, name) for name in choices]
    app.layout = lambda: page(sessions.new(), labels, start)
    moving.register(app, sessions, choices)
    showing.register(app, sessions)
    editing.register(app, sessions)
    keeping.register(app, sessions)
    return app
