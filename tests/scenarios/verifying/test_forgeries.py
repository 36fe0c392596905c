"""Results that were edited, with all hashes and lists of files rewritten to fit: none passes, each names its file."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from chains import InputError
from scenarios import Change, Study
from scenarios.storing.folder import seal
from scenarios.storing.marker import MARKER, mark
from scenarios.verifying import verify
from tests.small import Small

TODAY, STUDY = "cases/today.json", "study.json"
Forge = Callable[[Path], None]


def study_of(package: Path) -> Study:
    return (
        Study(name="small", title="Small", question="Where?", answer="{{ cases.today.risk.optimal | percent }}")
        .case("today", str(package), title="Today")
        .case("calmer", str(package), changes=[Change(table="disruptions", where={"location": "JPN"}, multiply=0.5)])
        .ask("frontier")
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    package = Small(folder / "small").folder
    return study_of(package).run(folder / "out", jobs=1, progress=False).folder


@pytest.fixture
def copy(results: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(results, tmp_path / "out"))


def resealed(folder: Path) -> None:
    """Write the list of files and the hashes anew, as whoever forges results would."""
    (folder / "hashes.json").unlink()
    mark(folder, json.loads((folder / MARKER).read_text("utf-8"))["study"])
    seal(folder)


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    """Change a JSON document, and write it as Tierwise does."""
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")


def at(file: str, *path: str | int, to: Any) -> Forge:
    """Put another value (or what a function makes of it) at a place of a document."""

    def forge(folder: Path) -> None:
        def change(document: Any) -> None:
            for key in path[:-1]:
                document = document[key]
            document[path[-1]] = to(document[path[-1]]) if callable(to) else to

        rewrite(folder / file, change)

    return forge


def best(*path: str | int, to: Any) -> Forge:
    """The same in the least-risk answer of today."""
    return at(TODAY, "answers", "optimize", *path, to=to)


def text(file: str, old: str, new: str) -> Forge:
    def forge(folder: Path) -> None:
        said = (folder / file).read_text("utf-8")
        assert old in said
        (folder / file).write_text(said.replace(old, new, 1), "utf-8")

    return forge


def frame(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Forge:
    path = f"tables/{name}.parquet"
    return lambda folder: change(pd.read_parquet(folder / path)).to_parquet(folder / path, index=False)


def cell(file: str, sheet: int, value: object) -> Forge:
    def forge(folder: Path) -> None:
        book = openpyxl.load_workbook(folder / file)
        book.worksheets[sheet]["B2"] = value
        book.save(folder / file)

    return forge


def without(document: str, *path: str) -> Forge:
    def forge(folder: Path) -> None:
        def change(found: Any) -> None:
            for key in path[:-1]:
                found = found[key]
            del found[path[-1]]

        rewrite(folder / document, change)

    return forge


def swapped(one: str, other: str) -> Forge:
    def forge(folder: Path) -> None:
        (folder / one).rename(folder / "aside")
        (folder / other).rename(folder / one)
        (folder / "aside").rename(folder / other)

    return forge


def moved(document: dict[str, Any]) -> None:
    money = document["answers"]["optimize"]["allocation"]["optimal"]
    money["part"], money["robot"] = money["robot"], money["part"]


def unanswered(document: dict[str, Any]) -> None:
    document["failed"]["frontier"] = {"kind": "no solution", "reason": "there is none"}
    del document["answers"]["frontier"]


def dropped(folder: Path) -> None:
    """A case taken out of the study, and its answer with it; tables and report still tell of it."""
    rewrite(folder / STUDY, lambda manifest: (manifest["cases"].pop(), manifest["study"]["cases"].pop()))
    (folder / "cases" / "calmer.json").unlink()


def link(folder: Path) -> None:
    shutil.move(folder / TODAY, folder.parent / "elsewhere.json")
    (folder / TODAY).symlink_to(folder.parent / "elsewhere.json")


OVERRIDE = {"key": "title", "was": "A", "was_in": "a.toml", "now": "Small", "now_in": "b.toml"}

FORGERIES: dict[str, tuple[Forge, str]] = {
    # numbers of the answers
    "least risk": (best("risk", "optimal", to=lambda risk: risk - 1e-3), TODAY),
    "last digit": (best("risk", "optimal", to=lambda risk: risk + 1.4e-17), TODAY),
    "observed risk": (best("risk", "observed", to=0.2), TODAY),
    "risk without subsidies": (best("risk", "none", to=0.5), TODAY),
    "expected loss": (best("expected_loss", "optimal", to=0.0), TODAY),
    "cvar": (best("cvar", "observed", to=0.1), TODAY),
    "var": (best("var", "none", to=0.1), TODAY),
    "budget": (best("budget", "grants", to=2.0), TODAY),
    "allocation": (best("allocation", "optimal", "part", to=2.5), TODAY),
    "allocation exchanged": (lambda folder: rewrite(folder / TODAY, moved), TODAY),
    "allocation by instrument": (best("by_instrument", "optimal", "part", "grants", to=2.5), TODAY),
    "observed allocation": (best("allocation", "observed", "robot", to=1.0), TODAY),
    "tiers": (best("tiers", "optimal", "upstream", to=0.0), TODAY),
    "parts": (best("parts", "across", to=0.5), TODAY),
    "losses": (best("loss", "none", "quake", to=0.9), TODAY),
    "unmet demand": (best("unmet", "none", "quake", "system", to=0.9), TODAY),
    "next unit": (best("next_unit", "robot", to=0.9), TODAY),
    "transfers": (best("transfer", "upstream", "midstream", to=0.0), TODAY),
    "certificate": (best("certificate", "primal", to=0.0), TODAY),
    "method": (best("method", "scenarios", to=3000), TODAY),
    "hash told by an answer": (best("provenance", "packages", "small", to="0" * 64), TODAY),
    "options told by an answer": (best("provenance", "options", "alpha", to=0.99), TODAY),
    "versions told by an answer": (best("provenance", "versions", "highspy", to="9.9"), TODAY),
    "frontier": (at(TODAY, "answers", "frontier", "breakpoints", 1, 1, to=0.0), TODAY),
    "frontier cut short": (at(TODAY, "answers", "frontier", "breakpoints", to=lambda curve: curve[:-1]), TODAY),
    # answers of another shape
    "not a number": (best("risk", "optimal", to=float("nan")), TODAY),
    "infinite": (best("risk", "optimal", to=float("inf")), TODAY),
    "nothing": (best("risk", "optimal", to=None), TODAY),
    "text for a number": (best("risk", "optimal", to=str), TODAY),
    "whole number for a number": (best("loss", "none", "calm", to=0), TODAY),
    "a key lost": (without(TODAY, "answers", "optimize", "certificate"), TODAY),
    "a key added": (best("risk", to=lambda risks: risks | {"true": 0.0}), TODAY),
    "a key twice": (text(TODAY, '"none": ', '"none": 0.0, "none": '), TODAY),
    "written otherwise": (text(TODAY, '"failed": {}', '"failed":  {}'), TODAY),
    "an answer lost": (without(TODAY, "answers", "frontier"), TODAY),
    "an answer denied": (lambda folder: rewrite(folder / TODAY, unanswered), TODAY),
    "all answers lost": (at(TODAY, "answers", to={}), TODAY),
    "cases exchanged": (swapped(TODAY, "cases/calmer.json"), TODAY),
    "title of a case": (at(TODAY, "title", to="Tomorrow"), TODAY),
    "chain of a case": (at(TODAY, "package", to="0" * 64), TODAY),
    "changes of a case": (at("cases/calmer.json", "changes", to=[]), "cases/calmer.json"),
    # the study
    "a case lost": (dropped, "report.md"),
    "a case forgotten": (at(STUDY, "study", "cases", to=lambda cases: cases[:1]), STUDY),
    "another level": (at(STUDY, "study", "options", to={"alpha": 0.8}), TODAY),
    "options told": (at(STUDY, "options", "alpha", to=0.8), STUDY),
    "question": (at(STUDY, "study", "question", to="Why?"), "report.html"),
    "the answer in words": (at(STUDY, "study", "answer", to="It is safe."), "report.html"),
    "overrides": (at(STUDY, "overrides", to=[OVERRIDE]), "report.html"),
    "inputs elsewhere": (at(STUDY, "folders", to=lambda copies: dict.fromkeys(copies, "../../small")), STUDY),
    "no inputs": (at(STUDY, "folders", to={}), STUDY),
    "hash of a package": (at(STUDY, "packages", "small", to="0" * 64), STUDY),
    # inputs
    "an input": (text("inputs/small/supply.csv", "part,JPN,JPN,12", "part,JPN,JPN,13"), STUDY),
    "a note of an input": (text("inputs/small/inputs.csv", "an engineer's guess", "measured"), STUDY),
    "an input lost": (lambda folder: (folder / "inputs/small/supply.csv").unlink(), "supply.csv"),
    "a file beside inputs": (lambda folder: (folder / "inputs/small/mine.txt").write_text("me"), "mine.txt"),
    # tables
    "a table": (frame("losses", lambda rows: rows.assign(value=rows["value"] * 2)), "losses.parquet"),
    "rows of a table": (frame("cases", lambda rows: rows.iloc[:1]), "cases.parquet"),
    "a table lost": (lambda folder: (folder / "tables/parts.parquet").unlink(), "parts.parquet"),
    "tables exchanged": (swapped("tables/parts.parquet", "tables/next_unit.parquet"), "parts.parquet"),
    "a table added": (
        lambda folder: shutil.copy(folder / "tables/parts.parquet", folder / "tables/more.parquet"),
        "more.parquet",
    ),
    "workbook of tables": (cell("tables.xlsx", 2, "made up"), "tables.xlsx"),
    # the report
    "the page": (text("report.html", "Small", "Great"), "report.html"),
    "the text": (text("report.md", "9.1%", "1.9%"), "report.md"),
    "the workbook": (cell("report.xlsx", 0, "made up"), "report.xlsx"),
    "the report lost": (lambda folder: (folder / "report.md").unlink(), "report.md"),
    "a page for the text": (lambda folder: shutil.copy(folder / "report.html", folder / "report.md"), "report.md"),
    # what the folder says of itself
    "another study's marker": (at(MARKER, "study", to="other"), MARKER),
    "a link": (link, TODAY),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_an_edit_is_found_although_every_hash_fits(copy: Path, what: str) -> None:
    forge, file = FORGERIES[what]
    forge(copy)
    resealed(copy)
    with pytest.raises(InputError) as caught:
        verify(copy, jobs=1)
    assert file in str(caught.value)


def test_an_edit_of_one_byte_is_found_by_its_hash(copy: Path) -> None:
    for path in sorted(path for path in copy.rglob("*") if path.is_file() and path.name != "log.txt"):
        content = path.read_bytes()
        half = len(content) // 2
        path.write_bytes(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
        with pytest.raises(InputError):
            verify(copy, jobs=1)
        path.write_bytes(content)


@pytest.mark.slow
def test_what_is_not_checked_is_said(copy: Path) -> None:
    (copy / "log.txt").write_text("it took a second\n", "utf-8")
    at(STUDY, "writers", "plotly", to="1.0")(copy)
    text("report.html", "Small", "Great")(copy)
    resealed(copy)
    unchecked = verify(copy, jobs=1).unchecked
    assert unchecked[0].startswith("report.html, which was written by other versions (plotly 1.0, not ")
    assert unchecked[1].startswith("study.json: that tables and report were written by plotly 1.0")
    assert unchecked[-1] == "log.txt: it tells times"


@pytest.mark.slow
def test_tables_of_other_versions_are_compared_by_their_values(copy: Path) -> None:
    at(STUDY, "writers", to={})(copy)
    resealed(copy)
    assert "tables.xlsx" in verify(copy, jobs=1).files
    cell("tables.xlsx", 2, "made up")(copy)
    frame("losses", lambda rows: rows.iloc[:1])(copy)
    resealed(copy)
    with pytest.raises(InputError) as caught:
        verify(copy, jobs=1)
    assert {problem.wrong.partition(" the ")[0] for problem in caught.value.problems} == {"does not hold"}
    assert len(caught.value.problems) == 2


@pytest.mark.slow
def test_other_last_digits_are_accepted_where_a_tolerance_is_given(copy: Path) -> None:
    best("risk", "optimal", to=lambda risk: risk + 1e-12)(copy)
    resealed(copy)
    with pytest.raises(InputError, match=r"risk\.optimal: is .*--tolerance 1e-8 accepts"):
        verify(copy, jobs=1)
    best("risk", "optimal", to=lambda risk: risk + 1e-3)(copy)
    resealed(copy)
    with pytest.raises(InputError, match=r"risk\.optimal: is .*report this"):
        verify(copy, jobs=1, tolerance=1e-8)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("file", ["hashes.json", TODAY, STUDY, "log.txt"])
def test_a_pipe_in_place_of_a_file_holds_nobody_up(copy: Path, file: str) -> None:
    (copy / file).unlink()
    os.mkfifo(copy / file)
    with pytest.raises(InputError):
        verify(copy, jobs=1)
