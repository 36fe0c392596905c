"""docs/tutorial.md is followed as it is written: every block in order, in an empty folder.

A block of `csv NAME` is a sheet, written anew below its headings (`csv mend`: cells to write), one of `toml NAME` a
file, one of `sh` commands, and one of `text` after it what they print, errors first; `...` stands for any lines.
"""

import contextlib
import csv
import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chains.tables.checking import is_number
from scenarios.cli import main

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
BOOK = "wind.xlsx"
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _cell(text: str) -> object:
    """What a spreadsheet makes of typed text."""
    return float(text) if is_number(text) else text or None


def _write_sheet(name: str, rows: list[list[str]]) -> None:
    book = load_workbook(BOOK)
    if name not in book.sheetnames:
        book.create_sheet(name).append(rows[0])
    sheet = book[name]
    heads = [str(cell.value) for cell in sheet[1]]
    sheet.delete_rows(2, sheet.max_row)
    for row in rows[1:]:
        cells = dict(zip(rows[0], row, strict=True))
        sheet.append([_cell(cells.get(head, "")) for head in heads])
    book.save(BOOK)


def _mend(rows: list[list[str]]) -> None:
    book = load_workbook(BOOK)
    for name, row, column, text in rows[1:]:
        heads = [cell.value for cell in book[name][1]]
        book[name].cell(int(row), heads.index(column) + 1).value = _cell(text)  # type: ignore[assignment]
    book.save(BOOK)


def _run(commands: str) -> list[str]:
    """What the commands print, errors first, line by line."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for command in commands.splitlines():
            program, *arguments = command.split()
            assert program == "tierwise"
            with contextlib.suppress(SystemExit):
                main(arguments)
    return [line.rstrip() for line in (err.getvalue() + out.getvalue()).splitlines()]


def _check(claimed: str, printed: list[str]) -> None:
    """Every claimed line is printed, in order; without `...` between them, one after the other."""
    at, anywhere = 0, False
    for line in claimed.splitlines():
        if line == "...":
            anywhere = True
            continue
        here = [n for n, told in enumerate(printed[at:], start=at) if told == line.rstrip()]
        assert here, f"not printed: {line}\nwhat is:\n" + "\n".join(printed)
        assert anywhere or here[0] == at, f"printed before it: {printed[at]}"
        at, anywhere = here[0] + 1, False
    assert anywhere or at == len(printed), f"printed after it: {printed[at:]}"


@pytest.mark.slow
def test_the_tutorial_is_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    printed: list[str] = []
    for kind, name, text in _BLOCK.findall(PAGE.read_text("utf-8")):
        if kind == "sh":
            printed = _run(text)
        elif kind == "text":
            _check(text, printed)
        elif kind == "toml":
            Path(name).write_text(text, encoding="utf-8")
        else:
            rows = list(csv.reader(io.StringIO(text)))
            _mend(rows) if name == "mend" else _write_sheet(name, rows)
    assert (tmp_path / "results" / "wind" / "report.html").is_file()


def test_every_block_of_the_tutorial_is_followed() -> None:
    """None is passed over: blocks begin and end in pairs, each is of a kind that is known."""
    page = PAGE.read_text("utf-8")
    blocks = _BLOCK.findall(page)
    assert 2 * len(blocks) == page.count("\n```")
    assert {kind for kind, _, _ in blocks} == {"sh", "text", "csv", "toml"}
    assert all(name for kind, name, _ in blocks if kind in ("csv", "toml"))
