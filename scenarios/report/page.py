"""Build the page from a results folder."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from scenarios.report.charts import gain_chart, loss_chart, next_unit_chart, tier_chart
from scenarios.report.words import amount, answer, fall_in_words, money_unit, rests_on, share
from scenarios.store import StoredCase, StoredStudy, read_results

__all__ = ["write_report"]


@dataclass(frozen=True)
class Figure:
    """A chart with its heading, what it says in words (also its alternative text) and its numbers as a table."""

    ident: str
    heading: str
    words: str
    chart: str
    table: pd.DataFrame


def write_report(folder: Path, target: Path) -> None:
    """Write the report of a results folder as one self-contained HTML page."""
    target.write_text(render(read_results(folder)), "utf-8")


def render(study: StoredStudy) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=PackageLoader("scenarios.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = [
        {
            "case": case,
            "answer": answer(case),
            "rests_on": rests_on(case),
            "figures": _figures(case),
            "counts": case.chain.status_counts(),
            "assumptions": _assumptions(case),
            "sources": _sources(case),
        }
        for case in study.cases
    ]
    return environment.get_template("page.html").render(
        manifest=study.manifest, sections=sections, plotly=get_plotlyjs(), worst=_worst_certificate(study)
    )


def _figures(case: StoredCase) -> list[Figure]:
    best, unit = case.optimize, money_unit(case)
    tiers = pd.DataFrame(best["tiers"]).rename(columns={"optimal": "least risk"})
    losses = pd.DataFrame(best["loss"]).rename(columns={"none": "no subsidy", "optimal": "least risk"})
    segments = case.chain.segments
    next_unit = pd.Series(best["next_unit"], dtype=float).sort_values(ascending=False)
    ranking = pd.DataFrame(
        {"tier": segments["tier"].reindex(next_unit.index), f"points per {unit}": 100 * next_unit}
    )
    curve = pd.DataFrame({"share moved": case.gain["shares"], "points": [100 * g for g in case.gain["gain"]]})
    return [
        _figure(
            case,
            "tiers",
            "Observed and least-risk profile by tier",
            f"Subsidy by tier in {unit}: {_profile(tiers['observed'])} observed, "
            f"{_profile(tiers['least risk'])} at least risk.",
            tier_chart(case),
            tiers.map(amount),
        ),
        _figure(
            case,
            "gain",
            f"What moving money from {case.gain['from']} to {case.gain['to']} brings",
            fall_in_words(case),
            gain_chart(case),
            curve.map(lambda number: f"{number:.3g}").set_index("share moved"),
        ),
        _figure(
            case,
            "loss",
            "Loss by disruption scenario",
            f"Expected loss falls from {share(best['expected_loss']['observed'], 2)} to "
            f"{share(best['expected_loss']['optimal'], 2)} of final demand, and the mean of the worst "
            f"{share(1 - best['provenance']['options']['alpha'], 0)} of outcomes (CVaR) from "
            f"{share(best['cvar']['observed'])} to {share(best['cvar']['optimal'])}.",
            loss_chart(case),
            losses.map(lambda loss: share(loss, 2)),
        ),
        _figure(
            case,
            "next",
            "Where the next 1% of the budget works best",
            f"Fall in risk per {unit} when the next 1% of the budget goes to one segment, from the observed "
            "allocation. A bar of zero says that this segment alone is not what limits delivery.",
            next_unit_chart(case),
            ranking.map(lambda cell: cell if isinstance(cell, str) else f"{cell:.4g}"),
        ),
    ]


def _figure(case: StoredCase, kind: str, heading: str, words: str, chart: go.Figure, table: pd.DataFrame) -> Figure:
    return Figure(f"{case.name}-{kind}", heading, words, str(chart.to_json()), table)


def _profile(amounts: pd.Series) -> str:
    return ", ".join(f"{tier} {amount(money)}" for tier, money in amounts.items())


def _assumptions(case: StoredCase) -> pd.DataFrame:
    """Every assumed number with its range, source and reason."""
    evidence = case.chain.evidence()
    assumed = evidence[evidence["status"] == "assumed"]
    return assumed[["package", "table", "key", "value", "low", "high", "source", "note"]]


def _sources(case: StoredCase) -> pd.DataFrame:
    return case.chain.table("sources")[["source", "citation", "locator", "url"]]


def _worst_certificate(study: StoredStudy) -> float:
    """The largest violation of the optimality conditions over every solve behind the page."""
    documents = [document for case in study.cases for document in (case.optimize, case.gain)]
    return float(max(max(document["certificate"].values()) for document in documents))
