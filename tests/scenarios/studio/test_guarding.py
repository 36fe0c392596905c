"""Who may ask the studio: nobody without the token, no other name of the host, no page of another site."""

from collections.abc import Iterable

import pytest

pytest.importorskip("dash", reason="the extra 'studio' is not installed")

from werkzeug.test import Client
from werkzeug.wrappers import Response

from scenarios.studio.guarding import MOST, Guard

PORT, TOKEN = 8700, "a-token-that-nobody-guesses"
BASE = f"http://127.0.0.1:{PORT}"
HERE = {"Origin": BASE}


def inner(environ: object, start_response: object) -> Iterable[bytes]:
    return Response("inside", headers={"X-Frame-Options": "SAMEORIGIN"})(environ, start_response)  # type: ignore[arg-type]


@pytest.fixture
def browser() -> Client:
    """A browser that has not opened the studio."""
    return Client(Guard(inner, PORT, TOKEN))


@pytest.fixture
def opened(browser: Client) -> Client:
    """A browser that opened the address with the token."""
    answer = browser.get("/", query_string={"token": TOKEN}, base_url=BASE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    return browser


def test_the_address_gives_a_cookie_that_no_script_and_no_other_site_can_use(browser: Client) -> None:
    answer = browser.get("/", query_string={"token": TOKEN}, base_url=BASE)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"tierwise-studio-{PORT}={TOKEN};")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_whoever_opened_it_gets_in_and_pages_load_nothing_from_elsewhere(opened: Client) -> None:
    answer = opened.get("/", base_url=BASE)
    assert answer.text == "inside"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers.getlist("X-Frame-Options") == ["DENY"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert opened.get("/", base_url=f"http://localhost:{PORT}").status_code == 403  # its cookies are its own
    assert opened.post("/_dash-update-component", base_url=BASE, headers=HERE, data=b"{}").text == "inside"


@pytest.mark.parametrize("query", [{}, {"token": ""}, {"token": "another"}, {"token": "ä"}])
def test_without_the_token_nobody_gets_in(browser: Client, query: dict[str, str]) -> None:
    answer = browser.get("/", query_string=query, base_url=BASE)
    assert answer.status_code == 403
    assert "the address that `tierwise studio` printed" in answer.text


def test_a_wrong_cookie_does_not_get_in(browser: Client) -> None:
    browser.set_cookie(f"tierwise-studio-{PORT}", "another", domain="127.0.0.1")
    assert browser.get("/assets/studio.css", base_url=BASE).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", ""])
def test_another_name_of_the_host_is_refused_even_with_the_token(opened: Client, host: str) -> None:
    for query in ({}, {"token": TOKEN}):
        answer = opened.get("/", query_string=query, base_url=BASE, headers={"Host": host})
        assert answer.status_code == 403
        assert answer.text == f"This studio is asked as 127.0.0.1:{PORT} and by no other name.\n"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"http://127.0.0.1:{PORT + 1}", f"https://127.0.0.1:{PORT}"]
)
def test_a_page_of_another_site_is_refused_even_with_the_cookie(opened: Client, origin: str) -> None:
    for ask in (opened.get, opened.post):
        assert ask("/", base_url=BASE, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_that_a_browser_says_another_page_sent_is_refused(opened: Client, site: str) -> None:
    assert opened.get("/", base_url=BASE, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert opened.get("/", base_url=BASE, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_a_change_says_where_it_comes_from_and_how_long_it_is(opened: Client) -> None:
    assert opened.post("/", base_url=BASE, data=b"{}").status_code == 403
    assert opened.put("/", base_url=BASE, headers=HERE).status_code == 405
    chunked = opened.post("/", base_url=BASE, headers=HERE | {"Transfer-Encoding": "chunked"})
    assert chunked.status_code == 411
    large = opened.post("/", base_url=BASE, headers=HERE, environ_overrides={"CONTENT_LENGTH": str(MOST + 1)})
    assert large.status_code == 413


def test_every_studio_has_a_token_of_its_own_which_it_does_not_tell() -> None:
    one, two = Guard(inner, PORT), Guard(inner, PORT)
    assert one.token != two.token
    assert len(one.token) >= 43  # 256 bits
    assert one.token not in repr(one)
    assert one.address == f"{BASE}/?token={one.token}"
