"""From one container to another nothing is lost: there and back are the same bytes, or the same values."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

import data
from chains import InputError, load
from chains.writing import convert
from tests.small import Small


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".json", ".md")}


@pytest.mark.slow
@pytest.mark.parametrize("package", ["robots", "coupled", "chips", "ai", "ai-chips", "japan"])
def test_a_shipped_package_comes_back_from_a_workbook_and_an_archive(package: str, tmp_path: Path) -> None:
    """Byte by byte, since the shipped files are written as a workbook reads: no `0.10`, and one layout."""
    convert(package, tmp_path / "a" / "small.xlsx")
    convert(tmp_path / "a" / "small.xlsx", tmp_path / "b.zip")
    convert(tmp_path / "b.zip", tmp_path / "c")
    before, after = _bytes(data.folder(package)), _bytes(tmp_path / "c")
    assert before.keys() == after.keys()
    assert {name: content for name, content in before.items() if content != after[name]} == {}


@pytest.mark.slow
def test_text_cells_that_look_like_something_else_stay_as_they_are(small: Small, tmp_path: Path) -> None:
    notes = ["=1+1", "007", "1e5", "TRUE", "2022-01-01", "  blanks  ", 'a "quoted", text']
    notes += ["two\nlines", "http://x", "é中"]
    for row, note in enumerate(notes[:2], start=2):
        small.cell("demand.csv", row, "note", note)
    for row, note in enumerate(notes[2:7], start=2):
        small.cell("supply.csv", row, "note", note)
    for row, note in enumerate(notes[7:], start=2):
        small.cell("response.csv", row, "note", note)
    convert(small.folder, tmp_path / "a" / "small.xlsx")
    convert(tmp_path / "a" / "small.xlsx", tmp_path / "b" / "small")
    for table in ("demand", "supply", "response"):
        assert load(tmp_path / "b" / "small").table(table).equals(small.load().table(table)), table


@pytest.mark.slow
def test_numbers_are_numbers_to_the_last_bit(small: Small, tmp_path: Path) -> None:
    small.cell("supply.csv", 2, "value", "6.000000000000001").cell("supply.csv", 3, "value", "1.2e1")
    convert(small.folder, tmp_path / "a" / "small.xlsx")
    sheet = load_workbook(tmp_path / "a" / "small.xlsx")["supply"]
    assert [sheet["D2"].value, sheet["D3"].value] == [6.000000000000001, 12]
    assert load(tmp_path / "a" / "small.xlsx").table("supply").equals(small.load().table("supply"))


def test_a_workbook_has_notes_and_lists(small: Small, tmp_path: Path) -> None:
    convert(small.folder, tmp_path / "a" / "small.xlsx")
    book = load_workbook(tmp_path / "a" / "small.xlsx")
    assert "final demand, money per year" in str(book["demand"]["C1"].comment).lower()
    lists = {str(found.sqref): found.formula1 for found in book["segments"].data_validations.dataValidation}
    assert lists == {"C2:C1001": '"upstream,midstream,downstream"'}


@pytest.mark.slow
def test_a_european_folder_becomes_a_workbook_of_the_same_numbers(small: Small, tmp_path: Path) -> None:
    before = small.load().table("inputs")
    small.replace("inputs.csv", small.text("inputs.csv").replace(",", ";").replace(".", ","))
    convert(small.folder, tmp_path / "a" / "small.xlsx")
    assert load(tmp_path / "a" / "small.xlsx").table("inputs").equals(before)


def test_text_for_people_goes_along(small: Small, tmp_path: Path) -> None:
    small.replace("README.md", "# Wind\n\n=not a formula\n")
    convert(small.folder, tmp_path / "a" / "small.xlsx")
    convert(tmp_path / "a" / "small.xlsx", tmp_path / "b" / "small")
    assert (tmp_path / "b" / "small" / "README.md").read_text("utf-8") == "# Wind\n\n=not a formula\n"


@pytest.mark.parametrize(
    ("target", "told"),
    [("a.ods", "is neither a folder nor a .zip or .xlsx file"), ("small", "is there already")],
)
def test_a_target_that_cannot_be_is_refused(small: Small, tmp_path: Path, target: str, told: str) -> None:
    before = _bytes(small.folder)
    with pytest.raises(InputError, match=told):
        convert(small.folder, tmp_path / target)
    assert _bytes(small.folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"small"}


def test_what_a_workbook_has_no_sheet_for_is_named_and_nothing_written(small: Small, tmp_path: Path) -> None:
    small.replace("own_figures.csv", "a,b\n1,2\n").replace("map.png", b"\x89PNG")
    with pytest.raises(InputError) as caught:
        convert(small.folder, tmp_path / "a" / "small.xlsx")
    assert [str(problem).partition(": ")[2].partition(";")[0] for problem in caught.value.problems] == [
        "a workbook has no sheet for map.png",
        "a workbook has no sheet for own_figures.csv",
    ]
    assert not (tmp_path / "a" / "small.xlsx").exists()


def test_a_package_with_problems_is_not_converted(small: Small, tmp_path: Path) -> None:
    small.cell("demand.csv", 2, "value", "many")
    with pytest.raises(InputError, match=r"small/demand\.csv:2:value"):
        convert(small.folder, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_names_of_other_sheets_are_chosen_from_them(small: Small, tmp_path: Path) -> None:
    convert(small.add_optional().folder, tmp_path / "small.xlsx")
    book = load_workbook(tmp_path / "small.xlsx")

    def lists(sheet: str) -> dict[str, str]:
        heads = {cell.column_letter: str(cell.value) for cell in book[sheet][1]}
        found = book[sheet].data_validations.dataValidation
        return {heads[str(own.sqref)[0]]: str(own.formula1) for own in found}

    assert lists("inputs").items() >= {"input": "segments!$A$2:$A$1001", "user": "segments!$A$2:$A$1001"}.items()
    assert lists("disruptions")["scenario"] == "probabilities!$A$2:$A$1001"
    assert lists("supply")["source"] == "sources!$A$2:$A$1001"
    assert "segment" not in lists("segments")


def test_notes_of_money_name_the_unit(small: Small, tmp_path: Path) -> None:
    convert(small.meta(unit=None, scale="million").folder, tmp_path / "small.xlsx")
    book = load_workbook(tmp_path / "small.xlsx")
    assert "Money is in CNY million." in str(book["demand"]["C1"].comment)
    assert "Money is in CNY million." in str(book["response"]["C1"].comment)
    assert "Money" not in str(book["probabilities"]["B1"].comment)
    (scales,) = book["package"].data_validations.dataValidation
    assert "hundred million" in str(scales.formula1)
    assert load(tmp_path / "small.xlsx").scale == "million"
