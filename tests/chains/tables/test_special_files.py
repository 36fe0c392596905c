"""Links, pipes and whatever else leads out of a package's folder: refused by name, and never opened."""

import json
import os
import socket
from pathlib import Path

import pytest

from chains import InputError, load
from tests.small import FILES, META, OPTIONAL, Small, at, write_link


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")


@pytest.mark.parametrize("file", ["readme.txt", "surge.csv", "supply.csv", "datapackage.json", "allocation.csv"])
def test_a_link_is_refused_by_name(small: Small, tmp_path: Path, file: str) -> None:
    target = tmp_path / "elsewhere"
    target.write_text(FILES.get(file) or OPTIONAL.get(file, "secret"), encoding="utf-8")
    path = small.folder / file
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    assert "symbolic link" in at(small.problems(), f"small/{file}", 0, "", "link")
    assert not [problem for problem in small.problems() if "missing" in problem.wrong]


@pytest.mark.parametrize(
    "target", ["nowhere", "supply.csv", ".", "/dev/zero"], ids=["dangling", "self", "folder", "zero"]
)
def test_a_link_is_refused_wherever_it_leads(small: Small, target: str) -> None:
    small.drop("supply.csv")
    (small.folder / "supply.csv").symlink_to(target)
    assert "symbolic link" in small.problem("supply.csv", 0, "")


@pytest.mark.parametrize("file", ["surge.csv", "supply.csv", "datapackage.json", "notes"])
def test_a_pipe_is_refused_without_waiting_for_it(small: Small, file: str) -> None:
    (small.folder / file).unlink(missing_ok=True)
    os.mkfifo(small.folder / file)
    assert "pipe" in small.problem(file, 0, "")


def test_a_socket_is_refused(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small.folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("surge.csv")
        assert "socket" in small.problem("surge.csv", 0, "")


def test_all_that_is_refused_is_said_with_what_else_is_wrong(small: Small) -> None:
    (small.folder / "readme.txt").symlink_to("nowhere")
    os.mkfifo(small.folder / "surge.csv")
    small.cell("demand.csv", 2, "value", "many")
    assert [problem.file for problem in small.problems()] == [
        *("small/demand.csv", "small/readme.txt", "small/surge.csv")
    ]


def test_a_link_in_a_link_package_is_refused(tmp_path: Path, small: Small) -> None:
    link = write_link(tmp_path / "link")
    (link / "datapackage.json").symlink_to("nowhere")
    with pytest.raises(InputError, match=r"link/datapackage\.json: is a symbolic link"):
        load(small.folder, link)


def test_a_link_that_an_editor_keeps_hidden_is_left_alone(small: Small) -> None:
    (small.folder / ".#demand.csv").symlink_to("me@machine.123:456")
    assert small.load().warnings == ()


def test_a_link_to_the_folder_itself_is_the_users_choice(small: Small, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(small.folder)
    assert load(tmp_path / "here").sha256 == small.load().sha256
    assert load(tmp_path / "here").name == "small"


# --- what the descriptor declares -----------------------------------------------------------------------------------


def _resource(small: Small, **declared: object) -> Small:
    resource = {"name": "demand", "path": "demand.csv", **declared}
    return small.replace("datapackage.json", json.dumps({"tierwise": META, "resources": [resource]}))


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "tables/demand.csv", "./demand.csv", "..", "C:\\demand.csv", "a\\b.csv"]
)
def test_a_resource_elsewhere_is_refused(small: Small, path: str) -> None:
    (small.folder / "tables").mkdir()
    (small.folder / "tables" / "demand.csv").write_text("x", encoding="utf-8")
    said = _resource(small, path=path).problem("datapackage.json", 0, "resources.0.path")
    assert path in said
    assert "another folder" in said


@pytest.mark.parametrize("path", [None, ["demand.csv", "more.csv"], 3])
def test_a_resource_that_names_no_file_is_refused(small: Small, path: object) -> None:
    assert "name of a file" in _resource(small, path=path).problem("datapackage.json", 0, "resources.0.path")


@pytest.mark.parametrize("encoding", ["gbk", "latin-1", "utf-16", None])
def test_an_encoding_that_is_not_read_is_refused(small: Small, encoding: object) -> None:
    said = _resource(small, encoding=encoding).problem("datapackage.json", 0, "resources.0.encoding")
    assert f"{encoding!r}" in said
    assert "UTF-8" in said


@pytest.mark.parametrize(
    ("key", "value"),
    [("delimiter", ";"), ("quoteChar", "'"), ("header", False), ("commentChar", "#"), ("csv", {"delimiter": ";"})],
)
def test_a_dialect_that_is_not_read_is_refused(small: Small, key: str, value: object) -> None:
    said = _resource(small, dialect={key: value}).problem("datapackage.json", 0, f"resources.0.dialect.{key}")
    assert "not read so" in said


@pytest.mark.parametrize(
    ("key", "value"), [("decimalChar", ","), ("groupChar", "."), ("groupChar", ","), ("bareNumber", False)]
)
def test_a_form_of_numbers_that_is_not_read_is_refused(small: Small, key: str, value: object) -> None:
    fields = [{"name": "segment"}, {"name": "value", "type": "number", key: value}]
    place = f"resources.0.schema.fields.1.{key}"
    assert "not read so" in _resource(small, schema={"fields": fields}).problem("datapackage.json", 0, place)


def test_missing_values_that_are_not_read_are_refused(small: Small) -> None:
    said = _resource(small, schema={"missingValues": ["", "NA"]}).problem(
        "datapackage.json", 0, "resources.0.schema.missingValues"
    )
    assert "NA" in said


def test_what_is_declared_as_it_is_read_is_accepted(small: Small) -> None:
    dialect = {"delimiter": ",", "quoteChar": '"', "header": True, "lineTerminator": "\r\n", "csvddfVersion": 1.2}
    fields = [{"name": "value", "type": "number", "decimalChar": "."}]
    schema = {"fields": fields, "missingValues": [""]}
    assert _resource(small, encoding="UTF-8", dialect=dialect, schema=schema).load().warnings == ()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ('{"tierwise": {"home": "CHN", "home": "JPN", "currency": "CNY", "scale": "billion", "year": 2022}}', "home"),
        (
            '{"tierwise": {"home": "CHN", "currency": "CNY", "scale": "one", "year": 2022}, "name": "a", "name": "b"}',
            "name",
        ),
        (
            '{"tierwise": {}, "tierwise": {"home": "CHN", "currency": "CNY", "scale": "billion", "year": 2022}}',
            "tierwise",
        ),
    ],
)
def test_a_key_that_stands_twice_in_the_descriptor_is_refused(small: Small, content: str, key: str) -> None:
    said = small.replace("datapackage.json", content).problem("datapackage.json", 0, key)
    assert f"'{key}' stands 2 times" in said


def test_the_descriptor_of_a_link_package_is_checked_too(tmp_path: Path, small: Small) -> None:
    link = write_link(tmp_path / "link")
    (link / "datapackage.json").write_text('{"resources": [{"path": "../small/inputs.csv"}]}', encoding="utf-8")
    with pytest.raises(InputError, match=r"link/datapackage\.json::resources\.0\.path"):
        load(small.folder, link)


# --- tables that are too much -----------------------------------------------------------------------------------------


def test_a_cell_that_is_too_long_is_first_a_matter_of_its_length(small: Small) -> None:
    said = small.cell("demand.csv", 2, "note", "x" * 200_000).problem("demand.csv", 2, "")
    assert said.index("shorten") < said.index("quotation")


def test_a_column_that_stands_very_often_is_said_once(small: Small) -> None:
    header, rest = small.text("demand.csv").split("\n", 1)
    said = small.replace("demand.csv", header + ",value" * 99_999 + "\n" + rest).problem("demand.csv", 1, "value")
    assert "100000 times" in said


def test_a_what_if_names_columns_that_python_uses_itself(small: Small) -> None:
    for name in ("self", "table", "factor"):
        with pytest.raises(InputError, match=f"'{name}' is not a key column"):
            small.load().scaled("supply", 2.0, **{name: "x"})
