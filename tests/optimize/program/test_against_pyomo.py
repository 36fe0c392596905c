"""The program against the same two-stage program as one plain Pyomo model, solved by Pyomo's own HiGHS interface.

All scenarios stand in the model at once, indexed by sets; nothing is compiled, scaled or replicated. What is
shared with the program is the modelling language, not a line of the way from packages to numbers.
"""

import shutil
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.contrib.solver.common.factory import SolverFactory

import data
from chains import load
from optimize import evaluate, optimize
from tests.independent import Model, chords, read, same
from tests.random_packages import draw, write

ALPHA, BETA, PIECES = 0.85, 0.4, 7


def two_stage(model: Model) -> pyo.ConcreteModel:
    """docs/model.md, section 2, word for word; money as the package has it, the objective in money too."""
    program = pyo.ConcreteModel()
    program.K = pyo.Set(initialize=model.segments)
    program.I = pyo.Set(initialize=model.instruments)
    program.S = pyo.Set(initialize=model.scenarios)
    pieces = {k: chords(model.slope[k], model.ceiling[k], PIECES) for k in model.segments}
    program.KJ = pyo.Set(initialize=[(k, j) for k in pieces for j in range(len(pieces[k]))])
    program.x = pyo.Var(program.K, program.I, within=pyo.NonNegativeReals)
    program.z = pyo.Var(program.KJ, bounds=lambda _, k, j: (0.0, pieces[k][j][0]))
    program.eta = pyo.Var()
    program.excess = pyo.Var(program.S, within=pyo.NonNegativeReals)
    program.y = pyo.Var(program.K, program.S, within=pyo.NonNegativeReals)
    program.m = pyo.Var(program.K, program.S, bounds=lambda _, k, s: (0.0, model.foreign.get((k, s), 0.0)))
    program.N = pyo.Set(initialize=list(model.uses))
    program.u = pyo.Var(program.N, program.S, bounds=lambda _, k, n, s: (0.0, model.uses[k, n]))
    program.L = pyo.Expression(program.S, rule=lambda p, s: sum(model.weight[n] * p.u[n, s] for n in p.N))

    @program.Constraint(program.K)
    def funds(p: pyo.ConcreteModel, k: str) -> object:
        effective = sum(model.effectiveness[k, i] * p.x[k, i] for i in p.I)
        return sum(p.z[k, j] for j in range(len(pieces[k]))) <= effective

    @program.Constraint(program.K, program.S)
    def home_capacity(p: pyo.ConcreteModel, k: str, s: str) -> object:
        added = sum(slope * p.z[k, j] for j, (_, slope) in enumerate(pieces[k]))
        return p.y[k, s] <= model.home.get((k, s), 0.0) + added

    @program.Constraint(program.K, program.S)
    def balance(p: pyo.ConcreteModel, k: str, s: str) -> object:
        used = sum(a * p.y[user, s] for (source, user), a in model.coefficient.items() if source == k)
        unmet = sum(p.u[n, s] for n in p.N if n[0] == k)
        return p.y[k, s] + p.m[k, s] + unmet >= model.demand[k] + used

    @program.Constraint(program.S)
    def tail(p: pyo.ConcreteModel, s: str) -> object:
        return p.excess[s] >= p.L[s] - p.eta

    @program.Constraint(program.I)
    def budget(p: pyo.ConcreteModel, i: str) -> object:
        return sum(p.x[k, i] for k in p.K) <= model.budget[i]

    probability = model.probability
    expected = sum(probability[s] * program.L[s] for s in program.S)
    cvar = program.eta + sum(probability[s] * program.excess[s] for s in program.S) / (1 - ALPHA)
    program.risk = pyo.Objective(expr=(1 - BETA) * expected + BETA * cvar)
    return program


def least(program: pyo.ConcreteModel, model: Model) -> float:
    """Least risk as a share of weighted final demand, by Pyomo's interface to HiGHS."""
    answer = SolverFactory("highs").solve(program)  # raises unless the solution is proved optimal
    return answer.incumbent_objective / sum(model.weight[n] * d for n, d in model.uses.items())


@pytest.fixture(params=["robots", *range(5)], ids=str)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "robots":  # without the tables of which the plain model knows nothing
        package = Path(shutil.copytree(data.folder("robots"), tmp_path / "robots"))
        for table in ("durations", "criticality", "stocks"):
            header, _, _ = (package / f"{table}.csv").read_text(encoding="utf-8").partition("\n")
            (package / f"{table}.csv").write_text(header + "\n", encoding="utf-8")
        return package
    tables, home = draw(np.random.default_rng([request.param, 5]), money=1.0)
    return write(tmp_path / "dice", tables, home)


@pytest.mark.slow
def test_least_risk_is_the_objective_of_the_plain_pyomo_model(folder: Path) -> None:
    model = read(folder)
    result = optimize(load(folder), alpha=ALPHA, beta=BETA, pieces=PIECES)
    assert same(result.risk, least(two_stage(model), model))


@pytest.mark.slow
def test_the_risk_of_the_observed_allocation_is_that_of_the_plain_pyomo_model_with_it_fixed(folder: Path) -> None:
    model = read(folder)
    program = two_stage(model)
    for (k, i), amount in model.observed.items():
        program.x[k, i].fix(amount)
    solution = evaluate(load(folder), alpha=ALPHA, beta=BETA, pieces=PIECES)
    assert same(solution.risk, least(program, model))
