"""The suite runs, and every contestant that is installed reaches the same objectives; nothing is said about time."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import asking, drawing, planning, remembering, scaling, solving, starting, sweeping
from benchmarks.__main__ import main
from benchmarks.case import SIZES, Case, case_of, synthetic_chain
from benchmarks.contestants import CONTESTANTS, contestant, floor
from benchmarks.synthetic import synthetic
from optimize import evaluate
from optimize.program.levers import LEVERS, levers_of
from tests.independent import Study, read, same

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # what other tools warn of is theirs


@pytest.fixture(scope="module")
def case() -> Case:
    return case_of(synthetic_chain(*SIZES["tiny"]))


def test_the_same_seed_draws_the_same_chain_and_another_another(tmp_path: Path) -> None:
    one, two = (synthetic(tmp_path / name / "synthetic", 5, 4, 3) for name in ("a", "b"))
    assert one.sha256 == two.sha256
    assert one.sha256 != synthetic(tmp_path / "c" / "synthetic", 5, 4, 3, seed=2).sha256


def test_the_synthetic_chain_can_lose_and_money_can_help(case: Case) -> None:
    """A benchmark on a program whose answer is 0 would time nothing; evaluate also checks that calm balances."""
    observed = evaluate(case.chain)
    assert observed.expected_loss > 1e-3
    assert evaluate(case.chain, 0.0 * observed.allocation).risk > observed.risk


def test_the_floor_finds_what_the_dense_program_finds(tmp_path: Path) -> None:
    chain = synthetic(tmp_path / "synthetic", *SIZES["tiny"])
    study = Study(read(tmp_path / "synthetic"))
    prepared = floor.prepare(case_of(chain))
    answer = floor.second_solve(prepared, *floor.first_solve(prepared))
    assert same(answer.risk / 1000.0, study.least_risk(study.choice()))


@pytest.mark.parametrize("name", CONTESTANTS)
def test_a_contestant_reaches_the_floor_s_objectives(case: Case, name: str) -> None:
    solve = contestant(name)
    if solve is None:
        pytest.skip(f"{CONTESTANTS[name][1]} is not installed")
    prepared = floor.prepare(case)
    right = floor.second_solve(prepared, *floor.first_solve(prepared))
    answer = solve(case)
    assert np.isclose(answer.risk, right.risk, rtol=solving.SAME)
    assert np.isclose(answer.distance, right.distance, rtol=solving.SAME)


def test_the_loop_by_hand_and_tierwise_agree_on_what_ifs() -> None:
    table = asking.question(8, 2, "tiny")  # raises where they do not
    assert table["runs"].to_dict() == {asking.HAND: 8, asking.TIERWISE: 8, asking.REBUILT: 2}


def test_the_structured_chain_has_every_table_and_every_lever_has_something_to_buy(tmp_path: Path) -> None:
    chain = synthetic(tmp_path / "synthetic", *SIZES["tiny"], structured=True)
    tables = ("durations", "criticality", "stocks", "suppliers", "procurement", "surge", "instruments", "loss_weights")
    assert all(len(chain.table(name)) for name in tables)
    assert set(chain.table("demand")["use"]) == {"home", "exports"}
    assert set(chain.table("durations")["parameter"]) == {"outage", "recovery"}
    assert chain.home in set(chain.table("surge")["location"])
    assert set(chain.table("instruments")["tier"]) > {"upstream"}
    assert {lever.name for lever in levers_of(chain.numbers, LEVERS)} == set(LEVERS)


def test_the_floor_finds_what_the_dense_program_finds_with_structure(tmp_path: Path) -> None:
    chain = synthetic(tmp_path / "synthetic", *SIZES["tiny"], structured=True)
    study = Study(read(tmp_path / "synthetic"), levers=LEVERS)
    prepared = floor.prepare(case_of(chain))
    answer = floor.second_solve(prepared, *floor.first_solve(prepared))
    assert same(answer.risk / 1000.0, study.least_risk(study.choice()))


def test_one_solve_and_what_ifs_of_a_structured_chain_agree_with_the_floor() -> None:
    table = solving.question("tiny", 1, structured=True)  # raises where they do not
    assert [name for name in table.index if name in CONTESTANTS] == ["Tierwise"]  # peers write no structure
    table = asking.question(10, 0, "tiny", structured=True)  # likewise
    assert table["runs"].to_dict() == {asking.HAND: 10, asking.TIERWISE: 10}


def test_the_frontier_goes_through_the_grid() -> None:
    assert len(sweeping.question(1, 3)) == 2 * len(sweeping.SHIPPED)  # raises where it does not


def test_draws_by_hand_have_the_risks_that_tierwise_has() -> None:
    table = drawing.question(1, 1, (("ai",),))  # raises where they do not
    assert table.index.tolist() == ["ai"]


def test_a_plan_is_timed_beside_one_year() -> None:
    (row,) = planning.question(((6, 4, 10),), 2).to_dict(orient="records")
    assert row["ratio by year"] > 0
    assert row["method"] == "deterministic equivalent"


def test_memory_is_taken_in_processes_of_their_own() -> None:
    assert (remembering.question("tiny", structured=True)["peak MB"] > 0).all()


def test_the_command_prints_the_machine_and_a_table(capfd: pytest.CaptureFixture[str]) -> None:
    main(["--quick", "--question", "what-ifs"])
    printed = capfd.readouterr().out
    assert "highspy" in printed.splitlines()[0]
    assert "| Tierwise" in printed


def test_start_and_growth_are_measured_in_processes_of_their_own() -> None:
    assert starting.question(1, {starting.PYTHON: "pass", starting.LIBRARIES: "import json"})["runs"].tolist() == [1, 1]
    table = scaling.by_segments((6, 12))
    assert (table[["first solve s", "least risk s", "optimize s", "peak MB"]] > 0).all(axis=None)
    assert table["optimize s exponent"].isna().tolist() == [True, False]
