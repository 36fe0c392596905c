"""Draws in a study: shared out in blocks, put together again, and the same to the bit however they were shared."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chains import InputError, load
from chains.drawing.draws import drawn
from chains.drawing.uncertain import uncertain
from optimize import optimize
from optimize.sampling.distribution import design
from scenarios import Study, read_results
from scenarios.asking.draws import BLOCK
from scenarios.storing.folder import seal
from scenarios.verifying import verify
from tests.small import Small

pytestmark = pytest.mark.slow  # a study of many cases is run first


def study_of(package: Path) -> Study:
    return (
        Study(name="sure", title="How sure?", question="How sure?")
        .case("small", str(package), title="Small")
        .draw(seed=7, count=32, replicates=2, trajectories=4, alone=2, base=4)
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Small(tmp_path_factory.mktemp("draws") / "small").folder


@pytest.fixture(scope="module")
def results(package: Path) -> Path:
    return study_of(package).run(package.parent / "one", jobs=1, progress=False).folder


@pytest.mark.slow
def test_draws_are_the_same_to_the_bit_whatever_the_number_of_processes(package: Path, results: Path) -> None:
    two = study_of(package).run(package.parent / "two", jobs=2, progress=False).folder
    assert (two / "hashes.json").read_bytes() == (results / "hashes.json").read_bytes()


def test_every_draw_is_in_the_table_and_is_that_of_its_point(package: Path, results: Path) -> None:
    table = pd.read_parquet(results / "tables" / "draws.parquet")
    assert len(table) == 64 > BLOCK
    assert table.groupby("design").size().to_dict() == {"replicate 1": 32, "replicate 2": 32}
    chain = load(package)
    numbers = uncertain(chain)
    points = design(len(numbers.factors), 32, 2, 7)
    for replicate, index in ((0, 0), (1, 20)):  # against optimize of the drawn chain, which is written on its own
        row = table[(table["design"] == f"replicate {replicate + 1}") & (table["index"] == index)].iloc[0]
        result = optimize(drawn(chain, numbers, points[replicate, index]))
        assert row["risk_least"] == pytest.approx(result.risk, abs=1e-9)
        assert row["risk_observed"] == pytest.approx(result.observed.risk, abs=1e-9)


def test_the_distribution_is_that_of_the_draws(results: Path) -> None:
    found = read_results(results).cases[0].answers["uncertainty"]
    table = pd.read_parquet(results / "tables" / "draws.parquet")
    means = table.groupby("design")["regret"].mean().to_numpy()
    assert found["distribution"]["regret"]["mean"][0] == pytest.approx(means.mean(), rel=1e-12)
    half = 12.706204736432095 * means.std(ddof=1) / np.sqrt(2)  # Student's t, 1 degree of freedom, 97.5%
    assert found["distribution"]["regret"]["mean"][2] - means.mean() == pytest.approx(half, rel=1e-9)
    assert sum(estimate[0] for estimate in found["first"].values()) == pytest.approx(1.0)
    assert found["points"] == 64
    assert found["unsolved"] == 0


def test_the_assumptions_that_matter_are_named_with_their_evidence(results: Path) -> None:
    found = read_results(results).cases[0].answers["uncertainty"]
    factors = {factor.label for factor in uncertain(read_results(results).cases[0].chain).factors}
    assert {row["factor"] for row in found["morris"]} == factors
    first = [row["factor"] for row in found["morris"]][:2]
    assert {row["factor"] for row in found["sobol"]} == {*first, "all others"}
    assert [row["factor"] for row in found["tornado"]["factors"]] != []
    assert {row["factor"] for row in found["tornado"]["factors"]} == set(first)
    table = pd.read_parquet(results / "tables" / "sensitivity.parquet")
    assert set(table["outcome"]) == {"regret", "share_upstream"}
    assert set(table.loc[table["factor"] == first[0], "status"]) == {"assumed"}


def forged(results: Path, copy: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of results in which what was said of draws is changed, with hashes that fit."""
    shutil.copytree(results, copy)
    path = copy / "cases" / "small.json"
    document = json.loads(path.read_text("utf-8"))
    change(document["answers"]["uncertainty"])
    path.write_text(json.dumps(document), "utf-8")
    seal(copy)
    return copy


def test_verify_solves_the_first_draws_again_and_says_that_others_were_not(results: Path, tmp_path: Path) -> None:
    found = verify(results, jobs=1, first_draws=True)
    assert [case.case for case in found.cases] == ["small"]
    assert found.unchecked[0].startswith("the draws of small but the first 16 of every replicate, and everything that")

    def raised(said: dict[str, Any]) -> None:
        said["draws"][3]["risk_least"] += 0.001

    copy = forged(results, tmp_path / "copy", raised)
    with pytest.raises(InputError, match=r"small\.json::answers\.uncertainty\.draws\.3\.risk_least: is .* but solving"):
        verify(copy, jobs=1, first_draws=True)
    copy = forged(results, tmp_path / "other", lambda said: said.pop("draws"))
    with pytest.raises(InputError, match="the draws are not told as they were written"):
        verify(copy, jobs=1, first_draws=True)


@pytest.mark.slow
def test_verify_solves_every_draw_again(results: Path, tmp_path: Path) -> None:
    assert verify(results, jobs=1).unchecked == ("log.txt: it tells times",)

    def raised(said: dict[str, Any]) -> None:
        said["draws"][63]["risk_least"] += 0.001
        said["morris"][0]["mu_star"] *= 2.0

    with pytest.raises(InputError) as caught:
        verify(forged(results, tmp_path / "copy", raised), jobs=1)
    told = {problem.column for problem in caught.value.problems}
    assert told == {"answers.uncertainty.draws.63.risk_least", "answers.uncertainty.morris.0.mu_star"}


def test_a_package_without_ranges_cannot_be_drawn(tmp_path: Path) -> None:
    package = Small(tmp_path / "small")
    for file in ("inputs", "response", "disruptions", "probabilities"):
        rows = pd.read_csv(package.folder / f"{file}.csv", dtype=str, keep_default_na=False)
        rows[["low", "high", "status"]] = rows[["value", "value", "status"]].to_numpy()
        package.replace(f"{file}.csv", rows.to_csv(index=False))
    with pytest.raises(InputError, match="no number with a range"):
        study_of(package.folder).run(tmp_path / "out", progress=False)


@pytest.mark.slow
def test_structure_that_is_drawn_gets_indices_by_group_and_stands_in_the_tornado(tmp_path: Path) -> None:
    small = Small(tmp_path / "small").add_structure("durations.csv", "stocks.csv", "criticality.csv")
    case = read_results(study_of(small.folder).run(tmp_path / "out", jobs=1, progress=False).folder).cases[0]
    found = case.answers["uncertainty"]
    groups = {group["group"]: (group["given"], group["drawn"]) for group in found["structure"]["groups"]}
    assert groups["outages"] == (2, 1)
    assert groups["inputs that can be done without"] == (3, 1)
    assert groups["stocks held"] == (1, 1)
    assert groups["spare home capacity"] == (0, 0)
    assert "stocks on offer" not in groups
    drawn = {"outages", "inputs that can be done without", "stocks held"}
    assert {row["factor"] for row in found["structure"]["sobol"]} == {*drawn, "all others"}
    told = {row["factor"] for row in found["tornado"]["factors"]}
    assert {"durations: quake outage", "stocks: part held"} <= told
    assert found["structure"]["said"].startswith(
        "Structure was varied too: outages (1 number), inputs that can be done without (1 number) and stocks held "
        "(1 number). Not varied: spare home capacity, "
    )
    assert found["structure"]["decides"] != ""
    draws = pd.read_parquet(tmp_path / "out" / "tables" / "draws.parquet")
    means = {table: draws[f"outside_{table}"].mean() for table in found["outside"]}
    assert {table: told["mean"] for table, told in found["outside"].items()} == pytest.approx(means)
