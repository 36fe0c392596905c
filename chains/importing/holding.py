"""Where the files of a data set are: one file, a folder, or a zip archive of them, all read alike as streams."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from chains.tables.problems import InputError

__all__ = ["Holding", "held"]

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Holding:
    """The files in `source` by their path within it, `/` between folders."""

    source: Path
    paths: tuple[str, ...]

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        """A file as a stream of bytes. InputError where it cannot be read, or not to its end."""
        import zlib

        try:
            if self._zipped:
                with zipfile.ZipFile(self.source) as archive, archive.open(path) as file:
                    yield file
            else:
                with self.local(path).open("rb") as file:
                    yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            wrong = f"cannot be read to its end ({error})"
            raise InputError.single(self.name(path), wrong, "download the file anew") from None

    def size(self, path: str) -> int:
        """Bytes of a file, as they are read."""
        if self._zipped:
            with zipfile.ZipFile(self.source) as archive:
                return archive.getinfo(path).file_size
        return self.local(path).stat().st_size

    def local(self, path: str) -> Path:
        """A file of a folder, or the one file, on disk."""
        return self.source / path if self.source.is_dir() else self.source

    def name(self, path: str) -> str:
        """The name of a file, without its folders."""
        return PurePosixPath(path).name

    def digest(self, path: str) -> str:
        """How the SHA-256 of a file begins: which edition it is, where its name does not say so."""
        found = hashlib.sha256()
        with self.open(path) as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
        return found.hexdigest()[:12]

    @property
    def _zipped(self) -> bool:
        return not self.source.is_dir() and self.paths != (self.source.name,)


def held(source: Path, endings: tuple[str, ...]) -> Holding:
    """The files in `source` whose names end so, largest folder depth last; InputError where there is none."""
    if source.is_dir():
        paths = [path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()]
    elif source.suffix.lower() == ".zip" and zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            paths = [path for path in archive.namelist() if not path.endswith("/")]
    elif source.is_file():
        paths = [source.name]
    else:
        raise InputError.single(str(source), "is neither a file nor a folder", "name the file or folder as downloaded")
    wanted = [path for path in paths if path.lower().endswith(endings) and not _hidden(path)]
    if not wanted:
        right = f"name a file, or a folder or zip archive of files, that end in {' or '.join(endings)}"
        raise InputError.single(str(source), "holds no such file", right)
    return Holding(source, tuple(sorted(wanted, key=lambda path: (path.count("/"), path))))


def _hidden(path: str) -> bool:
    """What operating systems and spreadsheets leave beside files."""
    return path.startswith("__MACOSX") or PurePosixPath(path).name.startswith((".", "~$"))
