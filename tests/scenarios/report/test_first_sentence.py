"""The advice on a case and its facts: true with other budgets, limits, levers, ties, no gain, and losses that rise."""

from types import SimpleNamespace
from typing import Any

import pytest

from optimize import RobustOptions
from scenarios.questions import QUESTIONS
from scenarios.report.advice import advice, differs
from scenarios.report.facts import facts
from scenarios.report.figures import amount, money
from tests.optimize.questions.test_parts import EXPECTED, units, with_seals
from tests.small import Small


def case_of(small: Small, answers: dict[str, Any] | None = None, **options: Any) -> Any:
    chain = small.load()
    asked = {**EXPECTED, **options}
    found = QUESTIONS["optimize"].answer(chain, **asked)
    asked = {name: value.split(",") if name == "levers" else value for name, value in asked.items()}
    case = {"chain": chain, "optimize": found, "answers": answers or {}}
    return SimpleNamespace(name="case", title="Case", options=RobustOptions.model_validate(asked), **case)


def said(small: Small, **options: Any) -> str:
    return advice(case_of(small, **options))


def fact(case: Any, heading: str) -> str:
    return dict(facts(case)).get(heading, "")


def points(fall: float) -> str:
    return f"{100 * fall:.2f} points"


# ---- the advice ------------------------------------------------------------------------------------------------------


def test_goods_and_money_are_named_and_how_far_risk_falls(small: Small) -> None:
    # 0.5 parts, 1 seals, 2 robots and 0.5 systems are given; all 4 belong to parts
    found = case_of(with_seals(small))
    found.optimize["allocation"]["optimal"] |= {"robot": 0.0}  # what the search for the nearest answer may leave
    assert advice(found) == (
        "Of today's RMB 4 billion, give 4 to Precision parts (today 0.5); less than today goes to Robots (nothing, "
        "today 2), Seals (nothing, today 1) and 1 other. "
        f"Risk falls from {100 * (3 / 101 - units(0.5, 2)):.1f}% to {100 * (3 / 101 - units(4, 0)):.1f}% of final "
        "demand."
    )


def test_another_budget_is_named_beside_todays(small: Small) -> None:
    with_seals(small)
    words = said(small, budget=8.0)
    assert words.startswith("Of RMB 8 billion instead of today's 4, give 8 to Precision parts (today 0.5);")
    # in the wrong unit: what can be used, 2 ln 100 and 4 ln 100 (99% of the ceilings), is next to nothing of it
    far = said(small, budget=8e12)
    assert far.startswith(
        "Of RMB 8,000,000,000,000 billion instead of today's 4, give 18.4 to Robots (today 2) and 9.21 to Precision "
        "parts (today 0.5)"
    )
    less = said(small, budget=1.2)
    assert less.startswith("Of RMB 1.2 billion instead of today's 4, give 1.2 to Precision parts (today 0.5);")


def test_what_another_lever_buys_is_named(small: Small) -> None:
    small.append("stocks.csv", "part,limit,4,,,reported,book,")
    words = said(with_seals(small), levers="capacity,stocks")
    assert "give 4 to stocks of Precision parts" in words


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"move": 0.0}, "No allocation within the limits set has less risk than today's, 2.9% of final demand."),
        ({"budget": 0.1}, "With RMB 0.1 billion instead of today's 4, risk is 3.0% of final demand at least; today"),
    ],
)
def test_no_gain_is_no_advice(small: Small, options: dict[str, Any], words: str) -> None:
    told = said(with_seals(small), **options)
    assert told.startswith(words)
    assert "give" not in told


def test_a_limit_that_costs_more_than_it_gains_is_said_so(small: Small) -> None:
    told = said(with_seals(small), minimum={"system": 3.9})
    assert "of final demand at least within the limits set; today it is" in told


# ---- the facts -------------------------------------------------------------------------------------------------------


def test_the_fall_within_and_across_tiers(small: Small) -> None:
    assert fact(case_of(with_seals(small)), "Within tiers or across them") == (
        f"Risk falls by {points(units(3.5, -2))}; with each tier's share of the money as today it falls by "
        f"{points(units(1, 0))}, with the split inside each tier as today it falls by {points(units(4 / 3 - 0.5, -2))}."
    )


def test_with_less_money_a_part_may_raise_risk(small: Small) -> None:
    words = fact(case_of(with_seals(small), budget=1.2), "Within tiers or across them")
    # within: 0.45 upstream and 0.6 midstream; across: a third of 1.2
    assert f"with each tier's share of the money as today it rises by {points(-units(-0.05, -1.4))}" in words
    assert f"with the split inside each tier as today it rises by {points(-units(-0.1, -2))}" in words


def test_a_part_that_limits_forbid_is_said_to_be_so(small: Small) -> None:
    words = fact(case_of(with_seals(small), minimum={"upstream": 3.0}), "Within tiers or across them")
    assert "no allocation allowed keeps each tier's share of the money as today" in words


def test_who_is_worse_off_is_the_scenario_that_robots_were_for(small: Small) -> None:
    # the embargo cuts German robots: without the 2 for robots more is lost in it; in the quake less is
    with_seals(small)
    words = fact(case_of(small), "Who is worse off")
    assert words.startswith("More than today is lost in “Embargo”: ")
    assert "In 2 of 3 scenarios no more is lost." in words  # the quake and calm
    still = fact(case_of(small, move=0.0), "Who is worse off")
    assert still == "In no scenario is more lost than today."


def test_expected_loss_and_the_tail_stand_beside_risk(small: Small) -> None:
    words = fact(case_of(with_seals(small), move=0.0), "On average, and in the bad tail")
    assert words.startswith("Expected loss stays at 2.9% of final demand; the mean of the worst 10% of outcomes (CVaR)")
    assert words.endswith("Risk counts the tail 0% and the mean the rest.")


def test_what_the_first_tenth_brings(small: Small) -> None:
    assert fact(case_of(with_seals(small)), "The first tenth") == (
        f"Moving 10% of the money, RMB 0.4 billion, where it does most brings {points(units(0.4, 0))} of the "
        f"{points(units(3.5, -2))}: {100 * units(0.4, 0) / units(3.5, -2):.0f}% of the gain."
    )


def test_a_gain_within_the_first_tenth_is_all_of_it(small: Small) -> None:
    # with 0.6 at most for parts, which had 0.5, less than a tenth reaches the whole gain
    case = case_of(with_seals(small), maximum={"part": 0.6, "robot": 2.0})
    whole = points(units(0.1, 0))
    assert (
        fact(case, "The first tenth") == f"Moving 10% of the money, RMB 0.4 billion, or less brings all of the {whole}."
    )


@pytest.mark.parametrize("options", [{"budget": 8.0}, {"move": 0.0}])
def test_the_first_tenth_is_not_told_where_money_is_added_or_nothing_gained(small: Small, options: Any) -> None:
    assert fact(case_of(with_seals(small), **options), "The first tenth") == ""


def turning(first: str | None, *leads: tuple[float, float, str | None]) -> dict[str, Any]:
    each = {"number": "held", "unit": "factor", "now": 1.0, "from": 0.0, "to": 4.0}
    told = [{"from": start, "to": end, "first": who} for start, end, who in leads]
    return {"turning-points": {"first": first, "searched": [each | {"leads": told}], "points": []}}


def two_numbers(*ranges: list[tuple[float, float, str]]) -> dict[str, Any]:
    """The same of the stock that is held and of the length of outages."""
    held, outage = (turning("midstream", *leads)["turning-points"]["searched"][0] for leads in ranges)
    searched = [held, outage | {"number": "outage"}]
    return {"turning-points": {"first": "midstream", "searched": searched, "points": []}}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Not asked in this study: its output turning-points measures it."),
        (
            turning("midstream", (0.0, 0.5, "upstream"), (0.5, 1.25, "midstream"), (1.25, 4.0, "downstream")),
            "Midstream gets the most as long as the stock that is held is above 0.5 times what it is and below 1.25 "
            "times what it is, one number turned at a time.",
        ),
        (
            turning("midstream", (0.0, 4.0, "midstream")),
            "Midstream gets the most over the whole range of the stock that is held: no other tier was found to lead.",
        ),
        (
            two_numbers([(0.0, 4.0, "midstream")], [(0.0, 4.0, "midstream")]),
            "Midstream gets the most over the whole range of the stock that is held and the length of outages, each "
            "turned by itself: no other tier was found to lead.",
        ),
        (
            two_numbers([(0.0, 4.0, "midstream")], [(0.0, 0.5, "upstream"), (0.5, 4.0, "midstream")]),
            "Midstream gets the most as long as the length of outages is above 0.5 times what it is, one number turned "
            "at a time; over the whole range of the stock that is held no other tier was found to lead.",
        ),
        (
            turning(None, (0.0, 4.0, None)),
            "No tier gets the most in every least-risk allocation, so there is no lead that could turn.",
        ),
        (
            {"break-even": {"words": "this advice holds as long as upstream money works at least half as well"}},
            "This advice holds as long as upstream money works at least half as well. What else would turn it was not "
            "asked.",
        ),
    ],
)
def test_how_far_it_holds_says_what_was_measured(small: Small, answers: dict[str, Any], words: str) -> None:
    assert fact(case_of(small, answers), "How far it holds") == words


# ---- amounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (39.5, "39.5"),
        (3.024, "3.02"),
        (8.0, "8"),
        (1234.5, "1,230"),
        (0.000323, "0.000323"),
        (1e-9, "0"),
        (999.7, "1,000"),
    ],
)
def test_amounts_have_three_digits_and_no_exponent(value: float, said: str) -> None:
    assert amount(value) == said


def test_a_currency_stands_first_and_another_unit_last() -> None:
    assert money(39.5, "JPY billion") == "JPY 39.5 billion"
    assert money(5.0, "EUR") == "EUR 5"
    assert money(3.0, "cars") == "3 cars"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.0890, 0.0780, ("8.9%", "7.8%")),
        (0.02711, 0.02679, ("2.71%", "2.68%")),
        (0.0002, 0.0, ("0.020%", "0%")),
        (0.0, 0.0007, ("0%", "0.070%")),
        (0.0033, 0.003, ("0.33%", "0.30%")),
    ],
)
def test_two_shares_are_told_apart(before: float, after: float, told: tuple[str, str]) -> None:
    assert differs(before, after) == told
