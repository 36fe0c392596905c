"""`tierwise against` on the command line, in a study and in words that could be false."""

import json
from pathlib import Path

import pytest

from chains import Chain
from optimize import against
from scenarios import read_results
from scenarios.cli import main
from scenarios.documents.against import document, in_words
from scenarios.questions import QUESTIONS
from tests.small import Small


def _words(chain: Chain, n: int, **options: object) -> str:
    return in_words(document(chain, against(chain, n, **options)), str)


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]):
    """Exit status, standard output and standard error of a command line."""

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture
def torn(small: Small) -> Small:
    """Two cuts compete for the money (docs/questions/against.md): 0.1979 is the least worst loss with one piece."""
    small.edit("supply.csv", "part,CHN,CHN,6,", "part,CHN,CHN,11.5,")
    return small.edit("supply.csv", "part,JPN,JPN,12,", "part,JPN,JPN,6.5,")


def test_the_sentence_says_what_insurance_brings_and_costs(torn: Small) -> None:
    said = _words(torn.load(), 1, pieces=1)
    assert "To the worst country the insured allocation loses 19.79% of final demand (as to " in said
    assert "and none that is allowed loses less." in said
    assert "The allocation of least risk loses 20.00%. That protection of 0.207 points costs " in said


def test_without_cuts_it_is_the_allocation_of_least_risk(small: Small) -> None:
    assert _words(small.load(), 0) == (
        "No cut is allowed, so nothing is lost to one: the answer is the allocation of least risk."
    )


def test_where_the_least_risk_allocation_is_as_good_insurance_brings_nothing(small: Small) -> None:
    """All money goes to parts on the probabilities as well as against Japan."""
    said = _words(small.load(), 2, pieces=1)
    assert said.endswith("The allocation of least risk loses no more: insurance brings nothing beyond it.")
    assert "costs" not in said


def test_where_nothing_is_lost_no_loss_is_claimed(small: Small) -> None:
    """Parts and robots at home suffice for all systems, so no cut costs anything."""
    small.edit("supply.csv", "part,CHN,CHN,6,", "part,CHN,CHN,20,")
    small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,50,")
    said = _words(small.load(), 2)
    assert said.startswith("The insured allocation loses nothing to the worst 2 countries.")
    assert "of final demand" not in said


def test_insurance_that_costs_no_risk_is_told_so(torn: Small) -> None:
    """Where nothing is expected to happen every allocation has the same risk: none."""
    torn.cell("probabilities.csv", 2, "value", "0").cell("probabilities.csv", 2, "low", "0")
    torn.cell("probabilities.csv", 3, "value", "0").cell("probabilities.csv", 3, "low", "0")
    chain = torn.load()
    found = against(chain, 1, pieces=1, minimum={"robot": 0.0})
    said = in_words(document(chain, found), str)
    assert found.least_risk.risk == pytest.approx(0.0, abs=1e-9)
    assert found.protection > 1e-4
    assert said.endswith("costs no risk on the probabilities.")


def test_a_coarse_gap_is_not_told_as_proof(torn: Small) -> None:
    """The bounds of the document, not the gap that was asked for, decide what is claimed."""
    chain = torn.load()
    told = document(chain, against(chain, 1, pieces=1))
    told["worst_loss"] |= {"lower_bound": 0.15}
    assert "and none that is allowed loses less than 15.00%." in in_words(told, str)


def test_the_command_prints_the_document(torn: Small, typed) -> None:
    status, out, _ = typed("against", torn.folder, "--cuts", "1", "--pieces", "1", "--over", "links", "--json")
    told = json.loads(out)
    assert status == 0
    assert (told["n"], told["over"]) == (1, "links")
    assert told["worst_loss"]["optimal"] == pytest.approx(0.19793, abs=1e-5)
    assert told["worst_loss"]["lower_bound"] == pytest.approx(told["worst_loss"]["optimal"], rel=1e-6)
    assert told["worst_loss"]["observed"] >= told["worst_loss"]["optimal"]
    assert told["cuts"] in ([["part", "JPN"]], [["robot", "DEU"]])
    assert told["allocation"]["optimal"]["part"] == pytest.approx(2.51847, abs=1e-4)
    assert sum(told["tiers"]["optimal"].values()) == pytest.approx(3.0, abs=1e-6)
    assert told["insurance"]["risk"] == pytest.approx(told["risk"]["optimal"] - told["risk"]["least_risk"])
    assert told["certificate"]["gap"] <= 1e-7


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--cuts", "-1"], "give a whole number of 0 or more"),
        (["--cuts", "3"], "give a whole number from 0 to 2"),
        (["--cuts", "1.5"], "--cuts"),
        (["--cuts", "1", "--over", "owners"], "countries"),
        (["--cuts", "1", "--gap", "2"], "option gap"),
        ([], "--cuts"),
    ],
)
def test_wrong_words_are_the_users_and_told(small: Small, given: list[str], said: str, typed) -> None:
    status, out, problems = typed("against", small.folder, *given)
    assert (status, out) == (2, "")
    assert said in problems


@pytest.mark.slow
def test_a_study_asks_it_and_its_report_tells_it(torn: Small, tmp_path: Path, typed) -> None:
    study = tmp_path / "insured.toml"
    study.write_text(
        f"""title = "Insured"
question = "What is best against the worst?"
outputs = ["against"]
[options]
pieces = 1
[against]
cuts = 1
[[cases]]
name = "alone"
title = "The small chain"
packages = ["{torn.folder}"]
""",
        encoding="utf-8",
    )
    assert typed("study", study, "--out", tmp_path / "out")[0] == 0
    (case,) = read_results(tmp_path / "out").cases
    losses, tiers = QUESTIONS["against"].parts("more", case)
    assert losses.heading == "Insurance against the worst country"
    assert "loses 19.79% of final demand" in losses.words
    assert losses.table.at["insured", "worst loss"] == "19.79%"
    assert losses.table.at["least risk", "worst cuts"] == "Germany"
    assert losses.chart is not None
    assert losses.chart.data[0].y[2] == pytest.approx(19.793, abs=1e-3)
    assert tiers.table.at["midstream", "insured"] == "0.482"


def test_a_study_that_asks_it_must_say_how_many_cuts(torn: Small, tmp_path: Path, typed) -> None:
    study = tmp_path / "insured.toml"
    text = 'title = "a"\nquestion = "b"\noutputs = ["against"]\n[[cases]]\nname = "c"\ntitle = "d"\n'
    study.write_text(f'{text}packages = ["{torn.folder}"]\n', encoding="utf-8")
    status, _, problems = typed("study", study, "--out", tmp_path / "out")
    assert status == 2
    assert "needs a table [against] with cuts" in problems
