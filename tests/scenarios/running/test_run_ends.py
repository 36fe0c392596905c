"""One run at a time into a folder, and none that outlives its end: workers go with their parent, answers stay whole."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from chains import InputError
from scenarios import Study, run_study
from scenarios.running.journal import Journal
from scenarios.running.plan import tasks_of
from scenarios.running.tasks import Task, carry_out
from scenarios.storing.claiming import claimed
from scenarios.storing.place import place_of
from scenarios.studies import StudyFile
from scenarios.studies.expanding import ready_cases
from tests.scenarios.running.test_running import PATIENCE, STAYS, start, stay
from tests.small import Small


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Small(tmp_path / "small").folder


def study_of(package: Path, name: str = "one") -> Study:
    return Study(name=name, title="One", question="?").case("a", str(package), title="A")


def run(study: Study, out: Path) -> str:
    """Run a study and return its log."""
    return (run_study(study, out, jobs=1, progress=False).folder / "log.txt").read_text("utf-8")


@pytest.fixture
def running(package: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A study on two processes that has answered three of its questions and stays there."""
    values = ", ".join(str(0.1 * n) for n in range(1, 20))
    (tmp_path / "many.toml").write_text(
        f"title = 'Many'\nquestion = '?'\n[[cases]]\nname = 'a'\ntitle = 'A'\npackages = ['{package.as_posix()}']\n"
        f"[[grids]]\nname = 'b'\naxes = [{{ name = 'b', option = 'budget', values = [{values}] }}]\n",
        "utf-8",
    )
    words = ("study", "many.toml", "--out", "out", "--jobs", "2")
    process = start(stay, 3, "from scenarios.cli import main; main()", *words, cwd=tmp_path, stderr=subprocess.PIPE)
    wait_for(lambda: process.poll() is not None or (tmp_path / STAYS).exists())
    assert process.poll() is None, "it ended before anything could be done to it"
    everyone = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    yield process
    for one in everyone:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def answered(folder: Path) -> list[Path]:
    return list((folder / ".out-unfinished").glob("*.json"))


def wait_for(condition) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def ended(process: psutil.Process) -> bool:
    """Whether a process has ended, be it that nobody has asked for its exit status yet."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
def test_no_worker_outlives_its_parent(running: subprocess.Popen[str], tmp_path: Path, number: int) -> None:
    below = psutil.Process(running.pid).children(recursive=True)
    assert len(below) >= 2
    running.send_signal(number)
    wait_for(lambda: running.poll() is not None and all(ended(process) for process in below))
    assert running.stderr is not None
    said = running.stderr.read()
    assert len(answered(tmp_path)) >= 3
    if number == signal.SIGTERM:
        assert running.returncode == 143
        assert said.strip().splitlines()[-1].startswith("ended: what is finished is kept")
        assert "Traceback" not in said
    else:
        assert running.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_a_second_run_into_the_same_folder_is_refused(running: subprocess.Popen[str], tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(tmp_path)
    with pytest.raises(InputError, match=rf"another run \(process {running.pid} on .*--out"):
        run_study(str(tmp_path / "many.toml"), tmp_path / "way" / "out", jobs=1, progress=False)
    assert running.poll() is None


@pytest.mark.slow
def test_a_place_is_free_again_once_its_run_has_ended(package: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with claimed(place_of(out, "one")), pytest.raises(InputError, match=f"process {os.getpid()} "):
        run(study_of(package), out)
    assert "1 questions" in run(study_of(package), out)
    assert not (tmp_path / ".out-unfinished").exists()


def only_task(study: Study) -> Task:
    (task,) = tasks_of(study, ready_cases(StudyFile.of(study)))
    return task


def kept_answer(package: Path, out: Path) -> Path:
    """An answer as a run that was interrupted before it wrote its results leaves it."""
    task, place = only_task(study_of(package)), place_of(out, "one")
    with claimed(place):
        Journal(place.unfinished).keep(task, carry_out(task))
    (kept,) = place.unfinished.glob("*.json")
    return kept


@pytest.mark.slow
def test_a_kept_answer_is_used_again(package: Path, tmp_path: Path) -> None:
    kept_answer(package, tmp_path / "out")
    assert "1 questions, of which 1 were answered before" in run(study_of(package), tmp_path / "out")


@pytest.mark.slow
def test_an_edited_answer_is_told_and_solved_again(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = kept_answer(package, tmp_path / "out")
    entry = json.loads(kept.read_text("utf-8"))
    right = entry["outcome"]["answer"]["risk"]["optimal"]
    entry["outcome"]["answer"]["risk"]["optimal"] = right / 2
    kept.write_text(json.dumps(entry), "utf-8")
    assert "of which 0 were answered before" in run(study_of(package), tmp_path / "out")
    assert f"warning: {kept}: was edited or cut short; a: optimize is solved again" in capsys.readouterr().err
    stored = json.loads((tmp_path / "out" / "cases" / "a.json").read_text("utf-8"))
    assert stored["answers"]["optimize"]["risk"]["optimal"] == right


def test_a_damaged_answer_is_told_and_not_used(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, task = kept_answer(package, tmp_path / "out"), only_task(study_of(package))
    assert Journal(kept.parent).find(task) is not None
    for damaged in (kept.read_text("utf-8")[:100], "", "[1]", "7", '{"answer": 5}', '{"sha256": 1}', "[" * 100_000):
        kept.write_text(damaged, "utf-8")
        assert Journal(kept.parent).find(task) is None
        assert f"warning: {kept}: was edited or cut short" in capsys.readouterr().err
    kept.unlink()
    assert Journal(kept.parent).find(task) is None
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_an_answer_to_another_question_is_not_taken_for_ones_own(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = kept_answer(package, tmp_path / "out")
    study = Study(name="one", title="One", question="?").case("a", str(package), title="A", budget=1.0)
    kept.rename(kept.with_name(f"{only_task(study).key}.json"))
    assert "of which 0 were answered before" in run(study, tmp_path / "out")
    assert "was edited or cut short" in capsys.readouterr().err


@pytest.mark.slow
def test_kept_answers_of_another_study_are_not_thrown_away(package: Path, tmp_path: Path) -> None:
    kept = kept_answer(package, tmp_path / "out")
    with pytest.raises(InputError, match="keeps the answers of another study, 'one', which was interrupted"):
        run(study_of(package, "two"), tmp_path / "out")
    assert kept.is_file()
    assert "of which 1 were answered before" in run(study_of(package), tmp_path / "out")


@pytest.mark.slow
def test_files_of_others_in_the_hidden_folder_stay(package: Path, tmp_path: Path) -> None:
    kept = kept_answer(package, tmp_path / "out")
    (kept.parent / "mine.txt").write_text("mine", "utf-8")
    run(study_of(package), tmp_path / "out")
    assert [path.name for path in kept.parent.iterdir()] == ["mine.txt"]
