"""UN Comtrade: an export of 47 columns written by hand, with its traps."""

import gzip
import zipfile
from pathlib import Path

import pytest

from chains import InputError, load
from chains.importing import Imported, import_set
from optimize import optimize
from tests.chains.importing.given import supply_of

COLUMNS = """
typeCode freqCode refPeriodId refYear refMonth period reporterCode reporterISO reporterDesc flowCode flowDesc
partnerCode partnerISO partnerDesc partner2Code partner2ISO partner2Desc classificationCode classificationSearchCode
isOriginalClassification cmdCode cmdDesc aggrLevel isLeaf customsCode customsDesc mosCode motCode motDesc qtyUnitCode
qtyUnitAbbr qty isQtyEstimated altQtyUnitCode altQtyUnitAbbr altQty isAltQtyEstimated netWgt isNetWgtEstimated grossWgt
isGrossWgtEstimated cifvalue fobvalue primaryValue legacyEstimationFlag isReported isAggregate
""".split()  # noqa: SIM905

TOTALS = {
    **{"typeCode": "C", "freqCode": "A", "refYear": "2022", "reporterCode": "251", "flowCode": "M", "partnerCode": "0"},
    **{"partner2Code": "0", "classificationCode": "H6", "customsCode": "C00", "mosCode": "0", "motCode": "0"},
    **{"reporterDesc": "Côte d'Ivoire, or another name that is not ASCII", "isAggregate": "false"},
}

ROWS: list[dict[str, str]] = [
    {"partnerCode": "0", "cmdCode": "847950", "primaryValue": "9000000"},  # the world
    {"partnerCode": "276", "cmdCode": "847950", "primaryValue": "6000000.5"},
    {"partnerCode": "757", "cmdCode": "847950", "primaryValue": "1000000"},
    {"partnerCode": "490", "cmdCode": "847950", "primaryValue": "2000000"},
    {"partnerCode": "276", "cmdCode": "847950", "primaryValue": "4000000", "motCode": "2100"},
    {"partnerCode": "276", "cmdCode": "847950", "primaryValue": "4000000", "partner2Code": "528"},
    {"partnerCode": "842", "cmdCode": "8483", "primaryValue": "3000000"},
    {"partnerCode": "842", "cmdCode": "848340", "primaryValue": "2000000"},  # part of the row before
    {"partnerCode": "899", "cmdCode": "8483", "primaryValue": "1000000"},  # areas not elsewhere specified
    {"partnerCode": "251", "cmdCode": "8483", "primaryValue": "70000"},  # goods that came back
    {"partnerCode": "842", "cmdCode": "010121", "primaryValue": "5000000"},
    {"partnerCode": "842", "cmdCode": "8483", "primaryValue": "7000000", "refYear": "2021"},
    {"reporterCode": "276", "flowCode": "X", "partnerCode": "251", "cmdCode": "847950", "primaryValue": "5000000"},
    {"reporterCode": "381", "flowCode": "X", "partnerCode": "251", "cmdCode": "848310", "primaryValue": "500000"},
]
GOODS = "segment,code,tier\nrobots,847950,downstream\ngears,8483,upstream\n"


def written(file: Path, rows: list[dict[str, str]], *, ending: str = ",") -> Path:
    lines = [",".join(COLUMNS)]
    lines += [",".join(f'"{(TOTALS | row).get(name, "")}"' for name in COLUMNS) + ending for row in rows]
    file.write_bytes(("\n".join(lines) + "\n").encode("iso-8859-1"))
    return file


def imported(folder: Path, rows: list[dict[str, str]], **options: str | int) -> Imported:
    (folder / "goods.csv").write_text(GOODS, "utf-8")
    file = written(folder / "TradeData.csv", rows)
    chosen: dict[str, object] = {"home": "FRA", "products": str(folder / "goods.csv")} | options
    return import_set("comtrade", file, folder / "out", **chosen)  # type: ignore[arg-type]


def test_imports_as_the_home_country_reports_them_in_billions(tmp_path: Path) -> None:
    assert len(COLUMNS) == 47
    told = imported(tmp_path, ROWS)
    assert supply_of(tmp_path / "out", "comtrade") == {
        ("robots", "DEU"): pytest.approx(0.006),
        ("robots", "CHE"): pytest.approx(0.001),  # 757
        ("robots", "TWN"): pytest.approx(0.002),  # 490
        ("gears", "USA"): pytest.approx(0.003),  # 842, the heading alone and not its part again
        ("gears", "ROW"): pytest.approx(0.001),  # 899
    }
    rows = load(tmp_path / "out").table("supply").set_index(["segment", "location"])
    assert rows.loc[("robots", "DEU"), "note"] == "HS 847950 0.006 (TradeData.csv row 3)"
    assert told.meta.year == 2022
    said = "\n".join(told.said)
    assert "imports as FRA itself reports them (flow M, with insurance and freight)" in said
    assert "1 rows left out, for they are broken down by motCode" in said
    assert "1 rows left out, for they are broken down by partner2Code" in said
    assert "490 (other Asia, not elsewhere specified) is taken for Taiwan, TWN" in said
    assert "899 is a group or no country of today: in ROW" in said
    assert "USD 7e-05 billion imported from FRA itself" in said
    # robots 6, 1 and 2 of 9: (36 + 1 + 4) / 81
    assert "robots: imports of USD 0.009 billion from 3 countries, HHI 0.506, most from DEU (66.7%)" in said


def test_mirror_flows_are_what_partners_report(tmp_path: Path) -> None:
    told = imported(tmp_path, ROWS, flow="mirror")
    expected = {("robots", "DEU"): pytest.approx(0.005), ("gears", "ITA"): pytest.approx(0.0005)}  # 381
    assert supply_of(tmp_path / "out", "comtrade") == expected
    assert any(line.startswith("mirror flows") and line.endswith("as asked for") for line in told.said)


def test_mirror_flows_are_taken_and_said_where_the_home_country_reports_none(tmp_path: Path) -> None:
    told = imported(tmp_path, [row for row in ROWS if row.get("flowCode") == "X"])
    assert ("robots", "DEU") in supply_of(tmp_path / "out", "comtrade")
    assert any(line.startswith("mirror flows") and "since FRA reports none here" in line for line in told.said)


def test_packed_exports_are_read_alone_and_in_a_folder(tmp_path: Path) -> None:
    imported(tmp_path, ROWS)
    expected = supply_of(tmp_path / "out", "comtrade")
    plain = (tmp_path / "TradeData.csv").read_bytes()
    folder = tmp_path / "packed"
    folder.mkdir()
    (folder / "TradeData.csv.gz").write_bytes(gzip.compress(plain))
    with zipfile.ZipFile(folder / "again.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/TradeData2.csv", plain)
        archive.writestr("__MACOSX/export/._TradeData2.csv", b"x")
    for at, source in enumerate((folder / "TradeData.csv.gz", folder / "again.zip", folder)):
        target = tmp_path / f"out{at}"
        told = import_set("comtrade", source, target, home="FRA", products=str(tmp_path / "goods.csv"))
        assert supply_of(target, "comtrade") == expected
    assert any("rows that repeat another" in line for line in told.said)  # of the two files, one
    (folder / "again.zip").write_bytes((folder / "again.zip").read_bytes()[:-400])
    with pytest.raises(InputError, match=r"again\.zip: cannot be read to its end"):
        import_set("comtrade", folder / "again.zip", tmp_path / "n", home="FRA", products=str(tmp_path / "goods.csv"))


def test_another_year_can_be_chosen(tmp_path: Path) -> None:
    told = imported(tmp_path, ROWS, year=2021)
    assert supply_of(tmp_path / "out", "comtrade") == {("gears", "USA"): pytest.approx(0.007)}
    assert "robots is left out: no imports in 2021" in told.said


def test_the_package_is_right_at_once_and_worth_optimising(tmp_path: Path) -> None:
    imported(tmp_path, ROWS)
    chain = load(tmp_path / "out")
    assert chain.warnings == ()
    result = optimize(chain)
    assert 0 < result.optimal.risk < result.observed.risk


def test_every_problem_of_rows_that_count_is_told_with_its_place(tmp_path: Path) -> None:
    rows = [
        *ROWS,
        {"partnerCode": "276", "cmdCode": "847950", "primaryValue": "many"},
        {"partnerCode": "276", "cmdCode": "8483", "primaryValue": "1", "refYear": "22/23"},
        {"partnerCode": "276", "cmdCode": "847950", "primaryValue": "1", "classificationCode": "H5"},
    ]
    with pytest.raises(InputError) as caught:
        imported(tmp_path, rows)
    assert [str(problem) for problem in caught.value.problems] == [
        "TradeData.csv:16:primaryValue: 'many' is not a value in USD; write a number from 0",
        "TradeData.csv:17:refYear: '22/23' is not a year; write it as 2022",
        "TradeData.csv:18:primaryValue: '1' stands otherwise in TradeData.csv row 3; "
        "keep rows of one revision and one download",
    ]


def test_rows_broken_down_alone_a_missing_column_and_wrong_options_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no rows of totals for FRA \(rows left out: 1 rows left out.*motCode"):
        imported(tmp_path, [ROWS[4]])
    (tmp_path / "less.csv").write_text("refYear,reporterCode,flowCode\n2022,251,M\n", "utf-8")
    with pytest.raises(InputError) as caught:
        import_set("comtrade", tmp_path / "less.csv", tmp_path / "out", home="FRA")
    assert [problem.column for problem in caught.value.problems] == ["cmdCode", "partnerCode", "primaryValue"]
    with pytest.raises(InputError, match=r"option --flow: 'export' is not import or mirror"):
        import_set("comtrade", tmp_path / "less.csv", tmp_path / "out", home="FRA", flow="export")
