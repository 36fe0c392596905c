"""Answers: worked by hand, those of the questions that the command line asks, or the problems why there is none."""

from collections.abc import Iterator
from dataclasses import replace
from math import exp
from pathlib import Path

import pytest

pytest.importorskip("dash", reason="the extra 'studio' is not installed")

from chains import load
from optimize import optimize, what_if
from scenarios.studio.answering import Answering
from scenarios.studio.kept import Kept
from scenarios.studio.moves import Moves
from scenarios.studio.places import Place
from scenarios.studio.state import State
from tests.small import Small

SAME = {"rel": 1e-9, "abs": 1e-11}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Small(tmp_path_factory.mktemp("answering") / "small").folder


@pytest.fixture(scope="module")
def start(folder: Path) -> State:
    return State((Kept.of(folder),))


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    place = Place(tmp_path_factory.mktemp("place"))
    yield Answering(place)
    place.close()


def test_a_country_cut_off_costs_what_is_worked_by_hand(answering: Answering, start: State) -> None:
    """Without Japan's 12 parts the 6 at home make 15 robots: with 10 from Germany enough for 50 systems.

    Each part more makes 5 systems; x of money adds 2 (1 - exp(-x / 2)) parts, less up to 0.01 for the chords.
    """
    answer = answering.answer(replace(start, moves=Moves(cut="JPN")))
    assert answer.advice is not None
    assert answer.advice.none.risk == pytest.approx(0.50)
    observed, most = (0.50 - 0.05 * 2 * (1 - exp(-x / 2)) for x in (0.5, 3.0))
    assert answer.advice.observed.risk == pytest.approx(observed, abs=5e-4)
    assert answer.advice.risk == pytest.approx(most, abs=5e-4)
    assert answer.sentence.startswith("small, Japan cut off for 12 months: 47.80% of a year's final demand is lost")
    half = answering.answer(replace(start, moves=Moves(cut="JPN", months=6.0)))
    assert half.advice is not None
    assert half.advice.none.risk == pytest.approx(0.25)


def test_a_sentence_names_goods_and_not_their_keys(answering: Answering, start: State) -> None:
    said = answering.answer(start).sentence
    assert said.endswith("It gives Precision parts 2.41 and Robots 0.592 RMB billion.")


@pytest.mark.parametrize(
    "moves",
    [
        Moves(),
        Moves(budget=1.5),
        Moves(outage=4.0),
        Moves(dispensable=0.25),
        Moves(probability=(("quake", 0.02), ("embargo", 0.3))),
        Moves(floors=(("downstream", 1.0),), levers=("capacity", "stocks")),
    ],
)
def test_a_move_has_the_answer_that_optimize_gives(
    answering: Answering, start: State, folder: Path, moves: Moves
) -> None:
    answer = answering.answer(replace(start, moves=moves))
    chain = load(folder)
    for scenario, chance in moves.probability:
        chain = chain.with_value("probabilities", chance, scenario=scenario)
    if moves.outage:
        for scenario in ("quake", "embargo"):
            chain = chain.with_row("durations", moves.outage, scenario=scenario, parameter="outage")
    if moves.dispensable:
        chain = chain.with_row("criticality", moves.dispensable, parameter="dispensable")
    result = optimize(chain, **moves.given)
    assert answer.advice is not None
    assert answer.advice.risk == pytest.approx(result.risk, **SAME)
    assert answer.advice.optimal.by_segment.to_numpy() == pytest.approx(result.optimal.by_segment.to_numpy(), abs=1e-6)


@pytest.mark.slow
def test_a_cut_is_answered_as_the_question_of_the_command_line(
    answering: Answering, start: State, folder: Path
) -> None:
    moves = Moves(cut="DEU", months=3.0, dispensable=0.1, budget=2.0, outage=5.0, probability=(("quake", 0.5),))
    answer = answering.answer(replace(start, moves=moves))
    chain = load(folder).with_row("criticality", 0.1, parameter="dispensable")
    found = what_if(chain, ["DEU"], 3.0, budget=2.0)
    assert answer.advice is not None
    assert answer.advice.observed.risk == pytest.approx(found.losses["observed"], **SAME)
    assert answer.advice.optimal.risk == pytest.approx(found.losses["least"], **SAME)


def test_problems_of_a_package_are_said_by_row_and_column_and_go_when_it_is_mended(
    answering: Answering, start: State
) -> None:
    edited = start.with_package(start.packages[0].with_cell("demand", 3, "value", "forty"))
    broken = answering.answer(edited)
    assert (broken.solved, broken.source) == (False, None)
    assert [(p.file, p.row, p.column) for p in broken.problems] == [("small/demand.csv", 3, "value")]
    mended = edited.with_package(edited.packages[0].with_cell("demand", 3, "value", "40"))
    assert answering.answer(mended).solved


def test_what_no_allocation_satisfies_is_said_and_what_is_moved_stays(answering: Answering, start: State) -> None:
    answer = answering.answer(replace(start, moves=Moves(budget=1.0, floors=(("upstream", 2.0),))))
    assert not answer.solved
    assert answer.source is not None
    assert "minimum of upstream: 2" in str(answer.problems[0])
    too_likely = answering.answer(replace(start, moves=Moves(probability=(("quake", 0.7), ("embargo", 0.5)))))
    assert "the probabilities then sum to 1.2" in str(too_likely.problems[0])
