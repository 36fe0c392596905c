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
    "evaluate_document",
    "finding_document",
    "gain_document",
    "indicators_document",
    "optimize_document",
    "provenance_document",
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
        "budget": _numbers(result.budget),
        "allocation": {name: _numbers(s.allocation.sum(axis=1)) for name, s in given.items()},
        "by_instrument": {name: _table(s.allocation) for name, s in given.items()},
        "tiers": {name: _numbers(result.tiers(s)) for name, s in given.items()},
        "loss": {name: _numbers(s.loss) for name, s in solutions.items()},
        "unmet": {name: _table(s.unmet) for name, s in solutions.items()},
        "next_unit": _numbers(result.next_unit),
        "transfer": {
            giving: {to: _number(fall) for to, fall in row.items() if to != giving}
            for giving, row in result.transfer.iterrows()
        },
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
        "loss": _numbers(solution.loss),
        "unmet": _table(solution.unmet),
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
        "shape": [_without_nan(asdict(shape)) for shape in finding.shapes],
        "correlations": [_without_nan(row) for row in finding.correlations.to_dict(orient="records")],
        "explanation": {
            "observed": _numbers(finding.explanation.observed),
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
        "indicators": {str(definition): _table(values[definition]) for definition in definitions},
        "ranking": {"indicator": ranking, "ranks": _table(ranks)},
    }


def provenance_document(chain: Chain, options: RiskOptions) -> Document:
    """Hashes, changes, options and versions behind an answer."""
    return dict(provenance(chain, options))


def _without_nan(row: Mapping[Any, Any]) -> Document:
    """A flat record whose NaN are null."""
    return {str(key): _number(value) if isinstance(value, float) else value for key, value in row.items()}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _numbers(series: pd.Series) -> dict[str, float | None]:
    return {str(label): _number(value) for label, value in series.items()}


def _table(frame: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    return {str(label): _numbers(row) for label, row in frame.iterrows()}
