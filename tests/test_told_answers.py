"""What README and docs tell of the shipped packages, against what the quick questions answer.

Each sentence is written anew from the answer and looked for in the page, so a page that went stale fails with the
sentence that it should have.
"""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import data
from chains import Chain, load
from chains.indicators import indicators_by_definition, ranking_by_definition
from optimize import NoSolutionError, Result, cut_loss, evaluate, frontier, least_risk, optimize, self_sufficiency
from optimize.questions.ranges import ranges

ROOT = Path(__file__).parents[1]
DEFINITIONS = ("location", "ownership", "broad")
CRITICAL = {
    "materials": ["foundry", "memory", "discretes", "packaging"],
    "photoresist": ["foundry", "memory", "discretes"],
    "wafers": ["discretes"],
}
"""Inputs of chips, with their users, that the survey behind `criticality` rates critical."""


@cache
def answer(package: str) -> Result:
    return optimize(load(package))


def page(name: str) -> str:
    return " ".join((ROOT / name).read_text("utf-8").split())


def three(shares: list[str]) -> str:
    return f"{shares[0]}, {shares[1]} and {shares[2]}"


def test_the_alternative_text_of_the_picture_has_the_money_by_tier() -> None:
    found = answer("robots")
    observed, best = (three([f"{money:.2f}" for money in found.tiers(at)]) for at in (found.observed, found.optimal))
    assert f"({observed} RMB billion)" in page("README.md")
    assert f"the least-risk allocation ({best})" in page("README.md")


def test_the_tiers_of_robots_get_what_readme_says() -> None:
    money = answer("robots").tiers(answer("robots").optimal)
    assert f"whose tiers get {three([f'{share:.0%}' for share in money / money.sum()])}" in page("README.md")


def test_the_risk_of_robots_is_that_of_the_page_on_sources() -> None:
    found, text = answer("robots"), page("docs/sources.md")
    assert f"{found.observed.risk:.2%} of final demand is at risk as observed and {found.risk:.2%} at best" in text
    assert f"RMB {found.optimal.by_segment['semiconductors']:.2f} bn for semiconductors" in text


def test_the_risk_of_japan_is_that_of_the_page_on_sources() -> None:
    best = least_risk(load("japan"))
    assert f"{best.risk:.1%} of final demand is at risk at best" in page("docs/sources.md")
    assert best.by_segment["integration"] == pytest.approx(39.5, abs=1e-3)
    assert "All money goes to integration either way." in page("docs/sources.md")


def evidence(package: str) -> tuple[int, int, int]:
    """Numbers of a package that are reported, derived and assumed, counted in its files; what is chosen is none."""
    statuses: Counter[str] = Counter()
    for file in set(data.folder(package).glob("*.csv")) - {data.folder(package) / "loss_weights.csv"}:
        with file.open(encoding="utf-8", newline="") as rows:
            statuses.update(row["status"] for row in csv.DictReader(rows) if "status" in row)
    return statuses["reported"], statuses["derived"], statuses["assumed"]


def test_readme_has_the_shares_of_evidence() -> None:
    share = {
        package: f"{1 - evidence(package)[2] / sum(evidence(package)):.0%}"
        for package in ("robots", "chips", "ai", "japan")
    }
    told = "{robots} of the numbers of `robots`, {chips} of `chips`, {ai} of `ai` and {japan} of `japan`".format(
        **share
    )
    assert told in page("README.md")


@pytest.mark.parametrize("package", ["robots", "japan", "chips", "ai", "coupled"])
def test_the_page_on_sources_has_the_counts(package: str) -> None:
    reported, derived, assumed = evidence(package)
    total = reported + derived + assumed
    row = f"| `{package}` | {total} | {reported} | {derived} | {(reported + derived) / total:.0%} |"
    assert row in page("docs/sources.md")


def reading(package: str, share: float) -> Chain:
    """The package where this share of what is critical can be done without."""
    chain = load(package)
    if package == "robots":
        return chain.with_value("criticality", share, input="", user="", parameter="dispensable")
    for segment, users in CRITICAL.items():
        chain = chain.with_value("criticality", share, input=segment, user=users, parameter="dispensable")
    return chain


@pytest.mark.slow
@pytest.mark.parametrize(("told", "share"), [("0 (`chips` as shipped)", 0.0), ("10% (`robots` as shipped)", 0.1)])
def test_the_readings_of_critical_give_what_the_page_on_structure_says(told: str, share: float) -> None:
    cells = []
    for package in ("chips", "robots"):
        chain = reading(package, share)
        best = least_risk(chain)
        upstream = best.by_segment[(chain.segments["tier"] == "upstream").to_numpy()].sum() / best.by_segment.sum()
        cells += [f"{upstream:.0%}"]
        if package == "chips":
            cells += [
                f"RMB {best.by_segment['materials']:.1f} bn" if share == 0.0 else f"{best.by_segment['materials']:.0f}"
            ]
        cells += [f"{best.risk:.2%}"]
    assert f"| {told} | {' | '.join(cells)} |" in page("docs/structure.md")


@pytest.mark.slow
def test_each_mistaken_reading_of_critical_costs_what_the_page_says() -> None:
    first, second = reading("chips", 0.0), reading("chips", 0.1)
    best, other = least_risk(first), least_risk(second)
    for truth, right, wrong in ((second, other, best), (first, best, other)):
        risk = evaluate(truth, wrong.allocation["guidance_fund"]).risk
        told = f"costs {100 * (risk - right.risk):.2f} points of final demand ({risk:.2%} instead of {right.risk:.2%})"
        assert told in page("docs/structure.md")


def test_the_first_row_of_choke_points_of_robots_is_as_told() -> None:
    loss = cut_loss(load("robots"), country="JPN").loss
    assert f"| country JPN | {loss:.1%} |" in page("docs/questions/choke-points.md")


@pytest.mark.parametrize("package", ["robots", "chips"])
def test_the_ranking_by_definition_is_as_told(package: str) -> None:
    chain = load(package)
    shares = indicators_by_definition(chain).xs("import_share", axis=1, level="indicator")
    ranks = ranking_by_definition(chain, "import_share")
    for segment in shares.index:
        cells = [f"{shares.loc[segment, by]:.2f} ({ranks.loc[segment, by]:.0f})" for by in DEFINITIONS]
        told = f"| {segment} | {' | '.join(cells)} | {ranks.loc[segment, 'moves']:.0f} |"
        assert told in page("docs/questions/indicators.md")


def test_the_frontier_of_robots_begins_as_told() -> None:
    found = frontier(load("robots"), max_budget=0.012)
    for budget, risk in found.breakpoints.iloc[:3][["budget", "risk"]].itertuples(index=False):
        assert f"| {budget:.6f} | {risk:.6f} |" in page("docs/questions/frontier.md").replace("| 0 |", "| 0.000000 |")


def test_the_ranges_of_robots_are_as_told() -> None:
    amounts = ranges(load("robots")).amounts
    for segment in ("mounters", "semiconductors"):
        least, most = amounts.loc[segment]
        assert f"{segment} {least:.4f} to {most:.4f}" in page("docs/questions/ranges.md")


@pytest.mark.slow
def test_a_target_of_70_percent_is_out_of_reach_in_the_words_of_the_page() -> None:
    with pytest.raises(NoSolutionError, match="no money reaches") as told:
        self_sufficiency(load("robots"), target=0.7)
    first, *_, last = str(told.value).split("; ")
    text = page("docs/questions/self-sufficiency.md").replace("> ", "")
    assert first in text
    assert last in text
