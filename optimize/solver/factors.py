"""A square system of equations in fractions, factorised without rounding: Gaussian elimination by Markowitz's rule."""

from fractions import Fraction

__all__ = ["Entries", "Factors"]

Entries = dict[int, Fraction]


class Factors:
    """L U of a square matrix, given by its rows as entries that are not 0; ArithmeticError where it is singular.

    Rows and columns with one entry left are taken first, since they fill in nothing; then the column with the fewest,
    and in it the shortest row (Markowitz, The elimination form of the inverse, Management Science 3(3), 1957).
    """

    def __init__(self, rows: list[Entries]) -> None:
        self._size = len(rows)
        self._left = [dict(row) for row in rows]
        self._above: list[set[int]] = [set() for _ in rows]
        for n, row in enumerate(rows):
            for column in row:
                self._above[column].add(n)
        self._steps: list[tuple[int, int, Fraction, Entries, list[tuple[int, Fraction]]]] = []
        self._alone = [(n, -1) for n, row in enumerate(rows) if len(row) == 1]
        self._alone += [(-1, column) for column, above in enumerate(self._above) if len(above) == 1]
        self._open = set(range(self._size))
        for _ in rows:
            self._eliminate(*self._next())

    def _next(self) -> tuple[int, int]:
        """Row and column of the next pivot."""
        while self._alone:
            row, column = self._alone.pop()
            if row >= 0 and len(self._left[row]) == 1:
                return row, next(iter(self._left[row]))
            if column in self._open and len(self._above[column]) == 1:
                return next(iter(self._above[column])), column
        column = min(self._open, key=lambda own: (len(self._above[own]), own))
        if not self._above[column]:
            raise ArithmeticError("the basis is singular")
        return min(self._above[column], key=lambda own: (len(self._left[own]), own)), column

    def _eliminate(self, row: int, column: int) -> None:
        pivot_row, factors = self._left[row], []
        pivot = pivot_row.pop(column)
        self._left[row] = {}
        for other in pivot_row:
            self._above[other].discard(row)
        for below in sorted(self._above[column] - {row}):
            factor = self._left[below].pop(column) / pivot
            factors.append((below, factor))
            self._subtract(below, factor, pivot_row)
            if len(self._left[below]) == 1:
                self._alone.append((below, -1))
        for other in pivot_row:
            if len(self._above[other]) == 1:
                self._alone.append((-1, other))
        self._above[column] = set()
        self._open.discard(column)
        self._steps.append((row, column, pivot, pivot_row, factors))

    def _subtract(self, below: int, factor: Fraction, pivot_row: Entries) -> None:
        """Subtract a multiple of the pivot row from another row."""
        row = self._left[below]
        for column, entry in pivot_row.items():
            changed = row.get(column, 0) - factor * entry
            if changed:
                row[column] = changed
                self._above[column].add(below)
            elif column in row:
                del row[column]
                self._above[column].discard(below)

    def solve(self, right: list[Fraction]) -> list[Fraction]:
        """X [column] with matrix @ x = right [row]."""
        right = list(right)
        for row, _, _, _, factors in self._steps:
            if right[row]:
                for below, factor in factors:
                    right[below] -= factor * right[row]
        found = [Fraction(0)] * self._size
        for row, column, pivot, others, _ in reversed(self._steps):
            left = right[row] - sum(entry * found[other] for other, entry in others.items() if found[other])
            found[column] = left / pivot
        return found

    def solve_transposed(self, right: list[Fraction]) -> list[Fraction]:
        """Y [row] with y @ matrix = right [column]."""
        right, found = list(right), [Fraction(0)] * self._size
        for row, column, pivot, others, _ in self._steps:
            if right[column]:
                found[row] = right[column] / pivot
                for other, entry in others.items():
                    right[other] -= entry * found[row]
        for row, _, _, _, factors in reversed(self._steps):
            found[row] -= sum(factor * found[below] for below, factor in factors if found[below])
        return found
