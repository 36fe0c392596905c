"""A results folder destroys nothing: what stands in its way is named before anything is solved, and stays as it is."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from chains import InputError
from scenarios import Axis, Study, read_results, run_study
from scenarios.cli import main
from scenarios.report.writing import write_report
from scenarios.storing.claiming import claimed
from scenarios.storing.place import place_of
from scenarios.storing.replacing import new_results
from tests.faults import moments
from tests.small import Small

ROOT = Path(__file__).parents[3]


def study_of(package: Path, name: str = "small", **options: float) -> Study:
    return Study(name=name, title="Small", question="Where?").case("today", str(package), title="Today", **options)


def run(study: Study, out: Path | str) -> Path:
    return run_study(study, out, jobs=1, progress=False).folder


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too, but the log, which tells times."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "log.txt")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Small(tmp_path_factory.mktemp("package") / "small").folder


@pytest.fixture(scope="module")
def results(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(study_of(package), tmp_path_factory.mktemp("results") / "out")


@pytest.fixture
def out(results: Path, tmp_path: Path) -> Path:
    """Results of an earlier run, in a folder of their own."""
    return Path(shutil.copytree(results, tmp_path / "here" / "out"))


AXES = ("budget", "move", "beta")


def refused(study: Study, out: Path | str, *told: str) -> None:
    """The study is refused with these words, and nothing beside the place is written."""
    beside = Path(out).parent
    before = content(beside) if beside.is_dir() else {}
    with pytest.raises(InputError) as caught:
        run(study, out)
    for words in told:
        assert words in str(caught.value)
    assert (content(beside) if beside.is_dir() else {}) == before
    assert not list(beside.glob(".*-unfinished"))


def test_a_folder_that_tierwise_did_not_make_is_refused_by_name(package: Path, tmp_path: Path) -> None:
    out = tmp_path / "here" / "thesis"
    (out / ".git").mkdir(parents=True)
    (out / ".git" / "HEAD").write_text("ref", "utf-8")
    (out / "study.json").write_text('{"study": "of mine"}', "utf-8")
    (out / "thesis.tex").write_text("years of work", "utf-8")
    refused(study_of(package), out, "is not a results folder of Tierwise", ".git, study.json, thesis.tex", "--out")


@pytest.mark.slow
def test_another_studys_results_are_refused_by_name(package: Path, out: Path) -> None:
    refused(study_of(package, "other"), out, "the results of another study, 'small'", "--out")


@pytest.mark.slow
def test_an_edited_study_of_the_same_name_takes_the_place_of_its_results(package: Path, out: Path) -> None:
    (out / "report.html").write_text("spoiled", "utf-8")
    (out / "tables" / "cases.parquet").unlink()
    run(study_of(package, budget=1.0), out)
    stored = read_results(out)
    assert sum(stored.cases[0].optimize["budget"].values()) == 1.0
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["notes.txt", "cases/mine.json", "figures/one.png"])
def test_a_file_of_the_users_beside_results_is_refused_by_name(package: Path, out: Path, name: str) -> None:
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine", "utf-8")
    refused(study_of(package), out, f"what Tierwise did not write: {name}; give another folder with --out")


def test_links_and_empty_folders_of_the_users_are_refused_too(package: Path, out: Path, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copytree(out / "cases", tmp_path / "cases"))
    shutil.rmtree(out / "cases")
    (out / "cases").symlink_to(elsewhere)
    (out / "later").mkdir()
    refused(study_of(package), out, "what Tierwise did not write: cases, later/;")
    assert (elsewhere / "today.json").is_file()


@pytest.mark.slow
def test_what_file_managers_leave_is_in_nobodys_way(package: Path, out: Path) -> None:
    (out / "tables" / ".DS_Store").write_bytes(b"\0")
    assert read_results(out).cases
    run(study_of(package), out)


@pytest.mark.slow
def test_results_of_the_first_version_count_if_every_file_has_its_hash(package: Path, out: Path) -> None:
    (out / "tierwise.json").unlink()
    hashes = json.loads((out / "hashes.json").read_text("utf-8"))
    del hashes["tierwise.json"]
    (out / "hashes.json").write_text(json.dumps(hashes), "utf-8")
    (out / "mine.md").write_text("mine", "utf-8")
    refused(study_of(package), out, "mine.md")
    (out / "mine.md").unlink()
    refused(study_of(package, "other"), out, "another study, 'small'")
    run(study_of(package), out)
    assert (out / "tierwise.json").is_file()


def test_places_that_cannot_be_written_are_told_before_anything_is_solved(package: Path, tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("mine", "utf-8")
    link.symlink_to(tmp_path / "elsewhere")
    study = study_of(package)
    refused(study, file, "is not a folder")
    refused(study, file / "below", "--out")
    refused(study, link, "is a link to")
    refused(study, tmp_path / ("n" * 250), "--out")
    refused(study, "~no-such-user/out", "means no folder")
    assert file.read_text("utf-8") == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody may write to")
def test_a_read_only_place_is_told(package: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be used .*--out"):
        run(study_of(package), "/proc/out")


def test_the_folder_that_one_is_in_is_refused(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here" / "out").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "out")
    refused(study_of(package), tmp_path / "here" / "out", "is the folder you are in")


@pytest.mark.slow
def test_a_tilde_means_home(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(ROOT)
    assert run(study_of(package), "~/out") == tmp_path / "out"
    write_report(tmp_path / "out", Path("~/again.md"))
    assert (tmp_path / "again.md").read_bytes() == (tmp_path / "out" / "report.md").read_bytes()
    assert not (ROOT / "~").exists()


def test_a_case_whose_name_is_too_long_for_a_file_is_told(package: Path, tmp_path: Path) -> None:
    study = study_of(package).case("n" * 80, str(package))
    with pytest.raises(ValidationError, match="at most 80 characters"):
        study_of(package).case("n" * 81, str(package))
    axes = [Axis(name=letter * 80, option=option, values=(1.0,)) for letter, option in zip("abc", AXES, strict=True)]
    long = ".".join(["n" * 80, *(f"{letter * 80}=1" for letter in "abc")])
    refused(study.grid("all", *axes, cases=("n" * 80,)), tmp_path / "out", f"case {long}: is too long")


def test_what_is_put_beside_results_while_a_study_runs_stays(out: Path) -> None:
    before, place = content(out), place_of(out, "small")

    def replace() -> None:
        with claimed(place), new_results(place) as work:
            (work / "report.md").write_text("new", "utf-8")
            (out / "notes.txt").write_text("mine", "utf-8")

    with pytest.raises(InputError, match=r"notes\.txt"):
        replace()
    assert content(out) == before | {"notes.txt": b"mine"}
    assert [path.name for path in out.parent.iterdir()] == ["out"]


_KILLED = """
import os, pathlib, signal, sys
from scenarios import run_study
from tests.scenarios.storing.test_results_place import study_of
rename = pathlib.Path.rename
def once(self, target):
    rename(self, target)
    os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.rename = once
run_study(study_of(pathlib.Path(sys.argv[1])), sys.argv[2], jobs=1, progress=False)
"""


@pytest.mark.slow
def test_a_kill_between_moving_old_results_and_new_ones_loses_neither(package: Path, out: Path) -> None:
    before = content(out)
    assert subprocess.run([sys.executable, "-c", _KILLED, package, out], cwd=ROOT).returncode == -9
    assert not out.exists()
    with pytest.raises(InputError, match="a run was killed while it replaced these results; run the study again"):
        read_results(out)
    with pytest.raises(InputError, match="of another study, 'small'"):
        run(study_of(package, "other"), out)
    run(study_of(package), out)
    assert content(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]


_CRAMPED = """
import resource, sys
from scenarios.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
main(["study", "mine.toml", "--out", "out", "--jobs", "1"])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize("limit", [500, 200_000])
def test_a_full_disk_is_told_and_what_is_answered_is_kept(package: Path, tmp_path: Path, limit: int) -> None:
    text = f"title = 'Mine'\nquestion = '?'\n[[cases]]\nname = 'a'\ntitle = 'A'\npackages = ['{package.as_posix()}']\n"
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    cramped = [sys.executable, "-c", _CRAMPED, str(limit)]
    done = subprocess.run(cramped, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "is kept: make room, and run the same again" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / ".out-unfinished" / "new").exists()
    folder = run_study(str(tmp_path / "mine.toml"), tmp_path / "out", jobs=1, progress=False).folder
    kept = 0 if limit == 500 else 1
    assert f"1 questions, of which {kept} were answered before" in (folder / "log.txt").read_text("utf-8")
    assert not (tmp_path / ".out-unfinished").exists()


@pytest.mark.slow
def test_a_report_overwrites_no_results_no_package_and_nothing_but_files(package: Path, out: Path) -> None:
    theirs = out.parent / "theirs"
    shutil.copytree(package, theirs)
    (theirs / "README.md").write_text("about my package", "utf-8")
    (out.parent / "folder.html").mkdir()
    before = content(out.parent)
    for target, told in (
        (out / "report.md", "is in the results"),
        (out / "inputs" / "mine.html", "is in the results"),
        (theirs / "README.md", "is in the package"),
        (out.parent / "folder.html", "exists and is not a file"),
        (out / "report.html" / "again.html", "elsewhere"),
    ):
        with pytest.raises(InputError, match=told):
            write_report(out, target)
    if hasattr(os, "mkfifo"):
        os.mkfifo(out.parent / "pipe.md")
        with pytest.raises(InputError, match="is not a file"):
            write_report(out, out.parent / "pipe.md")
    assert content(out.parent) == before
    (out.parent / "mine.md").write_text("an earlier report", "utf-8")
    write_report(out, out.parent / "mine.md")
    assert (out.parent / "mine.md").read_bytes() == (out / "report.md").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("suffix", [".md", ".html", ".xlsx"])
def test_a_disk_that_is_full_leaves_an_earlier_report_as_it_was(out: Path, suffix: str) -> None:
    target, said = out.parent / f"mine{suffix}", out.parent / "said"
    target.write_text("an earlier report", "utf-8")
    words = ["report", str(out), "--output", str(target)]
    before = {*out.parent.iterdir(), said}
    assert moments.run(words, out.parent, moments.Fault(moments.FULL, 1), said) == 2
    assert "No space left on device" in said.read_text("utf-8")
    assert "Traceback" not in said.read_text("utf-8")
    assert target.read_text("utf-8") == "an earlier report"
    assert {*out.parent.iterdir()} == before
    assert moments.run(words, out.parent, None, said) == 0
    assert target.read_bytes() == (out / f"report{suffix}").read_bytes()


@pytest.mark.parametrize("text", ["[1]", "null", "7", "[" * 100_000])
def test_hashes_that_are_none_are_told(out: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "hashes.json").write_text(text, "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["verify", str(out)])
    assert stopped.value.code == 2
    assert re.search(r"hashes\.json: (holds no hashes|is not valid JSON)", capsys.readouterr().err)
