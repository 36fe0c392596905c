"""Options as users give them: wrong ones are refused in words, right ones do what they say.

Worked on the small package with one piece (see test_worked_example): a unit of money for parts lowers the quake's
loss by 0.05 S1, one for robots the embargo's by 0.02 S1, one for systems nothing. Observed: 0.5, 2, 0.5 of 3.
"""

from collections.abc import Callable
from math import log
from pathlib import Path

import pytest

from chains import Chain, InputError, Problem
from optimize import NoSolutionError, Options, evaluate, gain_curve, optimize
from tests.small import Small

S1 = 0.99 / log(100)
PLACED = {"abs": 1e-6}
"""The reported allocation may cost 1e-9 of risk; at 0.001 of risk or more a unit of money that is 1e-6 of money."""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("options") / "small").load()


def _refused(chain: Chain, **options: object) -> tuple[Problem, ...]:
    """The problems with which options are refused."""
    with pytest.raises(InputError) as caught:
        optimize(chain, **options)
    assert caught.value.problems
    return caught.value.problems


def _conflict(chain: Chain, **options: object) -> str:
    """What is said where the options leave no allocation."""
    with pytest.raises(NoSolutionError) as caught:
        optimize(chain, **options)
    return str(caught.value)


def _risk(part: float, robot: float) -> float:
    """Risk with this money for parts and robots: (E + CVaR) / 2."""
    quake, embargo = 0.20 - 0.05 * S1 * part, 0.20 - 0.02 * S1 * robot
    cvar = quake if quake >= embargo else (quake + embargo) / 2
    return (0.10 * quake + 0.05 * embargo + cvar) / 2


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [("alhpa", "alpha"), ("Beta", "beta"), ("budgets", "budget"), ("piece", "pieces"), ("max", "maximum")],
)
def test_an_unknown_option_is_refused_with_the_nearest_one(chain: Chain, written: str, meant: str) -> None:
    (problem,) = _refused(chain, **{written: 0.5})
    assert written in str(problem)
    assert "not an option" in problem.wrong
    assert f"'{meant}'" in problem.right


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("alpha", 1),
        ("alpha", 1.5),
        ("alpha", -0.1),
        ("alpha", float("nan")),
        ("alpha", "high"),
        ("alpha", None),
        ("beta", 2),
        ("beta", -0.5),
        ("beta", float("nan")),
        ("pieces", 0),
        ("pieces", -1),
        ("pieces", 100),
        ("pieces", 2.5),
        ("budget", -1),
        ("budget", float("inf")),
        ("budget", float("nan")),
        ("budget", "all"),
        ("move", -0.1),
        ("move", 1.1),
        ("move", float("nan")),
    ],
)
def test_an_option_out_of_range_is_refused_by_name_with_its_value(chain: Chain, option: str, value: object) -> None:
    (problem,) = _refused(chain, **{option: value})
    assert option in problem.file
    assert repr(value) in problem.wrong
    assert problem.right


@pytest.mark.parametrize(("option", "value", "limit"), [("alpha", 1, "1"), ("beta", 2, "1"), ("pieces", 100, "99")])
def test_an_option_out_of_range_is_refused_with_its_limit(chain: Chain, option: str, value: float, limit: str) -> None:
    (problem,) = _refused(chain, **{option: value})
    assert limit in problem.right.split()[-1]


def test_all_wrong_options_are_said_at_once(chain: Chain) -> None:
    problems = _refused(chain, alpha=1, beta=2, pieces=0, budget=-1, alhpa=0.9)
    assert {problem.file.split()[-1] for problem in problems} == {"alpha", "beta", "pieces", "budget", "alhpa"}


@pytest.mark.parametrize("ask", [evaluate, lambda chain, **o: gain_curve(chain, "midstream", "upstream", **o)])
def test_every_question_checks_its_options(chain: Chain, ask: Callable[..., object]) -> None:
    with pytest.raises(InputError, match="alpha"):
        ask(chain, alpha=1)


@pytest.mark.parametrize("option", ["minimum", "maximum"])
@pytest.mark.parametrize(("written", "meant"), [("robt", "robot"), ("upsteam", "upstream"), ("systems", "system")])
def test_a_bound_for_an_unknown_segment_or_tier_is_refused_with_the_nearest_one(
    chain: Chain, option: str, written: str, meant: str
) -> None:
    (problem,) = _refused(chain, **{option: {written: 1.0}})
    assert str(problem).startswith(f"option {option[:3]}: '{written}' is neither a segment nor a tier")
    assert f"'{meant}'" in problem.right


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_a_bound_that_is_no_money_is_refused_with_whose_it_is(chain: Chain, amount: float) -> None:
    (problem,) = _refused(chain, minimum={"robot": amount})
    assert "minimum" in problem.file
    assert "robot" in problem.file


def test_all_wrong_bounds_are_said_at_once(chain: Chain) -> None:
    problems = _refused(chain, minimum={"robt": 1.0, "part": 1.0}, maximum={"sistem": 1.0})
    assert len(problems) == 2
    assert any("'robt'" in problem.wrong for problem in problems)
    assert any("'sistem'" in problem.wrong for problem in problems)


# --- no allocation is left ----------------------------------------------------------------------------------------


def test_a_minimum_above_the_budget_conflicts_with_it(chain: Chain) -> None:
    said = _conflict(chain, minimum={"robot": 5.0})
    assert "minimum of robot: 5" in said
    assert "budget" in said
    assert "'grants'" in said


def test_demands_that_do_not_conflict_are_not_named(chain: Chain) -> None:
    said = _conflict(chain, minimum={"robot": 5.0, "part": 0.1}, maximum={"system": 1.0}, move=1.0)
    assert "minimum of robot: 5" in said
    assert all(word not in said for word in ("part", "system", "move"))


def test_minima_that_exceed_the_budget_together_are_all_named(chain: Chain) -> None:
    # 2 + 2 > 3, though neither is.
    said = _conflict(chain, minimum={"part": 2.0, "robot": 2.0})
    assert all(word in said for word in ("minimum of part: 2", "minimum of robot: 2", "budget"))


def test_a_minimum_above_the_maximum_of_its_tier_conflicts_with_it(chain: Chain) -> None:
    # Robots are the only segment midstream; the budget of 3 would do.
    said = _conflict(chain, minimum={"robot": 2.0}, maximum={"midstream": 1.0})
    assert "minimum of robot: 2" in said
    assert "maximum of midstream: 1" in said
    assert "budget" not in said


def test_a_minimum_that_asks_for_more_moving_than_is_allowed_conflicts_with_it(chain: Chain) -> None:
    # Parts from 0.5 to 2.5 moves 2 of 3; 0.1 lets 0.3 move.
    said = _conflict(chain, minimum={"part": 2.5}, move=0.1)
    assert "minimum of part: 2.5" in said
    assert "move" in said


def test_a_budget_too_far_below_the_observed_one_conflicts_with_the_limit_on_moving(chain: Chain) -> None:
    # From 3 to 1 is a change of at least 2; 2 x 0.5 x 1 = 1 is allowed.
    said = _conflict(chain, budget=1.0, move=0.5)
    assert "budget" in said
    assert "move" in said


def test_a_minimum_where_money_buys_nothing_is_no_solution_and_a_maximum_there_says_nothing(small: Small) -> None:
    """Robots have no row in stocks.csv; and where subsidies.csv names no instrument no money is given at all."""
    small.add_structure("stocks.csv")
    stocks: dict[str, object] = {"levers": ("capacity", "stocks")}
    with pytest.raises(NoSolutionError, match=r"minimum of stocks:robot: 1 \(no more than 0 can be bought there\)"):
        optimize(small.load(), **stocks, minimum={"stocks:robot": 1.0})
    free = optimize(small.load(), **stocks)
    assert optimize(small.load(), **stocks, maximum={"stocks:robot": 1.0}).optimal.risk == free.optimal.risk
    header = small.text("subsidies.csv").partition("\n")[0] + "\n"
    moneyless = small.drop("stocks.csv").replace("subsidies.csv", header).load()
    with pytest.raises(NoSolutionError, match=r"minimum of robot: 1 \(no more than 0 can be bought there\)"):
        optimize(moneyless, minimum={"robot": 1.0})
    limited = optimize(moneyless, maximum={"robot": 1.0}, minimum={"part": 0.0})
    assert limited.optimal.risk == pytest.approx(0.5 * (0.2 * 0.1 + 0.2 * 0.05) + 0.5 * 0.2, abs=1e-9)


def test_a_minimum_of_exactly_the_budget_is_met(chain: Chain) -> None:
    best = optimize(chain, minimum={"robot": 3.0}, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 0.0, "robot": 3.0, "system": 0.0}, **PLACED)


# --- bounds -------------------------------------------------------------------------------------------------------


def test_a_minimum_for_a_segment_is_met_and_no_more(chain: Chain) -> None:
    # Parts are always worth more, so systems get just their minimum.
    best = optimize(chain, minimum={"system": 1.25}, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 1.75, "robot": 0.0, "system": 1.25}, **PLACED)
    assert best.risk == pytest.approx(_risk(1.75, 0), rel=1e-9)


def test_a_minimum_for_a_tier_is_met_and_no_more(chain: Chain) -> None:
    best = optimize(chain, minimum={"midstream": 1.0}, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 2.0, "robot": 1.0, "system": 0.0}, **PLACED)
    assert best.risk == pytest.approx(_risk(2, 1), rel=1e-9)


@pytest.mark.parametrize("whose", ["part", "upstream"])
def test_a_maximum_sends_the_rest_to_the_next_best(chain: Chain, whose: str) -> None:
    best = optimize(chain, maximum={whose: 0.75}, pieces=1)
    # Robots get the rest: 0.05 x 0.75 = 0.0375 < 0.02 x 2.25 = 0.045, so the quake is worst and a unit for robots
    # is worth just 0.0005 S1 = 1e-4: the 1e-9 of risk that the answer may cost is 1e-5 of money.
    assert dict(best.allocation) == pytest.approx({"part": 0.75, "robot": 2.25, "system": 0.0}, abs=1e-5)
    assert best.risk == pytest.approx(_risk(0.75, 2.25), rel=1e-9)


def test_bounds_of_a_segment_and_its_tier_hold_together(chain: Chain) -> None:
    best = optimize(chain, minimum={"robot": 0.5, "downstream": 0.25}, maximum={"part": 1.0}, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 1.0, "robot": 1.75, "system": 0.25}, **PLACED)
    assert best.risk == pytest.approx(_risk(1.0, 1.75), rel=1e-9)


def test_a_bound_on_a_tier_is_on_all_its_segments_together(tmp_path: Path) -> None:
    # Glue is upstream too, and worth nothing: of at most 1 for the tier parts get all.
    small = Small(tmp_path / "glue").append("segments.csv", "glue,small,upstream,Glue")
    small.append("subsidies.csv", "glue,grants,2022,1,,,reported,book,")
    best = optimize(small.load(), maximum={"upstream": 1.0}, pieces=1)
    assert best.allocation["part"] + best.allocation["glue"] == pytest.approx(1.0, **PLACED)
    assert best.allocation["part"] == pytest.approx(1.0, **PLACED)


def test_bounds_count_money_of_all_instruments(tmp_path: Path) -> None:
    small = Small(tmp_path / "two").append("subsidies.csv", "robot,credit,2022,1,,,reported,book,")
    best = optimize(small.load(), maximum={"part": 1.5}, pieces=1)
    assert best.optimal.allocation.loc["part"].sum() == pytest.approx(1.5, **PLACED)
    # The other 2.5 of 3 + 1 goes to robots.
    assert best.risk == pytest.approx(_risk(1.5, 2.5), rel=1e-9)


# --- move ---------------------------------------------------------------------------------------------------------


def test_a_limit_on_what_moves_lets_that_share_move_and_no_more(chain: Chain) -> None:
    # sum |x - x0| <= 2 x 0.05 x 3 = 0.3: 0.15 leaves systems, where it is worth nothing, for parts.
    best = optimize(chain, move=0.05, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 0.65, "robot": 2.0, "system": 0.35}, **PLACED)
    assert best.risk == pytest.approx(_risk(0.65, 2.0), rel=1e-9)


def test_when_what_is_worth_nothing_has_moved_robots_give_too(chain: Chain) -> None:
    # 2 x 0.25 x 3 = 1.5: 0.75 moves to parts, 0.5 from systems and 0.25 from robots.
    best = optimize(chain, move=0.25, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 1.25, "robot": 1.75, "system": 0.0}, **PLACED)
    assert best.risk == pytest.approx(_risk(1.25, 1.75), rel=1e-9)


def test_where_nothing_may_move_the_observed_allocation_is_the_answer(chain: Chain) -> None:
    best = optimize(chain, move=0.0, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 0.5, "robot": 2.0, "system": 0.5}, **PLACED)
    assert best.risk == pytest.approx(best.observed.risk, rel=1e-9)


def test_where_all_may_move_the_answer_is_that_without_a_limit(chain: Chain) -> None:
    assert optimize(chain, move=1.0, pieces=1).risk == pytest.approx(_risk(3.0, 0.0), rel=1e-9)


def test_what_is_not_spent_counts_as_moved_once(chain: Chain) -> None:
    # Budget 3.3 of which 2 x 0.05 x 3.3 = 0.33 may change: 0.3 new money and 0.015 from systems go to parts.
    best = optimize(chain, budget=3.3, move=0.05, pieces=1)
    assert dict(best.allocation) == pytest.approx({"part": 0.815, "robot": 2.0, "system": 0.485}, **PLACED)


# --- the options themselves ---------------------------------------------------------------------------------------


def test_the_defaults_are_those_of_the_model(chain: Chain) -> None:
    assert Options().model_dump() == {
        "alpha": 0.90,
        "beta": 0.5,
        "pieces": 10,
        "budget": None,
        "levers": ("capacity",),
        "move": None,
        "minimum": {},
        "maximum": {},
    }
    plain = optimize(chain)
    said = optimize(chain, alpha=0.9, beta=0.5, pieces=10, budget=3.0)
    assert plain.risk == pytest.approx(said.risk, rel=1e-12)


def test_an_answer_carries_its_options(chain: Chain) -> None:
    options = optimize(chain, alpha=0.8, minimum={"robot": 1.0}).options
    assert (options.alpha, options.beta, dict(options.minimum)) == (0.8, 0.5, {"robot": 1.0})
