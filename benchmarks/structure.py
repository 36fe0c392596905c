"""All optional tables of structure for a synthetic package: time, stock, substitutes, contracts, uses, home surge.

Drawn, as the rest of the package is; every lever has something to buy. Calm balances as before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chains.tables.schema import TIERS

__all__ = ["Drawn", "structure"]

EVIDENCE = {"low": np.nan, "high": np.nan, "status": "derived", "source": "drawn", "note": "drawn at random"}
EXPORTS, LITTLE = 0.3, 0.1
"""Share of final demand that is exported, and what a unit of it counts."""
RECOVERING = 0.5
"""Share of the scenarios whose supply comes back step by step, so that they have three phases."""
MONTH = 1.0 / 12.0


@dataclass(frozen=True)
class Drawn:
    """What the package has already: segments with their market and home output [k], input pairs, countries, scenarios.

    `market` is all use of a segment in calm, `output` what home makes of it; money per year.
    """

    home: str
    names: np.ndarray
    abroad: np.ndarray
    scenarios: np.ndarray
    supplier: np.ndarray
    user: np.ndarray
    demand: np.ndarray
    market: np.ndarray
    output: np.ndarray


def measured(value: np.ndarray, **keys: object) -> pd.DataFrame:
    """Rows of a table: keys, values and their evidence."""
    return pd.DataFrame({**keys, "value": value, **EVIDENCE})


def structure(rng: np.random.Generator, drawn: Drawn) -> dict[str, pd.DataFrame]:
    """The tables by name: all that are optional and feed the program, and `demand` by use."""
    asked = drawn.demand > 0
    bought = drawn.names[asked]
    return {
        "demand": pd.concat(
            [
                measured((1.0 - EXPORTS) * drawn.demand[asked], segment=bought, use="home"),
                measured(EXPORTS * drawn.demand[asked], segment=bought, use="exports"),
            ]
        ),
        "loss_weights": measured(np.full(len(bought), LITTLE), segment=bought, use="exports"),
        "durations": _durations(rng, drawn.scenarios),
        "criticality": _criticality(rng, drawn),
        "stocks": _stocks(rng, drawn),
        "suppliers": _suppliers(rng, drawn),
        "procurement": _procurement(rng, drawn),
        "surge": measured(np.array([0.3, 0.1]), segment="", location=["", drawn.home]),
        "instruments": _instruments(),
    }


def _by_parameter(values: Mapping[str, np.ndarray], **keys: object) -> pd.DataFrame:
    return pd.concat([measured(value, **keys, parameter=name) for name, value in values.items()])


def _durations(rng: np.random.Generator, scenarios: np.ndarray) -> pd.DataFrame:
    """Outages of 1 to 9 months; a half of the scenarios recover over 1 to 6 more."""
    recovers = rng.random(len(scenarios)) < RECOVERING
    outage = measured(rng.uniform(1.0, 9.0, len(scenarios)), scenario=scenarios, parameter="outage")
    months = rng.uniform(1.0, 6.0, int(recovers.sum()))
    return pd.concat([outage, measured(months, scenario=scenarios[recovers], parameter="recovery")])


def _criticality(rng: np.random.Generator, drawn: Drawn) -> pd.DataFrame:
    """Up to 40% of every input can be done without, at a loss."""
    count = len(drawn.user)
    values = {"dispensable": rng.uniform(0.0, 0.4, count), "penalty": rng.uniform(0.1, 1.0, count)}
    return _by_parameter(values, input=drawn.names[drawn.supplier], user=drawn.names[drawn.user])


def _stocks(rng: np.random.Generator, drawn: Drawn) -> pd.DataFrame:
    """Up to a month of use is held of every other segment, and as much again to three times as much can be."""
    stored = np.arange(0, len(drawn.names), 2)
    held = rng.uniform(0.2, 1.0, len(stored)) * MONTH * drawn.market[stored]
    values = {
        "held": held,
        "limit": held * rng.uniform(2.0, 4.0, len(stored)),
        "price": rng.uniform(0.9, 1.2, len(stored)),
        "holding": rng.uniform(0.02, 0.1, len(stored)),
    }
    return _by_parameter(values, segment=drawn.names[stored])


def _suppliers(rng: np.random.Generator, drawn: Drawn) -> pd.DataFrame:
    """Every third segment has somebody abroad who could deliver a tenth of its use."""
    contracted = np.arange(0, len(drawn.names), 3)
    values = {"limit": 0.1 * drawn.market[contracted], "cost": rng.uniform(0.1, 0.5, len(contracted))}
    return _by_parameter(values, segment=drawn.names[contracted], location=rng.choice(drawn.abroad, len(contracted)))


def _procurement(rng: np.random.Generator, drawn: Drawn) -> pd.DataFrame:
    """Public buyers take a fifth of every third segment."""
    turned = np.arange(1, len(drawn.names), 3)
    values = {
        "limit": 0.2 * drawn.market[turned],
        "premium": rng.uniform(0.1, 0.3, len(turned)),
        "response": rng.uniform(0.1, 0.5, len(turned)),
    }
    return _by_parameter(values, segment=drawn.names[turned])


def _instruments() -> pd.DataFrame:
    """Grants come in full, crowd out a third, and fail more often upstream."""
    blank = _by_parameter({"raised": np.array([0.9]), "additional": np.array([0.67])}, instrument="grants", tier="")
    survival = measured(np.array([0.6, 0.8, 0.9]), instrument="grants", tier=list(TIERS), parameter="survival")
    return pd.concat([blank, survival])
