"""WhatIfs answers what `optimize` answers for the changed chain, whatever changes; so does least_risk."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chains import Chain, InputError, load
from optimize import NoSolutionError, WhatIfs, least_risk, optimize
from tests.independent import Study, read, same
from tests.random_packages import draw, draw_options, write
from tests.small import FILES, Small

SOLVED = {"rel": 1e-9, "abs": 1e-11}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("what_ifs") / "small").load()


@pytest.fixture(scope="module")
def asked(small: Chain) -> WhatIfs:
    return WhatIfs(small)


CHANGES = {
    "nothing": lambda chain: chain,
    "cuts": lambda chain: chain.scaled("disruptions", 0.5, location="JPN"),
    "probability": lambda chain: chain.with_value("probabilities", 0.3, scenario="quake"),
    "demand": lambda chain: chain.scaled("demand", 0.7, use="cars"),
    "supply": lambda chain: chain.scaled("supply", 1.2, segment="part"),
    "ceilings": lambda chain: chain.scaled("response", 0.5, parameter="ceiling"),
    "slopes": lambda chain: chain.scaled("response", 1.7, parameter="slope"),
    "an input": lambda chain: chain.scaled("inputs", 0.9, input="part"),
    "observed": lambda chain: chain.with_value("subsidies", 2.5, segment="part"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_what_if_has_the_risk_that_optimize_finds(small: Chain, asked: WhatIfs, what: str) -> None:
    changed = CHANGES[what](small)
    assert asked.risk(changed) == pytest.approx(optimize(changed).risk, **SOLVED)


@pytest.mark.parametrize("what", CHANGES)
def test_the_advice_under_a_what_if_is_that_of_optimize(small: Chain, asked: WhatIfs, what: str) -> None:
    changed = CHANGES[what](small)
    advice, result = asked.advice(changed), optimize(changed)
    assert advice.risk == pytest.approx(result.risk, **SOLVED)
    assert advice.observed.risk == pytest.approx(result.observed.risk, **SOLVED)
    assert advice.optimal.by_segment.to_numpy() == pytest.approx(result.optimal.by_segment.to_numpy(), abs=1e-7)


def test_advice_takes_other_options_but_no_other_levers(small: Chain, asked: WhatIfs) -> None:
    options = {"budget": 3.0, "minimum": {"upstream": 1.0}, "beta": 0.0}
    assert asked.advice(**options).risk == pytest.approx(optimize(small, **options).risk, **SOLVED)
    with pytest.raises(InputError, match="option levers: is not as it was at the start: capacity; make new WhatIfs"):
        asked.advice(levers="capacity,stocks")


@pytest.mark.parametrize("budget", [0.0, 0.1, 3.0, 50.0])
def test_a_budget_is_a_what_if(small: Chain, asked: WhatIfs, budget: float) -> None:
    assert asked.risk(budget=budget) == pytest.approx(optimize(small, budget=budget).risk, **SOLVED)


@pytest.mark.slow
def test_the_base_is_as_it_was_after_any_number_of_what_ifs(small: Chain, asked: WhatIfs) -> None:
    before = asked.risk()
    for change in CHANGES.values():
        asked.risk(change(small), budget=1.0)
    assert asked.risk() == before
    assert asked.certificate.worst < 1e-7


def test_numbers_may_be_given_instead_of_a_chain(small: Chain, asked: WhatIfs) -> None:
    changed = small.scaled("demand", 0.8)
    numbers = replace(small.numbers, demand=0.8 * small.numbers.demand)
    assert asked.risk(numbers) == asked.risk(changed)


def test_a_what_if_has_the_same_risk_to_the_bit_whatever_was_asked_before(small: Chain) -> None:
    numbers = [replace(small.numbers, demand=times * small.numbers.demand) for times in np.linspace(0.5, 1.0, 12)]
    asked = WhatIfs(small)
    there = [asked.risk(changed) for changed in numbers]
    back = [asked.risk(changed) for changed in reversed(numbers)]
    assert there == back[::-1]


def test_final_demand_for_what_had_none_is_a_what_if(tmp_path: Path, asked: WhatIfs) -> None:
    """Parts are sold for repair too: 1 of the 2 that calm leaves over, which now can go unmet."""
    sold = FILES["demand.csv"] + "part,repair,1,,,reported,book,\n"
    changed = Small(tmp_path / "sold").replace("demand.csv", sold).load()
    assert asked.risk(changed) == pytest.approx(optimize(changed).risk, **SOLVED)


@pytest.mark.parametrize("times", [1e-4, 0.5, 3.0, 1e5])
def test_a_chain_of_another_size_has_the_same_risk(small: Chain, asked: WhatIfs, times: float) -> None:
    """All money alike, the budget too: near the size of the chain and far from it."""
    numbers, amounts = small.numbers, ("demand", "home", "foreign", "ceiling", "observed")
    larger = replace(numbers, **{name: times * getattr(numbers, name) for name in amounts})
    assert asked.risk(larger) == pytest.approx(asked.risk(), **SOLVED)
    assert asked.risk(larger, budget=times * 2.0) == pytest.approx(asked.risk(budget=2.0), **SOLVED)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_what_ifs_of_random_chains_against_the_dense_program(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng([seed, 77])
    tables, home = draw(rng)
    options = draw_options(rng, tables)
    chain = load(write(tmp_path / "base", tables, home))
    asked = WhatIfs(chain, **options)
    for row in tables["disruptions"]:
        row["value"] *= 0.5
    for row in tables["probabilities"]:
        row["value"] *= 0.8
    changed = load(write(tmp_path / "changed", tables, home))
    study = Study(
        read(tmp_path / "changed"),
        **{name: options.pop(name) for name in ("alpha", "beta", "pieces") if name in options},
    )
    assert same(asked.risk(changed), study.least_risk(study.choice(**options)))


@pytest.mark.parametrize("seed", range(8))
def test_least_risk_alone_is_the_optimal_part_of_optimize(tmp_path: Path, seed: int) -> None:
    """And its losses are the least ones at its allocation, as an evaluation of that allocation finds them."""
    rng = np.random.default_rng([seed, 78])
    tables, home = draw(rng)
    options = draw_options(rng, tables)
    chain = load(write(tmp_path / "base", tables, home))
    found, whole = least_risk(chain, **options), optimize(chain, **options)
    assert found.allocation.equals(whole.optimal.allocation)
    assert found.risk == whole.optimal.risk
    study = Study(
        read(tmp_path / "base"), options.get("alpha", 0.9), options.get("beta", 0.5), options.get("pieces", 10)
    )
    amounts = {(k, i): found.allocation.loc[k, i] for k in found.allocation.index for i in found.allocation.columns}
    evaluated = study.evaluate(amounts)
    assert same(found.risk, evaluated.risk, absolute=1e-9)
    for scenario, loss in evaluated.loss.items():
        assert same(found.loss[scenario], loss, absolute=1e-9)


def test_a_what_if_must_balance_in_calm(small: Chain, asked: WhatIfs) -> None:
    with pytest.raises(InputError, match="calm does not balance"):
        asked.risk(small.scaled("demand", 1.1))


def test_a_chain_that_does_not_balance_has_no_what_ifs(small: Chain) -> None:
    with pytest.raises(InputError, match="calm does not balance"):
        WhatIfs(small.scaled("demand", 1.1))
    with pytest.raises(InputError, match="calm does not balance"):
        least_risk(small.scaled("demand", 1.1))


def test_a_budget_below_a_minimum_says_what_conflicts(small: Chain) -> None:
    asked = WhatIfs(small, minimum={"part": 2.0})
    with pytest.raises(NoSolutionError, match="minimum of part: 2"):
        asked.risk(budget=1.0)
    assert asked.risk() == pytest.approx(optimize(small, minimum={"part": 2.0}).risk, **SOLVED)


def test_a_bad_budget_is_the_user_s_to_correct(asked: WhatIfs) -> None:
    with pytest.raises(InputError, match="budget"):
        asked.risk(budget=-1.0)


def test_a_chain_of_other_segments_is_refused(asked: WhatIfs, tmp_path: Path) -> None:
    other = Small(tmp_path / "other")
    for file in ("segments.csv", "inputs.csv", "supply.csv", "response.csv", "subsidies.csv"):
        other.replace(file, other.text(file).replace("part,", "piece,"))
    with pytest.raises(InputError, match="segments"):
        asked.risk(other.load())
