"""Packages whose numbers lie many orders of magnitude apart: the answer is right, or there is none.

Right is what the independent formulation gives in exact fractions, to 1e-6 relatively and the tie of 1e-9.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chains import InputError, load
from optimize import InaccurateError, least_risk
from tests.independent import Study, read
from tests.independent.exact import exact_least_risk
from tests.random_packages import Row, Tables, draw, measured, write
from tests.small import Small

SEEDS = 4
Options = dict[str, Any]
Powers = Callable[[float, float], float]


def scaled(rows: list[Row], powers: Powers, low: float, high: float, **which: str) -> None:
    """Multiply the values of rows by powers of ten, each its own."""
    for row in rows:
        if all(row.get(column) == name for column, name in which.items()):
            row["value"] *= powers(low, high)


def a_tiny_or_huge_input(tables: Tables, options: Options, powers: Powers) -> None:
    """An input that nobody buys in the end, worth 1e-9 to 1e9 of what it was, and as critical as before."""
    bought = {row["segment"] for row in tables["demand"]} | {row["user"] for row in tables["inputs"]}
    for name in sorted({row["input"] for row in tables["inputs"]} - bought)[:1]:
        factor = powers(-9, 9)
        ceilings = [row for row in tables["response"] if row["parameter"] == "ceiling"]
        for row in (*tables["inputs"], *tables["supply"], *ceilings):
            row["value"] *= factor if row.get("input", row.get("segment")) == name else 1.0


def probabilities(tables: Tables, options: Options, powers: Powers) -> None:
    for row in tables["probabilities"]:
        row["value"] = powers(-12, -1)


def level(tables: Tables, options: Options, powers: Powers) -> None:
    options["alpha"] = 1.0 - powers(-12, -2)


def weights(tables: Tables, options: Options, powers: Powers) -> None:
    """Over 18 orders of magnitude."""
    tables["loss_weights"] = [measured(powers(-9, 9), segment=row["segment"]) for row in tables["segments"]]


def chords(tables: Tables, options: Options, powers: Powers) -> None:
    """The most that are allowed."""
    options["pieces"] = 99


def suppliers_twice(tables: Tables, options: Options, powers: Powers) -> None:
    """Each supplier's amount by two owners in equal parts."""
    halves = [row | {"value": row["value"] / 2.0} for row in tables["supply"]]
    owners = {row["owner"] for row in halves}
    assert not {f"{n}" for n in range(9)} & owners
    kept = {(row["segment"], row["location"]) for row in halves}
    others = [
        measured(sum(row["value"] for row in halves if (row["segment"], row["location"]) == at), segment=at[0])
        | {"location": at[1], "owner": "FIN"}
        for at in sorted(kept)
    ]
    tables["supply"] = [*halves, *others]


def one_supply(tables: Tables, options: Options, powers: Powers) -> None:
    """1e15 to 1e20 beside 10."""
    tables["supply"][0]["value"] = powers(15, 20)


def surge(tables: Tables, options: Options, powers: Powers) -> None:
    tables["surge"] = [measured(powers(6, 20), segment=tables["segments"][0]["segment"], location="")]


def budget(tables: Tables, options: Options, powers: Powers) -> None:
    options["budget"] = powers(-300, 15)


def subsidies(tables: Tables, options: Options, powers: Powers) -> None:
    scaled(tables["subsidies"], powers, -9, 9)


def slopes(tables: Tables, options: Options, powers: Powers) -> None:
    scaled(tables["response"], powers, -12, 12, parameter="slope")


def ceilings(tables: Tables, options: Options, powers: Powers) -> None:
    scaled(tables["response"], powers, -12, 6, parameter="ceiling")


def effectiveness(tables: Tables, options: Options, powers: Powers) -> None:
    used = sorted({row["instrument"] for row in tables["subsidies"]})
    tables["instruments"] = [measured(powers(-9, 9), instrument=name, parameter="effectiveness") for name in used]


def everything(tables: Tables, options: Options, powers: Powers) -> None:
    scaled(tables["response"], powers, -5, 5)
    tables["loss_weights"] = [measured(powers(-5, 5), segment=row["segment"]) for row in tables["segments"]]
    probabilities(tables, options, powers)
    options["alpha"] = 1.0 - powers(-9, -2)


KINDS = (
    *(a_tiny_or_huge_input, probabilities, level, weights, chords, suppliers_twice, one_supply, surge, budget),
    *(subsidies, slopes, ceilings, effectiveness, everything),
)


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_is_right(kind: Callable[[Tables, Options, Powers], None], seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 71])
    tables, home = draw(rng, money=1.0)
    options: Options = {}
    kind(tables, options, lambda low, high: float(10.0 ** rng.uniform(low, high)))
    folder = write(tmp_path / "extreme", tables, home)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chain = load(folder)
    measure = {name: options[name] for name in ("alpha", "pieces") if name in options}
    study = Study(read(folder), **measure)
    choice = study.choice(**{name: value for name, value in options.items() if name not in measure})
    try:
        found = least_risk(chain, **options)
    except InaccurateError:
        assert kind in (weights, everything), "nobody may be refused who was answered so far"
        return
    expected = exact_least_risk(study, choice)
    assert abs(found.risk - expected) <= 1e-6 * expected + 1.1e-9
    assert found.certificate.worst <= 1e-7


def test_more_chords_than_can_be_told_apart_are_refused_with_the_most_that_can(small: Small) -> None:
    with pytest.raises(InputError, match=r"option pieces: 1000 is out of range.* 99"):
        least_risk(small.load(), pieces=1000)
