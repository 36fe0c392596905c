"""A state and its history; packages in memory and their edits; what a reader types."""

from pathlib import Path

import pytest

from chains import Chain, InputError, load
from scenarios.studio.controls import controls_of, countries_of, moves_of, typed
from scenarios.studio.kept import Kept
from scenarios.studio.moves import Moves
from scenarios.studio.state import History, State
from tests.small import Small

LEFT = {"levers": ["capacity"]}
"""The fields of a page on which nothing was moved."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Small(tmp_path_factory.mktemp("state") / "small").folder


@pytest.fixture(scope="module")
def chain(folder: Path) -> Chain:
    return load(folder)


# --- packages -----------------------------------------------------------------------------------------------------


def test_an_edit_is_another_package_and_leaves_the_first_as_it_was(folder: Path) -> None:
    package = Kept.of(folder)
    edited = package.with_cell("demand", 3, "value", "50").with_cell("demand", 3, "note", 'said "so", twice')
    assert dict(package.rows("demand"))[3]["value"] == "40"
    assert dict(edited.rows("demand"))[3] | {"value": "50"} == dict(edited.rows("demand"))[3]
    assert dict(edited.rows("demand"))[3]["note"] == 'said "so", twice'
    assert edited != package
    back = edited.with_cell("demand", 3, "value", "40").with_cell("demand", 3, "note", "")
    assert back.rows("demand") == package.rows("demand")
    assert edited.files["supply.csv"] == package.files["supply.csv"] == (folder / "supply.csv").read_bytes()


def test_rows_are_added_and_taken_away_and_their_numbers_are_those_of_a_spreadsheet(folder: Path) -> None:
    package = Kept.of(folder)
    assert [number for number, _ in package.rows("demand")] == [2, 3]
    longer = package.with_row("demand").with_cell("demand", 4, "segment", "robot")
    assert dict(longer.rows("demand"))[4]["segment"] == "robot"
    assert dict(longer.rows("demand"))[4]["status"] == "assumed"
    assert longer.without_row("demand", 4).rows("demand") == package.rows("demand")
    with pytest.raises(InputError, match=r"demand.csv: has no row 9"):
        package.without_row("demand", 9)
    with pytest.raises(InputError, match=r"has no cell in row 2, column 'price'"):
        package.with_cell("demand", 2, "price", "1")


def test_a_file_with_semicolons_keeps_them_and_its_decimal_commas(tmp_path: Path) -> None:
    small = Small(tmp_path / "small")
    small.replace("demand.csv", small.text("demand.csv").replace(",", ";").replace(";60;", ";60,5;"))
    edited = Kept.of(small.folder).with_cell("demand", 3, "value", "39,5")
    assert edited.files["demand.csv"].decode().splitlines()[1:] == [
        "system;cars;60,5;;;reported;book;",
        "system;electronics;39,5;;;reported;book;",
    ]


def test_a_shipped_package_that_was_edited_is_no_shipped_one(folder: Path) -> None:
    shipped = Kept.of("robots")
    assert shipped.shipped
    assert not shipped.with_cell("demand", 2, "note", "mine").shipped
    assert not Kept.of(folder).shipped


# --- history ------------------------------------------------------------------------------------------------------


def test_steps_are_undone_and_done_again_until_another_is_taken(folder: Path) -> None:
    state = State((Kept.of(folder),))
    one, two = (State(state.packages, Moves(budget=budget)) for budget in (1.0, 2.0))
    history = History(state).then(one).then(two)
    back = history.undone().undone()
    assert (back.now, back.undone() is back) == (state, True)
    assert back.redone().redone().now == two
    assert back.redone().redone().redone().now == two
    other = back.then(two)
    assert (other.redone() is other, other.undone().now) == (True, state)
    assert history.then(two) is history


# --- what is typed ------------------------------------------------------------------------------------------------


def test_what_is_typed_becomes_moves_in_the_units_of_the_program(chain: Chain) -> None:
    fields = LEFT | {
        "budget": " 4,5 ",
        "levers": ["stocks", "capacity"],
        "outage": "6",
        "dispensable": "30",
        "probability:quake": "2.5",
        "floor:upstream": "1",
        "floor:midstream": "0",
        "cut": "JPN",
        "months": "3",
    }
    assert moves_of(chain, fields) == Moves(
        budget=4.5,
        levers=("capacity", "stocks"),
        floors=(("upstream", 1.0),),
        outage=6.0,
        dispensable=0.3,
        probability=(("quake", 0.025),),
        cut="JPN",
        months=3.0,
    )
    assert moves_of(chain, LEFT) == Moves()


def test_fields_show_what_was_typed(chain: Chain) -> None:
    moves = Moves(budget=4.5, dispensable=0.3, probability=(("quake", 0.025),), floors=(("upstream", 1.0),))
    shown = {control.name: typed(control, moves) for control in controls_of(chain)}
    assert {name: text for name, text in shown.items() if text} == {
        "budget": "4.5",
        "dispensable": "30",
        "probability:quake": "2.5",
        "floor:upstream": "1",
    }


def test_every_wrong_field_is_named_by_its_label(chain: Chain) -> None:
    fields = {"levers": [], "budget": "much", "outage": "13", "dispensable": "-1", "cut": "FRA"}
    with pytest.raises(InputError) as caught:
        moves_of(chain, fields)
    assert [str(problem) for problem in caught.value.problems] == [
        "Budget (RMB billion): 'much' cannot be; write a number, 0 or more, or nothing",
        "Cut off: 'FRA' supplies nothing from abroad; choose another country",
        "Money may buy: nothing is chosen; choose some of capacity, stocks, suppliers, procurement",
        "Outage of every disruption (months): '13' cannot be; write a number, above 0 and at most 12, or nothing",
        "Share of every input that can be done without (%): '-1' cannot be; write a number, 0 to 100, or nothing",
    ]


def test_labels_have_units_and_countries_their_names(chain: Chain) -> None:
    assert controls_of(chain)[0].label == "Budget (RMB billion)"
    assert [control.usual for control in controls_of(chain)][:3] == ["3.00 observed", "12", "0"]
    assert countries_of(chain) == {"DEU": "Germany", "JPN": "Japan"}
