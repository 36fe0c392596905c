"""Scenarios of several numbers of one chain as those of one."""

import numpy as np

from chains.numbers import of_scenarios, side_by_side
from chains.numbers.chain_numbers import ChainNumbers
from chains.numbers.parts.suppliers import Suppliers
from tests.small import Small


def _same(one: ChainNumbers, other: ChainNumbers) -> None:
    assert one.scenarios == other.scenarios
    for name in ("phase_scenario", "disrupted", "probability", "phase_length", "home", "foreign", "observed", "slope"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for part, others in ((one.part(Suppliers), other.part(Suppliers)),):
        assert part is not None
        assert others is not None
        np.testing.assert_array_equal(part.available, others.available)


def test_scenarios_that_were_taken_apart_are_put_together_again(small: Small) -> None:
    """The quake has three phases (an outage and two of recovery), the embargo and calm one each."""
    small.add_structure().append("disruptions.csv", "embargo,,KOR,,0.25,,,reported,book,")
    numbers = small.load().numbers
    assert numbers.phases.tolist() == [3, 1, 1]
    apart = [of_scenarios(numbers, [n]) for n in range(3)]
    _same(side_by_side(apart), numbers)
    turned = side_by_side([apart[2], apart[0], of_scenarios(numbers, [1, 2])])
    _same(turned, of_scenarios(numbers, [2, 0, 1, 2]))
