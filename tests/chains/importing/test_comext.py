"""Eurostat Comext: bulk files of both forms written by hand, with their traps."""

import gzip
import zipfile
from pathlib import Path

import pytest

from chains import InputError, load
from chains.importing import Imported, import_set
from chains.tables.countries import EU27
from optimize import optimize
from tests.chains.importing.given import supply_of

HEADER = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,PRODUCT_BEC5,"
    "PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT"
)
OLDER = (
    "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_cpa2002,PRODUCT_cpa2008,"
    "PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,FLOW,STAT_REGIME,SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,SUP_QUANTITY"
)
GOODS = "segment,code,tier\nrobots,847950,downstream\ngears,84834090,upstream\n"

YEAR = [
    "DK CN 84795000 1 1 9000000",
    "DK CN 84795000 1 2 1000000",  # after processing abroad
    "DK DE 84795000 1 1 4000000",
    "DK XI 84795000 1 1 500000",  # Northern Ireland
    "DK QY 84795000 1 1 500000",  # a member that is kept secret
    "DK CN 84834090 1 1 2000000",
    "DK US 84834090 1 1 0",
    "DK CN 84834021 1 1 70000000",  # another good of the heading
    "DK CN 847950 1 1 15000000",  # a sum
    "DK CN TOTAL 1 1 99000000",
    "DK US 8479SSSS 1 1 3000000",  # confidential
    "DK CN 84795000 2 1 2500000",  # exports
    "DE CN 84795000 1 1 20000000",
    "DE DK 84795000 2 1 4100000",
]
"""Reporter, partner, good, flow, procedure, EUR."""


def written(file: Path, rows: list[str], period: str = "202352", *, older: bool = False) -> Path:
    lines = [OLDER if older else HEADER]
    for row in rows:
        reporter, partner, good, flow, procedure, value = row.split()
        if older:
            cells = f"008,{reporter},0720,{partner},E,{good},7284,,,,,,{flow},{procedure},,{period},{value},1,0"
        else:
            cells = f"{reporter},{partner},E,{good},7284,,,,,,{flow},{procedure},NO_SU,{period},{value},{value},1,0"
        lines.append(cells)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def imported(source: Path, **options: object) -> Imported:
    goods = source.parent / "goods.csv"
    goods.write_text(GOODS, "utf-8")
    chosen: dict[str, object] = {"home": "DNK", "products": str(goods)} | options
    return import_set("comext", source, source.parent / "out", **chosen)  # type: ignore[arg-type]


EXPECTED = {
    ("robots", "CHN"): 0.010,  # 9 + 1 million EUR
    ("robots", "DEU"): 0.004,
    ("robots", "GBR"): 0.0005,
    ("robots", "ROW"): 0.0005,
    ("gears", "CHN"): 0.002,
}


def test_imports_of_a_member_by_partner_in_billions_of_euro(tmp_path: Path) -> None:
    told = imported(written(tmp_path / "full_v2_202352.dat", YEAR))
    assert supply_of(tmp_path / "out", "comext") == {key: pytest.approx(value) for key, value in EXPECTED.items()}
    assert (told.meta.currency, told.meta.year) == ("EUR", 2023)
    rows = load(tmp_path / "out").table("supply").set_index(["segment", "location"])
    assert rows.loc[("robots", "CHN"), "note"] == "HS 84795000 0.01 (2 rows from full_v2_202352.dat row 2 on)"
    assert rows.loc[("robots", "CHN"), "status"] == "derived"
    assert rows.loc[("robots", "DEU"), "status"] == "reported"
    said = "\n".join(told.said)
    assert "2 rows with a code of fewer than eight signs, which are sums, are left out" not in said  # TOTAL is no good
    assert "1 rows with a code of fewer than eight signs, which are sums, are left out" in said
    assert (
        "EUR 0.003 billion stand under confidential codes that may hold these goods and are left out: 8479SSSS" in said
    )
    assert "1 rows of imports and exports of the home country have a value of 0" in said
    assert "partner QY is not specified, confidential or no country of today: in ROW" in said
    assert any("the Union as a whole: of its members, AUT, BEL" in line for line in told.lacks)
    # robots of Denmark: 10, 4, 0.5, 0.5 of 15; exports 2.5
    (robots,) = [row for row in told.indicators if row.good == "847950"]
    assert robots.hhi == pytest.approx((10**2 + 4**2 + 2 * 0.5**2) / 15**2)
    assert robots.to_exports == pytest.approx(15 / 2.5)
    assert robots.outside_share == pytest.approx(10.5 / 15)  # what is kept secret comes from a member
    assert [row.good for row in told.indicators] == ["847950", "84834090"]
    chain = load(tmp_path / "out")
    assert chain.warnings == ()
    assert 0 < optimize(chain).optimal.risk < optimize(chain).observed.risk


def test_months_are_added_up_and_the_latest_complete_year_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for month in range(1, 13):
        written(folder / f"full_v2_2022{month:02d}.dat", ["DK CN 84795000 1 1 1000000"], f"2022{month:02d}")
    written(folder / "full_v2_202301.dat", ["DK CN 84795000 1 1 5000000"], "202301")
    told = imported(folder)
    assert supply_of(tmp_path / "out", "comext") == {("robots", "CHN"): pytest.approx(0.012)}
    assert "2022: twelve months added up" in told.said
    assert "2023 is left out, for it is not complete (option --year picks a year)" in told.said
    part = import_set("comext", folder, tmp_path / "part", home="DNK", year=2023, products=str(tmp_path / "goods.csv"))
    assert "2023: 1 months alone (01), added up: amounts are not those of a year" in part.said


def test_a_whole_year_comes_before_its_months(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    written(folder / "full_v2_202352.dat", YEAR)
    written(folder / "full_v2_202301.dat", ["DK CN 84795000 1 1 7000000"], "202301")
    told = imported(folder)
    assert supply_of(tmp_path / "out", "comext")["robots", "CHN"] == pytest.approx(0.010)
    assert "2023: the figure of the whole year is read, and its months are not counted again" in told.said


def test_the_older_form_and_rows_of_all_procedures_together(tmp_path: Path) -> None:
    rows = ["DK CN 84795000 1 1 3000000", "DK CN 84795000 1 2 1000000", "DK CN 84795000 1 4 4000000"]
    told = imported(written(tmp_path / "full200752.dat", rows, "200752", older=True))
    assert supply_of(tmp_path / "out", "comext") == {("robots", "CHN"): pytest.approx(0.004)}
    assert "rows of all procedures together (regime 4) count, and 2 of single ones do not again" in told.said


def test_packed_files_are_read_and_7z_is_told(tmp_path: Path) -> None:
    plain = written(tmp_path / "full_v2_202352.dat", YEAR)
    with zipfile.ZipFile(tmp_path / "full.zip", "w") as archive:
        archive.write(plain, "inside/full_v2_202352.dat")
    (tmp_path / "full_v2_202352.dat.gz").write_bytes(gzip.compress(plain.read_bytes()))
    for name in ("full.zip", "full_v2_202352.dat.gz"):
        imported(tmp_path / name)
        assert supply_of(tmp_path / "out", "comext") == {key: pytest.approx(value) for key, value in EXPECTED.items()}
        (tmp_path / "out").rename(tmp_path / f"out {name}")
    (tmp_path / "full_v2_202352.7z").write_bytes(b"7z")
    with pytest.raises(InputError, match=r"full_v2_202352\.7z: is a \.7z archive; unpack it"):
        imported(tmp_path / "full_v2_202352.7z")


def test_the_union_as_a_whole_where_every_member_reports(tmp_path: Path) -> None:
    codes = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905
    assert len(codes) == len(EU27)
    rows = [f"{code} CN 84795000 1 1 1000000" for code in codes]  # 27 million from outside
    rows += ["DK JP 84795000 1 1 3000000", "DK DE 84795000 1 1 5000000", "DE US 84795000 2 1 10000000"]
    told = imported(written(tmp_path / "full_v2_202352.dat", rows))
    (union,) = [row for row in told.indicators if row.area == "EU27"]
    assert union.hhi == pytest.approx((27**2 + 3**2) / 30**2)
    assert union.outside_share == pytest.approx(30 / 35)
    assert union.to_exports == pytest.approx(3.0)
    assert union.dependent is True


def test_every_problem_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    rows = ["DK CN 84795000 1 1 many", "DK CN 84795000 3 1 1", "DK CN 84795000 1 1 5"]
    written(folder / "a.dat", rows)
    written(folder / "b.dat", ["DK CN 84795000 1 1 5"])
    written(folder / "c.dat", ["DK CN 84795000 1 1 5"], "2023Q1")
    (folder / "d.dat").write_text("REPORTER,PARTNER,PRODUCT_NC,FLOW,STAT_PROCEDURE,PERIOD,VALUE\n", "utf-8")
    with pytest.raises(InputError) as caught:
        imported(folder)
    assert [str(problem) for problem in caught.value.problems] == [
        "a.dat:2:VALUE_EUR: 'many' is not a value in EUR; write a number of at least 0",
        "a.dat:3:FLOW: '3' is neither 1 (import) nor 2 (export); download the file anew",
        "b.dat:2:PERIOD: 202352 is in a.dat already; keep one file of every period",
        "c.dat:2:PERIOD: '2023Q1' is not a period; write it as 202301, or 202352 for a whole year",
        "d.dat:1:VALUE_EUR: the column is missing; did you mean 'VALUE'?",
    ]
    with pytest.raises(InputError, match=r"no rows that NOR reports in 2023.*reporters there: DNK"):
        imported(written(tmp_path / "full.dat", ["DK CN 84795000 1 1 5"]), home="NOR")


def test_a_damaged_file_and_a_wrong_place_are_told(tmp_path: Path) -> None:
    file = written(tmp_path / "full.dat", YEAR)
    file.write_bytes(file.read_bytes().replace(b"DE,E,84795000", b"DE,E,84\xff95000"))
    with pytest.raises(InputError, match=r"full\.dat: cannot be read to its end"):
        imported(file)
    with pytest.raises(InputError, match=r"none\.dat: is not there; name a bulk file of Comext"):
        imported(tmp_path / "none.dat")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty: holds no \.dat or \.csv or \.txt file"):
        imported(tmp_path / "empty")
