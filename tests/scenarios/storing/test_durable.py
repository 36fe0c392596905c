"""A loss of power: what is told as finished was forced to the disk before it got its name."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scenarios import Study
from scenarios.storing import durable
from scenarios.storing.folder import LOG
from tests.small import Small

pytestmark = pytest.mark.skipif(os.name != "posix", reason="watches what is forced by the file's own number")


@contextmanager
def watched(patch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Path]]]:
    """What was forced to the disk and what was renamed, in order, by the path that it has then."""
    seen: list[tuple[str, Path]] = []
    by_number: dict[tuple[int, int], Path] = {}
    opened, fsync, rename, replace = os.open, os.fsync, os.rename, os.replace

    def opens(path: str, *given: int, **named: int) -> int:
        number = opened(path, *given, **named)
        state = os.fstat(number)
        by_number[state.st_dev, state.st_ino] = Path(path)
        return number

    def forces(number: int) -> None:
        state = os.fstat(number)
        seen.append(("forced", by_number[state.st_dev, state.st_ino]))
        fsync(number)

    def moves(how: Callable[[str, str], None]) -> Callable[[str, str], None]:
        def move(old: str, new: str) -> None:
            seen.append(("renamed", Path(old)))
            how(old, new)

        return move

    with patch.context() as inner:
        for name, value in (("open", opens), ("fsync", forces), ("rename", moves(rename)), ("replace", moves(replace))):
            inner.setattr(os, name, value)
        yield seen


def test_every_file_of_a_result_and_every_kept_answer_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Small(tmp_path / "small").folder
    study = Study(name="small", title="Small", question="?").case("today", str(package), title="Today")
    with watched(monkeypatch) as seen:
        out = study.run(tmp_path / "out", jobs=1, progress=False).folder
    new = tmp_path / ".out-unfinished" / "new"
    placed = seen.index(("renamed", new))
    forced = {path for what, path in seen[:placed] if what == "forced"}
    written = {new / path.relative_to(out) for path in out.rglob("*")}
    assert {new, new / LOG, *written} <= forced
    assert ("forced", tmp_path) in seen[placed:]
    kept = [n for n, (what, path) in enumerate(seen[:placed]) if what == "renamed"]
    assert kept
    assert all(seen[n - 1] == ("forced", seen[n][1]) for n in kept)
    assert all(seen[n + 1] == ("forced", new.parent) for n in kept)


@pytest.mark.parametrize(("number", "raised"), [(errno.EINVAL, False), (errno.EIO, True), (errno.ENOSPC, True)])
def test_a_disk_that_fails_is_told_and_one_that_cannot_force_is_used_as_it_is(
    number: int, raised: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    if not raised:
        durable.force(tmp_path)
        return
    with pytest.raises(OSError, match=os.strerror(number)):
        durable.force_all(tmp_path)
