"""Values as they show themselves in Python: text, a table in a notebook, charts, data frames.

Nothing is told here a second time. The answer to a question is told by the registry: its sentence and tables by
`terminal`, its charts by `report/parts`, its frames by the tables of `documents`. A study's results are told by the
report and the store. `chains/presenting.py` says how values find their way here.
"""

from collections.abc import Mapping
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from chains import Chain, InputError
from chains.tables.problems import nearest
from scenarios.presenting.answers import of_answer, question_of
from scenarios.presenting.chain import of_chain
from scenarios.presenting.sampled import SAMPLED, of_sampled
from scenarios.presenting.studies import of_results
from scenarios.presenting.told import Told
from scenarios.running import Done
from scenarios.storing import StoredStudy, read_results

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["figure", "frame", "html", "text"]

_WIDTH, _LINES = 100, 5
"""Of the text of a value."""
T = TypeVar("T")


def text(value: object) -> str:
    """What a value is and its main numbers with units, in at most five lines: whole sentences, as many as fit."""
    said = f"{type(value).__name__}: {_told(value).sentence}"
    lines = wrap(said, _WIDTH)
    while len(lines) > _LINES and ". " in said:
        said = said.rpartition(". ")[0]
        lines = wrap(f"{said}. (...)", _WIDTH)
    return "\n".join(lines[:_LINES])


def html(value: object) -> str:
    """The same, and the main table."""
    told = _told(value)
    return f"<p><b>{escape(told.sentence)}</b></p>" + ("" if told.table is None else told.table.html())


def figure(value: object, name: str) -> "Figure":
    """A chart of a value. InputError where it has none of that name."""
    return _named(value, "chart", _told(value).charts(), name)


def frame(value: object, name: str) -> pd.DataFrame:
    """A table of a value. InputError where it has none of that name."""
    return _named(value, "table", _told(value).frames(), name)


def _told(value: object) -> Told:
    if isinstance(value, Chain):
        return of_chain(value)
    if isinstance(value, StoredStudy):
        return of_results(value)
    if isinstance(value, Done):
        return of_results(read_results(value.folder), f"{' '.join(value.answers)} Report: {value.report}")
    if isinstance(value, SAMPLED):
        return of_sampled(value)
    return of_answer(question_of(value), value)


def _named(value: object, kind: str, found: Mapping[str, T], name: str) -> T:
    """The one of that name; without a name the first."""
    if found and (not name or name in found):
        return found[name or next(iter(found))]
    what = type(value).__name__
    if not found:
        raise InputError.single(f"{kind} of {what}", f"it has no {kind}", "try .to_frame(), or print it")
    raise InputError.single(f"{kind} of {what}", f"it has no {kind} '{name}'", nearest(name, tuple(found)))
