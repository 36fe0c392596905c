"""Two results beside each other: what differs in inputs, options and answers."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from chains import Chain, InputError
from chains.tables.schema import EVIDENCE, TABLES
from scenarios.storing import StoredCase, StoredStudy
from scenarios.storing.shapes import answers_told

__all__ = ["Comparison", "Difference", "compare"]

NOTHING = 1e-9
"""Risks (shares of final demand) that differ by less are the same; so is money, as a share of the budget."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs: `first` and `second` are None where a result does not have it."""

    case: str
    what: str
    first: Any
    second: Any


@dataclass(frozen=True)
class Comparison:
    """What differs between two results. Rows of `inputs` are numbers of packages, with their changes made."""

    study: tuple[Difference, ...]
    inputs: tuple[Difference, ...]
    options: tuple[Difference, ...]
    answers: tuple[Difference, ...]
    cases: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.study or self.inputs or self.options or self.answers)

    @property
    def words(self) -> list[str]:
        """The comparison in sentences."""
        if self.same:
            return ["The results are the same: inputs, options and answers."]
        said = [f"Cases in both results: {', '.join(self.cases)}."]
        for name, differences in (("inputs", self.inputs), ("options", self.options)):
            count = len(differences)
            said.append(f"Differences in {name}: {count}." if count else f"The {name} are the same.")
        risks = [found for found in self.answers if found.what == "least risk"]
        for found in risks:
            said.append(
                f"{found.case}: least risk {100 * found.first:.2f}% in the first, {100 * found.second:.2f}% in the "
                f"second ({100 * (found.second - found.first):+.2f} points)."
            )
        if self.answers and not risks:
            said.append("Least risk is the same in every case that both have; other answers differ.")
        return said + ([] if self.answers else ["The answers are the same."])

    def document(self) -> dict[str, Any]:
        """The comparison as JSON."""
        parts = {name: [asdict(found) for found in getattr(self, name)] for name in _PARTS}
        return {"same": self.same, "words": self.words, "cases": list(self.cases), **parts}


_PARTS = ("study", "inputs", "options", "answers")


def compare(first: StoredStudy, second: StoredStudy) -> Comparison:
    """What differs between two stored studies, case by case of the same name. InputError where there is none."""
    mine, theirs = ({case.name: case for case in study.all_cases} for study in (first, second))
    both = [name for name in mine if name in theirs]
    if not both:
        wrong = f"has no case of {first.folder} ({', '.join(mine)}); its cases are {', '.join(theirs)}"
        raise InputError.single(str(second.folder), wrong, "compare results that have a case of the same name")
    pairs = [(mine[name], theirs[name]) for name in both]
    with answers_told(second.folder):
        answers = tuple(found for one, other in pairs for found in _answers(one, other))
    return Comparison(
        study=(*_studies(first, second), *_alone(mine, theirs), *(d for pair in pairs for d in _changes(*pair))),
        inputs=tuple(_once(found for one, other in pairs for found in _inputs(one, other))),
        options=tuple(found for one, other in pairs for found in _options(one, other)),
        answers=answers,
        cases=tuple(both),
    )


def _studies(first: StoredStudy, second: StoredStudy) -> Iterator[Difference]:
    """The question asked, and the programs that answered it."""
    for name in ("title", "question", "outputs"):
        one, other = (getattr(study.study, name) for study in (first, second))
        if one != other:
            yield Difference("", name, one, other)
    yield from _mappings("", "version of ", first.manifest["versions"], second.manifest["versions"])


def _alone(mine: Mapping[str, StoredCase], theirs: Mapping[str, StoredCase]) -> Iterator[Difference]:
    for name in {**mine, **theirs}:
        if (name in mine) != (name in theirs):
            yield Difference(name, "case", *("there" if name in cases else None for cases in (mine, theirs)))


def _changes(first: StoredCase, second: StoredCase) -> Iterator[Difference]:
    """What each study changed in the packages."""
    if first.chain.changes != second.chain.changes:
        yield Difference(first.name, "changes", *("; ".join(case.chain.changes) or None for case in (first, second)))


def _inputs(first: StoredCase, second: StoredCase) -> Iterator[Difference]:
    """Numbers that differ, or that only one of the two has; of their evidence, ranges and statuses."""
    if first.chain.sha256 == second.chain.sha256:
        return
    for about in ("home", "unit", "definition"):
        one, other = (getattr(case.chain, about) for case in (first, second))
        if one != other:
            yield Difference(first.name, about, one, other)
    for table in TABLES.values():
        if table.evidence:
            yield from _rows(first, second, table.name)


def _rows(first: StoredCase, second: StoredCase, table: str) -> Iterator[Difference]:
    one, other = (_by_key(case.chain, table) for case in (first, second))
    for key in one.index.union(other.index, sort=False):
        before = one.loc[key] if key in one.index else None
        after = other.loc[key] if key in other.index else None
        label = f"{table}: {' · '.join(part for part in key if part)}"
        if before is None or after is None:
            values = (None if row is None else float(row["value"]) for row in (before, after))
            yield Difference(first.name, label, *values)
            continue
        for column in EVIDENCE:
            cells = (before[column], after[column])
            if cells[0] != cells[1] and not (pd.isna(cells[0]) and pd.isna(cells[1])):
                said = label if column == "value" else f"{label}, {column}"
                yield Difference(first.name, said, *(None if pd.isna(cell) else cell for cell in cells))


def _by_key(chain: Chain, table: str) -> pd.DataFrame:
    rows = chain.table(table)
    keys = ["package", *(column.name for column in TABLES[table].columns if column.name in TABLES[table].key)]
    return rows.set_index(pd.MultiIndex.from_frame(rows[keys]))


def _once(found: Iterator[Difference]) -> list[Difference]:
    """A number that differs in several cases is told once, of the first."""
    return list({(one.what, str(one.first), str(one.second)): one for one in reversed(list(found))}.values())[::-1]


def _options(first: StoredCase, second: StoredCase) -> Iterator[Difference]:
    yield from _mappings(first.name, "", first.options.model_dump(), second.options.model_dump())


def _mappings(case: str, prefix: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Difference]:
    for name in {**first, **second}:
        one, other = first.get(name), second.get(name)
        if isinstance(one, float) and isinstance(other, float):
            same = math.isclose(one, other, rel_tol=NOTHING, abs_tol=NOTHING)
        else:
            same = one == other
        if not same:
            yield Difference(case, f"{prefix}{name}", one, other)


_NOT_COMPARED = ("provenance", "certificate", "worst_certificate", "draws", "sensitivity")
"""Parts of answers that say how they came about, or that stand in tables of their own."""


def _flat(answer: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a document by their path."""
    if isinstance(answer, dict | list):
        for key, inner in answer.items() if isinstance(answer, dict) else enumerate(answer):
            if key not in _NOT_COMPARED:
                yield from _flat(inner, f"{path}.{key}".lstrip("."))
    else:
        yield path, answer


def _answers(first: StoredCase, second: StoredCase) -> Iterator[Difference]:
    """Risks, money by tier and by segment, and why there is no answer."""
    for question in {**first.failed, **second.failed}:
        reasons = [case.failed[question]["reason"] if question in case.failed else None for case in (first, second)]
        if reasons[0] != reasons[1]:
            yield Difference(first.name, f"{question}: why there is no answer", *reasons)
    for question in [name for name in first.answers if name in second.answers and name != "optimize"]:
        flat = [dict(_flat(case.answers[question])) for case in (first, second)]
        yield from _mappings(first.name, f"{question}: ", *flat)
    if not (first.solved and second.solved):
        return
    one, other = first.optimize, second.optimize
    for which, label in (("optimal", "least risk"), ("observed", "observed risk"), ("none", "risk without subsidy")):
        if abs(one["risk"][which] - other["risk"][which]) > NOTHING:
            yield Difference(first.name, label, one["risk"][which], other["risk"][which])
    levers = [dict(_flat(best.get("levers", {}).get("optimal", {}))) for best in (one, other)]
    yield from _mappings(first.name, "least-risk money, ", *levers)
    smallest = NOTHING * max(1.0, sum(one["budget"].values()))
    for part, label in (("tiers", "tier"), ("allocation", "segment")):
        before, after = one[part]["optimal"], other[part]["optimal"]
        for name in {**before, **after}:
            money = (before.get(name), after.get(name))
            if None in money or abs(money[0] - money[1]) > smallest:
                yield Difference(first.name, f"least-risk money, {label} {name}", *money)
