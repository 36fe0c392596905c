"""What a table of a package is declared with: its columns, their parameters, what its cells hold."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["STATUSES", "Column", "Kind", "Parameter", "Table", "evidence", "parameter"]

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
    money: bool = False  # its numbers are money, unless the table has parameters, which then say so themselves


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
    money: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its columns, which of them are its key, and whether a package may leave it out.

    `parameters`, where its column `parameter` says what `value` is. `feeds`: the program needs its values. `choice`:
    they say what its author wants, as a budget does; no source could print them, so they are no evidence. `guide` says
    in plain words what its rows do, and `example` shows some (documentation).
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: bool = False
    evidence: bool = True
    feeds: bool = True
    choice: bool = False
    parameters: tuple[Parameter, ...] = ()
    guide: str = ""
    example: tuple[str, ...] = ()
    applied: str = ""  # what its rows have become once a package is read: a what-if changes that

    @property
    def file(self) -> str:
        """Name of the table's file in a package folder."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in the order in which they are written."""
        return tuple(column.name for column in self.columns)

    @property
    def segment_columns(self) -> tuple[str, ...]:
        """Names of the columns that name a segment."""
        return tuple(name for name in self.column_names if name in _NAMES_SEGMENT)

    @property
    def money(self) -> tuple[str, ...]:
        """Names of the columns of money."""
        return tuple(column.name for column in self.columns if column.money)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the parameters of which whatever the table speaks of needs a row."""
        return tuple(parameter.name for parameter in self.parameters if parameter.required)


_NAMES_SEGMENT = ("segment", "input", "user")


def evidence(
    meaning: str, minimum: float | None = 0.0, maximum: float | None = None, *, money: bool = False
) -> tuple[Column, ...]:
    """The columns that every measured number has: the value, its range and where it comes from."""

    def number(name: str, what: str, *, blank: bool) -> Column:
        return Column(name, Kind.NUMBER, what, blank=blank, minimum=minimum, maximum=maximum, money=money)

    return (
        number("value", meaning, blank=False),
        number("low", "lowest credible value", blank=True),
        number("high", "highest credible value", blank=True),
        Column("status", Kind.KEY, "reported, derived from reported numbers, or assumed", choices=STATUSES),
        Column("source", Kind.KEY, "key of sources.csv"),
        Column("note", Kind.TEXT, "how it was derived, or why it was assumed", blank=True),
    )


def parameter(*declared: Parameter) -> Column:
    """The column that says which parameter a row gives."""
    meaning = "; ".join(f"`{own.name}`: {own.meaning}" for own in declared)
    return Column("parameter", Kind.KEY, meaning, choices=tuple(own.name for own in declared))
