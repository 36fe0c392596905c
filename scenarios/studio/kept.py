"""A package as the studio keeps it: the files that a folder would hold, in memory. An edit makes a new one."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import data
from chains import InputError
from chains.tables.dialect import BrokenError, records_of, separator_of
from chains.tables.naming import container_of
from chains.tables.schema import TABLES

__all__ = ["Kept"]

Records = list[list[str]]


@dataclass(frozen=True, eq=False)
class Kept:
    """A package: its name and its files. `shipped` where it is a shipped one as it stands.

    Rows of a table count as in a spreadsheet: its header is row 1.
    """

    name: str
    files: Mapping[str, bytes]
    shipped: bool = False

    @classmethod
    def of(cls, package: str | Path) -> "Kept":
        """A shipped package by its name, or what is at a path. InputError where nothing is there, or not to be read."""
        container = container_of(package)
        names, problems = container.files()
        if problems:
            raise InputError(problems)
        try:
            files = {name: container.content(name) for name in sorted(names) if not (container.path / name).is_dir()}
        except OSError as error:
            raise InputError.single(str(package), f"cannot be read ({error})", "make it anew") from None
        return cls(container.name, files, shipped=isinstance(package, str) and package in data.names())

    @cached_property
    def sha256(self) -> str:
        """Hash of its name, its files and whether it is shipped."""
        digest = sha256(f"{self.name}\0{self.shipped}\0".encode())
        for name, content in self.files.items():
            digest.update(name.encode() + b"\0" + str(len(content)).encode() + b"\0" + content)
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that it has, in the order in which people read them."""
        return tuple(name for name, table in TABLES.items() if table.file in self.files)

    def header(self, table: str) -> list[str]:
        """The columns of a table, as the file has them."""
        return self._records(table)[0]

    def rows(self, table: str) -> list[tuple[int, dict[str, str]]]:
        """The rows of a table with their numbers, without those that a spreadsheet left empty."""
        header, *records = self._records(table)
        return [
            (number, dict(zip(header, record, strict=False)))
            for number, record in enumerate(records, start=2)
            if any(record)
        ]

    def with_cell(self, table: str, row: int, column: str, text: str) -> "Kept":
        """This package with another text in one cell. InputError where there is no such cell."""
        records = self._records(table)
        if column not in records[0] or not 2 <= row <= len(records):
            raise InputError.single(TABLES[table].file, f"has no cell in row {row}, column '{column}'", "read it anew")
        at = records[0].index(column)
        record = records[row - 1]
        records[row - 1] = [*record[:at], text, *record[at + 1 :]] if at < len(record) else _longer(record, at, text)
        return self._with(table, records)

    def with_row(self, table: str) -> "Kept":
        """This package with one more row at the end of a table: empty but for a status, to be filled in."""
        records = self._records(table)
        return self._with(table, [*records, ["assumed" if name == "status" else "" for name in records[0]]])

    def without_row(self, table: str, row: int) -> "Kept":
        """This package without a row of a table. InputError where there is none."""
        records = self._records(table)
        if not 2 <= row <= len(records):
            raise InputError.single(TABLES[table].file, f"has no row {row}", "read it anew")
        return self._with(table, [*records[: row - 1], *records[row:]])

    def with_table(self, table: str) -> "Kept":
        """This package with a table that it did not have, without rows."""
        return self._with(table, [list(TABLES[table].column_names)])

    def _records(self, table: str) -> Records:
        text = self.files[TABLES[table].file].decode("utf-8-sig", errors="replace")
        try:
            records = list(records_of(text, separator_of(text)))
        except BrokenError as broken:
            raise InputError.single(f"{TABLES[table].file}:{broken.row}", broken.wrong, broken.right) from None
        if not records:
            raise InputError.single(f"{TABLES[table].file}:1", "is empty", "write its header")
        return records

    def _with(self, table: str, records: Sequence[Sequence[str]]) -> "Kept":
        """With other records of a table, separated as its file is."""
        file = TABLES[table].file
        sign = separator_of(self.files[file].decode("utf-8-sig", errors="replace")) if file in self.files else ","
        text = io.StringIO()
        csv.writer(text, delimiter=sign, lineterminator="\n").writerows(records)
        return Kept(self.name, {**self.files, file: text.getvalue().encode()})


def _longer(record: list[str], at: int, text: str) -> list[str]:
    """A record that ends before a column, written on up to it."""
    return [*record, *[""] * (at - len(record)), text]
