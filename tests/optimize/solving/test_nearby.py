"""Risk near a decision: what is proved without a second solve is what a solve of every scenario finds."""

from math import log

import numpy as np
import pytest

from chains import load
from optimize.program.decision import Decision
from optimize.program.levers import purchases_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearby import Nearby
from optimize.solving.options import RiskOptions
from tests.small import Small

LEVERS = ("capacity", "stocks", "suppliers", "procurement")


@pytest.mark.parametrize("package", ["robots", "chips"])
def test_risks_near_an_allocation_are_those_of_it_solved_alone(package: str) -> None:
    """Money added, taken away and moved at random, a little and much of it, and stocks, contracts and more bought."""
    chain = load(package)
    evaluator = Evaluator(chain, RiskOptions(), LEVERS)
    observed, rng = chain.numbers.observed, np.random.default_rng(1)
    nearby = Nearby(evaluator, observed)
    decisions = [Decision(np.maximum(observed * rng.uniform(0.0, 2.0, observed.shape), 0.0)) for _ in range(3)]
    decisions += [
        Decision(observed * (1.0 + share * (rng.uniform(size=observed.shape) < 0.2))) for share in (0.01, 1.0)
    ]
    for lever in purchases_of(evaluator.levers):
        most = lever.most(chain.numbers)
        decisions.append(Decision(observed, {lever.name: most * rng.uniform(0.0, 0.5, len(most))}))
    alone = Evaluator(chain, RiskOptions(), LEVERS)
    expected = [alone.risk(decision).risk for decision in decisions]
    assert nearby.risks(decisions) == pytest.approx(expected, abs=1e-12)
    assert len({round(risk, 9) for risk in expected}) > 4
    assert nearby.solution.risk == pytest.approx(alone.risk(observed).risk, abs=1e-12)


def test_nothing_asked_is_nothing_answered() -> None:
    chain = load("robots")
    assert len(Nearby(Evaluator(chain, RiskOptions()), chain.numbers.observed).risks([])) == 0


def test_what_was_plenty_at_the_base_may_be_short_nearby(small: Small) -> None:
    """With 6 more parts than today's 12 in a quake none is short of the 16 that are used: their price is nothing.

    With 2 more, 14 make 35 robots, with Germany's 45, and 90 systems: a tenth is lost. An embargo loses a fifth.
    """
    small.cell("response.csv", 3, "value", "8").cell("response.csv", 3, "high", "8")
    chain, unit = small.load(), log(100) / 0.99
    nearby = Nearby(Evaluator(chain, RiskOptions(beta=0.0, pieces=1)), np.array([[6 * unit], [0.0], [0.0]]))
    assert nearby.solution.risk == pytest.approx(0.05 * 0.2, abs=1e-10)
    fewer = Decision(np.array([[2 * unit], [0.0], [0.0]]))
    assert nearby.risks([fewer]) == pytest.approx([0.1 * 0.1 + 0.05 * 0.2], abs=1e-10)
