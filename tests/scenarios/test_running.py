"""Running a study: on one process, on several, on a cluster; interrupted and killed; with cases that have no answer."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pandas as pd
import psutil
import pytest
from distributed import LocalCluster

from chains import chain
from scenarios import Axis, Done, Study, run_study
from scenarios.storing import read_results
from tests.small import Small


def study_of(package: Path, points: int = 12) -> Study:
    budgets = tuple(0.25 * (n + 1) for n in range(points))
    return (
        Study(name="grid", title="Budgets", question="How much?")
        .case("small", str(package), title="Small")
        .case("dear", str(package), title="Dear", minimum={"upstream": 100.0})
        .ask("ranges", "frontier")
        .grid("budgets", Axis(name="budget", option="budget", values=budgets), cases=["small"])
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Small(tmp_path / "small").folder


def content(folder: Path) -> dict[str, bytes]:
    """Every file of the results but the log, which tells times."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "log.txt")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


def run(package: Path, out: Path, **how: object) -> Done:
    return run_study(study_of(package), out, progress=False, **how)  # type: ignore[arg-type]


def test_results_are_the_same_to_the_bit_whatever_the_number_of_processes(package: Path, tmp_path: Path) -> None:
    alone, two = (content(run(package, tmp_path / f"out{jobs}", jobs=jobs).folder) for jobs in (1, 2))
    assert alone == two


def test_a_case_without_a_solution_is_told_and_stops_no_other(package: Path, tmp_path: Path) -> None:
    done = run(package, tmp_path / "out", jobs=1)
    assert done.solved
    assert not done.defect
    (told,) = done.failed
    assert told.startswith("Dear: no answer (no solution).")
    assert "minimum of upstream: 100" in told
    cases = pd.read_parquet(done.folder / "tables" / "cases.parquet").set_index("case")
    assert cases["solved"].to_dict()["dear"] is False
    assert "minimum of upstream: 100" in cases.at["dear", "why_not"]
    assert cases["solved"].sum() == 13
    assert "minimum of upstream: 100" in (done.folder / "report.md").read_text("utf-8")


def test_more_budget_never_raises_risk_along_a_grid(package: Path, tmp_path: Path) -> None:
    done = run(package, tmp_path / "out", jobs=1)
    points = pd.read_parquet(done.folder / "tables" / "cases.parquet").dropna(subset="grid").sort_values("at_budget")
    risks = points["risk_optimal"].to_numpy()
    assert (risks[1:] <= risks[:-1] + 1e-9).all()
    assert risks[0] > risks[-1] + 0.01


def test_a_program_that_was_killed_goes_on_where_it_stopped(package: Path, tmp_path: Path) -> None:
    whole = content(run_study(study_of(package, 60), tmp_path / "whole", jobs=1, progress=False).folder)
    code = (
        "from pathlib import Path; from tests.scenarios.test_running import study_of;"
        f"study_of(Path({str(package)!r}), 60).run({str(tmp_path / 'killed')!r}, jobs=1, progress=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    kept = tmp_path / ".killed-unfinished"
    while len(list(kept.glob("*.json"))) < 5:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "killed").exists()
    finished = len(list(kept.glob("*.json")))
    done = run_study(study_of(package, 60), tmp_path / "killed", jobs=1, progress=False)
    log = (done.folder / "log.txt").read_text("utf-8")
    assert f"of which {finished} were answered before" in log
    assert content(done.folder) == whole
    assert not kept.exists()


def test_ctrl_c_says_that_the_finished_cases_are_kept(package: Path, tmp_path: Path) -> None:
    values = ", ".join(str(0.1 * n) for n in range(1, 80))
    (tmp_path / "many.toml").write_text(
        "title = 'Many'\nquestion = '?'\n[[cases]]\nname = 'a'\ntitle = 'A'\npackages = ['small']\n"
        f"[[grids]]\nname = 'b'\naxes = [{{ name = 'b', option = 'budget', values = [{values}] }}]\n",
        "utf-8",
    )
    # Where the tests run in the background of a shell, interrupts are ignored unless asked for.
    heeds = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{heeds}; from scenarios.cli import main; main()"]
    command += ["study", "many.toml", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True, stderr=subprocess.PIPE, text=True)
    kept = tmp_path / "results" / ".many-unfinished"
    while len(list(kept.glob("*.json"))) < 3:
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip().splitlines()[-1].startswith("interrupted: what is finished is kept")
    assert "Traceback" not in said
    assert len(list(kept.glob("*.json"))) >= 3


def test_what_was_kept_half_written_is_solved_again(package: Path, tmp_path: Path) -> None:
    whole = content(run(package, tmp_path / "whole", jobs=1).folder)
    kept = tmp_path / ".out-unfinished"
    kept.mkdir()
    from scenarios.running.plan import tasks_of
    from scenarios.studies import StudyFile
    from scenarios.studies.expanding import ready_cases

    study = study_of(package)
    task = tasks_of(study, ready_cases(StudyFile.of(study)))[0]
    (kept / f"{task.key}.json").write_text('{"answer": {"ri', "utf-8")
    assert content(run(package, tmp_path / "out", jobs=1).folder) == whole


def test_a_cluster_gives_the_same_results_though_a_worker_is_killed(package: Path, tmp_path: Path) -> None:
    alone = content(run_study(study_of(package, 40), tmp_path / "alone", jobs=1, progress=False).folder)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        kept, killed = tmp_path / ".cluster-unfinished", []

        def kill() -> None:
            while len(list(kept.glob("*.json"))) < 3:
                time.sleep(0.002)
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

        killer = Thread(target=kill, daemon=True)
        killer.start()
        address = cluster.scheduler_address
        done = run_study(study_of(package, 40), tmp_path / "cluster", cluster=address, progress=False)
        killer.join(timeout=10)
    assert len(killed) == 1
    assert content(done.folder) == alone


def test_a_process_of_the_pool_may_be_killed(package: Path, tmp_path: Path) -> None:
    whole = content(run_study(study_of(package, 60), tmp_path / "whole", jobs=1, progress=False).folder)
    code = (
        "from pathlib import Path; from tests.scenarios.test_running import study_of;"
        f"study_of(Path({str(package)!r}), 60).run({str(tmp_path / 'out')!r}, jobs=2, progress=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    while len(list((tmp_path / ".out-unfinished").glob("*.json"))) < 5:
        assert process.poll() is None, "it ended before a worker could be killed"
        time.sleep(0.002)
    (server,) = [child for child in psutil.Process(process.pid).children() if child.children()]
    server.children()[0].kill()
    assert process.wait(timeout=120) == 0
    assert content(tmp_path / "out") == whole


def test_a_scheduler_that_does_not_answer_is_told(package: Path, tmp_path: Path) -> None:
    from chains import InputError

    with pytest.raises(InputError, match="no scheduler answers"):
        run(package, tmp_path / "out", cluster="tcp://127.0.0.1:9")


def test_the_results_tell_what_was_asked(package: Path, tmp_path: Path) -> None:
    done = run(package, tmp_path / "out", jobs=1)
    stored = read_results(done.folder)
    assert stored.study.title == "Budgets"
    assert [case.name for case in stored.cases] == ["small", "dear"]
    assert set(stored.cases[0].answers) == {"optimize", "ranges", "frontier"}
    assert len(stored.grid("budgets")) == 12
    assert set(stored.grid("budgets")[0].answers) == {"optimize"}


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
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.split() == ["started", "out"]


def test_a_package_is_read_once_a_study(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, really = [], chain.read_package

    def counted(folder: Path, name: str) -> object:
        read.append(name)
        return really(folder, name)

    monkeypatch.setattr(chain, "read_package", counted)
    run(package, tmp_path / "out", jobs=1)
    assert read == ["small"]
