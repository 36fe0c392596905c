"""Which numbers are right in a cell: the range of its column, or that of the parameter which its row gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from chains.tables.declaring import Column, Parameter, Table

__all__ = ["Range", "ranges"]

_Array = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Range:
    """The numbers that are right for what `meaning` names; an end that is None is open."""

    meaning: str
    minimum: float | None
    maximum: float | None
    above: bool = False
    whole: bool = False

    @classmethod
    def of(cls, declared: Column | Parameter) -> "Range":
        """The range of a declared column or parameter."""
        if isinstance(declared, Parameter):
            meaning = f"{declared.name} ({declared.meaning})"
            return cls(meaning, declared.minimum, declared.maximum, declared.above, declared.whole)
        return cls(f"the {declared.meaning}", declared.minimum, declared.maximum)

    @property
    def words(self) -> str:
        """What is right, such as `above 0 and at most 12`; empty where every number is."""
        said = ["a whole number"] if self.whole else []
        if self.minimum is not None:
            said.append(f"{'above' if self.above else 'at least'} {self.minimum:g}")
        if self.maximum is not None:
            said.append(f"at most {self.maximum:g}")
        return " and ".join(said)

    def holds(self, values: _Array) -> _Mask:
        """Whether each value is right; a missing one (NaN) is not wrong."""
        wrong = np.zeros(values.shape, dtype=bool)
        if self.minimum is not None:
            wrong |= values <= self.minimum if self.above else values < self.minimum
        if self.maximum is not None:
            wrong |= values > self.maximum
        if self.whole:
            wrong |= np.isfinite(values) & (values != np.round(values))
        return np.asarray(~wrong)

    def kept(self, ends: _Array) -> _Array:
        """Columns low and high with what leaves the range put at its nearest right number."""
        least = self.minimum
        if least is not None and self.above:
            least = float(np.nextafter(least, np.inf))
        if self.whole:
            ends = np.stack([np.floor(ends[:, 0]), np.ceil(ends[:, 1])], axis=1)
        return ends if least is None and self.maximum is None else np.clip(ends, least, self.maximum)


def ranges(
    table: Table, column: Column, rows: pd.DataFrame | Mapping[str, np.ndarray]
) -> Iterator[tuple[_Mask, Range]]:
    """The ranges of the numbers in a column, each with the rows that it holds for; together they are all rows."""
    rest = np.ones(len(rows[column.name]), dtype=bool)
    given = np.asarray(rows["parameter"], dtype=object) if table.parameters else rest
    for parameter in table.parameters:
        own = np.asarray(given == parameter.name, dtype=bool)
        rest &= ~own
        yield own, Range.of(parameter)
    yield rest, Range.of(column)
