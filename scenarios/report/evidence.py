"""The evidence behind a report: assumptions and sources once a package; changes, options and overrides of its cases."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from chains import Chain
from scenarios.storing import StoredStudy

__all__ = ["PackageEvidence", "changes_of", "evidence_of", "options_of", "overrides_of"]


@dataclass(frozen=True)
class PackageEvidence:
    """What one package rests on, as it was before any change.

    `counts` of numbers by status, and `used` by key of their source; `period` of its observed allocation, empty where
    it has no subsidies.
    """

    name: str
    period: str
    counts: dict[str, int]
    used: dict[str, int]
    assumptions: pd.DataFrame
    sources: pd.DataFrame

    @property
    def words(self) -> str:
        """How many of the package's numbers are evidence and how many judgement."""
        total = sum(self.counts.values())
        if not total:
            return f"{self.name}: no numbers."
        each = ", ".join(f"{count} {status}" for status, count in self.counts.items())
        known = total - self.counts["assumed"]
        observed = f" The observed allocation is that of {self.period}." if self.period else ""
        return f"{self.name}: {total} numbers, {each} ({known / total:.0%} reported or derived).{observed}"


def evidence_of(study: StoredStudy) -> tuple[PackageEvidence, ...]:
    """The evidence of every package that a study uses, as it was before any change.

    A composition leaves out rows that it makes explicit, so a package's rows are those of all its compositions.
    """
    chains = list({id(case.source): case.source for case in study.cases}.values())
    names = dict.fromkeys(origin.name for chain in chains for origin in chain.origins)
    numbers = [chain.evidence() for chain in chains]
    return tuple(_package(name, chains, numbers) for name in names)


def _package(name: str, chains: list[Chain], of_chains: list[pd.DataFrame]) -> PackageEvidence:
    numbers = _rows(name, of_chains)
    sources = _rows(name, [chain.table("sources") for chain in chains])
    assumed = numbers[numbers["status"] == "assumed"]
    return PackageEvidence(
        name=name,
        period=next((chain.periods[name] for chain in chains if name in chain.periods), ""),
        counts={status: int((numbers["status"] == status).sum()) for status in ("reported", "derived", "assumed")},
        used={str(key): int(count) for key, count in numbers["source"].value_counts().items()},
        assumptions=assumed[["package", "table", "key", "value", "low", "high", "source", "note"]],
        sources=sources[["source", "citation", "locator", "url"]],
    )


def _rows(name: str, tables: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of a package in all tables, each once, without the prefix that a composition gives to its names."""
    own = pd.concat([table[table["package"] == name] for table in tables], ignore_index=True)
    texts = own.columns.intersection(["key", "source"])
    own[texts] = own[texts].apply(lambda column: column.str.replace(f"{name}/", "", regex=False))
    return own.drop_duplicates(ignore_index=True)


def changes_of(study: StoredStudy) -> pd.DataFrame:
    """What was changed in the chain of each case: columns case and change, a row a change."""
    rows = [{"case": case.title, "change": change} for case in study.cases for change in case.chain.changes]
    return pd.DataFrame(rows, columns=["case", "change"])


def options_of(study: StoredStudy) -> pd.DataFrame:
    """The options of the program that differ between cases: a row a case, a column an option. No columns: none."""
    options = {case.title: case.options.model_dump(mode="json") for case in study.cases}
    table = pd.DataFrame({title: {name: said(value) for name, value in of.items()} for title, of in options.items()}).T
    return table.loc[:, table.nunique() > 1]


def overrides_of(study: StoredStudy) -> pd.DataFrame:
    """What the study put in place of what it extends: columns key, was, in, now, by."""
    rows = [
        {"key": one["key"], "was": said(one["was"]), "in": one["was_in"], "now": said(one["now"]), "by": one["now_in"]}
        for one in study.manifest["overrides"]
    ]
    return pd.DataFrame(rows, columns=["key", "was", "in", "now", "by"])


def said(value: Any) -> str:
    """A value of a study file for people."""
    if isinstance(value, dict):
        return ", ".join(f"{key}={said(inner)}" for key, inner in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(said(inner) for inner in value) or "none"
    return "none" if value is None or value == "" else f"{value:g}" if isinstance(value, float) else str(value)
