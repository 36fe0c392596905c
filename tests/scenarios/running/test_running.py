"""Running a study: on one process, on several, on a cluster; interrupted and killed; with cases that have no answer."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import dask
import pandas as pd
import psutil
import pytest
from distributed import LocalCluster

from chains import chain
from chains.tables.containers import Container
from scenarios import Axis, Done, Study, run_study
from scenarios.running.journal import Journal
from scenarios.running.tasks import Outcome, Task
from scenarios.storing import read_results
from tests.small import Small

PATIENCE = 900
"""Seconds after which something that a busy machine delays never comes."""


def study_of(package: Path) -> Study:
    budgets = tuple(0.25 * (n + 1) for n in range(12))
    return (
        Study(name="grid", title="Budgets", question="How much?")
        .case("small", str(package), title="Small")
        .case("dear", str(package), title="Dear", minimum={"upstream": 100.0})
        .ask("ranges", "frontier")
        .grid("budgets", Axis(name="budget", option="budget", values=budgets), cases=["small"])
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Small(tmp_path_factory.mktemp("running") / "small").folder


@pytest.fixture(scope="module")
def alone(package: Path) -> Done:
    """The study, run on one process without interruption."""
    return run(package, package.parent / "alone", jobs=1)


def content(folder: Path) -> dict[str, bytes]:
    """Every file of the results but the log, which tells times."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "log.txt")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


def run(package: Path, out: Path, **how: object) -> Done:
    return run_study(study_of(package), out, progress=False, **how)  # type: ignore[arg-type]


def once_kept(answers: int, act: Callable[[], None], patch: Callable[..., None] = setattr) -> None:
    """Act in the middle of a run of this process: once so many answers are kept, and before the next one is.

    To watch from outside and act in time would need a machine with time to spare.
    """
    keep, kept = Journal.keep, count(1)

    def keep_and_act(journal: Journal, task: Task, outcome: Outcome) -> None:
        keep(journal, task, outcome)
        if next(kept) == answers:
            act()

    patch(Journal, "keep", keep_and_act)


def start(act: Callable[[], None], answers: int, code: str, *words: str, **how: Any) -> subprocess.Popen[str]:
    """A Python process that runs a study by this code, and in it a function of this module at that answer."""
    ready = f"from tests.scenarios.running.test_running import {act.__name__}, once_kept, run"
    program = f"{ready}\nonce_kept({answers}, {act.__name__})\n{code}"
    path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen([sys.executable, "-c", program, *words], env=environment, text=True, **how)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    """As a terminal does: to every process of the group."""
    os.killpg(0, signal.SIGINT)


STAYS = "stays"
"""Name of the file that says that a run has come to the answer at which it stays."""


def stay() -> None:
    """Say so in the current folder, and go no further until a signal ends this process."""
    Path(STAYS).touch()
    while True:
        time.sleep(1.0)


def kill_a_worker() -> None:
    (server,) = [child for child in psutil.Process().children() if child.children()]
    server.children()[0].kill()


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [2, 4])
def test_results_are_the_same_to_the_bit_whatever_the_number_of_processes(
    alone: Done, package: Path, tmp_path: Path, jobs: int
) -> None:
    assert content(run(package, tmp_path / "several", jobs=jobs).folder) == content(alone.folder)


def test_a_case_without_a_solution_is_told_and_stops_no_other(alone: Done) -> None:
    assert alone.solved
    assert not alone.defect
    (told,) = alone.failed
    assert told.startswith("Dear: no answer (no solution).")
    assert "minimum of upstream: 100" in told
    cases = pd.read_parquet(alone.folder / "tables" / "cases.parquet").set_index("case")
    assert cases["solved"].to_dict()["dear"] is False
    assert "minimum of upstream: 100" in cases.at["dear", "why_not"]
    assert cases["solved"].sum() == 13
    assert "minimum of upstream: 100" in (alone.folder / "report.md").read_text("utf-8")


def test_more_budget_never_raises_risk_along_a_grid(alone: Done) -> None:
    points = pd.read_parquet(alone.folder / "tables" / "cases.parquet").dropna(subset="grid").sort_values("at_budget")
    risks = points["risk_optimal"].to_numpy()
    assert (risks[1:] <= risks[:-1] + 1e-9).all()
    assert risks[0] > risks[-1] + 0.01


@pytest.mark.slow
def test_a_program_that_was_killed_goes_on_where_it_stopped(alone: Done, package: Path, tmp_path: Path) -> None:
    code = f"from pathlib import Path; run(Path({str(package)!r}), Path({str(tmp_path / 'killed')!r}), jobs=1)"
    assert start(die, 5, code).wait(PATIENCE) == -signal.SIGKILL
    assert not (tmp_path / "killed").exists()
    kept = tmp_path / ".killed-unfinished"
    assert len(list(kept.glob("*.json"))) == 5
    done = run(package, tmp_path / "killed", jobs=1)
    assert "of which 5 were answered before" in (done.folder / "log.txt").read_text("utf-8")
    assert content(done.folder) == content(alone.folder)
    assert not kept.exists()


@pytest.mark.slow
def test_ctrl_c_says_that_the_finished_cases_are_kept(tmp_path: Path) -> None:
    Small(tmp_path / "small")
    values = ", ".join(str(0.1 * n) for n in range(1, 20))
    (tmp_path / "many.toml").write_text(
        "title = 'Many'\nquestion = '?'\n[[cases]]\nname = 'a'\ntitle = 'A'\npackages = ['small']\n"
        f"[[grids]]\nname = 'b'\naxes = [{{ name = 'b', option = 'budget', values = [{values}] }}]\n",
        "utf-8",
    )
    # Where the tests run in the background of a shell, interrupts are ignored unless asked for.
    heeds = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code, words = f"{heeds}; from scenarios.cli import main; main()", ("study", "many.toml", "--jobs", "2")
    process = start(interrupt, 3, code, *words, cwd=tmp_path, start_new_session=True, stderr=subprocess.PIPE)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert said.strip().splitlines()[-1].startswith("interrupted: what is finished is kept")
    assert "Traceback" not in said
    assert len(list((tmp_path / "results" / ".many-unfinished").glob("*.json"))) >= 3


@pytest.mark.slow
def test_what_was_kept_half_written_is_solved_again(alone: Done, package: Path, tmp_path: Path) -> None:
    kept = tmp_path / ".out-unfinished"
    kept.mkdir()
    from scenarios.running.plan import tasks_of
    from scenarios.studies import StudyFile
    from scenarios.studies.expanding import ready_cases

    study = study_of(package)
    task = tasks_of(study, ready_cases(StudyFile.of(study)))[0]
    (kept / f"{task.key}.json").write_text('{"answer": {"ri', "utf-8")
    assert content(run(package, tmp_path / "out", jobs=1).folder) == content(alone.folder)


@pytest.mark.slow
def test_a_cluster_gives_the_same_results_though_a_worker_is_killed(
    alone: Done, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = {f"distributed.comm.timeouts.{what}": f"{PATIENCE}s" for what in ("connect", "tcp")}
    killed = []
    with (
        dask.config.set(patient),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
    ):

        def kill() -> None:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

        once_kept(3, kill, monkeypatch.setattr)
        done = run(package, tmp_path / "cluster", cluster=cluster.scheduler_address)
    assert len(killed) == 1
    assert content(done.folder) == content(alone.folder)


@pytest.mark.slow
def test_a_process_of_the_pool_may_be_killed(alone: Done, package: Path, tmp_path: Path) -> None:
    code = f"from pathlib import Path; run(Path({str(package)!r}), Path({str(tmp_path / 'out')!r}), jobs=2)"
    assert start(kill_a_worker, 5, code).wait(PATIENCE) == 0
    assert content(tmp_path / "out") == content(alone.folder)


def test_a_scheduler_that_does_not_answer_is_told(package: Path, tmp_path: Path) -> None:
    from chains import InputError

    with pytest.raises(InputError, match="no scheduler answers"):
        run(package, tmp_path / "out", cluster="tcp://127.0.0.1:9")


def test_the_results_tell_what_was_asked(alone: Done) -> None:
    stored = read_results(alone.folder)
    assert stored.study.title == "Budgets"
    assert [case.name for case in stored.cases] == ["small", "dear"]
    assert set(stored.cases[0].answers) == {"optimize", "ranges", "frontier"}
    assert len(stored.grid("budgets")) == 12
    assert set(stored.grid("budgets")[0].answers) == {"optimize"}


@pytest.mark.slow
def test_a_script_needs_no_guard_against_being_run_again_by_its_workers(package: Path, tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(
        "from scenarios import Study\n"
        "print('started')\n"
        "study = Study(name='mine', title='Mine', question='?').case('a', "
        f"{str(package)!r}).case('b', {str(package)!r}, alpha=0.5)\n"
        "print(study.run('out', jobs=2, progress=False).folder)\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert done.stdout.split() == ["started", "out"]


@pytest.mark.slow
def test_a_package_is_read_once_a_study(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, really = [], chain.read_package

    def counted(container: Container) -> object:
        read.append(container.name)
        return really(container)

    monkeypatch.setattr(chain, "read_package", counted)
    run(package, tmp_path / "out", jobs=1)
    assert read == ["small"]
