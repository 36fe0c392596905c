"""WIOD: the world of `world.py` in its layout, as a workbook and as a CSV of its sheet, and against pymrio."""

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pymrio
import pytest

from chains import InputError
from chains.importing import import_set
from tests.chains.importing import world

NAME = "wiot11_row_sep12.xlsx"


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbook(tmp_path_factory.mktemp("wiod") / NAME, world.wiod_rows())


def rows_of(package: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((package / f"{name}.csv").read_text("utf-8").splitlines()))


def supply(package: Path) -> dict[tuple[str, str], float]:
    return {(row["segment"], row["location"]): float(row["value"]) for row in rows_of(package, "supply")}


def problems(source: Path, folder: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(InputError) as caught:
        import_set("wiod", source, folder / "out", home="NLD")
    return [(problem.row, problem.column, problem.wrong) for problem in caught.value.problems]


def test_the_same_world_gives_the_same_supply(table: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    imported = import_set("wiod", table, tmp_path / "nld", home="NLD", progress=lambda *at: told.append(at))
    assert supply(tmp_path / "nld") == pytest.approx(world.SUPPLY, rel=1e-5)
    assert (imported.meta.year, imported.meta.unit) == (2011, "USD billion per year")
    assert [row["name"] for row in rows_of(tmp_path / "nld", "segments")] == ["Mining", "Electronics", "Machinery"]
    source = {row["source"]: row for row in rows_of(tmp_path / "nld", "sources")}["wiod"]
    assert source["citation"].startswith("World Input-Output Database, release 2013")
    assert told[-1][0] == told[-1][1]


@pytest.mark.filterwarnings("ignore")  # of pymrio: extensions that are not there, how it opens workbooks
def test_reliance_is_that_of_pymrio(table: Path, tmp_path: Path) -> None:
    import_set("wiod", table, tmp_path / "nld", home="NLD")
    system = pymrio.parse_wiod(table).calc_all()
    through = system.L["NLD"].to_numpy() - np.eye(9)[:, :3]
    found = [
        float(row["value"])
        for row in rows_of(tmp_path / "nld", "segment_indicators")
        if row["indicator"] == "foreign_input_reliance"
    ]
    np.testing.assert_allclose(found, through[3:].sum(axis=0) / through.sum(axis=0), rtol=1e-9)


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_sheet_as_csv_gives_the_same(table: Path, tmp_path: Path, separator: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(world.wiod_rows())
    path = tmp_path / "WIOT2014_Nov16_ROW.csv"
    path.write_text(text.getvalue(), "utf-8")
    imported = import_set("wiod", path, tmp_path / "nld", home="NLD")
    assert supply(tmp_path / "nld") == pytest.approx(world.SUPPLY, rel=1e-5)
    assert imported.meta.year == 2014


def test_codes_that_a_sheet_holds_as_numbers_and_old_codes_of_countries_are_read(tmp_path: Path) -> None:
    codes = {"B07_08": "AtB", "C26": 24, "C28": "34t35", "DEU": "ROM"}
    rows = [[codes.get(str(cell), cell) for cell in row] for row in world.wiod_rows()]
    import_set("wiod", workbook(tmp_path / NAME, rows), tmp_path / "nld", home="NLD")
    assert supply(tmp_path / "nld")["24", "ROU"] == pytest.approx(0.03, rel=1e-5)


def test_cells_rows_and_labels_that_are_wrong_are_told(tmp_path: Path) -> None:
    rows = world.wiod_rows()
    rows[6][4], rows[8][12] = "two", "x"
    path = workbook(tmp_path / NAME, rows)
    assert problems(path, tmp_path) == [(7, "NLD c33", "'two' is not a number"), (9, "CHN c35", "'x' is not a number")]
    rows = world.wiod_rows()
    path = workbook(tmp_path / NAME, rows[:9] + rows[10:])
    assert problems(path, tmp_path) == [(0, "", "the row DEU B07_08 is missing")]
    rows = world.wiod_rows()
    rows[4][4] = "XXX"
    assert problems(workbook(tmp_path / NAME, rows), tmp_path) == [(5, "c33", "'XXX' is no country")]
    rows = world.wiod_rows()
    rows[9][8] = 500.0
    wrong = "the cells of DEU B07_08 sum to 545, the total says 55"
    assert problems(workbook(tmp_path / NAME, rows), tmp_path) == [(10, "", wrong)]


def test_files_that_are_no_table_are_told(tmp_path: Path) -> None:
    (tmp_path / "wiot11.xlsx").write_bytes(b"no workbook")
    with pytest.raises(InputError, match=r"wiot11\.xlsx: is no workbook"):
        import_set("wiod", tmp_path / "wiot11.xlsx", tmp_path / "n", home="NLD")
    with pytest.raises(InputError, match="has no four rows of labels above its numbers"):
        import_set("wiod", workbook(tmp_path / NAME, [["a", 1], ["b", 2]]), tmp_path / "n", home="NLD")
