"""What is said of states and of two side by side, where it could be false."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("dash", reason="the extra 'studio' is not installed")

from scenarios.studio.answering import Answering
from scenarios.studio.kept import Kept
from scenarios.studio.moves import Moves
from scenarios.studio.page.views import comparison, differences, moved_in_words
from scenarios.studio.places import Place
from scenarios.studio.state import State
from tests.small import Small


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    place = Place(tmp_path_factory.mktemp("place"))
    yield Answering(place)
    place.close()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> State:
    return State((Kept.of(Small(tmp_path_factory.mktemp("views") / "small").folder),))


def texts(component: Any) -> list[str]:
    """All texts of a component, in order."""
    if isinstance(component, list | tuple):
        return [text for part in component for text in texts(part)]
    if component is None or isinstance(component, str | int | float):
        return [] if component is None else [str(component)]
    return texts(getattr(component, "children", None))


def row(found: list[Any], name: str) -> list[str]:
    said = texts(found)
    at = said.index(name)
    return said[at + 1 : at + 4]


def test_a_comparison_has_both_values_and_their_difference(answering: Answering, start: State) -> None:
    kept, now = answering.answer(start), answering.answer(replace(start, moves=Moves(budget=2.0)))
    found = comparison(kept, now)
    assert row(found, "budget (RMB billion)") == ["3.00", "2.00", "-1.00"]
    assert row(found, "risk with observed subsidies")[2] == "0"
    assert differences(kept, now) == ([], ["budget 2 RMB billion"])


def test_money_of_different_units_is_not_compared(answering: Answering, start: State) -> None:
    (package,) = start.packages
    euros = package.files["datapackage.json"].replace(b"RMB billion", b"EUR million").replace(b"CNY", b"EUR")
    other = State((Kept(package.name, {**package.files, "datapackage.json": euros}),))
    said = texts(comparison(answering.answer(start), answering.answer(other)))
    assert "least risk" in said
    assert not [text for text in said if text.startswith("budget")]


def test_a_state_without_an_answer_says_so_and_tells_what_is_moved(answering: Answering, start: State) -> None:
    broken = replace(
        start.with_package(start.packages[0].with_cell("demand", 2, "value", "x")), moves=Moves(budget=2.0)
    )
    answer = answering.answer(broken)
    said = texts(comparison(answer, answering.answer(start)))
    assert said[:2] == ["Kept", "It has no answer."]
    assert moved_in_words(answer).startswith("Moved: budget 2. Edited or uploaded: small. Answered in ")
    assert moved_in_words(answering.answer(State((Kept.of("ai"),)))).startswith("Nothing is moved. Answered in ")


def test_what_two_states_share_is_not_told_as_their_difference(answering: Answering, start: State) -> None:
    one = replace(start, moves=Moves(budget=2.0, outage=6.0))
    two = replace(start, moves=Moves(outage=6.0, cut="JPN"))
    assert differences(answering.answer(one), answering.answer(two)) == (
        ["budget 2 RMB billion"],
        ["JPN cut off for 12 months"],
    )
