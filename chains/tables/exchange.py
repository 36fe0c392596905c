"""Packages in different money as one: every amount of a package times the rate that `conversions.csv` states.

Nothing is converted without a row that says so, not even thousands to millions; a rate between scales of one currency
must be what they are. Factors are exact fractions, and each amount is rounded twice at most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from chains.tables.checking import LARGEST
from chains.tables.money import Money, money_of
from chains.tables.package import Package
from chains.tables.problems import Problem
from chains.tables.schema import TABLES, Table

__all__ = ["in_one_money"]

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class _Rate:
    """A row of `conversions.csv`: one of `money` is so much of `into`."""

    money: Money
    into: Money
    year: str
    rate: Fraction
    place: Problem

    def units(self, currency: str) -> Fraction:
        """What one unit of `currency`, one of the two, is in units of the other."""
        if self.money.currency == self.into.currency:
            return Fraction(1)
        each = self.rate * self.into.size / self.money.size
        return each if currency == self.money.currency else 1 / each


def in_one_money(packages: Sequence[Package]) -> tuple[list[Package], list[Problem], list[Problem]]:
    """The packages with all amounts in the money of the first that has any; what is wrong; and what was converted.

    A package whose money differs and has no rate is an error that gives the row to write.
    """
    first = next((package for package in packages if package.meta is not None), None)
    rates = [rate for package in packages for rate in _rates(package)]
    converted, problems, said = list[Package](), list[Problem](), list[Problem]()
    for package in packages:
        converted.append(package)
        if first is None or first.meta is None or package.meta is None or package.meta.money == first.meta.money:
            continue
        ours, theirs = first.meta.money, package.meta.money
        rate, wrong = _rate_for(package, theirs, ours, rates, first.name)
        problems += wrong
        if rate is not None:
            factor = rate.units(theirs.currency) * theirs.size / ours.size
            converted[-1] = replace(package, tables=_converted(package.tables, factor))
            said.append(_told(package, theirs, ours, rate, factor))
            problems += _too_large(converted[-1], rate)
    return converted, problems, said


def _rates(package: Package) -> Iterator[_Rate]:
    """The rates that a package states; its own checks have let none pass that names no money."""
    rows = package.tables.get("conversions")
    if rows is None:
        return
    for row, money, into, year, value in rows[["money", "into", "year", "value"]].itertuples():
        one, other = money_of(money), money_of(into)
        assert one is not None, money
        assert other is not None, into
        place = Problem(f"{package.name}/{TABLES['conversions'].file}", int(row), "", "", "")
        yield _Rate(one, other, str(year), Fraction(repr(float(value))), place)


def _rate_for(
    package: Package, theirs: Money, ours: Money, rates: Sequence[_Rate], first: str
) -> tuple[_Rate | None, list[Problem]]:
    """The rate that converts a package: that of its year, else the only one; and what is wrong where there is none."""
    assert package.meta is not None
    year = str(package.meta.year)
    pair = {theirs.currency, ours.currency}
    fit = [rate for rate in rates if {rate.money.currency, rate.into.currency} == pair]
    of_year = [rate for rate in fit if rate.year == year]
    worth = {rate.units(theirs.currency) for rate in of_year or fit}
    if len(worth) == 1:
        return (of_year or fit)[0], []
    file = f"{package.name}/datapackage.json"
    wrong = f"money is {theirs}, but {ours} in {first}"
    if not fit:
        row = f"{theirs},{ours},{year},{_number(theirs, ours)},,,{_status(theirs, ours)},SOURCE,"
        right = f"state the conversion: name a folder with sources.csv and conversions.csv too, with the row {row}"
        return None, [Problem(file, 0, "tierwise.currency", wrong, right)]
    given = ", ".join(f"{rate.place.file}:{rate.place.row} of {rate.year}" for rate in of_year or fit)
    right = f"several rates differ ({given}): keep one, or give that of {year}"
    return None, [Problem(file, 0, "tierwise.currency", wrong, right)]


def _number(theirs: Money, ours: Money) -> str:
    return f"{float(theirs.size / ours.size):.12g}" if theirs.currency == ours.currency else "RATE"


def _status(theirs: Money, ours: Money) -> str:
    return "derived" if theirs.currency == ours.currency else "reported"


def _told(package: Package, theirs: Money, ours: Money, rate: _Rate, factor: Fraction) -> Problem:
    """What was converted, at which rate, and whether the rate is of another year than the package."""
    assert package.meta is not None
    wrong = f"all money of '{package.name}' is converted: 1 {theirs} = {float(factor):.6g} {ours}, rate of {rate.year}"
    right = f"from {rate.place.file}"
    if rate.year != str(package.meta.year):
        right += f"; its figures are of {package.meta.year}, for which no rate is given"
    return replace(rate.place, column="value", wrong=wrong, right=right)


def _too_large(package: Package, rate: _Rate) -> Iterator[Problem]:
    """Tables whose amounts leave the range that cells may have; a rate that is much too large makes them do so."""
    for name, rows in package.tables.items():
        columns = _amounts(TABLES[name])
        if columns and not (rows[columns].abs().fillna(0.0) < LARGEST).all(axis=None):
            wrong = f"at this rate amounts in {package.name}/{TABLES[name].file} are {LARGEST:g} and more"
            yield replace(rate.place, column="value", wrong=wrong, right="correct the rate or the scale of the package")


def _amounts(table: Table) -> list[str]:
    """Columns that have amounts of money, in some rows at least."""
    return ["value", "low", "high"] if any(own.money for own in table.parameters) else list(table.money)


def _converted(tables: Tables, factor: Fraction) -> dict[str, pd.DataFrame]:
    """Tables with every amount of money times the factor."""
    return {name: _scaled(TABLES[name], rows, factor) for name, rows in tables.items()}


def _scaled(table: Table, rows: pd.DataFrame, factor: Fraction) -> pd.DataFrame:
    columns = _amounts(table)
    own = pd.Series(True, index=rows.index)
    if table.parameters:
        own = rows["parameter"].isin([parameter.name for parameter in table.parameters if parameter.money])
    if not columns:
        return rows
    scaled = rows.copy()
    scaled.loc[own, columns] = rows.loc[own, columns] * float(factor.numerator) / float(factor.denominator)
    return scaled
