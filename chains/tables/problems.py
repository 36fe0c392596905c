"""What is wrong with a user's input, said so that it can be put right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["InputError", "Problem", "first_of", "listed", "nearest"]


@dataclass(frozen=True, order=True)
class Problem:
    """One problem: where it is, what is wrong and what would be right.

    `row` counts as a spreadsheet does (the header is row 1); 0 means the whole file.
    """

    file: str
    row: int
    column: str
    wrong: str
    right: str

    def __str__(self) -> str:
        """`file:row:column: what is wrong; what would be right`."""
        row = str(self.row) if self.row else ""
        place = f"{self.file}:{row}:{self.column}" if row or self.column else self.file
        return f"{place}: {self.wrong}; {self.right}"


class InputError(Exception):
    """The user's input is wrong. Carries every problem found, in order of file, row and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[Problem, ...]]]:
        """Pickle by the problems: a study solves its cases in other processes."""
        return type(self), (self.problems,)

    @classmethod
    def single(cls, where: str, wrong: str, right: str) -> "InputError":
        """An error of one problem that has no row or column, such as a bad option."""
        return cls([Problem(where, 0, "", wrong, right)])


def nearest(word: str, known: Sequence[str]) -> str:
    """Advice naming the known word nearest to `word`, or the known words if none is near."""
    close = get_close_matches(word, known, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f"known: {listed}" if known else "none is known here"


def first_of(words: Sequence[str], most: int) -> str:
    """The first words with commas, and how many more there are."""
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def listed(words: Sequence[str]) -> str:
    """Words with commas and `and`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
