"""Run a study: solve its cases, store the answers, write the report."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from chains import Chain, load
from optimize import gain_curve, optimize, provenance
from scenarios.documents import finding_document, gain_document, optimize_document
from scenarios.finding import find
from scenarios.report.content import report_of
from scenarios.report.writing import FORMATS, write_format
from scenarios.store import MANIFEST, new_folder, read_results, write_case, write_json, write_tables
from scenarios.studies import Study, read_study

__all__ = ["Done", "run_study"]


@dataclass(frozen=True)
class Done:
    """A study that was run: where its results are, and its answers in a sentence a case."""

    folder: Path
    report: Path
    answers: list[str]


def run_study(name_or_file: str, out: Path | str | None = None, *, progress: bool = True) -> Done:
    """Run a study and write its results folder (default `results/NAME`), replacing an earlier run of it.

    InputError if the study or a package is wrong; then nothing is written.
    """
    study = read_study(name_or_file)
    folder = Path(out) if out is not None else Path("results") / study.name
    chains = {case.name: load(*case.packages) for case in study.cases}
    with new_folder(folder) as work:
        documents = _solve_all(study, chains, progress)
        for case in study.cases:
            write_case(work, case.name, case.title, chains[case.name], documents[case.name])
        write_tables(work, documents)
        write_json(work / MANIFEST, _manifest(study, chains))
        report = report_of(read_results(work))
        for suffix in FORMATS:
            write_format(report, work / f"report{suffix}")
    return Done(folder, folder / "report.html", [section.answer for section in report.sections])


def _solve_all(study: Study, chains: dict[str, Chain], progress: bool) -> dict[str, dict[str, Any]]:
    documents = {}
    with Progress(console=Console(stderr=True), transient=True, disable=not progress) as bar:
        task = bar.add_task("solving", total=len(study.cases))
        for case in study.cases:
            bar.update(task, description=f"solving {case.name}")
            documents[case.name] = _solve(study, chains[case.name])
            bar.advance(task)
    return documents


def _solve(study: Study, chain: Chain) -> dict[str, Any]:
    measured = study.options.risk_options().model_dump()
    gain = gain_curve(chain, study.gain.giving, study.gain.receiving, **measured)
    return {
        "optimize": optimize_document(optimize(chain, **study.options.model_dump())),
        "gain": gain_document(chain, gain),
        "finding": finding_document(chain, find(chain, **measured)),
    }


def _manifest(study: Study, chains: dict[str, Chain]) -> dict[str, Any]:
    packages = {origin.name: origin.sha256 for chain in chains.values() for origin in chain.origins}
    versions = provenance(next(iter(chains.values())), study.options)["versions"]
    return {
        "study": study.name,
        "title": study.title,
        "question": study.question,
        "cases": [case.name for case in study.cases],
        "gain": {"from": study.gain.giving, "to": study.gain.receiving},
        "options": study.options.model_dump(),
        "packages": packages,
        "versions": versions,
    }
