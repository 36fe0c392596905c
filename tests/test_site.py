"""The documentation: the site builds without a warning, every command on a page is one, and so is every name."""

import ast
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
import typer

import tierwise
from scenarios.cli.app import app
from scenarios.studies import shipped_studies

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MADE = ("errors.md",)
"""Pages of what goes wrong, whose commands are wrong on purpose."""


def commands() -> dict[str, list[str]]:
    """Every line that calls tierwise in a block for a shell, by the line, without comments and redirections."""
    found = {}
    for page in PAGES:
        if page.name in MADE:
            continue
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                words = re.split(r"\s#\s|\s[>|]\s|\s&&\s", f"{line} # ")[0].split()
                if words[:1] == ["tierwise"] and len(words) > 1:
                    found[" ".join(words)] = words[1:]
    return found


@pytest.mark.parametrize("line", sorted(commands()))
def test_every_command_on_a_page_is_one(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = typer.main.get_command(app)
    context = command.make_context("tierwise", words)
    while isinstance(command, click.Group):
        rest = [*context.protected_args, *context.args]
        if not rest:
            return
        name, inner, rest = command.resolve_command(context, rest)
        assert inner is not None
        command, context = inner, inner.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", [page for page in PAGES if "```python" in page.read_text("utf-8")], ids=str)
def test_examples_in_python_are_written_right_and_name_what_there_is(page: Path) -> None:
    for block in re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "tw":
                assert hasattr(tierwise, node.attr), f"tw.{node.attr}"
            if isinstance(node, ast.ImportFrom) and "cylinders" not in str(node.module):  # which need MPI
                module = import_module(str(node.module))
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mkdocs") is None, reason="the extra docs is not installed")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    reference = (tmp_path / "site" / "reference.html").read_text("utf-8")
    assert 'id="optimize.questions.least_risk.optimize"' in reference
    gallery = (tmp_path / "site" / "gallery.html").read_text("utf-8")
    assert "tierwise study how-sure" in gallery
    assert gallery.count('src="data:image/svg+xml;base64,') == len(shipped_studies())
    assert not re.findall(r'<(?:script|link rel="stylesheet")[^>]*(?:src|href)="https?:', reference)
