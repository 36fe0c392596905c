"""What is built to be installed: the source distribution, the wheel made of it, and a run of the wheel elsewhere."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import data

ROOT = Path(__file__).parents[1]
ROOMS = ("chains", "data", "optimize", "scenarios", "tierwise")

_BUILD = """
import sys
from setuptools import build_meta
print(build_meta.build_sdist(sys.argv[1]))
"""


def kept(*folders: str) -> set[str]:
    """The files that the repository keeps, in some folders or in all."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}


def needed() -> set[str]:
    """Every file of the rooms: code, and what code reads."""
    return kept(*ROOMS)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that is made of it alone."""
    folder = tmp_path_factory.mktemp("built")
    tree = folder / "tree"
    for name in kept():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder / "tools", "setuptools>=77"]
    subprocess.run(command, check=True)
    tools = {**os.environ, "PYTHONPATH": str(folder / "tools")}
    ran = subprocess.run(
        [sys.executable, "-c", _BUILD, folder], cwd=tree, env=tools, capture_output=True, text=True, check=True
    )
    assert "warn" not in ran.stderr.lower().replace("-w", ""), ran.stderr
    source = folder / ran.stdout.split()[-1]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, source], env=tools, check=True)
    return folder


@pytest.mark.slow
def test_source_and_wheel_have_every_file_that_is_needed(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert needed() - inside == set()
    assert {"LICENSE", "README.md", "pyproject.toml"} <= inside
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert needed() - names == set()
    assert {name.partition("/")[0] for name in names} == {*ROOMS, f"tierwise-{data.__version__}.dist-info"}


@pytest.mark.slow
def test_the_wheel_answers_in_an_empty_folder(built: Path, tmp_path: Path) -> None:
    """Beside the libraries of this environment, whose own Tierwise stands behind it."""
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    wheel = next(built.glob("*.whl"))
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", installed, wheel]
    subprocess.run(install, check=True)
    (empty / "mine.toml").write_text(
        'name = "mine"\ntitle = "Mine"\nquestion = "Where?"\n[[cases]]\nname = "ai"\ntitle = "AI"\npackages = ["ai"]\n',
        "utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import tierwise, scenarios; print(tierwise.__file__, scenarios.__file__)"]
    found = subprocess.run(where, cwd=empty, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert [Path(path).is_relative_to(installed) for path in found] == [True, True]
    command = [sys.executable, "-m", "tierwise", "study", "mine.toml", "--jobs", "1"]
    ran = subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    page = (empty / "results" / "mine" / "report.html").read_text("utf-8")
    assert 'id="solver-binary"' in page


def test_every_file_names_the_version_of_the_code() -> None:
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    recipe = (ROOT / "packaging" / "conda" / "meta.yaml").read_text("utf-8")
    assert f"\nversion: {data.__version__}\n" in citation
    assert re.findall(r"^## (\S+)", changes, re.M)[0] == data.__version__
    assert f'version = "{data.__version__}"' in recipe
    assert f"Version {data.__version__}" in (ROOT / "docs" / "cite.md").read_text("utf-8")


def test_the_conda_recipe_asks_for_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    recipe = (ROOT / "packaging" / "conda" / "meta.yaml").read_text("utf-8")
    run = recipe.partition("\n  run:\n")[2].partition("\n\n")[0]
    other = {"typst": "typst-py", "matplotlib": "matplotlib-base"}
    wanted = [re.split(r"(?=>=)", text.lower()) for text in project["dependencies"]]
    asked = dict(line.strip().removeprefix("- ").split() for line in run.splitlines())
    assert asked.pop("python") == project["requires-python"]
    assert asked == {other.get(name, name): bound for name, bound in wanted}
