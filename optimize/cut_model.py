"""The attacker's program: the cuts whose least loss is largest, as one mixed-integer linear program.

The attacker chooses cuts, the chain then makes the best of what is left (optimize/recourse.py). With pi_k the price
(dual) of the balance of segment k, the other duals of the recourse have a closed form, so by linear programming
duality its least loss is

    L(c) = max over pi >= 0 of  sum_k d_k min(pi_k, w_k) - H_k rho_k - F_k(c) pi_k
    rho_l = max(0, pi_l - sum_k a_kl pi_k)                                            rent of home capacity
    F_k(c) = sum_j f_jk (1 - c_j)                                       f_jk: supply of k from j, with its surge

and the largest loss over cuts is a single maximum. Home production that is shut by a dead input delivers nothing, so
its capacity counts as 0. Both products, pi_k (1 - c_j) and rho_l (1 - shut_l), are linearised with the proven bounds
U_k of optimize/price_bounds.py, where dead and shut are defined.
"""

from collections.abc import Sequence

import highspy
import numpy as np
import pyomo.core as pyo

from chains.numbers import Array
from optimize.compiling import compile_model
from optimize.linear import LinearProgram, NotOptimalError, pass_model
from optimize.price_bounds import Attack, deliverable, groups, price_bounds
from optimize.silent import new_highs

__all__ = ["Attacker", "attack_model"]

COLUMNS = ("cut", "price", "valued", "rent", "kept", "dead", "shut")
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

    Variables: cut[j] (0 or 1), price pi[k] of the balance, valued[k] = min(pi_k, w_k), rent[l] = rho_l of home
    capacity unless it is shut, kept[j, k] = pi_k (1 - c_j).
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
    model.valued = pyo.Var(model.K, bounds=lambda _, k: (0.0, float(numbers.weight[k])))
    model.rent = pyo.Var(model.K, within=pyo.NonNegativeReals)
    model.kept = pyo.Var(model.JK, within=pyo.NonNegativeReals)
    _add_shutdowns(model, attack, delivered)

    @model.Constraint(model.K, doc="valued_k <= pi_k")
    def valued_at_most_price(model: pyo.ConcreteModel, k: int) -> object:
        return model.valued[k] - model.price[k] <= 0

    @model.Constraint(model.K, doc="rho_l >= pi_l - sum_k a_kl pi_k - U_l shut_l")
    def rent_of_capacity(model: pyo.ConcreteModel, l: int) -> object:
        paid = sum(a * model.price[k] for k, a in model.uses[l])
        return model.rent[l] - model.price[l] + paid + float(bound[l]) * model.shut[l, model.rounds[l]] >= 0

    @model.Constraint(model.JK, doc="kept_jk >= pi_k - U_k c_j")
    def kept_unless_cut(model: pyo.ConcreteModel, j: int, k: int) -> object:
        return model.kept[j, k] - model.price[k] + float(bound[k]) * model.cut[j] >= 0

    model.at_most = pyo.Constraint(expr=sum(model.cut[j] for j in model.J) <= attack.most, doc="sum_j c_j <= n")
    loss = sum(
        float(numbers.demand[k]) * model.valued[k] - float(attack.home[k]) * model.rent[k] for k in model.K
    ) - sum(float(attack.foreign[j, k]) * model.kept[j, k] for j, k in model.JK)
    model.spared = pyo.Objective(expr=-loss, doc="-(sum_k d_k valued_k - H_k rho_k - sum_jk f_jk kept_jk)")
    return model


def _add_shutdowns(model: pyo.ConcreteModel, attack: Attack, delivered: Array) -> None:
    """Which segments are dead and whose home production is shut, given the cuts (upper bounds; the attacker gains).

    Segments that use each other could keep each other dead for no reason. So within a group of them dead[k, r] is what
    has died after r rounds, r = 1, ..., size of the group, and each round goes by what died in the round before.
    """
    inputs = attack.numbers.inputs.tocsc()
    model.uses = {
        l: [(int(inputs.indices[n]), float(inputs.data[n])) for n in range(inputs.indptr[l], inputs.indptr[l + 1])]
        for l in model.K
    }
    group = {int(k): number for number, members in enumerate(groups(attack.numbers.inputs)) for k in members}
    sizes = np.bincount(list(group.values()))
    model.rounds = {k: int(sizes[group[k]]) for k in model.K}
    model.KR = pyo.Set(initialize=[(k, r) for k in model.K for r in range(1, model.rounds[k] + 1)])
    model.dead = pyo.Var(model.KR, bounds=lambda _, k, r: (0.0, 0.0 if delivered[k] > 0 else 1.0))
    model.shut = pyo.Var(model.KR, bounds=(0.0, 1.0))

    @model.Constraint(model.JK, range(1, int(sizes.max()) + 1), doc="dead_kr <= c_j")
    def dead_if_cut(model: pyo.ConcreteModel, j: int, k: int, r: int) -> object:
        return model.dead[k, r] - model.cut[j] <= 0 if r <= model.rounds[k] else pyo.Constraint.Skip

    @model.Constraint(model.KR, doc="dead_kr <= shut_kr")
    def dead_if_shut(model: pyo.ConcreteModel, k: int, r: int) -> object:
        return model.dead[k, r] - model.shut[k, r] <= 0

    @model.Constraint(model.KR, doc="shut_lr <= sum of dead_k over other segments k that l uses [H_l > 0]")
    def shut_if_input_is_dead(model: pyo.ConcreteModel, l: int, r: int) -> object:
        if attack.home[l] <= 0:
            return pyo.Constraint.Skip
        others = [k for k, a in model.uses[l] if k != l and a > 0]
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
            cost=compiled.costs["spared"],
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
