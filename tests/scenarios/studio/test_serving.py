"""The studio over a socket: who gets an answer, what is loaded, and that tabs are apart."""

import json
import re
import socket
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

pytest.importorskip("dash", reason="the extra 'studio' is not installed")

from chains import InputError
from scenarios.studio.guarding import MOST
from scenarios.studio.serving import Studio


def asked(
    studio: Studio, path: str = "/", method: str = "GET", body: bytes | None = None, **headers: str
) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", studio.port, timeout=60)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


@pytest.fixture
def cookie(studio: Studio) -> str:
    answer = asked(studio, studio.guard.address.partition(str(studio.port))[2])
    assert answer.status == 303
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def test_a_page_is_given_to_whoever_has_the_token_and_to_nobody_else(studio: Studio, cookie: str) -> None:
    assert asked(studio).status == 403
    assert asked(studio, "/_dash-layout").status == 403
    assert asked(studio, Host=f"studio.example:{studio.port}", Cookie=cookie).status == 403
    assert asked(studio, Origin="http://studio.example", Cookie=cookie).status == 403
    page = asked(studio, Cookie=cookie)
    assert page.status == 200
    assert b"Tierwise studio" in page.read()


def test_the_page_names_no_other_host(studio: Studio, cookie: str) -> None:
    page = asked(studio, Cookie=cookie).read().decode()
    assert re.findall(r"(?:src|href)=\"(?!/)[^\"]*", page) == []
    countries = asked(studio, "/assets/topojson/world_110m.json", Cookie=cookie)
    assert {"countries", "land"} <= set(json.loads(countries.read())["objects"])


def test_it_listens_on_this_machines_own_address_alone(studio: Studio) -> None:
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", studio.port), timeout=5)


def test_a_request_that_is_too_long_is_not_read(studio: Studio, cookie: str) -> None:
    origin = f"http://127.0.0.1:{studio.port}"
    answer = asked(
        studio, "/_dash-update-component", "POST", b"", Cookie=cookie, Origin=origin, Content_Length=str(MOST + 1)
    )
    assert answer.status == 413


def test_paths_lead_to_nothing_outside(studio: Studio, cookie: str) -> None:
    for path in ("/assets/../serving.py", "/assets/%2e%2e/serving.py", "/assets/..%2fserving.py", "//etc/passwd"):
        answer = asked(studio, path, Cookie=cookie)
        assert b"import" not in (content := answer.read())
        assert b"root:" not in content


def test_every_load_of_the_page_is_a_tab_of_its_own(studio: Studio, cookie: str) -> None:
    names = []
    for _ in range(2):
        layout = json.loads(asked(studio, "/_dash-layout", Cookie=cookie).read())
        stores = {child["props"].get("id"): child["props"] for child in layout["props"]["children"]}
        names.append(stores["session"]["data"])
    one, two = map(studio.sessions.of, names)
    assert one is not None
    assert two is not None
    assert names[0] != names[1]
    state = one.now.with_package(one.now.packages[0].with_cell("demand", 2, "value", "61"))
    one.history = one.history.then(state)
    assert two.now != one.now
    assert two.history.past == ()


def test_a_port_that_is_taken_and_a_package_that_is_none_are_said(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"option port: {studio.port} cannot be had"):
        Studio([], tmp_path / "mine", studio.port)
    with pytest.raises(InputError, match="is neither a folder nor a shipped package"):
        Studio(["nothing"], tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
