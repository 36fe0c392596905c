"""The package that `tierwise new` writes is right at once, for any country and any number of segments."""

from pathlib import Path

import pytest

from chains import InputError, load
from chains.tables.schema import TIERS
from chains.writing import new_package
from optimize import optimize


@pytest.mark.parametrize("segments", [3, 4, 8, 60])
@pytest.mark.parametrize("ending", ["", ".zip", ".xlsx"])
def test_a_new_package_balances_and_is_worth_optimising(tmp_path: Path, segments: int, ending: str) -> None:
    target = tmp_path / f"wind{ending}"
    new_package(target, home="DNK", segments=segments, year=2024)
    chain = load(target)
    guesses, *more = chain.warnings
    assert "numbers is assumed" in guesses.wrong
    assert [warning.wrong[:38] for warning in more] == ["a unit of money carries over 50 of fin"] * (segments == 60)
    assert len(chain.table("segments")) == segments
    assert set(chain.table("segments")["tier"]) == set(TIERS)
    assert (chain.home, chain.currency, chain.unit, chain.years) == ("DNK", "DKK", "DKK billion per year", (2024,))
    result = optimize(chain)
    assert 0 < result.optimal.risk < result.observed.risk


def test_every_number_is_assumed_and_says_how_to_find_it(tmp_path: Path) -> None:
    new_package(tmp_path / "wind", home="JPN", segments=6, year=2024)
    chain = load(tmp_path / "wind")
    for table in ("demand", "inputs", "supply", "response", "subsidies", "disruptions", "probabilities", "durations"):
        rows = chain.table(table)
        assert set(rows["status"]) == {"assumed"}, table
        assert (rows["note"].str.len() > 20).all(), table
        assert (rows["low"] < rows["high"]).all(), table


def test_partners_are_never_the_home_country(tmp_path: Path) -> None:
    for home, currency in (("CHN", ""), ("DEU", "EUR"), ("USA", "")):
        new_package(tmp_path / home, home=home, segments=3, year=2024, currency=currency)
        supply = load(tmp_path / home).table("supply")
        assert supply.groupby("segment")["location"].nunique().eq(3).all()


def test_every_wrong_option_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        new_package(tmp_path / "x", home="Denmark", segments=2, year=2024, currency="KRONE", scale="bn")
    told = "\n".join(map(str, caught.value.problems))
    assert "option --home: 'Denmark' is not an ISO 3166 alpha-3 country code; write 'DNK'" in told
    assert "option --segments: 2 segments cannot be laid out; write 3 (one a tier) to 60" in told
    assert "option --scale: 'bn' is not known; one of one, thousand, ten thousand, million" in told
    assert "option --currency: 'KRONE' is not an ISO 4217 currency code" in told
    assert not (tmp_path / "x").exists()


def test_a_country_that_shares_its_currency_is_asked_for_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"option --currency: DEU has no currency of its own"):
        new_package(tmp_path / "x", home="DEU", segments=3, year=2024)
