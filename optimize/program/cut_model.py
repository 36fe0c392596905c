"""The attacker's program: the cuts whose least loss is largest, as one mixed-integer linear program.

The attacker chooses cuts, the chain then makes the best of what is left (program/recourse.py). With pi_k the price
(dual) of the balance of segment k, the other duals of the recourse have a closed form, so by linear programming
duality its least loss is

    L(c) = max over pi >= 0 of  sum_n d_n min(pi_k(n), w_n) - H_k rho_k - S_k pi_k - F_k(c) pi_k
    rho_l = max(0, pi_l - sum_k a_kl pi_k + sum_k sigma_kl a_kl phi_kl)               rent of home capacity
    phi_kl = max(0, pi_k - kappa_kl)                             what it is worth to do without, beyond its loss
    F_k(c) = sum_j f_jk (1 - c_j)                                       f_jk: supply of k from j, with its surge

and the largest loss over cuts is a single maximum. Home production that is shut by a dead input delivers nothing, so
its capacity counts as 0. Both products, pi_k (1 - c_j) and rho_l (1 - shut_l), are linearised with the proven bounds
U_k of program/price_bounds.py, where dead and shut are defined.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import highspy
import numpy as np
import pyomo.core as pyo

from chains.numbers import Array
from optimize.program.compiling import compile_model
from optimize.program.price_bounds import Attack, deliverable, groups, price_bounds
from optimize.solver.linear import LinearProgram, NotOptimalError, pass_model
from optimize.solver.silent import new_highs

__all__ = ["Attacker", "attack_model"]

COLUMNS = ("cut", "price", "valued", "rent", "spared", "kept", "dead", "shut")
_OPTIONS = {
    "threads": 1,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-9,
}


def attack_model(attack: Attack) -> pyo.ConcreteModel:
    """The attacker's program. Minimises minus the loss.

    Variables: cut[j] (0 or 1), price pi[k] of the balance, valued[n] = min(pi_k, w_n), rent[l] = rho_l of home
    capacity unless it is shut, spared[e] = phi_kl, kept[j, k] = pi_k (1 - c_j).
    """
    numbers = attack.numbers
    delivered = deliverable(attack)
    bound = price_bounds(attack, delivered)
    model = pyo.ConcreteModel()
    model.J = pyo.RangeSet(0, len(attack.foreign) - 1)
    model.K = pyo.RangeSet(0, len(attack.home) - 1)
    model.JK = pyo.Set(initialize=[(int(j), int(k)) for j, k in np.argwhere(attack.foreign > 0)])
    model.cut = pyo.Var(model.J, within=pyo.Binary)
    model.price = pyo.Var(model.K, bounds=lambda _, k: (0.0, float(bound[k])))
    model.N = pyo.RangeSet(0, len(numbers.use_segment) - 1)
    model.valued = pyo.Var(model.N, bounds=lambda _, n: (0.0, float(numbers.weight[n])))
    model.rent = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.kept = pyo.Var(model.JK, within=pyo.NonNegativeReals)
    model.uses = _uses(attack)
    _add_shutdowns(model, attack, delivered)

    @model.Constraint(model.N, doc="valued_n <= pi_k(n)")
    def valued_at_most_price(model: pyo.ConcreteModel, n: int) -> object:
        return model.valued[n] - model.price[int(numbers.use_segment[n])] <= 0

    spared = _spare(model, attack)

    @model.Constraint(model.K, doc="rho_l >= pi_l - sum_k a_kl pi_k + sum_k sigma_kl a_kl phi_kl - U_l shut_l")
    def rent_of_capacity(model: pyo.ConcreteModel, l: int) -> object:
        paid = sum(use.coefficient * model.price[use.segment] for use in model.uses[l]) - spared.get(l, 0)
        return model.rent[l] - model.price[l] + paid + float(bound[l]) * model.shut[l, model.rounds[l]] >= 0

    @model.Constraint(model.JK, doc="kept_jk >= pi_k - U_k c_j")
    def kept_unless_cut(model: pyo.ConcreteModel, j: int, k: int) -> object:
        return model.kept[j, k] - model.price[k] + float(bound[k]) * model.cut[j] >= 0

    model.at_most = pyo.Constraint(expr=sum(model.cut[j] for j in model.J) <= attack.most, doc="sum_j c_j <= n")
    loss = sum(float(numbers.use_demand[n]) * model.valued[n] for n in model.N)
    loss -= sum(float(attack.home[k]) * model.rent[k] + float(attack.stock[k]) * model.price[k] for k in model.K)
    loss -= sum(float(attack.foreign[j, k]) * model.kept[j, k] for j, k in model.JK)
    model.avoided = pyo.Objective(
        expr=-loss, doc="-(sum_n d_n valued_n - sum_k H_k rho_k - sum_k S_k pi_k - sum_jk f_jk kept_jk)"
    )
    return model


def _spare(model: Any, attack: Attack) -> dict[int, Any]:
    """Phi of every input that can partly be done without, and sum_k sigma_kl a_kl phi_kl by user l."""
    entries = np.flatnonzero(attack.without > 0)
    model.E = pyo.RangeSet(0, len(entries) - 1)
    model.spared = pyo.Var(model.E, within=pyo.NonNegativeReals)
    inputs = attack.numbers.inputs.tocoo()

    @model.Constraint(model.E, doc="phi_kl >= pi_k - kappa_kl")
    def worth(model: pyo.ConcreteModel, e: int) -> object:
        at = entries[e]
        return model.spared[e] - model.price[int(inputs.row[at])] >= -float(attack.penalty[at])

    by_user: dict[int, Any] = {}
    for e, at in enumerate(entries):
        user = int(inputs.col[at])
        by_user[user] = by_user.get(user, 0) + float(attack.without[at]) * model.spared[e]
    return by_user


class _Use(NamedTuple):
    """An input of a user: a_kl, and whether it can wholly be done without."""

    segment: int
    coefficient: float
    wholly: bool


def _uses(attack: Attack) -> dict[int, list[_Use]]:
    """Inputs by user, in order of the inputs."""
    inputs = attack.numbers.inputs.tocoo()
    uses: dict[int, list[_Use]] = {l: [] for l in range(len(attack.home))}
    for k, l, a, wholly in zip(inputs.row, inputs.col, inputs.data, attack.wholly, strict=True):
        uses[int(l)].append(_Use(int(k), float(a), bool(wholly)))
    return uses


def _add_shutdowns(model: pyo.ConcreteModel, attack: Attack, delivered: Array) -> None:
    """Which segments are dead and whose home production is shut, given the cuts (upper bounds; the attacker gains).

    Segments that use each other could keep each other dead for no reason. So within a group of them dead[k, r] is what
    has died after r rounds, r = 1, ..., size of the group, and each round goes by what died in the round before.
    """
    group = {int(k): number for number, members in enumerate(groups(attack.numbers.inputs)) for k in members}
    sizes = np.bincount(list(group.values()))
    model.rounds = {k: int(sizes[group[k]]) for k in model.K}
    model.KR = pyo.Set(initialize=[(k, r) for k in model.K for r in range(1, model.rounds[k] + 1)])
    lives = (delivered > 0) | (attack.stock > 0)
    model.dead = pyo.Var(model.KR, bounds=lambda _, k, r: (0.0, 0.0 if lives[k] else 1.0))
    model.shut = pyo.Var(model.KR, bounds=(0.0, 1.0))

    @model.Constraint(model.JK, range(1, int(sizes.max()) + 1), doc="dead_kr <= c_j")
    def dead_if_cut(model: pyo.ConcreteModel, j: int, k: int, r: int) -> object:
        return model.dead[k, r] - model.cut[j] <= 0 if r <= model.rounds[k] else pyo.Constraint.Skip

    @model.Constraint(model.KR, doc="dead_kr <= shut_kr")
    def dead_if_shut(model: pyo.ConcreteModel, k: int, r: int) -> object:
        return model.dead[k, r] - model.shut[k, r] <= 0

    @model.Constraint(
        model.KR,
        doc="shut_lr <= sum of dead_k over other segments k that l uses and cannot wholly do without [H_l > 0]",
    )
    def shut_if_input_is_dead(model: pyo.ConcreteModel, l: int, r: int) -> object:
        if attack.home[l] <= 0:
            return pyo.Constraint.Skip
        others = [use.segment for use in model.uses[l] if use.segment != l and use.coefficient > 0 and not use.wholly]
        near = [model.dead[k, r - 1] for k in others if group[k] == group[l] and r > 1]
        far = [model.dead[k, model.rounds[k]] for k in others if group[k] != group[l]]
        return model.shut[l, r] - sum(near) - sum(far) <= 0


class Attacker:
    """The attacker's program in HiGHS, which is asked for no gap at all."""

    def __init__(self, attack: Attack) -> None:
        compiled = compile_model(attack_model(attack), COLUMNS)
        self._cuts = np.arange(len(attack.foreign)) + compiled.groups["cut"].start
        self._highs = new_highs(_OPTIONS)
        program = LinearProgram(
            cost=compiled.costs["avoided"],
            matrix=compiled.matrix,
            row_lower=compiled.row_lower,
            row_upper=compiled.row_upper,
            column_lower=compiled.column_lower,
            column_upper=compiled.column_upper,
        )
        pass_model(self._highs, program, integral=self._cuts)

    def solve(self) -> tuple[list[int], float]:
        """Positions of the worst cuts, and the proven upper bound of the loss of any, in inner units.

        NotOptimalError unless HiGHS proves optimality.
        """
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotOptimalError(self._highs.modelStatusToString(status))
        made = np.array(self._highs.getSolution().col_value)[self._cuts] > 0.5
        return [int(j) for j in np.flatnonzero(made)], -float(self._highs.getInfo().mip_dual_bound)

    def exclude(self, cuts: Sequence[int]) -> None:
        """Leave out every set that contains all of these cuts: sum of their c_j <= their number - 1."""
        at = self._cuts[list(cuts)].astype(np.int32)
        self._highs.addRow(-highspy.kHighsInf, len(cuts) - 1.0, len(cuts), at, np.ones(len(cuts)))
