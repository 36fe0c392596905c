"""The arrays that a program needs, from the tables of a chain."""

from chains.numbers.filling import (
    Array,
    ChainNumbers,
    Positions,
    SupplyRows,
    fill,
    numbers_of,
    summed,
    supply_rows,
    values_of,
)

__all__ = [
    "Array",
    "ChainNumbers",
    "Positions",
    "SupplyRows",
    "fill",
    "numbers_of",
    "summed",
    "supply_rows",
    "values_of",
]
