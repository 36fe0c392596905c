"""A package's name means the same from every folder; its period is told; results hold what was read of it, no more."""

import json
import shutil
from pathlib import Path

import pytest

import data
from chains import InputError, load
from scenarios.cli import main
from scenarios.running import run_study
from scenarios.storing import read_results
from scenarios.studies import Study, StudyFile, read_study
from scenarios.studies.expanding import ready_cases, warnings_of
from tests.small import Small, write_link

SHIPPED = load("robots").sha256


def _study(folder: Path, package: str) -> Path:
    file = folder / "study.toml"
    cases = f'[[cases]]\nname = "a"\ntitle = "A"\npackages = ["{package}"]\n'
    file.write_text(f'title = "T"\nquestion = "?"\n{cases}', "utf-8")
    return file


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a package `robots` of the user's own, which is not the shipped one."""
    Small(tmp_path / "here" / "robots")
    return tmp_path / "here"


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "outside"])
def test_a_shipped_name_in_a_study_file_is_the_shipped_package_from_every_folder(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: bool
) -> None:
    _study(here, "robots")
    monkeypatch.chdir(here if inside else tmp_path)
    file = read_study("study.toml" if inside else "here/study.toml")
    ready = ready_cases(file)
    assert ready[0].chain.sha256 == SHIPPED
    (warning,) = warnings_of(file, ready)
    assert str(data.folder("robots")) in warning.wrong
    assert str(here / "robots") in warning.wrong


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "outside"])
@pytest.mark.parametrize("package", ["./robots", "robots/", "../here/robots"])
def test_a_path_in_a_study_file_is_found_from_the_file(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: bool, package: str
) -> None:
    _study(here, package)
    monkeypatch.chdir(here if inside else tmp_path)
    file = read_study("study.toml" if inside else "here/study.toml")
    ready = ready_cases(file)
    assert list(ready[0].chain.segments.index) == ["part", "robot", "system"]
    assert warnings_of(file, ready) == []


def test_a_folder_that_is_not_beside_the_study_is_not_looked_for_elsewhere(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Small(tmp_path / "mine")
    _study(here, "mine")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"here/mine.*is neither a folder nor a shipped package"):
        ready_cases(read_study("here/study.toml"))


def test_a_study_that_is_extended_is_found_from_the_file_or_ships(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _study(tmp_path, "robots").rename(tmp_path / "base.toml")
    (here / "study.toml").write_text('extends = "base.toml"\n', "utf-8")
    (here / "inverted-u").write_text("not this one", "utf-8")
    (here / "other.toml").write_text('extends = "inverted-u"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"here/base\.toml: is neither"):
        read_study("here/study.toml")
    monkeypatch.chdir(here)
    assert read_study("other.toml").study.title == read_study("inverted-u").study.title


@pytest.mark.slow
def test_a_script_means_the_shipped_package_by_its_name_and_a_folder_by_a_path(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    study = Study(name="s", title="S", question="?")
    study = study.case("shipped", "robots").case("text", "./robots")
    file = StudyFile.of(study)
    with pytest.raises(InputError, match="two folders are named 'robots'"):
        ready_cases(file)
    for package in (Path("robots"), "./robots", here / "robots"):
        (ready,) = ready_cases(StudyFile.of(Study(name="s", title="S", question="?").case("a", package)))
        assert ready.chain.numbers.segments == ("part", "robot", "system")
    (ready,) = ready_cases(StudyFile.of(Study(name="s", title="S", question="?").case("a", "robots")))
    assert ready.chain.sha256 == SHIPPED
    assert [str(here / "robots") in warning.wrong for warning in ready.chain.warnings] == [True]


@pytest.mark.slow
def test_a_folder_of_a_shipped_name_is_told_whatever_it_holds(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Small(here / "wafers")
    write_link(here / "coupled")
    (here / "japan").mkdir()
    monkeypatch.chdir(here)
    assert [str(here / "japan") in warning.wrong for warning in load("japan").warnings] == [True]
    chain = load("robots", "chips", "coupled")
    assert [warning.file for warning in chain.warnings if "folder" in warning.wrong] == ["robots", "coupled"]


def test_two_folders_of_one_name_are_refused_in_a_study_at_the_case(tmp_path: Path) -> None:
    Small(tmp_path / "one" / "small")
    Small(tmp_path / "two" / "small").cell("demand.csv", 2, "value", "61")
    text = 'title = "T"\nquestion = "?"\n'
    for name in ("one", "two"):
        text += f'[[cases]]\nname = "{name}"\ntitle = "T"\npackages = ["{name}/small"]\n'
    (tmp_path / "study.toml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        ready_cases(read_study(str(tmp_path / "study.toml")))
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.row, problem.column) == ("study.toml", 10, "cases.1.packages")
    assert str(tmp_path / "one" / "small") in problem.wrong
    assert str(tmp_path / "two" / "small") in problem.wrong


@pytest.mark.slow
def test_one_folder_by_two_paths_is_one_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Small(tmp_path / "small")
    (tmp_path / "link").symlink_to(tmp_path / "small")
    monkeypatch.chdir(tmp_path)
    study = Study(name="s", title="S", question="?").case("a", "small").case("b", "../" + tmp_path.name + "/small")
    done = run_study(study.case("c", "link"), "out", jobs=1, progress=False)
    assert [path.name for path in (done.folder / "inputs").iterdir()] == ["small"]
    assert {case.chain.sha256 for case in read_results(done.folder).cases} == {load("small").sha256}


@pytest.mark.slow
def test_results_hold_the_files_that_were_read_and_tell_the_period(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = here / "robots"
    (package / "secret.txt").write_text("mine", "utf-8")
    (package / "notes").mkdir()
    (package / "notes" / "link").symlink_to("/etc/hostname")
    (package / ".hidden").symlink_to("/nowhere")
    shutil.copy(package / "demand.csv", package / "old_numbers.csv")
    _study(here, "./robots")
    monkeypatch.chdir(here)
    done = run_study("study.toml", "out", jobs=1)
    copied = {path.name for path in (done.folder / "inputs" / "robots").iterdir()}
    assert copied == {path.name for path in package.iterdir()} - {"secret.txt", "notes", ".hidden", "old_numbers.csv"}
    assert "warning: robots/old_numbers.csv: is not a table" in capsys.readouterr().err
    stored = read_results(done.folder)
    assert stored.cases[0].chain.sha256 == load("./robots").sha256
    assert stored.cases[0].optimize["provenance"]["periods"] == {"robots": "2022"}
    assert "The observed allocation is that of 2022." in (done.folder / "report.md").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["optimize", "validate"])
def test_the_period_used_is_always_printed(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Small(tmp_path / "small").cell("subsidies.csv", 4, "period", "2023").folder
    for words in ([command, str(folder)], [command, str(folder), "--json"]):
        with pytest.raises(SystemExit) as stop:
            main(words)
        assert not stop.value.code
    said = capsys.readouterr()
    text, _, document = said.out.partition("{")
    assert "subsidies of the latest period, 2023." in text
    found = json.loads("{" + document)
    assert (found if command == "validate" else found["provenance"])["periods"] == {"small": "2023"}
    assert "1 of 3 segments and 0.5" in said.err
