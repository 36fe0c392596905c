"""The movable program: where all sliders start it is the chain's, and at a position that of the chain changed so."""

from pathlib import Path

import numpy as np
import pytest

from chains import Chain
from optimize import least_risk
from optimize.solver.linear import Solver
from optimize.solving.movable import Movable, NotMovableError, movable
from optimize.solving.options import Options
from optimize.solving.sliders import BUDGET, DISPENSABLE, OUTAGE, PROBABILITY, Sliders
from tests.small import Small


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    package = Small(tmp_path_factory.mktemp("movable") / "small").add_structure("criticality.csv", "durations.csv")
    return package.edit("disruptions.csv", "quake,,JPN,,0.5", "quake,,JPN,,1").load()


@pytest.fixture(scope="module")
def found(chain: Chain) -> Movable:
    return movable(chain, Options())


def risk(found: Movable, positions: list[int]) -> float:
    return Solver(found.at(positions)).solve().objective * found.risk


def test_where_all_sliders_start_it_is_the_program_of_the_chain(chain: Chain, found: Movable) -> None:
    assert risk(found, found.starts) == pytest.approx(least_risk(chain).risk, abs=1e-8)
    assert np.allclose(found.at(found.starts).cost, found.stages.program.cost, rtol=1e-12, atol=1e-12)


def test_several_sliders_at_once_give_the_risk_of_the_chain_changed_so(chain: Chain, found: Movable) -> None:
    values = {BUDGET: 1.5, DISPENSABLE: 0.5, OUTAGE: 0.5}
    positions = found.starts
    for n, moves in enumerate(found.moves):
        if moves.slider.kind in values:
            positions[n] = int(np.argmin(np.abs(moves.slider.values - values[moves.slider.kind])))
    changed = (
        chain.scaled("criticality", 0.5, parameter="dispensable")
        .scaled("durations", 0.5, parameter="outage")
        .with_row("durations", 6.0, scenario="embargo", parameter="outage")
    )
    assert risk(found, positions) == pytest.approx(least_risk(changed, budget=1.5).risk, abs=1e-8)


@pytest.mark.parametrize("position", [-1, 5])
def test_a_likelier_disruption_takes_its_probability_from_calm(chain: Chain, found: Movable, position: int) -> None:
    """The quake's slider ends at 0.4, four times its 0.1; of its other values the risk is that of the chain, too."""
    positions = found.starts
    n = next(n for n, moves in enumerate(found.moves) if moves.slider.scenario == "quake")
    positions[n] = position % len(found.moves[n].slider.values)
    likely = chain.with_value("probabilities", float(found.moves[n].slider.values[positions[n]]), scenario="quake")
    assert risk(found, positions) == pytest.approx(least_risk(likely).risk, abs=1e-8)


def test_a_case_that_differs_in_what_sliders_move_has_its_own_program(chain: Chain, found: Movable) -> None:
    """What both share was compiled once, for the first; the second has its own probabilities, outages and money."""
    other = (
        chain.with_value("probabilities", 0.2, scenario="embargo")
        .scaled("durations", 0.5, parameter="outage")
        .scaled("criticality", 0.5, parameter="dispensable")
    )
    alike = movable(other, Options(budget=1.0))
    assert alike.model is found.model
    assert risk(alike, alike.starts) == pytest.approx(least_risk(other, budget=1.0).risk, abs=1e-8)
    assert risk(found, found.starts) == pytest.approx(least_risk(chain).risk, abs=1e-8)
    stronger = chain.scaled("response", 1.5, parameter="slope")
    apart = movable(stronger, Options())
    assert risk(apart, apart.starts) == pytest.approx(least_risk(stronger).risk, abs=1e-8)


def test_sliders_say_from_where_to_where(found: Movable) -> None:
    told = {moves.slider.kind: moves.slider for moves in found.moves if not moves.slider.scenario}
    assert (told[BUDGET].low[0], told[BUDGET].high[-1]) == (0.0, 6.0)  # twice the 3 that were observed
    assert told[DISPENSABLE].high[-1] == pytest.approx(0.5)  # 0.25 of parts, twice
    assert told[OUTAGE].low[told[OUTAGE].start] == 6.0
    assert told[OUTAGE].high[-1] == 12.0  # the year, which the embargo has anyway
    quake = next(moves.slider for moves in found.moves if moves.slider.scenario == "quake")
    assert (quake.values[0], quake.values[-1]) == (0.0, pytest.approx(0.4))


def test_calm_has_what_probability_is_left(chain: Chain, found: Movable) -> None:
    """0.85 beside 0.1 and 0.05: what a page looks at to say that probabilities add up to more than 1."""
    assert found.calm is not None
    assert found.base[found.calm] == pytest.approx(0.85)


def test_no_slider_goes_beyond_all_or_the_year(chain: Chain) -> None:
    """0.8 of parts can be done without, at most 1; the outage of 6 months can be twice as long; the embargo's is 12."""
    told = {slider.kind: slider for slider in Sliders(chain.scaled("criticality", 3.2, parameter="dispensable"))}
    assert (told[DISPENSABLE].high[10], told[DISPENSABLE].high[-1]) == (pytest.approx(0.8), 1.0)
    assert told[OUTAGE].values[-1] == 2.0
    longer = {slider.kind: slider for slider in Sliders(chain.scaled("durations", 1.5, parameter="outage"))}
    assert longer[OUTAGE].values[-1] == 1.3  # of 9 months; 1.4 times would be more than the year


def test_a_program_too_large_for_a_page_is_refused(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """3 segments and 2 inputs in each phase of each scenario."""
    phases = len(chain.numbers.phase_scenario)
    monkeypatch.setattr("optimize.solving.movable._LARGEST", 5 * phases)
    movable(chain, Options())
    monkeypatch.setattr("optimize.solving.movable._LARGEST", 5 * phases - 1)
    with pytest.raises(NotMovableError, match="too large for a browser"):
        movable(chain, Options())


def test_a_segment_that_does_not_respond_has_sliders_like_any_other(tmp_path: Path) -> None:
    small = Small(tmp_path / "small")
    small.replace(
        "response.csv", "\n".join(row for row in small.text("response.csv").splitlines() if "system" not in row)
    )
    found = movable(small.load(), Options())
    assert risk(found, found.starts) == pytest.approx(least_risk(small.load()).risk, abs=1e-8)


def test_without_money_there_is_no_slider_for_it(tmp_path: Path) -> None:
    found = movable(Small(tmp_path / "small").load(), Options(budget=0.0))
    assert BUDGET not in [moves.slider.kind for moves in found.moves]


def test_a_tail_too_thin_to_follow_is_refused(chain: Chain) -> None:
    with pytest.raises(NotMovableError, match="too thin a tail"):
        movable(chain, Options(alpha=0.9999))


def test_beside_a_certain_scenario_the_impossible_ones_stay_as_they_are(chain: Chain) -> None:
    certain = chain.with_value("probabilities", 0).with_value("probabilities", 1, scenario="quake")
    likely = [moves.slider.scenario for moves in movable(certain, Options()).moves if moves.slider.kind == PROBABILITY]
    assert likely == ["quake"]  # down from 1 calm has the rest; the others have no calm to take from
