"""BACI: a release written by hand, with its traps. Levels are worked by hand."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chains import InputError, load
from chains.importing import Imported, import_set
from chains.importing.dependency import hhi
from optimize import optimize

FILES = {
    "country_codes_V202501.csv": """country_code,country_name,country_iso2,country_iso3
156,China,CN,CHN
276,Germany,DE,DEU
490,"Other Asia, nes",,S19
516,Namibia,NA,NAM
528,Netherlands,NL,NLD
697,"Europe EFTA, nes",,R20
711,"Southern African Customs Union (...1999)",,ZA1
842,USA,US,USA
""",
    "product_codes_HS22_V202501.csv": """code,description
010121,Horses
847950,Industrial robots
842870,Handling robots
848340,Gears
848310,Shafts
9999AA,Not specified
""",
    "BACI_HS22_Y2022_V202501.csv": """t,i,j,k,v,q
2022,156,528,847950,       5000.000,1
2022,156,528,842870,1000,
2022,276,528,847950,6000,          NA
2022,490,528,848340,2500,1
2022,697,528,848340,1000,1
2022,711,528,848340,500,1
2022,516,528,848340,1000,1
2022,156,276,847950,99999,1
2022,156,528,010121,77777,1
2022,528,528,848340,250,1
""",
    "BACI_HS22_Y2021_V202501.csv": "t,i,j,k,v,q\n2021,842,528,847950,3000,1\n",
}
GOODS = """segment,code,tier
robots,847950,downstream
robots,842870,downstream
gears,8483,upstream
"""


def written(folder: Path, **changed: Callable[[str], str]) -> Path:
    """The release in a folder; a change is by the start of a file's name."""
    folder.mkdir()
    for name, text in FILES.items():
        change = next((change for start, change in changed.items() if name.startswith(start)), str)
        (folder / name).write_text(change(text), "utf-8")
    return folder


@pytest.fixture
def goods(tmp_path: Path) -> str:
    (tmp_path / "goods.csv").write_text(GOODS, "utf-8")
    return str(tmp_path / "goods.csv")


@pytest.fixture
def imported(tmp_path: Path, goods: str) -> tuple[Path, Imported]:
    target = tmp_path / "nld"
    return target, import_set("baci", written(tmp_path / "baci"), target, home="NLD", products=goods)


def supply(package: Path) -> dict[tuple[str, str], float]:
    rows = load(package).table("supply")
    return {(row.segment, row.location): row.value for row in rows.itertuples()}


def test_imports_are_supply_by_exporter_in_billions(imported: tuple[Path, Imported]) -> None:
    expected = {
        # robots are downstream: the template makes 0.8 of what is there at home, 0.012 / (1 - 0.8) * 0.8
        ("robots", "NLD"): 0.048,
        ("robots", "CHN"): 0.006,  # 5000 + 1000 thousand
        ("robots", "DEU"): 0.006,
        ("gears", "NLD"): 0.005,  # upstream: as much as is imported; what came back from NLD itself is left out
        ("gears", "TWN"): 0.0025,  # 490
        ("gears", "ROW"): 0.0015,  # 697 and 711
        ("gears", "NAM"): 0.001,  # whose ISO 3166 alpha-2 is NA
    }
    assert supply(imported[0]) == {key: pytest.approx(value, rel=1e-3) for key, value in expected.items()}
    rows = load(imported[0]).table("supply").set_index(["segment", "location"])
    assert rows.loc[("robots", "CHN"), "note"] == "HS 847950 0.005 (row 2) + 842870 0.001 (row 3)"
    assert rows.loc[("robots", "CHN"), ["status", "source"]].tolist() == ["derived", "baci"]
    assert rows.loc[("robots", "DEU"), ["status", "source"]].tolist() == ["reported", "baci"]
    assert rows.loc[("robots", "NLD"), ["status", "source"]].tolist() == ["assumed", "template"]
    citation = load(imported[0]).table("sources").set_index("source").loc["baci"]
    assert "BACI HS22, release 202501" in citation["citation"]
    assert citation["locator"] == "BACI_HS22_Y2022_V202501.csv"


def test_what_was_read_and_what_is_lacking_is_told(imported: tuple[Path, Imported]) -> None:
    said = imported[1].said
    assert "exporter 490 (other Asia, not elsewhere specified) is taken for Taiwan, TWN" in said
    assert "exporter 697 is a group or no country of today: in ROW" in said
    assert "exporter 711 is a group or no country of today: in ROW" in said
    assert "USD 0.00025 billion imported from NLD itself (goods that came back) is left out" in said
    # robots 6 and 6: HHI 0.5; gears 2.5, 1.5 and 1 of 5: 0.25 + 0.09 + 0.04
    assert "robots: imports of USD 0.012 billion from 2 countries, HHI 0.500, most from CHN (50.0%)" in said
    assert "gears: imports of USD 0.005 billion from 3 countries, HHI 0.380, most from TWN (50.0%)" in said
    assert "supply: 2 of 7 rows from the template (robots, gears)" not in said
    assert any(line.startswith("supply: 2 of 7 rows from the template") for line in imported[1].lacks)


def test_inputs_and_demand_balance_what_is_there(imported: tuple[Path, Imported]) -> None:
    chain = load(imported[0])
    inputs, demand = chain.table("inputs"), chain.table("demand").set_index("segment")["value"]
    # gears: 0.01 there, 0.01 / 1.001 to be used by 0.048 of robots made at home
    assert inputs["value"].tolist() == [pytest.approx(0.01 / 1.001 / 0.048, rel=1e-3)]
    assert demand.to_dict() == {"robots": pytest.approx(0.06 / 1.001, rel=1e-3)}
    assert chain.warnings == ()
    result = optimize(chain)
    assert 0 < result.optimal.risk < result.observed.risk


def test_concentration_is_the_sum_of_squared_shares() -> None:
    assert hhi([3.0]) == 1
    assert hhi([1, 1, 1, 1]) == pytest.approx(0.25)
    assert hhi([6, 3, 1]) == pytest.approx(0.46)


def test_a_zip_and_another_order_of_columns_give_the_same(
    imported: tuple[Path, Imported], tmp_path: Path, goods: str
) -> None:
    def turned(text: str) -> str:
        return "".join(",".join(line.split(",")[::-1]) + "\n" for line in text.splitlines())

    folder = written(tmp_path / "turned", BACI=turned)
    with zipfile.ZipFile(tmp_path / "BACI_HS22_V202501.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"release/{path.name}")
    told: list[tuple[int, int]] = []
    import_set(
        "baci",
        tmp_path / "BACI_HS22_V202501.zip",
        tmp_path / "same.zip",
        home="NLD",
        products=goods,
        progress=lambda done, size: told.append((done, size)),
    )
    assert supply(tmp_path / "same.zip") == supply(imported[0])
    assert told[-1][0] == told[-1][1] > 0


def test_the_year_can_be_chosen_and_the_table_that_ships_names_the_goods(tmp_path: Path) -> None:
    folder = written(tmp_path / "baci")
    told = import_set("baci", folder, tmp_path / "nld", home="NLD", year=2021, products="robots")
    assert supply(tmp_path / "nld")["industrial_robots", "USA"] == pytest.approx(0.003)
    assert "reducers is left out: no imports in 2021" in told.said
    assert any("no good of product_codes_HS22_V202501.csv is '850131'" in line for line in told.said)
    assert told.meta.year == 2021


def test_rows_across_blocks_keep_their_numbers(tmp_path: Path, goods: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chains.importing.large_files.BLOCK", 1 << 12)
    many = "".join(f"2022,156,842,848310,{at},1\n" for at in range(5000))
    folder = written(tmp_path / "baci", BACI=lambda text: text + many + "2022,842,528,848310,5000,1\n")
    import_set("baci", folder, tmp_path / "nld", home="NLD", products=goods)
    rows = load(tmp_path / "nld").table("supply").set_index(["segment", "location"])
    assert rows.loc[("gears", "USA"), "note"] == "HS 848310 0.005 (row 5012)"  # 10 rows, 5,000 rows, the header


def test_every_problem_of_rows_that_count_is_told_with_its_place(tmp_path: Path, goods: str) -> None:
    folder = written(
        tmp_path / "baci",
        BACI=lambda text: text.replace("6000", "six").replace("2022,516", "2021,516").replace("490,528", "491,528"),
    )
    with pytest.raises(InputError) as caught:
        import_set("baci", folder, tmp_path / "nld", home="NLD", products=goods)
    assert [str(problem) for problem in caught.value.problems] == [
        "BACI_HS22_Y2022_V202501.csv:4:v: 'six' is not a value in thousand USD; write a number of at least 0",
        "BACI_HS22_Y2022_V202501.csv:5:i: exporter '491' is not in the country codes; take both from one release",
        "BACI_HS22_Y2022_V202501.csv:8:t: '2021' is not the year of the file, 2022; check the file",
    ]
    assert not (tmp_path / "nld").exists()


def test_a_torn_row_and_a_missing_column_are_problems(tmp_path: Path, goods: str) -> None:
    torn = {"2022,276,528,847950,6000": "2022,276,528", "2022,697,528,848340,": "2022,697,", "2022,516": "2021,516"}

    def tear(text: str) -> str:
        for whole, part in torn.items():
            text = text.replace(whole, part)
        return text

    with pytest.raises(InputError) as caught:
        import_set("baci", written(tmp_path / "torn", BACI=tear), tmp_path / "nld", home="NLD", products=goods)
    assert [(problem.row, problem.wrong) for problem in caught.value.problems] == [
        (4, "has 4 cells, the header 6"),
        (6, "has 4 cells, the header 6"),
    ]
    folder = written(tmp_path / "less", BACI=lambda text: text.replace("t,i,j,k,v,q", "t,i,j,k,value,q"))
    with pytest.raises(InputError, match=r"BACI_HS22_Y2022_V202501\.csv:1:v: the column is missing"):
        import_set("baci", folder, tmp_path / "nld", home="NLD", products=goods)


def test_files_that_end_too_soon_are_problems(tmp_path: Path, goods: str) -> None:
    folder = written(tmp_path / "baci", BACI=lambda text: text.partition("\n")[0] + "\n")
    with pytest.raises(InputError, match=r"NLD imports none|cannot be read to its end"):
        import_set("baci", folder, tmp_path / "n", home="NLD", products=goods)
    archive = tmp_path / "cut.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for path in written(tmp_path / "whole").iterdir():
            files.write(path, path.name)
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as files:
        start = files.getinfo("BACI_HS22_Y2022_V202501.csv").header_offset
    content[start + 80 : start + 90] = bytes(10)
    archive.write_bytes(content)
    with pytest.raises(InputError, match=r"BACI_HS22_Y2022_V202501\.csv: cannot be read to its end"):
        import_set("baci", archive, tmp_path / "n", home="NLD", products=goods)


def test_chains_of_one_table_do_not_feed_each_other(tmp_path: Path) -> None:
    (tmp_path / "goods.csv").write_text(
        "segment,code,tier,chain\nrobots,847950,downstream,one\nhandling,842870,upstream,two\ngears,8483,midstream,two\n"
    )
    import_set("baci", written(tmp_path / "b"), tmp_path / "n", home="NLD", products=str(tmp_path / "goods.csv"))
    rows = load(tmp_path / "n").table("inputs")
    assert list(zip(rows["input"], rows["user"], strict=True)) == [("handling", "gears")]


def test_goods_that_are_wrong_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "goods.csv").write_text(
        "segment,code,tier\nrobots,847950,downstream\nrobots,8479,downstream\ngears,84834,up\ngears,8483,upstream\n"
    )
    with pytest.raises(InputError) as caught:
        import_set("baci", written(tmp_path / "b"), tmp_path / "n", home="NLD", products=str(tmp_path / "goods.csv"))
    places = [(problem.row, problem.column) for problem in caught.value.problems]
    assert places == [(2, "code"), (4, "code"), (4, "tier"), (5, "tier")]
    (tmp_path / "goods.csv").write_text("segment,code\nrobots,847951\n")
    with pytest.raises(InputError, match=r"goods\.csv:2:code: no good of product_codes_HS22_V202501\.csv is '847951'"):
        import_set("baci", written(tmp_path / "c"), tmp_path / "n", home="NLD", products=str(tmp_path / "goods.csv"))


def test_missing_files_years_and_imports_are_told(tmp_path: Path, goods: str) -> None:
    folder = written(tmp_path / "baci")
    with pytest.raises(InputError, match=r"has no file of 2019; years there: 2021, 2022"):
        import_set("baci", folder, tmp_path / "n", home="NLD", year=2019, products=goods)
    with pytest.raises(InputError, match=r"USA imports none of the goods in 2022"):
        import_set("baci", folder, tmp_path / "n", home="USA", products=goods)
    (folder / "country_codes_V202501.csv").unlink()
    with pytest.raises(InputError, match=r"country_codes_V202501\.csv: the file is missing"):
        import_set("baci", folder, tmp_path / "n", home="NLD", products=goods)
