"""Parts of the fall in risk: by hand on the small package, and against the independent dense model.

With one piece a unit of money adds S1 = 0.99 / ln 100 of supply; a part lowers expected loss by 0.10 x 0.05 = 0.005,
a robot by 0.05 x 0.02 = 0.001 of final demand (tests/small.py). Seals (upstream) are of no use to anybody: their own
demand of 1 is made at home, so all demand is 101.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from chains import load
from optimize import NoSolutionError, Result, optimize
from optimize.solving import nearest
from tests.independent import LEVERS, InfeasibleError, Study, read, same
from tests.random_packages import STRUCTURE, add_structure, draw, draw_options, write
from tests.small import Small

S1 = 0.99 / math.log(100)
EXPECTED = {"beta": 0.0, "pieces": 1}
SOLVED = {"rel": 1e-7, "abs": 1e-10}
MEASURE = ("alpha", "beta", "pieces", "levers")


def with_seals(small: Small, observed: float = 1.0) -> Small:
    small.append("segments.csv", "seal,small,upstream,Seals")
    small.append("demand.csv", "seal,cars,1,,,reported,book,")
    small.append("supply.csv", "seal,CHN,CHN,1,,,reported,book,")
    small.append("response.csv", "seal,slope,1,0.5,2,assumed,talk,a guess", "seal,ceiling,2,1,4,assumed,talk,a guess")
    return small.append("subsidies.csv", f"seal,grants,2022,{observed:g},,,reported,book,")


def units(parts: float, robots: float) -> float:
    """Fall in expected loss where parts and robots get so much more money."""
    return (0.005 * parts + 0.001 * robots) * S1 * 100 / 101


def test_with_one_segment_a_tier_all_comes_from_moving_across(small: Small) -> None:
    parts = optimize(small.load(), **EXPECTED).parts
    fall = (0.005 * 2.5 - 0.001 * 2) * S1
    assert parts.to_dict() == pytest.approx({"within": 0.0, "across": fall, "all": fall}, **SOLVED)


def test_within_a_tier_useless_money_goes_to_what_is_needed(small: Small) -> None:
    parts = optimize(with_seals(small).load(), **EXPECTED).parts
    # within: the 1 of seals; across: of upstream's money a third goes to parts, so 4 upstream are 4/3 for parts
    told = {"within": units(1, 0), "across": units(4 / 3 - 0.5, -2), "all": units(3.5, -2)}
    assert parts.to_dict() == pytest.approx(told, **SOLVED)


def test_a_given_budget_is_split_over_tiers_as_observed(small: Small) -> None:
    parts = optimize(with_seals(small).load(), budget=8.0, **EXPECTED).parts
    # twice the money: 3 upstream and 4 midstream; across: 8 upstream are 8/3 for parts
    told = {"within": units(2.5, 2), "across": units(8 / 3 - 0.5, -2), "all": units(7.5, -2)}
    assert parts.to_dict() == pytest.approx(told, **SOLVED)


def test_less_money_may_raise_risk_whichever_way_it_moves(small: Small) -> None:
    parts = optimize(with_seals(small).load(), budget=0.4, **EXPECTED).parts
    assert parts["within"] == pytest.approx(units(0.15 - 0.5, 0.2 - 2), **SOLVED)
    assert parts["across"] == pytest.approx(units(0.4 / 3 - 0.5, -2), **SOLVED)


def test_where_a_tier_got_nothing_its_segments_get_equal_parts(small: Small) -> None:
    with_seals(small, 0.0).cell("subsidies.csv", 2, "value", "0")
    parts = optimize(small.load(), **EXPECTED).parts
    told = {"within": 0.0, "across": 0.0, "all": units(2.5, -2)}
    told["across"] = units(2.5 / 2, -2)  # half of 2.5 goes to seals
    assert parts.to_dict() == pytest.approx(told, **SOLVED)


def test_a_part_that_limits_forbid_has_no_number(small: Small) -> None:
    parts = optimize(with_seals(small).load(), minimum={"upstream": 3.0}, **EXPECTED).parts
    assert math.isnan(parts["within"])
    assert parts["across"] == pytest.approx(units(4 / 3 - 0.5, -2), **SOLVED)


def test_where_nothing_may_move_every_part_is_nothing(small: Small) -> None:
    parts = optimize(with_seals(small).load(), move=0.0, **EXPECTED).parts
    assert parts.to_dict() == pytest.approx({"within": 0.0, "across": 0.0, "all": 0.0}, abs=1e-10)


def test_without_the_lever_capacity_money_cannot_be_given_as_observed(small: Small) -> None:
    small.append("stocks.csv", "part,limit,4,,,reported,book,")
    parts = optimize(small.load(), levers="stocks", **EXPECTED).parts
    assert math.isnan(parts["across"])
    # the observed gave supply too, which stocks bought with the 0.5 of upstream replace in part
    assert parts["within"] == pytest.approx(-units(0.5, 2) * 1.01 + 0.5 * 0.005, **SOLVED)


def test_what_a_stock_costs_counts_for_its_tier(small: Small) -> None:
    small.append("stocks.csv", "part,limit,4,,,reported,book,")
    parts = optimize(small.load(), levers="capacity,stocks", **EXPECTED).parts
    # a unit of stock costs 1 and gives a part in the quake: 0.005 against S1 of that; upstream has 0.5
    assert parts["within"] == pytest.approx(0.5 * 0.005 * (1 - S1), **SOLVED)
    assert parts["across"] == pytest.approx((0.005 * 2.5 - 0.001 * 2) * S1, **SOLVED)


def _against_dense(result: Result, study: Study, options: dict) -> None:
    choice = study.choice(**{name: value for name, value in options.items() if name not in MEASURE})
    observed = study.evaluate(study.model.observed).risk
    told = {"all": study.least_risk, "within": study.least_risk_within}
    if "capacity" in study.levers:
        told["across"] = study.least_risk_across
    else:
        assert math.isnan(result.parts["across"])
    for part, least in told.items():
        try:
            fall = observed - least(choice)
        except InfeasibleError:
            assert math.isnan(result.parts[part]), part
        else:
            assert same(result.parts[part], fall, absolute=1e-9), part


@pytest.mark.parametrize("seed", range(24))
def test_random_packages_agree_with_the_dense_program(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng([seed, 14])
    tables, home = draw(rng)
    options = draw_options(rng, tables)
    if seed % 2:
        add_structure(rng, tables, home, STRUCTURE)
        options |= {"levers": LEVERS if seed % 4 == 1 else tuple(rng.choice(LEVERS, 2, replace=False))}
    folder = write(tmp_path / "package", tables, home)
    study = Study(read(folder), **{name: options[name] for name in MEASURE if name in options})
    if seed % 3 == 0:
        monkeypatch.setattr(nearest, "pays_off", lambda numbers: True)
    try:
        study.least_risk(study.choice(**{name: value for name, value in options.items() if name not in MEASURE}))
    except InfeasibleError:
        with pytest.raises(NoSolutionError):
            optimize(load(folder), **options)
    else:
        _against_dense(optimize(load(folder), **options), study, options)
