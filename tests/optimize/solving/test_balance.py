"""Calm balances exactly where a linear program written from docs/model.md meets all final demand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from chains import Chain, InputError, load
from chains.numbers import Array, ChainNumbers
from optimize.program.cache import compiled_recourse
from optimize.program.levers import CAPACITY
from optimize.solving.balance import check_balance, least_output
from optimize.solving.units import to_inner
from tests.shipped import STRUCTURE, without


@pytest.fixture(scope="module")
def chips(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """Chips with one phase a scenario and one weight a segment."""
    return load(without(tmp_path_factory.mktemp("plain"), "chips", *STRUCTURE, "loss_weights"))


def balances(chain: Chain, numbers: ChainNumbers) -> bool:
    inner, units = to_inner(numbers)
    try:
        check_balance(chain, compiled_recourse(inner, (CAPACITY,)), inner, units)
    except InputError:
        return False
    return True


def meets_need(numbers: ChainNumbers) -> bool:
    """Whether the least home output meets all need: then nothing is compiled."""
    return least_output(to_inner(numbers)[0]) is not None


def least_loss(numbers: ChainNumbers) -> float:
    """min sum_k w_k u_k  with  y + m + u >= d + A y,  y <= H, m <= F, u <= d: a share of sum_k w_k d_k."""
    inputs, count = numbers.inputs.toarray(), len(numbers.segments)
    eye, zero = np.eye(count), np.zeros(count)
    upper: Array = np.concatenate([numbers.home[numbers.calm], numbers.foreign[numbers.calm], numbers.demand])
    found = linprog(
        np.concatenate([zero, zero, numbers.weight]),
        A_ub=-np.hstack([eye - inputs, eye, eye]),
        b_ub=-numbers.demand,
        bounds=np.column_stack([np.zeros(3 * count), upper]),
    )
    assert found.status == 0
    return float(found.fun / (numbers.weight @ numbers.demand))


SHARES = st.lists(st.sampled_from([0.0, 0.5, 0.9, 1.0, 1.1, 2.0]), min_size=14, max_size=14)


@pytest.mark.slow
@given(home=SHARES, foreign=SHARES, use=st.sampled_from([0.0, 0.5, 1.0, 1.5]))
def test_calm_balances_where_a_linear_program_meets_all_demand(
    chips: Chain, home: list[float], foreign: list[float], use: float
) -> None:
    """Segments with too little home supply, imports in their place, less of both than is needed."""
    numbers = chips.numbers
    inputs = sparse.csr_array(numbers.inputs * use)
    changed = replace(numbers, home=numbers.home * home, foreign=numbers.foreign * foreign, inputs=inputs)
    enough = least_loss(changed) <= 1e-9
    assert balances(chips, changed) == enough
    assert enough or not meets_need(changed)


def test_supply_that_is_used_to_the_last_unit_is_enough(chips: Chain) -> None:
    """Home supply y and imports d + A y - y of every segment, so that nothing is left and nothing is short."""
    numbers, output = chips.numbers, chips.numbers.demand * 0.4
    imports = numbers.demand + numbers.inputs @ output - output
    assert (imports >= 0).all()
    home, foreign = numbers.home.copy(), numbers.foreign.copy()
    home[numbers.calm], foreign[numbers.calm] = output, imports
    whole = replace(numbers, home=home, foreign=foreign)
    assert balances(chips, whole)
    assert meets_need(whole)
    foreign[numbers.calm, 0] *= 1.0 - 1e-6
    short = replace(numbers, home=home, foreign=foreign)
    assert least_loss(short) > 1e-9
    assert not balances(chips, short)
    assert not meets_need(short)
