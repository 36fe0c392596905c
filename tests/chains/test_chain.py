"""The Chain as users hold it: it never changes, and a what-if is a new one that says what was done."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chains import Chain, InputError, Problem, load
from tests.small import FILES, OPTIONAL, Small, write_link


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """The small package; a Chain never changes, so all tests may hold the same one."""
    return Small(tmp_path_factory.mktemp("chain") / "small").load()


def _refused(chain: Chain, change: str, table: str, number: float, **where: str) -> tuple[Problem, ...]:
    """The problems with which a what-if is refused."""
    with pytest.raises(InputError) as caught:
        getattr(chain, change)(table, number, **where)
    assert caught.value.problems
    return caught.value.problems


# --- tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table", [file.removesuffix(".csv") for file in {**FILES, **OPTIONAL} if file.endswith(".csv")]
)
def test_a_table_has_the_columns_of_its_file_after_its_package(small: Small, table: str) -> None:
    small.add_optional()
    written = small.text(f"{table}.csv").splitlines()
    rows = small.load().table(table)
    header = written[0].split(",")
    may_lack = {"package", "replaces", "tier", "use"} - set(header)
    assert [name for name in rows.columns if name not in may_lack] == header
    assert len(rows) == len(written) - 1
    assert set(rows["package"]) == {"small"}


def test_a_table_that_a_package_leaves_out_is_empty_and_has_its_columns(chain: Chain) -> None:
    surge = chain.table("surge")
    assert len(surge) == 0
    assert {"package", "segment", "location", "value", "source"} <= set(surge.columns)


def test_numbers_are_numbers_and_a_missing_range_is_missing(chain: Chain) -> None:
    demand = chain.table("demand")
    assert demand["value"].dtype == np.float64
    assert demand["low"].isna().all()
    assert list(chain.table("response").loc[0, ["value", "low", "high"]]) == [1.0, 0.5, 2.0]


def test_an_unknown_table_is_refused_with_the_nearest_one(chain: Chain) -> None:
    with pytest.raises(InputError) as caught:
        chain.table("suply")
    (problem,) = caught.value.problems
    assert "suply" in str(problem)
    assert "'supply'" in problem.right


def test_evidence_lists_every_measured_number_with_its_key(small: Small) -> None:
    evidence = small.add_optional().load().evidence()
    # demand 2, inputs 2, supply 5, surge 1, response 6, subsidies 3, instruments 1, disruptions 2,
    # probabilities 2, loss weights 1, tiers 1
    assert len(evidence) == 26
    row = evidence[(evidence["table"] == "supply") & (evidence["value"] == 12)].iloc[0]
    assert all(word in row["key"] for word in ("part", "JPN"))
    assert (row["status"], row["source"]) == ("reported", "book")


def test_numbers_are_counted_by_status(chain: Chain) -> None:
    counts = chain.status_counts()
    # Reported: demand 2, supply 5, subsidies 3, disruptions 2. Derived: one input. Assumed: the other input,
    # 6 of response, 2 probabilities.
    assert list(counts.index) == ["small"]
    assert dict(counts.loc["small"]) == {"reported": 12, "derived": 1, "assumed": 9}


def test_numbers_are_counted_by_package(tmp_path: Path, small: Small) -> None:
    other = Small(tmp_path / "other").append("demand.csv", "robot,labs,0,,,reported,book,")
    link = write_link(tmp_path / "link", "small/part,other/system,,0,0,0,assumed,talk,nothing")
    counts = load(small.folder, other.folder, link).status_counts()
    # Scenarios of the same name are one: their two probabilities are counted once, where they stand first.
    assert dict(counts.loc["small"]) == {"reported": 12, "derived": 1, "assumed": 9}
    assert dict(counts.loc["other"]) == {"reported": 13, "derived": 1, "assumed": 7}
    assert dict(counts.loc["link"]) == {"reported": 0, "derived": 0, "assumed": 1}


# --- immutability -------------------------------------------------------------------------------------------------


def test_a_table_is_a_copy(chain: Chain) -> None:
    for table in ("supply", "segments", "sources"):
        before = chain.table(table)
        mine = chain.table(table)
        mine.loc[:, mine.columns[1]] = "spoilt"
        mine.loc[:, "more"] = 1
        pd.testing.assert_frame_equal(chain.table(table), before)


def test_segments_and_evidence_are_copies(chain: Chain) -> None:
    segments, evidence = chain.segments, chain.evidence()
    segments.loc["part", "tier"] = "downstream"
    evidence.loc[:, "value"] = 0.0
    assert chain.segments.loc["part", "tier"] == "upstream"
    assert (chain.evidence()["value"] > 0).all()


def test_the_fields_of_a_chain_cannot_be_set(chain: Chain) -> None:
    with pytest.raises(FrozenInstanceError):
        chain.home = "JPN"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["demand", "weight", "probability", "home", "foreign", "slope", "ceiling", "observed"])
def test_the_arrays_of_a_chain_cannot_be_written(chain: Chain, name: str) -> None:
    array = getattr(chain.numbers, name)
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0.0


def test_the_input_coefficients_of_a_chain_cannot_be_written(chain: Chain) -> None:
    with pytest.raises(ValueError, match="read-only"):
        chain.numbers.inputs.data[:] = 0.0


def test_a_what_if_leaves_its_chain_alone(chain: Chain) -> None:
    before, home, digest = chain.table("supply"), chain.numbers.home.copy(), chain.sha256
    changed = chain.scaled("supply", 3.0)
    assert changed.numbers.home.sum() == pytest.approx(3 * home.sum(), rel=1e-12)
    pd.testing.assert_frame_equal(chain.table("supply"), before)
    np.testing.assert_array_equal(chain.numbers.home, home)
    assert (chain.sha256, chain.changes) == (digest, ())


# --- what-ifs -----------------------------------------------------------------------------------------------------


def test_scaled_multiplies_values_and_ranges(chain: Chain) -> None:
    rows = chain.scaled("response", 2.0).table("response")
    # Slope and ceiling of part: 1 (0.5 to 2) and 2 (1 to 4).
    assert rows.loc[0, ["value", "low", "high"]].tolist() == [2.0, 1.0, 4.0]
    assert rows.loc[1, ["value", "low", "high"]].tolist() == [4.0, 2.0, 8.0]


def test_scaled_where_changes_the_matching_rows_alone(chain: Chain) -> None:
    rows = chain.scaled("supply", 0.5, location="JPN").table("supply")
    assert list(rows["value"]) == [6, 6, 40, 10, 100]


def test_scaled_by_several_keys_changes_the_rows_that_match_all(chain: Chain) -> None:
    rows = chain.scaled("supply", 0.5, segment="robot", location="CHN").table("supply")
    assert list(rows["value"]) == [6, 12, 20, 10, 100]


def test_a_what_if_may_be_about_one_package(tmp_path: Path, small: Small) -> None:
    both = load(small.folder, Small(tmp_path / "other").folder)
    rows = both.scaled("supply", 0.5, package="other", location="JPN").table("supply")
    assert dict(zip(rows["segment"] + rows["location"], rows["value"], strict=True))["small/partJPN"] == 12
    assert dict(zip(rows["segment"] + rows["location"], rows["value"], strict=True))["other/partJPN"] == 6


def test_a_blank_key_is_a_value_to_ask_for(chain: Chain) -> None:
    rows = chain.scaled("disruptions", 0.5, segment="", location="JPN").table("disruptions")
    assert list(rows["value"]) == [0.25, 1.0]


def test_added_adds_to_values_and_ranges(chain: Chain) -> None:
    rows = chain.added("response", 0.5, segment="part", parameter="slope").table("response")
    assert rows.loc[0, ["value", "low", "high"]].tolist() == [1.5, 1.0, 2.5]
    assert rows.loc[1, "value"] == 2


def test_with_value_sets_values_and_given_ranges(chain: Chain) -> None:
    changed = chain.with_value("response", 7.0, segment="part", parameter="slope")
    assert changed.table("response").loc[0, ["value", "low", "high"]].tolist() == [7.0, 7.0, 7.0]
    demand = chain.with_value("demand", 7.0, use="cars").table("demand")
    assert demand.loc[0, "value"] == 7
    assert demand.loc[0, ["low", "high"]].isna().all()
    assert demand.loc[1, "value"] == 40


def test_a_what_if_reaches_the_numbers(chain: Chain) -> None:
    # Half the cut of 0.5 leaves 12 x 0.75 = 9 parts from Japan in a quake; the probability of calm follows.
    calmer = chain.scaled("disruptions", 0.5, scenario="quake")
    assert calmer.numbers.foreign[0, 0] == pytest.approx(9, rel=1e-12)
    rarer = chain.with_value("probabilities", 0.01, scenario="quake")
    assert list(rarer.numbers.probability) == pytest.approx([0.01, 0.05, 0.94], rel=1e-12)


def test_what_ifs_follow_one_another_and_are_recorded_in_order(chain: Chain) -> None:
    changed = (
        chain.scaled("disruptions", 0.25, location="JPN")
        .added("supply", 5.0, segment="part", location="JPN")
        .with_value("demand", 50.0, use="cars")
    )
    first, second, third = changed.changes
    assert all(word in first for word in ("disruptions", "JPN", "0.25"))
    assert all(word in second for word in ("supply", "part", "JPN", "5"))
    assert all(word in third for word in ("demand", "cars", "50"))
    assert changed.table("supply").loc[1, "value"] == 17


def test_a_what_if_keeps_home_money_and_origins(chain: Chain) -> None:
    changed = chain.scaled("supply", 2.0)
    for name in ("home", "currency", "unit", "years", "origins", "warnings", "name"):
        assert getattr(changed, name) == getattr(chain, name)


@pytest.mark.parametrize("change", ["scaled", "added", "with_value"])
def test_an_unknown_table_in_a_what_if_is_refused_with_the_nearest_one(chain: Chain, change: str) -> None:
    (problem,) = _refused(chain, change, "disruption", 0.5)
    assert "'disruptions'" in problem.right


@pytest.mark.parametrize("table", ["segments", "sources", "firms"])
def test_a_table_without_measured_values_cannot_be_changed(chain: Chain, table: str) -> None:
    (problem,) = _refused(chain, "scaled", table, 2.0)
    assert problem.file == table
    assert "values" in problem.wrong


def test_an_unknown_key_column_is_refused_with_the_nearest_one(chain: Chain) -> None:
    (problem,) = _refused(chain, "scaled", "supply", 0.5, locaton="JPN")
    assert "'locaton'" in problem.wrong
    assert "'location'" in problem.right


def test_a_column_that_is_no_key_is_refused_with_the_keys_there_are(chain: Chain) -> None:
    (problem,) = _refused(chain, "scaled", "supply", 0.5, status="reported")
    assert "'status'" in problem.wrong
    assert "location" in problem.right


def test_a_what_if_that_matches_nothing_is_refused_with_what_there_is(chain: Chain) -> None:
    (problem,) = _refused(chain, "scaled", "supply", 0.5, location="KOR")
    assert "location=KOR" in problem.wrong
    assert all(country in problem.right for country in ("CHN", "DEU", "JPN"))


def test_keys_that_exist_but_not_together_are_refused(chain: Chain) -> None:
    (problem,) = _refused(chain, "scaled", "supply", 0.5, segment="system", location="JPN")
    assert "segment=system" in problem.wrong
    assert "location=JPN" in problem.wrong


def test_a_what_if_on_an_empty_table_is_refused(chain: Chain) -> None:
    (problem,) = _refused(chain, "scaled", "surge", 2.0)
    assert problem.file == "surge"


@pytest.mark.parametrize(
    ("change", "table", "number", "where", "gives"),
    [
        ("scaled", "disruptions", 3.0, {"scenario": "quake"}, "1.5"),
        ("added", "disruptions", 0.25, {"scenario": "embargo"}, "1.25"),
        ("with_value", "probabilities", 1.5, {"scenario": "quake"}, "1.5"),
        ("scaled", "supply", -1.0, {"location": "JPN"}, "-12"),
        ("added", "demand", -50.0, {"use": "electronics"}, "-10"),
        ("with_value", "inputs", -0.1, {"input": "part"}, "-0.1"),
        ("with_value", "supply", float("nan"), {"location": "JPN"}, "nan"),
        ("scaled", "supply", float("inf"), {"location": "JPN"}, "inf"),
    ],
)
def test_a_what_if_that_takes_a_value_out_of_its_range_is_refused_with_the_value(
    chain: Chain, change: str, table: str, number: float, where: dict[str, str], gives: str
) -> None:
    # A probability above 1 is said to break the sum too, so the first problem of one or two is looked at.
    problem = _refused(chain, change, table, number, **where)[0]
    assert table in problem.file
    assert next(iter(where.values())) in problem.file
    assert f"gives {gives}" in problem.wrong


def test_every_value_that_leaves_its_range_is_said(chain: Chain) -> None:
    # Cuts 0.5 and 1 times 3 are 1.5 and 3.
    assert len(_refused(chain, "scaled", "disruptions", 3.0)) == 2


def test_probabilities_scaled_above_one_in_all_are_refused_with_their_sum(chain: Chain) -> None:
    # 0.10 x 8 + 0.05 x 8 = 1.2, though neither is above 1.
    (problem,) = _refused(chain, "scaled", "probabilities", 8.0)
    assert "1.2" in problem.wrong
    assert "calm" in problem.right


def test_probabilities_may_be_scaled_to_one_in_all(chain: Chain) -> None:
    certain = chain.scaled("probabilities", 1 / 0.15)
    assert list(certain.numbers.probability) == pytest.approx([2 / 3, 1 / 3, 0], rel=1e-12, abs=1e-15)


# --- hashes -------------------------------------------------------------------------------------------------------


def test_the_hash_is_that_of_the_content_and_not_of_the_place(tmp_path: Path, chain: Chain) -> None:
    elsewhere = Small(tmp_path / "elsewhere" / "small").load()
    assert elsewhere.sha256 == chain.sha256
    assert len(chain.sha256) == 64
    assert int(chain.sha256, 16) > 0


@pytest.mark.parametrize("file", [*FILES, "surge.csv"])
def test_the_hash_changes_with_every_file(small: Small, chain: Chain, file: str) -> None:
    if file == "surge.csv":
        small.replace(file, OPTIONAL[file])
    elif file.endswith(".json"):
        small.meta(year=2021)
    else:
        small.replace(file, small.text(file) + "\n")
    assert small.load().sha256 != chain.sha256


def test_the_hash_does_not_change_with_files_that_are_not_read(small: Small, chain: Chain) -> None:
    assert small.replace("README.md", "notes").load().sha256 == chain.sha256


def test_the_hash_changes_with_every_change(chain: Chain) -> None:
    changed = [
        chain,
        chain.scaled("supply", 2.0),
        chain.scaled("supply", 2.0, location="JPN"),
        chain.scaled("supply", 3.0),
        chain.added("supply", 2.0),
        chain.with_value("supply", 2.0),
        chain.scaled("demand", 2.0),
        chain.scaled("supply", 2.0).scaled("supply", 2.0),
    ]
    assert len({one.sha256 for one in changed}) == len(changed)


def test_changes_that_differ_in_a_late_digit_have_different_hashes_and_words(chain: Chain) -> None:
    # A Monte Carlo draw or a search for a threshold makes changes this near each other; a stored result of one
    # must not pass for that of another.
    one, other = chain.scaled("supply", 1.0000001), chain.scaled("supply", 1.0000002)
    assert one.table("supply").loc[0, "value"] != other.table("supply").loc[0, "value"]
    assert one.changes != other.changes
    assert one.sha256 != other.sha256


def test_the_same_changes_have_the_same_hash(chain: Chain) -> None:
    assert chain.scaled("supply", 2.0).sha256 == chain.scaled("supply", 2.0).sha256


@pytest.mark.slow
def test_the_hash_of_several_packages_changes_with_each(tmp_path: Path, small: Small) -> None:
    other = Small(tmp_path / "other")
    before = load(small.folder, other.folder).sha256
    other.cell("demand.csv", 2, "note", "one word more")
    assert load(small.folder, other.folder).sha256 != before
    assert load(small.folder).sha256 not in {before, load(other.folder).sha256}


def test_a_package_that_is_read_again_is_what_its_files_are_now(small: Small) -> None:
    """One of the same bytes is kept; what was changed, lacks a file, or was written to by somebody is not mixed up."""
    before, demand = small.load(), small.folder / "demand.csv"
    written = before.table("demand")
    other = before.table("demand")
    other["value"] = 0.0
    assert small.load().table("demand").equals(written)
    text = demand.read_text()
    demand.unlink()
    with pytest.raises(InputError, match=r"demand\.csv"):
        small.load()
    demand.write_text(text + "\n")
    assert small.load().sha256 != before.sha256
    demand.write_text(text)
    assert small.load().sha256 == before.sha256
