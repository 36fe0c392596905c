"""Smoke: every command once, in a process of its own, and one study. Needs the runtime dependencies and pytest; what
the extras `cluster` and `mpi` bring is tried where they are installed.

Made for environments with other versions of the dependencies, where the whole suite would take too long: what a command
prints must be its document and nothing else, and what it claims must be certified.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from chains import load
from optimize import WhatIfs, optimize
from scenarios.studies.asked import OUTPUTS
from tests.chains.importing.test_eto import written
from tests.forking import Ended, Forking
from tests.independent import Study, read, same
from tests.small import Small

TOLERANCE = 1e-7
"""The largest violation of an optimality condition that docs/model.md allows."""

pytestmark = pytest.mark.slow

QUESTIONS = {
    "optimize": ["--ranges"],
    "evaluate": ["--allocation", "mine.csv"],
    "gain": ["--from", "midstream", "--to", "upstream"],
    "finding": [],
    "validate": [],
    "indicators": [],
    "frontier": [],
    "plan": ["--years", "3"],
    "break-even": ["--from", "midstream", "--to", "upstream"],
    "priorities": [],
    "choke-points": ["--worst", "1"],
    "turning-points": ["--of", "dispensable", "--steps", "4"],
    "against": ["--cuts", "1"],
    "self-sufficiency": ["--target", "0.4"],
    "quality": ["--trajectories", "2"],
    "what-if": ["--cut", "JPN", "--months", "6"],
}
"""The commands that ask a package something, and the words after the package."""

UNCERTIFIED = {"validate", "indicators"}
"""Those of them that solve nothing."""

ELSEWHERE = {
    "list",
    "new",
    "convert",
    "import",
    "optimize-mpi",
    "study",
    "report",
    "compare",
    "verify",
    "glossary",
    "studio",
}
"""Commands that have a test of their own here; `studio` has one in tests/scenarios/studio/test_command.py."""

EVERY = """
title = "Every question"
question = "Does it move with twice the money?"
outputs = {outputs}
answer = "{{% for name in cases %}}{{{{ name }}}}: {{{{ cases[name].risk.optimal | percent }}}}. {{% endfor %}}"

[options]
ambiguity = 0.1

[what_if]
cuts = ["JPN"]
months = 6

[against]
cuts = 1

[gain]
from = "midstream"
to = "upstream"

[self_sufficiency]
target = 0.4

[[cases]]
name = "once"
title = "As it is"
packages = ["{package}"]

[[cases]]
name = "twice"
title = "Twice the money"
packages = ["{package}"]
[[cases.changes]]
table = "subsidies"
multiply = 2
"""
"""A study that asks all that a study can ask."""

SURE = """
title = "Sure"
question = "How sure is it?"

[[cases]]
name = "only"
title = "Only"
packages = ["{package}"]

[draws]
seed = 7
count = 8
replicates = 2
trajectories = 2
alone = 2
base = 2
"""
"""A study that draws every number of a package."""


@pytest.fixture(scope="module", autouse=True)
def forking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forking]:
    """The process that commands are forked from, but for those that are started `alone`."""
    with Forking(tmp_path_factory.mktemp("forking")) as process:
        _running.append(process)
        yield process
        _running.clear()


_running: list[Forking] = []


def started(*words: object, folder: Path, alone: bool = False) -> str:
    """What a process prints for a command that succeeds, without a word from a library on standard error.

    The process is a fork of one that has imported what every command needs; `alone` it is started as a user starts it.
    """
    typed = [*map(str, words)]
    if alone:
        run = [sys.executable, "-c", "from scenarios.cli import main; main()", *typed]
        ended = subprocess.run(run, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        done = Ended(ended.returncode, ended.stdout, ended.stderr)
    else:
        done = _running[0].run(typed, folder)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    return done.stdout


def document(*words: object, folder: Path, alone: bool = False) -> dict[str, Any]:
    """The JSON document of a command: all of its standard output."""
    found = json.loads(started(*words, "--json", folder=folder, alone=alone))
    assert isinstance(found, dict)
    return found


def violations(part: object) -> Iterator[float]:
    """The largest violation of every certificate in a document, however deep; that of draws is told as one number."""
    if isinstance(part, dict):
        if "certificate" in part:
            told = part["certificate"]
            yield max(told.values()) if isinstance(told, dict) else told
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from violations(inner)


def certified(part: object) -> int:
    """How many certificates a document has; all of them hold."""
    found = list(violations(part))
    assert [violation for violation in found if not violation <= TOLERANCE] == []
    return len(found)


@cache
def answered(command: str, package: Path) -> dict[str, Any]:
    """The document of a question about a package."""
    alone = command == "optimize"  # one question from its very start: all begin alike
    return document(command, package, *QUESTIONS[command], folder=package.parent, alone=alone)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small package, and beside it an allocation."""
    package = Small(tmp_path_factory.mktemp("smoke") / "small").folder
    (package.parent / "mine.csv").write_text("segment,instrument,value\npart,grants,20\n", "utf-8")
    return package


@pytest.fixture(scope="module")
def result(small: Path) -> Path:
    """The results folder of a study with every output."""
    text = EVERY.format(outputs=json.dumps(OUTPUTS), package=small.as_posix())
    (small.parent / "every.toml").write_text(text, "utf-8")
    document("study", "every.toml", "--out", "result", folder=small.parent, alone=True)
    return small.parent / "result"


def test_every_command_is_in_this_file(tmp_path: Path) -> None:
    commands = started("--help", folder=tmp_path, alone=True).partition("Commands:")[2]
    assert set(re.findall(r"^  ([a-z-]+)  ", commands, re.MULTILINE)) == set(QUESTIONS) | ELSEWHERE


def test_the_command_is_installed() -> None:
    (installed,) = entry_points(group="console_scripts", name="tierwise")
    assert installed.value == "tierwise.__main__:main"


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_question_is_answered_by_one_document_with_its_certificate(small: Path, command: str) -> None:
    answer = answered(command, small)
    assert answer
    assert (certified(answer) > 0) == (command not in UNCERTIFIED)


def test_what_ships_is_listed(tmp_path: Path) -> None:
    listed = document("list", folder=tmp_path, alone=True)
    assert {"robots", "chips", "coupled", "japan"} <= {package["name"] for package in listed["packages"]}
    assert "inverted-u" in {study["name"] for study in listed["studies"]}


def test_a_new_package_is_a_workbook_that_is_answered_and_converted(tmp_path: Path) -> None:
    assert "home DNK, DKK billion per year" in started("new", "wind.xlsx", "--home", "DNK", folder=tmp_path)
    started("convert", "wind.xlsx", "wind", folder=tmp_path)
    book, converted = (document("optimize", name, folder=tmp_path) for name in ("wind.xlsx", "./wind"))
    assert book["risk"] == converted["risk"]
    assert book["risk"]["optimal"] < book["risk"]["observed"]


def test_a_public_data_set_is_a_package_that_is_answered(tmp_path: Path) -> None:
    written(tmp_path / "eto")
    told = document("import", "eto", "eto", "--home", "NLD", "--out", "nld.xlsx", folder=tmp_path)
    assert any(line.startswith("response: all rows from the template") for line in told["lacks"])
    again = document("import", "eto", "eto", "--home", "NLD", "--out", "nld", folder=tmp_path)
    assert (again["written"], again["home"], again["currency"], again["indicators"]) == ("nld", "NLD", "USD", [])
    assert again["rows"]["segments"] > 0
    assert any(line.startswith("response: all rows from the template") for line in again["lacks"])
    risk = document("optimize", "nld.xlsx", folder=tmp_path)["risk"]
    assert risk["optimal"] < risk["observed"]


def test_people_get_tables(small: Path) -> None:
    assert "Allocation (RMB billion)" in started("optimize", small, folder=small.parent)


def test_the_least_risk_is_that_of_an_independent_program(small: Path) -> None:
    study = Study(read(small))
    risk = answered("optimize", small)["risk"]
    assert risk["none"] == pytest.approx(0.115, abs=1e-12)  # worked in tests/small.py: (0.03 + 0.2) / 2
    assert same(risk["optimal"], study.least_risk(study.choice()))


def test_a_what_if_in_python_has_the_least_risk_of_the_changed_chain(small: Path) -> None:
    chain = load(small)
    asked, milder = WhatIfs(chain), chain.scaled("disruptions", 0.5, location="JPN")
    assert same(asked.risk(), optimize(chain).risk)
    assert same(asked.risk(milder), optimize(milder).risk)
    assert asked.certificate.worst <= TOLERANCE


def test_the_bounds_over_mpi_hold_the_least_risk_between_them(small: Path) -> None:
    from tests.optimize.cylinders.test_mpi import Ran  # here, because it skips where there is no MPI

    answer = Ran(2, small, "--json").document
    assert certified(answer) > 0
    study = Study(read(small))
    least = study.least_risk(study.choice())
    assert answer["risk"]["lower"] - 1e-9 <= least <= answer["risk"]["upper"] + 1e-9


def test_the_cases_of_a_study_are_certified(result: Path) -> None:
    for name in ("once", "twice"):
        answers = json.loads((result / f"cases/{name}.json").read_text("utf-8"))["answers"]
        assert set(answers) >= set(OUTPUTS)
        assert certified(answers) >= len(OUTPUTS) - 3  # indicators, finding and definitions have none of their own


def test_a_study_with_draws_is_the_same_to_the_bit_on_a_cluster(small: Path, tmp_path: Path) -> None:
    (tmp_path / "sure.toml").write_text(SURE.format(package=small.as_posix()), "utf-8")
    document("study", "sure.toml", "--jobs", "1", "--out", "here", folder=tmp_path, alone=True)
    answers = json.loads((tmp_path / "here/cases/only.json").read_text("utf-8"))["answers"]
    assert certified(answers) > 0
    assert "uncertainty" in answers
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        document(
            "study", "sure.toml", "--cluster", cluster.scheduler_address, "--out", "there", folder=tmp_path, alone=True
        )
    assert (tmp_path / "there/hashes.json").read_bytes() == (tmp_path / "here/hashes.json").read_bytes()


def test_a_result_is_verified_and_the_same_as_itself(result: Path) -> None:
    assert document("verify", result, folder=result.parent)["valid"] is True
    assert document("compare", result, result, folder=result.parent)["same"] is True


@pytest.mark.parametrize(("name", "start"), [("report.html", b"<!"), ("report.md", b"#"), ("report.xlsx", b"PK")])
def test_a_study_writes_its_report(result: Path, name: str, start: bytes) -> None:
    assert (result / name).read_bytes().startswith(start)


@pytest.mark.parametrize(("name", "start"), [("r.html", b"<!"), ("r.pdf", b"%PDF-"), ("r.pptx", b"PK")])
def test_the_report_is_made_again_and_in_other_formats(result: Path, name: str, start: bytes) -> None:
    started("report", result, "-o", name, folder=result.parent)
    assert (result.parent / name).read_bytes().startswith(start)
