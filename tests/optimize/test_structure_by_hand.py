"""docs/structure.md, number by number: two segments, one outage with recovery, one stock, one substitute."""

from math import log
from pathlib import Path

import pandas as pd
import pytest

from chains import Chain, load
from optimize import evaluate, optimize
from tests.random_packages import Tables, measured, write

S = 0.99 / log(100)
"""Capacity added per unit of money."""
SOLVED = {"rel": 1e-9, "abs": 1e-11}
PLACED = {"abs": 1e-6}
NOTHING = pd.Series({"motor": 0.0, "machine": 0.0})
BOTH = ("capacity", "stocks")

TIME = [
    measured(3, scenario="quake", parameter="outage"),
    measured(6, scenario="quake", parameter="recovery"),
]
STOCK = [
    measured(3, segment="motor", parameter="held"),
    measured(5, segment="motor", parameter="limit"),
]
SUBSTITUTE = [
    measured(0.2, input="motor", user="machine", parameter="dispensable"),
    measured(0.4, input="motor", user="machine", parameter="penalty"),
]


def _motors() -> Tables:
    return {
        "segments": [
            {"segment": "motor", "chain": "hand", "tier": "upstream", "name": "Motors"},
            {"segment": "machine", "chain": "hand", "tier": "downstream", "name": "Machines"},
        ],
        "demand": [measured(100, segment="machine", use="")],
        "inputs": [measured(0.5, input="motor", user="machine")],
        "supply": [
            measured(100, segment="machine", location="CHN", owner="CHN"),
            measured(20, segment="motor", location="CHN", owner="CHN"),
            measured(30, segment="motor", location="JPN", owner="JPN"),
        ],
        "response": [
            measured(1, segment="motor", parameter="slope"),
            measured(5, segment="motor", parameter="ceiling"),
        ],
        "subsidies": [
            measured(1, segment="motor", instrument="grants", period="2022"),
            measured(2, segment="machine", instrument="grants", period="2022"),
        ],
        "disruptions": [measured(1, scenario="quake", segment="", location="JPN", owner="")],
        "probabilities": [measured(0.1, scenario="quake")],
        "sources": [{"source": "dice", "citation": "Worked by hand"}],
    }


def _chain(folder: Path, **tables: list) -> Chain:
    return load(write(folder / "hand", _motors() | tables))


@pytest.fixture
def whole(tmp_path: Path) -> Chain:
    return _chain(tmp_path, durations=TIME, stocks=STOCK, criticality=SUBSTITUTE)


@pytest.mark.parametrize(
    ("tables", "lost"),
    [
        ({}, 60),
        ({"durations": TIME}, 30),
        ({"durations": TIME, "stocks": STOCK}, 24),
        ({"durations": TIME, "criticality": SUBSTITUTE}, 22.25),
        ({"durations": TIME, "stocks": STOCK, "criticality": SUBSTITUTE}, 15.05),
    ],
    ids=["a year", "time", "and stock", "or a substitute", "and both"],
)
def test_what_the_earthquake_costs_without_subsidies(tables: dict, lost: float, tmp_path: Path) -> None:
    none = evaluate(_chain(tmp_path, **tables), NOTHING, pieces=1)
    assert none.loss["quake"] == pytest.approx(lost / 100, **SOLVED)
    assert none.loss["calm"] == pytest.approx(0, abs=1e-11)
    assert none.risk == pytest.approx(0.55 * lost / 100, **SOLVED)


def test_what_goes_unmet_is_the_loss_less_what_weaker_motors_cost(tmp_path: Path) -> None:
    """Without stock: (50 + 31.25) / 4 of machines are lost, and (2 + 2.75 + 3) / 4 by doing without."""
    none = evaluate(_chain(tmp_path, durations=TIME, criticality=SUBSTITUTE), NOTHING, pieces=1)
    assert none.unmet.loc["quake", "machine"] == pytest.approx(0.203125, **SOLVED)
    assert none.loss["quake"] - none.unmet.loc["quake"].sum() == pytest.approx(0.019375, **SOLVED)


def test_capacity_alone_goes_to_motors(whole: Chain) -> None:
    result = optimize(whole, pieces=1)
    assert result.observed.loss["quake"] == pytest.approx(0.1505 - 0.013 * S, **SOLVED)
    assert result.risk == pytest.approx(0.55 * (0.1505 - 0.039 * S), **SOLVED)
    assert result.allocation.to_dict() == pytest.approx({"motor": 3.0, "machine": 0.0}, **PLACED)
    assert result.optimal.levers == {}


def test_stock_comes_first_where_the_money_may_buy_it(whole: Chain) -> None:
    result = optimize(whole, pieces=1, levers=BOTH)
    assert result.risk == pytest.approx(0.55 * (0.1505 - 0.048 - 0.013 * S), **SOLVED)
    assert result.optimal.levers["stocks"].to_dict() == pytest.approx({"motor": 2.0}, **PLACED)
    assert result.allocation.to_dict() == pytest.approx({"motor": 1.0, "machine": 0.0}, **PLACED)
    assert result.tiers(result.optimal).tolist() == pytest.approx([3.0, 0.0, 0.0], **PLACED)


def test_the_next_yuan_of_stock_and_of_capacity(whole: Chain) -> None:
    result = optimize(whole, pieces=1, levers=BOTH)
    assert result.next_purchases["stocks"]["motor"] == pytest.approx(0.55 * 0.024, rel=1e-8)
    assert result.next_unit.to_dict() == pytest.approx({"motor": 0.55 * 0.013 * S, "machine": 0.0}, rel=1e-7, abs=1e-11)


def test_the_figures_of_the_document_are_those_of_the_formulas() -> None:
    lost = (15.05, 15.05 - 1.3 * S, 15.05 - 3.9 * S, 15.05 - 4.8 - 1.3 * S)
    risks = [0.55 * each / 100 for each in lost]
    text = (Path(__file__).parents[2] / "docs" / "structure.md").read_text("utf-8")
    for each in lost[1:]:
        assert f" = {each:.4f} |" in text
    said = f"{risks[0]:.4f} with nothing, {risks[1]:.4f} as observed, {risks[2]:.4f} with capacity alone, "
    assert said + f"{risks[3]:.4f} with stock" in text
