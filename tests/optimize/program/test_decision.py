"""Money of levers and the amounts that it buys, on the small package of tests/small.py."""

import numpy as np
import pytest

from optimize.program.decision import Decision, lever_amounts, lever_money, money_by_segment
from optimize.program.levers import levers_of
from tests.small import Small


def test_money_of_levers_and_back(small: Small) -> None:
    # stocks of parts cost 1.5 and 0.1 to hold; contracts with Korea 0.2; preference for robots 0.1
    numbers = small.add_structure("stocks.csv", "suppliers.csv", "procurement.csv").load().numbers
    bought = {"stocks": np.array([2.0]), "suppliers": np.array([3.0]), "procurement": np.array([5.0])}
    money = lever_money(numbers, Decision(numbers.observed, bought), levers_of(numbers, bought))
    told = {name: spent.to_dict() for name, spent in money.items()}
    assert told["stocks"] == {"part": pytest.approx(3.2)}
    assert told["suppliers"] == {"part@KOR": pytest.approx(0.6)}
    assert told["procurement"] == {"robot": pytest.approx(0.5)}
    again = lever_amounts(numbers, told)
    assert {name: amounts.tolist() for name, amounts in again.items()} == {
        name: pytest.approx(amounts.tolist()) for name, amounts in bought.items()
    }


def test_money_of_a_segment_is_that_of_all_levers_and_instruments(small: Small) -> None:
    # observed are 0.5, 2 and 0.5; two parts stored cost 3.2, three contracted 0.6, and preferring five robots 0.5
    numbers = small.add_structure("stocks.csv", "suppliers.csv", "procurement.csv").load().numbers
    bought = {"stocks": np.array([2.0]), "suppliers": np.array([3.0]), "procurement": np.array([5.0])}
    levers = levers_of(numbers, [*bought])
    money = money_by_segment(numbers, Decision(numbers.observed, bought), levers)
    assert money == pytest.approx([0.5 + 3.2 + 0.6, 2 + 0.5, 0.5])
    assert money_by_segment(numbers, Decision(numbers.observed, {}), levers) == pytest.approx([0.5, 2, 0.5])


def test_what_costs_nothing_is_bought_in_full(small: Small) -> None:
    small.add_structure("suppliers.csv").edit("suppliers.csv", "part,KOR,cost,0.2", "part,KOR,cost,0")
    numbers = small.load().numbers
    assert lever_amounts(numbers, {"suppliers": {"part@KOR": 0.0}})["suppliers"].tolist() == [3.0]
