"""Indicators of trade dependence, on flows small enough to work by hand."""

from pathlib import Path

import pytest

from chains import load
from chains.importing import import_set
from chains.importing.dependency import EU, Ledger, dependencies
from chains.importing.observations import Dependency
from chains.importing.products import Products, read_products
from chains.indicators import indicators
from tests.chains.importing.test_baci import GOODS, written

GERMAN = """2022,156,276,848340,3000,1
2022,842,276,848340,1000,1
2022,276,528,848340,2000,1
2022,528,276,848340,1500,1
2022,276,842,848340,500,1
"""
"""Gears, thousand USD, beside the rows of the small release: what Germany trades."""


@pytest.fixture
def goods(tmp_path: Path) -> Products:
    (tmp_path / "goods.csv").write_text(GOODS, "utf-8")
    return read_products(str(tmp_path / "goods.csv"))


def found(rows: tuple[Dependency, ...], good: str, area: str) -> Dependency:
    (row,) = [row for row in rows if (row.good, row.area) == (good, area)]
    return row


def test_the_core_indicators_of_the_union(goods: Products) -> None:
    ledger = Ledger(eu=True, world=True)
    for importer, exporter, amount in (
        *(("DEU", "CHN", 6.0), ("NLD", "CHN", 2.0), ("NLD", "JPN", 2.0)),  # from outside: 8 and 2
        *(("DEU", "NLD", 3.0), ("FRA", "DEU", 1.0)),  # among members: 4
        *(("USA", "DEU", 3.0), ("USA", "CHN", 10.0)),  # exports of members: 4 + 3; of no member: 10 more
    ):
        ledger.enter("847950", importer, exporter, amount)
    rows = dependencies(ledger, goods, "DEU")
    union = found(rows, "847950", EU)
    assert (union.imports, union.exports) == (10.0, 7.0)
    assert (union.largest, union.largest_share) == ("CHN", pytest.approx(0.8))
    assert union.hhi == pytest.approx(0.8**2 + 0.2**2)  # CDI 1: 0.68
    assert union.outside_share == pytest.approx(10 / 14)  # CDI 2
    assert union.to_exports == pytest.approx(10 / 7)  # CDI 3
    assert union.dependent is True
    country = found(rows, "847950", "DEU")
    assert (country.imports, country.exports) == (9.0, 4.0)
    assert country.hhi == pytest.approx((6 / 9) ** 2 + (3 / 9) ** 2)
    assert country.outside_share == pytest.approx(6 / 9)
    assert country.to_exports == pytest.approx(9 / 4)
    # exports of the world: China 18, Japan 2, the Netherlands 3, Germany 4, of 27
    assert country.world_hhi == pytest.approx((18**2 + 2**2 + 3**2 + 4**2) / 27**2)
    assert country.dependent is True


@pytest.mark.parametrize(
    ("changed", "passed"),
    [
        ((), True),
        ((("DEU", "USA", 8.0), ("DEU", "KOR", 4.0)), False),  # 8, 2, 8, 4 of 22: CDI 1 is 0.306
        ((("DEU", "FRA", 7.0),), False),  # 10 of 21 from outside
        ((("USA", "FRA", 3.0),), False),  # 10 over exports of 10: not over 1
    ],
)
def test_each_of_the_three_thresholds_counts(
    goods: Products, changed: tuple[tuple[str, str, float], ...], passed: bool
) -> None:
    ledger = Ledger(eu=True, world=True)
    base = (("DEU", "CHN", 8.0), ("NLD", "JPN", 2.0), ("FRA", "DEU", 4.0), ("USA", "DEU", 3.0))
    for importer, exporter, amount in (*base, *changed):
        ledger.enter("847950", importer, exporter, amount)
    assert found(dependencies(ledger, goods, "DEU"), "847950", EU).dependent is passed


def test_goods_of_a_segment_are_added_and_what_cannot_be_known_is_not_said(goods: Products) -> None:
    ledger = Ledger(eu=False, world=False)
    ledger.bought("847950", "NOR", "CHN", 3.0)
    ledger.bought("842870", "NOR", "JPN", 1.0)
    ledger.bought("842870", "NOR", "NOR", 9.0)  # came back: no trade
    rows = dependencies(ledger, goods, "NOR")
    assert [(row.segment, row.good, row.area) for row in rows] == [
        ("robots", "842870", "NOR"),
        ("robots", "847950", "NOR"),
        ("robots", "", "NOR"),
    ]
    whole = rows[-1]
    assert whole.hhi == pytest.approx(0.75**2 + 0.25**2)
    # Norway is no member; nothing was sold, and of world exports nothing is known
    assert (whole.imports, whole.exports, whole.outside_share, whole.to_exports, whole.world_hhi) == (4, 0, *[None] * 3)
    assert whole.dependent is None
    ledger.sold("842870", "NOR", "DEU", 2.0)
    assert found(dependencies(ledger, goods, "NOR"), "842870", "NOR").dependent is False  # 1 over 2, whatever the rest


def test_a_release_of_baci_gives_them_with_a_page(tmp_path: Path, goods: Products) -> None:
    folder = written(tmp_path / "baci", BACI_HS22_Y2022=lambda text: text + GERMAN)
    told = import_set("baci", folder, tmp_path / "deu.xlsx", home="DEU", products=str(tmp_path / "goods.csv"))
    # The Union's gears, million USD: Germany 3 CHN, 1 USA; the Netherlands 2.5 TWN, 1.5 ROW, 1 NAM; 3.5 among members
    union = found(told.indicators, "848340", EU)
    assert union.imports == pytest.approx(0.009)
    assert union.hhi == pytest.approx((3**2 + 1 + 2.5**2 + 1.5**2 + 1) / 81)
    assert union.outside_share == pytest.approx(9 / 12.5)
    assert union.to_exports == pytest.approx(9 / 4)  # 2 + 1.5 to members, 0.5 to the United States
    assert union.dependent is False
    country = found(told.indicators, "848340", "DEU")
    assert country.hhi == pytest.approx((3**2 + 1 + 1.5**2) / 5.5**2)
    assert country.to_exports == pytest.approx(5.5 / 2.5)
    # the Union buys 1 of handling robots and 105 of others, all in China; it sells none of the first, 6 of these
    rule = "hhi > 0.4, outside_share > 0.5, to_exports > 1"
    assert f"EU27 depends on 2 of 3 goods by all of {rule}: 842870, 847950 (TRADE.md)" in told.said
    assert load(tmp_path / "deu.xlsx").home == "DEU"  # the page is a sheet for people
    import_set("baci", folder, tmp_path / "deu", home="DEU", products=str(tmp_path / "goods.csv"))
    page = (tmp_path / "deu" / "TRADE.md").read_text("utf-8")
    assert "| gears | 848340 | EU27 | 0.009 | 0.004 | CHN | 0.333 | 0.241 | 0.720 | 2.250 |  | no |" in page
    assert "SWD(2021) 352" in page
    shown = indicators(load(tmp_path / "deu")).loc["gears"]
    assert shown["eu_cdi_1"] == pytest.approx(union.hhi, rel=1e-5)
    assert shown["eu_cdi_2"] == pytest.approx(0.72)
    assert shown["eu_cdi_3"] == pytest.approx(2.25)
    assert shown["trade_imports_to_exports"] == pytest.approx(2.2)
    # robots: two goods, added up. The Union buys 1 + 5 + 100 million in China alone, and 6 among members
    assert indicators(load(tmp_path / "deu")).loc["robots", "eu_cdi_2"] == pytest.approx(105.999 / 111.999, rel=1e-5)
