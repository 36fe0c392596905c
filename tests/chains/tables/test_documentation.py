"""What is generated from the one declaration of tables is up to date."""

import json
from pathlib import Path

import pytest

import data
from chains import load
from chains.tables.descriptor import Meta, describe
from chains.tables.documentation import package_format

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_documented_format_is_the_declared_one() -> None:
    written = (REPOSITORY / "docs" / "packages.md").read_text("utf-8")
    assert written == package_format(), "run: python -m chains.tables.documentation > docs/packages.md"


@pytest.mark.parametrize("package", data.names())
def test_the_descriptor_of_a_shipped_package_describes_every_table(package: str) -> None:
    folder = data.folder(package)
    written = json.loads((folder / "datapackage.json").read_text("utf-8"))
    meta = Meta.model_validate(written["tierwise"]) if "tierwise" in written else None
    headers = {path.stem: path.read_text("utf-8").partition("\n")[0].split(",") for path in folder.glob("*.csv")}
    assert written == describe(package, meta, headers)


@pytest.mark.slow
def test_a_package_can_be_loaded_by_name_or_by_folder() -> None:
    assert load("robots").sha256 == load(data.folder("robots")).sha256
