"""Draws over structure: every range of its tables is drawn, stays in its range, and what leaves one is counted."""

import csv
import io
import shutil
from pathlib import Path

import numpy as np
import pytest

from chains.drawing.draws import RESCALED, Draws, drawn
from chains.drawing.structure import by_group, structure_in_words, structure_of
from chains.drawing.uncertain import uncertain
from chains.tables.schema import FACTORS
from optimize import Options
from optimize.sampling.uncertainty import Sampler
from tests.independent import LEVERS, Study, read, same
from tests.small import OPTIONAL, Small

STRUCTURAL = (
    "durations",
    "criticality",
    "stocks",
    "suppliers",
    "procurement",
    "surge",
    "instruments",
    "loss_weights",
)


@pytest.fixture
def ranged(small: Small) -> Small:
    """The small package with every table of structure, and a range for every number of these."""
    small.add_structure()
    small.append("instruments.csv", "grants,,additional,0.7,,,reported,book,", "grants,,lag,1,,,reported,book,")
    small.append("response.csv", "part,lag,1,1,3,assumed,talk,a guess", "part,life,10,5,20,assumed,talk,a guess")
    for table in STRUCTURAL:
        rows = list(csv.reader(io.StringIO(small.text(f"{table}.csv"))))
        value, low, high = (rows[0].index(column) for column in ("value", "low", "high"))
        for row in rows[1:]:
            top = 12.0 if table == "durations" else 1.0 if {"dispensable", *FACTORS} & set(row) else np.inf
            ends = (1.0, 3.0) if "lag" in row else (0.6 * float(row[value]), min(1.3 * float(row[value]), top))
            row[low], row[high] = map(str, ends)
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows(rows)
        small.replace(f"{table}.csv", written.getvalue())
    return small


def test_every_number_of_every_table_of_structure_is_drawn_but_what_only_plans_need(ranged: Small) -> None:
    factors = uncertain(ranged.load()).factors
    for table in STRUCTURAL:
        rows = list(csv.DictReader(io.StringIO(ranged.text(f"{table}.csv"))))
        wanted = [n for n, row in enumerate(rows) if row.get("parameter") not in ("lag", "life")]
        assert [factor.row for factor in factors if factor.table == table] == wanted, table
    assert not [factor.label for factor in factors if "lag" in factor.label or "life" in factor.label]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_numbers_of_structure_stay_in_their_range_also_where_others_are_rescaled(ranged: Small, seed: int) -> None:
    chain = ranged.load()
    whole, rng = uncertain(chain), np.random.default_rng(seed)
    draws = Draws(chain, whole)
    for point in (rng.random(len(whole.factors)), rng.integers(0, 2, len(whole.factors)).astype(float)):
        values = draws.values(point)
        free = whole.values(point)
        for n, factor in enumerate(whole.factors):
            if factor.table not in RESCALED:
                assert values[factor.table][factor.row] == free[n], factor.label
                assert factor.low <= free[n] <= factor.high, factor.label
        tables = drawn(chain, whole, point)
        lag = tables.table("response")
        assert lag.loc[lag["parameter"] == "lag", "value"].tolist() == [1.0]


@pytest.mark.slow
def test_each_number_of_structure_moves_the_answer_as_the_dense_model_says(ranged: Small, tmp_path: Path) -> None:
    """Each at its 5% quantile with all others at their values, written into a copy that the dense model reads."""
    rows = ("part,limit,1,0.5,2", "part,premium,0.1,0.05,0.2", "part,response,0.5,0.3,0.8")
    ranged.append("procurement.csv", *(f"{row},assumed,talk,a guess" for row in rows))
    ranged.cell("disruptions.csv", 2, "value", "1")
    ranged.edit("supply.csv", "part,CHN,CHN,6,", "part,CHN,CHN,2,").edit(
        "supply.csv", "part,JPN,JPN,12,", "part,JPN,JPN,16,"
    )
    chain = ranged.load()
    whole = uncertain(chain)
    sampler = Sampler(chain, Options(levers=LEVERS, pieces=3, budget=0.3))
    base = sampler.outcomes(whole.at_modes).iloc[0]
    assert base["risk_least"] > 1e-3
    moved: set[str] = set()
    for n, factor in enumerate(whole.factors):
        if factor.table not in STRUCTURAL:
            continue
        point = whole.at_modes.copy()
        point[n] = 0.05
        copy = Small(tmp_path / str(n) / "small")
        shutil.copytree(ranged.folder, copy.folder, dirs_exist_ok=True)
        copy.cell(f"{factor.table}.csv", factor.row + 2, "value", repr(float(whole.values(point)[n])))
        study = Study(read(copy.folder), pieces=3, levers=LEVERS)
        found = sampler.outcomes(point).iloc[0]
        assert found["problem"] == "", factor.label
        assert same(found["risk_least"], study.least_risk(study.choice(0.3))), factor.label
        assert same(found["risk_observed"], study.evaluate(study.model.observed).risk), factor.label
        if any(abs(found[risk] - base[risk]) > 1e-9 for risk in ("risk_least", "risk_observed")):
            moved.add(factor.table)
    assert moved == set(STRUCTURAL), set(STRUCTURAL) - moved


# --- what leaves its range ----------------------------------------------------------------------------------------


def test_a_number_that_rescaling_takes_out_of_its_range_is_counted(small: Small) -> None:
    """Parts: 6 (5 to 6.5) at home, 12 from Japan. 0.5 parts a robot: 22.5 parts are needed, 7.5 of them from home."""
    small.edit("supply.csv", "part,CHN,CHN,6,,,reported,book,", "part,CHN,CHN,6,5,6.5,assumed,talk,a guess")
    chain = small.load()
    whole = uncertain(chain)
    draws = Draws(chain, whole)
    point = whole.at_modes.copy()
    assert draws.outside(draws.values(point)) == {"supply": 0, "subsidies": 0, "probabilities": 0}
    point[whole.labels.index("inputs: part robot")] = 1.0
    values = draws.values(point)
    assert values["supply"][0] == pytest.approx(7.5)
    assert draws.outside(values) == {"supply": 1, "subsidies": 0, "probabilities": 0}
    row = Sampler(chain, Options()).outcomes(point).iloc[0]
    assert (row["outside_supply"], row["outside_subsidies"], row["outside_probabilities"]) == (1.0, 0.0, 0.0)


def test_subsidies_and_probabilities_that_are_put_right_are_counted(small: Small) -> None:
    """Parts 0.5 at 3.5 beside 2 (1.9 to 2.1) and 0.5: 2 x 3 / 6 = 1. Probabilities 0.9 and 0.6 become 0.6 and 0.4."""
    small.edit("subsidies.csv", "part,grants,2022,0.5,,,reported,book,", "part,grants,2022,0.5,0.4,3.5,assumed,talk,a")
    small.edit("subsidies.csv", "robot,grants,2022,2,,,reported,book,", "robot,grants,2022,2,1.9,2.1,assumed,talk,a")
    small.edit("probabilities.csv", "quake,0.1,0.05,0.2", "quake,0.1,0.05,0.9")
    small.edit("probabilities.csv", "embargo,0.05,0.01,0.1", "embargo,0.55,0.5,0.6")
    chain = small.load()
    whole = uncertain(chain)
    point = whole.at_modes.copy()
    for label in ("subsidies: part grants 2022", "probabilities: quake", "probabilities: embargo"):
        point[whole.labels.index(label)] = 1.0
    draws = Draws(chain, whole)
    values = draws.values(point)
    assert values["subsidies"].tolist() == pytest.approx([1.75, 1.0, 0.25])
    assert values["probabilities"].tolist() == pytest.approx([0.6, 0.4])
    assert draws.outside(values) == {"supply": 0, "subsidies": 1, "probabilities": 1}


# --- what is said of it -------------------------------------------------------------------------------------------


def _said(small: Small, *levers: str) -> str:
    chain = small.load()
    return structure_in_words(structure_of(chain, uncertain(chain), levers or ("capacity",)))


def test_a_package_without_structure_says_that_it_was_not_varied(small: Small) -> None:
    assert _said(small) == (
        "Structure was not varied: the figures say nothing of outages, inputs that can be done without, stocks held, "
        "spare home capacity, loss weights by use and instruments by tier or factor."
    )


def test_rows_of_these_tables_that_are_not_structure_are_not_told_as_structure(small: Small) -> None:
    """Foreign surge, one weight for all uses and a plain effectiveness, each with a range."""
    for file in ("loss_weights.csv", "instruments.csv"):
        small.replace(file, OPTIONAL[file].partition("\n")[0] + "\n")
    small.append("surge.csv", "robot,DEU,0.1,0,0.2,assumed,talk,a guess", ",,0.05,0,0.1,assumed,talk,a guess")
    small.append("loss_weights.csv", "system,1,0.5,2,assumed,talk,a guess")
    small.append("instruments.csv", "grants,effectiveness,1,0.5,1,assumed,talk,a guess")
    assert "Structure was not varied" in _said(small)


@pytest.mark.slow
def test_numbers_without_a_range_are_not_told_as_varied(small: Small) -> None:
    small.append("durations.csv", "quake,outage,6,,,reported,book,")
    said = _said(small)
    assert said.startswith("Structure was not varied: no range is given for outages, and the figures say nothing of ")
    small.append("stocks.csv", "part,held,2,1,3,assumed,talk,a guess", "part,limit,5,4,9,assumed,talk,a guess")
    said = _said(small)
    assert said.startswith("Structure was varied too: stocks held (1 number). Not varied: outages (no range); ")
    assert "stocks on offer" not in said
    assert "stocks on offer (1 number)" in _said(small, "capacity", "stocks")


def test_every_group_that_is_drawn_is_named_and_no_other(ranged: Small) -> None:
    chain = ranged.load()
    groups = structure_of(chain, uncertain(chain), LEVERS)
    assert {group.name: (group.given, len(group.drawn)) for group in groups} == {
        "outages": (2, 2),
        "inputs that can be done without": (3, 3),
        "stocks held": (1, 1),
        "spare home capacity": (1, 1),
        "loss weights by use": (1, 1),
        "instruments by tier or factor": (3, 3),
        "stocks on offer": (3, 3),
        "further suppliers": (2, 2),
        "preference in procurement": (3, 3),
    }
    assert "Not varied" not in structure_in_words(groups)
    assert len(by_group(groups)) == 19
