"""A package that is a folder of CSV files."""

import stat
from dataclasses import dataclass
from pathlib import Path

from chains.tables.problems import Problem
from chains.tables.text_files import read_text

__all__ = ["Folder", "passed_over"]


def passed_over(file: str) -> bool:
    """Whether a file is hidden, or kept by an editor beside an open one (`._demand.csv`, `~$demand.xlsx`)."""
    return file.startswith((".", "~$"))


@dataclass(frozen=True)
class Folder:
    """A folder. Links, pipes, devices and sockets in it are refused without opening them."""

    name: str
    path: Path

    def files(self) -> tuple[set[str], list[Problem]]:
        """Names of the plain files and folders, and what is refused."""
        files, problems = set(), []
        for path in self.path.iterdir():
            if passed_over(path.name):
                continue
            kind = path.lstat().st_mode
            if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
                files.add(path.name)
            else:
                link = stat.S_ISLNK(kind)
                wrong = "is a symbolic link" if link else "is not a file but a pipe, device or socket"
                right = "put a copy of the file itself here" if link else "take it out of the package"
                problems.append(Problem(f"{self.name}/{path.name}", 0, "", wrong, right))
        return files, problems

    def text(self, file: str, label: str) -> tuple[str, list[Problem]]:
        """The text of a file."""
        return read_text(self.path / file, label)

    def content(self, file: str) -> bytes:
        """The bytes of a file."""
        return (self.path / file).read_bytes()

    def label(self, file: str) -> str:
        """A file of this folder in messages."""
        return f"{self.name}/{file}"
