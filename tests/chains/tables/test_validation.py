"""Tables whose shape is right and whose content is not: cell by cell, row by row, table against table."""

import sys
from pathlib import Path

import pytest

from chains.tables import countries
from tests.small import FILES, OPTIONAL, Small, at


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small").add_optional()


def _evidence_tables() -> list[str]:
    return [file for file, text in {**FILES, **OPTIONAL}.items() if ",status,source,note" in text]


# --- values out of range ------------------------------------------------------------------------------------------


def test_inputs_worth_more_than_the_output_are_doubted_with_their_sum(small: Small) -> None:
    assert small.append("inputs.csv", "system,robot,0.6,,,reported,book,").load().warnings == ()  # 0.4 + 0.6
    (warning,) = small.cell("inputs.csv", 4, "value", "0.7").load().warnings
    assert (warning.file, warning.row) == ("small/inputs.csv", 2)
    assert "inputs worth 1.1 (of part, system)" in warning.wrong


@pytest.mark.parametrize("tier", ["upstream", "midstream", "downstream"])
def test_a_segment_may_not_have_the_name_of_a_tier(small: Small, tier: str) -> None:
    for file in ("segments.csv", "inputs.csv", "supply.csv", "response.csv", "subsidies.csv"):
        small.replace(file, small.text(file).replace("part,", f"{tier},"))
    assert f"'{tier}' is the name of a tier" in small.problem("segments.csv", 2, "segment")


@pytest.mark.parametrize("file", [file for file in _evidence_tables() if file != "tiers.csv"])
def test_a_negative_value_is_said_to_be_below_zero(small: Small, file: str) -> None:
    small.cell(file, 2, "value", "-0.25").cell(file, 2, "low", "").cell(file, 2, "high", "")
    small.cell(file, 2, "status", "reported")
    said = small.problem(file, 2, "value")
    assert "-0.25" in said
    assert "at least 0" in said


@pytest.mark.parametrize("column", ["low", "high"])
def test_a_negative_range_is_said_to_be_below_zero(small: Small, column: str) -> None:
    problems = small.cell("demand.csv", 2, column, "-3").problems()
    assert "at least 0" in at(problems, "small/demand.csv", 2, column, "out of range")


def test_a_published_indicator_may_be_negative(small: Small) -> None:
    # A margin is: the small package holds one of -0.05, and a firm with a loss.
    chain = small.load()
    assert chain.table("tiers").loc[0, "value"] == -0.05
    assert chain.table("firms").loc[0, "profit"] == -2


@pytest.mark.parametrize("file", ["probabilities.csv", "disruptions.csv"])
def test_a_probability_or_a_cut_above_one_is_said_to_be_at_most_one(small: Small, file: str) -> None:
    said = at(small.cell(file, 2, "high", "").cell(file, 2, "value", "1.25").problems(), f"small/{file}", 2, "value")
    assert "1.25" in said
    assert "at most 1" in said


@pytest.mark.parametrize("file", ["probabilities.csv", "disruptions.csv"])
def test_a_percentage_in_the_place_of_a_fraction_is_said(small: Small, file: str) -> None:
    said = at(small.cell(file, 2, "high", "").cell(file, 2, "value", "50").problems(), f"small/{file}", 2, "value")
    assert "at most 1" in said


def test_probabilities_that_sum_above_one_are_said_with_their_sum(small: Small) -> None:
    small.cell("probabilities.csv", 2, "high", "").cell("probabilities.csv", 3, "high", "")
    small.cell("probabilities.csv", 2, "value", "0.7").cell("probabilities.csv", 3, "value", "0.4")
    small.cell("probabilities.csv", 2, "status", "reported").cell("probabilities.csv", 3, "status", "reported")
    said = small.problem("probabilities.csv", 0, "value")
    assert "1.1" in said
    assert "calm" in said
    assert "at most 1" in said


def test_decimal_probabilities_that_sum_to_one_are_accepted(small: Small) -> None:
    # Added up in floating point in this order they come to 1.0000000000000002.
    shares = ["0.05", "0.55", "0.30", "0.10"]
    assert sum(map(float, shares)) > 1
    rows = "".join(f"s{n},{share},,,reported,book,\n" for n, share in enumerate(shares))
    small.replace("probabilities.csv", FILES["probabilities.csv"].partition("\n")[0] + "\n" + rows)
    small.replace("disruptions.csv", FILES["disruptions.csv"].partition("\n")[0])
    assert small.load().numbers.probability[-1] == 0


def test_a_single_scenario_may_be_certain(small: Small) -> None:
    small.replace("probabilities.csv", FILES["probabilities.csv"].partition("\n")[0] + "\nquake,1,,,reported,book,\n")
    small.edit("disruptions.csv", "embargo,,DEU,,1,,,reported,book,\n", "")
    assert list(small.load().numbers.probability) == [1.0, 0.0]


# --- cells that must be given, keys, choices ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("segments.csv", "name"),
        ("demand.csv", "value"),
        ("demand.csv", "status"),
        ("demand.csv", "source"),
        ("supply.csv", "location"),
        ("supply.csv", "owner"),
        ("surge.csv", "value"),
        ("response.csv", "segment"),
        ("response.csv", "parameter"),
        ("subsidies.csv", "instrument"),
        ("subsidies.csv", "period"),
        ("instruments.csv", "parameter"),
        ("tiers.csv", "indicator"),
        ("firms.csv", "sales"),
        ("sources.csv", "citation"),
    ],
)
def test_an_empty_cell_that_must_be_given_is_said_to_be_empty(small: Small, file: str, column: str) -> None:
    said = at(small.cell(file, 2, column, "").problems(), f"small/{file}", 2, column, "empty")
    assert said.partition("; ")[2].startswith("give")


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("demand.csv", "use"),
        ("surge.csv", "segment"),
        ("surge.csv", "location"),
        ("disruptions.csv", "segment"),
        ("disruptions.csv", "owner"),
        ("sources.csv", "locator"),
        ("sources.csv", "url"),
        ("firms.csv", "rd"),
        ("firms.csv", "profit"),
    ],
)
def test_a_cell_that_may_be_empty_may_be_empty(small: Small, file: str, column: str) -> None:
    assert small.cell(file, 2, column, "").load().warnings == ()


@pytest.mark.parametrize("written", [" part", "part ", "\tpart", "part\n", "part\u00a0"])
def test_blanks_around_a_key_are_said_with_the_key_to_write(small: Small, written: str) -> None:
    problems = small.cell("supply.csv", 2, "segment", written).problems()
    said = at(problems, "small/supply.csv", 2, "segment", "blanks")
    assert f"'{written}'" in said
    assert "'part'" in said


@pytest.mark.parametrize("status", ["Reported", "guess", "estimated", "report"])
def test_an_unknown_status_is_said_with_the_three_there_are(small: Small, status: str) -> None:
    said = small.cell("demand.csv", 2, "status", status).problem("demand.csv", 2, "status")
    assert f"'{status}'" in said
    assert all(known in said for known in ("reported", "derived", "assumed"))


@pytest.mark.parametrize(
    ("file", "tier"), [("segments.csv", "upsteam"), ("tiers.csv", "Midstream"), ("firms.csv", "mid")]
)
def test_an_unknown_tier_is_said_with_the_three_there_are(small: Small, file: str, tier: str) -> None:
    said = small.cell(file, 2, "tier", tier).problem(file, 2, "tier")
    assert f"'{tier}'" in said
    assert all(known in said for known in ("upstream", "midstream", "downstream"))


@pytest.mark.parametrize(("file", "parameter"), [("response.csv", "slop"), ("instruments.csv", "efficiency")])
def test_an_unknown_parameter_is_said_with_those_there_are(small: Small, file: str, parameter: str) -> None:
    problems = small.cell(file, 2, "parameter", parameter).problems()
    said = at(problems, f"small/{file}", 2, "parameter", f"'{parameter}'")
    assert ("slope" if file == "response.csv" else "effectiveness") in said


@pytest.mark.parametrize("country", ["MAL", "UK", "CN", "Japan", "jpn", "EU", "TAI", "HYB"])
@pytest.mark.parametrize(("file", "row"), [("supply.csv", 3), ("surge.csv", 2), ("disruptions.csv", 2)])
def test_an_unknown_country_is_said_with_the_standard_it_is_not_in(
    small: Small, file: str, row: int, country: str
) -> None:
    # HYB is an owner, a hybrid firm; it is nowhere on the map.
    said = at(small.cell(file, row, "location", country).problems(), f"small/{file}", row, "location")
    assert f"'{country}'" in said
    assert "ISO 3166 alpha-3" in said
    assert "ROW" in said


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CN", "CHN"),
        ("JP", "JPN"),
        ("DE", "DEU"),
        ("GB", "GBR"),
        ("jpn", "JPN"),
        ("China", "CHN"),
        ("Japan", "JPN"),
        ("UK", "GBR"),
        ("Russia", "RUS"),
        ("Turkey", "TUR"),
        ("Korea", "KOR"),
        ("Kosovo", "XKX"),
        ("EL", "GRC"),
        ("Republic of Korea", "KOR"),
        ("Korea, Rep.", "KOR"),
        ("Hong Kong SAR", "HKG"),
        ("Czech Republic", "CZE"),
    ],
)
def test_a_country_written_otherwise_is_said_with_its_code(small: Small, written: str, meant: str) -> None:
    said = at(small.cell("supply.csv", 3, "location", written).problems(), "small/supply.csv", 3, "location")
    assert f"'{meant}'" in said.partition("; ")[2]


def test_usual_names_are_known_without_the_library_of_names_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "country_converter", None)  # as where it is not installed
    countries._converter.cache_clear()
    countries.country_of.cache_clear()
    try:
        named = {"Korea": "KOR", "UK": "GBR", "Germany": "DEU", "Russia": "RUS", "EL": "GRC", "Korea, Rep.": None}
        assert {name: countries.country_of(name) for name in named} == named
    finally:
        countries._converter.cache_clear()
        countries.country_of.cache_clear()


def test_kosovo_has_a_code_and_a_union_of_countries_is_to_be_split(small: Small) -> None:
    assert small.cell("supply.csv", 3, "location", "XKX").load().table("supply")["location"].tolist()[1] == "XKX"
    said = at(small.cell("supply.csv", 3, "location", "EU").problems(), "small/supply.csv", 3, "location")
    assert "give each member a row of its own" in said


@pytest.mark.parametrize(
    ("written", "another"), [("UK", "UKR"), ("CN", "PCN"), ("EU", "REU"), ("TAI", "TZA"), ("MAL", "MLT")]
)
def test_a_code_that_is_none_is_not_answered_with_another_country(small: Small, written: str, another: str) -> None:
    # Whoever takes the advice for UK moves British supply to Ukraine, and nothing would tell.
    said = at(small.cell("supply.csv", 3, "location", written).problems(), "small/supply.csv", 3, "location")
    assert f"did you mean '{another}'" not in said


@pytest.mark.parametrize(("file", "row"), [("supply.csv", 3), ("disruptions.csv", 2)])
def test_an_unknown_owner_is_said(small: Small, file: str, row: int) -> None:
    said = at(small.cell(file, row, "owner", "MAL").problems(), f"small/{file}", row, "owner")
    assert "'MAL'" in said


@pytest.mark.parametrize(("owner", "location"), [("HYB", "CHN"), ("ROW", "ROW"), ("TWN", "TWN"), ("GBR", "MYS")])
def test_hybrid_owners_and_the_rest_of_the_world_are_known(small: Small, owner: str, location: str) -> None:
    small.append("supply.csv", f"part,{location},{owner},1,,,reported,book,")
    assert list(small.load().table("supply").iloc[-1][["location", "owner"]]) == [location, owner]


_DUPLICATES = [
    ("segments.csv", "part,small,upstream,Again", "segment"),
    ("demand.csv", "system,cars,1,,,reported,book,", "segment"),
    ("inputs.csv", "part,robot,0.1,,,reported,book,", "input"),
    ("supply.csv", "part,CHN,CHN,1,,,reported,book,", "segment"),
    ("surge.csv", "robot,DEU,0.3,,,reported,book,", "segment"),
    ("response.csv", "part,slope,3,,,reported,book,", "segment"),
    ("subsidies.csv", "part,grants,2022,1,,,reported,book,", "segment"),
    ("instruments.csv", "grants,effectiveness,0.3,,,reported,book,", "instrument"),
    ("disruptions.csv", "quake,,JPN,,0.9,,,reported,book,", "scenario"),
    ("probabilities.csv", "quake,0.2,,,reported,book,", "scenario"),
    ("loss_weights.csv", "system,3,,,reported,book,", "segment"),
    ("tiers.csv", "small,midstream,2022,margin,0.1,,,reported,book,", "chain"),
    ("firms.csv", "F1,2022,small,upstream,11,1,,3", "firm"),
    ("sources.csv", "book,Another,,", "source"),
]


@pytest.mark.parametrize(("file", "row", "column"), _DUPLICATES)
def test_a_key_that_stands_twice_is_said_with_the_row_of_the_first(
    small: Small, file: str, row: str, column: str
) -> None:
    # The first row of every table, row 2, stands again at its end.
    last = len(small.text(file).splitlines()) + 1
    said = small.append(file, row).problem(file, last, column)
    assert "duplicate" in said
    assert "row 2 " in said
    assert f"'{row.partition(',')[0]}'" in said


def test_a_key_that_stands_three_times_is_said_twice_with_the_row_of_the_first(small: Small) -> None:
    row = "system,electronics,1,,,reported,book,"
    problems = small.append("demand.csv", row, row).problems()
    assert [p.row for p in problems] == [4, 5]
    assert all("row 3 " in p.wrong and "'electronics'" in p.wrong for p in problems)


def test_rows_that_differ_in_one_key_column_are_no_duplicates(small: Small) -> None:
    small.append("supply.csv", "part,JPN,HYB,1,,,reported,book,", "part,KOR,JPN,1,,,reported,book,")
    assert len(small.load().table("supply")) == 7


# --- evidence -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", _evidence_tables())
def test_a_low_above_its_value_is_said_with_both(small: Small, file: str) -> None:
    # 0.9 is right in every table by itself, and above the value 0.75.
    small.cell(file, 2, "value", "0.75").cell(file, 2, "low", "0.9").cell(file, 2, "high", "")
    small.cell(file, 2, "status", "reported")
    said = small.problem(file, 2, "low")
    assert "0.9" in said
    assert "0.75" in said
    assert "low <= value" in said


@pytest.mark.parametrize("file", _evidence_tables())
def test_a_high_below_its_value_is_said_with_both(small: Small, file: str) -> None:
    small.cell(file, 2, "value", "0.75").cell(file, 2, "low", "").cell(file, 2, "high", "0.5")
    small.cell(file, 2, "status", "reported")
    said = small.problem(file, 2, "high")
    assert "0.5" in said
    assert "0.75" in said
    assert "value <= high" in said


def test_a_value_may_stand_at_either_end_of_its_range(small: Small) -> None:
    small.cell("demand.csv", 2, "low", "60").cell("demand.csv", 2, "high", "60.0")
    assert small.load().table("demand").loc[0, "high"] == 60


@pytest.mark.parametrize("missing", [("low",), ("high",), ("low", "high")])
def test_an_assumed_value_without_a_range_is_said_at_each_end_it_lacks(small: Small, missing: tuple[str, ...]) -> None:
    for column in missing:
        small.cell("inputs.csv", 2, column, "")
    problems = small.problems()
    assert {(p.file, p.row, p.column) for p in problems} == {("small/inputs.csv", 2, column) for column in missing}
    assert all("assumed" in p.wrong and p.column in p.wrong for p in problems)


@pytest.mark.parametrize("status", ["reported", "derived"])
def test_a_reported_or_derived_value_needs_no_range(small: Small, status: str) -> None:
    small.cell("inputs.csv", 2, "low", "").cell("inputs.csv", 2, "high", "").cell("inputs.csv", 2, "status", status)
    assert small.load().table("inputs").loc[0, "status"] == status


@pytest.mark.parametrize(("status", "row"), [("assumed", 2), ("derived", 3)])
def test_a_note_that_is_missing_is_a_warning_and_not_an_error(small: Small, status: str, row: int) -> None:
    (warning,) = small.cell("inputs.csv", row, "note", "  ").load().warnings
    assert str(warning).startswith(f"small/inputs.csv:{row}:note: ")
    assert status in warning.wrong


@pytest.mark.parametrize("file", _evidence_tables())
def test_an_unknown_source_is_said_with_the_nearest_one(small: Small, file: str) -> None:
    said = small.cell(file, 2, "source", "bok").problem(file, 2, "source")
    assert "'bok'" in said
    assert "sources.csv" in said
    assert "'book'" in said


# --- table against table ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "column", "row", "wrong", "meant"),
    [
        ("demand.csv", "segment", 2, "sistem", "system"),
        ("inputs.csv", "input", 2, "parts", "part"),
        ("inputs.csv", "user", 2, "robt", "robot"),
        ("supply.csv", "segment", 5, "Robot", "robot"),
        ("surge.csv", "segment", 2, "robots", "robot"),
        ("response.csv", "segment", 6, "sytem", "system"),
        ("subsidies.csv", "segment", 2, "prat", "part"),
        ("disruptions.csv", "segment", 2, "par", "part"),
        ("loss_weights.csv", "segment", 2, "systems", "system"),
    ],
)
def test_an_unknown_segment_is_said_with_the_nearest_one(
    small: Small, file: str, column: str, row: int, wrong: str, meant: str
) -> None:
    said = at(small.cell(file, row, column, wrong).problems(), f"small/{file}", row, column)
    assert f"'{wrong}'" in said
    assert "segments.csv" in said
    assert f"'{meant}'" in said


def test_a_segment_like_no_other_is_said_with_all_there_are(small: Small) -> None:
    said = small.cell("subsidies.csv", 2, "segment", "zzz").problem("subsidies.csv", 2, "segment")
    assert all(known in said for known in ("part", "robot", "system"))


@pytest.mark.parametrize(("dropped", "lacking"), [("part,slope,1", "slope"), ("part,ceiling,2", "ceiling")])
def test_half_a_response_is_said_with_the_half_that_lacks(small: Small, dropped: str, lacking: str) -> None:
    lines = [line for line in small.text("response.csv").splitlines() if not line.startswith(dropped)]
    # Of the two rows of part the one that is left stands in row 2.
    said = small.replace("response.csv", "\n".join(lines)).problem("response.csv", 2, "parameter")
    assert "'part'" in said
    assert lacking in said.partition("; ")[0]


def test_a_segment_may_have_no_response(small: Small) -> None:
    lines = small.text("response.csv").splitlines()
    small.replace("response.csv", "\n".join(line for line in lines if not line.startswith("system")))
    assert small.load().warnings == ()


def test_a_scenario_without_a_probability_is_said_with_the_nearest_one(small: Small) -> None:
    said = small.cell("disruptions.csv", 2, "scenario", "quakes").problem("disruptions.csv", 2, "scenario")
    assert "'quakes'" in said
    assert "probabilities.csv" in said
    assert "'quake'" in said


def test_a_probability_without_a_disruption_is_accepted(small: Small) -> None:
    small.append("probabilities.csv", "strike,0.1,,,reported,book,")
    assert "strike" in small.load().numbers.scenarios


@pytest.mark.parametrize("file", ["disruptions.csv", "probabilities.csv"])
def test_calm_is_refused_as_the_name_of_a_scenario(small: Small, file: str) -> None:
    rows = {"disruptions.csv": "calm,,USA,,0.1,,,reported,book,", "probabilities.csv": "calm,0.8,,,reported,book,"}
    said = small.append(file, rows[file]).problem(file, 4, "scenario")
    assert "'calm'" in said
    assert "implicit" in said


@pytest.mark.parametrize(
    ("file", "column", "segment"), [("inputs.csv", "input", "part"), ("demand.csv", "segment", "system")]
)
def test_what_is_used_but_not_supplied_is_said_where_it_is_used(
    small: Small, file: str, column: str, segment: str
) -> None:
    lines = small.text("supply.csv").splitlines()
    small.replace("supply.csv", "\n".join(line for line in lines if not line.startswith(segment)))
    problems = small.problems()
    assert {(p.file, p.column) for p in problems} == {(f"small/{file}", column)}
    assert {p.row for p in problems} == ({2} if file == "inputs.csv" else {2, 3})
    assert all(f"'{segment}'" in p.wrong and "supply.csv" in p.right for p in problems)


def test_an_input_of_zero_needs_no_supply(small: Small) -> None:
    small.append("segments.csv", "glue,small,upstream,Glue")
    small.append("inputs.csv", "glue,robot,0,,,reported,book,")
    small.append("demand.csv", "glue,,0,,,reported,book,")
    assert small.load().warnings == ()


@pytest.mark.parametrize("how", ["zeros", "no rows"])
def test_a_package_without_final_demand_is_said(small: Small, how: str) -> None:
    if how == "zeros":
        small.cell("demand.csv", 2, "value", "0").cell("demand.csv", 3, "value", "0")
    else:
        small.replace("demand.csv", FILES["demand.csv"].partition("\n")[0])
    assert "no final demand" in small.problem("demand.csv", 0, "value")


def test_a_package_without_segments_is_said(small: Small) -> None:
    small.replace("segments.csv", "segment,chain,tier,name\n")
    assert "no segments" in at(small.problems(), "small/segments.csv", 0, "")


def test_replaces_in_a_full_package_is_said_to_be_for_link_packages(small: Small) -> None:
    lines = small.text("inputs.csv").splitlines()
    lines = [
        lines[0].replace("user,", "user,replaces,"),
        *(line.replace("robot,0.4", "robot,cars,0.4") for line in lines[1:]),
    ]
    small.replace("inputs.csv", "\n".join([lines[0], lines[1], lines[2].replace("robot,system,", "robot,system,,")]))
    said = small.problem("inputs.csv", 2, "replaces")
    assert "link package" in said
    assert "empty" in said


def test_an_empty_column_replaces_is_accepted_in_a_full_package(small: Small) -> None:
    text = small.text("inputs.csv").replace("user,", "user,replaces,").replace("robot,0.4", "robot,,0.4")
    assert small.replace("inputs.csv", text.replace("system,0.5", "system,,0.5")).load().warnings == ()


# --- what is allowed but odd --------------------------------------------------------------------------------------


def test_a_disruption_that_cuts_no_supply_is_a_warning(small: Small) -> None:
    (warning,) = small.append("disruptions.csv", "quake,robot,JPN,,0.5,,,reported,book,").load().warnings
    assert (warning.file, warning.row) == ("small/disruptions.csv", 4)
    assert "no supply" in warning.wrong


def test_an_instrument_that_gives_no_money_is_a_warning_with_the_nearest_one(small: Small) -> None:
    (warning,) = small.append("instruments.csv", "grant,effectiveness,0.5,,,reported,book,").load().warnings
    assert (warning.file, warning.row, warning.column) == ("small/instruments.csv", 3, "instrument")
    assert "'grant'" in warning.wrong
    assert "'grants'" in warning.right


def test_inputs_worth_more_than_the_output_are_a_warning_with_their_sum(small: Small) -> None:
    small.append("inputs.csv", "part,system,0.75,,,reported,book,")
    (warning,) = small.append("supply.csv", "part,USA,USA,75,,,reported,book,").load().warnings
    assert (warning.file, warning.row, warning.column) == ("small/inputs.csv", 3, "value")
    assert warning.wrong == "a unit of 'system' needs inputs worth 1.25 (of robot, part)"


@pytest.mark.parametrize("value", ["1", "1.5"])
def test_a_segment_that_uses_up_all_that_it_makes_is_a_warning_with_the_coefficient(small: Small, value: str) -> None:
    """100 systems then need 100 or 150 more: they come from abroad."""
    small.append("inputs.csv", f"system,system,{value},,,reported,book,")
    warnings = small.append("supply.csv", "system,USA,USA,300,,,reported,book,").load().warnings
    said = [warning.wrong for warning in warnings if warning.row == 4]
    assert said == [f"a unit of 'system' needs {value} of 'system' itself, so no output is left for others"]


def test_a_package_of_guesses_alone_is_a_warning_with_their_number(small: Small) -> None:
    assert small.load().warnings == ()
    for file in small.folder.glob("*.csv"):
        lines = [guessed(line) for line in file.read_text("utf-8").splitlines()]
        file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    (warning,) = small.load().warnings
    assert warning.file == "small"
    assert warning.wrong == "every one of its 26 numbers is assumed: none is reported or derived"


def guessed(line: str) -> str:
    """A row whose number is reported or derived as one that is assumed, with its value as its range."""
    cells = line.split(",")
    for status in ("reported", "derived"):
        if status in cells:
            at = cells.index(status)
            cells[at - 2 : at + 1] = [cells[at - 3], cells[at - 3], "assumed"]
            return ",".join([*cells[:-1], "a guess"])
    return line


# --- everything at once -------------------------------------------------------------------------------------------


def test_ten_mistakes_in_several_files_are_said_at_once(small: Small) -> None:
    small.meta(home="China")  # 1
    small.replace("suply.csv", "")  # 2
    small.cell("segments.csv", 3, "tier", "middle")  # 3
    small.cell("demand.csv", 2, "value", "1,5")  # 4
    small.cell("demand.csv", 3, "value", "-40")  # 5
    small.cell("supply.csv", 3, "location", "UK")  # 6
    small.cell("supply.csv", 5, "owner", "")  # 7
    small.cell("subsidies.csv", 4, "segment", "sistem")  # 8
    small.cell("inputs.csv", 3, "source", "bok")  # 9
    small.append("probabilities.csv", "embargo,0.1,,,reported,book,")  # 10
    small.cell("response.csv", 5, "low", "9")  # 11: above the value 4
    small.cell("disruptions.csv", 3, "scenario", "embargoes")  # 12
    expected = {
        ("datapackage.json", 0, "tierwise.home", "China"),
        ("suply.csv", 0, "", "supply.csv"),
        ("segments.csv", 3, "tier", "middle"),
        ("demand.csv", 2, "value", "1,5"),
        ("demand.csv", 3, "value", "-40"),
        ("supply.csv", 3, "location", "UK"),
        ("supply.csv", 5, "owner", "empty"),
        ("subsidies.csv", 4, "segment", "sistem"),
        ("inputs.csv", 3, "source", "bok"),
        ("probabilities.csv", 4, "scenario", "row 3"),
        ("response.csv", 5, "low", "9"),
        ("disruptions.csv", 3, "scenario", "embargoes"),
    }
    problems = small.problems()
    for file, row, column, word in expected:
        assert word in at(problems, f"small/{file}", row, column)
    # The negative demand leaves no positive final demand: the only thing said besides the twelve, if at all.
    others = {(p.file, p.row, p.column) for p in problems} - {(f"small/{f}", r, c) for f, r, c, _ in expected}
    assert others <= {("small/demand.csv", 0, "value")}


def test_two_mistakes_in_one_row_are_both_said(small: Small) -> None:
    problems = small.cell("supply.csv", 3, "value", "x").cell("supply.csv", 3, "owner", "JAP").problems()
    assert "'x'" in at(problems, "small/supply.csv", 3, "value")
    assert "'JAP'" in at(problems, "small/supply.csv", 3, "owner")


@pytest.mark.parametrize(
    ("file", "column", "written", "word"),
    [
        ("supply.csv", "source", "", "empty"),
        ("disruptions.csv", "scenario", "", "empty"),
        ("supply.csv", "segment", " part", "blanks"),
        ("supply.csv", "value", "-inf", "not a number"),
    ],
)
def test_one_slip_is_said_once(small: Small, file: str, column: str, written: str, word: str) -> None:
    # A cell that one check has failed is passed by the next: two complaints about a cell look like two mistakes.
    assert word in small.cell(file, 2, column, written).problem(file, 2, column)


def test_a_demand_that_is_no_number_is_not_also_said_to_be_missing(small: Small) -> None:
    # "There is no final demand" would send the user to look for a second mistake.
    small.replace("demand.csv", FILES["demand.csv"].partition("\n")[0] + '\nsystem,,"100,0",,,reported,book,\n')
    assert "'100,0'" in small.problem("demand.csv", 2, "value")


def test_the_same_mistake_in_every_row_is_said_at_every_row(small: Small) -> None:
    small.replace("supply.csv", small.text("supply.csv").replace(",reported,book", ",reported,boook"))
    assert [p.row for p in small.problems()] == [2, 3, 4, 5, 6]
