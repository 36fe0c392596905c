"""What the numbers of everything that money can buy by the unit have in common."""

from dataclasses import dataclass

from chains.numbers.chain_numbers import Part
from chains.numbers.quantities import Array, Enters, Positions, Unit, declared, label, quantity

__all__ = ["Bought"]


@declared
@dataclass(frozen=True)
class Bought(Part):
    """Members m of segment[m], of which money buys at most most[m], in money of the package, at unit_cost[m] a unit."""

    segment: Positions = label("member")
    most: Array = quantity("member", unit=Unit.MONEY, enters=Enters.STAGE)
    unit_cost: Array = quantity("member", unit=Unit.RATIO, enters=Enters.STAGE)
