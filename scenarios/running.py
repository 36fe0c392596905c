"""Run a study: solve its cases, store the answers, write the report."""

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from chains import Chain, load
from chains.indicators import indicators_by_definition, ranking_by_definition
from optimize import (
    break_even,
    choke_points,
    frontier,
    gain_curve,
    optimize,
    priorities,
    provenance,
    ranges,
    worst_cuts,
)
from optimize.definitions import least_risk_by_definition
from scenarios.documents import (
    finding_document,
    gain_document,
    indicators_document,
    optimize_document,
    table_of,
)
from scenarios.finding import find
from scenarios.question_documents import (
    break_even_document,
    choke_points_document,
    frontier_document,
    priorities_document,
    ranges_document,
)
from scenarios.report.content import report_of
from scenarios.report.writing import FORMATS, write_format
from scenarios.store import MANIFEST, new_folder, read_results, write_case, write_json, write_tables
from scenarios.studies import Study, read_study

__all__ = ["DRAWS", "Done", "run_study"]

DRAWS = 100
"""Random allocations that a study compares the observed one with; `tierwise priorities` draws 1,000."""


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
    """Documents of every case, in the order of the study; cases are solved side by side, the largest first."""
    largest_first = sorted(chains, key=lambda name: -len(chains[name].numbers.segments))
    if len(chains) == 1:
        return {name: _solve(study, chains[name]) for name in chains}
    with ProcessPoolExecutor(min(len(chains), os.cpu_count() or 1)) as pool:
        # Workers are forked by the first submission: before the progress bar starts its thread.
        running = {pool.submit(_solve, study, chains[name]): name for name in largest_first}
        with Progress(console=Console(stderr=True), transient=True, disable=not progress) as bar:
            task = bar.add_task("solving", total=len(running))
            found = {}
            for future in as_completed(running):
                found[running[future]] = future.result()
                bar.update(task, advance=1, description=f"solved {running[future]}")
    return {name: found[name] for name in chains}


def _solve(study: Study, chain: Chain) -> dict[str, Any]:
    measured = study.options.risk_options().model_dump()
    gain = gain_curve(chain, study.gain.giving, study.gain.receiving, **measured)
    return {
        "optimize": optimize_document(optimize(chain, **study.options.model_dump())),
        "gain": gain_document(chain, gain),
        "finding": finding_document(chain, find(chain, **measured)),
        "questions": _questions(study, chain, measured),
    }


def _questions(study: Study, chain: Chain, measured: dict[str, Any]) -> dict[str, Any]:
    """The further questions of docs/questions, as documents."""
    giving, receiving = study.gain.giving, study.gain.receiving
    return {
        "frontier": frontier_document(chain, frontier(chain, **measured)),
        "break_even": break_even_document(chain, break_even(chain, giving, receiving, **measured)),
        "priorities": priorities_document(chain, priorities(chain, draws=DRAWS, **measured)),
        "choke_points": choke_points_document(chain, choke_points(chain, **measured), worst_cuts(chain, 2, **measured)),
        "ranges": ranges_document(ranges(chain, **study.options.model_dump())),
        "indicators": indicators_document(
            indicators_by_definition(chain), "import_share", ranking_by_definition(chain, "import_share")
        ),
        "definitions": table_of(least_risk_by_definition(chain, **study.options.model_dump())),
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
