"""Who may ask the studio: one browser on this machine, that opened the address which the command printed.

Every request passes here first, whatever it asks for. A page of another site that a user has open could send requests
to an address of this machine, or have a name of its own lead there; neither knows the token, and both give themselves
away: by `Origin`, by `Sec-Fetch-Site`, or by the name of the host that they ask.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["HOST", "MOST", "Guard"]

HOST = "127.0.0.1"
"""The one address that the studio listens on: this machine's own, which no other can reach."""
MOST = 12 << 20
"""Bytes of a request: an upload of 8 MB as text."""

_METHODS = ("GET", "HEAD", "POST")
_OURSELVES = ("", "none", "same-origin")
"""Where a browser says that a request comes from: typed, or a page of ours; older browsers do not say."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""What pages may load: of the studio alone. Dash writes a script into its page."""
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Guard:
    """A WSGI application that lets through what may ask, and refuses in words what may not."""

    inner: "WSGIApplication"
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def address(self) -> str:
        """What to open in the browser; whoever knows it may use the studio."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """Name of the cookie: browsers share cookies among ports, so it has the port's number."""
        return f"tierwise-studio-{self.port}"

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        answer = self._refused(request) or self._opened(request) or self._stranger(request)
        if answer is not None:
            answer.headers.update(_HEADERS)
            return answer(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            own = [(name, value) for name, value in headers if name.lower() not in _LOWER]
            return start_response(status, [*own, *_HEADERS.items()], *rest)  # type: ignore[arg-type]

        return self.inner(environ, start)  # type: ignore[arg-type]

    def _refused(self, request: Request) -> Response | None:
        """The answer to a request that no browser that opened the studio sends; None to others."""
        names = {f"{name}:{self.port}" for name in (HOST, "localhost")}
        origin = request.headers.get("Origin")
        if request.headers.get("Host", "") not in names:
            return _said(403, f"This studio is asked as {HOST}:{self.port} and by no other name.")
        if origin is not None and origin not in {f"http://{name}" for name in names}:
            return _said(403, "This request comes from a page of another site.")
        if request.headers.get("Sec-Fetch-Site", "") not in _OURSELVES:
            return _said(403, "This request comes from a page of another site.")
        if request.method not in _METHODS:
            return _said(405, f"The studio takes {', '.join(_METHODS)}.")
        if request.method == "POST" and origin is None:
            return _said(403, "A request that changes something says which page it comes from.")
        if request.method == "POST" and request.content_length is None:
            return _said(411, "A request says how long it is.")
        if (request.content_length or 0) > MOST:
            return _said(413, f"A request has {MOST >> 20} MB at most.")
        return None

    def _opened(self, request: Request) -> Response | None:
        """The answer to the address with the token: a cookie, and the way on, so that the token leaves the address."""
        if request.method != "GET" or request.path != "/" or not self._is_token(request.args.get("token", "")):
            return None
        answer = Response(status=303, headers={"Location": "/"})
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="Strict", path="/")
        return answer

    def _stranger(self, request: Request) -> Response | None:
        """The answer to whoever has no cookie of ours."""
        if self._is_token(request.cookies.get(self.cookie, "")):
            return None
        return _said(403, "Open the studio by the address that `tierwise studio` printed: it ends in a token.")

    def _is_token(self, given: str) -> bool:
        return compare_digest(given.encode(), self.token.encode())


_LOWER = {name.lower() for name in _HEADERS}


def _said(status: int, words: str) -> Response:
    return Response(f"{words}\n", status, mimetype="text/plain")
