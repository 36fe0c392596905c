"""Which goods stand for which segment: by codes of the Harmonized System, the table that ships or the user's own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import data
from chains.importing.observations import Segment
from chains.importing.records import Record, records_in
from chains.importing.segment_rows import rows_of_file, segments_in
from chains.tables.problems import InputError, Problem, nearest
from chains.tables.schema import TIERS

__all__ = ["Products", "read_products"]

SHIPPED = Path(data.__file__).parent / "trade/hs.csv"
"""Codes with chain, tier and the revisions from the first to the last (empty: still in force) that have them."""

_LENGTHS = (2, 4, 6, 8)
"""Digits of codes; the Harmonized System has six, customs tariffs eight of which it gives the first six."""


@dataclass(frozen=True)
class Products:
    """Segments, and the row of every code, which may be of 2, 4, 6 or 8 digits; whether they are those that ship."""

    ships: bool
    segments: tuple[Segment, ...]
    codes: dict[str, Record]
    said: tuple[str, ...]

    def segment(self, code: str) -> str | None:
        """The segment of a good of six or eight digits, or of a code as it is."""
        product = self.product(code)
        return None if product is None else self.codes[product]["segment"]

    def product(self, code: str) -> str | None:
        """The code of the table that a code is, or belongs to."""
        return next((code[:length] for length in (len(code), *_LENGTHS) if code[:length] in self.codes), None)

    def told_as(self, code: str) -> str:
        """The code that indicators of trade are told by: of six digits, or eight where the table asks for eight."""
        product = self.product(code) or ""
        return product if len(product) > 6 else code[:6]


def read_products(given: str, revisions: Sequence[int] = (), *, digits: int = 6) -> Products:
    """The goods that `given` names.

    A user's file (`segment,code`, and `tier`, `name`, `chain` if wanted), a chain of the table that ships, or all of
    that (empty). Of the table that ships, only codes of the `revisions` count, if any are named. A code has at most
    as many `digits` as those of the data set.

    InputError with every problem of the file.
    """
    if given and (Path(given).suffix or Path(given).is_file()):
        return _checked(*_own(Path(given)), digits)
    rows, problems = records_in(SHIPPED.read_bytes(), SHIPPED.name, (*_COLUMNS, "first", "last"))
    chains = sorted({row["chain"] for row in rows})
    if given and given not in chains:
        right = f"name a file, such as products.csv, or a chain of the table that ships: {', '.join(chains)}"
        raise InputError.single("option --products", f"'{given}' is neither a file nor a known chain", right)
    rows = [row for row in rows if given in ("", row["chain"]) and _in_force(row, revisions)]
    said = f"goods: {len(rows)} codes of the table of Tierwise for {given or 'all its chains'}"
    return _checked(
        rows, problems, SHIPPED.name, [f"{said}; some are wider than the segment, as its notes say"], digits
    )


_COLUMNS = ("segment", "code", "tier", "name", "chain")
_USUAL = {"tier": TIERS[0], "name": "", "chain": "chain"}
"""What columns hold that a user's file leaves out."""


def _in_force(row: Record, revisions: Sequence[int]) -> bool:
    last = int(row["last"] or 9999)
    return not revisions or any(int(row["first"]) <= revision <= last for revision in revisions)


def _own(path: Path) -> tuple[list[Record], list[Problem], str, list[str]]:
    """The rows of the user's file; without tiers, everything is upstream, which is said."""
    rows, problems, more = rows_of_file(path, ("segment", "code"), _USUAL)
    said = [] if "tier" in more else [f"{path.name} has no column tier: every segment is {TIERS[0]}"]
    return rows, problems, path.name, said


def _checked(rows: list[Record], problems: list[Problem], file: str, said: list[str], digits: int) -> Products:
    segments, more = segments_in(rows, "servo_motors")
    problems = [*problems, *(problem for row in rows for problem in _wrong(row, digits)), *more]
    codes: dict[str, Record] = {}
    for row in rows:
        if row["code"] in codes:
            wrong = f"'{row['code']}' stands in row {codes[row['code']].row} already"
            problems.append(row.problem("code", wrong, "count every good once"))
        codes[row["code"]] = row
    problems += _inside(codes)
    if not rows and not problems:
        problems.append(Problem(file, 0, "", "there are no goods", "add rows with segment and code"))
    if problems:
        raise InputError(problems)
    return Products(file == SHIPPED.name, tuple(segments.values()), codes, tuple(said))


def _wrong(row: Record, digits: int) -> Iterator[Problem]:
    code = row["code"]
    allowed = [str(length) for length in _LENGTHS if length <= digits]
    if str(len(code)) not in allowed or not code[:4].isdigit():
        right = "with leading zeros (a spreadsheet drops them: format the cells as text)"
        lengths = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
        yield row.problem("code", f"'{code}' is not an HS code", f"write {lengths} digits, {right}")
    if row["tier"] not in TIERS:
        yield row.problem("tier", f"'{row['tier']}' is not a tier", nearest(row["tier"], TIERS))


def _inside(codes: dict[str, Record]) -> Iterable[Problem]:
    """A code within another would be counted twice."""
    for code, row in codes.items():
        for length in _LENGTHS:
            if length < len(code) in _LENGTHS and code[:length] in codes:
                wrong = f"'{code}' is part of '{code[:length]}' in row {codes[code[:length]].row}"
                yield row.problem("code", wrong, "count every good once")
