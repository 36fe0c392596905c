"""A study that is killed, or whose disk is full, at any moment loses nothing, and goes on to the same bytes."""

import os
import sys
from pathlib import Path

import pytest

from tests.faults.moments import FULL, KILL, Fault, Hook, forked
from tests.faults.study import Disturbed, content, moments_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Disturbed:
    return Disturbed(tmp_path_factory.mktemp("faults"))


@pytest.mark.slow
@pytest.mark.parametrize("over", [False, True], ids=["new place", "over an earlier result"])
def test_a_run_that_is_killed_goes_on_to_the_same_bytes_whatever_time_its_files_tell(
    study: Disturbed, over: bool
) -> None:
    for n, moment in enumerate(moments_of(study.over if over else study.count, 6)):
        found = study.meets(Fault(KILL, moment, torn=bool(n % 2)), over, touch=4e9 if n % 2 else 0.0)
        assert found.wrong == "", found


@pytest.mark.slow
@pytest.mark.parametrize("over", [False, True], ids=["new place", "over an earlier result"])
def test_a_full_disk_is_told_and_loses_nothing(study: Disturbed, over: bool) -> None:
    for moment in moments_of(study.over if over else study.count, 4):
        found = study.meets(Fault(FULL, moment), over)
        assert found.wrong == "", found


@pytest.mark.slow
def test_runs_that_start_at_once_into_one_folder_leave_one_whole_result(study: Disturbed) -> None:
    out = study.folder / "together"
    children = []
    for n in range(4):
        child = os.fork()
        if child == 0:
            os._exit(forked(lambda: study.command(out), study.folder / f"said{n}"))
        children.append(child)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    said = [(study.folder / f"said{n}").read_text("utf-8") for n in range(4)]
    assert content(out) == study.whole
    assert statuses.count(0) >= 1
    for status, words in zip(statuses, said, strict=True):
        assert status == 0 or (status == 2 and "is being written by another run" in words), words


def test_a_fault_is_made_where_it_is_asked_for(tmp_path: Path) -> None:
    def written(fault: Fault) -> tuple[int, dict[str, bytes]]:
        folder = tmp_path / f"{fault.kind} {fault.moment} {fault.torn}"
        folder.mkdir()

        def act() -> int:
            sys.addaudithook(Hook(folder, fault))
            for name in ("a", "b", "c"):
                (folder / name).write_text(name)
            return 0

        return forked(act), content(folder)

    assert written(Fault(KILL, 2)) == (-9, {"a": b"a"})
    assert written(Fault(KILL, 2, torn=True)) == (-9, {"a": b"a", "b": b'{"cut sh'})
    assert written(Fault(FULL, 3)) == (70, {"a": b"a", "b": b"b"})
    assert written(Fault(KILL, 4)) == (0, {"a": b"a", "b": b"b", "c": b"c"})
