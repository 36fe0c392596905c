"""The answers of a study as tables: one a kind, over all cases, a row a number; Parquet files and one workbook."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scenarios.storing.workbooks import workbook
from scenarios.studies.expanding import Ready

__all__ = ["TABLES", "write_tables"]

Record = dict[str, Any]
EXCEL_ROWS = 1_000_000
"""Rows of a sheet that Excel opens; a longer table is in its Parquet file alone."""


def write_tables(folder: Path, ready: Sequence[Ready], answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Write every table that has rows."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    tables = {}
    for name, make in TABLES.items():
        records = [record for case in ready for record in make(case, answers[case.name])]
        if records:
            tables[name] = pd.DataFrame(records)
            tables[name].to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    with workbook(folder / "tables.xlsx") as writer:
        for name, table in tables.items():
            if len(table) <= EXCEL_ROWS:
                table.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))


def _cases(case: Ready, found: Mapping[str, Any]) -> Iterator[Record]:
    """One row a case: what it is, whether it was solved, and the answer."""
    reasons = "; ".join(f"{question}: {why['reason']}" for question, why in found["failed"].items())
    row: Record = {"case": case.name, "title": case.title, "of": case.case, "grid": case.grid or None}
    row |= {f"at_{axis}": value for axis, value in case.point.items()}
    row |= {"packages": case.chain.name, "definition": case.chain.definition, "unit": case.chain.money_unit}
    row |= {"solved": "optimize" in found["answers"], "why_not": reasons or None}
    best = found["answers"].get("optimize")
    if best:
        for measure in ("risk", "expected_loss", "cvar", "var"):
            row |= {f"{measure}_{which}": value for which, value in best[measure].items()}
        row["budget"] = sum(best["budget"].values())
        for which, tiers in best["tiers"].items():
            row |= {f"{tier}_{which}": money for tier, money in tiers.items()}
        row["certificate"] = max(best["certificate"].values())
    yield row


def _best(make: Callable[[Ready, Record], Iterator[Record]]) -> Callable[[Ready, Mapping[str, Any]], Iterator[Record]]:
    """A table of the least-risk answer: no rows where a case has none."""

    def rows(case: Ready, found: Mapping[str, Any]) -> Iterator[Record]:
        best = found["answers"].get("optimize")
        return iter(()) if best is None else make(case, best)

    return rows


def _allocations(case: Ready, best: Record) -> Iterator[Record]:
    tiers = case.chain.segments["tier"]
    for which, table in best["by_instrument"].items():
        for segment, row in table.items():
            for instrument, money in row.items():
                key = {"case": case.name, "allocation": which, "segment": segment, "tier": tiers[segment]}
                yield key | {"instrument": instrument, "value": money}


def _losses(case: Ready, best: Record) -> Iterator[Record]:
    numbers = case.chain.numbers
    probability = dict(zip(numbers.scenarios, numbers.probability, strict=True))
    for which, losses in best["loss"].items():
        for scenario, loss in losses.items():
            key = {"case": case.name, "allocation": which, "scenario": scenario}
            yield key | {"probability": float(probability[scenario]), "value": loss}


def _next_unit(case: Ready, best: Record) -> Iterator[Record]:
    for segment, fall in best["next_unit"].items():
        yield {"case": case.name, "segment": segment, "value": fall}


def _transfers(case: Ready, best: Record) -> Iterator[Record]:
    for giving, row in best["transfer"].items():
        for receiving, fall in row.items():
            yield {"case": case.name, "from": giving, "to": receiving, "value": fall}


def _listed(question: str, part: Callable[[Any], Any]) -> Callable[[Ready, Mapping[str, Any]], Iterator[Record]]:
    """A table of the records that an answer lists."""

    def rows(case: Ready, found: Mapping[str, Any]) -> Iterator[Record]:
        if question in found["answers"]:
            for record in part(found["answers"][question]):
                yield {"case": case.name, **record}

    return rows


def _pairs(names: tuple[str, str], pairs: Sequence[Sequence[float]]) -> list[Record]:
    return [dict(zip(names, pair, strict=True)) for pair in pairs]


TABLES: dict[str, Callable[[Ready, Mapping[str, Any]], Iterator[Record]]] = {
    "cases": _cases,
    "allocations": _best(_allocations),
    "losses": _best(_losses),
    "next_unit": _best(_next_unit),
    "transfers": _best(_transfers),
    "gain": _listed("gain", lambda gain: _pairs(("share", "value"), [*zip(gain["shares"], gain["gain"], strict=True)])),
    "frontier": _listed("frontier", lambda found: _pairs(("budget", "risk"), found["breakpoints"])),
    "mixtures": _listed("finding", lambda found: found["explanation"]["mixtures"]),
    "claims": _listed("finding", lambda found: found["claims"]),
    "choke_points": _listed("choke-points", lambda found: found["single"]),
    "draws": _listed("uncertainty", lambda found: found["draws"]),
    "sensitivity": _listed("uncertainty", lambda found: found["sensitivity"]),
}
