"""What is saved: a study and a package that the command line runs to the same numbers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("dash", reason="the extra 'studio' is not installed")

from chains import InputError, load
from scenarios.running import run_study
from scenarios.storing import read_results
from scenarios.studio.answering import Answering
from scenarios.studio.kept import Kept
from scenarios.studio.moves import Moves
from scenarios.studio.places import Place
from scenarios.studio.saving import EXPORTS, export, save_package, save_study
from scenarios.studio.state import State
from tests.small import Small

SAME = {"rel": 1e-9, "abs": 1e-11}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "studio")
    yield place
    place.close()


@pytest.fixture
def edited(tmp_path: Path) -> State:
    """The small package with an edited cell whose text needs care, and every kind of move."""
    package = Kept.of(Small(tmp_path / "robots").folder)  # called like a shipped package, which it is not
    package = package.with_cell("demand", 3, "value", "38").with_cell("demand", 3, "note", 'half "a" \\ year')
    moves = Moves(
        budget=2.5,
        levers=("capacity", "procurement"),
        floors=(("downstream", 0.25),),
        outage=7.0,
        dispensable=0.1,
        probability=(("quake", 0.2),),
    )
    return State((package,), moves)


@pytest.mark.slow
def test_a_saved_study_has_the_numbers_that_were_seen(place: Place, edited: State, tmp_path: Path) -> None:
    state = replace(edited, moves=replace(edited.moves, cut="JPN", months=3.0))
    answering = Answering(place)
    seen, cut = answering.answer(edited), answering.answer(state)
    assert seen.source is not None
    file = save_study(place, state, seen.source, "mine")
    assert file == place.folder / "mine" / "study.toml"
    done = run_study(str(file), tmp_path / "results", jobs=1, progress=False)
    (case,) = read_results(done.folder).cases
    assert seen.advice is not None
    assert cut.advice is not None
    assert case.optimize["risk"]["optimal"] == pytest.approx(seen.advice.risk, **SAME)
    assert case.optimize["allocation"]["optimal"] == pytest.approx(
        seen.advice.optimal.allocation.sum(axis=1).to_dict(), abs=1e-6
    )
    assert case.answers["what-if"]["loss"]["least"] == pytest.approx(cut.advice.optimal.risk, **SAME)
    assert case.answers["what-if"]["loss"]["observed"] == pytest.approx(cut.advice.observed.risk, **SAME)


def test_nothing_that_was_saved_is_written_over(place: Place, edited: State) -> None:
    chain = Answering(place).chain(edited)
    save_study(place, edited, chain, "mine")
    with pytest.raises(InputError, match="'mine' is there already"):
        save_study(place, State(edited.packages), chain, "mine")
    with pytest.raises(InputError, match="another state, which is saved already"):
        export(place, State(edited.packages), chain, "mine", "page")


@pytest.mark.parametrize("suffix", ["", ".zip", ".xlsx"])
def test_a_saved_package_is_the_edited_one(place: Place, edited: State, suffix: str) -> None:
    path = save_package(place, edited.packages[0], "mine", suffix)
    assert path == place.folder / f"mine{suffix}"
    demand = load(path).table("demand")
    assert demand["value"].tolist() == [60.0, 38.0]
    with pytest.raises(InputError, match="is there already"):
        save_package(place, edited.packages[0], "mine", suffix)


@pytest.mark.slow
def test_reports_are_written_by_the_commands_and_the_study_is_run_once(place: Place, edited: State) -> None:
    chain = Answering(place).chain(edited)
    starts = {"page": b"<!doctype html>", "paper": b"%pdf"}  # the others differ in their ending alone
    for kind, start in starts.items():
        path = export(place, edited, chain, "mine", kind)
        assert path == place.folder / "mine" / f"report{EXPORTS[kind]}"
        assert path.read_bytes()[:15].lower().startswith(start)
