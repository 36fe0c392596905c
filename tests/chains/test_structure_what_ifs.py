"""What-ifs on tables of structure and levers: values, rows added, draws. The small package with STRUCTURE."""

from pathlib import Path

import numpy as np
import pytest

from chains import Chain, InputError, load
from chains.drawing.draws import Draws
from chains.drawing.uncertain import uncertain
from chains.numbers.parts.stocks import Stocks
from chains.numbers.parts.suppliers import Suppliers
from tests.chains.tables.test_structure_tables import same_numbers
from tests.random_packages import STRUCTURE as DRAWN
from tests.random_packages import add_structure, draw, write
from tests.small import Small


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("structure") / "small").add_structure().load()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("bare") / "small").load()


def refused(chain: Chain, change: str, *given: object, **where: object) -> str:
    """What is said of a what-if that has one thing wrong."""
    with pytest.raises(InputError) as caught:
        getattr(chain, change)(*given, **where)
    assert len(caught.value.problems) == 1, caught.value
    return str(caught.value)


# --- values -------------------------------------------------------------------------------------------------------


def test_a_parameter_is_a_key_to_ask_for(chain: Chain) -> None:
    rows = chain.scaled("stocks", 2.0, segment="part", parameter="held").table("stocks")
    assert rows["value"].tolist() == [4, 5, 1.5, 0.1]
    assert rows.loc[0, ["low", "high"]].tolist() == [2, 6]


@pytest.mark.parametrize(
    ("change", "number", "table", "where", "gives", "right"),
    [
        ("scaled", 5.0, "criticality", {"parameter": "dispensable", "input": "part"}, "gives 1.25", "at most 1"),
        ("with_value", 0.0, "durations", {"parameter": "outage"}, "gives 0", "above 0 and at most 12"),
        ("scaled", 3.0, "durations", {"parameter": "outage"}, "gives 18", "above 0 and at most 12"),
        ("added", 0.3, "instruments", {"tier": ""}, "gives 1.1", "at most 1"),
        ("added", -4.0, "procurement", {"parameter": "premium"}, "gives -3.9", "at least 0"),
    ],
)
def test_a_value_that_leaves_the_range_of_its_parameter_is_refused(
    chain: Chain, change: str, number: float, table: str, where: dict[str, str], gives: str, right: str
) -> None:
    said = refused(chain, change, table, number, **where)
    assert gives in said
    assert said.endswith(right)


def test_a_value_that_another_parameter_could_not_have_is_no_error(chain: Chain) -> None:
    # Recovery has no most; dispensable and outage in the same tables do.
    assert chain.with_value("durations", 30.0, parameter="recovery").table("durations")["value"].tolist() == [6, 30]
    assert chain.with_value("criticality", 3.0, parameter="penalty").table("criticality")["value"].tolist() == [
        *(0.25, 3.0, 0.1),
    ]


def test_ranges_are_clipped_to_those_of_their_parameter(chain: Chain) -> None:
    # Dispensable 0.25 (0.1 to 0.5) times 3 is 0.75 (0.3 to 1.5): at most 1.
    rows = chain.scaled("criticality", 3.0, input="part", parameter="dispensable").table("criticality")
    assert rows.loc[0, ["low", "value", "high"]].tolist() == pytest.approx([0.3, 0.75, 1])
    # Outage 6 (3 to 12) plus 4: at most 12. Less 5: 1 (-2 to 7), which must be above 0.
    rows = chain.added("durations", 4.0, parameter="outage").table("durations")
    assert rows.loc[0, ["low", "value", "high"]].tolist() == [7, 10, 12]
    rows = chain.added("durations", -5.0, parameter="outage").table("durations")
    assert 0 < rows.loc[0, "low"] < 1e-6
    assert rows.loc[0, ["value", "high"]].tolist() == [1, 7]


def test_a_range_of_whole_numbers_stays_one(bare: Chain) -> None:
    lagged = bare.with_row("response", 2, low=1, high=3, segment="part", parameter="lag")
    rows = lagged.scaled("response", 0.5, parameter="lag").table("response")
    assert rows.iloc[-1][["low", "value", "high"]].tolist() == [0, 1, 2]
    assert "gives 3.5" in refused(lagged, "added", "response", 1.5, parameter="lag")


@pytest.mark.parametrize("key", ["self", "table", "factor", "amount", "value"])
@pytest.mark.parametrize("change", ["scaled", "added", "with_value"])
def test_a_key_that_is_called_as_a_parameter_is_an_unknown_key(chain: Chain, change: str, key: str) -> None:
    assert f"'{key}' is not a key column" in refused(chain, change, "supply", 1.0, **{key: "part"})


# --- rows ---------------------------------------------------------------------------------------------------------


def test_a_row_added_is_a_what_if_that_leaves_its_chain_alone(bare: Chain) -> None:
    more = bare.with_row("stocks", 2.0, segment="part", parameter="held")
    assert bare.table("stocks").empty
    row = more.table("stocks").iloc[0]
    assert row[["package", "segment", "parameter", "value", "status"]].tolist() == [
        "small",
        "part",
        "held",
        2,
        "assumed",
    ]
    assert row[["low", "high"]].isna().all()
    assert row[["source", "note"]].tolist() == ["", ""]
    assert more.changes == ("stocks: add a row segment=part, parameter=held: 2.0",)
    assert more.sha256 != bare.sha256
    assert more.numbers.part(Stocks).held.tolist() == [2]  # type: ignore[union-attr]


@pytest.mark.slow
def test_rows_that_differ_in_their_evidence_alone_read_differently(bare: Chain) -> None:
    key = {"segment": "part", "parameter": "held"}
    rows = [
        bare.with_row("stocks", 2.0, **key),
        bare.with_row("stocks", 2.0, low=1.0, high=3.0, **key),
        bare.with_row("stocks", 2.0, low=1.0, high=4.0, **key),
        bare.with_row("stocks", 2.0, status="reported", source="book", **key),
        bare.with_row("stocks", 2.0, note="a guess", **key),
    ]
    assert len({row.changes for row in rows}) == len({row.sha256 for row in rows}) == len(rows)


def test_a_row_with_a_range_is_uncertain_and_one_without_is_not(bare: Chain) -> None:
    key = {"segment": "part", "parameter": "held"}
    labels = uncertain(bare).labels
    assert uncertain(bare.with_row("stocks", 2.0, **key)).labels == labels
    assert set(uncertain(bare.with_row("stocks", 2.0, low=1.0, high=3.0, **key)).labels) - set(labels) == {
        "stocks: part held"
    }


@pytest.mark.slow
def test_a_new_scenario_needs_no_package_of_its_own(bare: Chain) -> None:
    war = (
        bare.with_row("probabilities", 0.02, scenario="war")
        .with_row("disruptions", 0.5, scenario="war", location="JPN")
        .with_row("disruptions", 1.0, scenario="war", location="DEU")
        .with_row("durations", 6, scenario="war", parameter="outage")
    )
    numbers = war.numbers
    assert numbers.scenarios == ("quake", "embargo", "war", "calm")
    assert list(numbers.probability) == pytest.approx([0.10, 0.05, 0.02, 0.83])
    assert numbers.foreign[2].tolist() == [6, 0, 0]
    assert numbers.phase_length.tolist() == [1, 1, 0.5, 1]


def test_a_supplier_is_added_row_by_row_and_has_no_numbers_in_between(bare: Chain) -> None:
    half = bare.with_row("suppliers", 3.0, segment="part", location="KOR", parameter="limit")
    for ask in (lambda: half.numbers, lambda: Draws(half, uncertain(half))):
        with pytest.raises(InputError, match="segment 'part', location 'KOR' has no cost; give limit and cost"):
            ask()
    whole = half.with_row("suppliers", 0.2, segment="part", location="KOR", parameter="cost")
    contract = whole.numbers.part(Suppliers)
    assert contract is not None
    assert (contract.location, contract.most.tolist(), contract.unit_cost.tolist()) == (("KOR",), [3], [0.2])


def test_a_row_may_be_added_to_a_table_that_is_there(chain: Chain) -> None:
    assert len(chain.with_row("criticality", 0.3, user="robot", parameter="dispensable").table("criticality")) == 4


def test_a_row_that_is_there_already_is_to_be_changed(chain: Chain) -> None:
    said = refused(chain, "with_row", "stocks", 3.0, segment="part", parameter="held")
    assert "already" in said
    assert "with_value('stocks', 3, segment='part', parameter='held')" in said


@pytest.mark.parametrize(
    ("table", "value", "more", "said"),
    [
        ("stock", 1.0, {"segment": "part"}, "did you mean 'stocks'?"),
        ("segments", 1.0, {"segment": "glue"}, "has no values"),
        ("stocks", 1.0, {"segmnt": "part"}, "'segmnt' is not a key column; did you mean 'segment'?"),
        ("stocks", 1.0, {"segment": "part"}, "is empty; give the"),
        ("stocks", 1.0, {"segment": "parts", "parameter": "price"}, "did you mean 'part'?"),
        ("stocks", 1.0, {"segment": "robot", "parameter": "prices"}, "'prices' is not known"),
        ("stocks", -1.0, {"segment": "robot", "parameter": "price"}, "price (money per unit bought) is at least 0"),
        ("stocks", float("nan"), {"segment": "robot", "parameter": "price"}, "'nan' is not a number"),
        ("stocks", float("inf"), {"segment": "robot", "parameter": "price"}, "'inf' is not a number"),
        ("durations", 13.0, {"scenario": "embargo", "parameter": "outage"}, "above 0 and at most 12"),
        ("durations", 3.0, {"scenario": "embargos", "parameter": "outage"}, "did you mean 'embargo'?"),
        ("durations", 3.0, {"scenario": "calm", "parameter": "outage"}, "implicit"),
        ("suppliers", 3.0, {"segment": "part", "location": "Japan", "parameter": "limit"}, "write 'JPN'"),
        ("suppliers", 3.0, {"segment": "part", "location": "CHN", "parameter": "limit"}, "'CHN' is the home country"),
        ("probabilities", 0.9, {"scenario": "war"}, "sum to 1.05"),
        ("loss_weights", 0.9, {"segment": "system", "use": "bikes"}, "no final demand with use 'bikes'"),
        ("stocks", 1.0, {"segment": "robot", "parameter": "price", "low": 0.5}, "without 'high'"),
        ("stocks", 1.0, {"segment": "robot", "parameter": "price", "low": 2.0, "high": 3.0}, "above value"),
        ("stocks", 1.0, {"segment": "robot", "parameter": "price", "source": "bok"}, "did you mean 'book'?"),
        ("stocks", 1.0, {"segment": "robot", "parameter": "price", "status": "guess"}, "'guess' is not known"),
        ("stocks", 1.0, {"segment": "robot", "parameter": "price", "package": "smal"}, "did you mean 'small'?"),
    ],
)
def test_a_row_that_is_not_right_is_refused(
    chain: Chain, table: str, value: float, more: dict[str, str | float], said: str
) -> None:
    assert said in refused(chain, "with_row", table, value, **more)


def test_everything_wrong_with_a_row_is_said_at_once(chain: Chain) -> None:
    with pytest.raises(InputError) as caught:
        chain.with_row("suppliers", -1.0, segment="part", location="Japan", parameter="limits")
    assert {problem.column for problem in caught.value.problems} == {"value", "location", "parameter"}


@pytest.mark.slow
def test_a_stock_above_its_limit_is_refused_whichever_row_is_added(bare: Chain) -> None:
    held = bare.with_row("stocks", 2.0, segment="part", parameter="held")
    assert "held is 2" in refused(held, "with_row", "stocks", 1.0, segment="part", parameter="limit")
    limit = bare.with_row("stocks", 1.0, segment="part", parameter="limit")
    assert "held is 2" in refused(limit, "with_row", "stocks", 2.0, segment="part", parameter="held")


def test_a_row_that_changes_nothing_is_a_warning(bare: Chain) -> None:
    more = bare.with_row("criticality", 0.5, input="system", user="part", parameter="dispensable")
    (warning,) = more.warnings
    assert "add a row" in warning.file
    assert "inputs.csv" in warning.wrong


@pytest.mark.slow
def test_a_row_of_several_packages_is_of_the_one_that_its_segment_is_of(tmp_path: Path) -> None:
    both = load(Small(tmp_path / "east").folder, Small(tmp_path / "west").folder)
    row = both.with_row("stocks", 2.0, segment="west/part", parameter="held").table("stocks").iloc[0]
    assert row["package"] == "west"
    said = refused(both, "with_row", "stocks", 2.0, segment="west/part", parameter="held", package="east")
    assert "'east'" in said
    assert "west" in said
    assert both.with_row("durations", 2.0, scenario="quake", parameter="outage").numbers.phase_length[0] == 2 / 12


@pytest.mark.slow
def test_a_row_of_any_segment_says_of_which_package(tmp_path: Path) -> None:
    both = load(Small(tmp_path / "east").folder, Small(tmp_path / "west").folder)
    said = refused(both, "with_row", "disruptions", 1.0, scenario="quake", location="DEU")
    assert "package=east or west" in said
    one = both.with_row("disruptions", 1.0, scenario="quake", location="DEU", package="west")
    # Robots of Germany in a quake: east's 10 are left, west's are not.
    assert one.numbers.foreign[0].tolist() == [6, 10, 0, 6, 0, 0]
    again = one.with_row("disruptions", 1.0, scenario="quake", location="DEU", package="east")
    assert again.numbers.foreign[0].tolist() == [6, 0, 0, 6, 0, 0]


# --- draws --------------------------------------------------------------------------------------------------------


def test_every_range_of_the_tables_is_drawn_under_a_name_for_people(chain: Chain, bare: Chain) -> None:
    assert set(uncertain(chain).labels) - set(uncertain(bare).labels) == {
        "durations: quake outage",
        "criticality: input part user robot dispensable",
        "stocks: part held",
        "suppliers: part KOR limit",
        "procurement: robot limit",
        "surge: segment robot location CHN",
        "instruments: grants raised",
        "loss_weights: system use electronics",
    }


@pytest.mark.slow
def test_a_stock_drawn_above_its_limit_leaves_no_room(bare: Chain) -> None:
    stocked = bare.with_row("stocks", 2.0, low=1.0, high=6.0, segment="part", parameter="held")
    stocked = stocked.with_row("stocks", 3.0, segment="part", parameter="limit")
    alone = uncertain(stocked).only(["stocks: part held"])
    found = [Draws(stocked, alone).numbers([quantile]).part(Stocks) for quantile in (0.0, 1.0)]
    assert [(part.held.tolist(), part.most.tolist()) for part in found if part] == [([1], [2]), ([6], [0])]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_draws_of_random_packages_with_structure_fill_the_same_numbers(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tables, home = draw(rng)
    add_structure(rng, tables, home, DRAWN)
    for name in ("durations", "criticality", "stocks", "suppliers", "procurement", "surge", "loss_weights"):
        for row in tables[name]:
            row["low"], row["high"] = 0.5 * row["value"], row["value"]
    base = load(write(tmp_path / "dice", tables, home))
    draws = Draws(base, uncertain(base))
    for point in rng.random((2, len(draws.uncertain.factors))):
        drawn = draws.chain(point)
        same_numbers(draws.numbers(point), drawn.numbers)
        low, value = base.table("stocks")["low"], drawn.table("stocks")["value"]
        assert (value >= low - 1e-12).all()


def test_numbers_after_a_change_of_values_are_those_of_the_same_tables_read_anew(chain: Chain) -> None:
    """Where values stand is kept from the chain before; only whether a scenario recovers depends on values."""
    assert chain.numbers.phases.tolist() == [3, 1, 1]
    changed = chain.with_value("durations", 0.0, parameter="recovery").scaled("supply", 1.1, location="JPN")
    assert changed.numbers.phases.tolist() == [1, 1, 1]
    same_numbers(changed.numbers, changed.counting("ownership").counting("location").numbers)
