"""Self-sufficiency: worked by hand, against a dense program of its own, and laws.

On the small package (tests/small.py) 50 robots are used, 40 made at home, and these use 16 parts, of which 6 can be
made at home: shares of 0.8 and 0.375. With one piece a unit of money adds S1 of supply, up to 0.99 of the ceiling.
"""

import json
from math import log, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import data
from chains import Chain, InputError, load
from optimize import NoSolutionError, cost_curve, evaluate, self_sufficiency
from tests.independent import CALM, Choice, InfeasibleError, Program, Study, Terms, chords, read, rows_of, same
from tests.random_packages import draw, write
from tests.small import FILES, Small

S1 = 0.99 / log(100)
WORKED = {"rel": 1e-8, "abs": 1e-9}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("self-sufficiency") / "small").load()


# --- worked by hand -----------------------------------------------------------------------------------------------


def test_parts_cost_what_their_response_asks(chain: Chain) -> None:
    # 45% of 16 parts are 7.2: 1.2 more than today.
    found = self_sufficiency(chain, 0.45, pieces=1)
    assert found.cost == pytest.approx(1.2 / S1, **WORKED)
    assert found.factor == pytest.approx(1.2 / S1 / 3, **WORKED)
    assert found.segments["least_cost"].to_dict() == pytest.approx(
        {"part": 1.2 / S1, "robot": 0, "system": 0}, abs=1e-7
    )
    assert found.segments["share_today"].to_dict() == pytest.approx({"part": 0.375, "robot": 0.8, "system": 1.0})
    assert found.segments["share_reached"].to_dict() == pytest.approx({"part": 0.45, "robot": 0.8, "system": 1.0})
    assert found.segments.loc["part", "added"] == pytest.approx(1.2, abs=1e-7)
    assert found.segments["chosen"].to_list() == [True, False, False]
    assert found.tiers["least_cost"].to_dict() == pytest.approx(
        {"upstream": 1.2 / S1, "midstream": 0, "downstream": 0}, abs=1e-7
    )
    assert found.tiers["observed"].to_dict() == {"upstream": 0.5, "midstream": 2.0, "downstream": 0.5}


def test_with_ten_pieces_six_chords_are_filled(chain: Chain) -> None:
    # 1.2 is 0.6 of the ceiling 2, a corner of the chords: e = -(2 / 1) ln(1 - 0.6).
    assert self_sufficiency(chain, 0.45).cost == pytest.approx(-2 * log(0.4), **WORKED)


def test_what_the_target_does_to_risk(chain: Chain) -> None:
    # 1.2 parts more: quake 0.20 - 0.05 x 1.2 = 0.14, embargo 0.20. E = 0.024; the worst tenth: 0.05 at 0.20, 0.05 at
    # 0.14, so CVaR 0.17. No other use of that money lowers risk more (tests/optimize/questions/test_ranges.py).
    found = self_sufficiency(chain, 0.45, pieces=1)
    assert found.planned.risk == pytest.approx(0.5 * 0.024 + 0.5 * 0.17, abs=1e-8)
    assert found.risk == pytest.approx(found.planned.risk, abs=1e-8)
    assert found.observed.risk == pytest.approx(evaluate(chain, pieces=1).risk, abs=1e-12)
    assert found.none.risk == pytest.approx(0.115, abs=1e-12)
    assert found.certificate.worst <= 1e-7


def test_a_target_may_spend_where_risk_does_not_fall_most(chain: Chain) -> None:
    # 85% of 50 robots are 42.5: 2.5 more, each worth 0.02 in an embargo; a part is worth 0.05 in a quake.
    found = self_sufficiency(chain, 0.85, segments=["robot"], pieces=1)
    assert found.cost == pytest.approx(2.5 / S1, **WORKED)
    assert found.planned.loss.to_dict() == pytest.approx({"quake": 0.2, "embargo": 0.15, "calm": 0.0}, abs=1e-8)
    assert found.least_risk.allocation.to_numpy().sum() == pytest.approx(found.cost, abs=1e-7)
    assert found.risk < found.planned.risk - 0.01


def test_tiers_and_segments_may_be_named_together(chain: Chain) -> None:
    # Robots at 0.8 are enough: only parts cost.
    both = self_sufficiency(chain, 0.45, segments=["upstream", "robot", "part"], pieces=1)
    assert both.cost == pytest.approx(1.2 / S1, **WORKED)
    assert both.segments["chosen"].to_list() == [True, True, False]


def test_what_a_chosen_segment_makes_uses_more_of_another(small: Small) -> None:
    # 20 robots at home, 30 from Germany: 35 at home need 14 parts, 70% of which are 9.8. Robots add 15, parts 3.8.
    small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,20,").edit("supply.csv", "DEU,DEU,10,", "DEU,DEU,30,")
    small.edit("response.csv", "robot,ceiling,4,2,8", "robot,ceiling,40,2,80")
    small.edit("response.csv", "part,ceiling,2,1,4", "part,ceiling,20,1,40")
    found = self_sufficiency(small.load(), 0.7, segments=["part", "robot"], pieces=1)
    assert found.cost == pytest.approx((15 + 3.8) / S1, **WORKED)
    assert found.segments["added"].to_dict() == pytest.approx({"part": 3.8, "robot": 15, "system": 0}, abs=1e-6)


@pytest.mark.slow
def test_the_definition_of_domestic_decides_what_is_missing(small: Small) -> None:
    # 2 of the 6 parts made at home come from a Japanese plant: domestic by ownership are 4 of 16. 45% are 7.2.
    small.edit("supply.csv", "part,CHN,CHN,6,", "part,CHN,CHN,4,").append(
        "supply.csv", "part,CHN,JPN,1,,,reported,book,", "part,CHN,HYB,1,,,reported,book,"
    )
    small.edit("response.csv", "part,ceiling,2,1,4", "part,ceiling,20,1,40")
    for definition, domestic in (("location", 6), ("ownership", 4), ("broad", 5)):
        found = self_sufficiency(small.load().counting(definition), 0.45, pieces=1)
        assert found.definition == definition
        assert found.cost == pytest.approx((7.2 - domestic) / S1, **WORKED)
        assert found.segments.loc["part", "share_today"] == pytest.approx(domestic / 16)


def test_money_goes_through_the_most_effective_instrument(small: Small) -> None:
    small.append("subsidies.csv", "robot,loans,2022,1,,,reported,book,")
    small.append("instruments.csv", "loans,effectiveness,2,,,reported,book,")
    found = self_sufficiency(small.load(), 0.45, pieces=1)
    assert found.cost == pytest.approx(0.6 / S1, **WORKED)
    assert found.planned.allocation["loans"].sum() == pytest.approx(0.6 / S1, **WORKED)
    by_instrument = found.least_risk.allocation.sum().to_dict()
    assert by_instrument == pytest.approx({"grants": 0.0, "loans": 0.6 / S1}, abs=1e-6)


def test_preferring_home_robots_reaches_a_target_where_it_is_cheaper(small: Small) -> None:
    """A target of 0.84 asks for 42 of 50 robots at home: 2 more, 2 / S1 of subsidies.

    Preferred robots add 0.4 each and cost 0.1: 5 of them, 0.5. Stocks and contracts make nothing at home.
    """
    chain = small.add_structure("procurement.csv", "stocks.csv", "suppliers.csv").load()
    asked = {"target": 0.84, "segments": ("robot",), "pieces": 1}
    assert self_sufficiency(chain, **asked).cost == pytest.approx(2 / S1, **WORKED)
    every = self_sufficiency(chain, **asked, levers=("capacity", "procurement", "stocks", "suppliers"))
    assert every.cost == pytest.approx(0.5, **WORKED)
    assert every.planned.amounts["procurement"].to_dict() == {"robot": pytest.approx(5.0, **WORKED)}
    # with 10.5 parts of Japan there are 16.5, and 42 robots take 16.8: Korea is contracted for 0.3, at 0.2 each
    short = small.edit("supply.csv", "part,JPN,JPN,12", "part,JPN,JPN,10.5").load()
    assert self_sufficiency(short, **asked, levers=("suppliers", "procurement")).cost == pytest.approx(0.56, **WORKED)


def test_the_largest_target_of_one_segment_is_where_its_response_ends(chain: Chain) -> None:
    assert self_sufficiency(chain, 0.4).largest == pytest.approx((6 + 1.98) / 16, abs=1e-6)
    assert self_sufficiency(chain, 0.4, segments=["midstream"]).largest == pytest.approx((40 + 3.96) / 50, abs=1e-6)
    assert self_sufficiency(chain, 1.0, segments=["downstream"]).largest == 1.0


@pytest.fixture
def rivals(small: Small) -> Chain:
    """Robots made at home use up the parts made at home: alone each reaches nearly all, together they cannot."""
    small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,20,").edit("supply.csv", "DEU,DEU,10,", "DEU,DEU,30,")
    return small.edit("response.csv", "robot,ceiling,4,2,8", "robot,ceiling,40,2,80").load()


def test_the_largest_target_of_two_segments_that_pull_against_each_other(rivals: Chain) -> None:
    # y robots: shares y / 50 and 7.98 / 0.4 y, equal where y^2 = 997.5.
    curve = cost_curve(rivals, segments=["part", "robot"])
    assert curve.largest == pytest.approx(sqrt(7.98 / 0.4 / 50), abs=1e-6)
    assert curve.costs.index[-1] == curve.largest
    assert curve.costs.index[-2] == pytest.approx(0.6)
    at_largest = self_sufficiency(rivals, curve.largest, segments=["part", "robot"])
    assert at_largest.cost == pytest.approx(curve.costs.iloc[-1], **WORKED)
    assert at_largest.segments.loc["part", "share_reached"] == pytest.approx(curve.largest, abs=1e-7)


# --- targets out of reach -----------------------------------------------------------------------------------------


def said(chain: Chain, target: float, *segments: str) -> str:
    with pytest.raises(NoSolutionError) as caught:
        self_sufficiency(chain, target, segments=segments)
    return str(caught.value)


def test_a_response_that_ends_is_named_with_what_it_reaches(chain: Chain) -> None:
    words = said(chain, 0.7, "upstream")
    assert "part reaches at most 49.87% (its response ends at 1.98 RMB billion per year more)" in words
    # 1.98 is 0.99 of the ceiling 2: e = -(2 / 1) ln(1 - 0.99)
    assert f"the largest target that can be reached is 49.87%, for {-2 * log(0.01):.4g} RMB billion" in words


def test_an_input_that_is_short_is_named(small: Small) -> None:
    rows = FILES["response.csv"].splitlines(keepends=True)
    small.replace("response.csv", "".join(row for row in rows if not row.startswith("part")))
    small.edit("supply.csv", "part,JPN,JPN,12,", "part,JPN,JPN,10.4,")
    # 16.4 parts make 41 robots of 50.
    chain = small.load()
    words = said(chain, 0.85, "robot")
    assert "robot reaches at most 82.00% (too little of its inputs: part)" in words
    assert self_sufficiency(chain, 0.82, segments=["robot"], pieces=1).cost == pytest.approx(1 / S1, rel=1e-5)
    assert "no subsidy adds to its supply" in said(chain, 0.7, "part")


def test_segments_that_reach_it_alone_but_not_together(rivals: Chain) -> None:
    words = said(rivals, 0.7, "part", "robot")
    assert "each segment reaches it alone, but not all together: there is too little of part;" in words
    assert "63.16%" in words


def test_without_an_instrument_nothing_can_be_added(small: Small) -> None:
    bare = small.replace("subsidies.csv", FILES["subsidies.csv"].partition("\n")[0] + "\n").load()
    assert "part reaches at most 37.50%" in said(bare, 0.45, "part")
    assert "no subsidy adds to its supply" in said(bare, 0.45, "part")
    met = self_sufficiency(bare, 0.375)
    assert met.cost == 0.0
    assert np.isnan(met.factor)


def test_bad_questions_are_refused_all_at_once(chain: Chain) -> None:
    with pytest.raises(InputError, match="did you mean 'upstream'") as caught:
        self_sufficiency(chain, 0.5, segments=["upsteam", "robots"])
    assert len(caught.value.problems) == 2
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match="option target"):
            self_sufficiency(chain, wrong)
    with pytest.raises(InputError, match="option targets"):
        cost_curve(chain, [0.5, 70.0])
    with pytest.raises(InputError, match="option segments"):
        self_sufficiency(chain, 0.5, segments=[])


# --- laws ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_a_higher_target_never_costs_less_and_one_met_today_costs_nothing(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 41])
    tables, home = draw(rng)
    chain = load(write(tmp_path / "dice", tables, home))
    everything = list(chain.segments.index)
    curve = cost_curve(chain, np.linspace(0, 1, 9).tolist(), segments=everything)
    size = 1e-8 * float(chain.numbers.demand.sum())
    assert (np.diff(curve.costs) >= -size).all()
    today = self_sufficiency(chain, 0.0, segments=everything).segments["share_today"].min()
    assert self_sufficiency(chain, max(today - 1e-6, 0.0), segments=everything).cost <= size


def test_the_cost_scales_with_money(small: Small, chain: Chain) -> None:
    larger = chain
    for table, where in (("demand", {}), ("supply", {}), ("subsidies", {}), ("response", {"parameter": "ceiling"})):
        larger = larger.scaled(table, 1000.0, **where)
    one, thousand = self_sufficiency(chain, 0.45), self_sufficiency(larger, 0.45)
    assert thousand.cost == pytest.approx(1000 * one.cost, **WORKED)
    assert thousand.factor == pytest.approx(one.factor, **WORKED)
    assert thousand.planned.risk == pytest.approx(one.planned.risk, abs=1e-9)
    assert thousand.largest == pytest.approx(one.largest, abs=1e-9)


def test_money_that_works_half_as_well_costs_twice_as_much(small: Small, chain: Chain) -> None:
    small.append("instruments.csv", "grants,effectiveness,0.5,,,reported,book,")
    cost = self_sufficiency(chain, 0.45).cost
    assert self_sufficiency(small.load(), 0.45).cost == pytest.approx(2 * cost, **WORKED)


# --- against a dense program --------------------------------------------------------------------------------------


def dense_plan(
    folder: Path,
    chosen: list[str],
    target: float,
    pieces: int,
    owners: set[str] | None,
    levers: tuple[str, ...] = ("capacity",),
) -> float:
    """The least budget by a dense program of its own; InfeasibleError where no money reaches the target."""
    model, program = read(folder), Program()
    unit = sum(model.demand.values()) / 1000.0
    cost: Terms = {}
    for k in model.segments:
        domestic = sum(
            float(row["value"])
            for row in rows_of(folder, "supply")
            if row["segment"] == k and _is_home(folder, row) and (owners is None or row["owner"] in owners)
        )
        home = model.home.get((k, CALM), 0.0)
        added: Terms = {}
        funds: Terms = {}
        for j, (width, slope) in enumerate(chords(model.slope[k], model.ceiling[k] / unit, pieces)):
            program.variable("z", k, j, high=width)
            added["z", k, j], funds["z", k, j] = -slope, 1.0
        for i in model.instruments:
            program.variable("x", k, i)
            funds["x", k, i] = -model.effectiveness[k, i]
            cost["x", k, i] = 1.0
        if "procurement" in levers and k in model.preference:
            limit, premium, response = model.preference[k]
            preferred = program.variable("preferred", k, high=limit / unit)
            added[preferred], cost[preferred] = -response, premium
        program.variable("own", k)
        program.variable("other", k, high=max(home - domestic, 0.0) / unit)
        program.variable("m", k, high=model.foreign.get((k, CALM), 0.0) / unit)
        program.at_most(funds, 0.0)
        program.at_most({("own", k): 1.0, **added}, domestic / unit)
    for k in model.segments:
        demand = model.demand.get(k, 0.0) / unit
        used: Terms = {}
        for l in model.segments:
            for kind in ("own", "other"):
                used[kind, l] = model.coefficient.get((k, l), 0.0)
        for sign in (1.0, -1.0):
            balance = {name: -sign * a for name, a in used.items()}
            for kind in ("own", "other"):
                balance[kind, k] += sign
            program.at_most({**balance, ("m", k): sign}, sign * demand)
        if k in chosen:
            short = {name: target * a for name, a in used.items()}
            short["own", k] -= 1.0
            program.at_most(short, -target * demand)
    return program.minimise(cost)[0] * unit


def _is_home(folder: Path, row: dict[str, str]) -> bool:
    meta = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["tierwise"]
    return row["location"] == meta["home"]


def assert_agrees(folder: Path, chosen: list[str], shares: tuple[float, ...], pieces: int, definition: str) -> None:
    chain = load(folder).counting(definition)
    owners = {"location": None, "ownership": {chain.home}, "broad": {chain.home, "HYB"}}[definition]
    size = float(chain.numbers.demand.sum())
    largest = cost_curve(chain, [], segments=chosen, pieces=pieces).largest
    for share in shares:
        found = self_sufficiency(chain, share * largest, segments=chosen, pieces=pieces)
        expected = dense_plan(folder, chosen, share * largest, pieces, owners)
        assert found.cost == pytest.approx(expected, rel=1e-6, abs=1e-8 * size)
        assert found.planned.allocation.to_numpy().sum() == pytest.approx(found.cost, rel=1e-6, abs=1e-8 * size)
        assert found.certificate.worst <= 1e-7
        assert found.risk <= found.planned.risk + 1e-8
        reached = found.segments.loc[chosen, "share_reached"].dropna()
        assert (reached >= share * largest - 1e-6).all()
        assert_least_risk(folder, found.planned.allocation, found.risk, pieces, definition)
    if largest < 1.0 - 2e-6:
        with pytest.raises(InfeasibleError):
            dense_plan(folder, chosen, largest + 2e-6, pieces, owners)


def assert_least_risk(folder: Path, allocation: pd.DataFrame, risk: float, pieces: int, definition: str) -> None:
    """The risk that stands beside the plan is the least of its money, instrument by instrument."""
    if definition == "location":
        study = Study(read(folder), pieces=pieces)
        expected = study.least_risk(Choice(allocation.sum().to_dict(), {}, {}, None))
        assert same(risk, expected, relative=1e-6, absolute=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "definition"), [("robots", "location"), ("robots", "ownership"), ("chips", "broad")])
def test_a_shipped_chain_agrees_with_the_dense_program(name: str, definition: str) -> None:
    upstream = [row["segment"] for row in rows_of(data.folder(name), "segments") if row["tier"] == "upstream"]
    assert_agrees(data.folder(name), upstream, (0.9,), 10, definition)


@pytest.mark.parametrize("seed", range(8))
def test_a_random_chain_agrees_with_the_dense_program(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 42])
    tables, home = draw(rng)
    names = [row["segment"] for row in tables["segments"]]
    chosen = sorted({str(name) for name in rng.choice(names, rng.integers(1, len(names) + 1))}, key=names.index)
    definition = str(rng.choice(["location", "ownership", "broad"]))
    assert_agrees(write(tmp_path / "dice", tables, home), chosen, (0.5, 0.95), int(rng.choice([1, 5, 10])), definition)


@pytest.mark.slow
def test_seventy_percent_of_core_components_is_out_of_reach_for_robots_and_chips() -> None:
    # Of robots' chips 25.6% are made in China; the last chord reaches 0.99 of 3 x (25.6 - 21.5) / 2 = 6.15% more.
    # Lithography: 0.1333 at home and 0.99 of a ceiling of 1.34, of 26.79 used.
    robots = said(load("robots"), 0.7, "upstream")
    assert "semiconductors reaches at most 31.68% (its response ends at 0.03021" in robots
    assert "lithography reaches at most 5.44% (its response ends at 1.327" in said(load("chips"), 0.7, "upstream")
