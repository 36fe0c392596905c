"""`tierwise self-sufficiency` as a user meets it; questions/test_self_sufficiency.py works its numbers."""

import json
from math import log
from pathlib import Path

import pytest

from scenarios.cli import main
from tests.small import Small

S1 = 0.99 / log(100)


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = Small(tmp_path / "small").folder

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(["self-sufficiency", str(folder), *map(str, words)])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), captured.out, captured.err

    return run


def test_the_document_tells_cost_shares_and_risk(typed) -> None:
    status, out, err = typed("--target", 0.45, "--in", "part", "--in", "midstream", "--pieces", 1, "--json")
    assert status == 0, err
    document = json.loads(out)
    assert document["segments"] == ["part", "robot"]
    assert document["definition"] == "location"
    assert document["cost"] == pytest.approx(1.2 / S1)
    assert document["factor"] == pytest.approx(1.2 / S1 / 3)
    assert document["allocation"]["planned"] == pytest.approx({"part": 1.2 / S1, "robot": 0, "system": 0}, abs=1e-6)
    assert document["tiers"]["least_cost"]["upstream"] == pytest.approx(1.2 / S1)
    assert document["share"]["today"]["part"] == pytest.approx(0.375)
    assert document["share"]["reached"]["part"] == pytest.approx(0.45)
    assert set(document["risk"]) == {"none", "observed", "planned", "least_risk"}
    assert document["risk"]["planned"] == pytest.approx(0.097)
    assert max(document["certificate"].values()) <= 1e-7
    assert document["provenance"]["options"]["target"] == 0.45


def test_the_curve_ends_at_the_largest_target(typed) -> None:
    status, out, _ = typed("--curve", "--pieces", 1, "--json")
    assert status == 0
    document = json.loads(out)
    targets, costs = zip(*document["costs"], strict=True)
    assert targets[:-1] == pytest.approx([step / 20 for step in range(10)])
    assert targets[-1] == document["largest"] == pytest.approx(7.98 / 16, abs=1e-6)
    assert costs[targets.index(0.45)] == pytest.approx(1.2 / S1)
    assert costs[:8] == pytest.approx([0.0] * 8, abs=1e-6)


def test_people_read_tables(typed) -> None:
    status, out, _ = typed("--target", 0.45, "--definition", "ownership")
    assert status == 0
    assert "least risk for the same money" in out
    assert "37.50%" in out
    status, out, _ = typed("--curve")
    assert status == 0
    assert "The largest target that can be reached is 49.87%." in out


def test_a_target_out_of_reach_ends_with_status_3_and_the_reason(typed) -> None:
    status, out, err = typed("--json")
    assert (status, out) == (3, "")
    assert "part reaches at most 49.87% (its response ends at 1.98 RMB billion per year more)" in err
    assert "Traceback" not in err


def test_wrong_words_end_with_status_2(typed) -> None:
    for words, right in (
        (("--in", "midstraem"), "did you mean 'midstream'?"),
        (("--target", 70), "option target"),
        (("--definition", "owner"), "did you mean 'ownership'?"),
    ):
        status, out, err = typed(*words)
        assert (status, out) == (2, "")
        assert right in err
