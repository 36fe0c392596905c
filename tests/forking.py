"""Commands in processes of their own that share a start: one process has imported what each of them needs, and forks.

To start a command costs more than most answers about a small package. A forked process has its own memory, folder and
streams, and what a command alone needs it still imports itself.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

__all__ = ["Ended", "Forking"]

_PROGRAM = """
import json, os, sys, warnings
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # as the command does
import scenarios.cli.app, scenarios.questions
from chains import load
from optimize import optimize
for line in sys.stdin:
    words, folder, out, err = json.loads(line)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python from 3.12 on warns of the threads that linear algebra holds ready
        child = os.fork()
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()
os.chdir(folder)
for stream, (path, how) in enumerate(((os.devnull, os.O_RDONLY), (out, os.O_WRONLY), (err, os.O_WRONLY))):
    os.dup2(os.open(path, how), stream)
sys.argv[1:] = words
scenarios.cli.main()
"""


class Ended(NamedTuple):
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str


class Forking:
    """The process that forks. What its imports say is checked when it ends: it must be nothing."""

    def __init__(self, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"
        self._said = folder / "said"
        with self._said.open("w") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                encoding="utf-8",
            )

    def run(self, words: Sequence[str], folder: Path) -> Ended:
        """A command in a folder, to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for file in (self._out, self._err):
            file.write_bytes(b"")
        asked = json.dumps([list(words), str(folder), str(self._out), str(self._err)])
        print(asked, file=self._process.stdin, flush=True)
        status = self._process.stdout.readline()
        assert status, self._said.read_text("utf-8")
        return Ended(int(status), self._out.read_text("utf-8"), self._err.read_text("utf-8"))

    def __enter__(self) -> "Forking":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()
        assert kind is not None or self._said.read_text("utf-8") == ""
