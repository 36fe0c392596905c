"""A bad input: what is done, in words, and how it is done."""

import contextlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chains import InputError, load
from optimize import NoSolutionError
from scenarios.cli import main
from scenarios.report.answering import check_answer
from scenarios.running.plan import samplings
from scenarios.studies import read_study
from scenarios.studies.expanding import ready_cases
from tests.small import Small

__all__ = ["Bad", "bytes_of", "called", "cell", "command", "edit", "file", "said_of", "study"]


@dataclass(frozen=True)
class Bad:
    """`what` is put in, in words; `ask` does it, in a folder that holds the package small and is the current one."""

    what: str
    ask: Callable[[Small], object]


def edit(file: str, old: str, new: str) -> Bad:
    """Part of a file of the package is replaced; an optional file is written first."""

    def ask(small: Small) -> None:
        if not (small.folder / file).exists():
            small.add_structure(file)
        small.edit(file, old, new)
        load(small.folder)

    return Bad(f"`{file}`: `{old.strip()}` becomes `{new.strip() or ' '}`", ask)


def cell(file: str, row: int, column: str, value: str) -> Bad:
    """One cell of a table is replaced."""

    def ask(small: Small) -> None:
        if not (small.folder / file).exists():
            small.add_structure(file)
        small.cell(file, row, column, value)
        load(small.folder)

    return Bad(
        f"`{file}`, row {row}, column {column}: `{value[:40]}`" if value else f"`{file}`, row {row}: no {column}", ask
    )


def file(what: str, change: Callable[[Small], object]) -> Bad:
    """The package is changed in another way, and read."""

    def ask(small: Small) -> None:
        change(small)
        load(small.folder)

    return Bad(what, ask)


def bytes_of(what: str, name: str, content: bytes | Callable[[bytes], bytes]) -> Bad:
    """A file of the package has other bytes."""

    def change(small: Small) -> None:
        path = small.folder / name
        path.write_bytes(content(path.read_bytes()) if callable(content) else content)

    return file(what, change)


HEAD = 'title = "T"\nquestion = "Q"\n'
CASE = '[[cases]]\nname = "one"\ntitle = "One"\npackages = ["small"]\n'


def study(text: str, *, head: str = HEAD, case: str = CASE, what: str = "") -> Bad:
    """A study file: its head, the text, and a case."""

    def ask(small: Small) -> None:
        Path("mine.toml").write_text(head + text + case, "utf-8")
        read = read_study("mine.toml")
        if problems := check_answer(read):
            raise InputError(problems)
        samplings(read.study, ready_cases(read))

    return Bad(what or f"a study file with `{' '.join(text.split())[:100]}`", ask)


def command(*words: str, before: Callable[[Small], object] | None = None, also: str = "") -> Bad:
    """A command line; `before` prepares the folder, `also` says so."""

    def ask(small: Small) -> None:
        if before is not None:
            before(small)
        main(list(words))

    return Bad(f"`tierwise {' '.join(words)}`{also}", ask)


def called(what: str, act: Callable[[Small], object]) -> Bad:
    """A call from Python."""
    return Bad(f"`{what}`", act)


def said_of(bad: Bad, folder: Path) -> str:
    """What is said to it; the folder that it is asked in is written `...`."""
    folder.mkdir(parents=True)
    said, told = io.StringIO(), ""
    with contextlib.chdir(folder), contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        small = Small(Path("small"))
        try:
            bad.ask(small)
        except (InputError, NoSolutionError) as error:
            told = str(error)
        except SystemExit as stop:
            told = said.getvalue() if stop.code in (2, 3) else ""
    assert told, f"{bad.what}: nothing is said, but {said.getvalue()}"
    assert "Traceback" not in told, told
    told = told.replace(str(folder.resolve()), "...").replace(str(folder), "...")
    return re.sub(r"process \d+ on [^)]*", "process 123 on this machine", told).strip()
