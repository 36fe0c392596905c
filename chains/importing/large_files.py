"""Large files of rows, plain or compressed, alone or in an archive: opened by name, streamed block by block."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from chains.tables.dialect import separator_of
from chains.tables.problems import InputError, Problem

__all__ = ["Large", "Progress", "blocks_of", "header_of", "large_files", "readable"]

Progress = Callable[[int, int], None]
"""Told while a large file is read: bytes read, bytes of the file."""

BLOCK = 4 << 20
"""Bytes of a block."""

_SEALED = (".7z", ".rar", ".xz", ".bz2", ".zst")
"""Archives that are not read here."""


@dataclass(frozen=True)
class Large:
    """A file, in an archive if `member` names one there; `name` is what people call it."""

    path: Path
    name: str
    member: str = ""

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its content, unpacked."""
        if self.member:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as content:
                yield content
        elif self.path.suffix.lower() == ".gz":
            with gzip.open(self.path) as packed:
                yield cast("IO[bytes]", packed)
        else:
            with self.path.open("rb") as plain:
                yield plain

    def size(self) -> int:
        """Bytes that `read` counts."""
        if self.member:
            with zipfile.ZipFile(self.path) as archive:
                return archive.getinfo(self.member).file_size
        return self.path.stat().st_size

    def read(self, stream: IO[bytes]) -> int:
        """Bytes read from a stream that `open` gave: of a `.gz`, packed ones, for it does not say how many it holds."""
        packed = getattr(stream, "fileobj", None) if isinstance(stream, gzip.GzipFile) else None
        return min((packed or stream).tell(), self.size())


@contextmanager
def readable(name: str) -> Iterator[None]:
    """InputError where a file is damaged, such as by a download that ended too soon."""
    from pyarrow import ArrowInvalid

    try:
        yield
    except (ArrowInvalid, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise InputError.single(name, f"cannot be read to its end ({error})", "download the file anew") from None


def large_files(source: Path, endings: Sequence[str], what: str) -> list[Large]:
    """The files of `source` by name: itself, those of a folder, those in archives; each may be a `.gz`.

    InputError where there are none that end so, or where one is packed in a way that is not read here.
    """
    paths = sorted(path for path in source.iterdir() if path.is_file()) if source.is_dir() else [source]
    found = [file for path in paths for file in _inside(path, endings, alone=not source.is_dir())]
    sealed = [path for path in paths if path.suffix.lower() in _SEALED]
    problems = [
        Problem(path.name, 0, "", f"is a {path.suffix} archive", "unpack it, and name what was in it")
        for path in sealed
        if not any(file.name == path.stem or file.name.startswith(f"{path.stem}.") for file in found)
    ]
    if problems:
        raise InputError(problems)
    if not found:
        raise InputError.single(str(source), f"holds no {' or '.join(endings)} file", f"name {what}, or their folder")
    return found


def _inside(path: Path, endings: Sequence[str], *, alone: bool) -> Iterator[Large]:
    """What a path stands for; one that is named `alone` is taken whatever its ending, unless it is an archive."""
    name, ending = path.name, path.suffix.lower()
    if name.startswith(("._", "~$")):
        return
    if ending == ".zip":
        with readable(name), zipfile.ZipFile(path) as archive:
            inside = [PurePosixPath(member) for member in archive.namelist()]
        for member in sorted(inside):
            if member.suffix.lower() in endings and "__MACOSX" not in member.parts:
                yield Large(path, member.name, str(member))
    elif ending == ".gz" or ending in endings or (alone and ending not in _SEALED):
        inner = Path(path.stem).suffix.lower() if ending == ".gz" else ending
        if alone or inner in endings:
            yield Large(path, name)


def header_of(file: Large) -> tuple[list[str], str]:
    """The names of the columns in the first line, and what separates them."""
    with readable(file.name), file.open() as stream:
        first = stream.readline().decode("utf-8-sig", "replace")
    separator = separator_of(first)
    return [cell.strip().strip('"') for cell in first.strip().split(separator)], separator


def blocks_of(
    file: Large,
    names: Sequence[str],
    separator: str,
    columns: Sequence[str],
    torn: list[Problem],
    progress: Progress | None,
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The `columns` of a file with columns of these `names`, as arrays of texts, and the row that each block starts at.

    Rows of more or fewer cells are left out, and put on `torn`: rows after them are not numbered as in the file.
    """
    import pyarrow as pa
    from pyarrow import csv

    def tear(row: Any) -> str:
        wrong = f"has {row.actual_columns} cells, the header {row.expected_columns}"
        torn.append(Problem(file.name, row.number or 0, "", wrong, "download the file anew"))
        return "skip"

    size, first = file.size(), 2
    with readable(file.name), file.open() as stream:
        reader = csv.open_csv(
            stream,
            csv.ReadOptions(use_threads=False, block_size=BLOCK, skip_rows=1, column_names=names),
            csv.ParseOptions(delimiter=separator, invalid_row_handler=tear, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), include_columns=list(columns), check_utf8=False
            ),
        )
        for batch in reader:
            yield first, {column: batch[column] for column in columns}
            first += batch.num_rows
            if progress is not None:
                progress(file.read(stream), size)
