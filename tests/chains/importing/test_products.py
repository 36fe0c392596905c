"""The table of goods that ships: its codes by revision of the Harmonized System."""

import pytest

from chains import InputError
from chains.importing.products import SHIPPED, read_products

REVISIONS = (1992, 1996, 2002, 2007, 2012, 2017, 2022)


def test_handling_robots_are_apart_from_2022_on() -> None:
    before, after = (read_products("robots", [year]) for year in (2017, 2022))
    assert "842870" not in before.codes
    assert [code for code in after.codes if after.segment(code) == "industrial_robots"] == ["847950", "842870"]


def test_semiconductor_equipment_and_circuits_have_headings_of_their_own_from_2007_on() -> None:
    codes = {year: set(read_products("chips", [year]).codes) for year in REVISIONS}
    assert {year for year in REVISIONS if {"848620", "854231"} <= codes[year]} == {2007, 2012, 2017, 2022}
    assert all({"381800", "370790"} <= codes[year] for year in REVISIONS)


def test_every_row_is_a_code_of_its_heading_in_known_revisions() -> None:
    products = read_products("")
    lines = SHIPPED.read_text("utf-8").splitlines()
    assert len(products.codes) == len(lines) - 1
    for row in read_products("").codes.values():
        assert row["code"].isdigit()
        assert len(row["code"]) == 6


def test_a_word_that_is_neither_file_nor_chain_is_told() -> None:
    with pytest.raises(InputError, match=r"option --products: 'wind' is neither a file nor a known chain"):
        read_products("wind")
