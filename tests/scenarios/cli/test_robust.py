"""`tierwise optimize --ambiguity --slope-budget` as a user meets it: the robust answer beside the nominal one."""

import json
import math

import pytest

from scenarios.cli import main
from tests.small import Small

C = 0.99 / math.log(100.0)  # supply added by a unit of funds where one chord stands in for the curve
LINE = ("--beta", "0", "--pieces", "1")


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]):
    """Exit status, standard output and standard error of a command line."""

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), captured.out, captured.err

    return run


def test_the_document_holds_the_robust_answer_beside_the_nominal_one(small: Small, typed) -> None:
    """Worked in tests/optimize/questions/test_robust.py: half of probability elsewhere evens out the two losses."""
    status, out, _ = typed("optimize", small.folder, "--ambiguity", "0.5", *LINE, "--json")
    assert status == 0
    document = json.loads(out)
    found = document["robust"]
    assert document["risk"]["optimal"] == pytest.approx(0.03 - 0.015 * C, abs=1e-9)
    assert document["allocation"]["optimal"]["part"] == pytest.approx(3.0, abs=1e-5)
    assert found["allocation"] == pytest.approx({"part": 6 / 7, "robot": 15 / 7, "system": 0.0}, abs=1e-5)
    assert found["tiers"]["upstream"] == pytest.approx(6 / 7, abs=1e-5)
    assert found["bound"] == pytest.approx(0.65 * (0.2 - 0.05 * C * 6 / 7), abs=1e-9)
    assert set(found["risk"]) == {"observed", "optimal", "robust"}
    assert set(found["risk"]["robust"]) == {"nominal", "worst_case"}
    assert found["worst"]["distribution"]["calm"]["worst_case"] == pytest.approx(0.35)
    assert found["worst"]["low_slopes"] == []
    assert (found["ambiguity"], found["slope_budget"], found["exact"]) == (0.5, 0, True)
    assert found["provenance"]["options"]["ambiguity"] == 0.5


@pytest.mark.slow
def test_without_doubts_the_document_is_the_nominal_one(small: Small, typed) -> None:
    _, plain, _ = typed("optimize", small.folder, "--json")
    _, asked, _ = typed("optimize", small.folder, "--ambiguity", "0.2", "--json")
    nominal, both = json.loads(plain), json.loads(asked)
    assert "robust" not in nominal
    both.pop("robust")
    assert both == nominal


def test_the_terminal_shows_both_answers_and_the_worst_case(small: Small, typed) -> None:
    small.edit("response.csv", "part,slope,1,0.5,2", "part,slope,1,0.1,2")
    status, out, _ = typed("optimize", small.folder, "--slope-budget", "1", *LINE)
    said = " ".join(out.split())
    assert status == 0
    assert "with one response low" in said
    # By hand: 0.03 - 0.0015 c at worst in the least-risk allocation, 0.03 - 0.00285 c in the robust one.
    assert f"at worst {100 * (0.03 - 0.0015 * C):.2f}%" in said
    assert f"and {100 * (0.03 - 0.00285 * C):.2f}% in the robust one" in said
    assert " 0.300 " in said
    assert " 2.70 " in said


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--ambiguity", "2", "--slope-budget", "-1"), "option ambiguity: 2.0 is out of range"),
        (("--slope-budget", "9"), "option slope_budget: 9 slopes cannot be low: the chain has 3 segments"),
    ],
)
def test_doubts_out_of_range_are_bad_input(small: Small, typed, words: tuple[str, ...], problem: str) -> None:
    status, out, err = typed("optimize", small.folder, *words)
    assert status == 2
    assert out == ""
    assert problem in err
    assert len(err.splitlines()) == len(words) // 2
