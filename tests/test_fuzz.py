"""A few inputs of every kind that the fuzzer draws, what it found before, and that it sees what it is made to see."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.fuzz.__main__ import Told
from tests.fuzz.example import Example, kept
from tests.fuzz.independently import compared
from tests.fuzz.kinds import KINDS
from tests.fuzz.running import Ended, drawn, spread, tried
from tests.fuzz.watching import Verdict, watched, watching

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a clock of this process's own time")


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count"), [("packages", 20), ("studies", 20), ("allocations", 20), ("workbooks", 5)])
def test_inputs_of_every_kind_end_as_they_should(kind: str, count: int) -> None:
    told = Told().take(tried(drawn(kind, 1, range(count))))
    assert told.found == {}
    assert told.ends.total() == count
    assert told.ends["refused"]
    assert told.ends["same"]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count"), [("studies", 12), ("results", 6)])
def test_verdicts_are_the_same_by_several_processes_and_where_nothing_is_shared(kind: str, count: int) -> None:
    def verdicts(ended: Iterable[Ended]) -> list[tuple[str, str]]:
        return [(one.name, one.verdict.ended) for one in ended]

    apart = verdicts(tried(drawn(kind, 3, range(count)), share=False))
    assert verdicts(spread(kind, 3, count, workers=2)) == apart
    assert verdicts(tried(drawn(kind, 3, range(count)))) == apart


@pytest.mark.slow
def test_what_was_found_before_is_mended() -> None:
    told = Told().take(tried(kept().items()))
    assert told.ends.total() >= 8
    assert told.found == {}


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
