"""The package `ai` against the published figures of 2024 that it rests on, and its link to `chips`."""

import pytest

import data
from tests.independent import CALM, Study, read, rows_of

USD = 7.1217  # RMB, 2024


def total(package: str, table: str, **key: str) -> float:
    rows = rows_of(data.folder(package), table)
    return sum(float(row["value"]) for row in rows if all(row[column] == cell for column, cell in key.items()))


@pytest.mark.parametrize(
    ("segment", "market"),
    [("servers", 22.1 * USD), ("cloud", 20.83), ("models", 5.3), ("applications", 29.6 / 1.2732**6 * USD)],
)
def test_supply_is_the_published_market(segment: str, market: float) -> None:
    assert total("ai", "supply", segment=segment) == pytest.approx(market, rel=1e-6)


def test_accelerators_are_imported_to_63_percent() -> None:
    imported = total("ai", "supply", segment="accelerators", location="TWN")
    assert imported / total("ai", "supply", segment="accelerators") == pytest.approx(0.63, rel=1e-6)


def test_memory_stacks_come_from_samsung_to_114_of_130() -> None:
    korean = total("ai", "supply", segment="hbm", owner="KOR")
    assert korean / total("ai", "supply", segment="hbm") == pytest.approx(11.4 / 13, rel=1e-5)


def test_the_fund_is_the_60_06_billion_and_its_split_is_assumed() -> None:
    assert total("ai", "subsidies") == pytest.approx(60.06, abs=1e-5)
    assert {row["status"] for row in rows_of(data.folder("ai"), "subsidies")} == {"assumed"}


@pytest.mark.slow
def test_the_link_takes_from_chips_what_chips_counted_for_servers() -> None:
    (link,) = rows_of(data.folder("ai-chips"), "inputs")
    linked = read(*(data.folder(name) for name in ("chips", "ai", "ai-chips")))
    bought = float(link["value"]) * linked.home[link["user"], CALM]
    assert bought == pytest.approx(total("chips", "demand", segment="packaging", use="ai_servers"), rel=1e-5)
    assert bought == pytest.approx(6.7 * 6.726 * 27424 / 270000, rel=1e-5)


def test_controls_on_ai_chips_hurt_servers_most_where_accelerators_are_bought_abroad() -> None:
    """By hand: of the accelerators 0.37 at home, 0.05 of 2 x 4.6 of 0.63 and a month of cards in stock are left.

    Servers that cannot be filled are short, less those that cloud firms do without at most: 0.4 x 20.83.
    """
    study = Study(read(data.folder("ai")))
    short = study.least_unmet("ai_chip_controls", "servers", study.none)
    home = total("ai", "supply", segment="servers", location="CHN")
    assert short == pytest.approx((1 - 0.37 - 0.63 * 0.05 / 9.2 - 1 / 12) * home - 0.4 * 20.83, abs=1e-3)
