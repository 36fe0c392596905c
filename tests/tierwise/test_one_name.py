"""One name to import: all that scripts need, imported when it is used."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import chains
import data
import optimize
import scenarios
import tierwise as tw


def python(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)


def test_every_public_name_of_the_packages_is_there_and_is_the_same() -> None:
    for package in (data, chains, optimize, scenarios):
        assert set(package.__all__) <= set(tw.__all__)
        for name in package.__all__:
            assert getattr(tw, name) is getattr(package, name)


def test_every_name_that_is_promised_can_be_had_and_none_else() -> None:
    assert [name for name in tw.__all__ if getattr(tw, name, None) is None] == []
    assert dir(tw) == sorted(tw.__all__)
    with pytest.raises(AttributeError, match="module 'tierwise' has no attribute 'optimise'"):
        getattr(tw, "optimise")  # noqa: B009


@pytest.mark.slow
def test_a_script_by_one_name_answers_as_by_four() -> None:
    chain = chains.load("robots")
    assert tw.optimize(tw.load("robots")).risk == optimize.optimize(chain).risk
    assert tw.frontier(chain).breakpoints.equals(optimize.frontier(chain).breakpoints)


@pytest.mark.slow
def test_a_study_by_one_name_runs(tmp_path: Path) -> None:
    study = tw.Study(name="mine", title="Mine", question="Which?").case("today", "robots")
    assert study.run(tmp_path / "mine", jobs=1, progress=False).solved


def test_to_import_it_imports_nothing_heavy() -> None:
    done = python("-c", "import tierwise, sys; print(*sys.modules)")
    assert not done.stderr
    imported = set(done.stdout.split())
    assert not imported & {"numpy", "pandas", "pyomo", "highspy", "data", "chains", "optimize", "scenarios", "typer"}


@pytest.mark.slow
def test_type_checkers_see_its_names(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    ours = root.joinpath("pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(re.sub(r"^packages = .*$", "", ours, flags=re.MULTILINE), "utf-8")
    script = "import tierwise as tw\nreveal_type(tw.optimize(tw.load('robots')).risk)\ntw.optimise\n"
    done = python("-m", "mypy", "--config-file", str(tmp_path / "pyproject.toml"), "-c", script, folder=root)
    assert re.search(r'Revealed type is "(builtins\.)?float"', done.stdout)
    assert 'Module has no attribute "optimise"' in done.stdout


def test_the_module_is_the_command() -> None:
    done = python("-m", "tierwise", "--version")
    assert done.returncode == 0, done.stderr
    assert tw.__version__ in done.stdout


def test_the_version_is_that_of_the_distribution() -> None:
    assert version("tierwise") == tw.__version__
