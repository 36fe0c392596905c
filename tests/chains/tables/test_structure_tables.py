"""Tables of structure and levers: what is right in them, and what is said where something is wrong.

The small package (tests/small.py) with STRUCTURE; home is China.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from chains import Chain, InputError, load
from chains.numbers.chain_numbers import ChainNumbers, Part
from chains.numbers.quantities import array_of, quantities
from chains.tables.checking import check_cells
from chains.tables.descriptor import Meta, describe
from chains.tables.documentation import package_format
from chains.tables.reading import read_csv
from chains.tables.schema import TABLES, Table
from tests.random_packages import STRUCTURE as DRAWN
from tests.random_packages import add_structure, draw, write
from tests.small import META, STRUCTURE, Small, at


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small").add_structure()


def same_numbers(one: ChainNumbers, other: ChainNumbers) -> None:
    """Every array of both, of optional tables too, is the same to the last bit."""
    assert one.parts.keys() == other.parts.keys()
    pairs: list[tuple[ChainNumbers | Part, ChainNumbers | Part]] = [(one, other)]
    pairs += [(part, other.parts[kind]) for kind, part in one.parts.items()]
    for mine, theirs in pairs:
        for name, _ in quantities(mine):
            np.testing.assert_array_equal(array_of(mine, name), array_of(theirs, name), err_msg=name)


# --- what is right ------------------------------------------------------------------------------------------------


def test_a_package_with_every_table_is_valid(small: Small) -> None:
    chain = small.load()
    assert chain.warnings == ()
    for file, text in STRUCTURE.items():
        header, *rows = text.splitlines()
        table = chain.table(file.removesuffix(".csv"))
        assert [name for name in table.columns if name != "package"] == header.split(",")
        assert len(table) == len(rows)


@pytest.mark.parametrize("file", STRUCTURE)
def test_each_table_may_stand_alone(tmp_path: Path, file: str) -> None:
    assert Small(tmp_path / "alone").add_structure(file).load().warnings == ()


def test_every_number_of_the_tables_has_its_evidence(small: Small) -> None:
    evidence = small.load().evidence()
    assert {"durations", "criticality", "stocks", "suppliers", "procurement"} <= set(evidence["table"])
    row = evidence[(evidence["table"] == "suppliers") & (evidence["value"] == 3)].iloc[0]
    assert all(word in row["key"] for word in ("part", "KOR", "limit"))
    assert (row["status"], row["source"], row["low"], row["high"]) == ("assumed", "talk", 2, 4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_package_with_every_table_reads_back_as_written(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tables, home = draw(rng)
    add_structure(rng, tables, home, DRAWN)
    one = load(write(tmp_path / "one", tables, home))
    folder = tmp_path / "one_again"
    folder.mkdir()
    for name in tables:
        one.table(name).drop(columns="package").to_csv(folder / f"{name}.csv", index=False)
    (folder / "datapackage.json").write_bytes((tmp_path / "one" / "datapackage.json").read_bytes())
    same_numbers(load(folder).numbers, one.numbers)


def test_the_descriptor_has_the_columns_that_the_files_have(small: Small) -> None:
    def described(header: tuple[str, ...]) -> list[str]:
        content = describe("small", Meta.model_validate(META), {"instruments": header})
        return [field["name"] for field in content["resources"][0]["schema"]["fields"]]

    whole = TABLES["instruments"].column_names
    assert described(whole) == list(whole)
    assert "tier" not in described(tuple(name for name in whole if name != "tier"))


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.example], ids=lambda table: table.name)
def test_the_examples_of_the_documentation_are_right(table: Table) -> None:
    raw, shape = read_csv("\n".join([",".join(table.column_names), *table.example, ""]), table, table.file)
    _, problems = check_cells(raw)
    assert shape + problems == []
    assert {"book", "talk"} >= set(raw.cells["source"])


def test_the_documentation_says_what_each_parameter_may_be_and_what_holds_without_it() -> None:
    lines = package_format().splitlines()
    assert "| `outage` | months that the cuts last | above 0 and at most 12 | 12 |" in lines
    assert any(line.startswith("| `limit` | the most that can be held") and line.endswith("| held |") for line in lines)
    assert any(line.startswith("| `cost` |") and line.endswith("| must be given |") for line in lines)


# --- the range of a parameter -------------------------------------------------------------------------------------

_OUT_OF_RANGE = [
    ("durations.csv", "quake", "outage", "0", "above 0 and at most 12"),
    ("durations.csv", "quake", "outage", "12.5", "above 0 and at most 12"),
    ("durations.csv", "quake", "recovery", "-1", "at least 0"),
    ("criticality.csv", "part,robot", "dispensable", "1.1", "at least 0 and at most 1"),
    ("criticality.csv", "part,robot", "penalty", "-0.1", "at least 0"),
    ("stocks.csv", "part", "held", "-2", "at least 0"),
    ("suppliers.csv", "part,KOR", "limit", "-3", "at least 0"),
    ("procurement.csv", "robot", "response", "-0.4", "at least 0"),
    ("instruments.csv", "grants,", "raised", "1.2", "at least 0 and at most 1"),
    ("instruments.csv", "grants,", "additional", "80", "at least 0 and at most 1"),
    ("instruments.csv", "grants,", "survival", "-1", "at least 0 and at most 1"),
    ("instruments.csv", "grants,", "lag", "1.5", "a whole number and at least 0"),
    ("response.csv", "part", "lag", "0.5", "a whole number and at least 0"),
    ("response.csv", "part", "life", "0", "above 0"),
]


@pytest.mark.parametrize("column", ["value", "low", "high"])
@pytest.mark.parametrize(("file", "key", "parameter", "number", "right"), _OUT_OF_RANGE)
def test_a_number_outside_the_range_of_its_parameter_is_said(
    tmp_path: Path, column: str, file: str, key: str, parameter: str, number: str, right: str
) -> None:
    small = Small(tmp_path / "small")
    if file == "instruments.csv":
        small.replace(file, STRUCTURE[file].partition("\n")[0] + "\n")
    numbers = {"value": "1", "low": "", "high": "", column: number}
    small.append(file, f"{key},{parameter},{numbers['value']},{numbers['low']},{numbers['high']},reported,book,")
    row = len(small.text(file).splitlines())
    said = at(small.problems(), f"small/{file}", row, column, "out of range")
    assert number in said
    assert f"{parameter} (" in said
    assert said.endswith(right)


def test_numbers_at_the_ends_of_their_ranges_are_right(tmp_path: Path) -> None:
    small = Small(tmp_path / "small")
    small.append("durations.csv", "quake,outage,12,0.001,12,assumed,talk,x", "quake,recovery,0,0,24,assumed,talk,x")
    small.append("criticality.csv", "part,robot,dispensable,1,0,1,assumed,talk,x")
    small.append("response.csv", "part,lag,2,0,3,assumed,talk,x", "part,life,0.5,0.1,30,assumed,talk,x")
    assert small.load().warnings == ()


def test_a_number_of_an_unknown_parameter_is_still_checked(small: Small) -> None:
    problems = small.append("stocks.csv", "robot,hold,-1,,,reported,book,").problems()
    assert "'hold'" in at(problems, "small/stocks.csv", 6, "parameter")
    assert "at least 0" in at(problems, "small/stocks.csv", 6, "value")


# --- what must stand beside what ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "kept", "wrong", "right"),
    [
        ("suppliers.csv", ["cost"], "segment 'part', location 'KOR' has no limit", "give limit and cost"),
        ("suppliers.csv", ["limit"], "segment 'part', location 'KOR' has no cost", "give limit and cost"),
        ("procurement.csv", ["premium"], "'robot' has no limit and no response", "give limit, premium and response"),
        ("response.csv", ["lag"], "'part' has no slope and no ceiling", "give slope and ceiling"),
    ],
)
def test_parameters_that_must_be_given_are_said_where_they_lack(
    tmp_path: Path, file: str, kept: list[str], wrong: str, right: str
) -> None:
    small = Small(tmp_path / "small").append("response.csv", "part,lag,1,,,reported,book,")
    if file != "response.csv":
        small.add_structure(file)
    header, *rows = small.text(file).splitlines()
    keys = header.split(",").index("parameter")
    mine = rows[0].split(",")[:keys]
    left = [row for row in rows if row.split(",")[:keys] != mine or row.split(",")[keys] in kept]
    small.replace(file, "\n".join([header, *left]))
    first = next(n for n, row in enumerate(left, start=2) if row.split(",")[:keys] == mine)
    said = small.problem(file, first, "parameter")
    assert wrong in said
    assert right in said


def test_stock_parameters_that_lack_have_defaults(tmp_path: Path) -> None:
    small = Small(tmp_path / "small").append("stocks.csv", "part,limit,5,,,reported,book,")
    small.append("stocks.csv", "robot,price,2,,,reported,book,")
    assert small.load().warnings == ()


def test_a_limit_of_stock_below_what_is_held_is_said_with_what_is_held(small: Small) -> None:
    said = small.cell("stocks.csv", 3, "value", "1.5").problem("stocks.csv", 3, "value")
    assert "1.5" in said
    assert "'part'" in said
    assert "held is 2" in said


@pytest.mark.parametrize(
    ("file", "column", "row"),
    [
        ("criticality.csv", "input", 2),
        ("criticality.csv", "user", 3),
        ("stocks.csv", "segment", 4),
        ("suppliers.csv", "segment", 2),
        ("procurement.csv", "segment", 3),
    ],
)
def test_an_unknown_segment_is_said_with_the_nearest_one(small: Small, file: str, column: str, row: int) -> None:
    name = list(csv.DictReader(small.text(file).splitlines()))[row - 2][column]
    said = at(small.cell(file, row, column, f"{name}s").problems(), f"small/{file}", row, column, "not in segments.csv")
    assert f"'{name}s'" in said
    assert f"'{name}'" in said.partition("; ")[2]


def test_the_duration_of_an_unknown_scenario_is_said_with_the_nearest_one(small: Small) -> None:
    said = small.cell("durations.csv", 3, "scenario", "quakes").problem("durations.csv", 3, "scenario")
    assert "'quakes'" in said
    assert "'quake'" in said.partition("; ")[2]


def test_calm_has_no_duration(small: Small) -> None:
    said = small.append("durations.csv", "calm,outage,3,,,reported,book,").problem("durations.csv", 4, "scenario")
    assert "implicit" in said


def test_a_supplier_at_home_is_said(small: Small) -> None:
    small.append("suppliers.csv", "robot,CHN,limit,3,,,reported,book,", "robot,CHN,cost,1,,,reported,book,")
    problems = small.problems()
    assert [(p.row, p.column) for p in problems] == [(4, "location"), (5, "location")]
    assert all("'CHN' is the home country" in p.wrong for p in problems)


def test_a_supplier_at_home_is_not_looked_for_where_home_is_not_known(small: Small) -> None:
    problems = small.meta(home="China").problems()
    assert {p.file for p in problems} == {"small/datapackage.json"}


@pytest.mark.parametrize(
    ("segment", "use", "right"), [("system", "elektronics", "'electronics'"), ("part", "cars", "none is known")]
)
def test_a_weight_of_a_use_that_buys_nothing_is_said(small: Small, segment: str, use: str, right: str) -> None:
    said = small.append("loss_weights.csv", f"{segment},{use},1,,,reported,book,").problem("loss_weights.csv", 4, "use")
    assert f"'{segment}' has no final demand with use '{use}'" in said
    assert right in said.partition("; ")[2]


@pytest.mark.parametrize("file", STRUCTURE)
def test_a_key_that_stands_twice_is_said(small: Small, file: str) -> None:
    rows = small.text(file).splitlines()
    said = at(small.append(file, rows[1]).problems(), f"small/{file}", len(rows) + 1, TABLES[file[:-4]].key[0])
    assert "duplicate" in said
    assert "row 2 " in said


def test_rows_of_which_the_more_specific_counts_are_no_duplicates(small: Small) -> None:
    small.append("criticality.csv", ",robot,dispensable,0.3,,,reported,book,", ",,dispensable,0.2,,,reported,book,")
    small.append("instruments.csv", "grants,midstream,raised,0.7,,,reported,book,")
    small.append("loss_weights.csv", "system,cars,3,,,reported,book,")
    assert small.load().warnings == ()


def test_mistakes_in_several_tables_are_said_at_once(small: Small) -> None:
    small.cell("durations.csv", 2, "high", "13").cell("criticality.csv", 2, "input", "parts")
    small.cell("stocks.csv", 2, "value", "x").cell("suppliers.csv", 2, "location", "CHN")
    small.cell("procurement.csv", 4, "source", "bok").cell("loss_weights.csv", 3, "use", "bikes")
    small.cell("instruments.csv", 3, "tier", "upsteam").cell("surge.csv", 3, "location", "CN")
    assert {(p.file.removeprefix("small/"), p.row, p.column) for p in small.problems()} == {
        ("durations.csv", 2, "high"),
        ("criticality.csv", 2, "input"),
        ("stocks.csv", 2, "value"),
        ("suppliers.csv", 2, "location"),
        ("suppliers.csv", 2, "parameter"),  # limit in China, cost in Korea: each lacks the other
        ("suppliers.csv", 3, "parameter"),
        ("procurement.csv", 4, "source"),
        ("loss_weights.csv", 3, "use"),
        ("instruments.csv", 3, "tier"),
        ("surge.csv", 3, "location"),
    }


# --- what is allowed but odd --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["part,system", "system,", ",part", "robot,robot"])
def test_a_criticality_that_speaks_of_no_input_is_a_warning(small: Small, key: str) -> None:
    (warning,) = small.append("criticality.csv", f"{key},dispensable,0.5,,,reported,book,").load().warnings
    assert (warning.file, warning.row) == ("small/criticality.csv", 5)
    assert "inputs.csv" in warning.wrong


@pytest.mark.parametrize(("tier", "idle"), [("", [2, 3]), ("upstream", [3]), ("midstream", [])])
def test_factors_beside_an_effectiveness_are_a_warning(small: Small, tier: str, idle: list[int]) -> None:
    # Rows 2 and 3: raised in any tier, survival upstream.
    warnings = small.append("instruments.csv", f"grants,{tier},effectiveness,0.5,,,reported,book,").load().warnings
    assert [(w.file, w.row, w.column) for w in warnings] == [("small/instruments.csv", n, "parameter") for n in idle]
    assert all("'grants'" in w.wrong and "not used" in w.wrong for w in warnings)


def test_a_factor_of_an_instrument_without_money_is_a_warning(small: Small) -> None:
    (warning,) = small.append("instruments.csv", "grant,upstream,raised,0.5,,,reported,book,").load().warnings
    assert (warning.row, warning.column) == (4, "instrument")
    assert "'grants'" in warning.right


def test_a_factor_of_a_tier_without_segments_is_a_warning(tmp_path: Path) -> None:
    small = Small(tmp_path / "small").cell("segments.csv", 2, "tier", "midstream").add_structure("instruments.csv")
    (warning,) = small.load().warnings
    assert (warning.file, warning.row, warning.column) == ("small/instruments.csv", 3, "tier")
    assert "'upstream'" in warning.wrong
    assert "downstream, midstream" in warning.right


# --- packages together --------------------------------------------------------------------------------------------


@pytest.fixture
def east(tmp_path: Path) -> Small:
    return Small(tmp_path / "east")


@pytest.fixture
def west(tmp_path: Path) -> Small:
    return Small(tmp_path / "west")


def together(east: Small, west: Small) -> Chain:
    return load(east.folder, west.folder)


@pytest.mark.slow
def test_every_table_names_the_segments_of_its_package(east: Small, west: Small) -> None:
    chain = together(east.add_structure(), west.add_structure())
    for table in ("criticality", "stocks", "suppliers", "procurement", "loss_weights"):
        rows = chain.table(table)
        for column in {"segment", "input", "user"} & set(rows.columns):
            cells = rows.loc[rows[column] != "", column]
            assert set(cells) <= set(chain.segments.index), table
            assert (cells.str.partition("/")[0] == rows.loc[cells.index, "package"]).all(), table
        assert set(rows["package"]) == {"east", "west"}


def test_a_blank_key_means_any_segment_of_its_own_package(east: Small, west: Small) -> None:
    east.append("criticality.csv", ",,dispensable,0.5,,,reported,book,")
    (part,) = together(east, west).numbers.parts.values()
    # 0.5 of 0.4 parts a robot and of 0.5 robots a system, in east alone.
    assert array_of(part, "dispensed").tolist() == [0.2, 0.25]


def test_durations_that_agree_are_one(east: Small, west: Small) -> None:
    east.add_structure("durations.csv")
    west.append("durations.csv", "quake,outage,6,,,reported,book,", "embargo,outage,2,,,reported,book,")
    chain = together(east, west)
    rows = chain.table("durations")
    assert rows[["scenario", "parameter", "package"]].to_numpy().tolist() == [
        ["quake", "outage", "east"],
        ["quake", "recovery", "east"],
        ["embargo", "outage", "west"],
    ]
    # Quake 6 months, then twice 2 of recovery; embargo 2 months; calm.
    assert chain.numbers.phase_length == pytest.approx([6 / 12, 2 / 12, 2 / 12, 2 / 12, 1])


def test_durations_that_differ_are_refused_with_what_each_says(east: Small, west: Small) -> None:
    east.append("durations.csv", "quake,outage,3,,,reported,book,")
    west.append("durations.csv", "quake,outage,6,,,reported,book,")
    with pytest.raises(InputError, match="outage of scenario 'quake' differs: east says 3, west says 6") as caught:
        together(east, west)
    assert str(caught.value).startswith("durations.csv")


def test_factors_that_agree_are_one(east: Small, west: Small) -> None:
    for package in (east, west):
        package.add_structure("instruments.csv")
    numbers = together(east, west).numbers
    # Part is upstream: 0.8 x 0.5; robot and system 0.8.
    assert numbers.effectiveness.tolist() == [[0.4], [0.8], [0.8]] * 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("grants,,raised,0.9,,,reported,book,", "the effectiveness of 'grants' differs: east says 0.8, west says 0.9"),
        ("grants,,raised,0.8,,,reported,book,", ""),
        ("grants,,effectiveness,0.8,,,reported,book,", ""),
        ("grants,,lag,2,,,reported,book,", "the lag of 'grants' differs: east says 0, west says 2"),
    ],
)
def test_packages_must_say_the_same_of_an_instrument(east: Small, west: Small, row: str, said: str) -> None:
    header = STRUCTURE["instruments.csv"].partition("\n")[0]
    east.replace("instruments.csv", f"{header}\ngrants,,raised,0.8,,,reported,book,\n")
    west.replace(
        "instruments.csv", f"{header}\n{row}\n" + ("grants,,raised,0.8,,,reported,book,\n" if "lag" in row else "")
    )
    if said:
        with pytest.raises(InputError, match=said):
            together(east, west)
    else:
        assert together(east, west).numbers.effectiveness.tolist() == [[0.8]] * 6


def test_a_factor_of_one_tier_that_one_package_leaves_out_is_refused(east: Small, west: Small) -> None:
    header = STRUCTURE["instruments.csv"].partition("\n")[0]
    east.replace("instruments.csv", f"{header}\ngrants,upstream,survival,0.5,,,reported,book,\n")
    with pytest.raises(InputError, match=r"effectiveness of 'grants' upstream differs: east says 0.5, west says 1"):
        together(east, west)
