"""The arrays that a program needs, from the tables of a chain."""

from chains.numbers.chain_numbers import (
    ChainNumbers,
    Part,
    entering,
    in_units,
    key_of,
    merge_alike,
    of_scenarios,
    parameters,
    sharing,
    side_by_side,
    unlike,
    with_parameters,
)
from chains.numbers.filling import SupplyRows, fill, numbers_of, supply_rows, values_of
from chains.numbers.quantities import Array, Enters, Positions, Quantity, Unit
from chains.numbers.sums import summed

__all__ = [
    "Array",
    "ChainNumbers",
    "Enters",
    "Part",
    "Positions",
    "Quantity",
    "SupplyRows",
    "Unit",
    "entering",
    "fill",
    "in_units",
    "key_of",
    "merge_alike",
    "numbers_of",
    "of_scenarios",
    "parameters",
    "sharing",
    "side_by_side",
    "summed",
    "supply_rows",
    "unlike",
    "values_of",
    "with_parameters",
]
