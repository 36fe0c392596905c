"""What a question is: its arguments, how it is asked, and where each room tells its answer.

The command line starts from here, so nothing is imported before a question is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from chains import Chain
    from scenarios.report.part import Part
    from scenarios.storing import StoredCase

__all__ = ["REQUIRED", "Argument", "InStudy", "Question", "Record"]

REQUIRED: Any = object()
"""The default of an argument that has none."""
Record = dict[str, Any]


@dataclass(frozen=True)
class Argument:
    """An argument, declared once for the command line, for study files and for whoever asks for it in another way.

    `name` is the keyword of what answers; `key` is the name for users, on the command line with dashes unless `flag`
    says otherwise. `otherwise` says what holds where an argument without a default is not given, and `example` is one
    value as it is typed. Types: float, int, str, bool, Path, tuple[str, ...] (typed with commas between), list[str] and
    dict[str, float] (typed again and again). `unit` is what it counts, or its range; the value (of a dict each) is at
    least `least`, more than `above` and at most `most` in a study. `shared` arguments are options of the program, which
    a study gives in [options].
    """

    name: str
    type: Any
    help: str
    default: Any = REQUIRED
    unit: str = ""
    key: str = ""
    flag: str = ""
    otherwise: str = ""
    example: str = ""
    least: float | None = None
    above: float | None = None
    most: float | None = None
    shared: bool = False

    @property
    def known_as(self) -> str:
        """The name for users."""
        return self.key or self.name

    @property
    def typed_as(self) -> str:
        """The option of the command line."""
        return self.flag or f"--{self.known_as.replace('_', '-')}"


@dataclass(frozen=True)
class InStudy:
    """How a study asks a question of its cases.

    The table `table` of the study file holds the arguments `required` and `optional`; `fixed` ones are the same in
    every study. `where` tells of a case's options whether it is asked unnamed, at the points of grids too; without it
    a study names the question in `outputs`.
    """

    table: str = ""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    where: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Question:
    """A question that is asked of a chain.

    `asks` is the function that answers, as `module:function`. `file` is the file in each room that tells the answer
    (default: the name). A question with an `example` is a command. `tables` are its tables of a results folder, and
    `report` the sections of a report that its file in `report/parts` has a function for. `page` explains it.
    """

    name: str
    help: str
    asks: str
    arguments: tuple[Argument, ...] = ()
    example: str = ""
    in_study: InStudy | None = None
    tables: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    file: str = ""
    page: str = ""
    processes: bool = False

    @property
    def file_name(self) -> str:
        """Its module in each room."""
        return self.file or self.name.replace("-", "_")

    @property
    def output(self) -> bool:
        """Whether a study may name it in `outputs`."""
        return self.in_study is not None and self.in_study.where is None

    def ask(self, chain: "Chain", **arguments: Any) -> Any:
        """The answer, as a value of Python."""
        module, _, function = self.asks.partition(":")
        return getattr(import_module(module), function)(chain, **arguments)

    def document(self, chain: "Chain", answer: Any) -> Any:
        """An answer as a JSON document."""
        return self._in("documents").document(chain, answer)

    def answer(self, chain: "Chain", **arguments: Any) -> Any:
        """The answer as a JSON document."""
        return self.document(chain, self.ask(chain, **arguments))

    def view(self, chain: "Chain", answer: Any) -> "RenderableType":
        """An answer as tables on a terminal."""
        view: RenderableType = self._in("terminal").view(chain, answer)
        return view

    def rows(self, table: str, chain: "Chain", document: Record) -> Iterable[Record]:
        """The rows of one of its tables, from a document."""
        rows: Iterable[Record] = self._in("documents").TABLES[table](chain, document)
        return rows

    def units(self, table: str, chain: "Chain") -> dict[str, str]:
        """What the columns of numbers of one of its tables count in."""
        units: Mapping[str, str] = self._in("documents").UNITS[table]
        return {column: unit.format(money=chain.money_unit) for column, unit in units.items()}

    def sentence(self, chain: "Chain", answer: Any) -> str:
        """An answer in a sentence or two."""
        sentence: str = self._in("terminal").sentence(chain, answer)
        return sentence

    def parts(self, section: str, case: "StoredCase") -> "list[Part]":
        """Its parts of a section of a report, from a stored case that has its answer."""
        parts: list[Part] = getattr(self._in("report.parts"), section)(case)
        return parts

    def _in(self, room: str) -> ModuleType:
        return import_module(f"scenarios.{room}.{self.file_name}")
