"""The balance is written once, in the recourse: what else needs it is proved to be the same rows."""

from pathlib import Path

import numpy as np
import pytest

from chains import load
from chains.numbers import ChainNumbers
from optimize.program.cache import compiled_recourse
from optimize.program.calm_plan import calm_plan, plan_columns
from optimize.program.compiling import Compiled, compile_model
from optimize.program.levers import CAPACITY
from optimize.program.net_supply import net_supply
from optimize.program.response import chords
from tests.random_packages import draw, write


def numbers_of(seed: int, folder: Path) -> ChainNumbers:
    tables, home = draw(np.random.default_rng(seed))
    return load(write(folder / f"p{seed}", tables, home)).numbers


def rows(compiled: Compiled, name: str, *groups: str) -> np.ndarray:
    """Rows of a constraint over some groups of columns."""
    which = [n for n, row in enumerate(compiled.row_names) if row.partition("[")[0] == name]
    return np.hstack([compiled.matrix[which].toarray()[:, compiled.groups[group]] for group in groups])


@pytest.mark.parametrize("seed", range(8))
def test_net_supply_is_the_balance_of_the_recourse(seed: int, tmp_path: Path) -> None:
    numbers = numbers_of(seed, tmp_path)
    balance = rows(compiled_recourse(numbers, (CAPACITY,)).of(1), "balance", "y", "m")
    imports = balance[:, len(numbers.segments) :]
    sign = np.sign(np.diag(imports))
    assert np.array_equal(np.abs(imports), np.eye(len(numbers.segments)))
    assert np.array_equal(sign[:, None] * balance, net_supply(numbers.inputs).toarray())


@pytest.mark.parametrize("seed", range(8))
def test_the_plan_of_a_calm_year_balances_alike(seed: int, tmp_path: Path) -> None:
    """own + other + m = used and used = d + A (own + other): together the balance, met exactly."""
    numbers = numbers_of(seed, tmp_path)
    curve = chords(numbers.slope, numbers.ceiling, 3)
    plan = compile_model(calm_plan(numbers, curve, numbers.home[-1], (CAPACITY,)), plan_columns((CAPACITY,)))
    groups = ("own", "m", "used")
    met, use = rows(plan, "met", *groups), rows(plan, "use", *groups)
    count = len(numbers.segments)
    met, use = np.sign(np.diag(met))[:, None] * met, np.sign(np.diag(use[:, -count:]))[:, None] * use
    assert np.allclose((met + use)[:, : 2 * count], net_supply(numbers.inputs).toarray(), rtol=0, atol=1e-15)
    assert np.array_equal((met + use)[:, 2 * count :], np.zeros((count, count)))
