"""Progress is for terminals: into a pipe or a file goes nothing, and the answer stays alone on standard output."""

import json
import os
import subprocess
import sys

import pytest

from optimize import priorities
from optimize.progress import listening
from tests.small import Small

RUN = [sys.executable, "-c", "from scenarios.cli import main; main()"]


@pytest.mark.slow
def test_nothing_is_shown_where_standard_error_is_no_terminal(small: Small) -> None:
    done = subprocess.run([*RUN, "frontier", str(small.folder), "--json"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert json.loads(done.stdout)["breakpoints"]


@pytest.mark.slow
def test_a_terminal_sees_what_is_worked_on_and_the_document_stays_alone(small: Small) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*RUN, "frontier", str(small.folder), "--json"], stdout=subprocess.PIPE, stderr=theirs, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "frontier small" in shown
    assert json.loads(done.stdout)["breakpoints"]


def test_a_listener_is_told_how_many_steps_are_done(small: Small) -> None:
    told: list[tuple[int, int]] = []
    with listening(lambda done, total: told.append((done, total))):
        priorities(small.load(), draws=5)
    assert told == [(done, 5) for done in range(5)]
    priorities(small.load(), draws=2)
    assert len(told) == 5
