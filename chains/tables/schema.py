"""The declaration of every table of a chain package.

This one declaration drives reading and checking (`chains.tables.checking`), the descriptor `datapackage.json`
(`chains.tables.descriptor`) and the documentation of the format. The meaning of each table is fixed in the model
description (docs/model.md, section 1).
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["EVIDENCE", "LINK_TABLES", "STATUSES", "TABLES", "TIERS", "Column", "Kind", "Parameter", "Table"]

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
class Parameter:
    """What `value` is in the rows of a parameter, and which values are right; `default` holds where no row gives it.

    `required`: whatever the table speaks of needs a row of this parameter. `above`: values must exceed the minimum.
    """

    name: str
    meaning: str
    minimum: float = 0.0
    maximum: float | None = None
    default: str = ""
    required: bool = False
    above: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its columns, which of them are its key, and whether a package may leave it out.

    `parameters`, where its column `parameter` says what `value` is. `feeds`: the program needs its values.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: bool = False
    evidence: bool = True
    feeds: bool = True
    parameters: tuple[Parameter, ...] = ()

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


def parameter(*declared: Parameter) -> Column:
    """The column that says which parameter a row gives."""
    meaning = "; ".join(f"`{own.name}`: {own.meaning}" for own in declared)
    return Column("parameter", Kind.KEY, meaning, choices=tuple(own.name for own in declared))


_RESPONSE = (
    Parameter("slope", "r_k, supply added per unit of effective funds at the first unit", required=True),
    Parameter("ceiling", "G_k, the most that can be added, money per year", required=True),
    Parameter("lag", "whole years until funds add supply, in a plan over years", default="0", whole=True),
    Parameter("life", "years that added supply lasts, in a plan over years", default="for ever", above=True),
)
_INSTRUMENTS = (
    Parameter("effectiveness", "effective funds per unit of budget", default="raised x additional x survival"),
    Parameter("raised", "share of the planned money that came", maximum=1.0, default="1"),
    Parameter("additional", "1 less what the money crowds out", maximum=1.0, default="1"),
    Parameter("survival", "1 less failure and waste", maximum=1.0, default="1"),
    Parameter("lag", "whole years added to the segment's, in a plan over years", default="0", whole=True),
)
_DURATIONS = (
    Parameter("outage", "months that the cuts last", maximum=12.0, default="12", above=True),
    Parameter("recovery", "months over which supply then comes back linearly", default="0"),
)
_CRITICALITY = (
    Parameter("dispensable", "share of the input that can be done without in a disruption", maximum=1.0, default="0"),
    Parameter("penalty", "loss per unit of input done without", default="0"),
)
_STOCKS = (
    Parameter("held", "stock in the base year, money at base-year prices", default="0"),
    Parameter("limit", "the most that can be held, money at base-year prices", default="held"),
    Parameter("price", "money per unit bought", default="1"),
    Parameter("holding", "yearly cost per unit held beyond `held`", default="0"),
)
_SUPPLIERS = (
    Parameter("limit", "the most that can be contracted, money per year", required=True),
    Parameter("cost", "money per year and unit contracted", required=True),
)
_PROCUREMENT = (
    Parameter("limit", "purchases that preference can turn to home supply, money per year", required=True),
    Parameter("premium", "cost per unit turned", required=True),
    Parameter("response", "home capacity added per unit turned", required=True),
)

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
        "how far uncut supply can expand in a disruption; the largest matching value counts; a blank location means "
        "any foreign one, a row that names the home country lets home supply expand",
        (_ANY_SEGMENT, _ANY_LOCATION, *evidence("fraction of the supply")),
        key=("segment", "location"),
        optional=True,
    ),
    Table(
        "response",
        "response of home supply to effective funds",
        (
            _SEGMENT,
            parameter(*_RESPONSE),
            *evidence("the parameter"),
        ),
        key=("segment", "parameter"),
        parameters=_RESPONSE,
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
        "how well instruments work, for one tier or all; the row that names the tier counts",
        (
            _INSTRUMENT,
            Column("tier", Kind.KEY, "technological tier; blank for any", blank=True, absent=True, choices=TIERS),
            parameter(*_INSTRUMENTS),
            *evidence("the parameter"),
        ),
        key=("instrument", "tier", "parameter"),
        optional=True,
        parameters=_INSTRUMENTS,
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
        "loss w_kn per unit of unmet final demand; 1 where not listed; a row that names the use counts before one that "
        "does not",
        (
            _SEGMENT,
            Column("use", Kind.KEY, "industry that buys; blank for any", blank=True, absent=True),
            *evidence("loss per unit of unmet final demand"),
        ),
        key=("segment", "use"),
        optional=True,
    ),
    Table(
        "durations",
        "how long a disruption lasts; the rest of the year is as calm",
        (_SCENARIO, parameter(*_DURATIONS), *evidence("months")),
        key=("scenario", "parameter"),
        optional=True,
        parameters=_DURATIONS,
    ),
    Table(
        "criticality",
        "inputs that can partly be done without in a disruption; the row with most keys counts, then the one that "
        "names the input",
        (
            Column("input", Kind.KEY, "segment that supplies; blank for any", blank=True),
            Column("user", Kind.KEY, "segment that uses; blank for any", blank=True),
            parameter(*_CRITICALITY),
            *evidence("the parameter"),
        ),
        key=("input", "user", "parameter"),
        optional=True,
        parameters=_CRITICALITY,
    ),
    Table(
        "stocks",
        "segments that can be stored: what is held, what more can be and at which cost",
        (_SEGMENT, parameter(*_STOCKS), *evidence("the parameter")),
        key=("segment", "parameter"),
        optional=True,
        parameters=_STOCKS,
    ),
    Table(
        "suppliers",
        "further foreign supply that can be contracted, never in the home country",
        (_SEGMENT, _LOCATION, parameter(*_SUPPLIERS), *evidence("the parameter")),
        key=("segment", "location", "parameter"),
        optional=True,
        parameters=_SUPPLIERS,
    ),
    Table(
        "procurement",
        "public purchases that preference can turn to home supply",
        (_SEGMENT, parameter(*_PROCUREMENT), *evidence("the parameter")),
        key=("segment", "parameter"),
        optional=True,
        parameters=_PROCUREMENT,
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
        feeds=False,
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
