"""What a report says of levers and of one disruption for certain, on cases that could make a sentence false.

The small package (tests/small.py): a part in stock saves 0.05 of final demand in a quake, and four can be stored, each
for 1, so that more than 4 of money for stocks is of no use. A year's calm use of parts is 16: four are three months'.
Half a year without Japan costs 0.25, less 0.05 for each part in stock.
"""

from pathlib import Path

import pandas as pd
import pytest

from scenarios import Change, Study
from scenarios.report.content import Report, report_of
from scenarios.report.part import Part
from scenarios.report.text import markdown_text
from scenarios.storing import read_results
from tests.small import Small

pytestmark = pytest.mark.slow  # a study of many cases is run first

STOCKS = """segment,parameter,value,low,high,status,source,note
part,limit,4,,,reported,book,
part,price,1,,,reported,book,
"""
BOTH = ("capacity", "stocks")


def study(folder: Path) -> Study:
    dear = Change(table="stocks", where={"parameter": "price"}, set=1e6)
    return (
        Study(name="levers", title="Levers", question="What to buy?")
        .case("capacity", folder)
        .case("full", folder, levers=("stocks",), budget=10.0)
        .case("tight", folder, levers=("stocks",), budget=2.0)
        .case("dear", folder, levers=BOTH, changes=[dear])
        .case("absent", folder, levers=("capacity", "suppliers"))
        .case("broke", folder, levers=BOTH, budget=0.0)
        .case("both", folder, levers=BOTH, maximum={"stocks:part": 2.0})
        .case("more", folder, budget=6.0)
        .case("bound", folder, minimum={"system": 3.0})
        .ask("what-if", what_if={"cuts": ["JPN"], "months": 6})
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("levers")
    small = Small(folder / "small").replace("stocks.csv", STOCKS)
    return study(small.folder).run(folder / "out", jobs=1, progress=False).folder


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return report_of(read_results(folder))


def part(report: Report, ident: str) -> Part:
    return next(part for part in report.parts if part.ident == ident)


def said(report: Report, case: str) -> str:
    """The report's sentence of a case."""
    (section,) = (section for section in report.sections if section.case.name == case)
    return section.answer


def test_capacity_alone_has_no_part_on_levers(report: Report) -> None:
    assert "capacity-levers" not in [one.ident for one in report.parts]


def test_money_that_no_lever_needs_is_said_with_its_amount_and_what_the_rest_buys_with_units(report: Report) -> None:
    told = part(report, "full-levers")
    assert "all that is spent, RMB 4 billion, buys stocks." in told.words
    assert "6 of the budget of RMB 10 billion is not needed" in told.words
    (bought,) = told.table[told.table["lever"] == "stocks"].to_dict(orient="records")
    assert bought["least risk (RMB billion)"] == "4"
    assert bought["buys"] == "RMB 4 billion more in stock, 3 months of use in calm"
    assert told.table.index[-1] == "not needed"
    assert told.table["least risk (RMB billion)"].iloc[-1] == "6"
    assert told.chart is not None


def test_where_all_money_is_spent_none_is_called_not_needed(report: Report) -> None:
    told = part(report, "tight-levers")
    assert "all that is spent, RMB 2 billion, buys stocks." in told.words
    assert "not needed" not in told.words
    assert "not needed" not in told.table.index


def test_a_lever_that_is_allowed_and_not_bought_is_not_said_to_be(report: Report) -> None:
    told = part(report, "dear-levers")
    assert "buys capacity." in told.words
    assert "Nothing is spent on stocks." in told.words
    assert "stocks" not in told.table["lever"].tolist()
    assert "on stocks" not in said(report, "dear")


def test_a_lever_of_which_the_package_has_nothing_is_told_by_its_table(report: Report) -> None:
    told = part(report, "absent-levers")
    assert "the package has no row in suppliers.csv" in told.words
    assert "Nothing is spent on suppliers" not in told.words  # it could not be


def test_without_money_nothing_is_bought_and_risk_is_said_to_be_higher(report: Report) -> None:
    told = part(report, "broke-levers")
    assert "There is no money to spend." in told.words
    assert "not needed" not in told.words
    # tests/small.py: without subsidies risk is half of 0.03 and of 0.20; the observed grants do better
    assert said(report, "broke").startswith(
        "broke: with RMB 0 billion instead of today's 3, risk is 11.5% of final demand at least; today it is "
    )


def test_the_split_is_told_and_that_it_may_be_one_of_several(report: Report) -> None:
    told = part(report, "both-levers")
    assert "RMB 3 billion are spent: 1 on capacity and 2 on stocks." in told.words
    assert "nearest to what was observed" in told.words
    assert "of today's RMB 3 billion, give 2 to stocks of Precision parts and 1 to Precision" in said(report, "both")


def test_the_sentence_speaks_of_the_budget_that_there_is(report: Report) -> None:
    assert "of RMB 6 billion instead of today's 3" in said(report, "more")
    assert "instead of today's" not in said(report, "both")


def test_limits_that_force_more_risk_are_not_told_as_if_no_reallocation_helped(report: Report) -> None:
    assert "of final demand at least within the limits set; today it is" in said(report, "bound")


def test_one_disruption_for_certain_is_told_with_what_went_in_and_came_out(report: Report, folder: Path) -> None:
    told = part(report, "tight-what-if")
    assert told.heading == "What if: all from Japan cut off for 6 months"
    assert "with a budget of RMB 2 billion it could be 15.00%, and no less." in told.words
    assert told.table["loss"].to_dict()["no subsidy"] == "25.00%"
    bought = part(report, "tight-what-if-money")
    assert "spends RMB 2 billion: 2 on stocks." in bought.words
    losses = pd.read_parquet(folder / "tables" / "what_if_losses.parquet")
    least = losses[(losses["case"] == "tight") & (losses["decision"] == "least")]["value"]
    assert least.tolist() == pytest.approx([0.15], abs=1e-8)
    money = pd.read_parquet(folder / "tables" / "what_if_money.parquet")
    spent = money[(money["case"] == "tight") & (money["decision"] == "least") & (money["value"] > 1e-9)]
    assert spent[["lever", "segment"]].to_numpy().tolist() == [["stocks", "part"]]


def test_money_left_by_one_disruption_is_not_needed(report: Report) -> None:
    # four parts in stock leave 0.25 - 0.20
    assert "it could be 5.00%, and no less" in part(report, "full-what-if").words
    assert "RMB 6 billion of the budget is not needed" in part(report, "full-what-if-money").words


def test_a_smaller_budget_that_loses_more_is_said_to(report: Report) -> None:
    words = part(report, "broke-what-if").words
    assert "with a budget of RMB 0 billion, within the limits set, it is 25.00% at least." in words
    assert "broke-what-if-money" not in [one.ident for one in report.parts]


def test_the_page_in_words_holds_both_parts(report: Report) -> None:
    text = markdown_text(report)
    assert "### What the money buys, lever by lever" in text
    assert "### What to buy against it" in text
