"""Answers show themselves in Python: what they are in lines, a table, charts of the report, frames with units."""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

import tierwise as tw
from chains import Chain, InputError, presenting
from scenarios.presenting.answers import QUESTIONS_OF
from scenarios.presenting.sampled import SAMPLED
from scenarios.questions import QUESTIONS
from tests.scenarios.terminal.test_every_view import ASKED
from tests.small import Small

NO_CHART = {"finding"}
"""Questions whose answer about the small chain has no chart: it has neither tiers.csv nor firms.csv."""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return tw.load(Small(tmp_path_factory.mktemp("shown") / "small").folder)


def check(answer: Any) -> None:
    """What every value promises."""
    said = repr(answer)
    assert said.startswith(f"{type(answer).__name__}: ")
    assert 1 <= len(said.splitlines()) <= 5
    assert any(figure.isdigit() for figure in said)
    html = answer._repr_html_()
    assert html.startswith("<p><b>")
    assert "</table>" in html
    frame = answer.to_frame()
    assert len(frame)
    numbers = frame.select_dtypes("number").columns
    assert len(numbers)
    assert set(numbers) <= set(frame.attrs["units"])


@pytest.mark.slow
@pytest.mark.parametrize("question", [name for name in ASKED if name != "break-even"])
def test_the_answer_to_every_question_shows_itself(chain: Chain, question: str) -> None:
    answer = QUESTIONS[question].ask(chain, **ASKED[question])
    check(answer)
    if question not in NO_CHART:
        drawn = answer.plot()
        assert isinstance(drawn, go.Figure)
        assert len(drawn.data)


@pytest.mark.slow
def test_what_functions_of_python_return_shows_itself(chain: Chain) -> None:
    for answer in (
        tw.optimize(chain),
        tw.evaluate(chain),
        tw.robust(chain, 0.1),
        tw.ranges(chain),
        tw.explain(chain),
        tw.choke_points(chain),
        tw.self_sufficiency(chain, 0.4),
        tw.cost_curve(chain),
        tw.tornado(chain, tw.Options(), factors=None),
    ):
        check(answer)
        assert isinstance(answer.plot(), go.Figure)


def test_every_class_that_shows_itself_is_told() -> None:
    """So none is met without words. That of programs under MPI needs an extra, so it goes by its name."""
    for package in ("optimize.questions", "optimize.sampling", "optimize.solving", "scenarios.asking"):
        for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    classes = {each for each in presenting.Shown.__subclasses__() if each.__module__.split(".")[0] != "tests"}
    told = {name for names in QUESTIONS_OF.values() for name in names} | {each.__name__ for each in SAMPLED}
    assert {each.__name__ for each in classes} - told == {"Chain", "Done", "StoredStudy"}
    assert "Bounds" in told


def test_a_set_of_cuts_is_told(chain: Chain) -> None:
    worst = tw.worst_cuts(chain, 1)
    assert repr(worst).startswith("WorstCuts: small: The worst country: country JPN; loss ")
    assert worst.to_frame()["cut"].tolist() == ["country JPN"]


def test_a_frame_has_the_numbers_worked_by_hand_with_their_units(chain: Chain) -> None:
    """Without subsidies both disruptions cost a fifth of final demand (tests/small.py)."""
    losses = tw.optimize(chain).to_frame("losses")
    none = losses[losses["allocation"] == "none"].set_index("scenario")["value"]
    assert none.to_dict() == pytest.approx({"quake": 0.2, "embargo": 0.2, "calm": 0.0}, abs=1e-12)
    assert losses.attrs["units"] == {"probability": "probability", "value": "share of final demand"}
    money = tw.optimize(chain).to_frame()
    assert money.attrs["units"] == {"value": "RMB billion"}
    observed = money[money["allocation"] == "observed"].groupby("segment")["value"].sum()
    assert observed.to_dict() == {"part": 0.5, "robot": 2.0, "system": 0.5}


def test_the_text_of_the_least_risk_answer_names_goods_and_money(chain: Chain) -> None:
    said = repr(tw.optimize(chain, maximum={"part": 1.0}, budget=2.0)).replace("\n", " ")
    assert said.startswith("Result: small: with a budget of 2.00 RMB billion, within the limits set, risk is at least")
    assert "with the 3.00 that is observed" in said
    assert "part 1.00" in said


def test_a_chart_or_a_table_that_is_not_there_is_told_with_those_that_are(chain: Chain) -> None:
    answer = tw.optimize(chain)
    with pytest.raises(InputError, match=r"no table 'loses'.*losses"):
        answer.to_frame("loses")
    with pytest.raises(InputError, match=r"no chart 'x'.*tiers, loss, next"):
        answer.plot("x")


def test_a_chain_shows_what_it_holds_and_what_was_changed(chain: Chain) -> None:
    assert repr(chain).replace("\n", " ") == (
        "Chain: small, home CHN: 3 segments, 2 disruption scenarios, money in RMB billion per year; observed subsidies "
        "of 2022: 3 RMB billion."
    )
    calmer = chain.scaled("disruptions", 0.5, location="JPN")
    assert "1 change: " in repr(calmer)
    assert isinstance(chain.plot(), go.Figure)
    assert chain.to_frame()["segment"].tolist() == ["part", "robot", "system"]
    assert chain.to_frame("supply").equals(chain.table("supply"))


def test_values_without_a_presenter_are_plain_and_say_whom_to_import(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = tw.frontier(chain)
    monkeypatch.setattr(presenting, "_found", [])
    assert repr(answer).startswith("Frontier(useless_beyond=")
    assert "\n" not in repr(answer)
    assert answer._repr_html_() is None
    with pytest.raises(RuntimeError, match="import tierwise as tw"):
        answer.plot()


@pytest.mark.slow
def test_the_results_of_a_study_show_themselves(small: Small, tmp_path: Path) -> None:
    study = tw.Study(name="small", title="More money", question="Does it pay?").case("today", str(small.folder))
    study = study.case("double", str(small.folder), title="Twice", budget=6.0)
    assert repr(study) == "Study small: More money Does it pay? Cases: today, double."
    done = study.run(tmp_path / "out", jobs=1, progress=False)
    for value in (done, tw.read_results(done.folder)):
        assert len(repr(value).splitlines()) <= 5
        assert "Twice" in value._repr_html_()
        assert value.to_frame()["case"].tolist() == ["today", "double"]
        assert set(value.to_frame("losses")["case"]) == {"today", "double"}
        assert isinstance(value.plot(), go.Figure)
