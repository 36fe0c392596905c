"""What docs/structure.md and README say that structure does to the shipped answers."""

import shutil
from pathlib import Path

import pytest

import data
from chains import Chain, load
from optimize import least_risk


def upstream(chain: Chain) -> float:
    """Share of the least-risk money that goes upstream."""
    money = least_risk(chain).by_segment
    return float(money[(chain.segments["tier"] == "upstream").to_numpy()].sum() / money.sum())


@pytest.mark.parametrize(
    ("package", "dispensable", "told"),
    [("robots", 0.2, 0.84), ("robots", 0.3, 0.41), ("robots", 0.35, 0.19)],
)
def test_the_more_can_be_done_without_the_less_goes_upstream(package: str, dispensable: float, told: float) -> None:
    row = {"input": "", "user": "", "parameter": "dispensable", "package": package}
    assert upstream(load(package).with_row("criticality", dispensable, **row)) == pytest.approx(told, abs=0.005)


@pytest.mark.parametrize("months", [3, 6])
def test_shorter_outages_alone_lower_risk_in_proportion(months: int) -> None:
    chain = load("robots")
    shorter = chain
    for scenario in chain.table("probabilities")["scenario"]:
        keys = {"scenario": scenario, "parameter": "outage", "package": "robots"}
        shorter = shorter.with_row("durations", months, **keys)
    assert least_risk(shorter).risk == pytest.approx(least_risk(chain).risk * months / 12, rel=1e-6)
    assert upstream(shorter) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("without", "told"),
    [((), 0.04), (("criticality",), 0.55), (("stocks",), 0.09), (("criticality", "stocks", "durations"), 0.87)],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else str(value),
)
def test_tools_that_go_on_working_take_the_chips_money_from_upstream(
    without: tuple[str, ...], told: float, tmp_path: Path
) -> None:
    """The shipped package, and copies in which tables of structure have no rows."""
    copy = Path(shutil.copytree(data.folder("chips"), tmp_path / "chips"))
    for table in without:
        file = copy / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert upstream(load(copy)) == pytest.approx(told, abs=0.005)
