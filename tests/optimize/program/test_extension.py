"""A lever and numbers of one's own: every question answers as for an equivalent that is known, or refuses by name.

What stands in `extension.py` is written as a newcomer would: a part of the chain's numbers, a lever. Nothing else of
Tierwise is told of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import pytest

import optimize.solving.nearest
from chains import Chain, InputError
from chains.drawing.uncertain import uncertain
from chains.numbers import Array, Enters, Part, Unit, in_units, merge_alike, of_scenarios
from chains.numbers.quantities import WithheldError, declared, label, quantity
from optimize import (
    WhatIfs,
    against,
    break_even,
    choke_points,
    cost_curve,
    cut_loss,
    evaluate,
    explain,
    frontier,
    gain_curve,
    least_risk,
    plan,
    priorities,
    ranges,
    robust,
    self_sufficiency,
    worst_cuts,
)
from optimize import optimize as ask
from optimize.program.cache import compile_recourse
from optimize.program.compiling import LostRowError
from optimize.program.expressions import LostTermError
from optimize.program.levers import CAPACITY, Purchase
from optimize.sampling.tornado import tornado
from optimize.sampling.uncertainty import Sampler
from optimize.solving.evaluation import Evaluator, decision_of
from optimize.solving.options import Options
from optimize.solving.units import to_inner
from tests.optimize.program.extension import (
    KNOWN,
    UNKNOWN,
    ConvoyLever,
    Convoys,
    DepotLever,
    Depots,
    LeakLever,
    Leaks,
    WorkshopLever,
    registered,
    unknown,
    with_part,
)
from tests.small import Small

BUDGET = 0.3
Levers = tuple[str, ...]


@pytest.fixture(scope="module", autouse=True)
def levers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        registered(patch, DepotLever(), ConvoyLever(), WorkshopLever(), LeakLever())
        yield


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The small package with every table of levers, in which each lever is worth money."""
    small = Small(tmp_path_factory.mktemp("extension") / "small")
    small.add_structure("durations.csv", "criticality.csv", "stocks.csv", "suppliers.csv", "procurement.csv")
    small.cell("disruptions.csv", 2, "value", "1")
    small.append("stocks.csv", "robot,limit,4,2,5,assumed,talk,a guess", "robot,price,0.1,,,reported,book,")
    return small.edit("stocks.csv", "part,price,1.5", "part,price,0.3")


@dataclass(frozen=True)
class Pair:
    """The package as Tierwise knows it, and with the same numbers in parts that it does not know."""

    known: Chain
    own: Chain


@pytest.fixture(scope="module")
def pair(package: Small) -> Pair:
    known = package.load()
    assert known.numbers.parts
    with unknown():
        own = package.load()
        assert {Depots, Convoys} <= set(own.numbers.parts)
    return Pair(known, own)


def flat(*found: object) -> Array:
    """All numbers of an answer, one after another."""
    parts = [part.to_numpy() if isinstance(part, pd.DataFrame | pd.Series) else part for part in found]
    return np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in parts])


def described(solution: Any) -> Array:
    return flat(solution.risk, solution.loss, solution.unmet, solution.by_segment, solution.spent)


def _optimize(chain: Chain, levers: Levers) -> Array:
    found = ask(chain, budget=BUDGET, levers=levers)
    next_purchases = [each for name in levers if name in found.next_purchases for each in found.next_purchases[name]]
    solutions = [described(each) for each in (found.none, found.observed, found.optimal)]
    return flat(found.risk, *solutions, found.next_unit, found.transfer, next_purchases, found.not_needed)


def _limited(chain: Chain, levers: Levers) -> Array:
    options: dict[str, Any] = {"levers": levers, "budget": 2.0, "move": 0.4, "minimum": {"midstream": 1.8}}
    return described(least_risk(chain, maximum={f"{levers[1]}:upstream": 0.1}, **options))


def _evaluated(chain: Chain, levers: Levers) -> Array:
    """A decision that buys something of every lever, and no more capacity than was observed."""
    decision = decision_of(least_risk(chain, budget=BUDGET, levers=levers))
    bought = {name: 0.3 + amounts for name, amounts in decision.bought.items()}
    evaluator = Evaluator(chain, Options().risk_options(), levers)
    return described(evaluator.solution(replace(decision, bought=bought)))


def _decomposed(chain: Chain, levers: Levers) -> Array:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimize.solving.nearest, "pays_off", lambda _: True)
        found = ask(chain, budget=BUDGET, levers=levers)
    assert found.method.name == "decomposition"
    return flat(found.risk, described(found.optimal))


def _ranges(chain: Chain, levers: Levers) -> Array:
    found = ranges(chain, budget=BUDGET, levers=levers)
    return flat(found.amounts, found.tiers, found.risk, found.unique)


def _frontier(chain: Chain, levers: Levers) -> Array:
    found = frontier(chain, levers=levers)
    return flat(found.breakpoints.fillna(0.0), found.useless_beyond)


def _robust(chain: Chain, levers: Levers) -> Array:
    found = robust(chain, ambiguity=0.1, slope_budget=1, budget=BUDGET, levers=levers)
    return flat(found.risk, found.risks, found.distribution, found.robust.by_segment)


def _self_sufficiency(chain: Chain, levers: Levers) -> Array:
    found = self_sufficiency(chain, 0.45, ("upstream",), levers=levers)
    table = found.segments.drop(columns="tier").astype(float)
    return flat(found.cost, found.largest, table, found.tiers, described(found.planned), found.risk)


def _cost_curve(chain: Chain, levers: Levers) -> Array:
    found = cost_curve(chain, (0.3, 0.8, 0.85), ("midstream",), levers=levers)
    return flat(found.costs.index, found.costs, found.largest)


def _choke_points(chain: Chain, levers: Levers) -> Array:
    single = choke_points(chain, levers=levers).single
    assert set(single["country"]) >= {"JPN", "DEU"}
    return flat(single[["loss_observed", "loss_least_risk"]])


def _what_ifs(chain: Chain, levers: Levers) -> Array:
    """Of the numbers themselves: half the cuts, twice the demand, other probabilities, and other numbers of levers."""
    asked = WhatIfs(chain, budget=BUDGET, levers=levers)
    numbers = chain.numbers
    parts: dict[type[Part], Part] = {
        kind: replace(part, unit_cost=1.5 * part.unit_cost) if hasattr(part, "unit_cost") else part
        for kind, part in numbers.parts.items()
    }
    changed = [
        replace(numbers, home=1.1 * numbers.home, foreign=1.1 * numbers.foreign),
        replace(numbers, probability=numbers.probability[[1, 0, 2]]),
        replace(numbers, parts=parts),
    ]
    risks = [asked.risk(), asked.risk(budget=2 * BUDGET), *(asked.risk(each) for each in changed)]
    assert len({round(risk, 9) for risk in risks}) == len(risks), "a what-if changes nothing"
    return flat(risks)


def _draws(chain: Chain, levers: Levers) -> Array:
    sampler = Sampler(chain, Options(budget=BUDGET, levers=levers))
    points = np.random.default_rng(3).uniform(0.05, 0.95, (6, len(sampler.uncertain.factors)))
    found = sampler.outcomes(points)
    assert (found["problem"] == "").all(), found["problem"].tolist()
    assert found["risk_least"].nunique() == len(points)
    return flat(found.drop(columns=["draw", "first", "problem", "certificate"]))


def _tornado(chain: Chain, levers: Levers) -> Array:
    labels = [label for label in uncertain(chain).labels if label.startswith(("stocks", "suppliers", "procurement"))]
    found = tornado(chain, Options(budget=BUDGET, levers=levers), labels, "risk_least").table.loc[labels]
    assert found["swing"].max() > 0
    return flat(found[["low", "high", "at_low", "at_high"]])


def _plan(chain: Chain, levers: Levers) -> Array:
    """Of one year where stocks are bought: they last, and depots, which say nothing of it, do not."""
    years = 1 if {"stocks", "depots"} & set(levers) else 3
    found = plan(chain, years=years, growth=0.0, budget=BUDGET, levers=levers)
    courses = [flat(course.by_year, course.money) for course in found.courses.values()]
    return flat(found.risk, *courses, found.not_needed)


def _bundles(chain: Chain, levers: Levers) -> Array:
    """What optimize-mpi solves: the sum over bundles of their objectives at one first stage, and the whole program."""
    if not (find_spec("mpi4py") and find_spec("mpisppy")):
        pytest.skip("the extra `mpi` is not installed")
    from optimize.cylinders.bundles import BundledProgram, split
    from optimize.program.response import chords
    from optimize.solver.linear import Solver

    inner, units = to_inner(chain.numbers)
    curve, budget = chords(inner.slope, inner.ceiling, 10), np.array([BUDGET]) / units.money
    program = BundledProgram(inner, curve, budget, (), Options(levers=levers), split(inner.probability, 2))
    found = [Solver(program.two_stage(scenarios).program).solve().objective for scenarios in program.bundles]
    whole = Solver(program.two_stage(np.arange(len(inner.scenarios))).program).solve()
    assert set(program.decision(whole.values).bought) == set(levers) - {"capacity"}
    return flat(found, whole.objective)


WITH_LEVERS: dict[str, Callable[[Chain, Levers], Array]] = {
    "optimize": _optimize,
    "least risk within limits": _limited,
    "evaluation of a decision": _evaluated,
    "decomposition": _decomposed,
    "ranges": _ranges,
    "frontier": _frontier,
    "robust": _robust,
    "self-sufficiency": _self_sufficiency,
    "cost curve": _cost_curve,
    "choke points": _choke_points,
    "what-ifs": _what_ifs,
    "draws": _draws,
    "tornado": _tornado,
    "plan": _plan,
    "bundles": _bundles,
}

WITHOUT: dict[str, Callable[[Chain], Array]] = {
    "evaluate": lambda chain: described(evaluate(chain)),
    "gain": lambda chain: flat(gain_curve(chain, "midstream", "upstream").curve),
    "break-even": lambda chain: flat(break_even(chain, "midstream", "upstream").curve),
    "explain": lambda chain: flat(explain(chain).mixtures),
    "priorities": lambda chain: flat(priorities(chain, draws=20).gap, priorities(chain, draws=20).values),
    "worst cuts": lambda chain: flat(worst_cuts(chain, 1).loss, worst_cuts(chain, 2, "links").loss),
    "one cut": lambda chain: flat(cut_loss(chain, country="JPN").loss),
}

SETS = [("capacity", name) for name in KNOWN[1:]] + [KNOWN]


def same(found: Array, expected: Array) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("question", WITH_LEVERS)
@pytest.mark.parametrize("known", SETS, ids=lambda names: "+".join(names[1:]))
def test_a_question_answers_as_for_the_lever_that_it_knows(pair: Pair, question: str, known: Levers) -> None:
    expected = WITH_LEVERS[question](pair.known, known)
    with unknown():
        found = WITH_LEVERS[question](pair.own, tuple(UNKNOWN[KNOWN.index(name)] for name in known))
    same(found, expected)


@pytest.mark.parametrize("question", WITHOUT)
def test_a_question_that_takes_no_lever_answers_as_ever(pair: Pair, question: str) -> None:
    expected = WITHOUT[question](pair.known)
    with unknown():
        same(WITHOUT[question](pair.own), expected)


def test_numbers_that_are_not_declared_are_an_error_that_names_them() -> None:
    with pytest.raises(TypeError, match=r"Mines: depth, yearly must be declared"):

        @declared
        @dataclass(frozen=True)
        class Mines(Part):
            segment: tuple[int, ...] = label("mine")
            depth: float = 0.0
            yearly: float = field(default=0.0)


def test_a_purchase_that_decides_two_groups_of_columns_is_an_error() -> None:
    with pytest.raises(TypeError, match="Twofold: a purchase decides one group of columns, not 2"):

        class Twofold(DepotLever):
            decided = ("laid_in", "moved_out")


def depots(chain: Chain, limit: float = 3.0, unit_cost: float = 0.2) -> Depots:
    """Depots of parts."""
    segment = np.array([chain.numbers.segments.index("part")])
    return Depots(segment, np.array([limit]), np.array([unit_cost]))


def convoys(chain: Chain, limit: float = 3.0, unit_cost: float = 0.2) -> Convoys:
    """Convoys of parts from Korea, which no disruption of the small package cuts."""
    segment = np.array([chain.numbers.segments.index("part")])
    left = np.ones((1, len(chain.numbers.phase_scenario)))
    return Convoys(segment, np.array([limit]), np.array([unit_cost]), ("KOR",), left)


def test_money_of_a_part_is_in_inner_units_and_ratios_are_not(small: Small) -> None:
    numbers = with_part(small.load(), depots(small.load())).numbers
    inner = in_units(numbers, 10.0, 7.0).parts[Depots]
    assert isinstance(inner, Depots)
    assert (inner.most.tolist(), inner.unit_cost.tolist()) == ([0.3], [0.2])


def test_numbers_by_phase_are_sliced_and_tell_scenarios_apart_wherever_the_axis_stands(small: Small) -> None:
    """Two scenarios that differ in nothing but what they leave of convoys."""
    small.edit("disruptions.csv", "embargo,,DEU,,1", "embargo,,JPN,,0.5")
    chain = small.load()
    assert len(merge_alike(chain.numbers)[0].scenarios) == 2
    left = np.array([[1.0, 0.25, 1.0]])
    numbers = with_part(chain, replace(convoys(chain), left=left)).numbers
    assert len(merge_alike(numbers)[0].scenarios) == 3
    some = of_scenarios(numbers, [1, 2]).parts[Convoys]
    assert isinstance(some, Convoys)
    assert some.left.tolist() == [[0.25, 1.0]]


@declared
@dataclass(frozen=True)
class Forecasts(Part):
    warned: Array = quantity("scenario", unit=Unit.RATIO, enters=Enters.SCENARIO)


def test_numbers_by_scenario_tell_scenarios_apart(small: Small) -> None:
    small.edit("disruptions.csv", "embargo,,DEU,,1", "embargo,,JPN,,0.5")
    numbers = with_part(small.load(), Forecasts(np.array([0.0, 1.0, 0.0]))).numbers
    assert len(merge_alike(numbers)[0].scenarios) == 3


def test_other_numbers_never_meet_a_stale_program(small: Small) -> None:
    """3 more parts from Korea leave a quake a loss of 5 systems in 100, 1 more leaves 15 (tests/small.py)."""
    chain = small.load()
    options: dict[str, Any] = {"levers": ("convoys",), "budget": 3.0}
    asked = [(limit, cost) for limit in (3.0, 1.0, 3.0) for cost in (0.2, 0.4)]
    found = [least_risk(with_part(chain, convoys(chain, *each)), **options) for each in asked]
    assert [round(each.loss["quake"], 6) for each in found] == [0.05, 0.05, 0.15, 0.15, 0.05, 0.05]
    assert [round(each.spent, 6) for each in found] == [0.6, 1.2, 0.2, 0.4, 0.6, 1.2]


@declared
@dataclass(frozen=True)
class Mislaid(Depots):
    most: Array = quantity("member", unit=Unit.MONEY, enters=Enters.PLAN)


def test_a_number_that_enters_elsewhere_than_declared_is_an_error_that_names_it(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    class MislaidLever(DepotLever):
        name, kind = "mislaid", Mislaid

    registered(monkeypatch, MislaidLever())
    chain = small.add_structure("stocks.csv").load()
    extended = with_part(chain, Mislaid(*vars(depots(chain)).values()))
    for question in (least_risk, frontier, WhatIfs):
        with pytest.raises(WithheldError, match=r"Mislaid.most is declared to enter by `plan`"):
            question(extended, levers=("mislaid",))


class Unnamed(ConvoyLever):
    """A convoy that does not say which columns are its own."""

    name, own = "unnamed", ()


class Untold(ConvoyLever):
    """A convoy that does not say what it provides."""

    name = "untold"

    def provides(self, numbers: object, amounts: Array) -> dict[str, Array]:
        return {}


ASKED: list[Callable[..., object]] = [least_risk, ask, ranges, frontier, robust, choke_points, WhatIfs]


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize(
    ("lever", "error", "said"),
    [
        (Unnamed(), LostRowError, "carried"),
        (Untold(), LookupError, "the lever untold does not say what it provides of chartered"),
    ],
    ids=("a column that nobody named", "an amount that nobody provides"),
)
def test_a_lever_that_leaves_something_unsaid_is_refused_by_name(
    small: Small,
    monkeypatch: pytest.MonkeyPatch,
    question: Callable[..., object],
    lever: Purchase,
    error: type[Exception],
    said: str,
) -> None:
    if lever.name == "untold" and question in (ranges, frontier, WhatIfs):
        pytest.skip("it evaluates no decision")
    registered(monkeypatch, lever)
    chain = small.load()
    with pytest.raises(error, match=said):
        question(with_part(chain, convoys(chain)), levers=(lever.name,))


def test_a_row_with_a_column_that_a_step_does_not_name_is_never_dropped(small: Small) -> None:
    chain = with_part(small.load(), convoys(small.load()))
    lever = ConvoyLever()
    compiled = compile_recourse(chain.numbers, (CAPACITY, lever)).of(1)
    with pytest.raises(LostRowError) as lost:
        compiled.parts(("y", "m", "u"), ("grown", "afloat"), ("home", "foreign", "demand"), without=("excess", "eta"))
    assert lost.value.rows == ("balance", "carriage")
    assert lost.value.groups == ("carried",)


def test_a_term_that_no_row_takes_up_is_an_error_that_names_it(small: Small) -> None:
    """Depots of parts where stocks.csv speaks of robots alone: nothing draws on the stock of parts."""
    small.replace("stocks.csv", small.add_structure("stocks.csv").text("stocks.csv").replace("part,", "robot,"))
    chain = small.load()
    for question in (least_risk, frontier, WhatIfs):
        with pytest.raises(LostTermError, match="`stock` at 0"):
            question(with_part(chain, depots(chain)), levers=("depots",))


def test_whatever_is_counted_as_loss_is_in_the_loss(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """3 parts from Korea save 15 of 20 systems in a quake; a loss of 1 for each part carried leaves 5 + 3 of 100."""
    lever = ConvoyLever()
    lever.name, lever.fee = "dear", 1.0  # type: ignore[misc]
    registered(monkeypatch, lever)
    chain = small.load()
    found = least_risk(with_part(chain, convoys(chain)), levers=("dear",), budget=3.0)
    assert found.loss["quake"] == pytest.approx(0.08, abs=1e-8)
    assert found.unmet.loc["quake"].sum() == pytest.approx(0.05, abs=1e-8)


class Unseen(Convoys):
    """Convoys that do not say what a cut leaves of them."""

    cut = Part.cut  # type: ignore[assignment]


def test_a_cut_of_numbers_by_phase_that_nobody_told_it_of_is_refused_by_name(small: Small) -> None:
    chain = small.load()
    part = Unseen(**{name: getattr(convoys(chain), name) for name in vars(convoys(chain))})
    with pytest.raises(TypeError, match="Unseen: a cut must say what it leaves of left"):
        cut_loss(with_part(chain, part), country="JPN")


def leaking(chain: Chain, share: float) -> Chain:
    """Home supply of parts loses a share of itself."""
    segment = np.array([chain.numbers.segments.index("part")])
    return with_part(chain, Leaks(segment, np.zeros(1), np.ones(1), np.array([share])))


LEAKY: Iterable[Callable[..., Any]] = (least_risk, ask, ranges, frontier, robust, choke_points, WhatIfs)


@pytest.mark.parametrize("question", LEAKY)
def test_a_coefficient_that_unbalances_calm_is_refused_as_an_input_would_be(
    small: Small, question: Callable[..., Any]
) -> None:
    """Half of 6 parts lost leaves 15 of the 16 that calm takes; a tenth leaves 17.4."""
    levers = ("capacity", "leaks")
    question(leaking(small.load(), 0.1), levers=levers)
    with pytest.raises(InputError, match="calm does not balance"):
        question(leaking(small.load(), 0.5), levers=levers)
    small.append("inputs.csv", "part,part,0.5,,,reported,book,")
    with pytest.raises(InputError, match="calm does not balance"):
        question(small.load())


@pytest.mark.slow
def test_a_what_if_of_a_coefficient_is_that_of_an_input(small: Small) -> None:
    asked = WhatIfs(leaking(small.load(), 0.1), levers=("capacity", "leaks"))
    found = asked.risk(leaking(small.load(), 0.15))
    with pytest.raises(InputError, match="calm does not balance"):
        asked.risk(leaking(small.load(), 0.5))
    small.append("inputs.csv", "part,part,0.15,,,reported,book,")
    assert found == pytest.approx(ask(small.load()).risk, abs=1e-9)


def test_the_attacker_refuses_a_lever_that_it_does_not_know_by_what_it_provides(pair: Pair) -> None:
    """What a lever is worth under cuts is in the attacker's program (cut_model.py) alone for the levers that ship."""
    with unknown(), pytest.raises(InputError, match=r"the attacker's program does not know what .* would be worth"):
        against(pair.own, 1, budget=BUDGET, levers=tuple(UNKNOWN))
    assert against(pair.known, 1, budget=BUDGET, levers=KNOWN).gap <= 1e-6
