"""A package that is a zip archive of the files that a folder would have."""

import stat
import zipfile
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from chains.tables.containers.container import too_much
from chains.tables.containers.folder import passed_over
from chains.tables.problems import Problem
from chains.tables.text_files import text_of

__all__ = ["Archive"]

_ENCRYPTED = 0x1
"""The bit of an entry's flags that says that a password is needed."""
_MAC = "__MACOSX/"
"""Folder that the archiver of macOS adds, of hidden files alone."""


@dataclass(frozen=True)
class Archive:
    """A zip archive. Its files lie at the top, or all in one folder, as archivers make it of a folder."""

    name: str
    path: Path

    @cached_property
    def _entries(self) -> tuple[dict[str, str], list[Problem]]:
        """The archive's own name of each file, and what is wrong."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                infos = [info for info in archive.infolist() if not info.filename.startswith(_MAC)]
        except (OSError, zipfile.BadZipFile) as error:
            return {}, [Problem(str(self.path), 0, "", f"is no zip archive ({error})", "make it anew")]
        if much := too_much(self.path, infos):
            return {}, much
        files = [info for info in infos if not info.is_dir()]
        shared = _shared_folder([info.filename for info in files])
        entries: dict[str, str] = {}
        problems = []
        for info in files:
            file = info.filename.removeprefix(shared)
            if passed_over(file.rpartition("/")[2]):
                continue
            if fault := _fault(info, file):
                problems.append(Problem(self.label(file), 0, "", *fault))
            else:
                entries[file] = info.filename
        for file, count in Counter(info.filename.removeprefix(shared) for info in files).items():
            if count > 1:
                problems.append(Problem(self.label(file), 0, "", f"stands {count} times", "keep one of them"))
        return entries, problems

    def files(self) -> tuple[set[str], list[Problem]]:
        """Names of the files, and what is wrong with the archive."""
        entries, problems = self._entries
        return set(entries), list(problems)

    def text(self, file: str, label: str) -> tuple[str, list[Problem]]:
        """The text of a file."""
        try:
            return text_of(self.content(file), label)
        except OSError as error:
            return "", [Problem(label, 0, "", f"cannot be read ({error})", "make the archive anew")]

    def content(self, file: str) -> bytes:
        """The bytes of a file; a damaged one is an OSError."""
        entries, _ = self._entries
        try:
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(entries[file])
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise OSError(str(error)) from error

    def label(self, file: str) -> str:
        """A file of this archive in messages."""
        return f"{self.path.name}/{file}"


def _shared_folder(names: list[str]) -> str:
    """The one folder that all files lie in, with its slash; nothing if they lie at the top or in several."""
    first = {name.partition("/")[0] for name in names}
    return f"{first.pop()}/" if len(first) == 1 and all("/" in name for name in names) else ""


def _fault(info: zipfile.ZipInfo, file: str) -> tuple[str, str] | None:
    """What is wrong with an entry, and what would be right."""
    if info.flag_bits & _ENCRYPTED:
        return "is locked by a password", "make the archive without one"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a symbolic link", "put a copy of the file itself here"
    if "/" in file or "\\" in file:
        return "lies in a folder of its own", "put all files of a package side by side"
    return None
