"""Plans over years: cases worked by hand, laws, both ways of solving, and options that are wrong.

By hand on the small package (tests/small.py) with one chord (pieces = 1) and beta = 0. A unit of funds then adds S1 of
supply, and in a year with g_part and g_robot added the risk is

    0.1 (0.20 - 0.05 g_part) + 0.05 (0.20 - 0.02 g_robot) = 0.03 - 0.005 g_part - 0.001 g_robot

Observed are 0.5 for parts, 2 for robots and 0.5 for systems, which lower nothing: 3 in all.
"""

import copy
from collections.abc import Callable
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scenarios import many
from chains import Chain, InputError, load
from optimize import Plan, optimize, plan
from optimize.program.over_years import Horizon
from optimize.program.years import compile_years, provided_by_year
from optimize.questions.plan import PlanOptions
from optimize.solving.evaluation import Evaluator
from optimize.solving.plans import YearsRisk, plan_by_decomposition, plan_directly
from optimize.solving.units import OBJECTIVE
from tests.independent import LEVERS
from tests.random_packages import STRUCTURE, Tables, add_structure, draw, write
from tests.small import Small

S1 = 0.99 / log(100)
ONE_CHORD: dict[str, Any] = {"pieces": 1, "beta": 0.0}
PLACED = {"abs": 1e-5}
"""The reported plan may cost 1e-9 of risk; at 0.0005 of risk or more a unit of money that is 2e-6 of money."""


def small(folder: Path, *response: str) -> Small:
    """The small package with more rows in response.csv."""
    return Small(folder / "small").append("response.csv", *(f"{row},,,reported,book," for row in response))


def _money(answer: Plan, segment: str) -> list[float]:
    return [float(own) for own in answer.optimal.capacity.loc[segment]]


def _risks(answer: Plan) -> dict[str, list[float]]:
    return {name: list(course.by_year["risk"]) for name, course in answer.courses.items()}


# --- worked by hand: docs/questions/plan.md ------------------------------------------------------------------------


def test_money_goes_first_to_what_takes_long_and_then_to_what_works_at_once(tmp_path: Path) -> None:
    """Parts take a year: their money is of use in the first year alone; that of the second goes to robots."""
    answer = plan(small(tmp_path, "part,lag,1").load(), years=2, rate=0.0, **ONE_CHORD)
    assert answer.years == (2023, 2024)
    assert _money(answer, "part") == pytest.approx([3, 0], **PLACED)
    assert _money(answer, "robot") == pytest.approx([0, 3], **PLACED)
    risks = _risks(answer)
    assert risks["optimal"] == pytest.approx([0.03, 0.03 - 0.015 * S1 - 0.003 * S1], abs=1e-8)
    assert risks["observed"] == pytest.approx([0.03 - 0.002 * S1, 0.03 - 0.0025 * S1 - 0.004 * S1], abs=1e-10)
    assert risks["repeated"] == pytest.approx([0.03, 0.03 - 0.015 * S1], abs=1e-8)
    assert answer.risk == pytest.approx(0.03 - 0.009 * S1, abs=1e-9)
    assert list(answer.not_needed) == pytest.approx([0, 0], **PLACED)


def test_money_that_comes_too_late_is_not_needed(tmp_path: Path) -> None:
    """Every response takes a year, so nothing that the last year gives is of use, and nobody gets it."""
    lags = [f"{segment},lag,1" for segment in ("part", "robot", "system")]
    answer = plan(small(tmp_path, *lags).load(), years=2, **ONE_CHORD)
    assert list(answer.not_needed) == pytest.approx([0, 3], **PLACED)
    assert answer.observed.spent.tolist() == pytest.approx([3, 3])
    assert _risks(answer)["optimal"] == pytest.approx([0.03, 0.03 - 0.015 * S1], abs=1e-8)


def test_a_lag_of_an_instrument_is_added_to_that_of_the_segment(tmp_path: Path) -> None:
    package = small(tmp_path, "part,lag,1").append("instruments.csv", "grants,lag,1,,,reported,book,")
    answer = plan(package.load(), years=3, rate=0.0, **ONE_CHORD)
    assert _money(answer, "part") == pytest.approx([3, 0, 0], **PLACED)
    assert _risks(answer)["optimal"] == pytest.approx([0.03, 0.03, 0.03 - 0.015 * S1 - 0.003 * S1], abs=1e-8)
    assert list(answer.not_needed) == pytest.approx([0, 0, 3], **PLACED)


def test_what_lasts_two_years_is_half_gone_after_one(tmp_path: Path) -> None:
    """0.5 a year to parts stands at 0.5, 0.75 and 0.875; robots last."""
    answer = plan(small(tmp_path, "part,life,2").load(), years=3, **ONE_CHORD)
    parts, robots = np.array([0.5, 0.75, 0.875]), np.array([2.0, 4.0, 6.0])
    assert _risks(answer)["observed"] == pytest.approx(list(0.03 - S1 * (0.005 * parts + 0.001 * robots)), abs=1e-10)


def test_what_lasts_a_year_or_less_is_gone_the_next(tmp_path: Path) -> None:
    answer = plan(small(tmp_path, "part,life,0.5", "robot,life,1").load(), years=2, **ONE_CHORD)
    assert _risks(answer)["observed"] == pytest.approx([0.03 - 0.0045 * S1] * 2, abs=1e-10)


def test_demand_that_grows_makes_what_is_added_a_smaller_share(tmp_path: Path) -> None:
    """Year t needs 1.25^t times as much: 0.5 and 2 of funds a year, over 1.25 and then 1.5625."""
    answer = plan(small(tmp_path).load(), years=2, growth=0.25, **ONE_CHORD)
    observed = [0.03 - 0.0045 * S1 / 1.25, 0.03 - 0.009 * S1 / 1.5625]
    assert _risks(answer)["observed"] == pytest.approx(observed, abs=1e-10)


def test_later_years_count_less(tmp_path: Path) -> None:
    """Weights 1/1.5 and 1/2.25, normalised: 0.6 and 0.4."""
    answer = plan(small(tmp_path, "part,lag,1").load(), years=2, rate=0.5, **ONE_CHORD)
    assert list(answer.weight) == pytest.approx([0.6, 0.4])
    observed = 0.03 - S1 * (0.6 * 0.002 + 0.4 * 0.0065)
    assert answer.observed.risk == pytest.approx(observed, abs=1e-10)


def _stocked(folder: Path) -> Chain:
    """Of parts 2 are held and 5 can be, at 1.5 each and 0.1 a year: the quake loses 0.10 - 0.05 bought."""
    package = Small(folder / "small")
    rows = ("held,2", "limit,5", "price,1.5", "holding,0.1")
    return package.append("stocks.csv", *(f"part,{row},,,reported,book," for row in rows)).load()


def test_a_stock_is_paid_once_and_held_every_year(tmp_path: Path) -> None:
    """3 buy 3/1.6 = 1.875; the second year holds them, buys the last 0.125 that lowers risk, and no more."""
    answer = plan(_stocked(tmp_path), years=2, levers="stocks", **ONE_CHORD)
    paid = answer.optimal.levers["stocks"].loc["part"]
    assert list(paid) == pytest.approx([3.0, 1.5 * 0.125 + 0.1 * 2.0], **PLACED)
    assert _risks(answer)["optimal"] == pytest.approx([0.1 * 0.00625 + 0.01, 0.01], abs=1e-9 / 0.49)
    assert list(answer.not_needed) == pytest.approx([0.0, 3.0 - 0.3875], **PLACED)


def test_the_one_year_answer_repeated_buys_stock_to_its_limit(tmp_path: Path) -> None:
    """3 every year hold 1.875, and then buy the 1.125 that are left to the limit."""
    answer = plan(_stocked(tmp_path), years=3, levers="stocks", **ONE_CHORD)
    paid = answer.repeated.levers["stocks"].loc["part"]
    assert list(paid) == pytest.approx([3.0, 1.5 * 1.125 + 0.3, 0.3], **PLACED)


def test_the_one_year_answer_repeated_pays_for_what_is_held_before_it_buys_more(tmp_path: Path) -> None:
    """0.8 a year buys 0.5 at first. A year later what is held is paid, and the rest buys: (0.8 + 1.5 held) / 1.6."""
    answer = plan(_stocked(tmp_path), years=3, budget=0.8, levers="stocks", **ONE_CHORD)
    held = [0.5, (0.8 + 1.5 * 0.5) / 1.6, (0.8 + 1.5 * (0.8 + 1.5 * 0.5) / 1.6) / 1.6]
    expected = [0.1 * (0.10 - 0.05 * stock) + 0.01 for stock in held]
    assert _risks(answer)["repeated"] == pytest.approx(expected, abs=1e-8)


def test_what_stands_on_a_flat_chord_does_not_move_to_a_steeper_one_that_has_worn_out(tmp_path: Path) -> None:
    """Half of the parts' capacity lasts a year, none of the robots', whose slope is 5.2. Over both years a unit of
    funds lowers risk by 0.005 x 0.869 x 1.5 and 0.005 x 0.617 x 1.5 = 0.00462 on the two steepest chords of parts, by
    0.001 x 5.2 x 0.869 = 0.00452 for robots; in the second year alone by 0.00435 on the first chord of parts.

    So 1.3 go to parts, 2 ln (4/3) of it to the first chord. A year later half of either is left, and robots get 1.3.
    """
    package = small(tmp_path, "part,life,2", "robot,life,1")
    package.edit("response.csv", "robot,slope,1,0.5,2", "robot,slope,5.2,0.5,6")
    chain = package.edit("response.csv", "robot,ceiling,4,2,8", "robot,ceiling,30,2,40").load()
    answer = plan(chain, years=2, rate=0.0, budget=1.3, pieces=4, beta=0.0)
    assert _money(answer, "part") == pytest.approx([1.3, 0.0], abs=1e-4)
    parts = 0.5 + (1.3 - 2 * log(4 / 3)) * 0.5 / (2 * log(3 / 2))
    robots = 1.3 * 5.2 * 0.25 / log(4 / 3)
    expected = [0.1 * (0.2 - 0.05 * parts) + 0.01, 0.1 * (0.2 - 0.025 * parts) + 0.05 * (0.2 - 0.02 * robots)]
    assert _risks(answer)["optimal"] == pytest.approx(expected, abs=1e-7)


def test_a_stock_is_a_smaller_share_of_demand_that_has_grown(tmp_path: Path) -> None:
    """Nothing is bought: 2 held are 2/1.25 and 2/1.5625 of a base year's parts."""
    answer = plan(_stocked(tmp_path), years=2, growth=0.25, budget=0.0, **ONE_CHORD)
    expected = [0.1 * (0.20 - 0.05 * 2 / 1.25**t) + 0.01 for t in (1, 2)]
    assert _risks(answer)["optimal"] == pytest.approx(expected, abs=1e-10)


def test_capacity_counts_less_in_a_demand_that_has_grown_and_in_half_a_year_half(tmp_path: Path) -> None:
    """The quake cuts for 6 months: 0.10 - 0.025 a part; of 3 S1 parts a base year's demand sees 3 S1 / 1.25."""
    chain = Small(tmp_path / "small").append("durations.csv", "quake,outage,6,,,reported,book,").load()
    answer = plan(chain, years=1, growth=0.25, **ONE_CHORD)
    assert _money(answer, "part") == pytest.approx([3.0], **PLACED)
    assert _risks(answer)["optimal"] == pytest.approx([0.1 * (0.1 - 0.025 * 3 * S1 / 1.25) + 0.01], abs=1e-8)


# --- laws ------------------------------------------------------------------------------------------------------------

packages = given(seed=st.integers(0, 2**32 - 1))
modest = settings(max_examples=4, deadline=None, derandomize=True)
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def write_load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Tables, str], Chain]:
    def write_and_load(tables: Tables, home: str) -> Chain:
        return load(write(tmp_path_factory.mktemp("package") / "dice", tables, home))

    return write_and_load


def drawn(seed: int, *, years: bool = True) -> tuple[Tables, str, np.random.Generator]:
    """A random package with structure, and with lags and lives unless not wanted."""
    rng = np.random.default_rng([seed, 31])
    tables, home = draw(rng)
    add_structure(rng, tables, home, [name for name in STRUCTURE if name != "response" or years])
    return tables, home, rng


def with_values(tables: Tables, parameter: str, change: Callable[[float], float]) -> Tables:
    """Rows of response.csv with other values of a parameter."""
    other = copy.deepcopy(tables)
    for row in other["response"]:
        if row["parameter"] == parameter:
            row["value"] = change(row["value"])
    return other


@pytest.mark.slow
@modest
@packages
def test_one_year_without_lags_is_optimize_whatever_the_rate(write_load, seed: int) -> None:
    tables, home, rng = drawn(seed, years=False)
    chain, rate = write_load(tables, home), float(rng.uniform(-0.5, 2.0))
    answer, right = plan(chain, years=1, rate=rate, levers=LEVERS), optimize(chain, levers=LEVERS)
    assert answer.risk == pytest.approx(right.risk, rel=1e-9, abs=1e-12)
    assert answer.observed.risk == pytest.approx(right.observed.risk, rel=1e-9, abs=1e-12)
    assert answer.repeated.risk == pytest.approx(right.optimal.risk, rel=1e-9, abs=1e-12)
    given, had = answer.optimal.allocation.iloc[:, 0].to_numpy(), right.observed.allocation.to_numpy().ravel()
    distance = abs(given - had).sum() + sum(money.to_numpy().sum() for money in answer.optimal.levers.values())
    near = abs(right.optimal.allocation.to_numpy().ravel() - had).sum()
    near += sum(money.sum() for money in right.optimal.levers.values())
    assert distance == pytest.approx(near, abs=1e-6 * float(right.budget.sum()))


@pytest.mark.slow
@modest
@packages
def test_a_longer_lag_and_a_shorter_life_never_lower_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    options: dict[str, Any] = {"years": 3, "levers": LEVERS}
    least = plan(write_load(tables, home), **options)
    for parameter, change in (("lag", lambda lag: lag + 1), ("life", lambda life: 0.5 * life)):
        worse = plan(write_load(with_values(tables, parameter, change), home), **options)
        assert worse.risk >= least.risk - ROUNDING
        assert worse.observed.risk >= least.observed.risk - ROUNDING


@pytest.mark.slow
@modest
@packages
def test_more_money_never_raises_discounted_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    chain, total = write_load(tables, home), sum(row["value"] for row in tables["subsidies"])
    risks = [plan(chain, years=3, levers=LEVERS, budget=share * total).risk for share in (0.0, 0.5, 1.0, 2.0)]
    assert np.diff(risks).max() <= ROUNDING


@pytest.mark.slow
@modest
@packages
def test_a_year_more_of_plan_never_raises_the_risk_of_the_years_before(write_load, seed: int) -> None:
    """With years weighed alike, T years of the plan for T + 1 have no less risk than the plan for T."""
    tables, home, _ = drawn(seed)
    chain = write_load(tables, home)
    short, long = (plan(chain, years=years, rate=0.0, levers=LEVERS) for years in (2, 3))
    assert long.optimal.by_year["risk"].iloc[:2].mean() >= short.risk - 2 * ROUNDING


@pytest.mark.slow
@modest
@packages
def test_the_unit_of_money_changes_no_risk(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    options: dict[str, Any] = {"years": 3, "growth": 0.1, "levers": LEVERS}
    one = plan(write_load(tables, home), **options)
    other = copy.deepcopy(tables)
    for table, parameters in (
        ("demand", ()),
        ("supply", ()),
        ("subsidies", ()),
        ("response", ("ceiling",)),
        ("stocks", ("held", "limit")),
        ("suppliers", ("limit",)),
        ("procurement", ("limit",)),
    ):
        for row in other.get(table, []):
            if not parameters or row["parameter"] in parameters:
                row["value"] *= 1024.0
    thousand = plan(write_load(other, home), **options)
    assert thousand.risk == pytest.approx(one.risk, rel=1e-9, abs=1e-12)
    assert thousand.observed.risk == pytest.approx(one.observed.risk, rel=1e-9, abs=1e-12)


# --- the two ways of solving ------------------------------------------------------------------------------------------


def _both(chain: Chain, **options: Any) -> None:
    """One program and decomposition reach the same least risk, and are as near to observed spending."""
    chosen = PlanOptions(**options)
    evaluator = Evaluator(chain, chosen.one_year().risk_options(), chosen.levers)
    horizon = Horizon.of(chosen.years, chosen.growth, chosen.rate)
    inner = evaluator.inner
    stage = compile_years(inner, evaluator.curve, inner.observed.sum(axis=0), chosen.years, evaluator.levers)
    start = stage.decisions(np.zeros(len(stage.compiled.column_lower)), inner, evaluator.levers)
    one = plan_directly(evaluator, YearsRisk(evaluator, horizon), stage)
    other = plan_by_decomposition(evaluator, YearsRisk(evaluator, horizon), stage, start)
    assert other.risk == pytest.approx(one.risk, rel=1e-8, abs=1e-10)
    assert max(one.certificate.worst, other.certificate.worst) <= 1e-7
    assert other.method.passes >= 2
    risk = YearsRisk(evaluator, horizon)
    for found in (one, other):  # what is decided has the risk that is claimed for it
        made = provided_by_year(found.decisions, inner, evaluator.curve, evaluator.levers)
        assert risk.learn(risk.linked(made))[0] / OBJECTIVE == pytest.approx(one.risk, rel=1e-8, abs=3e-9)


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_agree_on_random_packages(write_load, seed: int) -> None:
    tables, home, _ = drawn(seed)
    _both(write_load(tables, home), years=3, growth=0.1 * (seed % 2), levers=LEVERS)


@pytest.mark.slow
def test_both_ways_agree_on_many_scenarios(tmp_path: Path) -> None:
    _both(many(tmp_path / "chips", 60), years=4, rate=0.1)


@pytest.mark.slow
def test_many_scenarios_are_planned_by_decomposition(tmp_path: Path) -> None:
    answer = plan(many(tmp_path / "chips", 300), years=3)
    assert answer.method.name == "decomposition"
    assert answer.method.gap <= 1e-7
    assert answer.certificate.worst <= 1e-7


# --- amounts far apart ---------------------------------------------------------------------------------------------


def test_a_budget_far_beyond_all_use_is_mostly_not_needed(tmp_path: Path) -> None:
    chain = small(tmp_path).load()
    answer = plan(chain, years=2, budget=1e15, pieces=1)
    enough = plan(chain, years=2, budget=1e3, pieces=1)
    assert answer.risk == pytest.approx(enough.risk, abs=1e-9)
    assert answer.not_needed.min() > 9.9e14


# --- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("years", 0),
        ("years", -3),
        ("years", 2.5),
        ("years", 101),
        ("years", "many"),
        ("growth", -1.0),
        ("growth", float("nan")),
        ("growth", float("inf")),
        ("rate", -1.0),
        ("rate", float("inf")),
        ("budget", -1.0),
        ("levers", "stock"),
        ("move", 0.5),
        ("year", 3),
    ],
)
def test_a_wrong_option_is_named(tmp_path: Path, option: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        plan(small(tmp_path).load(), **{option: value})
    (problem,) = caught.value.problems
    assert f"option {option}" in str(problem)


@pytest.mark.parametrize("growth", [0.5, -0.3, 1e300])
def test_growth_beyond_all_measure_is_refused_in_words(tmp_path: Path, growth: float) -> None:
    chain = small(tmp_path).load()
    with pytest.raises(InputError, match="option growth") as caught:
        plan(chain, years=100, growth=growth)
    assert "times as much after 100 years" in str(caught.value)


def test_a_chain_without_subsidies_has_nothing_to_plan(tmp_path: Path) -> None:
    package = small(tmp_path)
    header = package.text("subsidies.csv").splitlines()[0]
    answer = plan(package.replace("subsidies.csv", f"{header}\n").load(), years=2)
    assert answer.risk == pytest.approx(0.115, abs=1e-12)  # (0.03 + 0.2) / 2
    assert list(answer.optimal.capacity.index) == ["part", "robot", "system"]
    assert answer.optimal.spent.sum() == 0.0


@pytest.mark.parametrize(("rate", "weight"), [(1e300, [1.0, 0.0]), (-1.0 + 1e-12, [0.0, 1.0])])
def test_at_any_rate_the_weights_are_numbers(tmp_path: Path, rate: float, weight: list[float]) -> None:
    answer = plan(small(tmp_path).load(), years=2, rate=rate, **ONE_CHORD)
    assert list(answer.weight) == pytest.approx(weight, abs=1e-11)


def test_every_wrong_option_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        plan(small(tmp_path).load(), years=0, growth=-2, rate=-1)
    assert len(caught.value.problems) == 3
