"""A package in an archive or a workbook is the one in the folder; what is wrong is told where its owner sees it."""

import csv
import datetime as dt
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from chains import InputError, load
from chains.writing import convert
from tests.small import META, Small


@pytest.fixture
def book(small: Small) -> Path:
    """The small package as a workbook."""
    path = small.folder.parent / "book.xlsx"
    convert(small.folder, path)
    return path


def _problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(path)
    return [str(problem) for problem in caught.value.problems]


def _edited(path: Path, edit: Callable[[Workbook], None]) -> Path:
    """A workbook after a user's change."""
    workbook = load_workbook(path)
    edit(workbook)
    workbook.save(path)
    return path


def _cell(sheet: str, cell: str, value: object) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        workbook[sheet][cell] = value

    return edit


def _zip(path: Path, files: dict[str, str], *, folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return path


# --- workbooks ----------------------------------------------------------------------------------------------------


def test_a_workbook_typed_by_hand_is_the_package(small: Small, tmp_path: Path) -> None:
    """Made by another library than the one that writes ours; a period is a number, as people type it."""
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.title = "package"
    for row in (("key", "value"), *META.items()):
        workbook["package"].append(row)
    for file in sorted(small.folder.glob("*.csv")):
        sheet = workbook.create_sheet(file.stem)
        for record in csv.reader(io.StringIO(small.text(file.name))):
            sheet.append([_typed(cell) for cell in record])
    workbook.save(tmp_path / "small.xlsx")
    chain, folder = load(tmp_path / "small.xlsx"), small.load()
    assert (chain.home, chain.currency, chain.unit, chain.years) == (folder.home, folder.currency, folder.unit, (2022,))
    for table in ("segments", "supply", "inputs", "subsidies", "response", "disruptions"):
        assert chain.table(table).equals(folder.table(table)), table


def _typed(cell: str) -> str | float | None:
    try:
        return float(cell)
    except ValueError:
        return cell or None


def test_problems_are_told_by_sheet_row_and_column(book: Path) -> None:
    _edited(book, _cell("demand", "C3", "many"))
    assert _problems(book) == [
        "book.xlsx/demand:3:value: 'many' is not a number; write digits with '.' for decimals, such as 12.5"
    ]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (_cell("subsidies", "C2", dt.date(2022, 1, 1)), "book.xlsx/subsidies:2:period: 2022-01-01 is a date"),
        (_cell("demand", "C2", "=1/0"), "book.xlsx/demand:2:C: holds a formula that was never calculated"),
        (_cell("package", "B2", "Denmark"), "book.xlsx/package::tierwise.home: 'Denmark' is not an ISO"),
        (lambda workbook: workbook.remove(workbook["demand"]), "book.xlsx/demand: the file is missing"),
        (lambda workbook: setattr(workbook["demand"], "title", "demnd"), "did you mean 'demand.csv'?"),
    ],
    ids=["date", "formula", "home", "sheet removed", "sheet renamed"],
)
def test_what_a_workbook_can_have_wrong(book: Path, edit: Callable[[Any], None], told: str) -> None:
    assert any(told in problem for problem in _problems(_edited(book, edit)))


def test_an_error_value_is_not_taken_for_an_empty_cell(book: Path) -> None:
    """`low` may be empty: #DIV/0! there would pass for that."""
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = load_workbook(book).sheetnames
    sheet = f"xl/worksheets/sheet{names.index('inputs') + 1}.xml"
    old = b"<v>0.3</v>"
    assert parts[sheet].count(old) == 1
    start = parts[sheet].rindex(b"<c ", 0, parts[sheet].index(old))
    before, cell = parts[sheet][:start], parts[sheet][start:]
    parts[sheet] = before + cell.replace(b"><v>0.3</v>", b' t="e"><v>#DIV/0!</v>', 1)
    with zipfile.ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert any("book.xlsx/inputs:2:" in told and "holds the error #DIV/0!" in told for told in _problems(book))


@pytest.mark.slow
def test_a_sheet_for_people_is_not_read(book: Path) -> None:
    before = load(book).origins[0].sha256
    _edited(book, lambda workbook: workbook.create_sheet("#notes.md").append(["to do"]))
    assert load(book).origins[0].sha256 == before
    assert load(book).warnings == ()


def test_what_is_no_workbook_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (told,) = [problem for problem in _problems(tmp_path / "x.xlsx") if "no workbook" in problem]
    assert "save it as a workbook (.xlsx) without a password" in told


# --- archives -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["", "small/"])
def test_an_archive_is_its_folder(small: Small, tmp_path: Path, folder: str) -> None:
    """Archivers of a desktop put the folder itself into the archive, and files of their own beside it."""
    files = {path.name: path.read_text("utf-8") for path in small.folder.iterdir()}
    path = _zip(tmp_path / "packed.zip", files, folder=folder)
    if folder:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("__MACOSX/small/._demand.csv", b"\0")
    chain, kept = load(path), small.load()
    assert chain.origins[0].sha256 == kept.origins[0].sha256
    assert chain.origins[0].name == "packed"


def test_problems_in_an_archive_name_it(small: Small, tmp_path: Path) -> None:
    files = {path.name: path.read_text("utf-8") for path in small.folder.iterdir()}
    path = _zip(tmp_path / "packed.zip", files | {"demand.csv": files["demand.csv"].replace("60", "sixty")})
    assert _problems(path)[0].startswith("packed.zip/demand.csv:2:value: 'sixty' is not a number")


def test_links_locked_and_deep_files_of_an_archive_are_refused(small: Small, tmp_path: Path) -> None:
    files = {path.name: path.read_text("utf-8") for path in small.folder.iterdir()}
    path = _zip(tmp_path / "packed.zip", files | {"more/tiers.csv": "chain\n"})
    link = zipfile.ZipInfo("surge.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    told = _problems(path)
    assert "packed.zip/more/tiers.csv: lies in a folder of its own; put all files of a package side by side" in told
    assert "packed.zip/surge.csv: is a symbolic link; put a copy of the file itself here" in told


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"text")
    assert any("is no zip archive" in told for told in _problems(tmp_path / "x.zip"))


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chains.tables.containers.container.MOST", 10)
    path = _zip(tmp_path / "x.zip", {"demand.csv": "x" * 11, "datapackage.json": json.dumps({})})
    assert any("unpacks to" in told for told in _problems(path))


def test_another_kind_of_file_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "x.ods").write_bytes(b"")
    assert "nor a .zip or .xlsx file" in _problems(tmp_path / "x.ods")[0]
