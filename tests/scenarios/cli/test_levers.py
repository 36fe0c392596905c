"""What the money may buy, as users meet it. Numbers are worked for the small package (tests/small.py).

Four parts at most can be stored, each for 1. Without subsidies a quake (10%) costs 0.20 - 0.05 parts in stock, the
embargo (5%) 0.20 whatever is stored. So with four parts E[L] = 0.05 x 0.20 = 0.01, and half of the worst tenth of
outcomes is the embargo: CVaR = 0.10. Risk is half of each: 0.055.
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from scenarios import Study
from scenarios.cli import main
from scenarios.verifying import verify
from tests.small import Small

STOCKS = """segment,parameter,value,low,high,status,source,note
part,limit,4,,,reported,book,
part,price,1,,,reported,book,
"""


@pytest.fixture
def stored(small: Small) -> Small:
    return small.replace("stocks.csv", STOCKS)


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in words])
    captured = capsys.readouterr()
    return int(stop.value.code or 0), captured.out, captured.err


@pytest.mark.slow
def test_the_document_tells_the_money_of_every_lever(stored: Small, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("optimize", stored.folder, "--levers", "stocks,procurement", "--budget", 10)
    status, out, err = said(capsys, *words, "--json")
    assert status == 0, err
    document = json.loads(out)
    assert document["risk"]["optimal"] == pytest.approx(0.055, abs=1e-9)
    assert document["levers"]["optimal"]["stocks"] == pytest.approx({"part": 4.0}, abs=1e-6)
    assert document["levers"]["optimal"]["procurement"] == {}
    assert document["tiers"]["optimal"] == pytest.approx(
        {"upstream": 4.0, "midstream": 0.0, "downstream": 0.0}, abs=1e-6
    )
    _, view, _ = said(capsys, *words)
    assert "not needed: 6.00 RMB billion" in view
    assert "stocks" in view


def test_capacity_alone_has_no_entry_for_levers(stored: Small, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "optimize", stored.folder, "--json")
    assert "levers" not in json.loads(out)
    _, view, _ = said(capsys, "optimize", stored.folder)
    assert "beside capacity" not in view
    assert "not needed" not in view


@pytest.mark.parametrize("question", [["optimize"], ["what-if", "--cut", "JPN"]])
def test_a_lever_of_which_the_package_has_nothing_is_told(
    small: Small, capsys: pytest.CaptureFixture[str], question: list[str]
) -> None:
    _, view, _ = said(capsys, question[0], small.folder, *question[1:], "--levers", "capacity,stocks")
    assert "stocks: there is nothing to buy, since the package has no row in stocks.csv" in view


def test_a_least_that_a_lever_cannot_take_is_told_with_what_it_can(
    stored: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = said(capsys, "optimize", stored.folder, "--levers", "stocks", "--min", "stocks:part=5")
    assert status == 3
    assert "minimum of stocks:part: 5 (no more than 4 can be bought there)" in err  # four can be stored, each for 1


@pytest.mark.parametrize("question", ["optimize", "frontier", "self-sufficiency"])
def test_a_lever_that_is_none_is_told(small: Small, capsys: pytest.CaptureFixture[str], question: str) -> None:
    status, _, err = said(capsys, question, small.folder, "--levers", "capacity,stock")
    assert status == 2
    assert "'stock' is not a lever; write some of capacity, stocks, suppliers, procurement" in err


def test_the_frontier_ends_where_every_stock_is_full(stored: Small, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "frontier", stored.folder, "--levers", "stocks", "--json")
    # From E[L] = 0.03 and CVaR = 0.20, which no money changes, to the four parts above.
    assert json.loads(out)["breakpoints"] == [
        pytest.approx([0.0, 0.115], abs=1e-9),
        pytest.approx([4.0, 0.055], abs=1e-9),
    ]


@pytest.mark.slow
def test_a_study_stores_every_option_and_the_money_of_levers(stored: Small, tmp_path: Path) -> None:
    study = Study(name="stored", title="Stored?", question="What if parts are stored?", options={"alpha": 0.8})
    study = study.case("both", stored.folder, levers=("stocks",), budget=10.0, maximum={"part": 2.0})
    done = study.run(tmp_path / "out", jobs=1, progress=False)
    (case,) = pd.read_parquet(done.folder / "tables" / "cases.parquet").to_dict(orient="records")
    assert (case["alpha"], case["beta"], case["pieces"]) == (0.8, 0.5, 10)
    assert (case["move"], case["levers"], case["maximum"]) == (None, "stocks", "part=2.0")
    (bought,) = pd.read_parquet(done.folder / "tables" / "levers.parquet").to_dict(orient="records")
    assert (bought["lever"], bought["segment"]) == ("stocks", "part")
    assert bought["value"] == pytest.approx(2.0, abs=1e-6)


@pytest.mark.slow
def test_what_a_study_stored_of_levers_is_verified(stored: Small, tmp_path: Path) -> None:
    study = Study(name="stored", title="Stored?", question="What if parts are stored?")
    study = study.case("both", stored.folder, levers=("capacity", "stocks"), budget=2.0)
    (checked,) = verify(study.run(tmp_path / "out", jobs=1, progress=False).folder, jobs=1).cases
    assert checked.again == checked.stored


# --- what if -----------------------------------------------------------------------------------------------------


def said_of(small: Small, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(["what-if", str(small.folder), *words])
    assert stop.value.code in (0, None)
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_what_if_says_what_was_put_in_and_what_came_out(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    said = said_of(small, capsys, "--cut", "JPN:part", "--months", "6", "--stock", "part=1", "--budget", "0")
    assert "JPN:part cut off for 6 months, with 1 month of the use of part in stock" in said
    assert "least loss" not in said  # without money there is nothing to buy


@pytest.mark.slow
def test_what_if_claims_no_gain_where_there_is_none(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    said = said_of(small, capsys, "--cut", "DEU", "--stock", "robot=12")
    assert "nothing is lost with the observed subsidies." in said


@pytest.mark.slow
def test_what_if_tells_a_budget_that_loses_more_than_today(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    said = said_of(small, capsys, "--cut", "JPN", "--months", "6", "--budget", "0")
    assert "with a budget of 0 RMB billion, within the limits set, it is 25.00% at least." in said
