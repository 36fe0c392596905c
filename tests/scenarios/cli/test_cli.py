"""The command line as a user meets it: exit statuses, JSON alone on standard output, problems one a line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.cli import main
from tests.small import Small


class Typed:
    """What came of a command line: exit status, standard output and standard error."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def document(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]):
    def run(*words: object) -> Typed:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return Typed(int(stop.value.code or 0), captured.out, captured.err)

    return run


def test_optimize_prints_the_document_that_interfaces_promise(small: Small, typed) -> None:
    done = typed("optimize", small.folder, "--json")
    assert done.status == 0
    document = done.document
    assert set(document["risk"]) == {"none", "observed", "optimal"}
    assert set(document["allocation"]) == {"observed", "optimal"}
    assert document["allocation"]["observed"] == {"part": 0.5, "robot": 2.0, "system": 0.5}
    assert document["tiers"]["observed"] == {"upstream": 0.5, "midstream": 2.0, "downstream": 0.5}
    assert set(document["loss"]["none"]) == {"quake", "embargo", "calm"}
    # Worked in tests/small.py: without subsidies both disruptions cost a fifth of final demand.
    assert document["loss"]["none"] == pytest.approx({"quake": 0.2, "embargo": 0.2, "calm": 0.0}, abs=1e-12)
    # E[L] = 0.15 * 0.2 = 0.03; the worst tenth of outcomes all cost 0.2, so CVaR = 0.2.
    assert document["expected_loss"]["none"] == pytest.approx(0.03, abs=1e-12)
    assert document["cvar"]["none"] == pytest.approx(0.2, abs=1e-12)
    assert document["risk"]["none"] == pytest.approx(0.115, abs=1e-12)
    assert set(document["next_unit"]) == {"part", "robot", "system"}
    assert set(document["transfer"]["upstream"]) == {"midstream", "downstream"}
    assert set(document["certificate"]) == {"primal", "dual", "complementarity", "gap"}
    assert max(document["certificate"].values()) <= 1e-7
    assert document["unique"] in (True, False)
    assert "ranges" not in document
    assert len(document["provenance"]["package"]) == 64
    assert document["provenance"]["options"]["alpha"] == 0.9
    assert document["provenance"]["versions"]["highspy"]


@pytest.mark.slow
def test_every_command_prints_tables_for_people(small: Small, typed, tmp_path: Path) -> None:
    allocation = tmp_path / "mine.csv"
    allocation.write_text("segment,instrument,value\npart,grants,2\n", "utf-8")
    for words, said in (
        (("optimize", small.folder), "Allocation (RMB billion)"),
        (("evaluate", small.folder, "--allocation", allocation), "Loss by scenario"),
        (("gain", small.folder, "--from", "midstream", "--to", "upstream"), "lowers risk"),
        (("finding", small.folder), "what planners would do"),
        (("validate", small.folder), "balances in calm"),
    ):
        done = typed(*words)
        assert done.status == 0, done.err
        assert said in done.out


def test_evaluate_tells_the_risk_of_a_file(small: Small, typed, tmp_path: Path) -> None:
    allocation = tmp_path / "mine.csv"
    # 1.8 chords reach 99% of the ceiling 2 only at e = 2 ln 100 = 9.2: with 20 the part gains 1.98, no more.
    allocation.write_text("segment,instrument,value\npart,grants,20\n", "utf-8")
    document = typed("evaluate", small.folder, "--allocation", allocation, "--json").document
    # quake 0.20 - 0.05 * 1.98 = 0.101; embargo stays at 0.20.
    assert document["loss"] == pytest.approx({"quake": 0.101, "embargo": 0.2, "calm": 0.0}, abs=1e-9)
    assert document["expected_loss"] == pytest.approx(0.1 * 0.101 + 0.05 * 0.2, abs=1e-9)


def test_gain_has_eleven_shares_and_an_exact_peak(small: Small, typed) -> None:
    document = typed("gain", small.folder, "--from", "midstream", "--to", "upstream", "--json").document
    assert document["shares"] == pytest.approx([share / 10 for share in range(11)])
    assert document["gain"][0] == pytest.approx(0.0, abs=1e-12)
    assert document["peak"]["gain"] >= max(document["gain"]) - 1e-12


def test_wrong_input_ends_with_status_2_and_one_problem_a_line(small: Small, typed) -> None:
    small.cell("demand.csv", 2, "value", "many").cell("supply.csv", 3, "location", "UK")
    for words in (("optimize", small.folder), ("validate", small.folder), ("optimize", small.folder, "--json")):
        done = typed(*words)
        assert done.status == 2
        assert done.out == ""
        lines = done.err.strip().splitlines()
        assert [line.split(": ")[0] for line in lines] == [
            "small/demand.csv:2:value",
            "small/supply.csv:3:location",
        ]
        assert "Traceback" not in done.err


def test_validate_as_json_lists_the_problems(small: Small, typed) -> None:
    small.cell("demand.csv", 2, "value", "many")
    done = typed("validate", small.folder, "--json")
    assert done.status == 2
    assert done.document["valid"] is False
    assert [problem["row"] for problem in done.document["problems"]] == [2]


def test_calm_that_does_not_balance_is_wrong_input(small: Small, typed) -> None:
    small.cell("supply.csv", 2, "value", "3")  # 3 + 12 parts for the 16 that are needed: 1 short
    done = typed("validate", small.folder)
    assert done.status == 2
    assert "'part' is short of 1 RMB billion per year" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--min", "robots=1"], "did you mean 'robot'?"),
        (["--min", "robot"], "is not SEG=X"),
        (["--alpha", "1"], "alpha"),
        (["--budget", "-3"], "budget"),
        (["--pieces", "0"], "pieces"),
    ],
)
def test_a_bad_option_is_named_with_what_would_be_right(small: Small, typed, words: list[str], said: str) -> None:
    done = typed("optimize", small.folder, *words)
    assert done.status == 2
    assert said in done.err


def test_floors_above_the_budget_have_no_solution_and_the_conflict_is_said(small: Small, typed) -> None:
    done = typed("optimize", small.folder, "--min", "part=2", "--min", "midstream=2")
    assert done.status == 3
    assert all(
        part in done.err for part in ("minimum of part: 2", "minimum of midstream: 2", "budget of instrument 'grants'")
    )


@pytest.mark.parametrize("package", ["nowhere", "robts"])
def test_an_unknown_package_names_the_shipped_ones(typed, package: str) -> None:
    done = typed("optimize", package)
    assert done.status == 2
    assert "robots" in done.err


def test_unknown_commands_and_options_are_wrong_input(typed) -> None:
    assert typed("optimise", "robots").status == 2
    assert typed("optimize", "robots", "--buget", "3").status == 2


def test_a_bad_allocation_file_is_told_whole(small: Small, typed, tmp_path: Path) -> None:
    allocation = tmp_path / "mine.csv"
    allocation.write_text("segment,instrument,value\npart,grants,x\nparts,grants,1\npart,loans,-1\n", "utf-8")
    done = typed("evaluate", small.folder, "--allocation", allocation)
    assert done.status == 2
    places = [line.removeprefix(str(allocation)).split(": ")[0] for line in done.err.strip().splitlines()]
    assert places == [":2:value", ":3:segment", ":4:instrument", ":4:value"]


def test_warnings_go_to_standard_error_only(small: Small, typed) -> None:
    small.append("disruptions.csv", "quake,robot,USA,,0.5,,,reported,book,")
    done = typed("optimize", small.folder, "--json")
    assert done.status == 0
    assert "cuts no supply" in done.err
    assert done.document


def test_help_starts_without_the_heavy_libraries() -> None:
    script = (
        "import sys\nfrom scenarios.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('pandas', 'pyomo', 'highspy', 'plotly', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
    assert "optimize" in done.stdout


@pytest.mark.slow
def test_every_further_question_answers_in_tables_and_in_json(small: Small, typed) -> None:
    for words, key in (
        (("frontier", small.folder), "breakpoints"),
        (("break-even", small.folder, "--from", "midstream", "--to", "upstream"), "interval"),
        (("priorities", small.folder), "weights"),
        (("choke-points", small.folder, "--worst", 1), "single"),
        (("indicators", small.folder), "ranking"),
        (("optimize", small.folder, "--ranges"), "ranges"),
    ):
        table, document = typed(*words), typed(*words, "--json")
        assert (table.status, document.status) == (0, 0), table.err + document.err
        assert table.out
        assert key in document.document


def test_the_worst_cut_of_the_small_chain_by_hand(small: Small, typed) -> None:
    document = typed("choke-points", small.folder, "--worst", "1", "--json").document
    # Without Japan 6 parts at home, and 0.46 more that half a unit of grants adds at the first chords:
    # e = 0.5 fills width 0.2107 (slope 0.949), then 0.2356 (0.849), then 0.0537 (0.749): 0.2 + 0.2 + 0.0402 = 0.4402.
    # 6.4402 parts make 16.1 robots, with 10 from Germany 26.1, so 52.2 systems of 100.
    assert document["worst"]["cuts"] == ["JPN"]
    assert document["worst"]["loss"] == pytest.approx(1 - (6.4402 / 0.4 + 10) / 0.5 / 100, abs=2e-4)
    losses = {(row["kind"], row["country"] or row["owner"], row["segment"]): row["loss"] for row in document["single"]}
    assert losses["country", "JPN", ""] == pytest.approx(document["worst"]["loss"], abs=1e-9)


@pytest.mark.slow
def test_bad_questions_are_answered_in_words(small: Small, typed) -> None:
    for words in (
        ("gain", small.folder, "--from", "upstream", "--to", "upstream"),
        ("break-even", small.folder, "--from", "nowhere", "--to", "upstream"),
        ("choke-points", small.folder, "--worst", "0"),
        ("frontier", small.folder, "--max-budget", "-1"),
        ("indicators", small.folder, "--definition", "blood"),
    ):
        done = typed(*words)
        assert done.status == 2
        assert ";" in done.err
        assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["robot[/x]", "robot [ac]", "=1+1", ":smile:", "items"])
def test_names_are_data_on_the_terminal(small: Small, typed, name: str) -> None:
    for file in ("segments.csv", "inputs.csv", "supply.csv", "response.csv", "subsidies.csv"):
        small.replace(file, small.text(file).replace("robot,", f"{name},"))
    done = typed("optimize", small.folder)
    assert done.status == 0
    assert name in done.out


def test_an_option_that_names_a_segment_twice_is_refused(small: Small, typed) -> None:
    done = typed("optimize", small.folder, "--min", "part=1", "--min", "part=2")
    assert (done.status, done.out) == (2, "")
    assert "option --min: 'part' is given twice" in done.err


def test_an_option_that_is_given_twice_is_refused_with_both_values(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["optimize", str(small.folder), "--beta", "0.3", "--beta=0.9", "--min", "part=0.1", "--min", "robot=0.1"])
    assert stop.value.code == 2
    assert capsys.readouterr().err.strip() == "option --beta: is given 2 times (0.3, 0.9); give it once"
