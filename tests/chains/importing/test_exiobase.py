"""EXIOBASE: the world of `world.py` in its layout, against the same world of the OECD's, and pymrio."""

import csv
import zipfile
from pathlib import Path

import numpy as np
import pymrio
import pytest

from chains import InputError
from chains.importing import import_set
from tests.chains.importing import world

SECTORS = dict(
    zip(("minerals_other", "radio_and_communication_equipment_32", "machinery_n_e_c_29"), world.INDUSTRIES, strict=True)
)
"""Keys of segments here, and the industries of the OECD's table."""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.exiobase(tmp_path_factory.mktemp("exiobase") / "IOT_2020_pxp")


def rows_of(package: Path, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader((package / f"{table}.csv").read_text("utf-8").splitlines()))


def supply(package: Path) -> dict[tuple[str, str], float]:
    rows = rows_of(package, "supply")
    return {(SECTORS[row["segment"]].lower(), row["location"]): float(row["value"]) for row in rows}


def problems(source: Path, folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(InputError) as caught:
        import_set("exiobase", source, folder / "out", home="NLD")
    return [(problem.file, problem.row, problem.wrong) for problem in caught.value.problems]


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    release = world.exiobase(folder / "IOT_2020_pxp")
    text = (release / name).read_text("utf-8")
    assert old in text
    (release / name).write_text(text.replace(old, new, 1), "utf-8")
    return release


def test_the_same_world_gives_the_same_supply_in_euros(release: Path, tmp_path: Path) -> None:
    told = import_set("exiobase", release, tmp_path / "nld", home="NLD")
    assert supply(tmp_path / "nld") == pytest.approx(world.SUPPLY, rel=1e-5)
    meta = told.meta
    assert (meta.currency, meta.unit, meta.year) == ("EUR", "EUR billion per year", 2020)
    assert told.said[0] == "IOT_2020_pxp: 3 countries x 3 products, EUR million at basic prices, Z = A diag(x)"
    row = rows_of(tmp_path / "nld", "supply")[2]
    assert row["note"] == "CHN Minerals, other to NLD: 19 to industries, -3 to final users, EUR million"
    source = {row["source"]: row for row in rows_of(tmp_path / "nld", "sources")}["exiobase"]
    assert source["citation"].startswith("EXIOBASE 3, pxp")
    assert "A.txt" in source["locator"]
    names = [row["name"] for row in rows_of(tmp_path / "nld", "segments")]
    assert names == ["Minerals, other", "Radio and communication equipment (32)", "Machinery n.e.c. (29)"]


def test_reliance_is_that_of_pymrio(release: Path, tmp_path: Path) -> None:
    import_set("exiobase", release, tmp_path / "nld", home="NLD")
    system = pymrio.parse_exiobase3(release).calc_all()
    through = (system.L["NL"] - np.eye(9)[:, :3]).to_numpy()
    expected = through[3:].sum(axis=0) / through.sum(axis=0)
    found = [
        float(row["value"])
        for row in rows_of(tmp_path / "nld", "segment_indicators")
        if row["indicator"] == "foreign_input_reliance"
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_what_is_left_of_a_continent_is_the_rest_of_the_world(tmp_path: Path) -> None:
    told = import_set("exiobase", world.exiobase(tmp_path / "IOT_2020_pxp", rest=True), tmp_path / "nld", home="NLD")
    assert supply(tmp_path / "nld")["c26", "ROW"] == pytest.approx(0.06, rel=1e-5)
    assert "WA are the rest of the world, ROW" in told.said


def test_a_zip_with_extensions_in_folders_of_it_is_read(release: Path, tmp_path: Path) -> None:
    archive = tmp_path / "IOT_2020_pxp.zip"
    with zipfile.ZipFile(archive, "w") as files:
        for path in release.iterdir():
            files.write(path, f"IOT_2020_pxp/{path.name}")
        files.writestr("IOT_2020_pxp/satellite/unit.txt", "stressor\tunit\nCO2\tkg\n")
    told: list[tuple[int, int]] = []
    import_set("exiobase", archive, tmp_path / "nld", home="NLD", progress=lambda *at: told.append(at))
    assert supply(tmp_path / "nld") == pytest.approx(world.SUPPLY, rel=1e-5)
    assert [done for done, _ in told] == [size for _, size in told]


def test_the_table_that_ships_names_segments_of_robots(release: Path, tmp_path: Path) -> None:
    told = import_set("exiobase", release, tmp_path / "nld", home="NLD", sectors="robots")
    assert [row["segment"] for row in rows_of(tmp_path / "nld", "segments")] == ["electronics", "machinery"]
    assert "left out, with no industry of the table: electrical, integration, metal_products" in told.said


def test_files_that_are_missing_or_of_another_unit_are_told(release: Path, tmp_path: Path) -> None:
    hybrid = changed(tmp_path / "a", "unit.txt", "M.EUR", "tonnes")
    assert problems(hybrid, tmp_path) == [("unit.txt", 2, "'tonnes' is not M.EUR")]
    less = world.exiobase(tmp_path / "b" / "IOT_2020_pxp")
    (less / "x.txt").unlink()
    assert problems(less, tmp_path) == [("x.txt", 0, "the file is missing: it comes with every release")]
    plain = tmp_path / "plain"
    release_again = world.exiobase(plain)
    with pytest.raises(InputError, match=r"option --year: 'plain' says no year"):
        import_set("exiobase", release_again, tmp_path / "n", home="NLD")
    with pytest.raises(InputError, match="has no table of 2019; years there: 2020"):
        import_set("exiobase", release, tmp_path / "n", home="NLD", year=2019)


def test_cells_and_labels_that_are_wrong_are_told_by_file_and_row(tmp_path: Path) -> None:
    cell = repr(float(world.USE[0, 0] / world.OUTPUT[0]))
    bad = changed(tmp_path / "a", "A.txt", f"\t{cell}\t", "\tnone\t")
    assert problems(bad, tmp_path) == [("A.txt", 4, "'none' is not a number")]
    bad = changed(tmp_path / "b", "x.txt", "\t100.0", "\thundred")
    assert problems(bad, tmp_path) == [("x.txt", 3, "'hundred' is not a number")]
    bad = changed(tmp_path / "c", "Y.txt", "region\t\tNL", "region\t\tXX")
    assert problems(bad, tmp_path) == [("Y.txt", 1, "'XX' is no country")]
    bad = changed(tmp_path / "d", "Y.txt", "CN\tMachinery", "CN\tMachines")
    assert problems(bad, tmp_path) == [("Y.txt", 12, "no column is 'CN Machines n.e.c. (29)'")]


def test_an_output_that_does_not_fit_is_said(tmp_path: Path) -> None:
    odd = changed(tmp_path / "a", "x.txt", "\t800.0", "\t880.0")
    told = import_set("exiobase", odd, tmp_path / "nld", home="NLD")
    # a tenth more output takes a tenth more inputs: of 800, 200 goes into itself, so 820 is taken, and 880 is given
    assert "sums of rows are off x.txt by up to 7.3% (CHN Machinery n.e.c. (29)): the sums count as output" in told.said
