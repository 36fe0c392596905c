"""How high the price of a segment can be in a disruption: proven bounds for the attacker's program.

For given cuts c the least loss is, by linear programming duality (program/cut_model.py),

    L(c) = max over pi >= 0 of  sum_k d_k min(pi_k, w_k) - H_k rho_k - F_k(c) pi_k
    rho_l = max(0, pi_l - sum_k a_kl pi_k)

Some optimal pi is at most U_k, whichever at most n cuts are made. Let W = sum_k w_k d_k.

**Dead segments.** A segment is dead if all its imports are cut and its home production is shut; home production is
shut if there is none (H_k = 0) or if another segment that it uses is dead. Then it delivers nothing in any feasible
recourse, so H may be taken as 0 where home production is shut. L(c) stays the same; H means that from here on.

**Supply.** Let (I - A) y + m >= s e_k with 0 <= y <= H and 0 <= m <= F(c): what is left can deliver s of segment k,
net of inputs. Since rho_l >= pi_l - sum_k a_kl pi_k and y, m >= 0, every optimal pi satisfies

    s pi_k <= pi' (I - A) y + pi' m <= sum_l H_l rho_l + sum_k F_k(c) pi_k = sum_k d_k min(pi_k, w_k) - L(c) <= W

so pi_k <= W / s. Two such s are good for every c: the solution of a linear program in which each F_k loses its n
largest suppliers (`deliverable`), and, for segments that are not dead, one in closed form (`smallest`).

**Users.** Of the optimal pi take one with the least sum. Call l a successor of k if a_kl > 0, H_l > 0 and pi_l >=
sum_j a_jl pi_j. From every k with pi_k > 0 a path of successors leads to a t with pi_t <= w_t and d_t > 0. Else let S
be all the segments from which none does, and lower their prices by a small common fraction. No d_t min(pi_t, w_t)
changes in S (d_t = 0 or pi_t > w_t); no F_k pi_k grows; no rho_l of S grows, since pi_l falls by at least as much as
its inputs or stays below them; and a user l outside S whose H_l rho_l grew would be a successor of a member of S,
which would put that member outside S. So the objective does not fall while the sum of pi does: a contradiction.
Along a path pi_k <= pi_l / a_kl, and a path needs no segment twice. A dead segment has no successor, for the home
production of all its users is shut: its price is at most w_k [d_k > 0].

Together, with s_k the larger of the two,

    U_k = min(max(w_k [d_k > 0], W / s_k), max(w_k [d_k > 0], max over users l with H_l > 0 of U_l / a_kl))
"""

from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from scipy import sparse

from chains.numbers import Array, ChainNumbers, Positions
from optimize.solver.linear import LinearProgram, Solver

__all__ = ["Attack", "deliverable", "groups", "price_bounds", "smallest"]

_MARGIN = 1e-6
"""Taken off what can be delivered, which is itself solved to 1e-9 (inner units: 1e-9 of final demand)."""


@dataclass(frozen=True)
class Attack:
    """What an attacker faces, in inner units: H[k] with subsidies, f[j, k] by possible cut j (surged), at most n cuts.

    No two possible cuts take the same supply, and none takes supply at home.
    """

    numbers: ChainNumbers
    home: Array
    foreign: Array
    most: int


def deliverable(attack: Attack) -> Array:
    """The most that can be delivered of each segment alone, net of inputs, whichever n cuts are made (0 if nothing).

    max s  subject to  y_i - sum_l a_il y_l + m_i >= s [i = k],  y <= H,  m_i <= sum of all but the n largest f_ji
    """
    count = len(attack.home)
    left = np.sort(attack.foreign, axis=0)[: max(len(attack.foreign) - attack.most, 0)].sum(axis=0)
    eye = sparse.eye_array(count, format="csc")
    balance = sparse.hstack([eye - attack.numbers.inputs, eye])
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
    return np.maximum(delivered - _MARGIN, 0.0)


def smallest(attack: Attack) -> Array:
    """What can be delivered of each segment whenever it is not dead: min over i of g_i / B_ik, B = (I - A)^-1.

    g_i is the smallest source of segment i: the least of H_i and the f_ji that are not 0. A segment that is not dead
    has an import left, or home production all of whose inputs are not dead. Take each segment's import, else its home
    production, so as to deliver s of k: no segment makes or imports more than s B_ik (fewer segments make their
    inputs at home than in B, and B is the sum of the powers of A), which its source allows if s B_ik <= g_i. A segment
    without any source is not needed, for whatever needs it is shut. 0 where A is not productive (B is not all >= 0).
    """
    sources = np.vstack([attack.home, attack.foreign])
    source = np.min(sources, axis=0, where=sources > 0, initial=np.inf)
    count = len(source)
    try:
        total = np.linalg.inv(np.eye(count) - attack.numbers.inputs.toarray())
    except np.linalg.LinAlgError:
        return np.zeros(count)
    if total.min() < -1e-12:
        return np.zeros(count)
    needed = total > 0
    share = np.divide(source[:, None], total, out=np.full((count, count), np.inf), where=needed)
    return np.where(np.isfinite(least := share.min(axis=0)), least, 0.0)


def price_bounds(attack: Attack, delivered: Array) -> Array:
    """U[k] of the module's proof; `delivered` is `deliverable(attack)`."""
    numbers = attack.numbers
    final = np.where(numbers.demand > 0, numbers.weight, 0.0)
    source = np.maximum(delivered, smallest(attack))
    supply = np.divide(numbers.weighted_demand, source, out=np.full(len(source), np.inf), where=source > 0)
    supply = np.maximum(supply, final)
    bound = final.copy()
    inputs = numbers.inputs.tocoo()
    used = (inputs.data > 0) & (attack.home[inputs.col] > 0) & (inputs.row != inputs.col)
    segment, user, coefficient = inputs.row[used], inputs.col[used], inputs.data[used]
    for members in reversed(groups(numbers.inputs)):
        inside = np.isin(segment, members)
        for _ in members:
            through = final.copy()
            np.maximum.at(through, segment[inside], bound[user[inside]] / coefficient[inside])
            bound[members] = np.minimum(through, supply)[members]
    return bound


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
