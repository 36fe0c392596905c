"""A user's own file that has the name of a package of ours: it is said which file hides what, and what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

OURS = ("data", "chains", "optimize", "scenarios")
ROOT = Path(__file__).parents[2]
EDITABLE = any("editable" in getattr(finder, "__name__", "").lower() for finder in sys.meta_path)


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)


def said(path: Path, package: str, other: str) -> str:
    return (
        f"{path} hides the package `{package}` of Tierwise: Python looks beside the script first. "
        f"Rename it, for instance to {other}"
    )


@pytest.mark.parametrize("package", OURS)
def test_the_import_names_the_file_that_hides_a_package(tmp_path: Path, package: str) -> None:
    own = tmp_path / f"{package}.py"
    own.write_text("'''Mine.'''\n", "utf-8")
    done = python(tmp_path, "-c", "import tierwise")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].partition(": ")[2] == said(own, package, f"my_{package}.py")


def test_the_import_names_the_folder_that_hides_a_package(tmp_path: Path) -> None:
    own = tmp_path / "data"
    own.mkdir()
    (own / "__init__.py").touch()
    done = python(tmp_path, "-c", "import tierwise")
    assert done.stderr.splitlines()[-1].partition(": ")[2] == said(own, "data", "my_data")


@pytest.mark.slow
def test_a_folder_of_files_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.csv").write_text("a,b\n", "utf-8")
    run = f"import sys; sys.path.append({str(ROOT)!r}); import tierwise; print(tierwise.load('robots').name)"
    done = python(tmp_path, "-c", run)
    assert (done.stdout, done.stderr) == ("robots\n", "")


@pytest.mark.skipif(not EDITABLE, reason="Tierwise is not installed to be edited")
def test_a_folder_of_files_is_named_where_it_comes_before_a_package_that_is_installed_to_be_edited(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").mkdir()
    done = python(tmp_path, "-c", "import tierwise")
    assert done.stderr.splitlines()[-1].partition(": ")[2] == said(tmp_path / "data", "data", "my_data")


def test_every_file_that_hides_one_is_named(tmp_path: Path) -> None:
    for package in OURS:
        (tmp_path / f"{package}.py").touch()
    told = python(tmp_path, "-c", "import tierwise").stderr.splitlines()[-1]
    assert [told.count(f"hides the package `{package}`") for package in OURS] == [1, 1, 1, 1]


@pytest.mark.parametrize("package", OURS)
def test_the_command_says_it_in_one_line(tmp_path: Path, package: str) -> None:
    own = tmp_path / f"{package}.py"
    own.write_text("raise RuntimeError('not to be run')\n", "utf-8")
    done = python(tmp_path, "-m", "tierwise", "list")
    assert done.returncode == 2
    assert done.stderr == said(own, package, f"my_{package}.py") + "\n"
    assert done.stdout == ""


def test_the_command_does_without_files_of_other_folders(tmp_path: Path) -> None:
    """The command does not look beside itself for the user's files; only where PYTHONPATH says so."""
    (tmp_path / "optimize.py").touch()
    run = f"import sys; sys.path.remove(''); sys.argv = ['tierwise', 'list']; {COMMAND}"
    assert python(tmp_path, "-c", run).returncode == 0
    run = f"import sys; sys.argv = ['tierwise', 'list']; {COMMAND}"
    done = python(tmp_path, "-c", run)
    assert done.returncode == 2
    assert done.stderr == said(tmp_path / "optimize.py", "optimize", "my_optimize.py") + "\n"


COMMAND = "from tierwise.__main__ import main; main()"


@pytest.mark.slow
def test_a_script_that_reads_chains_is_told_what_hides_the_rest(tmp_path: Path) -> None:
    own = tmp_path / "optimize.py"
    own.write_text("answer = 42\n", "utf-8")
    (tmp_path / "script.py").write_text("from chains import load\nfrom optimize import optimize\n", "utf-8")
    done = python(tmp_path, "script.py")
    assert done.returncode == 1
    assert "HiddenPackageWarning: " + said(own, "optimize", "my_optimize.py") in done.stderr


@pytest.mark.slow
def test_a_script_that_has_the_name_of_a_package_it_does_not_need_runs(tmp_path: Path) -> None:
    own = tmp_path / "scenarios.py"
    own.write_text(
        "from chains import load\nfrom optimize import evaluate\nprint(evaluate(load('robots')).risk > 0)\n", "utf-8"
    )
    done = python(tmp_path, "scenarios.py")
    assert (done.returncode, done.stdout) == (0, "True\n")
    assert said(own, "scenarios", "my_scenarios.py") in done.stderr


def test_a_script_that_reads_chains_with_data_hidden_is_told_so(tmp_path: Path) -> None:
    own = tmp_path / "data.py"
    own.touch()
    (tmp_path / "script.py").write_text("from chains import load\n", "utf-8")
    done = python(tmp_path, "script.py")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].partition(": ")[2] == said(own, "data", "my_data.py")
