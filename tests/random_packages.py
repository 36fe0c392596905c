"""Random chain packages that are valid and balance in calm, for tests; drawn from a numpy Generator.

A package is a dict of tables, a table a list of rows, so that a test can change what it likes before writing it.
"""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

TIERS = ("upstream", "midstream", "downstream")
HOMES = ("CHN", "BRA", "IND")
ABROAD = ("JPN", "DEU", "USA", "KOR", "TWN", "NLD", "ROW")
INSTRUMENTS = ("grants", "loans", "tax_relief")
PERIODS = (("2022",), ("2015-2017", "2018-2022"), ("10", "2022", "9"))  # the latest is the last in string order
EVIDENCE = ("value", "low", "high", "status", "source", "note")
COLUMNS = {
    "segments": ("segment", "chain", "tier", "name"),
    "demand": ("segment", "use", *EVIDENCE),
    "inputs": ("input", "user", *EVIDENCE),
    "supply": ("segment", "location", "owner", *EVIDENCE),
    "surge": ("segment", "location", *EVIDENCE),
    "response": ("segment", "parameter", *EVIDENCE),
    "subsidies": ("segment", "instrument", "period", *EVIDENCE),
    "instruments": ("instrument", "parameter", *EVIDENCE),
    "disruptions": ("scenario", "segment", "location", "owner", *EVIDENCE),
    "probabilities": ("scenario", *EVIDENCE),
    "loss_weights": ("segment", *EVIDENCE),
    "durations": ("scenario", "parameter", *EVIDENCE),
    "criticality": ("input", "user", "parameter", *EVIDENCE),
    "stocks": ("segment", "parameter", *EVIDENCE),
    "suppliers": ("segment", "location", "parameter", *EVIDENCE),
    "procurement": ("segment", "parameter", *EVIDENCE),
    "sources": ("source", "citation", "locator", "url"),
}
SELDOM = {"inputs": (2, "replaces"), "instruments": (1, "tier"), "loss_weights": (1, "use")}
"""Columns that are written, at this place, where some row has them."""
OPTIONAL = ("surge", "instruments", "loss_weights")

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def write(folder: Path, tables: Tables, home: str = "CHN") -> Path:
    """Write a package of tables; a package with `home` empty is a link package without a descriptor."""
    folder.mkdir(parents=True)
    for table, rows in tables.items():
        columns = [*COLUMNS[table]]
        if table in SELDOM and any(SELDOM[table][1] in row for row in rows):
            columns.insert(*SELDOM[table])
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    if home:
        meta = {"home": home, "currency": "XTS", "unit": "money per year", "year": 2022}
        descriptor = {"name": folder.name, "tierwise": meta}
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def measured(value: float, **key: str) -> Row:
    """A row of a measured number; Python writes floats so that they read back the same."""
    return {**key, "value": float(value), "status": "derived", "source": "dice", "note": "drawn at random"}


def draw(rng: np.random.Generator, money: float | None = None, home: str | None = None) -> tuple[Tables, str]:
    """Tables of a random package and its home country. It balances in calm with all home capacity in use.

    `money` is the size of its amounts: mostly 1, sometimes anything from thousandths to millions.
    """
    if money is None:
        money = float(10.0 ** rng.uniform(-3, 6)) if rng.random() < 0.4 else 1.0
    home = str(rng.choice(HOMES)) if home is None else home
    abroad = [str(c) for c in rng.choice(ABROAD, rng.integers(2, 5), replace=False)]
    tiers = sorted(rng.choice(TIERS, rng.integers(2, 8)), key=TIERS.index)
    names = [f"{tier[0]}{n}" for n, tier in enumerate(tiers)]
    inputs = _inputs(rng, len(names))
    demand, output, market = _balanced(rng, inputs, len(names), money)
    supply = []
    for k, name in enumerate(names):
        supply += _suppliers(rng, name, output[k], market[k] - output[k], home, abroad)
    tables: Tables = {
        "segments": [
            {"segment": name, "chain": "dice", "tier": str(tier), "name": f"Segment {name}"}
            for name, tier in zip(names, tiers, strict=True)
        ],
        "demand": [row for k, name in enumerate(names) for row in _uses(rng, name, demand[k])],
        "inputs": [measured(a, input=names[k], user=names[l]) for (k, l), a in inputs.items()],
        "supply": supply,
        "response": _response(rng, names, market),
        "subsidies": _subsidies(rng, names, money),
        "sources": [{"source": "dice", "citation": "Drawn at random for a test"}],
    }
    tables["probabilities"] = _probabilities(rng)
    tables["disruptions"] = _disruptions(rng, tables, home, abroad)
    if rng.random() < 0.5:
        tables["surge"] = _surge(rng, names, abroad)
    if rng.random() < 0.5:
        used = sorted({row["instrument"] for row in tables["subsidies"]})
        stated = [i for i in used if rng.random() < 0.7]
        tables["instruments"] = [
            measured(rng.uniform(0.3, 1.3), instrument=i, parameter="effectiveness") for i in stated
        ]
    if rng.random() < 0.4:
        some = [name for name in names[:-1] if rng.random() < 0.6]  # the last segment always counts: risk is defined
        tables["loss_weights"] = [measured(rng.choice([0.0, 0.5, 1.0, 3.0]), segment=name) for name in some]
    return tables, home


def add_structure(rng: np.random.Generator, tables: Tables, home: str, only: Iterable[str] | None = None) -> None:
    """Add rows of structure and levers to a drawn package: of the tables `only`, or of each with probability one half.

    STRUCTURE names them. Calm still balances: exports are split off from demand that there is.
    """
    chosen = [name for name in STRUCTURE if rng.random() < 0.5] if only is None else list(only)
    for name in chosen:
        rows = {tuple(row.get(key, "") for key in _KEYS[name]): row for row in tables.get(name, [])}
        for row in STRUCTURE[name](rng, tables, home):
            rows.setdefault(tuple(row.get(key, "") for key in _KEYS[name]), row)
        tables[name] = list(rows.values())


def draw_pair(rng: np.random.Generator) -> tuple[Tables, Tables, Tables, str]:
    """Two packages `one` and `two`, a link package by which the second uses what the first sells, their home.

    Scenarios that share a name have one probability, instruments of one name one effectiveness; the link row's
    coefficient times the user's home output is the final demand that it replaces, so calm still balances.
    """
    money = float(10.0 ** rng.uniform(-3, 6))
    one, home = draw(rng, money)
    two, _ = draw(rng, money, home)
    two["probabilities"] = [dict(row) for row in one["probabilities"][:2]]
    known = {row["scenario"] for row in two["probabilities"]}
    two["disruptions"] = [row for row in two["disruptions"] if row["scenario"] in known]
    for tables in (one, two):
        tables["instruments"] = [
            measured(0.5 + 0.2 * n, instrument=name, parameter="effectiveness") for n, name in enumerate(INSTRUMENTS)
        ]
    sold = one["demand"][-1]
    made: dict[str, float] = {}
    for row in two["supply"]:
        if row["location"] == home and row["value"] > 0:
            made[row["segment"]] = made.get(row["segment"], 0.0) + row["value"]
    link: Tables = {"inputs": [], "sources": one["sources"]}
    if made:
        user = sorted(made)[0]
        key = {"input": f"one/{sold['segment']}", "user": f"two/{user}", "replaces": sold["use"] or "other"}
        sold["use"] = key["replaces"]
        link["inputs"].append(measured(sold["value"] / made[user] * (1 - 1e-12), **key))
    return one, two, link, home


def draw_options(rng: np.random.Generator, tables: Tables) -> dict[str, Any]:
    """Random options of `optimize` that leave at least one allocation: limits are drawn around a witness."""
    options: dict[str, Any] = {
        "alpha": float(rng.choice([0.0, 0.5, 0.8, 0.9, 0.95, 0.99, rng.uniform(0, 1)])),
        "beta": float(rng.choice([0.0, 0.5, 1.0, rng.uniform(0, 1)])),
        "pieces": int(rng.choice([1, 2, 5, 10, 17, 40])),
    }
    had = observed_by_segment(tables)
    budget = sum(had.values())
    witness = had
    if rng.random() < 0.4:
        budget = options["budget"] = budget * float(rng.choice([0.01, 0.5, 2.0, rng.uniform(0, 4)]))
    if "budget" in options or rng.random() < 0.7:
        shares = rng.dirichlet(np.ones(len(had))) * rng.uniform(0.3, 1.0)
        witness = {name: float(share) * budget for name, share in zip(had, shares, strict=True)}
    for option, factor in (("minimum", rng.uniform(0, 1)), ("maximum", rng.uniform(1, 2))):
        if rng.random() < 0.3:
            chosen = rng.choice(tables["segments"])[str(rng.choice(["segment", "tier"]))]
            members = [row["segment"] for row in tables["segments"] if chosen in (row["segment"], row["tier"])]
            options[option] = {chosen: float(factor * sum(witness[name] for name in members))}
    moved = sum(abs(witness[name] - had[name]) for name in had) / (2.0 * budget)
    if rng.random() < 0.3 and moved <= 1.0:
        options["move"] = float(moved + rng.choice([0.0, rng.uniform(0, 1)]) * (1.0 - moved))
    return options


def draw_apart(rng: np.random.Generator, what: str) -> tuple[Tables, str, dict[str, Any]]:
    """A package and options whose amounts lie many orders of magnitude apart, as they do in real chains.

    `input`: one input that nobody buys in the end is worth 1e-8 to 1e-3 of what it was, and as critical as before
    (a photoresist); `weights`: 1e-4 to 1e4; `probabilities`: 1e-9 to 0.1; `level`: alpha up to 1 - 1e-6.
    """
    tables, home = draw(rng)
    options = draw_options(rng, tables)
    if what == "input":
        factor = 10.0 ** rng.uniform(-8, -3)
        bought = {row["segment"] for row in tables["demand"]} | {row["user"] for row in tables["inputs"]}
        tiny = min({row["input"] for row in tables["inputs"]} - bought)
        ceilings = [row for row in tables["response"] if row["parameter"] == "ceiling"]
        for row in (*tables["inputs"], *tables["supply"], *ceilings):
            if row.get("input", row.get("segment")) == tiny:
                row["value"] *= factor
    elif what == "weights":
        names = [row["segment"] for row in tables["segments"]]
        tables["loss_weights"] = [measured(10.0 ** rng.uniform(-4, 4), segment=name) for name in names]
    elif what == "probabilities":
        for row in tables["probabilities"]:
            row["value"] = 10.0 ** rng.uniform(-9, -1)
    elif what == "level":
        options["alpha"] = 1.0 - 10.0 ** rng.uniform(-6, -2)
    return tables, home, options


def observed_by_segment(tables: Tables) -> dict[str, float]:
    """Money of the latest period, the greatest in string order, by segment."""
    latest = max(row["period"] for row in tables["subsidies"])
    had = {row["segment"]: 0.0 for row in tables["segments"]}
    for row in tables["subsidies"]:
        if row["period"] == latest:
            had[row["segment"]] += row["value"]
    return had


def _inputs(rng: np.random.Generator, count: int) -> dict[tuple[int, int], float]:
    """Coefficients a_kl with k before l, so that nothing uses itself; a user's sum stays below 0.9."""
    inputs = {}
    for user in range(1, count):
        chosen = [k for k in range(user) if rng.random() < 0.6]
        shares = rng.uniform(0.1, 1.0, len(chosen))
        for k, share in zip(chosen, shares, strict=True):
            inputs[k, user] = float(share / shares.sum() * rng.uniform(0.1, 0.9))
    return inputs


def _balanced(
    rng: np.random.Generator, inputs: dict[tuple[int, int], float], count: int, money: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Demand, home output and market of every segment, from the last user up: market = demand + inputs used."""
    demand, output, market = np.zeros(count), np.zeros(count), np.zeros(count)
    for k in reversed(range(count)):
        used = sum(a * output[user] for (source, user), a in inputs.items() if source == k)
        if k == count - 1 or used == 0 or rng.random() < 0.4:
            demand[k] = rng.uniform(0.2, 10.0) * money
        market[k] = demand[k] + used
        share = rng.choice([0.0, 1.0, rng.uniform(0, 1)], p=[0.05, 0.05, 0.9])
        output[k] = share * market[k]
    return demand, output, market


def _uses(rng: np.random.Generator, segment: str, demand: float) -> list[Row]:
    if demand == 0:
        return []
    share = rng.uniform(0.1, 0.9)
    if rng.random() < 0.5:
        return [measured(demand, segment=segment, use=str(rng.choice(["", "cars"])))]
    uses = (("", share), ("phones", 1.0 - share))
    return [measured(demand * part, segment=segment, use=use) for use, part in uses]


def _suppliers(
    rng: np.random.Generator, segment: str, made: float, imported: float, home: str, abroad: list[str]
) -> list[Row]:
    """Supply rows at home (owned at home, by hybrids or from abroad) and abroad; rarely with some spare supply."""
    spare = 1.0 + (rng.uniform(0, 0.05) if rng.random() < 0.2 else 1e-12)
    rows = []
    for total, locations in ((made, [home]), (imported, abroad)):
        places = {
            (str(rng.choice(locations)), str(rng.choice([home, "HYB", *abroad]))) for _ in range(rng.integers(1, 4))
        }
        shares = rng.uniform(0.1, 1.0, len(places))
        for (location, owner), share in zip(sorted(places), shares / shares.sum(), strict=True):
            rows.append(measured(share * total * spare, segment=segment, location=location, owner=owner))
    return rows


def _response(rng: np.random.Generator, names: list[str], market: np.ndarray) -> list[Row]:
    """Slopes and ceilings; some segments have none, and a few respond to nothing although they have rows."""
    rows = []
    for name, size in zip(names, market, strict=True):
        if rng.random() < 0.2:
            continue
        dead = rng.random() < 0.05
        slope = 0.0 if dead and rng.random() < 0.5 else rng.choice([0.2, 1.0, 1.8, rng.uniform(0.05, 3)])
        ceiling = 0.0 if dead and slope > 0 else rng.uniform(0.05, 0.6) * size
        rows.append(measured(slope, segment=name, parameter="slope"))
        rows.append(measured(ceiling, segment=name, parameter="ceiling"))
    return rows


def _subsidies(rng: np.random.Generator, names: list[str], money: float) -> list[Row]:
    """Subsidies by segment, instrument and period: some are left out, some zero, never all of the latest."""
    instruments = [str(i) for i in rng.choice(INSTRUMENTS, rng.integers(1, 4), replace=False)]
    rows = []
    for period in PERIODS[rng.integers(len(PERIODS))]:
        for name in names:
            for instrument in instruments:
                if rng.random() < 0.6:
                    value = 0.0 if rng.random() < 0.2 else rng.uniform(0.01, 1.0) * money
                    rows.append(measured(value, segment=name, instrument=instrument, period=period))
    latest = max((row["period"] for row in rows), default="2022")
    if not any(row["period"] == latest and row["value"] > 0 for row in rows):
        rows = [row for row in rows if row["period"] != latest]
        rows.append(measured(0.5 * money, segment=names[-1], instrument=instruments[0], period=latest))
    return rows


def _probabilities(rng: np.random.Generator) -> list[Row]:
    """1 to 6 scenarios; rarely one that cannot happen, rarely no room left for calm."""
    count = int(rng.integers(1, 7))
    values = rng.uniform(0.01, 0.12, count)
    if rng.random() < 0.1:
        values[0] = 0.0
    if rng.random() < 0.1:
        values = values / (values.sum() or 1.0)
    return [measured(value, scenario=f"event_{n}") for n, value in enumerate(values)]


def _disruptions(rng: np.random.Generator, tables: Tables, home: str, abroad: list[str]) -> list[Row]:
    """Rows that overlap and leave keys blank; they may hit plants at home too."""
    names = [row["segment"] for row in tables["segments"]]
    rows: dict[tuple[str, ...], Row] = {}
    for scenario in (row["scenario"] for row in tables["probabilities"]):
        for _ in range(rng.integers(0, 5)):
            key = {
                "scenario": scenario,
                "segment": "" if rng.random() < 0.5 else str(rng.choice(names)),
                "location": "" if rng.random() < 0.3 else str(rng.choice([home, *abroad, *abroad])),
                "owner": "" if rng.random() < 0.6 else str(rng.choice([home, "HYB", *abroad])),
            }
            cut = rng.choice([0.0, 0.5, 0.9, 1.0, rng.uniform(0, 1)])
            rows[tuple(key.values())] = measured(cut, **key)
    return list(rows.values())


def _surge(rng: np.random.Generator, names: list[str], abroad: list[str]) -> list[Row]:
    rows: dict[tuple[str, str], Row] = {}
    for _ in range(rng.integers(1, 5)):
        segment = "" if rng.random() < 0.4 else str(rng.choice(names))
        location = "" if rng.random() < 0.4 else str(rng.choice(abroad))
        rows[segment, location] = measured(rng.uniform(0, 0.5), segment=segment, location=location)
    return list(rows.values())


def _some(rng: np.random.Generator, names: list[str]) -> list[str]:
    """At least one of the names, in their order."""
    kept = [name for name in names if rng.random() < 0.5]
    return kept or [str(rng.choice(names))]


def _names(tables: Tables) -> list[str]:
    return [row["segment"] for row in tables["segments"]]


def _market(tables: Tables, segment: str) -> float:
    return float(sum(row["value"] for row in tables["supply"] if row["segment"] == segment))


def _durations(rng: np.random.Generator, tables: Tables, _: str) -> list[Row]:
    """Outages of part of the year and recoveries, of which some go beyond its end."""
    rows = []
    for scenario in _some(rng, [row["scenario"] for row in tables["probabilities"]]):
        outage = rng.choice([12.0, 3.0, rng.uniform(0.5, 12)])
        rows.append(measured(outage, scenario=scenario, parameter="outage"))
        if rng.random() < 0.6:
            recovery = rng.choice([0.0, rng.uniform(0, 18)])
            rows.append(measured(recovery, scenario=scenario, parameter="recovery"))
    return rows


def _criticality(rng: np.random.Generator, tables: Tables, _: str) -> list[Row]:
    """Rows that overlap and leave keys blank; now and then one that speaks of no input."""
    names = _names(tables)
    rows = []
    for _n in range(rng.integers(1, 5)):
        pair = {"input": str(rng.choice(names)), "user": str(rng.choice(names))}
        if tables["inputs"] and rng.random() < 0.7:
            pair = tables["inputs"][rng.integers(len(tables["inputs"]))]
        key = {name: "" if rng.random() < 0.4 else pair[name] for name in ("input", "user")}
        share = rng.choice([0.0, 1.0, rng.uniform(0, 1)])
        rows.append(measured(share, **key, parameter="dispensable"))
        if rng.random() < 0.5:
            rows.append(measured(rng.choice([0.0, rng.uniform(0, 2)]), **key, parameter="penalty"))
    return rows


def _stocks(rng: np.random.Generator, tables: Tables, _: str) -> list[Row]:
    """Stocks up to half a year's supply; any parameter may be left to its default."""
    rows = []
    for name in _some(rng, _names(tables)):
        size = _market(tables, name)
        held = rng.choice([0.0, rng.uniform(0, 0.3)]) * size
        given = {
            "held": held,
            "limit": held + rng.uniform(0, 0.5) * size,
            "price": rng.uniform(0.5, 1.5),
            "holding": rng.uniform(0, 0.3),
        }
        kept = [parameter for parameter in given if rng.random() < 0.8] or ["held"]
        rows += [measured(given[parameter], segment=name, parameter=parameter) for parameter in kept]
    return rows


def _contracts(rng: np.random.Generator, tables: Tables, home: str) -> list[Row]:
    rows = []
    for name in _some(rng, _names(tables)):
        for location in rng.choice([place for place in ABROAD if place != home], rng.integers(1, 3), replace=False):
            key = {"segment": name, "location": str(location)}
            rows.append(measured(rng.uniform(0, 0.4) * _market(tables, name), **key, parameter="limit"))
            rows.append(measured(rng.uniform(0.05, 1.0), **key, parameter="cost"))
    return rows


def _procurement(rng: np.random.Generator, tables: Tables, _: str) -> list[Row]:
    rows = []
    for name in _some(rng, _names(tables)):
        rows.append(measured(rng.uniform(0, 0.5) * _market(tables, name), segment=name, parameter="limit"))
        rows.append(measured(rng.uniform(0.05, 0.5), segment=name, parameter="premium"))
        rows.append(measured(rng.uniform(0, 0.8), segment=name, parameter="response"))
    return rows


def _exports(rng: np.random.Generator, tables: Tables, _: str) -> list[Row]:
    """Part of some demand becomes exports, which weigh little; what is left weighs as before."""
    known = {(row["segment"], row["use"]) for row in tables["demand"]}
    rows = []
    for row in [*tables["demand"]]:
        if rng.random() < 0.5 and (row["segment"], "exports") not in known:
            known.add((row["segment"], "exports"))
            exported = row["value"] * float(rng.uniform(0.1, 0.9))
            row["value"] -= exported
            tables["demand"].append(measured(exported, segment=row["segment"], use="exports"))
            rows.append(measured(rng.choice([0.0, 0.1, 0.3]), segment=row["segment"], use="exports"))
    return rows


def _spare(rng: np.random.Generator, tables: Tables, home: str) -> list[Row]:
    """Spare capacity at home."""
    names = ["", *_names(tables)]
    return [measured(rng.uniform(0, 0.5), segment=name, location=home) for name in _some(rng, names)]


def _factors(rng: np.random.Generator, tables: Tables, _: str) -> list[Row]:
    """Factors of instruments of which the effectiveness is not given, and the effectiveness of others by tier."""
    given = {row["instrument"] for row in tables.get("instruments", [])}
    rows = []
    for instrument in sorted({row["instrument"] for row in tables["subsidies"]}):
        parameters = ["effectiveness"] if instrument in given else ["raised", "additional", "survival"]
        for parameter in _some(rng, parameters):
            for tier in _some(rng, [*(() if instrument in given else ("",)), *TIERS]):
                rows.append(measured(rng.uniform(0.3, 1.0), instrument=instrument, tier=tier, parameter=parameter))
    return rows


def _years(rng: np.random.Generator, tables: Tables, _: str) -> list[Row]:
    """When funds add supply and how long it lasts, of segments that have a response."""
    rows = []
    for name in dict.fromkeys(row["segment"] for row in tables["response"]):
        rows.append(measured(int(rng.integers(0, 4)), segment=name, parameter="lag"))
        rows.append(measured(rng.uniform(2, 20), segment=name, parameter="life"))
    return rows


STRUCTURE: dict[str, Callable[[np.random.Generator, Tables, str], list[Row]]] = {
    "durations": _durations,
    "criticality": _criticality,
    "stocks": _stocks,
    "suppliers": _contracts,
    "procurement": _procurement,
    "loss_weights": _exports,
    "surge": _spare,
    "instruments": _factors,
    "response": _years,
}
"""What `add_structure` adds to which table; `loss_weights` makes exports, `surge` spare capacity at home."""

_KEYS = {
    "durations": ("scenario", "parameter"),
    "criticality": ("input", "user", "parameter"),
    "stocks": ("segment", "parameter"),
    "suppliers": ("segment", "location", "parameter"),
    "procurement": ("segment", "parameter"),
    "loss_weights": ("segment", "use"),
    "surge": ("segment", "location"),
    "instruments": ("instrument", "tier", "parameter"),
    "response": ("segment", "parameter"),
}
