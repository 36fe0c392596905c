"""Planners between output and risk, against allocations worked by hand and a dense formulation."""

from pathlib import Path

import pytest

from chains import load
from optimize import explain, optimize
from tests.small import Small


def test_the_two_planners_of_the_small_chain_by_hand(tmp_path: Path) -> None:
    """One chord (J = 1): e = G ln 100 / r, slope 0.99 / ln 100 of r for every segment alike.

    Output: every unit of funds adds 0.215 in any segment until its ceiling, at funds 4.605 G: no segment reaches it
    with 3 units, so the observed allocation is among the best and nothing moves.
    Risk: a unit of parts lowers the loss in quake by 0.05 * 0.215, a unit of robots that in embargo by 0.02 * 0.215.
    All 3 units to parts add 0.645; quake then costs 0.1678, embargo 0.2. Both lie in the worst tenth or beside it:
    p(embargo) = 0.05 and p(quake) = 0.1, so CVaR = (0.05 * 0.2 + 0.05 * 0.1678) / 0.1.
    """
    chain = Small(tmp_path / "small").load()
    given = explain(chain, pieces=1)
    output, risk = given.mixtures.loc[0.0], given.mixtures.loc[1.0]
    assert output["moved"] == pytest.approx(0.0, abs=1e-6)
    assert 0.0 in given.nearest
    assert risk[["upstream", "midstream", "downstream"]].tolist() == pytest.approx([3.0, 0.0, 0.0], abs=1e-5)
    # 2 units of robots and half a unit of systems move: 2.5 of 3.
    assert risk["moved"] == pytest.approx(2.5 / 3, abs=1e-5)
    assert given.certificate.worst <= 1e-7


@pytest.mark.slow
@pytest.mark.parametrize("package", ["robots", "chips"])
def test_the_risk_planner_is_the_least_risk_allocation(package: str) -> None:
    chain = load(package)
    best = optimize(chain)
    tiers = best.tiers(best.optimal)
    risk = explain(chain).mixtures.loc[1.0]
    for tier, amount in tiers.items():
        assert risk[tier] == pytest.approx(amount, abs=1e-4 * best.budget.sum())


@pytest.mark.slow
def test_every_mixture_spends_no_more_than_the_budget() -> None:
    chain = load("robots")
    mixtures = explain(chain).mixtures
    spent = mixtures[["upstream", "midstream", "downstream"]].sum(axis=1)
    assert spent.max() <= chain.numbers.observed.sum() + 1e-6
    assert mixtures["moved"].between(0.0, 1.0).all()
