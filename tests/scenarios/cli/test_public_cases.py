"""The fifteen small inputs on which neighbouring projects failed, each typed as its user would type it.

Standard output is that of the process (`capfd`): what a solver prints there would be in the way of every document.
"""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from io import BytesIO, TextIOWrapper
from math import log
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from filelock import FileLock

from scenarios.cli import main
from tests.small import FILES, Small

STUDY = """
title = "Größe"
question = "What then?"
answer = "Risk {{ cases.now.risk.optimal | percent }}."

[[cases]]
name = "now"
title = "Now"
packages = ["small"]
"""

FULL = 0.5 * (0.1 * 0.101 + 0.05 * 0.1208) + 0.5 * (0.1208 + 0.101) / 2
"""Risk where money is no object: 1.98 parts and 3.96 robots more (tests/small.py), 0.99 of either ceiling."""


class Typed(NamedTuple):
    """What came of a command line."""

    status: int
    out: str
    err: str


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str]):
    def run(*words: object) -> Typed:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        return Typed(int(stop.value.code or 0), *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a study whose file has a byte order mark; its package has no inputs, `|` and `=` in texts."""
    folder = tmp_path_factory.mktemp("answered")
    small = Small(folder / "small").replace("inputs.csv", FILES["inputs.csv"].partition("\n")[0] + "\n")
    for file in ("segments.csv", "supply.csv", "response.csv", "subsidies.csv"):
        small.replace(file, small.text(file).replace("robot,", "ro|bot,"))
    small.edit("segments.csv", "Precision parts", "=1+2").edit(
        "response.csv", "slope,1,0.5,2,assumed,talk,a guess\npart", "slope,1,0.5,2,assumed,talk,@SUM(1)\npart"
    )
    (folder / "study.toml").write_text(STUDY, "utf-8-sig")
    with pytest.raises(SystemExit) as stop:
        main(["study", str(folder / "study.toml"), "--out", str(folder / "out"), "--jobs", "1"])
    assert not stop.value.code
    return folder / "out"


@pytest.mark.parametrize("budget", ["5e9", "1e7", "1e15"])
def test_case_1_a_budget_in_the_wrong_unit_saturates(small: Small, typed, budget: str) -> None:
    done = typed("optimize", small.folder, "--budget", budget, "--json")
    assert done.status == 0
    assert json.loads(done.out)["risk"]["optimal"] == pytest.approx(FULL, abs=2e-9)


def test_case_2_brackets_in_names_are_shown(small: Small, typed) -> None:
    for file, text in FILES.items():
        small.replace(
            file,
            text.replace("robot,", "servos [ac],").replace("part,", "servos[/x],").replace("system,", "servos [dc],"),
        )
    done = typed("optimize", small.folder)
    assert done.status == 0
    for name in ("servos [ac]", "servos[/x]", "servos [dc]"):
        assert name in done.out


def test_case_3_inputs_with_a_header_only_have_a_report(answered: Path) -> None:
    assert "Größe" in (answered / "report.md").read_text("utf-8")


def test_case_4_a_control_character_in_a_note_is_named_with_its_place(small: Small, typed) -> None:
    small.edit("inputs.csv", "an engineer's guess", "an\x0bengineer's guess")
    done = typed("validate", small.folder)
    assert done.status == 2
    assert "inputs.csv:2" in done.err
    assert "U+000B" in done.err


def test_case_5_text_that_starts_as_a_formula_does_is_text_in_every_workbook(answered: Path) -> None:
    texts = set()
    for file in ("report.xlsx", "tables.xlsx"):
        cells = [cell for sheet in openpyxl.load_workbook(answered / file) for row in sheet.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        texts |= {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {"=1+2", "@SUM(1)"} <= texts


@pytest.mark.parametrize("encoding", ["cp1252", "gbk", "utf-16"])
def test_case_6_a_study_file_in_another_encoding_is_refused_by_name(tmp_path: Path, typed, encoding: str) -> None:
    text = STUDY.replace("Größe", "怎么样") if encoding == "gbk" else STUDY
    (tmp_path / "study.toml").write_bytes(text.encode(encoding))
    done = typed("study", tmp_path / "study.toml", "--out", tmp_path / "out")
    assert done.status == 2
    assert "study.toml" in done.err
    assert "save the file as UTF-8" in done.err


def test_case_6_a_study_file_with_a_byte_order_mark_is_read(answered: Path) -> None:
    assert json.loads((answered / "study.json").read_text("utf-8"))["study"]["title"] == "Größe"


def test_case_7_a_place_that_cannot_be_written_is_told_before_the_first_solve(
    small: Small, typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved: list[object] = []
    monkeypatch.setattr("optimize.solver.linear.Solver.solve", solved.append)
    (small.folder.parent / "study.toml").write_text(STUDY, "utf-8")
    (small.folder.parent / "file").touch()
    done = typed(
        "study", small.folder.parent / "study.toml", "--out", small.folder.parent / "file" / "r", "--jobs", "1"
    )
    assert done.status == 2
    assert "cannot be used (Not a directory); give another folder with --out" in done.err
    assert not solved


def test_case_8_standard_output_that_is_not_utf_8_has_whole_documents(
    small: Small, typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.edit("subsidies.csv", "part,grants", "part,拨款")
    raw = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(raw, encoding="ascii"))
    done = typed("optimize", small.folder, "--json")
    assert done.status == 0
    assert "拨款" in json.loads(raw.getvalue() or done.out)["by_instrument"]["optimal"]["part"]


@pytest.mark.parametrize(("scale", "times"), [("thousand", 1e6), ("trillion", 1e-3)])
def test_case_9_no_number_is_hidden_or_cut_whatever_the_unit(small: Small, typed, scale: str, times: float) -> None:
    """A quake costs 0.05 less for each part, and a unit of money on the only chord adds 0.99 / ln 100 of a part."""
    small.in_units(times)
    small.meta(unit=None, currency="CNY", scale=scale)
    done = typed("optimize", small.folder, "--pieces", 1, "--beta", 0)
    (row,) = (line for line in done.out.partition("Next unit")[2].splitlines() if line.startswith("│ part "))
    points = 100 * 0.1 * 0.05 * 0.99 / log(100) / times
    assert float(row.split("│")[3]) == pytest.approx(points, rel=5e-3)
    assert "…" not in done.out


def test_case_10_stray_files_of_macos_and_excel_are_no_part_of_a_package(small: Small, typed) -> None:
    for name in ("._demand.csv", "~$demand.csv", ".DS_Store"):
        (small.folder / name).write_bytes(b"\x00\x05\x16\x07")
    assert typed("validate", small.folder)[::2] == (0, "")


def test_case_11_inputs_of_one_user_above_1_are_warned_of(small: Small, typed) -> None:
    small.edit("inputs.csv", "part,robot,0.4,0.3,0.5", "part,robot,1.25,1.1,1.3").edit(
        "supply.csv", "part,JPN,JPN,12", "part,JPN,JPN,50"
    )
    done = typed("validate", small.folder)
    assert done.status == 0
    assert "inputs.csv:2:value: a unit of 'robot' needs inputs worth 1.25" in done.err


def test_case_12_a_second_study_into_a_folder_is_refused_while_the_first_runs(small: Small, typed) -> None:
    folder = small.folder.parent
    (folder / "study.toml").write_text(STUDY, "utf-8")
    (folder / ".out-unfinished").mkdir()
    with FileLock(folder / ".out-unfinished" / "lock"):
        done = typed("study", folder / "study.toml", "--out", folder / "out", "--jobs", "1")
    assert done.status == 2
    assert "is being written by another run" in done.err
    assert not (folder / "out").exists()


def test_case_13_a_bar_in_a_name_breaks_no_row_of_the_report(answered: Path) -> None:
    lines = (answered / "report.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if "ro\\|bot" in line and line.startswith("|")]
    assert rows
    assert not any("ro|bot" in line for line in lines if line.startswith("|"))


def test_case_14_a_file_separated_by_semicolons_is_one_warning(small: Small, typed) -> None:
    small.replace("supply.csv", small.text("supply.csv").replace(",", ";"))
    done = typed("validate", small.folder)
    assert done.status == 0
    assert done.err.count("\n") == 1
    assert "supply.csv: columns are separated by semicolons" in done.err


def test_case_14_a_row_of_commas_alone_is_no_row(small: Small, typed) -> None:
    small.append("supply.csv", ",,,,,,,")
    assert typed("validate", small.folder)[::2] == (0, "")


def test_case_14_countries_are_suggested_kosovo_is_one_and_the_eu_is_none(small: Small, typed) -> None:
    for name in ("Russia", "Turkey", "Korea", "UK", "Kosovo", "EU"):
        small.append("supply.csv", f"part,{name},JPN,0,,,reported,book,")
    done = typed("validate", small.folder)
    assert done.status == 2
    for line, code in zip(done.err.splitlines(), ("RUS", "TUR", "KOR", "GBR", "XKX"), strict=False):
        assert f"write '{code}'" in line
    assert "'EU' is not an ISO 3166 alpha-3 country code; give each member a row of its own" in done.err
    small.replace("supply.csv", FILES["supply.csv"]).append("supply.csv", "part,XKX,XKX,0,,,reported,book,")
    assert typed("validate", small.folder).status == 0


def test_case_14_a_segment_of_the_name_of_a_tier_is_refused(small: Small, typed) -> None:
    for file, text in FILES.items():
        small.replace(file, text.replace("part,", "upstream,"))
    done = typed("optimize", small.folder, "--min", "upstream=0.1")
    assert done.status == 2
    assert "segments.csv:2:segment: 'upstream' is the name of a tier" in done.err


def test_case_14_an_option_that_is_given_twice_is_refused(small: Small, typed) -> None:
    done = typed("optimize", small.folder, "--min", "robot=1", "--min", "robot=2")
    assert (done.status, done.out, done.err) == (2, "", "option --min: 'robot' is given twice; keep one of them\n")


@pytest.mark.parametrize("words", [["--version"], ["-h"], ["optimize", "-h"]])
def test_case_14_there_is_help_and_a_version(typed, words: list[str]) -> None:
    done = typed(*words)
    assert (done.status, done.err) == (0, "")
    assert version("tierwise") in done.out or "Usage: tierwise" in done.out


@pytest.mark.slow
def test_case_14_a_reader_that_has_enough_is_no_failure(small: Small) -> None:
    source, target = os.pipe()
    os.close(source)  # as `| head -1` does, only sooner
    words = [sys.executable, "-c", "from scenarios.cli import main; main()", "optimize", str(small.folder)]
    done = subprocess.run(words, stdout=target, stderr=subprocess.PIPE, text=True, check=False)
    os.close(target)
    assert (done.returncode, done.stderr) == (0, "")


def test_case_15_a_document_is_all_that_a_command_prints(small: Small, typed) -> None:
    assert json.loads(typed("optimize", small.folder, "--json").out)["risk"]["none"] == pytest.approx(0.115, abs=1e-9)
