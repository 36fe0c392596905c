"""The five files of the ETO Advanced Semiconductor Supply Chain Dataset, read and checked, every problem at once.

Traps: two files have a byte order mark; shares are text with a percent sign, and blank where a provider is known
without a share, which is not 0; companies stand beside countries; Malaysia is `MAL`; `Various` is several countries.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chains.importing.records import Record, read_records
from chains.tables.countries import REST_OF_WORLD, countries, country_advice
from chains.tables.problems import InputError, Problem, nearest

__all__ = ["FILES", "RESOURCES", "Eto", "Node", "Provided", "read_eto"]

_SIZE = "market_share_chart_global_market_size_info"
FILES = {
    "inputs.csv": ("input_name", "input_id", "type", "stage_id", _SIZE),
    "stages.csv": ("stage_id", "stage_name", _SIZE),
    "providers.csv": ("provider_name", "provider_id", "provider_type", "country"),
    "provision.csv": ("provider_id", "provided_id", "share_provided", "negligible_market_share"),
    "sequence.csv": ("input_id", "goes_into_id", "is_type_of_id"),
}
"""Names and columns of the files that are read."""

RESOURCES = ("tool_resource", "material_resource")
_TYPES = ("process", *RESOURCES, "ultimate_output")
_PROVIDERS = ("country", "organization")
_OTHER_CODES = {"MAL": "MYS", "Various": REST_OF_WORLD}

_MONEY = re.compile(r"\$\s*(\d[\d,]*(?:\.\d+)?)\s*(million|billion|trillion)", re.IGNORECASE)
_BILLIONS = {"million": 1e-3, "billion": 1.0, "trillion": 1e3}
_YEAR = re.compile(r"\((\d{4})\)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


@dataclass(frozen=True)
class Node:
    """An input or a stage: what is bought or done. `size` is its world market in USD billion, None where not given."""

    id: str
    name: str
    kind: str
    stage: str
    size: float | None
    size_said: str
    record: Record


@dataclass(frozen=True)
class Provided:
    """That a country provides a node: with a share (0 to 1), with a negligible one, or with one that is not given."""

    country: str
    share: float | None
    negligible: bool
    record: Record


@dataclass
class Eto:
    """The set: nodes by key, stages in their order, what goes into what, what is a type of what, who provides what."""

    nodes: dict[str, Node]
    stages: list[str]
    into: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    types: dict[str, str] = field(default_factory=dict)
    provided: dict[str, list[Provided]] = field(default_factory=lambda: defaultdict(list))
    year: int | None = None
    said: list[str] = field(default_factory=list)


def read_eto(folder: Path) -> Eto:
    """Read the folder of the set. InputError with every problem of every file."""
    if not folder.is_dir():
        raise InputError.single(str(folder), "is not a folder", f"name the folder with {', '.join(FILES)}")
    rows: dict[str, list[Record]] = {}
    problems: list[Problem] = []
    for name, columns in FILES.items():
        rows[name], found = read_records(folder, name, columns)
        problems += found
    if problems:
        raise InputError(problems)
    nodes = [*map(_stage, rows["stages.csv"]), *map(_input, rows["inputs.csv"])]
    eto = Eto({node.id: node for node in nodes}, [row["stage_id"] for row in rows["stages.csv"]])
    problems += [*_twice(nodes), *_wrong_types(nodes, eto)]
    problems += _sequence(rows["sequence.csv"], eto)
    problems += _provision(rows["provision.csv"], rows["providers.csv"], eto)
    problems += _circles(eto)
    if problems:
        raise InputError(problems)
    # Of another form it is no error, for the text is free; it is said, and counts as not given.
    eto.said += [
        f"{node.record.place}: market size '{node.size_said}' is not read: it is not of the form '$3.1 billion'"
        for node in nodes
        if node.size_said and node.size is None
    ]
    years = Counter(year for node in nodes for year in _YEAR.findall(node.size_said))
    eto.year = int(years.most_common(1)[0][0]) if years else None
    return eto


def _stage(row: Record) -> Node:
    return Node(row["stage_id"], row["stage_name"], "stage", row["stage_id"], _billions(row[_SIZE]), row[_SIZE], row)


def _input(row: Record) -> Node:
    size = _billions(row[_SIZE])
    return Node(row["input_id"], row["input_name"], row["type"], row["stage_id"], size, row[_SIZE], row)


def _billions(said: str) -> float | None:
    found = _MONEY.search(said)
    return float(found[1].replace(",", "")) * _BILLIONS[found[2].lower()] if found else None


def _twice(nodes: Sequence[Node]) -> Iterator[Problem]:
    seen: dict[str, Node] = {}
    for node in nodes:
        column = "stage_id" if node.kind == "stage" else "input_id"
        if not node.id:
            yield node.record.problem(column, "is empty", "give every row an id of its own")
        elif node.id in seen:
            wrong = f"'{node.id}' stands in {seen[node.id].record.place} already"
            yield node.record.problem(column, wrong, "give every row an id of its own")
        seen[node.id] = node


def _wrong_types(nodes: Sequence[Node], eto: Eto) -> Iterator[Problem]:
    for node in nodes:
        if node.kind not in ("stage", *_TYPES):
            yield node.record.problem("type", f"'{node.kind}' is not known", nearest(node.kind, _TYPES))
        if node.kind == "process" and node.stage not in eto.stages:
            wrong = f"'{node.stage}' is not in stages.csv"
            yield node.record.problem("stage_id", wrong, nearest(node.stage, eto.stages))


def _known(row: Record, column: str, ids: Sequence[str]) -> Iterator[Problem]:
    if row[column] not in ids:
        yield row.problem(column, f"'{row[column]}' is not known", nearest(row[column], ids))


def _sequence(rows: Sequence[Record], eto: Eto) -> Iterator[Problem]:
    ids = tuple(eto.nodes)
    for row in rows:
        columns = [name for name in ("goes_into_id", "is_type_of_id") if row[name]]
        problems = [problem for name in ("input_id", *columns) for problem in _known(row, name, ids)]
        yield from problems
        if not columns:
            yield row.problem("goes_into_id", "goes into nothing and is a type of nothing", "fill one of the two")
        if row["goes_into_id"] and not problems and row["goes_into_id"] not in eto.into[row["input_id"]]:
            eto.into[row["input_id"]].append(row["goes_into_id"])
        if row["is_type_of_id"] and not problems:
            if eto.types.get(row["input_id"], row["is_type_of_id"]) != row["is_type_of_id"]:
                yield row.problem("is_type_of_id", "is a second type of the same input", "keep one of them")
            eto.types[row["input_id"]] = row["is_type_of_id"]


def _provision(rows: Sequence[Record], providers: Sequence[Record], eto: Eto) -> Iterator[Problem]:
    places: dict[str, str] = {}
    for row in providers:
        yield from _provider(row, places)
    seen: dict[tuple[str, str], Record] = {}
    for row in rows:
        problems = [*_known(row, "provider_id", tuple(places)), *_known(row, "provided_id", tuple(eto.nodes))]
        share, wrong = _share(row)
        problems += wrong
        pair = (row["provider_id"], row["provided_id"])
        if pair in seen:
            if row.cells != seen[pair].cells:
                wrong_pair = f"{' and '.join(pair)} stand otherwise in {seen[pair].place}"
                problems.append(row.problem("provider_id", wrong_pair, "keep one of the rows"))
            eto.said.append(f"{row.place} repeats {seen[pair].place} and is not counted again")
        elif not problems and places[row["provider_id"]]:
            negligible = bool(row["negligible_market_share"])
            eto.provided[row["provided_id"]].append(Provided(places[row["provider_id"]], share, negligible, row))
        seen.setdefault(pair, row)
        yield from problems


def _provider(row: Record, places: dict[str, str]) -> Iterator[Problem]:
    """Take up the country of a provider, empty for a company: its share is part of its country's."""
    name, kind = row["provider_name"], row["provider_type"]
    if row["provider_id"] in places:
        yield row.problem("provider_id", f"'{row['provider_id']}' stands twice", "give every row an id of its own")
    place = _OTHER_CODES.get(name, name) if kind == "country" else ""
    if place and place in places.values():
        yield row.problem("provider_name", f"'{name}' is {place}, which stands already", "keep one of the rows")
    places[row["provider_id"]] = place
    if kind not in _PROVIDERS:
        yield row.problem("provider_type", f"'{kind}' is not known", nearest(kind, _PROVIDERS))
    if kind == "country" and place not in countries():
        yield row.problem("provider_name", f"'{name}' is not a country code", country_advice(name))


def _share(row: Record) -> tuple[float | None, list[Problem]]:
    said = row["share_provided"]
    found = _PERCENT.fullmatch(said)
    if said and (found is None or float(found[1]) > 100):
        return None, [row.problem("share_provided", f"'{said}' is not a share in percent", "write it as 61%")]
    return (float(found[1]) / 100 if found else None), []


def _circles(eto: Eto) -> Iterator[Problem]:
    for key in eto.types:
        passed, at = [key], key
        while at in eto.types and len(passed) <= len(eto.types):
            at = eto.types[at]
            passed.append(at)
        if at in eto.types:
            right = "say of one what it goes into instead"
            yield Problem("sequence.csv", 0, "is_type_of_id", f"'{key}' is a type of itself in the end", right)
