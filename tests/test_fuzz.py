"""A few inputs of every kind that the fuzzer draws, what it found before, and that it sees what it is made to see."""

import os
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.__main__ import drawn, run
from tests.fuzz.example import Example, kept
from tests.fuzz.independently import compared
from tests.fuzz.kinds import KINDS
from tests.fuzz.watching import Verdict, watched, watching

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a clock of this process's own time")


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count"), [("packages", 20), ("studies", 20), ("allocations", 20), ("workbooks", 3)])
def test_inputs_of_every_kind_end_as_they_should(kind: str, count: int) -> None:
    ends: Counter[str] = Counter()
    assert run(drawn(kind, 1, count), False, ends) == []
    assert ends.total() == count
    assert ends["refused"]
    assert ends["same"]


@pytest.mark.slow
def test_what_was_found_before_is_mended() -> None:
    assert run(iter(kept().items()), False, Counter()) == []


def test_a_kept_input_is_the_same_when_it_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.example.SEEDS", tmp_path)
    example = Example("packages", {"a/b.csv": b"\xff\x00", "c": "é".encode()}, {"alpha": 0.5})
    example.keep("one", "why")
    assert kept() == {"one": example}


def test_every_kind_is_tried() -> None:
    assert set(KINDS) == {"packages", "studies", "allocations", "workbooks", "results"}


def test_findings_are_seen(tmp_path: Path) -> None:
    def outside() -> Verdict:
        (tmp_path / "elsewhere").write_text("x")
        return Verdict("same")

    def endless() -> Verdict:
        until = time.process_time() + 60.0
        while time.process_time() < until:
            sum(range(10_000))
        return Verdict("same")

    (tmp_path / "inside").mkdir()
    with watching(tmp_path / "inside"):
        assert watched(outside).ended == "outside"
        assert watched(lambda: Verdict(str(1 / 0))).ended == "traceback"
        assert watched(lambda: compared(lambda: 0.2, lambda: 0.2 + 1e-6)).ended == "differs"
        assert watched(lambda: compared(lambda: 0.2, lambda: 0.2 + 1e-8)).ended == "same"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tests.fuzz.watching.SECONDS", 0.2)
            assert watched(endless).ended == "hang"
