"""What is used of each segment in a calm year: final demand, and what the home output of its users takes."""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from chains.numbers.chain_numbers import ChainNumbers
from chains.numbers.quantities import Array
from chains.tables.problems import InputError

__all__ = ["calm_need", "calm_use", "leontief"]


def calm_use(numbers: ChainNumbers, name: str) -> Array:
    """Need t[k] of a chain in calm, money per year (`calm_need`); `name` is the chain's, for errors."""
    home, foreign = numbers.home[numbers.calm_phase], numbers.foreign[numbers.calm_phase]
    return calm_need(numbers.inputs, home, home + foreign, numbers.demand, name)


def calm_need(inputs: sparse.csr_array, home: Array, total: Array, demand: Array, name: str) -> Array:
    """t[k] = d_k + sum_l a_kl h_l t_l, money per year, with h = home / total the home share of supply.

    Leontief's quantity model with imports, each need met by home and foreign supply in the proportion in which they
    stand (Miller and Blair, Input-Output Analysis, 2nd edition, Cambridge 2009, chapter 2). InputError with this
    `name` where the coefficients are not productive (Hawkins and Simon, Econometrica 17, 1949).
    """
    share = np.divide(home, total, out=np.zeros_like(total), where=total > 0)
    used = sparse.csr_array((inputs.data * share[inputs.indices], inputs.indices, inputs.indptr), shape=inputs.shape)
    need = _solve(used, demand)
    if need is None:
        wrong = "home plants would use up more than they make: no supply balances calm"
        raise InputError.single(name, wrong, "lower the input coefficients, or the high of their ranges")
    return need


def _solve(used: sparse.csr_array, right: Array) -> Array | None:
    """Solution of (I - used) @ need = right where the matrix is a nonsingular M-matrix, else None.

    I - B with B >= 0 is one exactly if (I - B) x = 1 has a solution x >= 0 (Berman and Plemmons, Nonnegative Matrices
    in the Mathematical Sciences, 1979, chapter 6).
    """
    try:
        solved = leontief(used)(np.column_stack([right, np.ones_like(right)]))
    except np.linalg.LinAlgError:  # singular
        return None
    return None if (solved[:, 1] <= 0).any() else np.maximum(solved[:, 0], 0.0)


_DENSE = 100
"""Segments up to which dense arrays are faster; BLAS takes one thread for them, so the bits are always the same."""


def leontief(used: sparse.csr_array) -> Callable[[Array], Array]:
    """What solves (I - used) @ x = right for x. LinAlgError, then or when it is called, where that is singular."""
    if used.shape[0] <= _DENSE:
        matrix = np.eye(used.shape[0]) - used.toarray()
        return lambda right: np.linalg.solve(matrix, right)
    from scipy.sparse.linalg import splu  # a tenth of a second that small chains do not need

    try:
        solve: Callable[[Array], Array] = splu(sparse.csc_array(sparse.eye_array(used.shape[0]) - used)).solve
    except RuntimeError as error:
        raise np.linalg.LinAlgError(str(error)) from None
    return solve
