"""Calm must balance: with no disruption and no subsidies, all final demand is met."""

import numpy as np
from scipy import sparse

from chains import Chain, InputError
from chains.numbers import Array, ChainNumbers, of_scenarios
from chains.tables.problems import Problem
from optimize.program.blocks import Block
from optimize.program.cache import CompiledRecourse
from optimize.program.net_supply import net_supply
from optimize.program.two_stage import given_blocks, recourse_program
from optimize.solver.linear import LinearProgram, Solver, within
from optimize.solving.units import OBJECTIVE, Units
from optimize.tolerances import BALANCED, EXACT_SUPPLY

__all__ = ["check_balance", "check_calm", "least_output"]

ROUNDS = 200
"""Rounds of inputs of inputs after which calm is solved instead."""


def check_calm(chain: Chain, inner: ChainNumbers, units: Units, loss: float) -> None:
    """InputError naming the segments whose supply falls short in calm, and by how much, if `loss` is not 0."""
    if loss <= BALANCED:
        return
    short = _shortages(inner) * units.money
    problems = [
        Problem(
            "supply.csv",
            0,
            "value",
            f"calm does not balance: segment '{inner.segments[k]}' is short of {short[k]:.6g} {chain.unit}",
            "raise its supply, or lower the final demand and input coefficients that draw on it",
        )
        for k in np.flatnonzero(short > BALANCED * units.money)
    ]
    if not problems:
        wrong = f"calm does not balance: it loses a share of {loss:.3g} of final demand, though supply meets all need"
        problems.append(Problem(chain.name, 0, "", wrong, "take back what asks for more, or leaves less, in calm"))
    raise InputError(problems)


def check_balance(chain: Chain, compiled: CompiledRecourse, inner: ChainNumbers, units: Units) -> None:
    """InputError as `check_calm` gives it, from the compiled recourse; solves calm alone, if at all."""
    (calm,) = given_blocks(compiled, of_scenarios(inner, slice(inner.calm, None)))
    output = least_output(inner)
    if output is None or not _loses_nothing(calm.block, inner, output):
        program = recourse_program([calm.block])
        check_calm(chain, inner, units, Solver(program).solve().objective / OBJECTIVE)


def _loses_nothing(calm: Block, inner: ChainNumbers, output: Array) -> bool:
    """Whether the program itself has no loss in calm at this home output where all is imported that can be."""
    values = np.zeros(calm.own.shape[1])
    values[calm.groups["y"]], values[calm.groups["m"]] = output, inner.foreign[inner.calm_phase]
    return within(calm.row_lower, calm.own @ values, calm.row_upper, EXACT_SUPPLY) and within(
        calm.column_lower, values, calm.column_upper, EXACT_SUPPLY
    )


def least_output(inner: ChainNumbers) -> Array | None:
    """The least home output that meets all need in calm where all is imported that can be; None if there is none.

    y_k <- max(0, d_k - F_k + sum_l a_kl y_l), from y = 0, rises to that output; home supply H must allow it.
    """
    home, need = inner.home[inner.calm_phase], inner.demand - inner.foreign[inner.calm_phase]
    output = np.zeros_like(home)
    for _ in range(ROUNDS):
        asked = np.maximum(need + inner.inputs @ output, 0.0)
        if (asked > home + EXACT_SUPPLY).any():
            return None
        if (asked - output <= EXACT_SUPPLY).all():
            return np.asarray(output)
        output = asked
    return None


def _shortages(inner: ChainNumbers) -> np.ndarray:
    """Least extra supply v[k] with which calm balances.

    min sum_k v_k  subject to  y_k - sum_l a_kl y_l + m_k + v_k >= d_k,  y_k <= H_k,  m_k <= F_k.
    """
    count = len(inner.segments)
    eye = sparse.eye_array(count, format="csr")
    zeros, free = np.zeros(count), np.full(count, np.inf)
    program = LinearProgram(
        cost=np.concatenate([zeros, zeros, np.ones(count)]),
        matrix=sparse.csr_array(sparse.hstack([net_supply(inner.inputs), eye])),
        row_lower=inner.demand,
        row_upper=free,
        column_lower=np.zeros(3 * count),
        column_upper=np.concatenate([inner.home[inner.calm_phase], inner.foreign[inner.calm_phase], free]),
    )
    return Solver(program).solve().values[2 * count :]
