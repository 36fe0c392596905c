"""pyoframe, whose polars frames go to HiGHS directly (the HiGHS of the package highsbox, which may be another one)."""

import numpy as np
import polars as pl
import pyoframe as pf
import pyoptinterface.highs  # noqa: F401  (its HiGHS is loaded before PuLP opens the symbols of highspy's to all)

from benchmarks.case import BETA, TOLERANCE, Answer, Case

__all__ = ["solve"]


def solve(case: Case) -> Answer:
    """Dimensions s, k, j; `used` sums inputs a_kl y_sl over the users l of each segment."""
    scenarios, segments = case.home.shape
    s, k = pl.DataFrame({"s": np.arange(scenarios)}), pl.DataFrame({"k": np.arange(segments)})
    sk = s.join(k, how="cross")
    width, slope = (_table(array, "k", "j") for array in (case.width, case.slope))
    home, foreign = (_table(array, "s", "k") for array in (case.home, case.foreign))
    demand, observed, weight = (_column(array, "k") for array in (case.demand, case.observed, case.weight))
    probability, tail = _column(case.probability, "s"), _column(case.tail, "s")
    model = pf.Model("highs", sense="min")
    model.x = pf.Variable(k, lb=0)
    model.distance = pf.Variable(k, lb=0)
    model.z = pf.Variable(width.select("k", "j"), lb=0, ub=pf.Param(width))
    model.eta = pf.Variable(lb=0)
    model.y = pf.Variable(sk, lb=0)
    model.m = pf.Variable(sk, lb=0, ub=pf.Param(foreign))
    model.u = pf.Variable(sk, lb=0, ub=pf.Param(demand).over("s"))
    model.excess = pf.Variable(s, lb=0)
    model.loss = pf.Variable(s)
    need, had = pf.Param(demand), pf.Param(observed)
    model.lost = model.loss == (pf.Param(weight) * model.u).sum("k")
    model.budget = model.x.sum() <= case.budget
    model.above = model.distance - model.x >= -1 * had
    model.below = model.distance + model.x >= had
    model.funds = model.z.sum("j") <= model.x
    model.capacity = model.y - (pf.Param(slope) * model.z).sum("j").over("s") <= pf.Param(home)
    entries = case.inputs.tocoo()
    inputs = pl.DataFrame({"k": entries.coords[0], "l": entries.coords[1], "a": entries.data})
    used = (pf.Param(inputs) * model.y.rename({"k": "l"})).sum("l")
    model.balance = (model.y + model.m + model.u).keep_extras() - used >= need.over("s")
    model.tail = model.excess - model.loss + model.eta.over("s") >= 0
    risk = (1.0 - BETA) * (pf.Param(probability) * model.loss).sum() + BETA * model.eta
    risk = risk + (pf.Param(tail) * model.excess).sum()
    model.minimize = risk
    least = _solved(model)
    model.near = risk <= least + case.slack
    model.minimize += model.distance.sum() - risk  # an objective may be added to, not replaced
    return Answer(least, _solved(model))


def _table(array: np.ndarray, row: str, column: str) -> pl.DataFrame:
    rows, columns = np.indices(array.shape)
    return pl.DataFrame({row: rows.ravel(), column: columns.ravel(), "value": array.ravel()})


def _column(array: np.ndarray, name: str) -> pl.DataFrame:
    return pl.DataFrame({name: np.arange(len(array)), "value": array})


def _solved(model: pf.Model) -> float:
    model.params.output_flag = False
    model.params.threads = 1
    model.params.primal_feasibility_tolerance = TOLERANCE
    model.params.dual_feasibility_tolerance = TOLERANCE
    model.optimize()
    if model.attr.TerminationStatus.name != "OPTIMAL":
        raise RuntimeError(model.attr.TerminationStatus.name)
    return float(model.objective.value)
