"""One solver that holds program after program answers as a new one would, to the last bit."""

import numpy as np
import pytest
from scipy import sparse

from optimize.solver.linear import LinearProgram, Solver


def drawn(seed: int) -> LinearProgram:
    """min cost @ v  subject to  rows @ v <= upper,  0 <= v <= 5: it has a solution, of any shape."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(2, 30, 2)
    return LinearProgram(
        cost=rng.normal(size=columns),
        matrix=sparse.csr_array(rng.integers(-2, 4, (rows, columns)).astype(float)),
        row_lower=np.full(rows, -np.inf),
        row_upper=rng.uniform(1.0, 9.0, rows),
        column_lower=np.zeros(columns),
        column_upper=np.full(columns, 5.0),
    )


@pytest.mark.parametrize("seed", range(8))
def test_what_was_held_before_leaves_nothing_behind(seed: int) -> None:
    solver = Solver(drawn(100 + seed))
    before = solver.solve()
    solver.start_from(solver.basis)
    solver.next_goal(solver.program.cost, before.objective + 0.1, np.ones_like(before.values))
    solver.start_from(None)
    solver.solve()
    program = drawn(seed)
    solver.hold(program)
    held, fresh = solver.solve(), Solver(program).solve()
    assert held.objective == fresh.objective
    np.testing.assert_array_equal(held.values, fresh.values)
    np.testing.assert_array_equal(held.duals, fresh.duals)
    np.testing.assert_array_equal(solver.program.transposed.toarray(), program.matrix.toarray().T)
