"""Laws of structure and levers that every answer obeys whatever the package: properties over random packages."""

import copy
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains import Chain, load
from optimize import Result, optimize
from tests.independent import LEVERS, same
from tests.optimize.test_laws import relabelled
from tests.properties import examples
from tests.random_packages import STRUCTURE, Tables, add_structure, draw, measured, write

ROUNDING = 1e-10
"""Two solves of the same risk agree this well."""

packages = given(seed=st.integers(0, 2**32 - 1))
modest = examples(8)


@pytest.fixture(scope="module")
def write_load(tmp_path_factory: pytest.TempPathFactory):
    """Write tables as a package in a folder of its own and load it."""

    def write_and_load(tables: Tables, home: str) -> Chain:
        return load(write(tmp_path_factory.mktemp("package") / "dice", tables, home))

    return write_and_load


def drawn(seed: int, *needed: str) -> tuple[Tables, str, np.random.Generator]:
    """A random package with any tables of structure, and those that are needed."""
    rng = np.random.default_rng([seed, 21])
    tables, home = draw(rng)
    add_structure(rng, tables, home, [name for name in STRUCTURE if name in needed or rng.random() < 0.5])
    return tables, home, rng


def changed(tables: Tables, table: str, parameters: tuple[str, ...], change: Callable[[float], float]) -> Tables:
    other = copy.deepcopy(tables)
    for row in other[table]:
        if row["parameter"] in parameters:
            row["value"] = change(row["value"])
    return other


def assert_never_lower(milder: Result, harder: Result) -> None:
    """Risk of no subsidy, of the observed allocation and the best one; every scenario's loss of the first two."""
    assert milder.risk <= harder.risk + ROUNDING
    for one, other in ((milder.none, harder.none), (milder.observed, harder.observed)):
        assert one.risk <= other.risk + ROUNDING
        assert (one.loss <= other.loss + ROUNDING).all()


# ------------------------------------------------------------------------------------------- what makes it worse


@pytest.mark.slow
@modest
@packages
def test_a_longer_outage_or_recovery_never_lowers_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed, "durations")
    short = changed(tables, "durations", ("outage",), lambda months: 0.6 * months)
    slow = changed(tables, "durations", ("recovery",), lambda months: 1.5 * months + 1.0)
    results = [optimize(write_load(each, home), levers=LEVERS) for each in (short, tables, slow)]
    for milder, harder in pairwise(results):
        assert_never_lower(milder, harder)


@pytest.mark.slow
@modest
@packages
def test_less_stock_never_lowers_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed, "stocks")
    less = changed(tables, "stocks", ("held",), lambda held: 0.4 * held)
    room = changed(less, "stocks", ("limit",), lambda limit: 0.4 * limit)
    results = [optimize(write_load(each, home), levers=LEVERS) for each in (tables, less, room)]
    for milder, harder in pairwise(results):
        assert_never_lower(milder, harder)


@pytest.mark.slow
@modest
@packages
def test_less_that_can_be_done_without_or_at_a_higher_loss_never_lowers_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed, "criticality")
    less = changed(tables, "criticality", ("dispensable",), lambda share: 0.5 * share)
    dearer = changed(less, "criticality", ("penalty",), lambda penalty: 2.0 * penalty)
    results = [optimize(write_load(each, home), levers=LEVERS) for each in (tables, less, dearer)]
    for milder, harder in pairwise(results):
        assert_never_lower(milder, harder)


# ------------------------------------------------------------------------------------------- what never does


@pytest.mark.slow
@modest
@packages
def test_a_lever_more_never_raises_risk(write_load, seed: int) -> None:
    """Levers are added one by one in a random order."""
    tables, home, rng = drawn(seed, "stocks", "suppliers", "procurement")
    chain, order = write_load(tables, home), [str(lever) for lever in rng.permutation(LEVERS)]
    risks = [optimize(chain, levers=tuple(order[: n + 1])).risk for n in range(len(order))]
    assert risks[0] <= optimize(chain).none.risk + ROUNDING
    for fewer, more in pairwise(risks):
        assert more <= fewer + ROUNDING


@pytest.mark.slow
@modest
@packages
def test_a_years_use_of_everything_in_stock_makes_any_outage_harmless(write_load, seed: int) -> None:
    """What is bought in the end and what home production takes, held in stock: no cut is felt within a year."""
    tables, home, _ = drawn(seed, "stocks")
    made: dict[str, float] = {}
    for row in tables["supply"]:
        if row["location"] == home:
            made[row["segment"]] = made.get(row["segment"], 0.0) + row["value"]
    use = {row["segment"]: 0.0 for row in tables["segments"]}
    for row in tables["demand"]:
        use[row["segment"]] += row["value"]
    for row in tables["inputs"]:
        use[row["input"]] += row["value"] * made.get(row["user"], 0.0)
    tables["stocks"] = [measured(amount, segment=name, parameter="held") for name, amount in use.items()]
    result = optimize(write_load(tables, home))
    assert result.none.risk <= ROUNDING
    assert result.none.loss.max() <= ROUNDING


@pytest.mark.slow
@modest
@packages
def test_exports_that_do_not_count_change_nothing_that_home_demand_sees(write_load, seed: int) -> None:
    """Exports of weight 0 need not be delivered in a disruption: losses are those of the chain without these orders."""
    tables, home, _ = drawn(seed, "loss_weights")
    for row in tables["loss_weights"]:
        if row.get("use") == "exports":
            row["value"] = 0.0
    without = copy.deepcopy(tables)
    without["demand"] = [row for row in tables["demand"] if row["use"] != "exports"]
    without["loss_weights"] = [row for row in tables["loss_weights"] if row.get("use") != "exports"]
    result, alone = (optimize(write_load(each, home), levers=LEVERS) for each in (tables, without))
    assert same(result.risk, alone.risk, absolute=ROUNDING)
    for own, other in ((result.none, alone.none), (result.observed, alone.observed)):
        assert own.loss.to_dict() == pytest.approx(other.loss.to_dict(), rel=1e-7, abs=ROUNDING)


# ------------------------------------------------------------------------------------------- how it is written

MONEY = {"stocks": ("held", "limit"), "suppliers": ("limit",), "procurement": ("limit",), "response": ("ceiling",)}


def in_other_money(tables: Tables, factor: float) -> Tables:
    """Every amount of money times a factor; shares, prices, premiums, months and probabilities stay."""
    scaled = copy.deepcopy(tables)
    amounts = [row for table in ("demand", "supply", "subsidies") for row in scaled[table]]
    amounts += [row for table, names in MONEY.items() for row in scaled.get(table, []) if row["parameter"] in names]
    for row in amounts:
        row["value"] *= factor
    return scaled


def assert_same_decision(one: Result, other: Result, factor: float, names: dict[str, str]) -> None:
    """The same money, in other units and under other names, through every lever."""
    rounding = 1e-6 * one.budget.sum()
    assert same(one.risk, other.risk, relative=1e-8, absolute=1e-11)
    for segment, money in one.allocation.items():
        assert other.allocation[names.get(segment, segment)] / factor == pytest.approx(money, abs=rounding)
    for lever, paid in one.optimal.levers.items():
        for name, money in paid.items():
            assert other.optimal.levers[lever][names.get(name, name)] / factor == pytest.approx(money, abs=rounding)


@pytest.mark.slow
@modest
@packages
@pytest.mark.parametrize("factor", [1000.0, 1e-3])
def test_the_unit_of_money_changes_no_decision(write_load, factor: float, seed: int) -> None:
    tables, home, _ = drawn(seed, "stocks", "suppliers", "procurement")
    result = optimize(write_load(tables, home), levers=LEVERS)
    scaled = optimize(write_load(in_other_money(tables, factor), home), levers=LEVERS)
    assert_same_decision(result, scaled, factor, {})


@pytest.mark.slow
@modest
@packages
def test_names_and_the_order_of_rows_change_no_decision(write_load, seed: int) -> None:
    tables, home, rng = drawn(seed, "stocks", "suppliers", "procurement", "criticality")
    other, other_home, names = relabelled(tables, home, rng)
    contracts = {(row["segment"], row["location"]) for row in tables["suppliers"]}
    names |= {f"{segment}@{place}": f"{names[segment]}@{names.get(place, place)}" for segment, place in contracts}
    result, again = (optimize(write_load(*each), levers=LEVERS) for each in ((tables, home), (other, other_home)))
    assert_same_decision(result, again, 1.0, names)
