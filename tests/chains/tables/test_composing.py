"""Two and more packages as one chain: what stays apart, what is merged, what is refused.

`east` and `west` are the small package (tests/small.py) under two names.
"""

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import Chain, load
from optimize import evaluate, optimize
from tests.small import Small, at, problems_of, write_link


@pytest.fixture
def east(tmp_path: Path) -> Small:
    return Small(tmp_path / "east")


@pytest.fixture
def west(tmp_path: Path) -> Small:
    return Small(tmp_path / "west")


def _number(chain: Chain, name: str, segment: str, scenario: str | None = None) -> float:
    """One entry of an array of the model, by the names of its segment and scenario."""
    numbers = chain.numbers
    array = getattr(numbers, name)
    at_segment = numbers.segments.index(segment)
    return float(array[at_segment] if scenario is None else array[numbers.scenarios.index(scenario), at_segment])


def _input(chain: Chain, supplier: str, user: str) -> float:
    segments = chain.numbers.segments
    return float(chain.numbers.inputs.toarray()[segments.index(supplier), segments.index(user)])


# --- what stays apart ---------------------------------------------------------------------------------------------


def test_segments_are_named_after_their_package(east: Small, west: Small) -> None:
    chain = load(east.folder, west.folder)
    assert list(chain.segments.index) == [
        *("east/part", "east/robot", "east/system"),
        *("west/part", "west/robot", "west/system"),
    ]
    assert chain.name == "east + west"


def test_a_package_by_itself_keeps_its_names(east: Small) -> None:
    assert list(load(east.folder).segments.index) == ["part", "robot", "system"]


@pytest.mark.slow
def test_every_table_names_the_segments_of_its_package(east: Small, west: Small) -> None:
    chain = load(east.add_optional().folder, west.add_optional().folder)
    known = set(chain.segments.index)
    for table in ("demand", "inputs", "supply", "surge", "response", "subsidies", "loss_weights"):
        rows = chain.table(table)
        for column in {"segment", "input", "user"} & set(rows.columns):
            assert set(rows[column]) <= known, table
            assert (rows[column].str.partition("/")[0] == rows["package"]).all(), table


def test_sources_are_kept_apart_and_still_found(east: Small, west: Small) -> None:
    # Both have a source `book`; they may be two books.
    west.edit("sources.csv", '"Author, Title, 2022"', '"Other, Other title, 2020"')
    chain = load(east.folder, west.folder)
    sources = chain.table("sources").set_index("source")
    assert set(chain.evidence()["source"]) <= set(sources.index)
    supply = chain.table("supply").set_index("segment")
    assert "Author" in sources.loc[supply.loc["east/system", "source"], "citation"]
    assert "Other" in sources.loc[supply.loc["west/system", "source"], "citation"]


def test_a_blank_key_means_any_segment_of_its_own_package(east: Small, west: Small) -> None:
    # In a quake east loses half of what comes from Japan, west a fifth: 12 x 0.5 = 6 and 12 x 0.8 = 9.6.
    west.cell("disruptions.csv", 2, "value", "0.2")
    chain = load(east.folder, west.folder)
    assert _number(chain, "foreign", "east/part", "quake") == pytest.approx(6, rel=1e-12)
    assert _number(chain, "foreign", "west/part", "quake") == pytest.approx(9.6, rel=1e-12)


def test_a_blank_surge_is_of_its_own_package(east: Small, west: Small) -> None:
    # In a quake Germany is uncut: 10 x 1.5 = 15 in east, and 10 in west, which has no surge.
    east.append("surge.csv", ",,0.5,,,reported,book,")
    chain = load(east.folder, west.folder)
    assert _number(chain, "foreign", "east/robot", "quake") == pytest.approx(15, rel=1e-12)
    assert _number(chain, "foreign", "west/robot", "quake") == pytest.approx(10, rel=1e-12)


@pytest.mark.slow
def test_the_losses_of_packages_without_links_add_up(east: Small, west: Small) -> None:
    # Each loses 20 of 100 in a quake: together 40 of 200, again 0.2, and the same in an embargo.
    solution = evaluate(load(east.folder, west.folder))
    alone = evaluate(load(east.folder))
    assert solution.loss["quake"] == pytest.approx(alone.loss["quake"], rel=1e-9)
    assert solution.unmet.loc["embargo", "east/system"] == pytest.approx(alone.loss["embargo"] / 2, rel=1e-9)


# --- scenarios ----------------------------------------------------------------------------------------------------


def test_scenarios_of_the_same_name_are_one(east: Small, west: Small) -> None:
    numbers = load(east.folder, west.folder).numbers
    assert numbers.scenarios == ("quake", "embargo", "calm")
    # 1 - 0.10 - 0.05 = 0.85
    assert list(numbers.probability) == pytest.approx([0.10, 0.05, 0.85], rel=1e-12)


def test_a_scenario_of_one_package_leaves_the_other_calm(east: Small, west: Small) -> None:
    west.edit("probabilities.csv", "embargo", "strike").edit("disruptions.csv", "embargo", "strike")
    chain = load(east.folder, west.folder)
    assert chain.numbers.scenarios == ("quake", "embargo", "strike", "calm")
    assert _number(chain, "foreign", "west/robot", "embargo") == 10
    assert _number(chain, "foreign", "east/robot", "embargo") == 0
    assert _number(chain, "foreign", "west/robot", "strike") == 0


def test_probabilities_that_differ_are_refused_with_what_each_says(east: Small, west: Small) -> None:
    west.cell("probabilities.csv", 2, "value", "0.15")
    (problem,) = problems_of(east.folder, west.folder)
    assert problem.file == "probabilities.csv"
    said = str(problem)
    assert all(word in said for word in ("'quake'", "east", "0.1", "west", "0.15"))


def test_probabilities_that_together_exceed_one_are_refused_with_their_sum(east: Small, west: Small) -> None:
    for package, scenario, probability in ((east, "storm", "0.5"), (west, "flood", "0.6")):
        package.append("probabilities.csv", f"{scenario},{probability},,,reported,book,")
    (problem,) = problems_of(east.folder, west.folder)
    # 0.10 + 0.05 + 0.5 + 0.6
    assert "1.25" in problem.wrong
    assert "at most 1" in problem.right


# --- money --------------------------------------------------------------------------------------------------------


def test_budgets_add_up_by_instrument(east: Small, west: Small) -> None:
    west.append("subsidies.csv", "part,loans,2022,0.75,,,reported,book,")
    result = optimize(load(east.folder, west.folder), pieces=1)
    # Grants 3 + 3, loans 0.75.
    assert dict(result.budget) == pytest.approx({"grants": 6, "loans": 0.75}, rel=1e-12)


def test_each_package_has_its_own_latest_period(east: Small, west: Small) -> None:
    west.replace("subsidies.csv", west.text("subsidies.csv").replace(",2022,", ",2019,"))
    observed = load(east.folder, west.folder).numbers.observed
    assert list(observed[:, 0]) == [0.5, 2, 0.5, 0.5, 2, 0.5]


def test_an_effectiveness_that_differs_is_refused_with_what_each_says(east: Small, west: Small) -> None:
    east.append("instruments.csv", "grants,effectiveness,0.5,,,reported,book,")
    west.append("instruments.csv", "grants,effectiveness,0.75,,,reported,book,")
    (problem,) = problems_of(east.folder, west.folder)
    assert problem.file == "instruments.csv"
    assert all(word in problem.wrong for word in ("'grants'", "east", "0.5", "west", "0.75"))


def test_an_effectiveness_that_one_package_leaves_at_one_is_refused_too(east: Small, west: Small) -> None:
    east.append("instruments.csv", "grants,effectiveness,0.5,,,reported,book,")
    (problem,) = problems_of(east.folder, west.folder)
    assert all(word in problem.wrong for word in ("'grants'", "east says 0.5", "west says 1"))


def test_an_effectiveness_that_agrees_is_kept(east: Small, west: Small) -> None:
    for package in (east, west):
        package.append("instruments.csv", "grants,effectiveness,0.5,,,reported,book,")
    assert load(east.folder, west.folder).numbers.effectiveness.tolist() == [[0.5]] * 6


@pytest.mark.slow
@pytest.mark.parametrize("order", [("east", "west"), ("west", "east")])
def test_an_instrument_that_a_package_does_not_use_does_not_change_the_others(
    tmp_path: Path, east: Small, west: Small, order: tuple[str, str]
) -> None:
    # West gives loans alone; what it says of grants (allowed, with a warning) is not about east's grants.
    east.append("instruments.csv", "grants,effectiveness,0.5,,,reported,book,")
    west.replace("subsidies.csv", west.text("subsidies.csv").replace("grants", "loans"))
    west.append("instruments.csv", "grants,effectiveness,0.9,,,reported,book,")
    numbers = load(*(tmp_path / name for name in order)).numbers
    assert numbers.instruments == ("grants", "loans")
    assert numbers.effectiveness.tolist() == [[0.5, 1.0]] * 6


# --- what packages must share -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "ours", "theirs"),
    [("unit", "CNY billion", "CNY million"), ("currency", "CNY billion", "USD billion")],
)
def test_packages_of_another_money_are_refused_with_the_row_to_write(
    east: Small, west: Small, key: str, ours: str, theirs: str
) -> None:
    given = {"unit": f"{theirs} per year", "currency": theirs[:3]}
    (problem,) = problems_of(east.folder, west.meta(**given).folder)
    assert (problem.file, problem.column) == ("west/datapackage.json", "tierwise.currency")
    assert problem.wrong == f"money is {theirs}, but {ours} in east"
    rate = "0.001,,,derived" if key == "unit" else "RATE,,,reported"
    assert f"conversions.csv too, with the row {theirs},{ours},2022,{rate},SOURCE," in problem.right


def test_packages_of_another_home_are_refused(east: Small, west: Small) -> None:
    (problem,) = problems_of(east.folder, west.meta(home="JPN").folder)
    assert (problem.file, problem.column) == ("west/datapackage.json", "tierwise.home")
    assert problem.wrong == "home is 'JPN', but 'CHN' in east"


def test_the_same_money_written_otherwise_is_the_same(east: Small, west: Small) -> None:
    chain = load(east.folder, west.meta(unit=None, scale="billion").folder)
    assert (chain.unit, chain.scale) == ("RMB billion per year", "billion")
    assert not chain.warnings


def test_packages_of_another_year_compose_and_tell_both_years(east: Small, west: Small) -> None:
    assert load(east.folder, west.meta(year=2019).folder).years == (2019, 2022)


def test_the_same_package_twice_is_refused(east: Small) -> None:
    (problem,) = problems_of(east.folder, east.folder)
    assert problem.file == "east"
    assert "twice" in problem.wrong


def test_two_folders_of_the_same_name_are_refused(tmp_path: Path, east: Small) -> None:
    other = Small(tmp_path / "other" / "east").folder
    (problem,) = problems_of(east.folder, other)
    assert problem.file == "east"
    assert str(east.folder) in problem.wrong
    assert str(other) in problem.wrong


def test_problems_of_two_packages_are_said_together(east: Small, west: Small) -> None:
    east.cell("supply.csv", 2, "value", "x")
    west.cell("demand.csv", 2, "segment", "sistem")
    problems = problems_of(east.folder, west.folder)
    assert "'x'" in at(problems, "east/supply.csv", 2, "value")
    assert "'system'" in at(problems, "west/demand.csv", 2, "segment")
    assert len(problems) == 2


def test_a_package_that_is_not_there_does_not_hide_the_problems_of_another(tmp_path: Path, east: Small) -> None:
    east.cell("supply.csv", 2, "value", "x")
    problems = problems_of(tmp_path / "nowhere", east.folder)
    assert len(problems) == 2
    assert "'x'" in at(problems, "east/supply.csv", 2, "value")


def test_all_that_keeps_packages_from_composing_is_said_together(east: Small, west: Small) -> None:
    west.meta(currency="USD", unit="USD billion").cell("probabilities.csv", 2, "value", "0.15")
    assert {p.file for p in problems_of(east.folder, west.folder)} == {"west/datapackage.json", "probabilities.csv"}


# --- link packages ------------------------------------------------------------------------------------------------


@pytest.fixture
def wafers(east: Small) -> Small:
    """East, where wafer plants buy robots for 10 as final demand; 10 more from Germany keep calm balanced."""
    east.append("demand.csv", "robot,wafer,10,,,reported,book,")
    east.cell("supply.csv", 5, "value", "20")
    return east


_LINK_A = "east/robot,west/system,wafer,0.06,,,reported,book,"
_LINK_B = "east/robot,west/robot,wafer,0.1,,,reported,book,"


@pytest.mark.slow
def test_a_link_row_adds_an_input_and_drops_the_demand_it_replaces(tmp_path: Path, wafers: Small, west: Small) -> None:
    link = write_link(tmp_path / "link", _LINK_A)
    chain = load(wafers.folder, west.folder, link)
    assert _input(chain, "east/robot", "west/system") == 0.06
    assert _number(chain, "demand", "east/robot") == 0
    # What the packages have by themselves stays.
    assert _input(chain, "east/part", "east/robot") == 0.4
    assert _number(chain, "demand", "east/system") == 100
    assert chain.name == "east + west + link"


def test_demand_that_several_rows_replace_is_dropped_once(tmp_path: Path, wafers: Small, west: Small) -> None:
    wafers.append("demand.csv", "robot,other,3,,,reported,book,")
    chain = load(wafers.folder, west.folder, write_link(tmp_path / "link", _LINK_A, _LINK_B))
    assert _number(chain, "demand", "east/robot") == 3
    assert _input(chain, "east/robot", "west/system") == 0.06
    assert _input(chain, "east/robot", "west/robot") == 0.1


def test_a_linked_chain_passes_a_disruption_on(tmp_path: Path, wafers: Small, west: Small) -> None:
    # Embargo in east alone. West's 100 systems want 0.06 x 100 = 6 robots of east, east's own 100 want 50: 56 of
    # the 40 that are left. A robot makes 2 systems in east and 1/0.06 = 16.7 in west, so east goes short:
    # 16 robots, 32 systems, of final demand 200: 0.16.
    west.edit("disruptions.csv", "embargo,,DEU,,1,,,reported,book,\n", "")
    chain = load(wafers.folder, west.folder, write_link(tmp_path / "link", _LINK_A))
    nothing = pd.DataFrame(0.0, index=["east/part"], columns=["grants"])
    solution = evaluate(chain, nothing)
    assert solution.loss["embargo"] == pytest.approx(32 / 200, rel=1e-9)
    assert solution.unmet.loc["embargo", "east/system"] == pytest.approx(32 / 200, rel=1e-9)
    assert solution.loss["calm"] == pytest.approx(0, abs=1e-12)


def test_a_link_row_that_replaces_nothing_leaves_demand_alone(tmp_path: Path, wafers: Small, west: Small) -> None:
    link = write_link(tmp_path / "link", "east/robot,west/system,,0.06,,,reported,book,")
    chain = load(wafers.folder, west.folder, link)
    assert _number(chain, "demand", "east/robot") == 10
    assert _input(chain, "east/robot", "west/system") == 0.06


def test_a_link_package_may_leave_the_column_replaces_out(tmp_path: Path, wafers: Small, west: Small) -> None:
    link = write_link(
        tmp_path / "link",
        "east/robot,west/system,0.06,,,reported,book,",
        header="input,user,value,low,high,status,source,note",
    )
    assert _number(load(wafers.folder, west.folder, link), "demand", "east/robot") == 10


@pytest.mark.slow
def test_the_order_in_which_packages_are_named_changes_no_number(tmp_path: Path, wafers: Small, west: Small) -> None:
    folders = (wafers.folder, west.folder, write_link(tmp_path / "link", _LINK_A, _LINK_B))
    reference = load(*folders)
    for order in permutations(folders):
        chain = load(*order)
        place = [chain.numbers.segments.index(segment) for segment in reference.numbers.segments]
        np.testing.assert_array_equal(chain.numbers.demand[place], reference.numbers.demand)
        inputs = chain.numbers.inputs.toarray()[np.ix_(place, place)]
        np.testing.assert_array_equal(inputs, reference.numbers.inputs.toarray())


@pytest.mark.parametrize(
    ("row", "column", "wrong", "meant"),
    [
        ("east/robt,west/system,wafer,0.06,,,reported,book,", "input", "east/robt", "east/robot"),
        ("east/robot,west/sistem,wafer,0.06,,,reported,book,", "user", "west/sistem", "west/system"),
        ("east/robot,system,wafer,0.06,,,reported,book,", "user", "system", "/system"),
    ],
)
def test_an_unknown_segment_in_a_link_is_said_with_the_nearest_one(
    tmp_path: Path, wafers: Small, west: Small, row: str, column: str, wrong: str, meant: str
) -> None:
    link = write_link(tmp_path / "link", _LINK_B, row)
    said = at(problems_of(wafers.folder, west.folder, link), "link/inputs.csv", 3, column)
    assert f"'{wrong}'" in said
    assert meant in said.partition("; ")[2]


def test_an_unknown_use_in_a_link_is_said_with_the_nearest_one(tmp_path: Path, wafers: Small, west: Small) -> None:
    link = write_link(tmp_path / "link", "east/robot,west/system,waffle,0.06,,,reported,book,")
    (problem,) = problems_of(wafers.folder, west.folder, link)
    assert (problem.file, problem.row, problem.column) == ("link/inputs.csv", 2, "replaces")
    assert "'waffle'" in problem.wrong
    assert "'east/robot'" in problem.wrong
    assert "'wafer'" in problem.right


def test_a_use_of_another_segment_is_said(tmp_path: Path, wafers: Small, west: Small) -> None:
    # `cars` buy systems, not robots.
    link = write_link(tmp_path / "link", "east/robot,west/system,cars,0.06,,,reported,book,")
    (problem,) = problems_of(wafers.folder, west.folder, link)
    assert "'cars'" in problem.wrong


def test_every_problem_of_a_link_is_said_at_once(tmp_path: Path, wafers: Small, west: Small) -> None:
    link = write_link(
        tmp_path / "link",
        "east/robt,west/sistem,wafer,0.06,,,reported,book,",
        "east/robot,west/robot,waffle,0.1,,,reported,book,",
    )
    problems = problems_of(wafers.folder, west.folder, link)
    assert [(p.row, p.column) for p in problems] == [(2, "input"), (2, "user"), (3, "replaces")]


def test_the_cells_of_a_link_are_checked(tmp_path: Path, wafers: Small, west: Small) -> None:
    link = write_link(tmp_path / "link", "east/robot,west/system,wafer,-0.06,,,guess,bok,")
    problems = problems_of(wafers.folder, west.folder, link)
    assert "at least 0" in at(problems, "link/inputs.csv", 2, "value")
    assert "'guess'" in at(problems, "link/inputs.csv", 2, "status")
    assert "'book'" in at(problems, "link/inputs.csv", 2, "source")


def test_a_link_package_alone_is_refused_with_what_to_name_beside_it(tmp_path: Path) -> None:
    problems = problems_of(write_link(tmp_path / "link", _LINK_A))
    said = at(problems, "link", 0, "")
    assert "link package" in said
    assert "robots chips link" in said


def test_a_link_package_without_sources_is_refused(tmp_path: Path, wafers: Small, west: Small) -> None:
    link = write_link(tmp_path / "link", _LINK_A)
    (link / "sources.csv").unlink()
    assert "missing" in at(problems_of(wafers.folder, west.folder, link), "link/sources.csv", 0, "")


@pytest.mark.slow
def test_the_shipped_link_drops_what_it_makes_explicit() -> None:
    # coupled replaces robot_controllers and robot_servo_drives of chips/packaging, and wafer_handling of
    # robots/bodies_high: none of these uses may be left in final demand.
    chain = load("robots", "chips", "coupled")
    demand = chain.table("demand")
    uses = set(zip(demand["segment"], demand["use"], strict=True))
    link = chain.table("inputs").query("replaces != ''")
    replaced = set(zip(link["input"], link["replaces"], strict=True))
    assert len(replaced) == 3
    assert not replaced & uses
    apart = load("robots", "chips").table("demand")
    assert replaced <= set(zip(apart["segment"], apart["use"], strict=True))
    assert len(demand) == len(apart) - 3


# --- what is allowed but odd --------------------------------------------------------------------------------------


def test_inputs_that_only_together_are_worth_more_than_the_output_are_a_warning(
    east: Small, west: Small, tmp_path: Path
) -> None:
    """Each has 0.5 robots a system; 0.6 systems of the east for one of the west are 60 of the 100 that cars buy."""
    link = write_link(tmp_path / "link", "east/system,west/system,cars,0.6,,,reported,book,")
    (warning,) = load(east.folder, west.folder, link).warnings
    assert warning.file == "west + link"
    assert warning.wrong == "a unit of 'west/system' needs inputs worth 1.1 (of west/robot, east/system)"
