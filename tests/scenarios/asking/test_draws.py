"""The points of a design that a task solves: what stands in another design is not solved again."""

import numpy as np

from chains.drawing.uncertain import Factor, Uncertain
from scenarios.asking.draws import points_of

NUMBERS = Uncertain(tuple(Factor(name, "response", n, 0.0, 0.5, 1.0, "assumed", "") for n, name in enumerate("abcd")))


def test_two_designs_of_shares_have_their_ends_in_common() -> None:
    """Blocks of the second, whose ends are left out, are whole with those of the first."""
    one = {"kind": "sobol", "alone": ["a", "b"], "ends": True, "count": 8, "seed": 5}
    other = {"kind": "sobol", "alone": {"a": "x", "c": "x", "d": "y"}, "count": 8, "seed": 5}
    first = points_of(NUMBERS, one).reshape(8, 5, 4)  # a, b, all others, and two
    within = points_of(NUMBERS, {**other, "ends": False}).reshape(8, 3, 4)  # x, y, all others
    whole = points_of(NUMBERS, {**other, "ends": True})
    assert np.array_equal(np.concatenate([first[:, :1], within, first[:, -1:]], axis=1).reshape(-1, 4), whole)
