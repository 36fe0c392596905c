"""What a brief says of every case, against the small package worked by hand and the stored documents."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scenarios.report.brief.content import Brief, Decision, Good, brief_of
from scenarios.report.brief.drawing import grouped
from scenarios.report.brief.first import largest_sums
from scenarios.report.content import report_of
from scenarios.storing import read_results


def decision(brief: Brief, name: str) -> Decision:
    return next(one for one in brief.decisions if one.case.name == name)


def test_money_by_good_is_todays_beside_the_advised(brief: Brief) -> None:
    # Observed grants are 0.5, 2 and 0.5, 3 in all; a floor of 3 for parts leaves nothing for anything else.
    money = {good.label: (good.today, good.total) for good in decision(brief, "parts").goods}
    assert money == {
        "Precision parts": (0.5, pytest.approx(3.0)),
        "Robots": (2.0, pytest.approx(0.0, abs=1e-9)),
        "Systems, integrated": (0.5, pytest.approx(0.0, abs=1e-9)),
    }
    assert decision(brief, "parts").unit == "RMB billion"
    assert largest_sums(decision(brief, "parts")) == "Precision parts RMB 3 billion (today 0.5)"


def test_measures_are_those_of_the_stored_answer(brief: Brief, results: Path) -> None:
    stored = json.loads((results / "cases" / "as-is.json").read_text("utf-8"))["answers"]["optimize"]
    found = {one.name: (one.today, one.advised) for one in decision(brief, "as-is").measures}
    assert found == {
        name: (stored[key]["observed"], stored[key]["optimal"])
        for name, key in (("Risk", "risk"), ("Expected loss", "expected_loss"), ("Mean of the worst 10%", "cvar"))
    }


def test_who_is_worse_off_is_told_with_the_scenario(brief: Brief) -> None:
    # Without money for robots an embargo costs 0.20 again, and nothing but systems is final demand.
    (row,) = decision(brief, "parts").worse
    assert (row.scenario, row.case, row.who) == ("Embargo", "All to parts", "Systems, integrated")
    assert (row.probability, row.advised) == (pytest.approx(0.05), pytest.approx(0.20))
    assert 0.16 < row.today < 0.20  # two units of money bring robots, and at best each brings 0.02
    assert "the most is added in Embargo (All to parts): 20.00% of final demand instead of" in brief.worse_in_words


def test_a_scenario_that_cannot_happen_makes_nobody_worse_off(brief: Brief) -> None:
    assert decision(brief, "never").worse == ()
    assert decision(brief, "still").worse == ()
    alone = replace(brief, decisions=(decision(brief, "still"),))
    assert alone.worse_in_words == "In no scenario of any case does the advised allocation lose more than today's."
    assert "Nothing was solved" in replace(brief, report=replace(brief.report, worst=None)).certificate
    assert "No case has a solution" in replace(brief, decisions=()).worse_in_words


def test_the_leading_case_and_the_one_nearest_to_the_package_are_drawn_first(brief: Brief) -> None:
    assert [one.case.name for one in brief.decisions] == ["never", "parts", "still", "as-is"]
    assert [one.case.name for one in brief.in_order] == ["never", "as-is", "parts", "still"]


def test_what_the_measures_mean_is_said_as_the_options_are(brief: Brief) -> None:
    assert brief.means.endswith("and the mean of the worst outcomes, 50% to 50%.")
    other = decision(brief, "still")
    options = {**other.case.optimize["provenance"], "options": {"alpha": 0.9, "beta": 1.0}}
    best = {**other.case.optimize, "provenance": options}
    changed = replace(other, case=replace(other.case, answers={**other.case.answers, "optimize": best}))
    mixed = replace(brief, decisions=(decision(brief, "as-is"), changed))
    assert mixed.means.endswith("in proportions that differ between the cases.")


def test_sources_are_counted_by_the_numbers_that_rest_on_them(brief: Brief) -> None:
    # Of the book: 2 of demand, 1 input, 5 of supply, 3 subsidies, 2 disruptions. Of the talk: 1 input, 6 of the
    # response, 2 probabilities.
    assert brief.sources == ["Author, Title, 2022 (13)", "Expert, interview, 2022 (9)"]


@pytest.mark.slow
def test_the_words_are_the_reports_own(brief: Brief, results: Path) -> None:
    report = report_of(read_results(results))
    assert brief_of(report).report.first == report.first
    assert brief.holds[0] == report.rests_on
    assert brief.known == [package.words for package in report.evidence]
    assert brief.commands == ["tierwise study small.toml", "tierwise verify results/small"]


def test_many_goods_stand_together_and_lose_no_money() -> None:
    goods = [Good(f"good {n}", "upstream", float(n), {"capacity": 2.0 * n, "stocks": 1.0}) for n in range(10)]
    shown = grouped(goods, 4)
    assert [good.label for good in shown] == ["good 7", "good 8", "good 9", "7 other goods together"]
    assert sum(good.today for good in shown) == pytest.approx(sum(good.today for good in goods))
    assert sum(good.total for good in shown) == pytest.approx(sum(good.total for good in goods))
    assert grouped(goods[:4], 4) == goods[:4]
