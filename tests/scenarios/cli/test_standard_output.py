"""Standard output holds the answer alone, whatever a library prints, wherever it leads and whatever it can encode."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chains import load
from optimize import optimize, worst_cuts
from scenarios.cli import main
from scenarios.cli.app import command_line
from tests.small import Small
from tests.smoke import test_every_command as smoke

TIERWISE = [sys.executable, "-c", "from scenarios.cli import main; main()"]

NOISE = """
import ctypes, os, warnings
import highspy

run = highspy.Highs.run


def run_with_noise(self):
    ctypes.CDLL(None).printf(b"noise from printf\\n")
    os.write(1, b"noise from a descriptor\\n")
    print("noise from print")
    warnings.warn("noise from a warning")
    return run(self)


highspy.Highs.run = run_with_noise
"""
"""A solver that does all that a library can do to standard output; every process of Python that starts imports it."""

KINDS = ("printf", "a descriptor", "print", "a warning")

STUDY = """
title = "Two cases"
question = "Is anything else said?"
answer = "Nothing else is said."

[[cases]]
name = "one"
title = "One"
packages = ["small"]

[[cases]]
name = "two"
title = "Two"
packages = ["small"]
options.alpha = 0.8
"""


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What came of a command line that was started in a folder."""
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [*TIERWISE, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Small(tmp_path / "small")
    (tmp_path / "mine.csv").write_text("segment,instrument,value\npart,grants,2\n", "utf-8")
    return tmp_path


@pytest.mark.slow
def test_what_a_library_prints_goes_to_standard_error(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text(NOISE, "utf-8")
    done = run(folder, "optimize", "small", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["risk"]["none"] == pytest.approx(0.115, abs=1e-12)  # worked in tests/small.py
    for kind in KINDS:
        assert f"noise from {kind}" in done.stderr


@pytest.mark.slow
def test_what_workers_print_goes_to_standard_error(folder: Path) -> None:
    (folder / "two.toml").write_text(STUDY, "utf-8")
    (folder / "sitecustomize.py").write_text(NOISE, "utf-8")
    done = run(folder, "study", "two.toml", "--out", "results", "--jobs", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answers"] == ["Nothing else is said."]
    for kind in KINDS:
        assert f"noise from {kind}" in done.stderr


QUESTIONS = {
    "optimize": ("small", "--ranges", "--ambiguity", "0.1"),
    "self-sufficiency": ("small", "--curve"),
    "glossary": ("CVaR",),
}
"""Those whose document tests/smoke/test_every_command.py does not ask for, or not with these options."""

ELSEWHERE = {*smoke.QUESTIONS, "list", "import", "compare", "verify", "study", "optimize-mpi"}
"""Tested there, and in tests/optimize/cylinders/test_mpi.py, started by mpiexec."""


@pytest.mark.slow
@pytest.mark.parametrize("command", QUESTIONS)
def test_the_document_is_the_whole_of_standard_output(folder: Path, command: str) -> None:
    done = run(folder, command, *QUESTIONS[command], "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_no_command_with_a_document_was_forgotten() -> None:
    with pytest.raises(SystemExit):
        main(["--help"])  # the first command line registers them
    commands = command_line().commands.items()
    with_document = {name for name, command in commands if any(part.name == "as_json" for part in command.params)}
    assert with_document == {*QUESTIONS, *ELSEWHERE}


@pytest.mark.parametrize("words", ["--help", "list --json", "optimize small"])
def test_a_reader_that_is_gone_is_no_error(folder: Path, words: str) -> None:
    with subprocess.Popen(
        [*TIERWISE, *words.split()], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == ""
    assert started.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("words", ["--help", "list --json", "optimize small"])
def test_a_full_disk_is_said_once(folder: Path, words: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*TIERWISE, *words.split()], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    assert said.startswith("standard output: cannot be written (No space left on device); ")


@pytest.mark.slow
def test_standard_output_that_is_closed_is_said_once(folder: Path) -> None:
    command = ["sh", "-c", 'exec "$@" >&-', "sh", *TIERWISE, "list"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    assert said.startswith("standard output: cannot be written (Bad file descriptor); ")


@pytest.mark.slow
def test_standard_error_that_is_closed_leaves_the_answer_alone(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text(NOISE, "utf-8")
    command = ["sh", "-c", 'exec "$@" 2>&-', "sh", *TIERWISE, "optimize", "small", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["risk"]["none"] == pytest.approx(0.115, abs=1e-12)


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


@pytest.mark.slow
def test_a_document_is_valid_in_a_locale_without_unicode(folder: Path) -> None:
    small = Small(folder / "spoilt")
    small.cell("demand.csv", 2, "value", "größer 𝟙")
    done = run(folder, "validate", "spoilt", "--json", **ASCII)
    assert done.stdout.isascii()
    (problem,) = json.loads(done.stdout)["problems"]
    assert "größer 𝟙" in problem["wrong"]


@pytest.mark.slow
def test_a_table_escapes_what_standard_output_cannot_encode(folder: Path) -> None:
    (folder / "small").rename(folder / "größer")
    done = run(folder, "optimize", "größer", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "gr\\xf6\\xdfer: reallocating the observed budget" in done.stdout
    assert done.stdout.isascii()


def test_a_script_in_python_hears_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chain = load(folder / "small")
    assert optimize(chain).none.risk == pytest.approx(0.115, abs=1e-12)
    assert worst_cuts(chain, 1).exact
    assert capfd.readouterr() == ("", "")
