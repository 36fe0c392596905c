"""linopy with labelled variables, handed to HiGHS directly (no file)."""

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.case import BETA, TOLERANCE, Answer, Case

__all__ = ["solve"]


def solve(case: Case) -> Answer:
    """Dimensions s, k, j; `used` sums inputs over the users l of each segment."""
    scenarios, segments = case.home.shape
    s, k = pd.RangeIndex(scenarios, name="s"), pd.RangeIndex(segments, name="k")
    j = pd.RangeIndex(case.width.shape[1], name="j")
    width, slope = xr.DataArray(case.width, [k, j]), xr.DataArray(case.slope, [k, j])
    home, foreign = xr.DataArray(case.home, [s, k]), xr.DataArray(case.foreign, [s, k])
    demand, observed = xr.DataArray(case.demand, [k]), xr.DataArray(case.observed, [k])
    probability, tail = xr.DataArray(case.probability, [s]), xr.DataArray(case.tail, [s])
    model = linopy.Model()
    x = model.add_variables(lower=0, coords=[k], name="x")
    distance = model.add_variables(lower=0, coords=[k], name="distance")
    z = model.add_variables(lower=0, upper=width, name="z")
    eta = model.add_variables(lower=0, name="eta")
    y = model.add_variables(lower=0, coords=[s, k], name="y")
    m = model.add_variables(lower=0, upper=foreign, name="m")
    u = model.add_variables(lower=0, upper=demand.expand_dims(s=s), name="u")
    excess = model.add_variables(lower=0, coords=[s], name="excess")
    loss = (xr.DataArray(case.weight, [k]) * u).sum("k")
    model.add_constraints(x.sum() <= case.budget)
    model.add_constraints(distance - x >= -observed)
    model.add_constraints(distance + x >= observed)
    model.add_constraints(z.sum("j") - x <= 0)
    model.add_constraints(y - (slope * z).sum("j") <= home)
    model.add_constraints(y + m + u - _used(case, y, s, k) >= demand)
    model.add_constraints(excess - loss + eta >= 0)
    risk = (1.0 - BETA) * (probability * loss).sum() + BETA * eta + (tail * excess).sum()
    model.add_objective(risk)
    least = _solved(model)
    model.add_constraints(risk <= least + case.slack)
    model.add_objective(distance.sum(), overwrite=True)
    return Answer(least, _solved(model))


def _used(case: Case, y: linopy.Variable, s: pd.Index, k: pd.Index) -> linopy.LinearExpression:
    """sum_l a_kl y_ls with as many terms as the segment with most users has, not one for every pair."""
    inputs = case.inputs
    count = np.diff(inputs.indptr)
    users = np.zeros((len(k), max(int(count.max()), 1)), dtype=np.intp)
    factor = np.zeros(users.shape)
    at = np.repeat(np.arange(len(k)), count), np.arange(inputs.nnz) - np.repeat(inputs.indptr[:-1], count)
    users[at], factor[at] = inputs.indices, inputs.data
    n = pd.RangeIndex(users.shape[1], name="n")
    return (xr.DataArray(factor, [k, n]) * y.rename({"k": "l"}).sel(l=xr.DataArray(users, [k, n]))).sum("n")


def _solved(model: linopy.Model) -> float:
    status, condition = model.solve(
        solver_name="highs",
        io_api="direct",
        output_flag=False,
        threads=1,
        primal_feasibility_tolerance=TOLERANCE,
        dual_feasibility_tolerance=TOLERANCE,
    )
    if (status, condition) != ("ok", "optimal"):
        raise RuntimeError(condition)
    return float(model.objective.value)
