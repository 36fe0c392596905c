"""Where the advice turns: by hand on the small package, and by a scan of the independent dense model.

With beta 0 and one piece a unit of money lowers risk by 0.005 S1 in parts and 0.001 S1 in robots (tests/small.py), as
far as the chord goes: 2 ln 100 / slope in parts, 4 ln 100 / slope in robots; the budget is 3.
"""

import math
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from chains import InputError, load
from optimize import least_risk, turning_points
from optimize.questions.turning_points import Searched, TurningPoints
from tests.independent import Study, read
from tests.random_packages import Tables, add_structure, draw, measured, write
from tests.small import Small

EXPECTED = {"beta": 0.0, "pieces": 1}


def points(found: TurningPoints) -> list[tuple[float, str, str]]:
    return [(point.at, point.before, point.after) for point in found.points]


@pytest.mark.slow
def test_how_well_a_tier_uses_money_turns_the_advice_where_both_are_worth_the_same(small: Small) -> None:
    found = turning_points(small.load(), of="slope:upstream", **EXPECTED)
    # 0.005 f = 0.001 at f = 0.2; where the chord of parts takes half of the budget, 2 ln 100 / f = 1.5
    (low, *first), (high, *then) = points(found)
    assert (low, high) == (pytest.approx(0.2, abs=1e-4), pytest.approx(4 * math.log(100) / 3, abs=1e-4))
    assert (first, then) == (["midstream", "upstream"], ["upstream", "midstream"])
    assert found.first == "upstream"
    before, after = (getattr(found.points[0], f"{side}_shares") for side in ("before", "after"))
    # so near to the turn that the tie of 1e-9 of risk leaves some money where it was observed
    assert before["midstream"] == pytest.approx(1.0, abs=0.03)
    assert after["upstream"] == pytest.approx(1.0, abs=0.03)
    assert found.points[1].before_shares["upstream"] == pytest.approx(0.5, abs=1e-4)


@pytest.mark.slow
def test_a_factor_on_the_other_tier_turns_it_likewise(small: Small) -> None:
    found = turning_points(small.load(), of=["slope:midstream", "slope:downstream"], **EXPECTED)
    assert points(found) == [(pytest.approx(5.0, abs=1e-4), "upstream", "midstream")]
    assert [each.number.name for each in found.searched] == ["slope:midstream", "slope:downstream"]
    assert [lead.first for lead in found.searched[1].leads] == ["upstream"]


@pytest.mark.slow
def test_the_probability_of_one_disruption(small: Small) -> None:
    found = turning_points(small.load(), of="probability:quake", **EXPECTED)
    assert points(found) == [(pytest.approx(0.2, abs=1e-4), "midstream", "upstream")]
    assert (found.searched[0].number.low, found.searched[0].number.high) == (0.0, 4.0)


@pytest.mark.slow
def test_a_probability_of_nothing_is_set(small: Small) -> None:
    small.edit("probabilities.csv", "quake,0.1,0.05,0.2", "quake,0,0,0.2")
    found = turning_points(small.load(), of="probability:quake", **EXPECTED)
    # 0.05 p = 0.001
    assert points(found) == [(pytest.approx(0.02, abs=1e-4), "midstream", "upstream")]
    assert (found.searched[0].number.unit, found.searched[0].number.high) == ("probability", pytest.approx(0.95))


@pytest.mark.slow
def test_where_more_money_is_there_than_can_be_used_it_is_a_tie(small: Small) -> None:
    # no disruption: any allocation has no risk
    found = turning_points(small.load(), of="probability", **EXPECTED)
    assert found.points == ()
    tie, leads = found.searched[0].leads
    assert (tie.first, leads.first) == (None, "upstream")
    assert tie.end <= 1e-4


@pytest.mark.slow
def test_a_stock_that_is_enough_turns_the_money_to_what_is_still_lacking(small: Small) -> None:
    small.append("stocks.csv", "part,held,1,,,reported,book,")
    found = turning_points(small.load(), of="held", budget=1.0, **EXPECTED)
    assert found.searched[0].number.unit == "factor"
    # the quake takes 6, of 18 parts 16 are used: 4 are lacking; from a stock of 4 on money does not help there
    assert points(found)[0][1:] == ("upstream", "midstream")
    assert points(found)[0][0] == pytest.approx(4.0 - 0.5 * 0.99 / math.log(100), abs=1e-4)


def test_equal_money_everywhere_is_no_turn(small: Small) -> None:
    # both limited to the same: they get equally much at every slope that pays
    found = turning_points(
        small.load(), of="slope:upstream", maximum={"upstream": 1.0, "midstream": 1.0, "downstream": 0.5}, **EXPECTED
    )
    assert found.points == ()
    assert {lead.first for lead in found.searched[0].leads} == {None}


@pytest.mark.slow
def test_two_numbers_at_once(small: Small) -> None:
    found = turning_points(small.load(), map=("slope:upstream", "slope:midstream"), **EXPECTED)
    assert found.searched == ()
    assert found.map is not None
    for up in found.map.leads.columns:
        for middle in found.map.leads.index:
            robots_pay_more = 0.001 * middle > 0.005 * up
            first, length = (4.0 / middle, "midstream") if robots_pay_more else (2.0 / up, "upstream")
            told = length if first * math.log(100) > 1.5 else {"midstream": "upstream", "upstream": "midstream"}[length]
            rest = (2.0 / up if robots_pay_more else 4.0 / middle) * math.log(100)
            if told != length and rest < 3 - first * math.log(100):
                continue  # both chords full: what is left is of use to nobody
            assert found.map.leads.loc[middle, up] == told, (up, middle)


@pytest.mark.slow
def test_probabilities_of_more_than_one_are_not_possible(small: Small) -> None:
    small.edit("probabilities.csv", "quake,0.1,0.05,0.2", "quake,0.5,0.05,0.6")
    found = turning_points(small.load(), map=("probability", "probability:quake"), **EXPECTED)
    assert found.map is not None
    assert found.map.leads.iloc[-1, -1] == ""
    assert found.map.leads.loc[1.0, 1.0] == "upstream"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"of": "slopes"}, "is not a structural number"),
        ({"of": "slope:upstraem"}, "slope:upstream"),
        ({"of": "probability:flood"}, "is not a structural number"),
        ({"map": ("held",)}, "is not a pair"),
        ({"map": ("held", "held")}, "is not a pair"),
        ({"steps": 0}, "is too few"),
    ],
)
def test_what_cannot_be_turned_is_named(small: Small, question: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        turning_points(small.load(), **question)


@pytest.mark.slow
def test_the_rows_that_make_a_number_change_no_answer(small: Small) -> None:
    chain = small.load()
    found = turning_points(chain, of=["dispensable", "outage", "held", "spare"], steps=2)
    money = least_risk(chain).by_segment
    assert found.first == chain.segments["tier"][money.idxmax()]
    for each in found.searched:
        (now,) = {lead.first for lead in each.leads if lead.start <= each.number.now <= lead.end}
        assert now == found.first


Change = Callable[[Tables, str, float], None]


def _dispensable(tables: Tables, home: str, value: float) -> None:
    tables["criticality"] = [measured(value, input="", user="", parameter="dispensable")]


def _spare(tables: Tables, home: str, value: float) -> None:
    tables["surge"] = [row for row in tables.get("surge", []) if row["location"] != home]
    tables["surge"].append(measured(value, segment="", location=home))


def _outage(tables: Tables, home: str, value: float) -> None:
    tables["durations"] = [
        measured(value, scenario=row["scenario"], parameter="outage") for row in tables["probabilities"]
    ]


def _held(tables: Tables, home: str, value: float) -> None:
    for row in tables["stocks"]:
        if row["parameter"] == "held":
            row["value"] *= value
    held = {row["segment"]: row["value"] for row in tables["stocks"] if row["parameter"] == "held"}
    for row in tables["stocks"]:
        if row["parameter"] == "limit":
            row["value"] = max(row["value"], held.get(row["segment"], 0.0))


def _slope(tables: Tables, home: str, value: float) -> None:
    tiers = {row["segment"]: row["tier"] for row in tables["segments"]}
    for row in tables["response"]:
        if row["parameter"] == "slope" and tiers[row["segment"]] == "midstream":
            row["value"] *= value


CHANGES: dict[str, Change] = {
    "dispensable": _dispensable,
    "spare": _spare,
    "outage": _outage,
    "held": _held,
    "slope:midstream": _slope,
}
NEEDS = {"held": ("stocks",), "spare": ("durations",), "slope:midstream": ("stocks", "criticality")}
"""Tables of structure that a package has: those that the number multiplies, or some beside it."""


def lead_at(each: Searched, value: float) -> set[str | None]:
    """What is said to lead at a value; both, where it is as near to a change as that is known."""
    return {lead.first for lead in each.leads if lead.start - 2e-4 <= value <= lead.end + 2e-4}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", CHANGES)
def test_a_scan_of_random_packages_finds_the_same_leads(name: str, seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, len(name), 5])
    tables, home = draw(rng)
    add_structure(rng, tables, home, NEEDS.get(name, ()))
    found = turning_points(load(write(tmp_path / "package", tables, home)), of=name, pieces=3)
    (each,) = found.searched
    edges = [at for point in found.points for at in (point.at - 3e-4, point.at + 3e-4) if each.number.low <= at]
    for n, value in enumerate([*np.linspace(each.number.low, each.number.high, 7)[1:-1], *edges]):
        changed = deepcopy(tables)
        CHANGES[name](changed, home, float(value))
        study = Study(read(write(tmp_path / f"scan{n}", changed, home)), pieces=3)
        assert study.leads(study.choice()) in lead_at(each, float(value)), value
