"""How a value shows itself: in a few lines, as a table in a notebook, as a chart, as a data frame.

A chain and the answer to a question hold numbers. How these are told, in what words and in which chart, is known to the
room above that tells them; that room says so once (`present_with`), and values ask whoever has. `tierwise` and
`scenarios` do it as soon as one of their names is used. It is as with pandas, whose frames have `.plot` and leave
drawing to a library that is named to them.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Protocol

import pandas as pd

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Presenter", "Shown", "present_with"]


class Presenter(Protocol):
    """Tells values. A `name` of "" is the first of the charts or tables that a value has."""

    def text(self, value: object) -> str:
        """What it is and its main numbers with their units, in one to five lines."""

    def html(self, value: object) -> str:
        """The same, and a small table."""

    def figure(self, value: object, name: str) -> "Figure":
        """A chart of it. InputError where it has none of that name."""

    def frame(self, value: object, name: str) -> pd.DataFrame:
        """A table of it, with units in `attrs`. InputError where it has none of that name."""


_found: list[Callable[[], Presenter]] = []
"""Who presents values: none, or one that is looked for when a value is first shown."""


def present_with(find: Callable[[], Presenter]) -> None:
    """From now on the presenter that is found tells every value."""
    _found[:] = [find]


class Shown:
    """A value that shows itself. Its class is a dataclass with `repr=False`."""

    def __repr__(self) -> str:
        return _found[0]().text(self) if _found else _plainly(self)

    def _repr_html_(self) -> str | None:
        """What a notebook shows; None, and so the text, where nobody presents values."""
        return _found[0]().html(self) if _found else None

    def plot(self, chart: str = "") -> "Figure":
        """A chart of this as in a report, a plotly figure.

        `chart` says which, where there are several: the error for a wrong name lists them. A chart that has the
        least-risk answer beside this one solves for that.
        """
        return _presenter().figure(self, chart)

    def to_frame(self, table: str = "") -> pd.DataFrame:
        """The numbers of this as a pandas DataFrame; `attrs["units"]` has the unit of each column of numbers.

        `table` says which, where there are several: the error for a wrong name lists them.
        """
        return _presenter().frame(self, table)


def _presenter() -> Presenter:
    if not _found:
        raise RuntimeError(
            "nobody draws charts and makes tables of answers here: ask by tierwise (import tierwise as tw; tw.load, "
            "tw.optimize), or call scenarios.present()"
        )
    return _found[0]()


def _plainly(value: Shown) -> str:
    """The class and those of its fields that are one number or word each."""
    own = ((field.name, getattr(value, field.name)) for field in fields(value))  # type: ignore[arg-type]  # a dataclass
    told = (f"{name}={own!r}" for name, own in own if isinstance(own, str | float | int))
    return f"{type(value).__name__}({', '.join(told)})"
