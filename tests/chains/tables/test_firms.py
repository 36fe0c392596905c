"""Firms as the observed allocation: what `firm_segments.csv` fills, what it leaves, and what it refuses.

F1 got 3 in 2022 and works in robots (0.6 of it) and parts (0.4); F2 got 1, all of it for systems.
"""

import pytest

from chains import Chain, InputError
from tests.small import Small, at

FIRMS = """firm,year,chain,tier,sales,rd,subsidies,profit
F1,2021,small,midstream,60,,9,
F1,2022,small,midstream,80,,3,
F2,2022,small,downstream,50,,1,
"""
SHARES = """firm,segment,instrument,value,low,high,status,source,note
F1,robot,grants,0.6,0.5,0.7,assumed,talk,a guess
F1,part,grants,0.4,0.3,0.5,assumed,talk,a guess
F2,system,grants,1,,,reported,book,
"""


@pytest.fixture
def firms(small: Small) -> Small:
    return small.replace("firms.csv", FIRMS).replace("firm_segments.csv", SHARES)


def observed(chain: Chain) -> dict[str, float]:
    return dict(zip(chain.numbers.segments, chain.numbers.observed.sum(axis=1).tolist(), strict=True))


def told(chain: Chain, words: str) -> list[str]:
    return [str(warning) for warning in chain.warnings if words in warning.wrong]


def test_without_subsidies_firms_are_the_observed_allocation(firms: Small) -> None:
    chain = firms.drop("subsidies.csv").load()
    assert chain.period == "2022"
    assert observed(chain) == pytest.approx({"part": 1.2, "robot": 1.8, "system": 1})
    rows = chain.table("subsidies").set_index("segment")
    assert rows.loc["robot", ["low", "high"]].tolist() == pytest.approx([1.5, 2.1])
    assert rows["status"].to_dict() == {"robot": "assumed", "part": "assumed", "system": "derived"}
    assert rows["source"].to_dict() == {"robot": "talk", "part": "talk", "system": "book"}
    assert rows.at["robot", "note"] == "firms.csv and firm_segments.csv: 0.6 x 3 (F1)"
    (said,) = chain.warnings
    assert str(said) == (
        "small/subsidies.csv: 3 rows of 2022 are filled from firms.csv, 4 in money: robot 1.8, part 1.2, system 1; "
        "a row in subsidies.csv of that period would count instead"
    )


def test_a_header_alone_leaves_all_to_firms(firms: Small) -> None:
    header = firms.text("subsidies.csv").splitlines()[0]
    assert observed(firms.replace("subsidies.csv", f"{header}\n").load())["robot"] == pytest.approx(1.8)


def test_firms_fill_what_is_not_stated_and_the_rest_counts_as_stated(firms: Small) -> None:
    firms.replace("subsidies.csv", firms.text("subsidies.csv").replace("part,grants,2022,0.5,,,reported,book,\n", ""))
    chain = firms.cell("subsidies.csv", 3, "value", "1").load()  # systems: what F2 got
    assert observed(chain) == pytest.approx({"part": 1.2, "robot": 2, "system": 1})
    (filled,) = told(chain, "filled")
    assert "1 rows of 2022 are filled from firms.csv, 1.2 in money: part 1.2" in filled
    (less,) = told(chain, "account for")
    assert "small/subsidies.csv:2:value: firms of 'robot' through grants in 2022 account for 1.8 of the 2 that" in less
    assert len(chain.warnings) == 2


def test_firms_that_got_more_than_the_whole_are_refused(firms: Small) -> None:
    problems = firms.problems()
    part, system = at(problems, "small/subsidies.csv", 2, "value"), at(problems, "small/subsidies.csv", 4, "value")
    assert "firms of 'part' through grants in 2022 got 1.2, but all that is stated is 0.5" in part
    assert "got 1, but all that is stated is 0.5" in system
    assert len(problems) == 2  # robots: 1.8 of 2


def test_the_high_of_what_is_stated_is_the_most_that_firms_may_have(firms: Small) -> None:
    firms.cell("subsidies.csv", 2, "high", "1.2").cell("subsidies.csv", 4, "high", "1")
    assert observed(firms.load()) == {"part": 0.5, "robot": 2, "system": 0.5}


def test_another_instrument_is_another_row(firms: Small) -> None:
    firms.replace("firm_segments.csv", SHARES.replace("grants", "loans"))
    chain = firms.load()
    assert chain.numbers.instruments == ("grants", "loans")
    assert chain.numbers.observed.ravel().tolist() == pytest.approx([0.5, 1.2, 2, 1.8, 0.5, 1])


def test_a_period_that_is_no_year_of_firms_is_told(firms: Small) -> None:
    firms.replace("subsidies.csv", firms.text("subsidies.csv").replace("2022", "2018-2022"))
    chain = firms.load()
    assert observed(chain) == {"part": 0.5, "robot": 2, "system": 0.5}
    (said,) = told(chain, "no subsidies of '2018-2022'")
    assert "years with subsidies are 2021, 2022" in said


def test_money_that_no_segment_gets_is_told(firms: Small) -> None:
    firms.drop("subsidies.csv").append("firms.csv", "F3,2022,small,upstream,10,,2,")
    chain = firms.cell("firm_segments.csv", 3, "value", "0.3").load()
    assert observed(chain)["part"] == pytest.approx(0.9)
    (said,) = told(chain, "go to no segment")
    assert "2.3 of the 6 that firms got in 2022 go to no segment: F1 0.3, F3 2" in said


def test_a_firm_without_figures_of_the_year_fills_nothing(firms: Small) -> None:
    firms.drop("subsidies.csv").replace(
        "firms.csv", FIRMS.replace("F2,2022,small,downstream,50,,1,", "F2,2022,small,downstream,50,,,")
    )
    assert observed(firms.load())["system"] == 0


@pytest.mark.parametrize(
    ("line", "new", "column", "said"),
    [
        (2, "F9,robot,grants,0.6,0.5,0.7,assumed,talk,a guess", "firm", "firm 'F9' is not in firms.csv"),
        (2, "F1,robots,grants,0.6,0.5,0.7,assumed,talk,a guess", "segment", "did you mean 'robot'?"),
        (2, "F1,robot,grants,0.7,0.5,0.7,assumed,talk,a guess", "value", "the shares of firm 'F1' sum to 1.1"),
        (2, "F1,robot,grants,0.6,0.5,0.7,assumed,tolk,a guess", "source", "did you mean 'talk'?"),
        (2, "F1,robot,grants,1.6,0.5,0.7,assumed,talk,a guess", "value", "out of range"),
        (4, "F2,system,,1,,,reported,book,", "instrument", "is empty"),
    ],
)
def test_a_share_that_cannot_be_right_is_said_once(firms: Small, line: int, new: str, column: str, said: str) -> None:
    lines = SHARES.splitlines()
    lines[line - 1] = new
    firms.drop("subsidies.csv").replace("firm_segments.csv", "\n".join([*lines, ""]))
    problems = firms.problems()
    assert said in at(problems, "small/firm_segments.csv", line, column)
    assert {(problem.file, problem.row) for problem in problems} == {("small/firm_segments.csv", line)}


def test_shares_without_firms_are_refused(firms: Small) -> None:
    firms.drop("firms.csv")
    assert "no firms" in firms.problem("firm_segments.csv", 0, "")


def test_without_shares_firms_fill_nothing(small: Small) -> None:
    chain = small.replace("firms.csv", FIRMS).load()
    assert observed(chain) == {"part": 0.5, "robot": 2, "system": 0.5}
    assert not chain.warnings


def test_what_is_filled_can_be_changed_and_the_shares_cannot(firms: Small) -> None:
    chain = firms.drop("subsidies.csv").load()
    assert observed(chain.scaled("subsidies", 2, segment="robot"))["robot"] == pytest.approx(3.6)
    with pytest.raises(InputError, match="change subsidies"):
        chain.scaled("firm_segments", 0.5)
