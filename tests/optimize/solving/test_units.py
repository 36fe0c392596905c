"""Inner units: final demand is 1000, and so is all loss, whatever money and weights a package has."""

import pytest

from optimize.solving.units import to_inner
from tests.small import Small


def test_all_loss_is_a_risk_of_one_and_a_thousandth_is_a_thousandth(small: Small) -> None:
    """Demand is 100, of which 60 weigh 2 and 40 weigh 0.5: 140 in all."""
    numbers = small.add_structure("loss_weights.csv").load().numbers
    inner, units = to_inner(numbers)
    assert (units.money, units.weight) == pytest.approx((100 / 1000, 100 / 140), rel=1e-15)
    assert inner.demand.sum() == pytest.approx(1000, rel=1e-15)
    assert units.risk(1000.0, numbers) == pytest.approx(1.0, rel=1e-15)
    assert units.risk(1.0, numbers) == pytest.approx(0.001, rel=1e-15)
