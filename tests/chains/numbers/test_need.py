"""What calm uses, on the package that is worked by hand in tests/small.py."""

import numpy as np
import pytest
from scipy import sparse

from chains import InputError
from chains.numbers.need import calm_use, leontief
from tests.small import Small


def test_need_is_demand_and_what_home_output_takes(small: Small) -> None:
    # 100 systems, all made at home, take 50 robots; home makes 40 of 50 robots, and its 40 take 16 parts
    chain = small.load()
    assert calm_use(chain.numbers, chain.name) == pytest.approx(np.array([16, 50, 100]))


def test_coefficients_that_use_up_more_than_is_made_are_an_error_that_names_the_chain(small: Small) -> None:
    # a system takes 1.5 robots, of which 4 of 5 are made at home, each of 0.9 systems: 1.5 * 0.8 * 0.9 > 1
    small.edit("inputs.csv", "robot,system,0.5", "robot,system,1.5")
    chain = small.append("inputs.csv", "system,robot,0.9,,,reported,book,").load()
    with pytest.raises(InputError, match=r"^small: home plants would use up more than they make"):
        calm_use(chain.numbers, chain.name)


def test_many_segments_are_solved_as_few_are() -> None:
    """150 segments, each of which takes a half of the one before it: x_k = 1 + x_k-1 / 2 = 2 - 2^-k."""
    count = 150
    used = sparse.csr_array(sparse.diags_array(np.full(count - 1, 0.5), offsets=-1))
    expected = 2.0 - 0.5 ** np.arange(count)
    assert leontief(used)(np.ones(count)) == pytest.approx(expected, rel=1e-14)
    few = sparse.csr_array(used[:20, :20])
    assert leontief(few)(np.ones(20)) == pytest.approx(expected[:20], rel=1e-14)


@pytest.mark.parametrize("count", [3, 150])
def test_segments_that_take_all_of_each_other_have_no_need(count: int) -> None:
    around = sparse.csr_array(np.roll(np.eye(count), 1, axis=0))
    with pytest.raises(np.linalg.LinAlgError):
        leontief(around)(np.ones(count))
