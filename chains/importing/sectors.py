"""Which industries of an inter-country table stand for which segment: all as they are, the user's file, or ours."""

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import data
from chains.importing.observations import Segment
from chains.importing.records import Record, records_in
from chains.importing.segment_rows import rows_of_file, segments_in
from chains.numbers import Array
from chains.tables.problems import InputError, Problem, nearest
from chains.tables.schema import TIERS

__all__ = ["Grouping", "group"]

SHIPPED = Path(data.__file__).parent / "trade/industries.csv"
"""Industries by chain and set, `*` standing for anything."""

_WANTED = ("segment", "sector")
_USUAL = {"tier": "", "name": "", "chain": "chain"}
"""What columns hold that a user's file leaves out."""


@dataclass(frozen=True)
class Grouping:
    """Segments in order, the segment of each industry of the table (-1: none), and what is to be said."""

    segments: tuple[Segment, ...]
    of: tuple[int, ...]
    said: tuple[str, ...]

    def members(self, segment: int) -> list[int]:
        """The industries of a segment."""
        return [at for at, own in enumerate(self.of) if own == segment]

    def without(self, dropped: Iterable[int]) -> "Grouping":
        """The same without some segments; their industries then belong to none."""
        gone = set(dropped)
        kept = [at for at in range(len(self.segments)) if at not in gone]
        new = {old: at for at, old in enumerate(kept)} | {-1: -1}
        return Grouping(tuple(self.segments[at] for at in kept), tuple(new.get(own, -1) for own in self.of), self.said)


def group(given: str, table: str, industries: Sequence[str], names: Sequence[str], stages: Array) -> Grouping:
    """The segments that `given` names.

    A file (`sector,segment`, and `tier`, `name`, `chain` if wanted), a chain of the table that ships, or every industry
    for itself (empty). `table` is the set, `stages[i]` the upstreamness of each industry, by which segments without a
    tier get one: the third farthest from final use is upstream, the nearest downstream. InputError with every problem
    of the file.
    """
    if not given:
        rows = [
            Record("", 0, _USUAL | {"sector": code, "segment": key, "name": name})
            for code, key, name in zip(industries, _keys(industries), names, strict=True)
        ]
        return _tiered(_grouped(rows, [], industries, ""), stages, "")
    if Path(given).suffix or Path(given).is_file():
        rows, problems, file = _own(Path(given))
        return _tiered(_grouped(rows, problems, industries, file), stages, file)
    rows, problems = records_in(SHIPPED.read_bytes(), SHIPPED.name, (*_WANTED, *_USUAL, "set"))
    chains = sorted({row["chain"] for row in rows})
    if given not in chains:
        right = f"name a file, such as sectors.csv, or a chain of the table that ships: {', '.join(chains)}"
        raise InputError.single("option --sectors", f"'{given}' is neither a file nor a known chain", right)
    rows = [row for row in rows if row["chain"] == given and row["set"] == table]
    there = [row for row in rows if _matches(row, industries)]
    found = _grouped(there, problems, industries, SHIPPED.name)
    said = [f"segments: industries of the table of Tierwise for {given}, each much wider than what it stands for"]
    kept = {segment.key for segment in found.segments}
    gone = sorted({row["segment"] for row in rows} - kept)
    said += [f"left out, with no industry of the table: {', '.join(gone)}"] if gone else []
    return Grouping(found.segments, found.of, (*said, *found.said))


def _keys(industries: Sequence[str]) -> list[str]:
    """Keys of segments from names of industries; a second one of a name gets a number."""
    keys: list[str] = []
    for industry in industries:
        key = re.sub(r"[^a-z0-9]+", "_", industry.lower()).strip("_") or "industry"
        taken = [*keys, *TIERS]
        number = next(n for n in range(1, len(taken) + 2) if (key if n == 1 else f"{key}_{n}") not in taken)
        keys.append(key if number == 1 else f"{key}_{number}")
    return keys


def _own(path: Path) -> tuple[list[Record], list[Problem], str]:
    rows, problems, more = rows_of_file(path, ("sector", "segment"), _USUAL)
    if "tier" in more:
        problems += [
            row.problem("tier", f"'{row['tier']}' is not a tier", nearest(row["tier"], TIERS))
            for row in rows
            if row["tier"] not in TIERS
        ]
    return rows, problems, path.name


def _matches(row: Record, industries: Sequence[str]) -> list[int]:
    """The industries that a row names; `*` stands for anything."""
    if row["sector"] in industries:
        return [industries.index(row["sector"])]
    if "*" not in row["sector"]:
        return []
    return [at for at, name in enumerate(industries) if fnmatch.fnmatchcase(name, row["sector"].replace("[", "[[]"))]


def _grouped(rows: list[Record], problems: list[Problem], industries: Sequence[str], file: str) -> Grouping:
    """The segments of the rows. InputError with every problem."""
    segments, more = segments_in(rows, "machinery")
    problems = [*problems, *more]
    taken: dict[int, Record] = {}
    for row in rows:
        found = _matches(row, industries)
        if not found:
            wrong = f"no industry of the table is '{row['sector']}'"
            problems.append(row.problem("sector", wrong, nearest(row["sector"], industries)))
        for at in found:
            if at in taken:
                wrong = f"'{industries[at]}' stands in row {taken[at].row} already"
                problems.append(row.problem("sector", wrong, "count every industry once"))
            taken[at] = row
    if not rows and not problems:
        problems.append(Problem(file, 0, "", "names no industry of the table", "add rows with sector and segment"))
    if problems:
        raise InputError(problems)
    order = {key: at for at, key in enumerate(segments)}
    of = tuple(order[taken[at]["segment"]] if at in taken else -1 for at in range(len(industries)))
    rest = of.count(-1)
    said = [f"{rest} of {len(of)} industries are in no segment: what they buy is demand of `other_industries`"]
    return Grouping(tuple(segments.values()), of, tuple(said if rest else ()))


def _tiered(found: Grouping, stages: Array, file: str) -> Grouping:
    """Tiers by upstreamness, in thirds, where none are given."""
    if found.segments[0].tier:
        return found
    far = [float(np.mean(stages[found.members(at)])) for at in range(len(found.segments))]
    order = sorted(range(len(far)), key=lambda at: -far[at])
    tiers = {at: TIERS[place * len(TIERS) // len(order)] for place, at in enumerate(order)}
    lowest = [min(far[at] for at in order if tiers[at] == tier) for tier in dict.fromkeys(tiers.values())]
    ends = ", ".join(f"{end:.2f}" for end in lowest)
    said = (
        f"tiers{f', which {file} lacks,' if file else ''} by mean upstreamness in the world (stages to final use), in "
        f"thirds of the segments, from {max(far):.2f} down to {ends}: a guess, for it puts capital goods near final use"
    )
    segments = tuple(Segment(own.key, tiers[at], own.name, own.chain) for at, own in enumerate(found.segments))
    return Grouping(segments, found.of, (*found.said, said))
