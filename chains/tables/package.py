"""Read one package, whatever it is kept in: every file, every problem."""

import hashlib
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from chains.recent import Recent
from chains.tables.checking import check_cells
from chains.tables.consistency import check_package
from chains.tables.containers import Container
from chains.tables.descriptor import DESCRIPTOR, Meta, read_meta
from chains.tables.firms import Filled, filled_from_firms
from chains.tables.plain import plain_table
from chains.tables.problems import Problem
from chains.tables.reading import no_rows, read_csv
from chains.tables.schema import LINK_TABLES, TABLES, Table

__all__ = ["Package", "placed", "read_package"]

_KNOWN = {table.file for table in TABLES.values()}

_FIRMS = {TABLES[table].file for table in ("firms", "firm_segments")}
"""Files that fill the observed allocation where it is left out."""

_SLIP = 0.7
"""How like a table's name the name of a file must be to count as a slip of the pen (difflib's ratio)."""


@dataclass(frozen=True)
class Package:
    """A package as read: its tables (index = spreadsheet row), the files they came from and the hash of these.

    `folder` is what it is kept in: a folder, a zip archive or a workbook.

    A link package has no `meta`: it only adds input coefficients between other packages.
    """

    name: str
    folder: Path
    sha256: str
    files: tuple[str, ...]
    meta: Meta | None
    tables: dict[str, pd.DataFrame]
    warnings: tuple[Problem, ...] = field(default=())

    @property
    def is_link(self) -> bool:
        """Whether this package only links other packages."""
        return "segments" not in self.tables


_KEPT, _LARGEST = 16, 4_000_000
"""Packages that are kept (a cache), and bytes that one of them may have at most."""
_kept: Recent[tuple[object, ...], Package] = Recent(_KEPT)


def read_package(container: Container) -> tuple[Package | None, list[Problem]]:
    """Read and check the package in a container. Returns the package, or None and what is wrong with it.

    The last few that were right are kept: where names and bytes of all files are the same, so is the package, wherever
    it lies. Its tables must not be written to.
    """
    key = _key(container)
    known = None if key is None else _kept.get(key)
    if known is not None:
        return replace(known, folder=container.path), []
    package, problems = _checked(container)
    if package is not None and key is not None and package.sha256 == key[-1]:  # no file has changed meanwhile
        _kept.keep(key, package)
    return package, problems


def _key(container: Container) -> tuple[object, ...] | None:
    """What the package in a container follows from, its hash last; None where it is too large or not in order."""
    files, problems = container.files()
    if problems:
        return None
    contents: dict[str, bytes] = {}
    try:
        for file in _read_of(files):
            contents[file] = container.content(file)
            if sum(map(len, contents.values())) > _LARGEST:
                return None
    except OSError:
        return None
    return type(container), container.name, container.path.name, frozenset(files), _sha256(contents.items())


def _read_of(files: Set[str]) -> tuple[str, ...]:
    """Of the files of a container those that are read, in order of name."""
    return tuple(sorted(({DESCRIPTOR} | _KNOWN) & files))


def _checked(container: Container) -> tuple[Package | None, list[Problem]]:
    package, problems = _read(container)
    if package is not None:
        package = replace(package, warnings=tuple(placed(container, problem) for problem in package.warnings))
    return package, [placed(container, problem) for problem in problems]


def placed(container: Container, problem: Problem) -> Problem:
    """A problem of a file, called as the owner of the container knows it."""
    package, _, file = problem.file.partition("/")
    return replace(problem, file=container.label(file)) if package == container.name and file else problem


def _read(container: Container) -> tuple[Package | None, list[Problem]]:
    name = container.name
    files, problems = container.files()
    refused = {Path(problem.file).name for problem in problems}
    named = {file for file in files | refused if Path(file).suffix.lower() == ".csv"}
    more, aside = _unknown_files(name, named)
    problems += more
    is_link = bool(named & _KNOWN) and named & _KNOWN <= {TABLES[table].file for table in LINK_TABLES}
    present = [table for table in TABLES.values() if table.file in files]
    meta: Meta | None = None
    if DESCRIPTOR not in refused:
        file = f"{name}/{DESCRIPTOR}"
        meta, more = read_meta(lambda own: container.text(own, file), file, files | refused, link=is_link)
        problems += more
    problems += _missing_files(name, named, is_link)
    tables: dict[str, pd.DataFrame] = {}
    for table in present:
        tables[table.name], wrong, told = _table(container, table)
        problems += wrong
        aside += told
    flawed = frozenset(table.name for table in present if any(p.file == f"{name}/{table.file}" for p in problems))
    broken = frozenset(table for table in flawed if not len(tables[table]))
    filled, repeated = _filled(name, tables, flawed)
    problems += filled.errors
    home = meta.home if meta is not None else None
    errors, warnings = check_package(name, tables, link=is_link, home=home, flawed=flawed, broken=broken)
    said = {(problem.file, problem.row, problem.column) for problem in problems}
    problems += [error for error in errors if (error.file, error.row, error.column) not in said and not repeated(error)]
    if problems:
        return None, problems
    read = _read_of(files)
    sha256 = _sha256((file, container.content(file)) for file in read)
    return Package(name, container.path, sha256, read, meta, tables, (*aside, *filled.warnings, *warnings)), []


def _filled(
    name: str, tables: dict[str, pd.DataFrame], flawed: frozenset[str]
) -> tuple[Filled, Callable[[Problem], bool]]:
    """What firms fill, put into the tables; and whether a problem is of a filled row: then it is of a firm's, too."""
    subsidies, file = TABLES["subsidies"], f"{name}/{TABLES['subsidies'].file}"
    if "firm_segments" not in tables or flawed & {"firms", "firm_segments", "subsidies"}:
        return Filled(tables.get("subsidies", pd.DataFrame())), lambda problem: False
    stated = tables.get("subsidies")
    if stated is None:
        stated, _ = check_cells(no_rows(subsidies, file))
    filled = filled_from_firms(name, {**tables, "subsidies": stated})
    tables["subsidies"] = filled.subsidies
    last = int(stated.index.max()) if len(stated) else 1
    return filled, lambda problem: problem.file == file and problem.row > last


_Checked = tuple[pd.DataFrame, tuple[Problem, ...], tuple[Problem, ...]]
"""A table with numbers as floats; what is wrong with it; how its file was read."""

_KEPT_TABLES, _LONGEST = 128, 20_000
"""Tables that are kept (a cache), and characters that one of them may have at most."""
_kept_tables: Recent[tuple[str, str], _Checked] = Recent(_KEPT_TABLES)


def _table(container: Container, table: Table) -> _Checked:
    """One table, read and checked cell by cell. Small ones are kept: mostly one table of a package changes."""
    file = f"{container.name}/{table.file}"
    text, problems = container.text(table.file, file)
    if problems:
        empty, more = check_cells(no_rows(table, file))
        return empty, (*problems, *more), ()
    if len(text) <= _LONGEST:
        return _kept_tables.once((file, text), lambda: _checked_cells(text, table, file))
    content = text.encode()
    del text  # of a large table the text is not held twice
    plain = plain_table(content, table, file)
    if plain is not None:
        return plain[0], tuple(plain[1]), ()
    text = content.decode()
    del content
    return _checked_cells(text, table, file)


def _checked_cells(text: str, table: Table, file: str) -> _Checked:
    raw, shape = read_csv(text, table, file)
    cells, more = check_cells(raw)
    return cells, (*shape, *more), raw.said


def _unknown_files(name: str, files: set[str]) -> tuple[list[Problem], list[Problem]]:
    """Errors and warnings: a name near a table's is a slip of the pen, any other CSV file is the user's own."""
    errors, warnings = [], []
    known = {table.name: table.file for table in TABLES.values()}
    for file in sorted(files.difference(known.values())):
        meant = get_close_matches(Path(file).stem.lower(), known, n=1, cutoff=_SLIP)
        if meant:
            wrong, right = "is not a table of a package", f"did you mean '{known[meant[0]]}'?"
            errors.append(Problem(f"{name}/{file}", 0, "", wrong, right))
        else:
            wrong, right = "is not a table of a package and is left aside", "the tables are in docs/packages.md"
            warnings.append(Problem(f"{name}/{file}", 0, "", wrong, right))
    return errors, warnings


def _missing_files(name: str, files: set[str], is_link: bool) -> list[Problem]:
    needed = [table for table in TABLES.values() if not table.optional]
    if is_link:  # one with rates alone has no inputs
        rates = TABLES["conversions"].file in files
        needed = [table for table in needed if table.name in LINK_TABLES and not (rates and table.name == "inputs")]
    return [
        Problem(
            f"{name}/{table.file}",
            0,
            "",
            "the file is missing",
            f"add it ({table.meaning}) with the header {','.join(table.column_names)}",
        )
        for table in needed
        if table.file not in files and not (table.name == "subsidies" and files >= _FIRMS)
    ]


def _sha256(contents: Iterable[tuple[str, bytes]]) -> str:
    """Hash of the package's content: names and bytes of the files that were read, in order of name."""
    digest = hashlib.sha256()
    for file, content in contents:
        for part in (file.encode(), b"\0", content, b"\0"):
            digest.update(part)
    return digest.hexdigest()
