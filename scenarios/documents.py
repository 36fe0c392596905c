"""Answers as JSON documents, in the layout that interfaces.md promises. NaN becomes null."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from chains import Chain
from optimize import Gain, Result, RiskOptions, Solution, provenance
from scenarios.finding import Finding

__all__ = [
    "Document",
    "evaluate_document",
    "finding_document",
    "gain_document",
    "indicators_document",
    "numbers_of",
    "optimize_document",
    "provenance_document",
    "table_of",
    "without_nan",
]

Document = dict[str, Any]


def optimize_document(result: Result) -> Document:
    """The document of `tierwise optimize`.

    `risk.optimal` is the least risk; the allocation reported attains it to 1e-9.
    """
    solutions = {"none": result.none, "observed": result.observed, "optimal": result.optimal}
    given = {name: solution for name, solution in solutions.items() if name != "none"}
    return {
        "risk": {name: s.risk for name, s in solutions.items()} | {"optimal": result.risk},
        "expected_loss": {name: s.expected_loss for name, s in solutions.items()},
        "cvar": {name: s.cvar for name, s in solutions.items()},
        "var": {name: s.var for name, s in solutions.items()},
        "budget": numbers_of(result.budget),
        "allocation": {name: numbers_of(s.allocation.sum(axis=1)) for name, s in given.items()},
        "by_instrument": {name: table_of(s.allocation) for name, s in given.items()},
        "tiers": {name: numbers_of(result.tiers(s)) for name, s in given.items()},
        "loss": {name: numbers_of(s.loss) for name, s in solutions.items()},
        "unmet": {name: table_of(s.unmet) for name, s in solutions.items()},
        "next_unit": numbers_of(result.next_unit),
        "transfer": {
            giving: {to: _number(fall) for to, fall in row.items() if to != giving}
            for giving, row in result.transfer.iterrows()
        },
        "method": asdict(result.method),
        "certificate": asdict(result.certificate),
        "provenance": provenance_document(result.chain, result.options),
    }


def evaluate_document(chain: Chain, solution: Solution, options: RiskOptions) -> Document:
    """The document of `tierwise evaluate`."""
    return {
        "risk": solution.risk,
        "expected_loss": solution.expected_loss,
        "cvar": solution.cvar,
        "var": solution.var,
        "loss": numbers_of(solution.loss),
        "unmet": table_of(solution.unmet),
        "certificate": asdict(solution.certificate),
        "provenance": provenance_document(chain, options),
    }


def gain_document(chain: Chain, gain: Gain) -> Document:
    """The document of `tierwise gain`."""
    return {
        "from": gain.giving,
        "to": gain.receiving,
        "funds": gain.funds,
        "shares": [float(share) for share in gain.curve.index],
        "gain": [float(fall) for fall in gain.curve],
        "peak": {"share": gain.peak_share, "gain": gain.peak_gain},
        "certificate": asdict(gain.certificate),
        "provenance": provenance_document(chain, gain.options),
    }


def finding_document(chain: Chain, finding: Finding) -> Document:
    """The document of `tierwise finding`: the published finding, part by part."""
    return {
        "shape": [without_nan(asdict(shape)) for shape in finding.shapes],
        "correlations": [without_nan(row) for row in finding.correlations.to_dict(orient="records")],
        "explanation": {
            "observed": numbers_of(finding.explanation.observed),
            "mixtures": finding.explanation.mixtures.reset_index().to_dict(orient="records"),
            "nearest": list(finding.explanation.nearest),
        },
        "claims": [asdict(claim) for claim in finding.claims],
        "certificate": asdict(finding.explanation.certificate),
        "provenance": provenance_document(chain, finding.options),
    }


def indicators_document(values: pd.DataFrame, ranking: str, ranks: pd.DataFrame) -> Document:
    """The document of `tierwise indicators`: {definition: {segment: {indicator: value}}} and the ranking."""
    definitions = values.columns.get_level_values(0).unique()
    return {
        "indicators": {str(definition): table_of(values[definition]) for definition in definitions},
        "ranking": {"indicator": ranking, "ranks": table_of(ranks)},
    }


def provenance_document(chain: Chain, options: RiskOptions) -> Document:
    """Hashes, changes, options and versions behind an answer."""
    return dict(provenance(chain, options))


def without_nan(row: Mapping[Any, Any]) -> Document:
    """A flat record whose NaN are null."""
    return {str(key): _number(value) if isinstance(value, float) else value for key, value in row.items()}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def numbers_of(series: pd.Series) -> dict[str, float | None]:
    """A Series as a JSON object."""
    return {str(label): _number(value) for label, value in series.items()}


def table_of(frame: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """A DataFrame as a JSON object of objects, row by row."""
    return {str(label): numbers_of(row) for label, row in frame.iterrows()}
