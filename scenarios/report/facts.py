"""What stands beside the advice of a case on the first page, each fact from stored numbers alone.

In order: the fall in risk within and across tiers, expected loss and the bad tail, who is worse off, how long the
advice holds, and what the first tenth brings. A fact that was not measured says so or is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from chains.tables.problems import listed
from optimize.questions.first_tenth import FIRST
from scenarios.documents.turning_points import called, value_in_words
from scenarios.report.advice import differs
from scenarios.report.figures import money, points, share
from scenarios.report.naming import NOTHING, money_unit, scenario_label, segment_label
from scenarios.storing import StoredCase

__all__ = ["WORSE", "Fact", "facts", "hardest_hit", "more_lost", "tail_in_words", "within_and_across", "worse_off"]

WORSE = "Who is worse off"
_NAMED = 2
"""Scenarios that are named of those in which more is lost; of others it is said how many there are."""


class Fact(NamedTuple):
    """One thing that is said, under a heading of a few words."""

    heading: str
    words: str


def facts(case: StoredCase) -> tuple[Fact, ...]:
    """The facts of a solved case, in the order of the first page."""
    found = {
        "Within tiers or across them": within_and_across(case),
        "On average, and in the bad tail": tail_in_words(case),
        WORSE: worse_off(case),
        "How far it holds": _holds(case),
        "The first tenth": _first_tenth(case),
    }
    return tuple(Fact(heading, words) for heading, words in found.items() if words)


def within_and_across(case: StoredCase) -> str:
    """What it brings to move money within tiers alone, and across them alone; nothing where there is no gain."""
    parts = case.optimize["parts"]
    if parts["all"] <= NOTHING:
        return ""
    kept = {"within": "each tier's share of the money", "across": "the split inside each tier"}
    said = []
    for part, what in kept.items():
        fall = parts[part]
        if fall is None:
            said.append(f"no allocation allowed keeps {what} as today")
        elif abs(fall) <= NOTHING:
            said.append(f"with {what} as today it does not fall")
        else:
            said.append(f"with {what} as today it {'falls' if fall > 0.0 else 'rises'} by {fall_of(abs(fall))}")
    return f"Risk falls by {fall_of(parts['all'])}; {', '.join(said)}."


def fall_of(fall: float) -> str:
    """A fall in risk that is more than nothing."""
    return points(fall) if fall >= 5e-5 else "less than 0.01 points"


def tail_in_words(case: StoredCase) -> str:
    """Expected loss and CVaR as observed and in the least-risk decision, and how much each counts."""
    best = case.optimize
    loss, tail = best["expected_loss"], best["cvar"]
    options = best["provenance"]["options"]
    worst = share(1 - options["alpha"], 0)
    return (
        f"Expected loss {_goes(loss['observed'], loss['optimal'])} of final demand; the mean of the worst {worst} of "
        f"outcomes (CVaR) {_goes(tail['observed'], tail['optimal'])}. Risk counts the tail {share(options['beta'], 0)} "
        "and the mean the rest."
    )


def _goes(before: float, after: float) -> str:
    if abs(after - before) <= NOTHING:
        return f"stays at {share(before)}"
    low, high = differs(before, after)
    return f"{'falls' if after < before else 'rises'} from {low} to {high}"


def worse_off(case: StoredCase) -> str:
    """The scenarios in which more is lost than today, the worst first, and of which good most; or that none is."""
    losses, more = case.optimize["loss"], more_lost(case)
    worse = sorted(more, key=lambda name: -more[name])
    if not worse:
        return "In no scenario is more lost than today."
    said = []
    for name in worse[:_NAMED]:
        before, after = differs(losses["observed"][name], losses["optimal"][name])
        said.append(f"“{scenario_label(name)}”: {after} of final demand instead of {before}{_whose(case, name)}")
    rest, count = len(worse) - len(said), len(losses["observed"])
    others = f"; more is lost in {rest} other{'s' if rest > 1 else ''} too" if rest else ""
    return f"More than today is lost in {'; in '.join(said)}{others}. {_no_worse(count - len(worse), count)}"


def more_lost(case: StoredCase) -> dict[str, float]:
    """By scenario how much more is lost than today, where it is more than rounding; shares of final demand."""
    losses = case.optimize["loss"]
    more = {name: losses["optimal"][name] - now for name, now in losses["observed"].items()}
    return {name: added for name, added in more.items() if added > NOTHING}


def hardest_hit(case: StoredCase, scenario: str) -> tuple[str, float]:
    """The good whose unmet demand grows most in a scenario, and by how much."""
    unmet = case.optimize["unmet"]
    before, after = unmet["observed"][scenario], unmet["optimal"][scenario]
    more = {good: after[good] - before[good] for good in after}
    first = max(more, key=lambda good: more[good])
    return first, more[first]


def _no_worse(count: int, scenarios: int) -> str:
    if not count:
        return f"There is none of the {scenarios} scenarios in which it is not so."
    return f"In {count} of {scenarios} scenarios no more is lost."


def _whose(case: StoredCase, scenario: str) -> str:
    """The good whose unmet demand grows most, where there is demand for several."""
    wanted = int((case.chain.numbers.demand > 0).sum())
    first, more = hardest_hit(case, scenario)
    return f" ({segment_label(case, first)} most)" if wanted > 1 and more > 0 else ""


def _holds(case: StoredCase) -> str:
    """Measured turning points around the package's values; else the break-even interval; else that none was asked."""
    if (turning := case.answers.get("turning-points")) and turning["searched"]:
        return _turning(turning)
    if found := case.answers.get("break-even"):
        words = str(found["words"])
        return f"{words[0].upper()}{words[1:]}. What else would turn it was not asked."
    return "Not asked in this study: its output turning-points measures it."


def _turning(found: Mapping[str, Any]) -> str:
    """Between which values of each number, the others as they stand, the tier that leads goes on to lead."""
    first = found["first"]
    if first is None:
        return "No tier gets the most in every least-risk allocation, so there is no lead that could turn."
    bounds: list[str] = []
    free: list[str] = []
    for each in found["searched"]:
        ends = list(_ends(each, first))
        number = called(each["number"])
        (bounds if ends else free).append(f"{number} is {' and '.join(ends)}" if ends else number)
    said = (
        f"{first.capitalize()} gets the most as long as {listed(bounds)}, one number turned at a time" if bounds else ""
    )
    if not free:
        return f"{said}."
    whole = f"over the whole range of {listed(free)}"
    if said:
        return f"{said}; {whole} no other tier was found to lead."
    alone = ", each turned by itself" if len(free) > 1 else ""
    return f"{first.capitalize()} gets the most {whole}{alone}: no other tier was found to lead."


def _ends(each: Mapping[str, Any], first: str) -> Iterator[str]:
    """Where the lead around the value of the package ends inside the range of a number."""
    now, leads = each["now"], each["leads"]
    at = next((n for n, lead in enumerate(leads) if lead["first"] == first and lead["from"] <= now <= lead["to"]), None)
    if at is None:
        return
    if at > 0:
        yield f"above {value_in_words(each['unit'], leads[at]['from'])}"
    if at + 1 < len(leads):
        yield f"below {value_in_words(each['unit'], leads[at]['to'])}"


def _first_tenth(case: StoredCase) -> str:
    """What of the fall comes from the first tenth that moves; nothing where there is no gain or no such number."""
    fall, tenth = case.optimize["parts"]["all"], case.optimize.get("first_tenth")
    if fall <= NOTHING or tenth is None:
        return ""
    budget = sum(case.optimize["budget"].values())
    moved = f"Moving {share(FIRST, 0)} of the money, {money(FIRST * budget, money_unit(case))},"
    if tenth <= NOTHING:
        return f"{moved} brings nothing yet of the {fall_of(fall)}."
    if fall - tenth <= NOTHING:
        return f"{moved} or less brings all of the {fall_of(fall)}."
    part = share(tenth / fall, 0)
    return f"{moved} where it does most brings {fall_of(tenth)} of the {fall_of(fall)}: {part} of the gain."
