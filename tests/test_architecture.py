"""The arrows of ARCHITECTURE.md: who may import whom, imports inside functions included."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import data

ROOT = Path(__file__).parents[1]
PACKAGES = ("data", "chains", "optimize", "scenarios", "tierwise")
"""From the facts to what is made of them: each may import those before it."""

FLOORS = {
    "chains": (
        ("deferred", "presenting", "recent", "siblings"),
        ("undisturbed", "tables"),
        ("numbers",),
        ("chain",),
        ("allocations", "drawing", "indicators", "finding", "writing"),
        ("importing",),
    ),
    "optimize": (
        ("deferred", "progress", "tolerances"),
        ("solver",),
        ("program",),
        ("solving",),
        ("questions",),
        ("sampling", "cylinders"),
    ),
}
"""Rooms from the ground up; a room may import those on floors below its own, and not its neighbours."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours by its dotted name; a package by its own."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text("utf-8"))
    return found


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below that may hold an import, but for what type checkers alone read."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            continue
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            for other in child.orelse:
                yield from _statements(other)
            continue
        yield child
        yield from _statements(child)


@cache
def imports(name: str) -> set[str]:
    """The modules of ours that a module imports."""
    found: set[str] = set()
    for node in _statements(modules()[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            module = str(node.module)
            found |= {inner if (inner := f"{module}.{alias.name}") in modules() else module for alias in node.names}
    return found & set(modules())


def test_packages_import_what_stands_before_them_alone() -> None:
    against = [
        f"{name} imports {other}"
        for name in modules()
        for other in imports(name)
        if PACKAGES.index(other.partition(".")[0]) > PACKAGES.index(name.partition(".")[0])
    ]
    assert against == []


@pytest.mark.parametrize("package", FLOORS)
def test_rooms_import_what_stands_below_them_alone(package: str) -> None:
    floor = {room: number for number, rooms in enumerate(FLOORS[package]) for room in rooms}
    against = []
    for name in modules():
        if name.startswith(f"{package}."):
            room = name.split(".")[1]
            assert room in floor, f"{package}/{room} stands on no floor: give it one in FLOORS and in ARCHITECTURE.md"
            others = {other.split(".")[1] for other in imports(name) if other.startswith(f"{package}.")}
            against += [f"{name} imports {other}" for other in others - {room} if floor[other] >= floor[room]]
    assert against == []


def test_the_facts_import_nothing_of_ours() -> None:
    assert imports("data") == set()


def test_the_solver_knows_no_chain() -> None:
    known = {other for name in modules() if name.startswith("optimize.solver") for other in imports(name)}
    assert {other for other in known if not other.startswith("optimize.")} == set()


def test_what_runs_in_a_room_below_does_not_solve() -> None:
    """`chains` knows no solver, `scenarios` holds no mathematics: neither names the libraries for it."""
    libraries = {"chains": {"pyomo", "highspy"}, "scenarios": {"pyomo", "highspy", "scipy"}}
    for package, names in libraries.items():
        for name, tree in modules().items():
            if name.partition(".")[0] == package:
                nodes = list(ast.walk(tree))
                imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
                imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
                assert {found.partition(".")[0] for found in imported} & names == set(), name


def test_no_import_goes_in_a_circle() -> None:
    try:
        TopologicalSorter({name: imports(name) - {name} for name in modules()}).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_public_name_of_a_package_hides_a_module_of_it() -> None:
    hiding = []
    for name, tree in modules().items():
        exported = {
            element.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "__all__"
            for element in getattr(node.value, "elts", [])
        }
        hiding += [f"{name}.{inner}" for inner in exported if f"{name}.{inner}" in modules()]
    assert hiding == []


def test_the_library_of_chains_names_no_chain() -> None:
    """What is said of robots or chips stands in the folder of their data; docstrings may give examples."""
    named, ours = [], data.names()
    for name, tree in modules().items():
        if name.partition(".")[0] == "chains":
            nodes = list(ast.walk(tree))
            said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            named += [
                f"{name}:{node.lineno}"
                for node in nodes
                if isinstance(node, ast.Constant) and id(node) not in said and node.value in ours
            ]
    assert named == []


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_for_developers_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"`([\w./-]+\.(?:py|csv|md|toml|txt))`", text)) | set(re.findall(r"\]\(([^)#]+)\)", text))
    assert len(named) > 5
    ours = [path for path in ROOT.iterdir() if not path.name.startswith(".")]  # no environment
    files = [f"/{path.relative_to(ROOT).as_posix()}" for own in ours for path in (own, *own.rglob("*"))]
    assert [name for name in sorted(named) if not any(file.endswith(f"/{name.rstrip('/')}") for file in files)] == []
