"""OECD ICIO: the world of `world.py`, with the traps of the layout. Levels and reliance are worked by hand."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pymrio
import pytest

from chains import InputError, load
from chains.importing import Imported, import_set
from chains.indicators import indicators
from optimize import optimize
from tests.chains.importing import world

NAME = "ICIO2023_2020.csv"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.icio(tmp_path_factory.mktemp("icio") / NAME)


@pytest.fixture(scope="module")
def imported(table: Path) -> tuple[Path, Imported]:
    target = table.parent / "nld"
    return target, import_set("icio", table, target, home="NLD")


def rows_of(package: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table as they stand in the file, which is quicker than loading a chain."""
    return list(csv.DictReader((package / f"{table}.csv").read_text("utf-8").splitlines()))


def supply(package: Path) -> dict[tuple[str, str], float]:
    return {(row["segment"], row["location"]): float(row["value"]) for row in rows_of(package, "supply")}


def reliance(package: Path) -> dict[tuple[str, str], float]:
    """Face value and look-through by segment."""
    return {(row["indicator"], row["segment"]): float(row["value"]) for row in rows_of(package, "segment_indicators")}


def changed(table: Path, folder: Path, change: Callable[[str], str]) -> Path:
    path = folder / NAME
    path.write_text(change(table.read_text("utf-8")), "utf-8")
    return path


def problems(source: Path, folder: Path, **options: str) -> list[tuple[int, str, str]]:
    with pytest.raises(InputError) as caught:
        import_set("icio", source, folder / "out", home="NLD", **options)
    assert not (folder / "out").exists()
    return [(problem.row, problem.column, problem.wrong) for problem in caught.value.problems]


# --- levels -------------------------------------------------------------------------------------------------------


def test_supply_inputs_and_demand_are_the_accounts_of_the_home_country(imported: tuple[Path, Imported]) -> None:
    chain = load(imported[0])
    assert supply(imported[0]) == {key: pytest.approx(value, rel=1e-5) for key, value in world.SUPPLY.items()}
    inputs = chain.table("inputs").set_index(["input", "user"])["value"]
    by_hand = {
        "b07_08": (4 / 20, 16 / 100, 14 / 200),
        "c26": (1 / 20, 36 / 100, 23 / 200),
        "c28": (3 / 20, 0.1, 47 / 200),
    }
    for key, row in by_hand.items():
        assert [inputs[key, user] for user in by_hand] == pytest.approx(row, rel=1e-5)
    demand = chain.table("demand").set_index(["segment", "use"])["value"].to_dict()
    final, exports = (0.010, 0.090, 0.170), (0.002, 0.040, 0.090)
    assert demand == {
        **{(key, "final_users"): pytest.approx(value, rel=1e-5) for key, value in zip(by_hand, final, strict=True)},
        **{(key, "exports"): pytest.approx(value, rel=1e-5) for key, value in zip(by_hand, exports, strict=True)},
    }


def test_the_package_balances_without_a_warning_and_a_budget_lowers_its_risk(imported: tuple[Path, Imported]) -> None:
    chain = load(imported[0])
    assert chain.warnings == ()
    result = optimize(chain)
    assert 0 < result.optimal.risk < result.observed.risk


def test_every_row_says_where_it_is_from(imported: tuple[Path, Imported]) -> None:
    chain = load(imported[0])
    row = chain.table("supply").set_index(["segment", "location"]).loc[("b07_08", "CHN")]
    assert row[["status", "source"]].tolist() == ["derived", "icio"]
    assert row["note"] == "CHN B07_08 to NLD: 19 to industries, -3 to final users, USD million"
    source = chain.table("sources").set_index("source").loc["icio"]
    assert source["citation"] == "OECD, Inter-Country Input-Output tables (ICIO), 2023 edition"
    assert source["locator"].startswith(
        f"{NAME}: 2020, 3 economies x 3 industries, USD million at basic prices; SHA-256"
    )
    meta = imported[1].meta
    assert (meta.home, meta.currency, meta.unit, meta.year) == ("NLD", "USD", "USD billion per year", 2020)
    lacks = "\n".join(imported[1].lacks)
    assert "response: all rows from the template" in lacks
    assert "loss_weights: all rows from the template" in lacks  # that exports count a tenth is nobody's finding
    assert imported[1].given["supply"] == 9


def test_tiers_are_thirds_by_upstreamness_in_the_world(imported: tuple[Path, Imported]) -> None:
    # upstreamness is the sum of rows of the inverse of I - diag(x)^-1 Z
    stages = np.linalg.inv(np.eye(9) - world.USE / world.OUTPUT[:, None]).sum(axis=1)
    world_stages = (stages * world.OUTPUT).reshape(3, 3).sum(axis=0) / world.OUTPUT.reshape(3, 3).sum(axis=0)
    order = [world.INDUSTRIES[at].lower() for at in np.argsort(-world_stages)]
    tiers = {row["segment"]: row["tier"] for row in rows_of(imported[0], "segments")}
    assert [tiers[key] for key in order] == ["upstream", "midstream", "downstream"]
    assert any("a guess" in line and f"from {world_stages.max():.2f}" in line for line in imported[1].said)


def test_parts_of_china_are_added_up(imported: tuple[Path, Imported], table: Path, tmp_path: Path) -> None:
    path = world.split_china(changed(table, tmp_path, str))
    told = import_set("icio", path, tmp_path / "nld", home="NLD")
    assert "CN1, CN2 are added to CHN and MEX" in told.said
    assert supply(tmp_path / "nld") == pytest.approx(supply(imported[0]), rel=1e-6)
    assert reliance(tmp_path / "nld") == pytest.approx(reliance(imported[0]), rel=1e-9)


def test_a_zip_of_years_gives_the_latest_or_the_one_that_is_asked_for(table: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "2016-2022_SML.zip", "w") as archive:
        for year in (2019, 2020):
            archive.write(table, f"{year}_SML.csv")
    told: list[tuple[int, int]] = []
    source = tmp_path / "2016-2022_SML.zip"
    latest = import_set(
        "icio", source, tmp_path / "a.zip", home="DEU", progress=lambda done, size: told.append((done, size))
    )
    assert (latest.meta.year, latest.meta.home) == (2020, "DEU")
    assert told[-1][0] == told[-1][1] == table.stat().st_size
    assert "edition not named" in load(tmp_path / "a.zip").table("sources").set_index("source").loc["icio", "citation"]
    assert import_set("icio", source, tmp_path / "b.zip", home="DEU", year=2019).meta.year == 2019
    with pytest.raises(InputError, match="has no table of 2018; years there: 2019, 2020"):
        import_set("icio", source, tmp_path / "c", home="DEU", year=2018)


def test_a_use_below_zero_is_supply_drawn_from_stocks(tmp_path: Path) -> None:
    # Dutch users draw 25 of Dutch minerals from stocks: their use of minerals is 10 - 33 = -23, output falls to -13
    final = world.FINAL.copy()
    final[0] = [8, -13, 0, 0, 0, 0]
    final[6] = [2, -15, 2, 0, 60, 0]
    # minerals now: output 12 - 5 = 7, China 19 - 13 = 6, Germany 10; uses 4 + 16 + 14 + 2 and final -5 + 5 - 13 = -13
    told = import_set("icio", world.icio(tmp_path / NAME, final=final), tmp_path / "nld", home="NLD")
    assert "uses below zero count as supply at home, drawn from stocks (USD million): b07_08 13" in told.said
    found = supply(tmp_path / "nld")
    assert found["b07_08", "NLD"] == pytest.approx(0.007 + 0.013, rel=1e-5)
    assert found["b07_08", "CHN"] == pytest.approx(0.006, rel=1e-5)
    uses = {(row["segment"], row["use"]) for row in rows_of(tmp_path / "nld", "demand")}
    assert ("b07_08", "exports") in uses
    assert ("b07_08", "final_users") not in uses
    assert load(tmp_path / "nld").warnings == ()


# --- reliance -----------------------------------------------------------------------------------------------------


def test_reliance_worked_by_hand(tmp_path: Path) -> None:
    """Two countries, one industry, output 100 each: a_HH = 0.2, a_FH = 0.3, a_HF = 0.1, a_FF = 0.2.

    I - A = [[0.8, -0.1], [-0.3, 0.8]], its determinant 0.64 - 0.03 = 0.61, so the column of L for home is (0.8, 0.3) /
    0.61. Inputs abroad 0.3 / 0.61; all inputs (0.8 + 0.3) / 0.61 - 1 = 0.49 / 0.61. At face value 0.3 of 0.5.
    """
    path = tmp_path / "2020_SML.csv"
    path.write_text(
        "V1,NLD_C26,DEU_C26,NLD_HFCE,DEU_HFCE,OUT\nNLD_C26,20,10,60,10,100\nDEU_C26,30,20,0,50,100\n"
        "TLS,0,0,0,0,\nVA,50,70,0,0,\nOUT,100,100,0,0,\n"
    )
    told = import_set("icio", path, tmp_path / "nld", home="NLD")
    found = indicators(load(tmp_path / "nld")).loc["c26"]
    assert found["foreign_input_reliance_direct"] == pytest.approx(0.6, rel=1e-11)
    assert found["foreign_input_reliance"] == pytest.approx(0.3 / 0.49, rel=1e-11)
    assert (
        "inputs from abroad, looked through (at face value): c26 61.2% (60.0%); all by `tierwise indicators`"
        in told.said
    )
    assert rows_of(tmp_path / "nld", "segment_indicators")[1]["note"].endswith("most from DEU, 61.2% of all")


def test_a_table_in_which_an_output_takes_all_of_itself_is_told(tmp_path: Path) -> None:
    path = tmp_path / "2020_SML.csv"
    path.write_text("V1,NLD_C26,DEU_C26,NLD_HFCE,DEU_HFCE\nNLD_C26,100,0,0,0\nDEU_C26,30,20,0,50\n")
    [(_, _, wrong)] = problems(path, tmp_path)
    assert wrong == "the table is not productive: a unit of some output takes a unit of itself or more"


def pymrio_table() -> pymrio.IOSystem:
    import pandas as pd

    labels = pd.MultiIndex.from_product([world.COUNTRIES, world.INDUSTRIES], names=["region", "sector"])
    finals = pd.MultiIndex.from_product([world.COUNTRIES, ["HFCE", "INVNT"]], names=["region", "category"])
    return pymrio.IOSystem(Z=pd.DataFrame(world.USE, labels, labels), Y=pd.DataFrame(world.FINAL, labels, finals))


def reliance_by_pymrio(system: pymrio.IOSystem, home: str) -> tuple[np.ndarray, np.ndarray]:
    """Foreign over all inputs of each industry, of A and of L - I."""
    system.calc_all()
    own = system.A[home]
    through = system.L[home].to_numpy() - np.eye(len(system.A))[:, system.A.columns.get_level_values(0) == home]
    abroad = system.A.index.get_level_values(0) != home
    return tuple(m[abroad].sum(axis=0) / m.sum(axis=0) for m in (own.to_numpy(), through))


@pytest.mark.parametrize("home", world.COUNTRIES)
def test_reliance_is_that_of_pymrio(table: Path, tmp_path: Path, home: str) -> None:
    system = pymrio.parse_oecd(table)
    import_set("icio", table, tmp_path / "package", home=home)
    direct, through = reliance_by_pymrio(system, home)
    sectors = [key.lower() for key in system.A[home].columns.get_level_values(-1)]
    assert reliance(tmp_path / "package") == {
        **{
            ("foreign_input_reliance_direct", key): pytest.approx(direct[at], rel=1e-9)
            for at, key in enumerate(sectors)
        },
        **{("foreign_input_reliance", key): pytest.approx(through[at], rel=1e-9) for at, key in enumerate(sectors)},
    }


# --- segments by the user -----------------------------------------------------------------------------------------

SECTORS = "sector,segment,tier,name\nB07_08,inputs,upstream,Inputs\nC26,inputs,upstream,Inputs\n"


def grouped(table: Path, folder: Path, text: str) -> Imported:
    (folder / "sectors.csv").write_text(text, "utf-8")
    return import_set("icio", table, folder / "nld", home="NLD", sectors=str(folder / "sectors.csv"))


def test_a_file_groups_industries_and_what_the_others_take_is_demand(table: Path, tmp_path: Path) -> None:
    told = grouped(table, tmp_path, SECTORS)
    chain = load(tmp_path / "nld")
    # minerals and electronics are one: 120 made at home, 40 and 76 imported; 4 + 16 + 1 + 36 taken within
    assert supply(tmp_path / "nld") == pytest.approx(
        {("inputs", "NLD"): 0.120, ("inputs", "DEU"): 0.040, ("inputs", "CHN"): 0.076}, rel=1e-5
    )
    assert chain.table("inputs")["value"].tolist() == [pytest.approx(57 / 120, rel=1e-5)]
    demand = chain.table("demand").set_index("use")["value"].to_dict()
    assert demand == pytest.approx({"final_users": 0.1, "other_industries": 0.014 + 0.023, "exports": 0.042}, rel=1e-5)
    said = "1 of 3 industries are in no segment: what they buy is demand of `other_industries`"
    assert said in told.said
    # A grouped segment relies as its industries do together: inputs abroad over all inputs, by their outputs
    system = pymrio_table().calc_all()
    weights = np.array([20, 100, 0, 0, 0, 0, 0, 0, 0])
    inputs = system.L.to_numpy() @ weights - weights
    expected = inputs[3:].sum() / inputs.sum()
    assert reliance(tmp_path / "nld")["foreign_input_reliance", "inputs"] == pytest.approx(expected, rel=1e-9)


def test_stars_stand_for_anything_and_tiers_may_be_left_out(table: Path, tmp_path: Path) -> None:
    told = grouped(table, tmp_path, "sector,segment\nC2*,made\nB*,mined\n")
    assert supply(tmp_path / "nld")["made", "CHN"] == pytest.approx(0.09, rel=1e-5)
    tiers = {row["segment"]: row["tier"] for row in rows_of(tmp_path / "nld", "segments")}
    assert tiers == {"mined": "upstream", "made": "midstream"}
    assert any(line.startswith("tiers, which sectors.csv lacks, by mean upstreamness") for line in told.said)


def test_a_file_of_sectors_that_is_wrong_is_told_at_once(table: Path, tmp_path: Path) -> None:
    (tmp_path / "sectors.csv").write_text(
        "sector,segment,tier\nC26,a,upstream\nC27,b,midstream\nC2*,c,up\nC28,upstream,downstream\n", "utf-8"
    )
    found = problems(table, tmp_path, sectors=str(tmp_path / "sectors.csv"))
    assert sorted(found) == sorted(
        [
            (4, "tier", "'up' is not a tier"),
            (5, "segment", "'upstream' cannot name a segment"),
            (3, "sector", "no industry of the table is 'C27'"),
            (4, "sector", "'C26' stands in row 2 already"),
            (5, "sector", "'C28' stands in row 4 already"),
        ]
    )
    with pytest.raises(
        InputError, match=r"'ships' is neither a file nor a known chain; name a file, .*: chips, robots"
    ):
        import_set("icio", table, tmp_path / "n", home="NLD", sectors="ships")
    with pytest.raises(InputError, match=r"'icio' does not take it; leave it out; it is for baci"):
        import_set("icio", table, tmp_path / "n", home="NLD", products="robots")


def test_the_table_that_ships_names_segments_of_chips(table: Path, tmp_path: Path) -> None:
    told = import_set("icio", table, tmp_path / "nld", home="NLD", sectors="chips")
    tiers = {row["segment"]: row["tier"] for row in rows_of(tmp_path / "nld", "segments")}
    assert tiers == {"minerals": "upstream", "machinery": "upstream", "electronics": "midstream"}
    assert any("each much wider than what it stands for" in line for line in told.said)
    assert "left out, with no industry of the table: chemicals, it_services, minerals_processed, vehicles" in told.said


# --- what is wrong ------------------------------------------------------------------------------------------------


def test_cells_that_are_no_numbers_are_told_by_row_and_column(table: Path, tmp_path: Path) -> None:
    path = changed(
        table, tmp_path, lambda text: text.replace("NLD_C26,1,10,", 'NLD_C26,1,"1,0",').replace("434", "nan")
    )
    assert problems(path, tmp_path) == [
        (3, "NLD_C26", "'1,0' is not a number"),
        (10, "CHN_HFCE", "'nan' is not a number"),
    ]


def test_rows_that_are_torn_missing_twice_or_unknown_are_told(table: Path, tmp_path: Path) -> None:
    text = table.read_text("utf-8").splitlines(keepends=True)
    path = changed(table, tmp_path, lambda _: "".join([*text[:4], "DEU_B07_08,1,2\n", *text[5:]]))
    assert problems(path, tmp_path) == [(5, "", "has 3 cells, not 17 as the header has")]
    path = changed(table, tmp_path, lambda _: "".join([*text[:4], *text[5:]]))
    assert problems(path, tmp_path) == [(0, "", "the row DEU B07_08 is missing")]
    path = changed(table, tmp_path, lambda _: "".join([*text[:5], text[4], *text[5:]]))
    assert problems(path, tmp_path) == [(6, "", "'DEU_B07_08' stands in row 5 already")]
    path = changed(table, tmp_path, lambda _: "".join(text).replace("\nDEU_C26", "\nDEU_C62"))
    assert problems(path, tmp_path) == [(6, "", "no column is 'DEU_C62'")]


def test_columns_that_are_missing_or_unknown_are_told(table: Path, tmp_path: Path) -> None:
    head = table.read_text("utf-8").partition("\n")[0]
    path = changed(table, tmp_path, lambda text: text.replace(head, head.replace("CHN_C28", "CHX_C28")))
    assert problems(path, tmp_path) == [(1, "CHX_C28", "'CHX_C28' is no country and industry")]
    path = changed(
        table, tmp_path, lambda text: text.replace(head, head.replace("CHN_HFCE,CHN_INVNT", "DEU_NPISH,DEU_GGFC"))
    )
    assert problems(path, tmp_path) == [(0, "CHN final demand", "the column is missing")]
    path = changed(table, tmp_path, lambda text: text.replace(head, head.replace("DEU_C26", "DEU_C26X")))
    assert [column for _, column, _ in problems(path, tmp_path)][:2] == ["CHN C26X", "DEU C26"]


def test_a_cell_that_was_changed_is_found_by_the_total(table: Path, tmp_path: Path) -> None:
    path = changed(table, tmp_path, lambda text: text.replace("CHN_C26,0,20,", "CHN_C26,0,200,"))
    assert problems(path, tmp_path) == [(9, "", "the cells of CHN C26 sum to 780, the total says 600")]


def test_what_a_spreadsheet_leaves_at_the_end_does_not_disturb(table: Path, tmp_path: Path) -> None:
    path = changed(table, tmp_path, lambda text: text.replace("\n", ",,\n") + "," * 18 + "\n")
    import_set("icio", path, tmp_path / "nld", home="NLD")
    assert supply(tmp_path / "nld")["c28", "NLD"] == pytest.approx(0.2, rel=1e-5)
    names = [row["name"] for row in rows_of(tmp_path / "nld", "segments")]
    assert names == ["Mining, non-energy products", "Computers, electronics, optics", "Machinery"]


def test_empty_cells_are_0_and_said(table: Path, tmp_path: Path) -> None:
    path = changed(table, tmp_path, lambda text: text.replace("NLD_C28,2,4,14,0,0,", "NLD_C28,2,4,14,,,"))
    told = import_set("icio", path, tmp_path / "nld", home="NLD")
    assert f"{NAME}: 5 empty cells count as 0" in told.said  # these two, and the totals of the last three rows
    assert supply(tmp_path / "nld")["c28", "NLD"] == pytest.approx(0.2, rel=1e-5)


def test_a_country_and_a_year_that_are_not_there_are_told(table: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no country FRA; choose one of NLD, DEU, CHN"):
        import_set("icio", table, tmp_path / "n", home="FRA")
    plain = tmp_path / "table.csv"
    plain.write_bytes(table.read_bytes())
    with pytest.raises(InputError, match=r"option --year: the name 'table\.csv' says no year"):
        import_set("icio", plain, tmp_path / "n", home="NLD")
    assert import_set("icio", plain, tmp_path / "n", home="NLD", year=2020).meta.year == 2020
    with pytest.raises(InputError, match="is not there; name a table"):
        import_set("icio", tmp_path / "nowhere.csv", tmp_path / "m", home="NLD")
