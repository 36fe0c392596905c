"""A synthetic chain package of any size: valid, balanced in calm, the same for the same seed.

Its figures are drawn, not measured: they serve to time the program, and nothing else.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.structure import Drawn, measured, structure
from chains import Chain, load
from chains.tables.schema import TABLES, TIERS

__all__ = ["synthetic", "write"]

HOME = "CHN"
SUPPLIERS = 4
"""Segments that each segment buys from."""
ORIGINS = 6
"""Countries that each segment is imported from, unless all are asked for."""
SURGE = 0.3
"""How far uncut foreign supply can expand."""
SPARE = 1.0 + 1e-12
"""Supply over use in calm, so that rounding leaves no shortage."""


def synthetic(
    folder: Path, segments: int, countries: int, scenarios: int, *, seed: int = 1, structured: bool = False
) -> Chain:
    """The Chain of a synthetic package, written to `folder` and read from there (the folder must not exist)."""
    write(folder, segments, countries, scenarios, seed=seed, structured=structured)
    return load(folder)


def write(
    folder: Path,
    segments: int,
    countries: int,
    scenarios: int,
    *,
    seed: int = 1,
    everywhere: bool = False,
    structured: bool = False,
) -> None:
    """Write a synthetic package.

    `everywhere`: every country supplies every segment, as in an inter-country table; `structured`: with all optional
    tables of structure (`benchmarks/structure.py`), the others being the same but for uses, surge and instruments.
    """
    rng = np.random.default_rng(seed)
    names = np.array([f"s{k:05d}" for k in range(segments)])
    abroad = _countries(countries)
    tier = np.sort(np.arange(segments) % len(TIERS))
    supplier, user, coefficient = _inputs(rng, segments)
    demand = np.where(tier == len(TIERS) - 1, rng.uniform(20, 100, segments), 0.0)
    share = rng.uniform(0.2, 0.8, segments)
    market, output = demand.copy(), np.zeros(segments)
    for k in reversed(range(segments)):  # users come after their suppliers, so their use is known here
        output[k] = share[k] * market[k]
        buys = user == k
        np.add.at(market, supplier[buys], coefficient[buys] * output[k])
    given = 0.05 * market.sum() * rng.dirichlet(np.ones(segments))
    frames = {
        "segments": pd.DataFrame({"segment": names, "chain": "drawn", "tier": np.array(TIERS)[tier], "name": names}),
        "demand": measured(demand, segment=names, use="")[demand > 0],
        "inputs": measured(coefficient, input=names[supplier], user=names[user]),
        "supply": _supply(rng, names, abroad, output, market, len(abroad) if everywhere else ORIGINS),
        "surge": measured(np.array([SURGE]), segment="", location=""),
        "response": pd.concat(
            [
                measured(rng.uniform(0.2, 1.8, segments), segment=names, parameter="slope"),
                measured(rng.uniform(0.1, 0.5, segments) * market, segment=names, parameter="ceiling"),
            ]
        ),
        "subsidies": measured(given, segment=names, instrument="grants", period="2022"),
        "disruptions": _disruptions(rng, names, abroad, scenarios),
        "probabilities": measured(np.full(scenarios, 0.6 / scenarios), scenario=_scenarios(scenarios)),
        "sources": pd.DataFrame({"source": ["drawn"], "citation": ["drawn at random"], "locator": "", "url": ""}),
    }
    if structured:
        drawn = Drawn(HOME, names, abroad, _scenarios(scenarios), supplier, user, demand, market, output)
        frames |= structure(rng, drawn)
    folder.mkdir(parents=True)
    meta = {"home": HOME, "currency": "XTS", "unit": "money per year", "year": 2022}
    (folder / "datapackage.json").write_text(json.dumps({"name": folder.name, "tierwise": meta}), encoding="utf-8")
    for name, frame in frames.items():
        columns = [column.name for column in TABLES[name].columns if column.name in frame or not column.absent]
        frame[columns].to_csv(folder / TABLES[name].file, index=False, lineterminator="\n")


def _countries(count: int) -> np.ndarray:
    """ISO codes of countries other than home, in alphabetical order."""
    import pycountry

    codes = sorted(country.alpha_3 for country in pycountry.countries)
    return np.array([code for code in codes if code != HOME][:count])


def _inputs(rng: np.random.Generator, segments: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Supplier, user and coefficient: every segment buys from up to SUPPLIERS earlier ones, half its value in all."""
    users = np.repeat(np.arange(1, segments), SUPPLIERS)
    pairs = np.unique(np.column_stack([(rng.random(len(users)) * users).astype(np.intp), users]), axis=0)
    weight = rng.uniform(0.2, 1.0, len(pairs))
    total = np.bincount(pairs[:, 1], weight, segments)
    return pairs[:, 0], pairs[:, 1], 0.5 * weight / total[pairs[:, 1]]


def _supply(
    rng: np.random.Generator,
    names: np.ndarray,
    abroad: np.ndarray,
    output: np.ndarray,
    market: np.ndarray,
    origins: int,
) -> pd.DataFrame:
    """One plant at home for each segment, and imports from some of the countries abroad."""
    count = min(origins, len(abroad))
    place = np.argsort(rng.random((len(names), len(abroad))), axis=1)[:, :count]
    share = rng.dirichlet(np.ones(count), len(names))
    imports = (share * ((market - output) * SPARE)[:, None]).ravel()
    location = abroad[place].ravel()
    home = measured(output * SPARE, segment=names, location=HOME, owner=HOME)
    foreign = measured(imports, segment=np.repeat(names, count), location=location, owner=location)
    return pd.concat([home, foreign])


def _scenarios(count: int) -> np.ndarray:
    return np.array([f"event{n:05d}" for n in range(count)])


def _disruptions(rng: np.random.Generator, names: np.ndarray, abroad: np.ndarray, scenarios: int) -> pd.DataFrame:
    """Each scenario cuts one country, all supply of one segment, or one link of the two."""
    kind = rng.integers(3, size=scenarios)
    segment = np.where(kind == 0, "", rng.choice(names, scenarios))
    location = np.where(kind == 1, "", rng.choice(abroad, scenarios))
    cut = rng.uniform(0.2, 1.0, scenarios)
    return measured(cut, scenario=_scenarios(scenarios), segment=segment, location=location, owner="")
