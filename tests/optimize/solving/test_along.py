"""Losses along a factor: what prices and convexity prove is what a solve of every scenario finds."""

from collections.abc import Mapping

import numpy as np
import pytest

from chains import load
from chains.numbers import Array
from optimize.program.response import Chords, chords
from optimize.solving.along import Along, Recourses
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import RiskOptions


@pytest.mark.parametrize("parameter", ["slope", "ceiling"])
@pytest.mark.parametrize("package", ["robots", "chips"])
def test_losses_at_any_factor_are_those_of_every_scenario_solved(package: str, parameter: str) -> None:
    """In an order without sense, far apart and near each other, of a response of which every segment is multiplied."""
    evaluator = Evaluator(load(package), RiskOptions())
    inner, observed = evaluator.inner, evaluator.numbers.observed
    recourses = Recourses(evaluator)

    def curve(factor: float) -> Chords:
        times = {name: factor if name == parameter else 1.0 for name in ("slope", "ceiling")}
        return chords(inner.slope * times["slope"], inner.ceiling * times["ceiling"], 10)

    def provided(factor: float) -> Mapping[str, Array]:
        return evaluator.provided(observed, curve(factor))

    along, alone = Along(recourses, provided), Evaluator(load(package), RiskOptions())
    rng = np.random.default_rng(1)
    factors = [1e-4, 1e4, 1.0, *np.exp(rng.uniform(-3.0, 3.0, 12)), *(1.0 + rng.uniform(0.0, 1e-3, 3))]
    for factor in map(float, factors):
        assert along.losses(factor) == pytest.approx(alone.losses(observed, curve(factor)), abs=1e-12), factor
    assert recourses.certificate.worst <= 1e-7
