"""Packages written from a script: everything by `import tierwise as tw`, places as texts."""

from pathlib import Path

import pytest

import tierwise as tw
from tests.chains.importing.test_baci import GOODS, written


def test_a_package_is_started_converted_and_imported(tmp_path: Path) -> None:
    meta = tw.new_package(f"{tmp_path}/wind", home="DNK", segments=3, year=2024)
    assert meta.currency == "DKK"
    assert "supply.csv" in tw.convert(f"{tmp_path}/wind", f"{tmp_path}/wind.zip")
    assert tw.load(f"{tmp_path}/wind.zip").home == "DNK"
    (tmp_path / "goods.csv").write_text(GOODS, "utf-8")
    source = str(written(tmp_path / "baci"))
    found = tw.import_set("baci", source, f"{tmp_path}/nld", home="NLD", products=f"{tmp_path}/goods.csv")
    assert isinstance(found, tw.Imported)
    assert found.rows["segments"] == len(tw.load(f"{tmp_path}/nld").table("segments")) == 2
    with pytest.raises(tw.InputError, match="is there already"):
        tw.import_set("baci", source, f"{tmp_path}/nld", home="NLD")
