"""One disruption for certain, worked by hand on the small package (tests/small.py).

Without Japan 6 parts a year are left: 15 robots at home and 10 from Germany make 50 of 100 systems, a loss of 0.50 a
year. In calm 40 home robots take 16 parts a year; a part more makes 1/0.4 robots, 1/0.5 systems each: 5 systems.
"""

import pytest

from chains import InputError
from optimize import what_if
from optimize.solver.linear import ACCURATE
from tests.small import Small


@pytest.mark.slow
def test_half_a_year_without_japan_costs_half_a_years_loss(small: Small) -> None:
    found = what_if(small.load(), ["JPN"], months=6)
    assert found.none.loss["what-if"] == pytest.approx(0.25, abs=1e-9)
    assert found.none.loss["calm"] == 0.0
    assert found.certificate.worst <= ACCURATE


@pytest.mark.slow
def test_a_month_of_use_in_stock_makes_up_for_a_month_of_imports(small: Small) -> None:
    found = what_if(small.load(), ["JPN"], months=6, stock={"part": 1})
    assert found.none.loss["what-if"] == pytest.approx(0.25 - 16 / 12 * 0.05, abs=1e-9)


@pytest.mark.slow
def test_the_least_loss_is_that_of_the_best_decision_and_no_more_than_todays(small: Small) -> None:
    found = what_if(small.load(), ["JPN:part"], pieces=1, budget=3.0)
    losses = found.losses
    assert losses["least"] <= losses["observed"] <= losses["none"] == pytest.approx(0.5, abs=1e-9)
    slope = 1.98 / (2 * 4.605170185988091)  # one chord to 99% of a ceiling of 2: e = -2 ln 0.01
    assert losses["least"] == pytest.approx(0.5 - 0.05 * 3.0 * slope, abs=1e-8)
    assert found.best.by_segment["part"] == pytest.approx(3.0, abs=1e-6)


@pytest.mark.slow
def test_stock_may_be_bought_where_the_money_may_buy_it(small: Small) -> None:
    header = "segment,parameter,value,low,high,status,source,note"
    rows = ("part,limit,2,,,reported,book,", "part,price,1,,,reported,book,")
    small.replace("stocks.csv", "\n".join([header, *rows]) + "\n")
    found = what_if(small.load(), ["JPN"], months=6, budget=2.0, levers=("stocks",))
    assert found.losses["least"] == pytest.approx(0.25 - 2 * 0.05, abs=1e-8)
    assert found.best.levers["stocks"]["part"] == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize(
    ("cuts", "stock", "told"),
    [
        (["FRA"], {}, "supplies nothing from abroad"),
        (["JPN:robots"], {}, "supplies no 'robots'"),
        (["CHN"], {}, "supplies nothing from abroad"),
        (["JPN"], {"parts": 1.0}, "there is no segment 'parts'"),
        (["JPN:"], {}, "names no goods; write JPN, or JPN:SEGMENT,SEGMENT"),
        (["JPN,DEU"], {}, "make each country a cut of its own"),
    ],
)
def test_what_is_not_there_is_told(small: Small, cuts: list[str], stock: dict[str, float], told: str) -> None:
    with pytest.raises(InputError, match=told):
        what_if(small.load(), cuts, stock=stock)


@pytest.mark.parametrize("months", [0, 13, -1])
def test_a_disruption_lasts_at_most_a_year(small: Small, months: float) -> None:
    with pytest.raises(InputError, match="months"):
        what_if(small.load(), ["JPN"], months=months)


def test_everything_that_is_wrong_is_told_at_once(small: Small) -> None:
    with pytest.raises(InputError) as caught:
        what_if(small.load(), ["FRA", "JPN:robots,part"], stock={"parts": 1.0})
    assert [problem.file for problem in caught.value.problems] == ["cut 'FRA'", "cut 'JPN:robots,part'", "option stock"]


@pytest.mark.slow
def test_money_that_is_not_needed_is_what_the_best_decision_leaves(small: Small) -> None:
    header = "segment,parameter,value,low,high,status,source,note"
    small.replace("stocks.csv", f"{header}\npart,limit,2,,,reported,book,\npart,price,1,,,reported,book,\n")
    found = what_if(small.load(), ["JPN"], months=6, budget=5.0, levers=("stocks",))
    assert found.budget == 5.0
    assert found.not_needed == pytest.approx(3.0, abs=1e-6)  # two parts can be stored, each for 1
