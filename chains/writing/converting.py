"""From a folder, an archive or a workbook to another of them, without loss.

Folders and archives hold the same bytes. A workbook holds the same values: numbers as numbers, `0.10` as 0.1; from
there back, a folder has the same cells, but for the spelling of numbers and the layout of the descriptor.
"""

import shutil
import tempfile
import zipfile
from pathlib import Path

from chains.tables.containers import KINDS
from chains.tables.descriptor import DESCRIPTOR
from chains.tables.naming import container_of
from chains.tables.package import read_package
from chains.tables.problems import InputError, Problem
from chains.tables.schema import TABLES
from chains.writing.workbook import workbook_bytes

__all__ = ["convert", "write_package"]

_WHEN = (1980, 1, 1, 0, 0, 0)
"""The date of every file of an archive: the same package gives the same bytes."""


def convert(package: str | Path, target: str | Path) -> list[str]:
    """Write a package anew as `target`: a folder, `.zip` or `.xlsx`. Returns the names of the files that it holds.

    InputError where the package has problems, where something is at `target` already, or where it holds what a workbook
    cannot: then nothing is written.
    """
    container = container_of(package)
    read, problems = read_package(container)
    if read is None:
        raise InputError(problems)
    names, _ = container.files()
    files = {name: container.content(name) for name in sorted(names)}
    write_package(files, Path(target))
    return sorted(files)


def write_package(files: dict[str, bytes], target: Path) -> None:
    """Write the files of a package as a folder, an archive or a workbook, by the ending of `target`.

    Whole or not at all: InputError where that cannot be.
    """
    if target.suffix.lower() not in ("", *KINDS):
        right = f"name a folder, or a file that ends in {' or '.join(KINDS)}"
        raise InputError.single(str(target), f"is neither a folder nor a {' or '.join(KINDS)} file", right)
    if target.exists() or target.is_symlink():
        raise InputError.single(str(target), "is there already", "name another place, or remove it first")
    kind = target.suffix.lower()
    if kind == ".xlsx":
        _check_sheets(files, target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as scratch:
            made = Path(scratch) / target.name
            if kind == "":
                made.mkdir()
                for name, content in files.items():
                    (made / name).write_bytes(content)
            else:
                made.write_bytes(workbook_bytes(files) if kind == ".xlsx" else _archive(files))
            shutil.move(made, target)
    except OSError as error:
        raise InputError.single(str(target), f"cannot be written ({error.strerror or error})", "name another") from None


def _archive(files: dict[str, bytes]) -> bytes:
    with tempfile.SpooledTemporaryFile() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
        buffer.seek(0)
        return buffer.read()


def _check_sheets(files: dict[str, bytes], target: Path) -> None:
    """InputError with every file that a workbook has no sheet for."""
    known = {table.file for table in TABLES.values()} | {DESCRIPTOR}
    strange = [name for name in files if name not in known and Path(name).suffix not in (".md", ".txt")]
    if strange:
        right = "take it out of the package, or convert to a folder or .zip"
        raise InputError(Problem(str(target), 0, "", f"a workbook has no sheet for {name}", right) for name in strange)
