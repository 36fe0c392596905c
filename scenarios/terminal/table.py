"""A table that never cuts a name or a number: columns that do not fit are left out by name, or go on below.

Rich draws it; what it would do where room is short, halve the content of cells, is decided here before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap

from rich.box import HEAVY_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table as Drawn
from rich.text import Text

__all__ = ["Column", "Table"]

_FRAME = 3
"""Characters of a column beside its content: a space on each side and a line."""
_PROSE = 24
"""Characters below which prose is not squeezed."""
_SECTION: tuple[str, ...] = ()
"""Stands among the rows for a line across."""


@dataclass(frozen=True)
class Column:
    """A column. `number` stands right; `prose` may go on in the next line between two words.

    Of columns that do not fit, those of the highest `less` are left out first, and of these the last.
    """

    heading: str
    number: bool = False
    prose: bool = False
    less: int = 0


@dataclass
class Table:
    """Rows of cells under a title.

    Where its columns do not fit, it leaves some out and says which, the first column and the first of numbers never
    (of numbers, one that is not `less`).
    With `goes_on` it leaves out none: columns of numbers that do not fit stand in a further table below.
    """

    title: str
    columns: Sequence[Column]
    goes_on: bool = False
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add_row(self, *cells: str) -> None:
        """One more row: a cell a column."""
        assert len(cells) == len(self.columns), f"{self.title}: {len(cells)} cells for {len(self.columns)} columns"
        self.rows.append(cells)

    def add_section(self) -> None:
        """A line across, before the next row."""
        self.rows.append(_SECTION)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """The table in the room that there is."""
        room = options.max_width
        yield Text(self.title, style="italic")
        for part in self._parts(room):
            yield self._drawn(part, room)
        if left_out := [self.columns[at].heading for at in self._left_out(room)]:
            yield Text(f"Left out at this width: {', '.join(left_out)}. All: --wide.", style="dim")

    def html(self, most: int = 15) -> str:
        """The table for a notebook: at most so many rows, and how many more there are."""
        rows = [row for row in self.rows if row]
        sides = ["right" if column.number else "left" for column in self.columns]

        def line(cells: Sequence[str], tag: str) -> str:
            told = (
                f'<{tag} style="text-align: {side}">{escape(cell)}</{tag}>'
                for cell, side in zip(cells, sides, strict=True)
            )
            return f"<tr>{''.join(told)}</tr>"

        head = line([column.heading for column in self.columns], "th")
        body = "\n".join(line(row, "td") for row in rows[:most])
        more = len(rows) - most
        said = f"<p>and {more} more row{'s' if more > 1 else ''}</p>" if more > 0 else ""
        title = escape(self.title)
        return f"<table><caption>{title}</caption><thead>{head}</thead>\n<tbody>{body}</tbody></table>{said}"

    def _parts(self, room: int) -> list[list[int]]:
        """The columns of each table that is drawn: one, or where it goes on, as many as it takes."""
        shown = [at for at in range(len(self.columns)) if at not in self._left_out(room)]
        if not self.goes_on:
            return [shown]
        words = [at for at in shown if not self.columns[at].number]
        parts: list[list[int]] = []
        for at in (at for at in shown if self.columns[at].number):
            if parts and self._least([*parts[-1], at]) <= room:
                parts[-1].append(at)
            else:
                parts.append([*words, at])
        return parts or [shown]

    def _left_out(self, room: int) -> list[int]:
        """Columns without which the others fit, as far as there is a choice; in their order."""
        shown = list(range(len(self.columns)))
        if self.goes_on:
            return []
        numbers = [at for at in shown if self.columns[at].number]
        kept = {0, min(numbers, key=lambda at: self.columns[at].less, default=0)}
        while self._least(shown) > room and (others := [at for at in shown if at not in kept]):
            shown.remove(max(others, key=lambda at: (self.columns[at].less, at)))
        return [at for at in range(len(self.columns)) if at not in shown]

    def _least(self, columns: Sequence[int]) -> int:
        """The least width of some columns with their frame."""
        return sum(self._narrowest(at) + _FRAME for at in columns) + 1

    def _cells(self, at: int) -> list[str]:
        return [row[at] for row in self.rows if row]

    def _narrowest(self, at: int) -> int:
        """The width below which something would be cut: a word of the heading, or a cell, of prose a word."""
        column, longest = self.columns[at], _longest(self.columns[at].heading.split())
        if column.prose:
            whole = _longest(self._cells(at))
            words = _longest([word for cell in self._cells(at) for word in cell.split()])
            return max(longest, words, min(whole, _PROSE))
        return max(longest, _longest([line for cell in self._cells(at) for line in cell.splitlines()]))

    def _widths(self, columns: Sequence[int], room: int) -> dict[int, int]:
        """Widths that fit: headings in as few lines as the room allows, then prose as long as it allows."""
        widths: dict[int, int] = {}
        for lines in range(1, 9):
            widths = {at: max(self._narrowest(at), _heading_width(self.columns[at].heading, lines)) for at in columns}
            if sum(widths.values()) + _FRAME * len(columns) + 1 <= room:
                break
        spare = room - sum(widths.values()) - _FRAME * len(columns) - 1
        prose = [at for at in columns if self.columns[at].prose]
        wanted = {at: _longest(self._cells(at)) for at in prose}
        for n, at in enumerate(sorted(prose, key=lambda at: wanted[at])):
            more = max(min(wanted[at] - widths[at], spare // (len(prose) - n)), 0)
            widths[at] += more
            spare -= more
        return widths

    def _drawn(self, columns: Sequence[int], room: int) -> RenderableType:
        widths = self._widths(columns, room)
        drawn = Drawn(box=HEAVY_HEAD, width=max(sum(widths.values()) + _FRAME * len(columns) + 1, 1))
        for at in columns:
            column = self.columns[at]
            drawn.add_column(
                Text("\n".join(_wrapped(column.heading, widths[at]))),
                justify="right" if column.number else "left",
                width=widths[at],
                no_wrap=not column.prose,
                overflow="crop",
            )
        for row in self.rows:
            if row:
                drawn.add_row(*(Text(row[at]) for at in columns))
            else:
                drawn.add_section()
        return drawn


def _wrapped(heading: str, width: int) -> list[str]:
    return wrap(heading, width, break_long_words=False, break_on_hyphens=False)


def _heading_width(heading: str, lines: int) -> int:
    """The least width at which a heading takes no more than so many lines."""
    longest = max(_longest(heading.split()), 1)
    return next(
        (width for width in range(longest, len(heading)) if len(_wrapped(heading, width)) <= lines),
        max(len(heading), longest),
    )


def _longest(words: Sequence[str]) -> int:
    return max((cell_len(word) for word in words), default=0)
