"""The recourse that the least-risk program leaves proves its losses least, by weak duality written out in full."""

from pathlib import Path

import numpy as np
import pytest

from chains import load
from optimize.solving.evaluation import Evaluator
from optimize.solving.nearest import nearest_least_risk
from optimize.solving.options import Options, RiskOptions
from optimize.solving.units import OBJECTIVE
from optimize.tolerances import TIE
from tests.shipped import STRUCTURE, without

SHIPPED = [("robots",), ("chips",), ("robots", "chips", "coupled")]


@pytest.mark.parametrize("packages", SHIPPED, ids="+".join)
@pytest.mark.parametrize("beta", [0.2, 0.5, 0.9])
def test_prices_prove_the_losses_of_every_scenario(packages: tuple[str, ...], beta: float, tmp_path: Path) -> None:
    """Without stocks, recoveries, and what can be done without, no recourse loses less, for prices pi >= 0 of the
    balances, than

    pi d + sum_k min(0, -(pi - A' pi)_k) H_k + min(0, -pi_k) F_k + sum_n min(0, w_kn - pi_k) d_kn.

    A unit of loss costs (1 - beta) p_s or more, so what is lost beyond that is at most the tie in all.
    """
    chain = load(*(without(tmp_path, package, *STRUCTURE) for package in packages))
    evaluator = Evaluator(chain, RiskOptions(beta=beta))
    numbers = evaluator.inner
    found = nearest_least_risk(evaluator, Options(beta=beta), numbers.observed.sum(axis=0) * evaluator.units.money)
    count = len(numbers.segments)
    added = evaluator.curve.added(numbers.funds(found.decision.allocation / evaluator.units.money))
    (reached,) = found.reached  # every scenario has one phase
    beyond = 0.0
    for s in range(len(numbers.scenarios)):
        prices, unmet = np.abs(reached.prices[s]), reached.values[s, 2 * count :]
        lacking = prices[numbers.use_segment]
        bound = (
            prices @ numbers.demand
            + np.minimum(0.0, numbers.inputs.T @ prices - prices) @ (numbers.home[s] + added)
            - prices @ numbers.foreign[s]
            + np.minimum(0.0, numbers.weight - lacking) @ numbers.use_demand
        )
        loss = numbers.weight @ unmet
        assert loss >= bound - 1e-9
        beyond += (1.0 - beta) * numbers.probability[s] * (loss - bound)
    assert beyond <= TIE * OBJECTIVE * (1.0 + 1e-3)
