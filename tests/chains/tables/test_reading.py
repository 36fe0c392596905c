"""Files as users save them: wrong shapes, wrong encodings, wrong numbers, wrong descriptors."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains import Chain, InputError, load
from tests.small import FILES, META, OPTIONAL, Small, at, problems_of


def _demand(chain: Chain) -> list[float]:
    return list(chain.table("demand")["value"])


def _wrong_part(said: str) -> str:
    """What stands before the semicolon: what is wrong."""
    return said.partition("; ")[0]


# --- what is right ------------------------------------------------------------------------------------------------


def test_the_small_package_loads_without_a_warning(small: Small) -> None:
    chain = small.load()
    assert (chain.name, chain.home, chain.currency, chain.unit, chain.years) == (
        "small",
        *list(META.values())[:3],
        (2022,),
    )
    assert list(chain.segments.index) == ["part", "robot", "system"]
    assert chain.segments.loc["system", "name"] == "Systems, integrated"
    assert chain.warnings == ()


def test_the_small_package_with_every_optional_file_loads_without_a_warning(small: Small) -> None:
    chain = small.add_optional().load()
    assert {table: len(chain.table(table)) for table in ("surge", "instruments", "loss_weights", "tiers", "firms")} == {
        "surge": 1,
        "instruments": 1,
        "loss_weights": 1,
        "tiers": 1,
        "firms": 1,
    }
    assert chain.warnings == ()


@pytest.mark.parametrize("package", [("robots",), ("chips",), ("japan",), ("robots", "chips", "coupled")])
def test_shipped_packages_load(package: tuple[str, ...]) -> None:
    assert load(*package).name == " + ".join(package)


def test_a_package_may_be_named_by_text_or_by_path(small: Small) -> None:
    assert load(str(small.folder)).sha256 == load(small.folder).sha256


@pytest.mark.parametrize("file", [*FILES, *OPTIONAL])
def test_a_byte_order_mark_is_accepted(small: Small, file: str) -> None:
    small.add_optional()
    small.replace(file, b"\xef\xbb\xbf" + small.text(file).encode())
    assert _demand(small.load()) == [60.0, 40.0]


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["windows", "old mac"])
def test_other_line_endings_are_accepted(small: Small, ending: str) -> None:
    for file in FILES:
        small.replace(file, small.text(file).replace("\n", ending))
    assert _demand(small.load()) == [60.0, 40.0]


def test_a_last_line_without_an_end_is_accepted(small: Small) -> None:
    small.replace("demand.csv", small.text("demand.csv").rstrip("\n"))
    assert _demand(small.load()) == [60.0, 40.0]


def test_columns_may_stand_in_any_order(small: Small) -> None:
    small.replace("probabilities.csv", "note,value,source,scenario,high,low,status\n,0.3,book,quake,,,reported\n")
    small.edit("disruptions.csv", "embargo,,DEU,,1,,,reported,book,\n", "")
    assert list(small.load().table("probabilities")["value"]) == [0.3]


def test_text_in_any_script_is_read_as_it_stands(small: Small) -> None:
    small.edit("segments.csv", "Robots", "工业机器人 – «robots»")
    assert small.load().segments.loc["robot", "name"] == "工业机器人 – «robots»"


def test_a_quoted_text_may_hold_commas_quotes_and_line_breaks(small: Small) -> None:
    small.cell("demand.csv", 2, "note", 'a, "b"\nc')
    assert small.load().table("demand").loc[0, "note"] == 'a, "b"\nc'


def test_blank_lines_are_passed_over(small: Small) -> None:
    small.edit("demand.csv", "system,electronics", "\n\nsystem,electronics")
    small.replace("demand.csv", small.text("demand.csv") + "\n\n")
    assert _demand(small.load()) == [60.0, 40.0]


def test_rows_after_blank_lines_are_counted_as_a_spreadsheet_does(small: Small) -> None:
    small.edit("demand.csv", "system,electronics,40", "\n\nsystem,electronics,many")
    assert "'many'" in small.problem("demand.csv", 5, "value")


def test_rows_after_a_line_break_in_a_cell_are_counted_as_a_spreadsheet_does(small: Small) -> None:
    small.cell("demand.csv", 2, "note", "one\ntwo\nthree").cell("demand.csv", 3, "value", "many")
    assert "'many'" in small.problem("demand.csv", 3, "value")


@pytest.mark.parametrize(
    ("written", "value"),
    [("60", 60), ("6e1", 60), ("6E+1", 60), ("60.", 60), (".6e2", 60), ("+60", 60), ("060", 60)],
)
def test_numbers_may_be_written_as_spreadsheets_do(small: Small, written: str, value: float) -> None:
    small.cell("demand.csv", 2, "value", written)
    assert _demand(small.load()) == [value, 40.0]


@pytest.mark.parametrize("table", ["disruptions", "probabilities", "subsidies", "response"])
def test_a_table_that_may_be_empty_may_have_its_header_alone(small: Small, table: str) -> None:
    if table == "probabilities":
        small.replace("disruptions.csv", small.text("disruptions.csv").partition("\n")[0])
    small.replace(f"{table}.csv", small.text(f"{table}.csv").partition("\n")[0])
    assert len(small.load().table(table)) == 0


# --- the folder ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".csv")])
def test_a_missing_file_is_said_with_the_header_that_it_needs(small: Small, file: str) -> None:
    header = FILES[file].partition("\n")[0]
    said = small.drop(file).problem(file, 0, "")
    assert "missing" in said
    for column in header.split(","):
        assert column in said


def test_all_missing_files_are_said_at_once(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert {p.file for p in problems_of(empty)} == {f"empty/{file}" for file in FILES}


def test_a_misspelt_file_is_said_with_the_name_it_should_have(small: Small) -> None:
    small.replace("suply.csv", small.text("supply.csv")).drop("supply.csv")
    problems = small.problems()
    assert "supply.csv" in at(problems, "small/suply.csv", 0, "")
    assert "missing" in at(problems, "small/supply.csv", 0, "")
    assert len(problems) == 2


def test_a_file_of_another_name_is_said_though_nothing_is_missing(small: Small) -> None:
    small.replace("surges.csv", OPTIONAL["surge.csv"])
    assert "surge.csv" in small.problem("surges.csv", 0, "")


def test_files_that_are_no_tables_are_left_alone(small: Small) -> None:
    small.replace("README.md", "how I made this").replace("notes.txt", b"\xff\xfe")
    assert _demand(small.load()) == [60.0, 40.0]


def test_a_folder_that_is_not_there_is_said_with_the_shipped_packages(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "nowhere")
    assert "nowhere" in problem.file
    assert "folder" in problem.wrong
    assert "robots" in problem.right
    assert "chips" in problem.right


def test_a_file_in_the_place_of_a_folder_is_said(small: Small) -> None:
    (problem,) = problems_of(small.folder / "supply.csv")
    assert "supply.csv" in problem.file
    assert "folder" in problem.wrong


def test_naming_no_package_is_said_with_the_shipped_packages() -> None:
    (problem,) = problems_of()
    assert "robots" in problem.right


# --- the shape of a table -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("segments.csv", "tier"),
        ("demand.csv", "use"),
        ("supply.csv", "owner"),
        ("supply.csv", "value"),
        ("response.csv", "high"),
    ],
)
def test_a_missing_column_is_said_with_the_columns_there_should_be(small: Small, file: str, column: str) -> None:
    header = FILES[file].partition("\n")[0].split(",")
    kept = [name for name in header if name != column]
    small.replace(file, ",".join(kept) + "\n" + ",".join("x" for _ in kept) + "\n")
    said = small.problem(file, 1, column)
    assert f"'{column}'" in said
    assert "missing" in said
    assert all(name in said for name in header)


def test_a_misspelt_column_is_said_with_the_name_it_should_have(small: Small) -> None:
    small.edit("supply.csv", "location", "locaton")
    problems = small.problems()
    assert "'location'" in at(problems, "small/supply.csv", 1, "locaton")
    assert "missing" in at(problems, "small/supply.csv", 1, "location")
    assert len(problems) == 2


@pytest.mark.parametrize("written", ["Value", "value ", " value", "vlaue"])
def test_a_column_in_other_letters_is_said_with_the_name_it_should_have(small: Small, written: str) -> None:
    small.edit("demand.csv", "value", written)
    said = at(small.problems(), "small/demand.csv", 1, written)
    assert f"'{written}'" in said
    assert "'value'" in said


def test_an_added_column_is_said(small: Small) -> None:
    small.replace(
        "demand.csv", small.text("demand.csv").replace("note\n", "note,comment\n").replace("book,\n", "book,,\n")
    )
    assert "'comment'" in small.problem("demand.csv", 1, "comment")


def test_a_doubled_column_is_said(small: Small) -> None:
    small.edit("demand.csv", "low,high", "low,low,high").replace(
        "demand.csv", small.text("demand.csv").replace(",,,reported", ",,,,reported")
    )
    said = small.problem("demand.csv", 1, "low")
    assert "'low'" in said
    assert "twice" in said


@pytest.mark.parametrize(("separator", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_file_of_another_separator_is_read_and_told(small: Small, separator: str, word: str) -> None:
    before = small.load().table("demand")
    chain = small.replace("demand.csv", small.text("demand.csv").replace(",", separator)).load()
    assert chain.table("demand").equals(before)
    (said,) = chain.warnings
    assert said.file == "small/demand.csv"
    assert f"columns are separated by {word}" in said.wrong
    assert "decimals" not in said.wrong


def test_decimal_commas_of_a_whole_file_are_read_and_told(small: Small) -> None:
    """As spreadsheets of most of Europe write a file."""
    before = small.load().table("inputs")
    chain = small.replace("inputs.csv", small.text("inputs.csv").replace(",", ";").replace(".", ",")).load()
    assert chain.table("inputs").equals(before)
    assert "decimals written with commas" in chain.warnings[0].wrong


@pytest.mark.parametrize(
    ("part", "robot", "row"),
    [("0,4", "0.5", 2), ("1,500", "2,250", 2), ("1,234,567", "0,5", 2), ("0,5", "1.234,5", 3)],
    ids=["both marks", "thousands or decimals", "thousands", "both marks in one number"],
)
def test_numbers_that_could_mean_something_else_are_refused(small: Small, part: str, robot: str, row: int) -> None:
    rows = f"part;robot;{part};;;reported;book;\nrobot;system;{robot};;;reported;book;\n"
    small.replace("inputs.csv", "input;user;value;low;high;status;source;note\n" + rows)
    told = {problem.row: problem.wrong for problem in small.problems()}
    assert "is not a number" in told[row]


def test_decimal_commas_in_quotes_between_commas_are_no_numbers(small: Small) -> None:
    assert "'60,5' is not a number" in small.cell("demand.csv", 2, "value", "60,5").problem("demand.csv", 2, "value")


def test_columns_that_a_spreadsheet_left_empty_do_not_disturb(small: Small) -> None:
    before = small.load().table("supply")
    wider = "".join(f"{line},,\n" for line in small.text("supply.csv").splitlines())
    assert small.replace("supply.csv", wider).load().table("supply").equals(before)


def test_a_column_for_people_is_not_read(small: Small) -> None:
    before = small.load().table("supply")
    wider = "".join(f"{line},see there\n" for line in small.text("supply.csv").splitlines())
    chain = small.replace("supply.csv", wider.replace("see there", "#remark", 1)).load()
    assert chain.table("supply").equals(before)


def test_rows_that_a_spreadsheet_left_empty_do_not_disturb(small: Small) -> None:
    before = small.load().table("supply")
    assert small.append("supply.csv", ",,,,,,,,,,", ",,,,,,,,", "").load().table("supply").equals(before)


@pytest.mark.parametrize("name", ["._demand.csv", "~$demand.csv", ".DS_Store"])
def test_files_that_systems_and_editors_leave_do_not_disturb(small: Small, name: str) -> None:
    (small.folder / name).write_bytes(b"\x00\x05\x16\x07")
    assert small.load().warnings == ()


@pytest.mark.parametrize(
    ("row", "count"),
    [("robot,CHN,CHN", 3), ("robot,CHN,CHN,40,,,reported,book,one,two", 10)],
    ids=["short", "long"],
)
def test_a_row_with_too_few_or_too_many_cells_is_said_with_both_counts(small: Small, row: str, count: int) -> None:
    said = small.edit("supply.csv", "robot,CHN,CHN,40,,,reported,book,", row).problem("supply.csv", 4, "")
    assert str(count) in _wrong_part(said)
    assert "9" in said.partition("; ")[2]


def test_an_unquoted_comma_is_said_with_the_advice_to_quote(small: Small) -> None:
    small.edit("segments.csv", '"Systems, integrated"', "Systems, integrated")
    said = at(small.problems(), "small/segments.csv", 4, "")
    assert "5" in _wrong_part(said)
    assert "quot" in said


def test_every_ragged_row_is_said(small: Small) -> None:
    small.append("demand.csv", "system", "system,a,b")
    assert [(p.row, p.column) for p in small.problems()] == [(4, ""), (5, "")]


def test_a_ragged_row_does_not_hide_what_is_wrong_in_other_files(small: Small) -> None:
    # Exit status 2 promises every problem at once: whoever mends the row must not meet a second list.
    small.append("supply.csv", "robot,USA").edit("demand.csv", "system,cars", "sistem,cars")
    problems = small.problems()
    assert "2 cells" in at(problems, "small/supply.csv", 7, "")
    assert "'sistem'" in at(problems, "small/demand.csv", 2, "segment")
    assert len(problems) == 2


def test_a_broken_table_of_sources_is_said_once_and_not_at_every_number(small: Small) -> None:
    small.edit("sources.csv", "citation", "citatoin")
    assert {p.file for p in small.problems()} == {"small/sources.csv"}


@pytest.mark.parametrize("content", ["", "\ufeff", "\n", "\r\n\r\n"], ids=["nothing", "mark", "line", "lines"])
def test_an_empty_file_is_said_with_the_header_that_it_needs(small: Small, content: str) -> None:
    said = small.replace("supply.csv", content).problem("supply.csv", 0, "")
    assert "empty" in _wrong_part(said)
    assert "segment,location,owner,value" in said


@pytest.mark.parametrize("quoted", ['"cars', '"cars"x'], ids=["never closed", "text after it"])
def test_a_quotation_mark_that_is_not_closed_is_said(small: Small, quoted: str) -> None:
    said = small.edit("demand.csv", "cars", quoted).problem("demand.csv", 0, "")
    assert "CSV" in said
    assert "quotation mark" in said


def test_a_quotation_mark_inside_a_text_is_a_mark(small: Small) -> None:
    small.edit("demand.csv", "cars", '8" wafers')  # inch signs are common in names
    assert small.load().table("demand").loc[0, "use"] == '8" wafers'


# --- encodings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Pièces", "latin-1"), ("机器人", "gbk"), ("ロボット", "shift_jis"), ("Teile für", "cp1252")],
)
def test_another_encoding_is_said_with_the_place_of_the_first_wrong_byte(
    small: Small, name: str, encoding: str
) -> None:
    text = small.text("segments.csv").replace("Precision parts", name)
    first = next(n for n, letter in enumerate(text) if not letter.isascii())
    said = small.replace("segments.csv", text.encode(encoding)).problem("segments.csv", 2, "")
    assert f"byte {first + 1} " in said
    assert "UTF-8" in said.partition("; ")[2]


def test_unicode_text_as_excel_saves_it_is_said(small: Small) -> None:
    small.replace("segments.csv", small.text("segments.csv").encode("utf-16"))
    assert "UTF-8" in small.problem("segments.csv", 0, "")


def test_all_files_in_another_encoding_are_said_at_once(small: Small) -> None:
    for file in ("segments.csv", "demand.csv"):
        small.replace(file, small.text(file).encode() + "é".encode("latin-1"))
    assert [p.file for p in small.problems()] == ["small/demand.csv", "small/segments.csv"]


@pytest.mark.parametrize("sign", ["\x0b", "\x00", "\x1b", "\u202e", "\u2066", "\x9d"])
def test_characters_that_nobody_sees_are_said_at_their_row_before_anything_is_solved(small: Small, sign: str) -> None:
    said = small.edit("inputs.csv", "an engineer's guess", f"an engineer's{sign} guess").problem("inputs.csv", 2, "")
    assert f"U+{ord(sign):04X}" in said


def test_a_cell_longer_than_a_spreadsheet_holds_is_said(small: Small) -> None:
    small.cell("inputs.csv", 2, "note", "x" * 32_767).load()
    assert "32767 characters" in small.cell("inputs.csv", 2, "note", "x" * 32_768).problem("inputs.csv", 2, "")


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "many",
        "1,5",
        "1.000,5",
        "1 000",
        "1_000",
        "nan",
        "NaN",
        "inf",
        "Infinity",
        "1e999",
        "12%",
        "¥12",
        "０.５",  # full-width digits of an East Asian keyboard
        "٣",
        "0x10",
        "1/2",
        "=A1",
        "#N/A",
        "#DIV/0!",
        "-",
        ".",
        "e5",
        "1.2.3",
        "TRUE",
        "9" * 400,
    ],
)
def test_what_is_no_number_is_said_as_it_stands_with_an_example(small: Small, written: str) -> None:
    said = small.cell("demand.csv", 3, "value", written).problem("demand.csv", 3, "value")
    assert f"'{written}'" in said
    assert "not a number" in said
    assert "12.5" in said


def test_blanks_around_a_number_are_said(small: Small) -> None:
    assert "' 40'" in small.cell("demand.csv", 3, "value", " 40").problem("demand.csv", 3, "value")


@pytest.mark.parametrize("column", ["low", "high"])
def test_a_range_that_is_no_number_is_said(small: Small, column: str) -> None:
    assert "'about 3'" in small.cell("demand.csv", 3, column, "about 3").problem("demand.csv", 3, column)


def test_a_number_in_a_firm_panel_that_is_no_number_is_said(small: Small) -> None:
    small.add_optional().cell("firms.csv", 2, "profit", "(2)")
    assert "'(2)'" in small.problem("firms.csv", 2, "profit")


# --- the descriptor -----------------------------------------------------------------------------------------------


def test_a_missing_descriptor_is_said_with_an_example(small: Small) -> None:
    said = small.drop("datapackage.json").problem("datapackage.json", 0, "")
    assert "missing" in said
    assert all(key in said for key in ("home", "currency", "scale", "year"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"home: CHN", b'{"tierwise": {"home": "CHN",}}', b"{'a': 1}"],
)
def test_a_descriptor_that_is_not_json_is_said(small: Small, content: bytes) -> None:
    assert "JSON" in small.replace("datapackage.json", content).problem("datapackage.json", 0, "")


def test_a_descriptor_in_another_encoding_is_said(small: Small) -> None:
    content = '{"name": "机器人"}'.encode("gbk")
    assert "save the file as UTF-8" in small.replace("datapackage.json", content).problem("datapackage.json", 1, "")


@pytest.mark.parametrize("content", ["[]", "3", "null", "{}", '{"tierwise": null}', '{"tierwise": ["CHN"]}'])
def test_a_descriptor_without_our_object_is_said_with_an_example(small: Small, content: str) -> None:
    said = small.replace("datapackage.json", content).problem("datapackage.json", 0, "tierwise")
    assert "missing" in said
    assert all(key in said for key in ("home", "currency", "scale", "year"))


def test_a_misspelt_descriptor_key_is_said_with_the_name_it_should_have(small: Small) -> None:
    problems = small.meta(currency=None, curency="CNY").problems()
    assert "'currency'" in at(problems, "small/datapackage.json", 0, "tierwise.curency")
    assert "equired" in at(problems, "small/datapackage.json", 0, "tierwise.currency")
    assert len(problems) == 2


@pytest.mark.parametrize("key", ["home", "currency", "scale", "year"])
def test_every_missing_descriptor_key_is_said(small: Small, key: str) -> None:
    small.meta(unit=None, **{"scale": "billion", key: None})
    assert f'"{key}"' in small.problem("datapackage.json", 0, f"tierwise.{key}")


@pytest.mark.parametrize(
    ("given", "column", "said"),
    [
        ({"unit": "heaps"}, "unit", '"currency": "CNY", "scale": "billion"'),
        ({"unit": "Mio. per year"}, "unit", '"scale": "billion" (or one, thousand'),
        ({"unit": "dollars billion per year"}, "unit", "does not say a scale"),
        ({"unit": "USD billion per year"}, "unit", "is USD billion, but currency and scale are CNY billion"),
        ({"scale": "million"}, "unit", "is CNY billion, but currency and scale are CNY million"),
        ({"scale": "milliard"}, "scale", "hundred million, billion, trillion"),
    ],
)
def test_a_unit_that_does_not_fit_the_money_is_said(
    small: Small, given: dict[str, str], column: str, said: str
) -> None:
    assert said in small.meta(**given).problem("datapackage.json", 0, f"tierwise.{column}")


@pytest.mark.parametrize(
    ("given", "currency", "scale", "unit"),
    [
        ({"unit": "billion CNY"}, "CNY", "billion", "billion CNY"),
        ({"unit": "100 of nothing", "scale": "million"}, "CNY", "million", "100 of nothing"),
        ({"unit": None, "scale": "ten thousand"}, "CNY", "ten thousand", "CNY ten thousand per year"),
        ({"unit": "CNY a year"}, "CNY", "one", "CNY a year"),
        ({"unit": "bn euros per annum", "currency": "EUR"}, "EUR", "billion", "bn euros per annum"),
    ],
)
def test_money_is_what_currency_and_scale_or_the_unit_say(
    small: Small, given: dict[str, str], currency: str, scale: str, unit: str
) -> None:
    chain = small.meta(**given).load()
    assert (chain.currency, chain.scale, chain.unit) == (currency, scale, unit)


@pytest.mark.parametrize("home", ["China", "CN", "chn", "ROW", "HYB", "XYZ", "", " CHN", 156])
def test_a_home_that_is_no_country_is_said(small: Small, home: object) -> None:
    assert "CHN" in small.meta(home=home).problem("datapackage.json", 0, "tierwise.home")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("currency", "yuan"),
        ("currency", "cny"),
        ("year", "2022"),
        ("year", 2022.5),
    ],
)
def test_a_descriptor_value_that_is_wrong_is_said_at_its_key(small: Small, key: str, value: object) -> None:
    assert f'"{key}"' in small.meta(**{key: value}).problem("datapackage.json", 0, f"tierwise.{key}")


@pytest.mark.parametrize("unit", ["", "  ", 3])
def test_a_unit_that_is_no_text_is_said_with_what_to_write(small: Small, unit: object) -> None:
    assert '"scale"' in small.meta(unit=unit).problem("datapackage.json", 0, "tierwise.unit")


def test_every_wrong_descriptor_value_is_said_at_once(small: Small) -> None:
    problems = small.meta(home="XYZ", currency="yuan", unit="", year="now").problems()
    assert {p.column for p in problems} == {f"tierwise.{key}" for key in META}


def test_a_listed_resource_that_is_not_there_is_said(small: Small) -> None:
    resources = [{"name": "supply", "path": "supply.csv"}, {"name": "surge", "path": "surge.csv"}]
    small.replace("datapackage.json", json.dumps({"tierwise": META, "resources": resources}))
    assert "'surge.csv'" in small.problem("datapackage.json", 0, "resources")


def test_resources_that_are_no_list_are_said(small: Small) -> None:
    small.replace("datapackage.json", json.dumps({"tierwise": META, "resources": {"supply": "supply.csv"}}))
    assert "list" in small.problem("datapackage.json", 0, "resources")


def test_a_resource_path_too_long_for_any_file_is_said(small: Small) -> None:
    path = "x" * 400 + ".csv"
    small.replace("datapackage.json", json.dumps({"tierwise": META, "resources": [{"path": path}]}))
    assert path in small.problem("datapackage.json", 0, "resources")


def test_a_descriptor_nested_beyond_reading_is_said(small: Small) -> None:
    assert "JSON" in small.replace("datapackage.json", "[" * 100_000).problem("datapackage.json", 0, "")


def test_a_wrong_descriptor_does_not_hide_what_is_wrong_in_a_table(small: Small) -> None:
    problems = small.meta(home="XYZ").cell("demand.csv", 2, "value", "many").problems()
    assert [(p.file, p.column) for p in problems] == [
        ("small/datapackage.json", "tierwise.home"),
        ("small/demand.csv", "value"),
    ]


# --- how problems read --------------------------------------------------------------------------------------------


def test_a_problem_reads_file_row_column_wrong_and_right(small: Small) -> None:
    (problem,) = small.cell("supply.csv", 3, "value", "a lot").problems()
    assert (problem.file, problem.row, problem.column) == ("small/supply.csv", 3, "value")
    assert str(problem) == f"small/supply.csv:3:value: {problem.wrong}; {problem.right}"
    assert "'a lot'" in problem.wrong
    assert problem.right


def test_a_problem_of_a_whole_file_has_no_row(small: Small) -> None:
    (problem,) = small.drop("supply.csv").problems()
    assert str(problem) == f"small/supply.csv: {problem.wrong}; {problem.right}"


def test_an_error_reads_one_problem_a_line_in_order_of_file_and_row(small: Small) -> None:
    small.cell("supply.csv", 4, "value", "x").cell("supply.csv", 2, "value", "y").cell("demand.csv", 3, "value", "z")
    with pytest.raises(InputError) as caught:
        small.load()
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == ["small/demand.csv:3:value", "small/supply.csv:2:value", "small/supply.csv:4:value"]


# --- whatever stands in a file, loading ends in a chain or in an InputError ---------------------------------------

_TABLES = {**FILES, **OPTIONAL}
_WORDS = sorted({word for text in _TABLES.values() for line in text.split("\n") for word in line.split(",")})
_CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(_WORDS),
    st.floats().map(str),
    st.integers().map(str),
)
_FUZZ = settings(derandomize=True, deadline=None, max_examples=60)


def _load_or_say(package: Small) -> None:
    """Load the package: its numbers are there, or an InputError says what is wrong; nothing else is let by."""
    said = None
    try:
        chain = package.load()
    except InputError as error:
        said = error.problems
    if said is None:
        assert chain.numbers.demand.sum() > 0
    else:
        assert said
        assert all(problem.wrong and problem.right for problem in said)


@pytest.mark.slow
@_FUZZ
@given(data=st.data(), written=_CELL)
def test_any_text_in_any_cell_loads_or_is_said(data: st.DataObject, written: str) -> None:
    file = data.draw(st.sampled_from([name for name in _TABLES if name.endswith(".csv")]))
    lines = _TABLES[file].strip().split("\n")
    row = data.draw(st.integers(1, len(lines)))
    column = data.draw(st.sampled_from(lines[0].split(",")))
    with tempfile.TemporaryDirectory() as folder:
        _load_or_say(Small(Path(folder, "small")).add_optional().cell(file, row, column, written))


@pytest.mark.slow
@_FUZZ
@given(data=st.data(), written=st.binary(max_size=8))
def test_any_bytes_anywhere_in_a_file_load_or_are_said(data: st.DataObject, written: bytes) -> None:
    file = data.draw(st.sampled_from(sorted(_TABLES)))
    raw = _TABLES[file].encode()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 20)))
    with tempfile.TemporaryDirectory() as folder:
        small = Small(Path(folder, "small")).add_optional()
        _load_or_say(small.replace(file, raw[:start] + written + raw[end:]))


def test_a_file_of_the_users_own_is_left_aside_and_said(small: Small) -> None:
    chain = small.replace("allocation.csv", "segment,instrument,value\npart,grants,1\n").load()
    (warning,) = chain.warnings
    assert "allocation.csv" in warning.file
    assert "left aside" in warning.wrong


@pytest.mark.parametrize("name", ["surg.csv", "weights.csv", "surge.CSV", "loss-weights.csv"])
def test_a_file_named_almost_like_an_optional_table_is_a_mistake(small: Small, name: str) -> None:
    # Left aside, it would change the answer without a word.
    assert "did you mean" in small.replace(name, "segment,location,value\n").problem(name, 0, "")
