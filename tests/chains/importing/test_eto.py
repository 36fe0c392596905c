"""The ETO set: a small one written by hand in its layout, with its traps; and the real one where it is present."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chains import InputError, load
from chains.importing import Imported, import_set
from optimize import optimize

REAL = next((place for up in Path(__file__).parents if (place := up / "shared/data/eto").is_dir()), None)
"""The real set where it lies beside the project; it is no part of it."""

_DOUBTED = re.compile("over 2 times what is needed|carries over 50")
"""What a package of the set is doubted for: levels of the whole world beside a country that makes little of it."""
SIZE = "market_share_chart_global_market_size_info"
FILES = {
    "stages.csv": f"""\ufeffstage_id,stage_name,description,{SIZE}
S1,Design,"Two
lines",$20 billion (2019)
S2,Packaging (ATP),,Over $40 billion (2019)
""",
    "inputs.csv": f"""\ufeffinput_name,input_id,type,stage_name,stage_id,{SIZE}
CPU design,N1,process,Design,S1,
Assembly,N2,process,Packaging,S2,
EDA software,N3,tool_resource,,,$5 billion (2019)
Bonding tools,N4,tool_resource,,,
Die bonders,N5,tool_resource,,,"$1,000 million (2019)"
Wire bonders,N6,tool_resource,,,about $3 billion (2018)
Finished chip,N7,ultimate_output,,,
Resins,N8,material_resource,,,unknown
Microscopes,N9,tool_resource,,,$1 billion (2019)
""",
    "providers.csv": """provider_name,provider_id,provider_type,country
USA,P1,country,
TWN,P2,country,
MAL,P3,country,
NLD,P4,country,
JPN,P5,country,
Various,P6,country,
CHN,P7,country,
DEU,P8,country,
Intel,P9,organization,USA
""",
    "provision.csv": """provider_name,provider_id,provided_name,provided_id,share_provided,negligible_market_share
USA,P1,Design,S1,60%,
TWN,P2,Design,S1,43%,
MAL,P3,Packaging,S2,50%,
NLD,P4,Packaging,S2,50%,
USA,P1,EDA software,N3,100%,
Intel,P9,Packaging,S2,90%,
Intel,P9,Packaging,S2,90%,
JPN,P5,Die bonders,N5,90%,
Various,P6,Die bonders,N5,10%,
CHN,P7,Wire bonders,N6,98%,
DEU,P8,Wire bonders,N6,,negligible
JPN,P5,Resins,N8,,
DEU,P8,Resins,N8,,
""",
    "sequence.csv": """input_name,input_id,goes_into_name,goes_into_id,is_type_of_name,is_type_of_id
EDA software,N3,CPU design,N1,,
Bonding tools,N4,Assembly,N2,,
Die bonders,N5,,,Bonding tools,N4
Wire bonders,N6,,,Bonding tools,N4
Assembly,N2,Finished chip,N7,,
Resins,N8,Assembly,N2,,
""",
}


def written(folder: Path, **changed: Callable[[str], str]) -> Path:
    """The set in a folder; a change is by the name of its file without the ending."""
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(Path(name).stem, str)(text), "utf-8")
    return folder


def values(package: Path, table: str) -> dict[tuple[str, ...], float]:
    """The values of a table by its first two columns."""
    rows = load(package).table(table)
    return dict(zip(zip(*(rows[name] for name in rows.columns[:2]), strict=True), rows["value"], strict=True))


@pytest.fixture
def imported(tmp_path: Path) -> tuple[Path, Imported]:
    target = tmp_path / "nld"
    return target, import_set("eto", written(tmp_path / "eto"), target, home="NLD")


def test_coefficients_are_ratios_of_markets_and_others_share_half_of_the_rest(imported: tuple[Path, Imported]) -> None:
    assert values(imported[0], "inputs") == {
        ("design", "packaging"): 0.5,  # 20 / 40: joined to the next stage
        ("eda_software", "design"): 0.25,  # 5 / 20
        ("die_bonders", "packaging"): 0.025,  # 1 / 40: a kind of bonding tools, which go into assembly
        ("wire_bonders", "packaging"): 0.075,  # 3 / 40
        ("resins", "packaging"): 0.2,  # no size: half of what 0.5, 0.025 and 0.075 leave
    }
    rows = load(imported[0]).table("inputs").set_index("input")
    assert list(rows.loc[["design", "resins"], "source"]) == ["eto", "template"]
    assert "inputs.csv row 6" in rows.loc["die_bonders", "note"]
    assert "stages.csv row 3" in rows.loc["die_bonders", "note"]  # rows as a spreadsheet counts, cells of two lines too


def test_a_country_supplies_its_share_of_what_final_demand_takes(imported: tuple[Path, Imported]) -> None:
    supply = values(imported[0], "supply")
    # Need: packaging 100, design 50, EDA 12.5, die bonders 2.5, wire bonders 7.5, resins 20; a tenth to spare.
    expected = {
        ("design", "USA"): 55 * 0.60 / 1.03,  # shares sum to 1.03
        ("design", "TWN"): 55 * 0.43 / 1.03,
        ("packaging", "MYS"): 55,  # MAL
        ("packaging", "NLD"): 55,  # and not the 90% of a company
        ("eda_software", "USA"): 13.75,
        ("die_bonders", "JPN"): 2.475,
        ("die_bonders", "ROW"): 0.275,  # Various
        ("wire_bonders", "CHN"): 8.25 * 0.98 / 0.99,
        ("wire_bonders", "DEU"): 8.25 * 0.01 / 0.99,  # negligible: 0 to 2%
        ("resins", "JPN"): 11,  # not given: equal parts
        ("resins", "DEU"): 11,
    }
    assert supply == {key: pytest.approx(value, rel=1e-3) for key, value in expected.items()}
    rows = load(imported[0]).table("supply").set_index(["segment", "location"])
    assert set(rows["status"]) == {"assumed"}  # for the level is
    assert rows.loc[("wire_bonders", "DEU"), "low"] == 0
    assert rows.loc[("resins", "JPN"), "source"] == "template"
    assert (
        "Share 60% (USA, Design, provision.csv row 2, over the sum 1.03 of all)" in rows.loc[("design", "USA"), "note"]
    )


def test_what_the_set_does_not_give_is_listed(imported: tuple[Path, Imported]) -> None:
    told = imported[1]
    assert told.given == {**dict.fromkeys(told.given, 0), "inputs": 4, "supply": 9}
    assert told.lacks[:4] == (
        "demand: all rows from the template (packaging)",
        "inputs: 1 of 5 rows from the template (resins into packaging)",
        "supply: 2 of 11 rows from the template (resins)",
        "response: all rows from the template",
    )
    said = "\n".join(told.said)
    assert "provision.csv row 8 repeats provision.csv row 7" in said
    assert "Bonding tools (N4) stands as its kinds: Die bonders, Wire bonders" in said
    assert "Microscopes (N9) is left out: no country provides it" in said
    assert "inputs.csv row 9: market size 'unknown' is not read" in said
    assert "Design (S1) goes into no other stage in sequence.csv" in said
    assert "USA 100% of eda_software" in said
    assert "CHN 99% of wire_bonders" in said
    page = (imported[0] / "IMPORT.md").read_text("utf-8")
    assert all(line in page for line in (*told.said, *told.lacks))


def test_the_package_is_right_at_once_and_worth_optimising(imported: tuple[Path, Imported]) -> None:
    chain = load(imported[0])
    assert all(_DOUBTED.search(warning.wrong) for warning in chain.warnings)
    assert (chain.home, chain.unit, chain.years) == ("NLD", "USD billion per year", (2019,))
    result = optimize(chain)
    assert 0 < result.optimal.risk < result.observed.risk


@pytest.mark.slow
def test_the_order_of_columns_and_rows_changes_nothing(imported: tuple[Path, Imported], tmp_path: Path) -> None:
    def turned(text: str) -> str:
        header, *rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
        lines = io.StringIO()
        csv.writer(lines).writerows([header[::-1], *[row[::-1] for row in rows[::-1]]])
        return lines.getvalue()

    folder = written(tmp_path / "turned", inputs=turned, providers=turned, provision=turned, sequence=turned)
    import_set("eto", folder, tmp_path / "same", home="NLD")
    for table in ("inputs", "supply", "demand", "subsidies"):
        assert values(tmp_path / "same", table) == values(imported[0], table)


def test_every_problem_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "eto",
        provision=lambda text: text.replace("60%", "0.6").replace("JPN,P5,Resins,N8", "JPN,P5,Resins,N88"),
        providers=lambda text: text.replace("TWN,P2", "Taiwan,P2").replace("organization", "firm"),
        sequence=lambda text: text.replace("Finished chip,N7", "Finished chip,N77"),
        inputs=lambda text: text.replace("tool_resource,,,$5", "tool,,,$5"),
    )
    with pytest.raises(InputError) as caught:
        import_set("eto", folder, tmp_path / "out", home="NLD")
    assert [str(problem) for problem in caught.value.problems] == [
        "inputs.csv:4:type: 'tool' is not known; known: process, tool_resource, material_resource, ultimate_output",
        "providers.csv:3:provider_name: 'Taiwan' is not a country code; write 'TWN', or ROW for the rest of the world",
        "providers.csv:10:provider_type: 'firm' is not known; known: country, organization",
        "provision.csv:2:share_provided: '0.6' is not a share in percent; write it as 61%",
        "provision.csv:13:provided_id: 'N88' is not known; did you mean 'N8'?",
        "sequence.csv:6:goes_into_id: 'N77' is not known; did you mean 'N7'?",
    ]
    assert not (tmp_path / "out").exists()


def test_missing_files_and_columns_are_told_at_once(tmp_path: Path) -> None:
    folder = written(tmp_path / "eto", provision=lambda text: text.replace("share_provided", "share"))
    (folder / "stages.csv").unlink()
    with pytest.raises(InputError) as caught:
        import_set("eto", folder, tmp_path / "out", home="NLD")
    places = [(problem.file, problem.row, problem.column) for problem in caught.value.problems]
    assert places == [("provision.csv", 1, "share_provided"), ("stages.csv", 0, "")]


def test_rows_that_disagree_and_circles_are_problems(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "eto",
        provision=lambda text: text.replace("Intel,P9,Packaging,S2,90%,\nJPN", "Intel,P9,Packaging,S2,80%,\nJPN"),
        sequence=lambda text: text + "Bonding tools,N4,,,Die bonders,N5\n",
    )
    with pytest.raises(InputError) as caught:
        import_set("eto", folder, tmp_path / "out", home="NLD")
    told = "\n".join(map(str, caught.value.problems))
    assert "provision.csv:8:provider_id: P9 and S2 stand otherwise in provision.csv row 7" in told
    assert "is a type of itself in the end" in told


def test_wrong_options_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        import_set("etoo", tmp_path, tmp_path / "out", home="Holland")
    assert [problem.file for problem in caught.value.problems] == ["data set", "option --home"]


@pytest.mark.slow
@pytest.mark.skipif(REAL is None, reason="the real set is not beside the project")
@pytest.mark.parametrize("home", ["NLD", "CHN", "DNK"])
def test_the_real_set_is_right_at_once_for_any_home(tmp_path: Path, home: str) -> None:
    assert REAL is not None
    import_set("eto", REAL, tmp_path / "real", home=home)
    chain = load(tmp_path / "real")
    assert all(_DOUBTED.search(warning.wrong) for warning in chain.warnings)
    supply = chain.table("supply")
    parts = supply.assign(part=supply["value"] / supply.groupby("segment")["value"].transform("sum"))
    part = parts.set_index(["segment", "location"])["part"]
    assert part["euv_scanners", "NLD"] == 1
    assert part["arf_scanners", "NLD"] == pytest.approx(0.57, abs=1e-3)
    assert part["integrated_assembly_tools", "CHN"] == pytest.approx(0.98, abs=1e-3)
    assert part["handlers_and_probes", "MYS"] == pytest.approx(7 / 102, abs=1e-3)  # 43+23+14+9+7+2+1+2+1
    result = optimize(chain)
    assert 0 < result.optimal.risk < result.observed.risk
