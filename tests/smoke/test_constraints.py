"""The constraints: names and versions alone, whole, within what pyproject.toml allows, and what README installs."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from constraints.refresh import changes, pins

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def direct() -> list[Requirement]:
    """What the runtime, the tests and the extras that they use ask for by name."""
    texts = [*PROJECT["dependencies"], *EXTRAS["cluster"], *EXTRAS["mpi"], *EXTRAS["test"]]
    return [wanted for wanted in map(Requirement, texts) if wanted.name != PROJECT["name"]]


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / "constraints" / f"{name}.txt").read_text("utf-8")
    return {canonicalize_name(package): version for package, version in pins(text).items()}


@pytest.mark.parametrize("name", ["tested", "lowest"])
def test_a_line_is_a_name_and_a_version(name: str) -> None:
    lines = (ROOT / "constraints" / f"{name}.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[0-9][0-9a-z.]*", line)] == []
    assert len(pinned(name)) == len(lines)


@pytest.mark.parametrize("name", ["tested", "lowest"])
def test_every_direct_dependency_is_pinned_within_its_bounds(name: str) -> None:
    versions = pinned(name)
    for wanted in direct():
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), wanted


def test_the_lowest_set_is_at_the_bounds() -> None:
    versions = pinned("lowest")
    for wanted in direct():
        (bound,) = wanted.specifier
        assert bound.operator == ">="
        version = versions[canonicalize_name(wanted.name)]
        assert version == bound.version or version.startswith(f"{bound.version}."), wanted


def test_both_commands_of_readme_install_what_was_tried() -> None:
    commands = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "pip install" in line]
    assert len(commands) == 2
    assert all(" --constraint constraints/tested.txt " in command for command in commands)


def test_the_audit_is_of_what_is_tested_and_fails_where_nothing_could_be_looked_up() -> None:
    """`--no-deps --disable-pip` take exact versions alone; without `--strict` what cannot be asked is passed over."""
    [command] = re.findall(r"^pip-audit (.+)$", (ROOT / "SECURITY.md").read_text("utf-8"), re.M)
    words = command.split()
    assert {"--strict", "--no-deps", "--disable-pip"} <= {*words}
    audited = ROOT / words[words.index("--requirement") + 1]
    assert {canonicalize_name(wanted.name) for wanted in direct()} <= {*pins(audited.read_text("utf-8"))}


def test_a_refresh_says_what_was_added_removed_and_changed() -> None:
    before, after = pins("a==1\nb==2\nc==3\n"), pins("b==2\nc==3.1\nd==4\n")
    assert changes(before, after) == ["  removed  a 1", "  changed  c 3 -> 3.1", "  added    d 4"]
    assert changes(after, after) == ["  nothing changed"]
