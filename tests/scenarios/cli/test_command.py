"""The command itself: what it says of itself, what ships with it, and completion in the shell."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import data
from scenarios.cli import main
from scenarios.studies import read_study, shipped_studies


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """What a command line prints that ends well, and says nothing else."""

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as stop:
            main(words)
        captured = capsys.readouterr()
        assert (stop.value.code, captured.err) == (0, "")
        return captured.out

    return run


def test_the_version_is_that_of_the_distribution(said) -> None:
    assert said("--version") == f"tierwise {version('tierwise')}\n"


def test_alone_it_prints_help(said) -> None:
    assert said() == said("--help") == said("-h")
    assert "self-sufficiency" in said()


@pytest.mark.slow
def test_every_command_has_short_help_with_an_example(said) -> None:
    from scenarios.cli.app import command_line

    said("--help")  # the first command line registers them
    assert len(command_line().commands) > 10
    for name in command_line().commands:
        assert said(name, "-h") == said(name, "--help")
        assert f"tierwise {name}" in said(name, "-h").partition("Example: ")[2]


def test_list_names_what_ships_a_line_each(said) -> None:
    kinds_and_names = [tuple(line.split()[:2]) for line in said("list").splitlines()]
    packages = [("package", name) for name in data.names()]
    assert kinds_and_names == packages + [("study", name) for name in shipped_studies()]


def test_list_as_a_document_says_what_each_is(said) -> None:
    listed = json.loads(said("list", "--json"))
    packages = {package.pop("name"): package for package in listed["packages"]}
    assert packages["coupled"] == {"joins": ["chips", "robots"]}
    assert packages["japan"] == {
        "home": "JPN",
        "currency": "JPY",
        "scale": "billion",
        "unit": "JPY billion per year",
        "year": 2022,
    }
    for study in listed["studies"]:
        assert study["title"] == read_study(study["name"]).study.title
        assert study["question"] == read_study(study["name"]).study.question


TIERWISE = shutil.which("tierwise", path=str(Path(sys.executable).parent))


@pytest.mark.slow
@pytest.mark.skipif(TIERWISE is None or shutil.which("bash") is None, reason="needs bash and the installed command")
def test_completion_is_installed_and_completes(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    install = ["bash", "-c", f'"{TIERWISE}" --install-completion; exit $?']
    subprocess.run(install, env=environment, capture_output=True, check=True)
    script = next(tmp_path.glob(".bash_completions/tierwise.sh"))
    assert str(script) in (tmp_path / ".bashrc").read_text()
    ask = (
        f'source "{script}"; COMP_WORDS=("{TIERWISE}" self); COMP_CWORD=1; '
        f'$(complete -p tierwise | sed "s/.*-F \\([^ ]*\\).*/\\1/") "{TIERWISE}"; echo "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(["bash", "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["self-sufficiency"]
