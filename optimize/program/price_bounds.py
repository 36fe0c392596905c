"""How high the price of a segment can be in a disruption: proven bounds for the attacker's program.

For given cuts c the least loss is, by linear programming duality (program/cut_model.py),

    L(c) = max over pi >= 0 of  sum_n d_n min(pi_k(n), w_n) - H_k rho_k - S_k pi_k - F_k(c) pi_k
    rho_l = max(0, pi_l - q_l),   q_l = sum_k (a_kl - b_kl) pi_k + b_kl min(pi_k, kappa_kl)

with uses n of segments k(n), stock S, and b_kl = sigma_kl a_kl, the input that can be done without at a loss of
kappa_kl. q_l, what a unit of output pays for its inputs, rises with every price, is concave, and 0 where all prices
are 0. Some optimal pi is at most U_k, whichever at most n cuts are made. Let W = sum_n w_n d_n, and w_k the largest
weight of a use of k with demand (0 without one).

**Dead segments.** A segment is dead if all its imports are cut, it has no stock and its home production is shut;
home production is shut if there is none (H_k = 0) or if another segment that it uses and cannot wholly do without
(b < a) is dead. Then it delivers nothing in any feasible recourse: of a dead k, users l can only have sum_l (a_kl -
b_kl) y_l <= 0. So H may be taken as 0 where home production is shut. L(c) stays the same; H means that from here
on.

**Supply.** Let y + m + s + f - A y >= t e_k with 0 <= y <= H, 0 <= m <= F(c), 0 <= s <= S and 0 <= f_kl <= b_kl y_l:
what is left can deliver t of segment k, net of inputs. With phi_kl = max(0, pi_k - kappa_kl) every optimal pi has
rho_l >= pi_l - sum_k a_kl pi_k + sum_k b_kl phi_kl and pi_k <= kappa_kl + phi_kl, so

    t pi_k <= pi'(y + m + s + f - A y) <= sum_l H_l rho_l + sum_k (S_k + F_k(c)) pi_k + sum kappa f <= W + sum kappa f

Two such t are good for every c: the solution of a linear program in which each F_k loses its n largest suppliers and
nothing is done without (`deliverable`), so pi_k <= W / t; and, for segments that are not dead, one in closed form
(`smallest`), in which inputs that can wholly be done without may be: pi_k <= W / t + sum kappa_jl a_jl B_lk over these.

**Users.** Of the optimal pi take one with the least sum. Call l a successor of k if H_l > 0, pi_l >= q_l, and q_l
falls when pi_k does: a_kl > b_kl, or a_kl > 0 and pi_k <= kappa_kl. From every k with pi_k > 0 a path of successors
leads to a t with pi_t <= w_n for a use n of it with demand. Else let S be all the segments from which none does,
and lower their prices by a small common fraction. No d_n min(pi_t, w_n) changes in S; no S_k pi_k and no F_k pi_k
grows; no rho_l of S grows, since pi_l falls by at least as much as q_l (concave, and 0 at 0) or stays below it; and
a user l outside S whose H_l rho_l grew would be a successor of a member of S, which would put that member outside
S. So the objective does not fall while the sum of pi does: a contradiction. From k to its successor l, (a - b) pi_k
+ b min(pi_k, kappa) <= q_l <= pi_l <= U_l, which bounds pi_k by `_through`; and a path needs no segment twice. A
dead segment has only successors that can wholly do without it: then pi_k <= min(kappa_kl, U_l / a_kl).

Together, with t_k and the sum as above, E_k the largest bound through users that can wholly do without k,

    U_k = min(max(w_k, E_k, W / t_k + sum kappa a B), max(w_k, max over users l with H_l > 0 of the bound through l))
"""

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

import numpy as np
import numpy.typing as npt
from scipy import sparse

from chains.numbers import Array, ChainNumbers, Positions
from chains.numbers.parts.substitution import Substitution
from optimize.program.net_supply import net_supply
from optimize.solver.linear import LinearProgram, Solver
from optimize.tolerances import DELIVERY_MARGIN

__all__ = ["Attack", "deliverable", "groups", "price_bounds", "smallest"]


@dataclass(frozen=True)
class Attack:
    """What an attacker faces, in inner units: H[k] with subsidies, f[j, k] by possible cut j (surged), at most n cuts.

    No two possible cuts take the same supply, and none takes supply at home. `stock` is S[k]. Of the stored input
    coefficients, `without` [entry] is b and `penalty` [entry] kappa.
    """

    numbers: ChainNumbers
    home: Array
    foreign: Array
    stock: Array
    most: int

    @cached_property
    def without(self) -> Array:
        """b_kl of every stored input coefficient, in their order: what can be done without per unit of output."""
        return self._of_entries("dispensed")

    @cached_property
    def penalty(self) -> Array:
        """kappa_kl of every stored input coefficient: loss per unit done without."""
        return self._of_entries("penalty")

    def _of_entries(self, name: str) -> Array:
        whole = np.zeros(len(self.numbers.inputs.data))
        substitution = self.numbers.part(Substitution)
        if substitution is not None:
            whole[substitution.entry] = getattr(substitution, name)
        return whole

    @cached_property
    def wholly(self) -> npt.NDArray[np.bool_]:
        """Which stored input coefficients can wholly be done without."""
        return np.asarray((self.without >= self.numbers.inputs.data) & (self.numbers.inputs.data > 0))


def deliverable(attack: Attack) -> Array:
    """The most that can be delivered of each segment alone, net of inputs, whichever n cuts are made (0 if nothing).

    max t  subject to  y_i - sum_l a_il y_l + m_i >= t [i = k],  y <= H,  m_i <= S_i + sum of all but the n largest f_ji
    """
    count = len(attack.home)
    left = attack.stock + np.sort(attack.foreign, axis=0)[: max(len(attack.foreign) - attack.most, 0)].sum(axis=0)
    eye = sparse.eye_array(count, format="csc")
    balance = net_supply(attack.numbers.inputs)
    delivered = np.zeros(count)
    for k in range(count):
        program = LinearProgram(
            cost=np.append(np.zeros(2 * count), -1.0),
            matrix=sparse.csr_array(sparse.hstack([balance, -eye[:, [k]]])),
            row_lower=np.zeros(count),
            row_upper=np.full(count, np.inf),
            column_lower=np.zeros(2 * count + 1),
            column_upper=np.concatenate([attack.home, left, [np.inf]]),
        )
        delivered[k] = -Solver(program).solve().objective
    return np.maximum(delivered - DELIVERY_MARGIN, 0.0)


def smallest(attack: Attack) -> tuple[Array, Array]:
    """What can be delivered of each segment whenever it is not dead: t_k = min over i of g_i / B_ik, B = (I - A)^-1.

    g_i is the smallest source of segment i: the least of H_i, S_i and the f_ji that are not 0. A segment that is
    not dead has an import left, or stock, or home production all of whose inputs are not dead or can wholly be done
    without. Take each segment's import, else its stock, else its home production, so as to deliver t of k: no
    segment makes or imports more than t B_ik (fewer segments make their inputs at home than in B, and B is the sum
    of the powers of A), which its source allows if t B_ik <= g_i. A segment without any source is not needed, for
    whatever needs it is shut. 0 where A is not productive (B is not all >= 0). Also sum kappa_jl a_jl B_lk over the
    inputs that can wholly be done without.
    """
    sources = np.vstack([attack.home, attack.stock, attack.foreign])
    source = np.min(sources, axis=0, where=sources > 0, initial=np.inf)
    count, inputs = len(source), attack.numbers.inputs
    nothing = np.zeros(count), np.zeros(count)
    try:
        total = np.linalg.inv(np.eye(count) - inputs.toarray())
    except np.linalg.LinAlgError:
        return nothing
    if total.min() < -1e-12:
        return nothing
    needed = total > 0
    share = np.divide(source[:, None], total, out=np.full((count, count), np.inf), where=needed)
    cost = np.bincount(inputs.indices, np.where(attack.wholly, attack.penalty * inputs.data, 0.0), count)
    return np.where(np.isfinite(least := share.min(axis=0)), least, 0.0), np.maximum(cost @ total, 0.0)


def price_bounds(attack: Attack, delivered: Array) -> Array:
    """U[k] of the module's proof; `delivered` is `deliverable(attack)`."""
    numbers = attack.numbers
    final = np.zeros(len(numbers.segments))
    np.maximum.at(final, numbers.use_segment, np.where(numbers.use_demand > 0, numbers.weight, 0.0))
    supply = _by_supply(attack, delivered)
    bound = final.copy()
    inputs = numbers.inputs.tocoo()
    used = (inputs.data > 0) & (attack.home[inputs.col] > 0) & (inputs.row != inputs.col)
    segment, user = inputs.row[used], inputs.col[used]
    a, b, kappa = inputs.data[used], attack.without[used], attack.penalty[used]
    wholly = attack.wholly[used]
    for members in reversed(groups(numbers.inputs)):
        inside = np.isin(segment, members)
        for _ in members:
            along = _through(bound[user[inside]], a[inside], b[inside], kappa[inside], wholly[inside])
            through, ends = final.copy(), final.copy()
            np.maximum.at(through, segment[inside], along)
            np.maximum.at(ends, segment[inside], np.where(wholly[inside], along, 0.0))
            bound[members] = np.minimum(through, np.maximum(supply, ends))[members]
    return bound


def _by_supply(attack: Attack, delivered: Array) -> Array:
    """W / t_k, the bound on the price of segments that are not dead; infinite where no t_k is known."""
    least, penalties = smallest(attack)
    weighted = attack.numbers.weighted_demand
    unbounded = np.full(len(least), np.inf)
    whole = np.divide(weighted, delivered, out=unbounded.copy(), where=delivered > 0)
    other = np.divide(weighted, least, out=unbounded, where=least > 0) + penalties
    return np.asarray(np.minimum(whole, other))


def _through(bound: Array, a: Array, b: Array, kappa: Array, wholly: npt.NDArray[np.bool_]) -> Array:
    """The largest pi_k with (a - b) pi_k + b min(pi_k, kappa) <= U_l; at most kappa where a = b."""
    all_paid = bound / a
    rest = np.divide(bound - b * kappa, a - b, out=all_paid.copy(), where=~wholly)
    return np.where(wholly, np.minimum(kappa, all_paid), np.where(bound <= a * kappa, all_paid, rest))


def groups(inputs: sparse.csr_array) -> list[Positions]:
    """Segments in groups that use each other, directly or not; every group comes before those that use it."""
    from scipy.sparse.csgraph import connected_components

    _, group = connected_components(inputs, connection="strong")
    arcs = inputs.tocoo()
    before: dict[int, set[int]] = {int(own): set() for own in group}
    for own, other in zip(group[arcs.row], group[arcs.col], strict=True):
        if own != other:
            before[int(other)].add(int(own))
    return [np.flatnonzero(group == own) for own in TopologicalSorter(before).static_order()]
