"""What a user may rely on in the packages that ship, checked from their CSV files with the independent model.

That they balance alone and coupled, that every number has its evidence, that coupling counts nothing twice, and
that coupling matters: chips that cannot be made stop robots.
"""

import re
import shutil
from collections import Counter
from pathlib import Path

import pycountry
import pytest

import data
from chains import load
from optimize import evaluate
from tests.independent import CALM, Row, Study, read, rows_of, same
from tests.shipped import FEEDING, emptied

FULL = ("robots", "chips")
ALL = (*FULL, "coupled")
AI = ("chips", "ai", "ai-chips")
SHIPPED = (("robots",), ("chips",), ("ai",), ("japan",), ALL, AI)
EVERY = ("robots", "chips", "coupled", "ai", "ai-chips", "japan")
LEAST_SUPPORTED = {"robots": 0.30, "chips": 0.19, "coupled": 0.0, "ai": 0.16, "ai-chips": 0.0, "japan": 0.09}
"""Least share of reported and derived values: `derived` from an assumed value, or from another year, counts as assumed
(tests/data/test_status.py)."""
EQUIPMENT = ("lithography", "resist_tools", "etch_clean", "deposition", "inspection")
FAB_MATERIALS = ("wafers", "photoresist", "materials")
HOME = "CHN"


def evidence(package: str) -> list[Row]:
    """Every row with a value, of every table of a package."""
    return [row for table in (*FEEDING, "tiers") for row in rows_of(data.folder(package), table)]


def folders(names: tuple[str, ...]) -> list[Path]:
    return [data.folder(name) for name in names]


def key_of(row: Row) -> str:
    return " ".join(cell for name, cell in row.items() if name != "note")


@pytest.mark.parametrize("names", SHIPPED, ids="+".join)
def test_calm_balances_without_subsidies(names: tuple[str, ...]) -> None:
    study = Study(read(*folders(names)))
    assert study.evaluate(study.none).loss[CALM] <= 1e-9


@pytest.mark.parametrize("names", SHIPPED, ids="+".join)
def test_calm_uses_all_but_a_thousandth_of_the_supply_of_every_segment(names: tuple[str, ...]) -> None:
    """The figures describe a base year: supply that nobody buys would be a hidden reserve."""
    model = read(*folders(names))
    for k in model.segments:
        used = sum(a * model.home[l, CALM] for (source, l), a in model.coefficient.items() if source == k)
        supply = model.home.get((k, CALM), 0.0) + model.foreign.get((k, CALM), 0.0)
        assert supply <= 1.001 * (model.demand.get(k, 0.0) + used), k


@pytest.mark.parametrize(
    ("pair", "shared"),
    [
        (FULL, ("allied_package", "japan_export_controls", "accident_taiwan")),
        (("chips", "ai"), ("allied_package", "accident_taiwan", "ai_chip_controls", "entity_listing", "days_outage")),
    ],
    ids="+".join,
)
def test_scenarios_of_both_packages_have_one_probability(pair: tuple[str, str], shared: tuple[str, ...]) -> None:
    one, other = ({r["scenario"]: float(r["value"]) for r in rows_of(data.folder(p), "probabilities")} for p in pair)
    common = set(one) & set(other)
    assert common >= set(shared)
    assert {s: one[s] for s in common} == {s: other[s] for s in common}


@pytest.mark.parametrize("package", EVERY)
def test_at_least_so_many_of_the_values_are_reported_or_derived(package: str) -> None:
    counts = Counter(row["status"] for row in evidence(package))
    assert set(counts) <= {"reported", "derived", "assumed"}
    assert counts["reported"] + counts["derived"] >= LEAST_SUPPORTED[package] * counts.total()


@pytest.mark.parametrize("package", EVERY)
def test_every_assumed_value_has_a_range_and_a_reason(package: str) -> None:
    for row in evidence(package):
        if row["status"] == "assumed":
            assert row["low"], key_of(row)
            assert row["high"], key_of(row)
            assert row["note"].strip(), key_of(row)


@pytest.mark.parametrize("package", EVERY)
def test_every_derived_value_says_how(package: str) -> None:
    silent = [key_of(row) for row in evidence(package) if row["status"] == "derived" and not row["note"].strip()]
    assert silent == []


@pytest.mark.parametrize("package", EVERY)
def test_every_value_lies_in_its_range(package: str) -> None:
    for row in evidence(package):
        low, value, high = row["low"] or row["value"], row["value"], row["high"] or row["value"]
        assert float(low) <= float(value) <= float(high), key_of(row)


@pytest.mark.parametrize("package", EVERY)
def test_every_source_of_a_value_and_every_source_cited_in_a_note_is_listed(package: str) -> None:
    listed = [row["source"] for row in rows_of(data.folder(package), "sources")]
    assert len(listed) == len(set(listed))
    assert all(row["citation"].strip() for row in rows_of(data.folder(package), "sources"))
    for row in evidence(package):
        cited = {row["source"], *re.findall(r"\[(\w+)\]", row["note"])}
        assert cited <= set(listed), key_of(row)


@pytest.mark.parametrize("package", [*FULL, "ai"])
def test_every_location_and_owner_is_an_iso_country(package: str) -> None:
    countries = {country.alpha_3 for country in pycountry.countries} | {"ROW"}
    for table in ("supply", "surge", "disruptions"):
        for row in rows_of(data.folder(package), table):
            blank = set() if table == "supply" else {""}
            assert row["location"] in countries | blank
            assert row.get("owner", HOME) in countries | {"HYB"} | blank


@pytest.mark.slow
def test_coupling_counts_no_demand_twice() -> None:
    """Coupled final demand is that of both packages less the uses that link rows make explicit."""
    demand = {
        (f"{p}/{row['segment']}", row["use"]): float(row["value"])
        for p in FULL
        for row in rows_of(data.folder(p), "demand")
    }
    replaced = {(row["input"], row["replaces"]) for row in rows_of(data.folder("coupled"), "inputs") if row["replaces"]}
    assert replaced <= set(demand)
    assert len(replaced) == 3  # chips in controllers and in servo drives, robots in wafer fabs
    expected = sum(amount for key, amount in demand.items() if key not in replaced)
    chain = load(*ALL)
    assert chain.table("demand")["value"].sum() == pytest.approx(expected, rel=1e-12)
    assert len(chain.segments) == sum(len(rows_of(data.folder(p), "segments")) for p in FULL)


@pytest.mark.slow
def test_a_links_coefficients_times_home_output_are_the_demand_that_they_replace() -> None:
    """In calm all home capacity runs, so home output is home supply; coefficients are rounded to 1e-5."""
    coupled = read(*folders(ALL))
    bought: Counter = Counter()
    for row in rows_of(data.folder("coupled"), "inputs"):
        bought[row["input"], row["replaces"]] += float(row["value"]) * coupled.home[row["user"], CALM]
    for (segment, use), amount in bought.items():
        package, own = segment.split("/")
        rows = rows_of(data.folder(package), "demand")
        replaced = [float(row["value"]) for row in rows if (row["segment"], row["use"]) == (own, use)]
        assert len(replaced) == 1
        assert same(amount, replaced[0], relative=1e-5)


@pytest.fixture
def embargo(tmp_path: Path) -> dict[str, Path]:
    """Copies of the packages with one more scenario: no chip equipment, no fab materials, no imported chips and dies.

    Nothing is held in stock in the copies. The robot package has the scenario too, but no row of its own: nothing of
    robots is cut.
    """
    copies = {name: Path(shutil.copytree(data.folder(name), tmp_path / name)) for name in ALL}
    rows = [f"embargo,{segment},,,1,,,derived,analyst,what if" for segment in (*EQUIPMENT, *FAB_MATERIALS)]
    for segment in ("packaging", "foundry", "memory", "discretes"):
        places = {r["location"] for r in rows_of(copies["chips"], "supply") if r["segment"] == segment}
        rows += [f"embargo,{segment},{place},,1,,,derived,analyst,what if" for place in sorted(places - {HOME})]
    append(copies["chips"] / "disruptions.csv", rows)
    append(copies["chips"] / "probabilities.csv", ["embargo,0.01,,,derived,analyst,what if"])
    append(copies["robots"] / "probabilities.csv", ["embargo,0.01,,,derived,mckinsey,what if"])
    empty_stocks(copies["chips"] / "stocks.csv")
    return copies


def empty_stocks(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if ",held," not in line) + "\n", encoding="utf-8")


def append(file: Path, rows: list[str]) -> None:
    text = file.read_text(encoding="utf-8").rstrip("\n")
    file.write_text("\n".join([text, *rows]) + "\n", encoding="utf-8")


@pytest.mark.slow
def test_stocks_and_other_parts_keep_robots_going_when_chips_cannot_be_made(embargo: dict[str, Path]) -> None:
    coupled = Study(read(*(embargo[name] for name in ALL)))
    demand = coupled.model.demand["robots/integration"]
    assert coupled.least_unmet("embargo", "robots/integration", coupled.none) <= 1e-9 * demand


@pytest.mark.slow
def test_chips_that_cannot_be_made_stop_robots_only_where_the_chains_are_coupled(embargo: dict[str, Path]) -> None:
    """Without reserves, the least that robot systems go short, whatever else is sacrificed: above 0 only coupled."""
    emptied(embargo["robots"], "stocks", "criticality")
    alone, coupled = (Study(read(*(embargo[name] for name in names))) for names in (("robots",), ALL))
    apart = Study(read(embargo["robots"], embargo["chips"]))
    demand = alone.model.demand["integration"]
    assert alone.least_unmet("embargo", "integration", alone.none) <= 1e-9 * demand
    assert apart.least_unmet("embargo", "robots/integration", apart.none) <= 1e-9 * demand
    short = coupled.least_unmet("embargo", "robots/integration", coupled.none)
    assert short > 1e-3 * demand
    # the observed subsidies build some capacity at home, but nothing that replaces materials
    short_observed = coupled.least_unmet("embargo", "robots/integration", coupled.model.observed)
    assert 1e-3 * demand < short_observed <= short
    reported = evaluate(load(*embargo.values())).unmet.loc["embargo", "robots/integration"]
    assert reported * coupled.all_loss >= short_observed * (1 - 1e-7)


@pytest.mark.slow
def test_robots_do_not_stop_while_chips_are_in_stock(embargo: dict[str, Path]) -> None:
    """What robots take of chips in a year is a small part of the finished chips held: they get those first."""
    shutil.copy(data.folder("chips") / "stocks.csv", embargo["chips"] / "stocks.csv")
    coupled = Study(read(*(embargo[name] for name in ALL)))
    assert coupled.least_unmet("embargo", "robots/integration", coupled.none) <= 1e-9 * coupled.all_loss
