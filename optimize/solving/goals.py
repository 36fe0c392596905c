"""Goals a planner may have had: what each is worth at an allocation, and the program that weighs them.

Every goal is a linear function of the variables of a linear program. Outputs in calm have a recourse of their own,
one copy for each goal, so a goal's worth at an allocation is the most it can be there, whatever the other goals.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers
from chains.tables.problems import Problem, nearest
from optimize.program.first_stage import first_stage
from optimize.program.net_supply import net_supply
from optimize.program.two_stage import two_stage
from optimize.solver.linear import LinearProgram, Solver
from optimize.solving.decomposition import ScenarioRisk
from optimize.solving.evaluation import Evaluator
from optimize.solving.units import OBJECTIVE

__all__ = ["RISK", "VISIBLE", "Goals", "Output", "Weighing", "outputs_of", "weighing"]

RISK, HOME, OWNED, VISIBLE = "risk reduction", "home output", "home-owned output", "visible capacity"


@dataclass(frozen=True)
class Output:
    """A weighted sum of home output in calm: base[k] counts output of the base year's capacity, added[k] of new."""

    name: str
    base: Array
    added: Array


def outputs_of(chain: Chain, own: Mapping[str, pd.Series]) -> list[Output]:
    """Home output, home output at home-owned firms, and the user's own goals (weights by segment, 0 where missing).

    Home-owned counts base capacity by the share of a segment's home supply whose owner is the home country (hybrids
    do not count), and capacity that subsidies add in full. InputError naming every user's goal that is wrong.
    """
    ones = np.ones(len(chain.numbers.segments))
    built_in = [Output(HOME, ones, ones), Output(OWNED, _home_owned(chain), ones)]
    users = _checked(chain.numbers.segments, own)
    return built_in + [Output(name, weights, weights) for name, weights in users.items()]


def _home_owned(chain: Chain) -> Array:
    """Share of each segment's home supply that is owned by home firms; 0 where there is no home supply."""
    supply = chain.table("supply")
    at_home = supply[supply["location"] == chain.home]
    segments = list(chain.numbers.segments)
    total = at_home.groupby("segment")["value"].sum().reindex(segments, fill_value=0.0).to_numpy()
    owned = at_home[at_home["owner"] == chain.home].groupby("segment")["value"].sum()
    mine = owned.reindex(segments, fill_value=0.0).to_numpy()
    return np.asarray(np.divide(mine, total, out=np.zeros(len(segments)), where=total > 0), dtype=np.float64)


def _checked(segments: tuple[str, ...], own: Mapping[str, pd.Series]) -> dict[str, Array]:
    """The user's goals as arrays over segments."""
    problems: list[Problem] = []
    goals: dict[str, Array] = {}
    for name, weights in own.items():
        where = f"goal '{name}'"
        if name in (RISK, HOME, OWNED, VISIBLE):
            problems.append(Problem(where, 0, "", "has the name of a goal that is always there", "choose another name"))
        for label in weights.index[~weights.index.isin(segments)]:
            problems.append(Problem(where, 0, "", f"unknown segment '{label}'", nearest(str(label), segments)))
        for label in weights.index[weights.index.duplicated()].unique():
            problems.append(Problem(where, 0, "", f"segment '{label}' stands twice", "keep one"))
        numbers = pd.to_numeric(weights, errors="coerce").astype("float64")
        for label in weights.index[~np.isfinite(numbers.to_numpy())]:
            problems.append(Problem(where, 0, "", f"the weight of '{label}' is no finite number", "give a number"))
        if not problems:
            goals[name] = np.asarray(numbers.reindex(list(segments), fill_value=0.0), dtype=np.float64)
    if problems:
        raise InputError(problems)
    return goals


class Goals:
    """What every goal is worth at an allocation, in inner units (thousandths of final demand or of all loss)."""

    def __init__(self, evaluator: Evaluator, outputs: list[Output]) -> None:
        self.names = (RISK, *(output.name for output in outputs), VISIBLE)
        self._evaluator = evaluator
        self._scenarios = ScenarioRisk(evaluator.compiled, evaluator.inner, evaluator.options)
        inner, count = evaluator.inner, len(outputs)
        segments = len(inner.segments)
        starts = np.arange(count)[:, None] * 3 * segments + np.arange(segments)[None, :]
        self._y, self._v = starts, starts + 2 * segments
        self._reward = np.concatenate([_reward(output) for output in outputs])
        lower, upper = _calm_rows(inner.demand)
        self._solver = Solver(
            LinearProgram(
                cost=-self._reward,
                matrix=sparse.csr_array(sparse.kron(sparse.eye_array(count), _calm(inner.inputs), format="csr")),
                row_lower=np.tile(lower, count),
                row_upper=np.tile(upper, count),
                column_lower=np.zeros(3 * segments * count),
                column_upper=np.tile(_calm_columns(inner), count),
            )
        )

    def at(self, allocation: Array) -> Array:
        """Worth of every goal at an allocation x[k, i] in the chain's money."""
        return self._worth(allocation, self._evaluator.none.risk * OBJECTIVE - self._risk(allocation))

    def between(self, allocation: Array) -> tuple[Array, Array]:
        """Bounds on the worth of every goal: exact but for the fall in risk, which known prices bound from above."""
        linked = self._scenarios.linked(self._evaluator.provided(allocation))
        most = self._evaluator.none.risk * OBJECTIVE - self._scenarios.plane(linked).at(linked)
        high = self._worth(allocation, max(most, 0.0))
        return np.concatenate([[0.0], high[1:]]), high

    def _risk(self, allocation: Array) -> float:
        """Risk of an allocation from the recourse of every scenario, whose prices are kept for bounds."""
        risk, _ = self._scenarios.learn(self._scenarios.linked(self._evaluator.provided(allocation)))
        self._evaluator.certificate = self._evaluator.certificate.worse(self._scenarios.certificate)
        return risk

    def _worth(self, allocation: Array, fall: float) -> Array:
        """Worth of every goal where the fall in risk is known."""
        evaluator = self._evaluator
        added = evaluator.provided(allocation)["added"]
        capacity = np.broadcast_to(evaluator.inner.home[evaluator.inner.calm_phase] + added, self._y.shape)
        columns = np.concatenate([self._y.ravel(), self._v.ravel()])
        self._solver.limit_columns(columns, np.concatenate([capacity.ravel(), np.tile(added, len(self._y))]))
        optimum = self._solver.solve()
        evaluator.certificate = evaluator.certificate.worse(optimum.certificate)
        outputs = (self._reward * optimum.values).reshape(len(self._y), -1).sum(axis=1)
        return np.concatenate([[fall], outputs, [added.sum()]])


@dataclass(frozen=True)
class Weighing:
    """The program over the allocations of a budget in which every goal is linear in the columns.

    A goal's worth is reward[q] @ columns + constant[q]; `x` are the positions of the allocation.
    """

    program: LinearProgram
    reward: Array
    constant: Array
    x: np.ndarray


def weighing(evaluator: Evaluator, budget: Array, outputs: list[Output]) -> Weighing:
    """The two-stage program, and beside it for each output a copy of calm's recourse.

    The copy's capacity rows join it to the supply added: y_k - added_k <= H_k,calm and v_k - added_k <= 0.
    """
    inner = evaluator.inner
    first = first_stage(inner, evaluator.curve, budget, levers=evaluator.levers)
    stages = two_stage(first, evaluator.compiled, inner, evaluator.options.alpha, evaluator.options.beta)
    base, added, copies = stages.program, stages.columns("added"), len(outputs)
    matrix, lower, upper, column_upper = _copy(evaluator)
    width, own = len(base.cost), len(column_upper)
    joins = sparse.csr_array(
        (np.full(2 * len(added), -1.0), (np.arange(-2 * len(added), 0) + len(lower), np.tile(added, 2))),
        shape=(len(lower), width),
    )
    padding = sparse.csr_array((len(base.row_lower), copies * own))
    beside = sparse.hstack([sparse.vstack([joins] * copies), sparse.kron(sparse.eye_array(copies), matrix)])
    program = LinearProgram(
        cost=np.concatenate([base.cost, np.zeros(copies * own)]),
        matrix=sparse.csr_array(sparse.vstack([sparse.hstack([base.matrix, padding]), beside])),
        row_lower=np.concatenate([base.row_lower, np.tile(lower, copies)]),
        row_upper=np.concatenate([base.row_upper, np.tile(upper, copies)]),
        column_lower=np.concatenate([base.column_lower, np.zeros(copies * own)]),
        column_upper=np.concatenate([base.column_upper, np.tile(column_upper, copies)]),
    )
    reward = np.zeros((copies + 2, len(program.cost)))
    reward[0] = -program.cost
    for n, output in enumerate(outputs):
        reward[n + 1, width + n * own : width + (n + 1) * own] = _reward(output)
    reward[-1, added] = 1.0
    constant = np.zeros(len(reward))
    constant[0] = evaluator.none.risk * OBJECTIVE
    return Weighing(program, reward, constant, stages.columns("x"))


def _copy(evaluator: Evaluator) -> tuple[sparse.csr_array, Array, Array, Array]:
    """Matrix, row bounds and column upper bounds of one output's recourse; its last rows are those of y and v."""
    inner, count = evaluator.inner, len(evaluator.inner.segments)
    lower, upper = _calm_rows(inner.demand)
    eye, none = sparse.eye_array(count, format="csr"), sparse.csr_array((count, count))
    outputs = [sparse.hstack([eye, none, none]), sparse.hstack([none, none, eye])]
    return (
        sparse.csr_array(sparse.vstack([_calm(inner.inputs), *outputs])),
        np.concatenate([lower, np.full(2 * count, -np.inf)]),
        np.concatenate([upper, inner.home[inner.calm_phase], np.zeros(count)]),
        _calm_columns(inner),
    )


def _calm(inputs: sparse.csr_array) -> sparse.csr_array:
    """Rows of one output's recourse in calm over its columns y, m and v (output of added capacity).

    y_k + m_k - sum_l a_kl y_l >= d_k    balance: all final demand is met, and every output has its inputs
    v_k - y_k <= 0
    """
    eye = sparse.eye_array(inputs.shape[0], format="csr")
    none = sparse.csr_array(inputs.shape)
    return sparse.csr_array(
        sparse.vstack([sparse.hstack([net_supply(inputs), none]), sparse.hstack([-eye, none, eye])])
    )


def _calm_rows(demand: Array) -> tuple[Array, Array]:
    """Lower and upper bounds of the rows of `_calm`."""
    free = np.full(len(demand), np.inf)
    return np.concatenate([demand, -free]), np.concatenate([free, np.zeros(len(demand))])


def _calm_columns(inner: ChainNumbers) -> Array:
    """Upper bounds of y, m and v: m_k <= F_k,calm; capacity bounds y and v."""
    free = np.full(len(inner.segments), np.inf)
    return np.concatenate([free, inner.foreign[inner.calm_phase], free])


def _reward(output: Output) -> Array:
    """sum_k base_k (y_k - v_k) + added_k v_k over the columns y, m and v."""
    return np.concatenate([output.base, np.zeros_like(output.base), output.added - output.base])
