"""Results that can be trusted a year later: tables anyone opens, files nobody edits unseen, answers solved again."""

import json
import shutil
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest

from chains import InputError
from scenarios import Change, Study, read_results, run_study
from scenarios.cli import main
from scenarios.storing.comparing import compare
from scenarios.storing.folder import seal
from scenarios.verifying import verify
from tests.small import Small


def study_of(package: Path) -> Study:
    return (
        Study(name="small", title="Small", question="Where?")
        .case("today", str(package), title="Today")
        .case("calmer", str(package), changes=[Change(table="disruptions", where={"location": "JPN"}, multiply=0.5)])
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    package = Small(folder / "small").folder
    return run_study(study_of(package), folder / "out", jobs=1, progress=False).folder


@pytest.fixture
def copy(results: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(results, tmp_path / "copy"))


def test_the_tables_open_in_duckdb_and_excel(results: Path) -> None:
    # Without subsidies the quake loses 0.20 (tests/small.py). Halved, it leaves 9 of Japan's 12 parts: 15 parts make
    # 37.5 robots, with Germany's 47.5, in 95 systems of 100.
    query = f"""
        select "case", value from '{results}/tables/losses.parquet'
        where allocation = 'none' and scenario = 'quake' order by "case"
    """
    rows = duckdb.sql(query).fetchall()
    assert [name for name, _ in rows] == ["calmer", "today"]
    assert [value for _, value in rows] == pytest.approx([0.05, 0.20], abs=1e-9)
    book = openpyxl.load_workbook(results / "tables.xlsx", read_only=True)
    assert {"cases", "allocations", "losses", "next_unit", "transfers"} <= set(book.sheetnames)
    rows_of_sheet = list(book["cases"].iter_rows(values_only=True))
    assert rows_of_sheet[0][:2] == ("case", "title")
    assert [row[0] for row in rows_of_sheet[1:]] == ["today", "calmer"]


def test_the_tables_agree_with_the_documents(results: Path) -> None:
    cases = pd.read_parquet(results / "tables" / "cases.parquet").set_index("case")
    document = json.loads((results / "cases" / "today.json").read_text("utf-8"))["answers"]["optimize"]
    assert cases.at["today", "risk_optimal"] == document["risk"]["optimal"]
    allocations = pd.read_parquet(results / "tables" / "allocations.parquet")
    mine = allocations[(allocations["case"] == "today") & (allocations["allocation"] == "observed")]
    assert mine.groupby("tier")["value"].sum().to_dict() == {"downstream": 0.5, "midstream": 2.0, "upstream": 0.5}


@pytest.mark.parametrize(
    ("spoil", "file", "told"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), "tables/cases.parquet", "was edited or cut short"),
        (lambda path: path.write_text(path.read_text().replace("0.", "1.", 1)), "cases/today.json", "was edited"),
        (lambda path: path.write_text(path.read_text() + " "), "inputs/small/supply.csv", "was edited"),
        (lambda path: path.write_text(path.read_text().replace("Small", "Great")), "report.html", "was edited"),
        (lambda path: path.unlink(), "tables/losses.parquet", "is missing"),
        (lambda path: path.write_text("new"), "tables/mine.parquet", "was not written by the study"),
        (lambda path: path.write_text("{"), "hashes.json", "is not valid JSON"),
    ],
)
def test_a_file_that_was_edited_or_cut_short_is_recognised(copy: Path, spoil, file: str, told: str) -> None:  # type: ignore[no-untyped-def]
    spoil(copy / file)
    with pytest.raises(InputError) as caught:
        read_results(copy)
    assert len(caught.value.problems) == 1
    assert told in str(caught.value)
    assert file in str(caught.value)


@pytest.mark.slow
def test_verify_solves_every_case_again(results: Path) -> None:
    found = verify(results, jobs=1)
    checked = {case.case: case for case in found.cases}
    assert set(checked) == {"today", "calmer"}
    for case in checked.values():
        assert case.again == pytest.approx(case.stored, abs=1e-9)
        assert case.certificate < 1e-7
    assert found.largest == 0.0
    assert found.unchecked == ("log.txt: it tells times",)


@pytest.mark.slow
def test_verify_finds_an_answer_that_was_changed_and_sealed_again(copy: Path) -> None:
    path = copy / "cases" / "today.json"
    document = json.loads(path.read_text("utf-8"))
    document["answers"]["optimize"]["risk"]["optimal"] -= 0.001
    path.write_text(json.dumps(document), "utf-8")
    seal(copy)
    with pytest.raises(InputError, match=r"risk\.optimal: is .* but solving again gives"):
        verify(copy, jobs=1)


def test_verify_finds_an_input_that_was_changed_and_sealed_again(copy: Path) -> None:
    path = copy / "inputs" / "small" / "supply.csv"
    path.write_text(path.read_text("utf-8").replace("part,JPN,JPN,12", "part,JPN,JPN,13"), "utf-8")
    seal(copy)
    with pytest.raises(InputError, match=r"packages\.small: is .* but its copy in inputs/ gives"):
        verify(copy, jobs=1)


def test_results_that_are_the_same_compare_as_the_same(results: Path, copy: Path) -> None:
    found = compare(read_results(results), read_results(copy))
    assert found.same
    assert found.words == ["The results are the same: inputs, options and answers."]


@pytest.mark.slow
def test_results_without_a_case_of_the_same_name_cannot_be_compared(results: Path, tmp_path: Path) -> None:
    study = Study(name="other", title="Other", question="Where?").case("elsewhere", str(results.parent / "small"))
    other = study.run(tmp_path / "other", jobs=1, progress=False).folder
    with pytest.raises(InputError, match=r"has no case of .*\(today, calmer\); its cases are elsewhere"):
        compare(read_results(results), read_results(other))


@pytest.mark.slow
def test_compare_tells_what_differs_in_inputs_options_and_answers(results: Path, tmp_path: Path) -> None:
    package = Small(tmp_path / "small").edit("supply.csv", "part,JPN,JPN,12", "part,JPN,JPN,14").folder
    study = study_of(package).case("new", str(package))._with(options={"alpha": 0.8})
    other = run_study(study, tmp_path / "other", jobs=1, progress=False).folder
    found = compare(read_results(results), read_results(other))
    inputs = [(difference.what, difference.first, difference.second) for difference in found.inputs]
    assert inputs == [("supply: small · part · JPN · JPN", 12.0, 14.0)]
    options = {
        (difference.case, difference.what): (difference.first, difference.second) for difference in found.options
    }
    assert options == {("today", "alpha"): (0.9, 0.8), ("calmer", "alpha"): (0.9, 0.8)}
    assert [(d.case, d.what) for d in found.study] == [("new", "case")]
    least = {difference.case: difference for difference in found.answers if difference.what == "least risk"}
    assert least["today"].second < least["today"].first  # an extra supplier never raises risk
    assert any("today: least risk" in words for words in found.words)


@pytest.mark.slow
def test_the_commands_say_it_too(results: Path, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, status, told in (
        (["verify", str(results)], 0, "The result is what it says"),
        (["verify", str(results), "--json"], 0, '"valid": true'),
        (["compare", str(results), str(copy)], 0, "The results are the same"),
        (["compare", str(results), str(copy), "--json"], 0, '"same": true'),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == status
        assert told in capsys.readouterr().out
    (copy / "tables" / "cases.parquet").write_bytes(b"")
    with pytest.raises(SystemExit) as stopped:
        main(["verify", str(copy)])
    assert stopped.value.code == 2
    assert "tables/cases.parquet: was edited or cut short" in capsys.readouterr().err
