"""What titles of cards claim, on the cases that could make them false: ties, no gain, cases that disagree, residues."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from scenarios.report.leading import _gains_most
from scenarios.report.naming import figure_label
from scenarios.report.parts.comparison import _finding, _row
from scenarios.report.parts.robust import _moved
from scenarios.report.parts.turning_points import _often
from scenarios.report.spending import Spent
from tests.small import Small

TIERS = ("upstream", "midstream", "downstream")


def good(label: str, before: float, after: float, lever: str = "capacity") -> tuple[str, str, list[Spent]]:
    return label, "upstream", [Spent(lever, label, label, "upstream", before, after, "")]


def case(title: str, observed: float, optimal: float, money: tuple[float, ...] = (1.0, 1.0, 1.0)) -> Any:
    tiers = dict(zip(TIERS, money, strict=True))
    risk = {"observed": observed, "optimal": optimal}
    optimize = {"risk": risk, "tiers": {"optimal": tiers}, "budget": {"chain": sum(money)}}
    return SimpleNamespace(title=title, optimize=optimize, chain=SimpleNamespace(money_unit="JPY billion"))


def test_the_largest_gain_is_one_good_s_all_of_several_or_none_s() -> None:
    unit = "JPY billion"
    gears, drives = good("Gears", 0.0, 39.54), good("Drives", 39.5, 0.0)
    assert _gains_most([drives, gears], unit, 39.5) == "Largest gain: Gears, JPY 39.5 billion instead of 0"
    tied = [good("Gears", 1.0, 3.0), good("Drives", 0.0, 2.0), good("Parts", 4.0, 0.0)]
    assert _gains_most(tied, unit, 5.0) == "Largest gains: Gears and Drives, JPY 2 billion more each"
    assert _gains_most([good("Gears", 2.0, 2.0 + 1e-9)], unit, 2.0) == "No good gets more money than today"
    both = ("Gears", "upstream", [*good("Gears", 1.0, 0.0)[2], *good("Gears", 0.0, 0.9, "stocks")[2]])
    assert _gains_most([both], unit, 1.0) == "No good gets more money than today"  # its levers together


@pytest.mark.parametrize(
    ("risks", "said"),
    [
        ([(0.02, 0.0185)], "Risk falls by 0.15 points"),
        ([(0.02, 0.02)], "Risk does not fall"),
        ([(0.02, 0.02), (0.01, 0.02)], "Risk falls in no case"),
        ([(0.02, 0.02), (0.02, 0.018)], "Risk falls in 1 of 2 cases, most in two: 0.2 points"),
        ([(0.02, 0.0199), (0.02, 0.018)], "Risk falls in both cases, most in two: 0.2 points"),
        ([(0.02, 0.018), (0.03, 0.028), (0.1, 0.2)], "Risk falls in 2 of 3 cases, by 0.2 points at most"),
    ],
)
def test_in_how_many_cases_risk_falls_and_where_most(risks: list[tuple[float, float]], said: str) -> None:
    cases = [case(name, *risk) for name, risk in zip(("one", "two", "three"), risks, strict=False)]
    assert _finding(cases) == said


def test_cases_side_by_side_show_no_residue_as_money_and_no_fall_as_nothing() -> None:
    row = _row(case("fund", 0.0166, 0.01651, (6e-5, 0.0, 39.5)), "")
    assert (row["upstream"], row["midstream"], row["downstream"]) == ("≈ 0", "0", "39.5")
    assert (row["observed risk"], row["least risk"], row["fall (points)"]) == ("1.66%", "1.65%", "0.009")


def test_the_worst_moves_money_to_a_tier_or_to_none() -> None:
    tiers = pd.DataFrame({"least risk": [1.0, 2.0, 0.0], "robust": [2.0, 1.0, 0.0]}, index=list(TIERS))
    told = _moved(case("fund", 0.1, 0.1), tiers)
    assert told == "If the worst must be faced, upstream gets JPY 2 billion instead of 1"
    same = tiers.assign(robust=tiers["least risk"])
    assert _moved(case("fund", 0.1, 0.1), same) == "No tier gets more if the worst must be faced"


def test_who_leads_on_a_map_is_told_only_where_one_does() -> None:
    assert _often(pd.DataFrame([["upstream", "upstream"], ["tie", None]])) == "Upstream leads at 2 of 4 pairs"
    assert _often(pd.DataFrame([["upstream", "midstream"]])) == "No tier leads at most of the 2 pairs"
    assert _often(pd.DataFrame([["tie", "tie"]])) == "No tier alone leads at 2 of 2 pairs"
    assert _often(pd.DataFrame([[None]])) == "No pair of values is possible"


def test_figures_are_named_in_words_and_what_is_no_figure_stays(tmp_path: Any) -> None:
    chain: Any = SimpleNamespace(chain=Small(tmp_path / "small").load())
    told = {
        "probabilities: quake": "probabilities: Quake",
        "inputs: part robot": "inputs: Precision parts / Robots",
        "stocks: part held": "stocks: Precision parts / held",
        "durations: quake outage": "durations: Quake / outage",
        "criticality: input part dispensable": "criticality: input Precision parts / dispensable",
        "supply: part JPN JPN": "supply: Precision parts / Japan / Japan",
        "loss_weights: use exports": "loss weights: use exports",
        "all others": "all others",
    }
    assert {name: figure_label(chain, name) for name in told} == told
