"""The declaration of every table of a chain package.

This one declaration drives reading and checking (`chains.tables.checking`), the descriptor `datapackage.json`
(`chains.tables.descriptor`) and the documentation of the format. The meaning of each table is fixed in the model
description (docs/model.md, section 1).
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["EVIDENCE", "LINK_TABLES", "STATUSES", "TABLES", "TIERS", "Column", "Kind", "Table"]

TIERS = ("upstream", "midstream", "downstream")
STATUSES = ("reported", "derived", "assumed")


class Kind(StrEnum):
    """What a cell of a column holds."""

    KEY = "key"  # an identifier: no blanks around it, never empty unless `blank` says so
    TEXT = "text"  # free text
    NUMBER = "number"
    COUNTRY = "country"  # ISO 3166 alpha-3, or ROW for the rest of the world
    OWNER = "owner"  # a country, or HYB for a hybrid firm


@dataclass(frozen=True)
class Column:
    """A column: its name, what its cells hold, and which values are right."""

    name: str
    kind: Kind
    meaning: str
    blank: bool = False  # its cells may be empty
    absent: bool = False  # the whole column may be left out
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Table:
    """A table: its columns, which of them are its key, and whether a package may leave it out."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: bool = False
    evidence: bool = True

    @property
    def file(self) -> str:
        """Name of the table's file in a package folder."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in the order in which they are written."""
        return tuple(column.name for column in self.columns)


def evidence(meaning: str, minimum: float | None = 0.0, maximum: float | None = None) -> tuple[Column, ...]:
    """The columns that every measured number has: the value, its range and where it comes from."""
    return (
        Column("value", Kind.NUMBER, meaning, minimum=minimum, maximum=maximum),
        Column("low", Kind.NUMBER, "lowest credible value", blank=True, minimum=minimum, maximum=maximum),
        Column("high", Kind.NUMBER, "highest credible value", blank=True, minimum=minimum, maximum=maximum),
        Column("status", Kind.KEY, "reported, derived from reported numbers, or assumed", choices=STATUSES),
        Column("source", Kind.KEY, "key of sources.csv"),
        Column("note", Kind.TEXT, "how it was derived, or why it was assumed", blank=True),
    )


EVIDENCE = tuple(column.name for column in evidence(""))
"""Names of the evidence columns."""

_SEGMENT = Column("segment", Kind.KEY, "segment of the chain")
_ANY_SEGMENT = Column("segment", Kind.KEY, "segment of the chain; blank for any", blank=True)
_LOCATION = Column("location", Kind.COUNTRY, "country where the supply is made")
_ANY_LOCATION = Column("location", Kind.COUNTRY, "country where the supply is made; blank for any", blank=True)
_TIER = Column("tier", Kind.KEY, "technological tier", choices=TIERS)
_CHAIN = Column("chain", Kind.KEY, "supply chain")
_SCENARIO = Column("scenario", Kind.KEY, "disruption scenario; `calm` is implicit")
_INSTRUMENT = Column("instrument", Kind.KEY, "policy instrument, such as grants")

_DECLARED = (
    Table(
        "segments",
        "the segments of the chain and their tiers",
        (_SEGMENT, _CHAIN, _TIER, Column("name", Kind.TEXT, "name for people")),
        key=("segment",),
        evidence=False,
    ),
    Table(
        "demand",
        "final demand d_k, summed over uses; 0 where not listed",
        (
            _SEGMENT,
            Column("use", Kind.KEY, "industry that buys", blank=True),
            *evidence("final demand, money per year"),
        ),
        key=("segment", "use"),
    ),
    Table(
        "inputs",
        "input coefficients a_ku",
        (
            Column("input", Kind.KEY, "segment that supplies"),
            Column("user", Kind.KEY, "segment that uses"),
            Column(
                "replaces",
                Kind.KEY,
                "in a link package: the use of final demand that the row makes explicit",
                blank=True,
                absent=True,
            ),
            *evidence("value of input per unit value of home output of the user"),
        ),
        key=("input", "user", "replaces"),
    ),
    Table(
        "supply",
        "supply available in the base year, by location and owner",
        (
            _SEGMENT,
            _LOCATION,
            Column("owner", Kind.OWNER, "country of the firms that own the supply; HYB for hybrids"),
            *evidence("supply available, money per year"),
        ),
        key=("segment", "location", "owner"),
    ),
    Table(
        "surge",
        "how far uncut foreign supply can expand in a disruption; the largest matching value counts",
        (_ANY_SEGMENT, _ANY_LOCATION, *evidence("fraction of the supply")),
        key=("segment", "location"),
        optional=True,
    ),
    Table(
        "response",
        "response of home supply to effective funds",
        (
            _SEGMENT,
            Column("parameter", Kind.KEY, "slope r_k or ceiling G_k", choices=("slope", "ceiling")),
            *evidence("slope: supply per unit of funds at the first unit; ceiling: money per year"),
        ),
        key=("segment", "parameter"),
    ),
    Table(
        "subsidies",
        "the observed allocation; the greatest period in string order is the latest",
        (
            _SEGMENT,
            _INSTRUMENT,
            Column("period", Kind.KEY, "period in which the money was given"),
            *evidence("money given"),
        ),
        key=("segment", "instrument", "period"),
    ),
    Table(
        "instruments",
        "effective funds per unit of budget; 1 where not listed",
        (
            _INSTRUMENT,
            Column("parameter", Kind.KEY, "parameter", choices=("effectiveness",)),
            *evidence("effective funds per unit of budget"),
        ),
        key=("instrument", "parameter"),
        optional=True,
    ),
    Table(
        "disruptions",
        "cuts of supply by scenario; the largest matching value counts",
        (
            _SCENARIO,
            _ANY_SEGMENT,
            _ANY_LOCATION,
            Column("owner", Kind.OWNER, "owner of the supply; blank for any", blank=True),
            *evidence("fraction of matching supply that is cut", maximum=1.0),
        ),
        key=("scenario", "segment", "location", "owner"),
    ),
    Table(
        "probabilities",
        "probability of each disruption scenario; what is missing to 1 is calm",
        (_SCENARIO, *evidence("probability in a year", maximum=1.0)),
        key=("scenario",),
    ),
    Table(
        "loss_weights",
        "loss w_k per unit of unmet final demand; 1 where not listed",
        (_SEGMENT, *evidence("loss per unit of unmet final demand")),
        key=("segment",),
        optional=True,
    ),
    Table(
        "tiers",
        "published tier indicators",
        (
            _CHAIN,
            _TIER,
            Column("period", Kind.KEY, "period of the indicator"),
            Column("indicator", Kind.KEY, "name of the indicator"),
            *evidence("the indicator; ratios to sales as fractions", minimum=None),
        ),
        key=("chain", "tier", "period", "indicator"),
        optional=True,
    ),
    Table(
        "firms",
        "a user's own firm panel",
        (
            Column("firm", Kind.KEY, "firm"),
            Column("year", Kind.KEY, "year of the accounts"),
            _CHAIN,
            _TIER,
            Column("sales", Kind.NUMBER, "sales, money per year", minimum=0.0),
            Column("rd", Kind.NUMBER, "R&D expenditure, money per year", blank=True, minimum=0.0),
            Column("subsidies", Kind.NUMBER, "subsidies received, money per year", blank=True, minimum=0.0),
            Column("profit", Kind.NUMBER, "profit, money per year", blank=True),
        ),
        key=("firm", "year"),
        optional=True,
        evidence=False,
    ),
    Table(
        "sources",
        "the documents that the numbers come from",
        (
            Column("source", Kind.KEY, "key that the other tables use"),
            Column("citation", Kind.TEXT, "author, title, publisher, year"),
            Column("locator", Kind.TEXT, "page, table or section", blank=True),
            Column("url", Kind.TEXT, "address", blank=True),
        ),
        key=("source",),
        evidence=False,
    ),
)

TABLES = {table.name: table for table in _DECLARED}
"""Every table of a package by name, in the order in which people read them."""

LINK_TABLES = frozenset({"inputs", "sources"})
"""The tables of a link package; a folder with any other table is a full package."""
