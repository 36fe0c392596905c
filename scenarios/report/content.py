"""What a report says, whatever the format: the answer and the comparison first, then grids, cases and evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scenarios.questions import QUESTIONS, SECTIONS
from scenarios.report.advice import answer
from scenarios.report.answering import rendered_answer
from scenarios.report.claims import claims_in_words, claims_of
from scenarios.report.evidence import PackageEvidence, changes_of, evidence_of, options_of, overrides_of
from scenarios.report.facts import within_and_across, worse_off
from scenarios.report.leading import Lead, leads_of
from scenarios.report.naming import reason_in_words
from scenarios.report.part import Part
from scenarios.report.parts.comparison import comparison
from scenarios.report.parts.grids import grid_parts, grids_in_words
from scenarios.report.parts.origins import origins
from scenarios.report.parts.uncertainty import common_headline, has_draws, headline
from scenarios.report.words import rests_on_in_words, summary
from scenarios.storing import StoredCase, StoredStudy

__all__ = ["Report", "Section", "report_of"]

_FEW = 3
"""Up to so many cases the first page has the answer of each; of more it says what they have in common."""


@dataclass(frozen=True)
class Section:
    """What is said of one solved case. `answer` is empty where the first page says it already."""

    case: StoredCase
    answer: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Report:
    """The whole report.

    `answers` is the study's own answer, or a sentence or two for each case. Of it `first` is what the first page begins
    with; then come `leads`, `further`, the rest of the study's own answer, and `headlines`, what draws and grids add.
    `comparison` is None where no case is solved; `failed` says which cases are not, by title, and why. `rests_on` says
    what all answers rest on; `worst` is the largest violation of the optimality conditions, None where nothing is
    solved.
    """

    study: StoredStudy
    answers: list[str]
    first: list[str]
    leads: tuple[Lead, ...]
    further: list[str]
    headlines: list[str]
    comparison: Part | None
    failed: dict[str, str]
    rests_on: str
    grids: tuple[Part, ...]
    sections: tuple[Section, ...]
    claims: pd.DataFrame
    evidence: tuple[PackageEvidence, ...]
    worst: float | None

    @property
    def parts(self) -> list[Part]:
        """Every part, in order."""
        first = [lead.part for lead in self.leads if lead.part is not None]
        first += [] if self.comparison is None else [self.comparison]
        return [*first, *self.grids, *(part for section in self.sections for part in section.parts)]

    def begins_with(self, lead: Lead) -> bool:
        """Whether the first page begins with the advice of a case, so that it need not be said again."""
        return any(lead.advice[1:] in words for words in self.first)

    @property
    def claims_in_words(self) -> str:
        """How many claims agree."""
        return claims_in_words(self.claims)

    @property
    def about(self) -> dict[str, pd.DataFrame]:
        """What differs between the cases and from the studies that this one extends: tables with rows, by heading."""
        tables = {
            "Changes made": changes_of(self.study),
            "Options that differ": options_of(self.study).rename_axis("case").reset_index(),
            "What overrides what": overrides_of(self.study),
        }
        return {heading: table for heading, table in tables.items() if len(table) and len(table.columns) > 1}

    @property
    def facts(self) -> pd.Series:
        """Options, versions and hashes."""
        options = {
            name: value if value is not None else "as observed" if name == "budget" else "no limit"
            for name, value in self.study.manifest["options"].items()
        }
        hashes = {f"package {name}": value for name, value in self.study.manifest["packages"].items()}
        return pd.Series({**options, **self.study.manifest["versions"], **hashes}).map(lambda fact: str(fact or "none"))


def report_of(study: StoredStudy) -> Report:
    """What to say of stored results. InputError where the study's own answer names what is not there."""
    solved = [case for case in study.cases if case.solved]
    leads = leads_of(study)
    each = [answer(case) for case in solved] or ["No case has a solution."]
    own = rendered_answer(study) if study.study.answer.strip() else []
    first = own[:1] or (each if len(each) <= _FEW else [summary(solved), *(lead.answer for lead in leads)])
    return Report(
        study=study,
        answers=own or each,
        first=first,
        leads=leads,
        further=own[1:],
        headlines=[*_headlines(study, [case for case in solved if has_draws(case)]), *grids_in_words(study)],
        comparison=comparison(solved) if solved else None,
        failed={case.title: reason_in_words(case.failed["optimize"]) for case in study.cases if not case.solved},
        rests_on=rests_on_in_words(study),
        grids=tuple(grid_parts(study)),
        sections=_sections(solved, [*first, *(lead.answer for lead in leads)]),
        claims=claims_of(study),
        evidence=evidence_of(study),
        worst=_worst_certificate(study),
    )


def _headlines(study: StoredStudy, drawn: list[StoredCase]) -> list[str]:
    """What the draws say: a sentence for each of a few cases, one for many; none where the study's answer says it."""
    if not drawn or "uncertainty" in study.study.answer:
        return []
    return [headline(case) for case in drawn] if len(drawn) <= _FEW else [common_headline(drawn)]


def _sections(cases: list[StoredCase], first: list[str]) -> tuple[Section, ...]:
    """A section for each case. What the first page says, or an earlier case of the same chain, is not said again."""
    known: set[str] = set()
    sections = []
    for case in cases:
        words = " ".join(filter(None, (answer(case), within_and_across(case), worse_off(case))))
        about = [part for part in _chain_parts(case) if part.table.to_csv() not in known]
        known.update(part.table.to_csv() for part in about)
        sections.append(Section(case, "" if answer(case) in first else words, (*about, *_parts(case))))
    return tuple(sections)


def _chain_parts(case: StoredCase) -> list[Part]:
    """The parts on a chain that stands alone, whatever is decided: origins and published figures."""
    if case.chain.segments["package"].nunique() > 1:
        return []
    return [origins(case), *_of_section("chain", case)]


def _parts(case: StoredCase) -> list[Part]:
    """The parts on one case: what to do, how sure it is, what else was asked, and what has no answer."""
    return [*(part for section in SECTIONS for part in _of_section(section, case)), *_unanswered(case)]


def _of_section(section: str, case: StoredCase) -> list[Part]:
    asked = [QUESTIONS[name] for name in QUESTIONS if name in case.answers and section in QUESTIONS[name].report]
    return [part for question in asked for part in question.parts(section, case)]


def _unanswered(case: StoredCase) -> list[Part]:
    """The questions that have no answer, and why."""
    return [
        Part(
            f"{case.name}-no-{question}",
            f"No answer: {question.replace('-', ' ')}",
            f"{words[0].upper()}{words[1:]}.",
            pd.DataFrame(),
        )
        for question, why in case.failed.items()
        if (words := reason_in_words(why))
    ]


def _worst_certificate(study: StoredStudy) -> float | None:
    return max((worst for case in study.all_cases for worst in _violations(case.answers)), default=None)


def _violations(document: Mapping[str, Any]) -> Iterator[float]:
    """The largest violation of each certificate in a document, however deep, and those that stand for many draws."""
    for key, value in document.items():
        if key == "worst_certificate" and value is not None:
            yield float(value)
        elif key == "certificate" and isinstance(value, Mapping):
            yield float(max(value.values()))
        elif isinstance(value, Mapping):
            yield from _violations(value)
