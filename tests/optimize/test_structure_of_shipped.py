"""What docs/structure.md and README say that structure does to the shipped answers."""

from pathlib import Path

import pytest

from chains import Chain, load
from optimize import evaluate, least_risk
from tests.shipped import STRUCTURE, without


def upstream(chain: Chain) -> float:
    """Share of the least-risk money that goes upstream."""
    money = least_risk(chain).by_segment
    return float(money[(chain.segments["tier"] == "upstream").to_numpy()].sum() / money.sum())


def robots(folder: Path, *kept: str) -> Chain:
    """The shipped robots with these tables of structure alone."""
    return load(without(folder, "robots", *(table for table in STRUCTURE if table not in kept)))


@pytest.mark.parametrize(
    ("kept", "risk", "told"),
    [
        ((), 0.1112, 0.54),
        (("durations",), 0.0820, 0.34),
        (("criticality",), 0.0680, 0.16),
        (("stocks",), 0.0566, 0.29),
        (STRUCTURE, 0.0236, 0.11),
    ],
    ids=lambda given: "+".join(given) if isinstance(given, tuple) else "",
)
def test_structure_lowers_the_risk_of_robots_and_what_goes_upstream(
    tmp_path: Path, kept: tuple[str, ...], risk: float, told: float
) -> None:
    chain = robots(tmp_path, *kept)
    assert least_risk(chain).risk == pytest.approx(risk, abs=5e-5)
    assert upstream(chain) == pytest.approx(told, abs=0.005)


@pytest.mark.parametrize(("dispensable", "told"), [(0.1, 0.25), (0.2, 0.41), (0.3, 0.16), (0.5, 0.0)])
def test_what_goes_upstream_of_robots_without_structure_where_a_share_can_be_done_without(
    tmp_path: Path, dispensable: float, told: float
) -> None:
    row = {"input": "", "user": "", "parameter": "dispensable", "package": "robots"}
    assert upstream(robots(tmp_path).with_row("criticality", dispensable, **row)) == pytest.approx(told, abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("months", [3, 6])
def test_shorter_outages_alone_lower_risk_in_proportion(tmp_path: Path, months: int) -> None:
    chain = robots(tmp_path)
    shorter = chain
    for scenario in chain.table("probabilities")["scenario"]:
        keys = {"scenario": scenario, "parameter": "outage", "package": "robots"}
        shorter = shorter.with_row("durations", months, **keys)
    found, whole = least_risk(shorter), least_risk(chain)
    assert found.risk == pytest.approx(whole.risk * months / 12, rel=1e-6)
    # Which of the allocations of least risk is told hangs on ties; that the one for shorter outages is one does not.
    assert evaluate(chain, found.allocation).risk == pytest.approx(whole.risk, rel=1e-6)
    assert evaluate(shorter, whole.allocation).risk == pytest.approx(found.risk, rel=1e-6)


@pytest.mark.parametrize(
    ("emptied", "told"),
    [((), 0.20), (("criticality",), 0.46), (("stocks",), 0.25), (("criticality", "stocks", "durations"), 0.87)],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else str(value),
)
def test_tools_that_go_on_working_take_the_chips_money_from_upstream(
    emptied: tuple[str, ...], told: float, tmp_path: Path
) -> None:
    """The shipped package, and copies in which tables of structure have no rows."""
    assert upstream(load(without(tmp_path, "chips", *emptied))) == pytest.approx(told, abs=0.005)
