"""The exact frontier of the shipped packages against a grid of budgets."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.measure import as_table, take_turns
from chains import Chain, load
from optimize import frontier
from optimize.program.first_stage import first_stage
from optimize.program.two_stage import two_stage
from optimize.solver.linear import Solver
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import RiskOptions
from optimize.solving.units import OBJECTIVE

__all__ = ["question"]

SHIPPED = {"robots": ("robots",), "chips": ("chips",), "coupled": ("robots", "chips", "coupled")}


def question(repeats: int, points: int = 100) -> pd.DataFrame:
    """Seconds from a Chain to all breakpoints, and to the least risk at `points` budgets up to the last breakpoint."""
    tables = []
    for name, packages in SHIPPED.items():
        chain = load(*packages)
        found = frontier(chain)
        _same(chain, found.breakpoints)
        grid = np.linspace(0.0, float(found.breakpoints["budget"].iloc[-1]), points)
        ways: dict[str, Callable[[], object]] = {
            f"{name}: grid of {points}": partial(_grid, chain, grid),
            f"{name}: frontier, {len(found.breakpoints)} breakpoints": partial(frontier, chain),
        }
        seconds = take_turns(ways, dict.fromkeys(ways, repeats))
        tables.append(as_table(seconds, ()).assign(**{"/ grid": _ratios(seconds)}))
    return pd.concat(tables).rename_axis("")


def _ratios(seconds: dict[str, list[float]]) -> list[str]:
    medians = [float(np.median(taken)) for taken in seconds.values()]
    return [f"{median / medians[0]:.2f}" for median in medians]


def _grid(chain: Chain, budgets: np.ndarray) -> list[float]:
    """One program for the whole grid, each budget from the basis of the one before: a monotone sweep."""
    evaluator, shares = Evaluator(chain, RiskOptions()), budget_of(chain.numbers, 1.0)
    evaluator.check_balance()
    first = first_stage(evaluator.inner, evaluator.curve, shares)
    options = evaluator.options
    stages = two_stage(first, evaluator.compiled, evaluator.inner, options.alpha, options.beta)
    solver, rows, risks = Solver(stages.program), stages.rows("budgets"), []
    for budget in budgets / evaluator.units.money:
        solver.limit_rows(rows, shares * budget)
        risks.append(solver.solve().objective / OBJECTIVE)
    return risks


def _same(chain: Chain, breakpoints: pd.DataFrame) -> None:
    """The frontier goes through the least risk at its own breakpoints."""
    some = breakpoints.iloc[:: max(len(breakpoints) // 5, 1)]
    risks = _grid(chain, some["budget"].to_numpy())
    if not np.allclose(risks, some["risk"], rtol=1e-8, atol=1e-11):
        raise RuntimeError("the frontier and the grid have different risks")
