"""How good the numbers are, as a JSON document and in words."""

from collections.abc import Callable

import pandas as pd

from chains import Chain
from chains.tables.schema import CHOICES
from optimize.sampling.quality import ALL, Quality
from scenarios.documents.values import Document, Tables, Units, provenance_document, table_of, without_nan

__all__ = ["FIRST", "TABLES", "UNITS", "document", "in_words"]

FIRST = 5
"""Numbers that matter most, which are named."""
_OUTCOMES = {
    "regret": "the fall in risk by reallocation",
    "risk_least": "the least risk",
    "risk_observed": "the risk as it is",
    "risk_none": "the risk without subsidies",
    "reduction": "the share by which reallocation lowers risk",
}


def document(chain: Chain, found: Quality) -> Document:
    """The document of `tierwise quality`; `numbers` by falling effect, `first` the labels of the first that matter."""
    counts = found.counts
    citations = dict(zip(chain.table("sources")["source"], chain.table("sources")["citation"], strict=True))
    records = [without_nan(row) for row in found.numbers.reset_index().to_dict(orient="records")]
    return {
        "outcome": found.outcome,
        "method": found.method,
        "trajectories": found.trajectories,
        "dropped": found.dropped,
        "counts": {str(package): {str(name): int(n) for name, n in row.items()} for package, row in counts.iterrows()},
        "shares": table_of(counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0)),
        "weighted": table_of(found.weighted),
        "certain": found.certain,
        "choices": found.choices,
        "first": [str(label) for label in found.moving.index[:FIRST]],
        "numbers": [{**record, "citation": citations.get(str(record["source"]), "")} for record in records],
        "certificate": 0.0 if pd.isna(found.certificate) else found.certificate,
        "provenance": provenance_document(chain, found.options),
    }


def in_words(found: Document, called: Callable[[str], str] = str) -> str:
    """How many numbers are evidence, how much of what moves the answer is, and which numbers matter most.

    `called` names a number: as the package does, unless it is given.
    """
    counts, weighted = found["counts"][ALL], found["weighted"][ALL]
    total = sum(counts.values())
    each = ", ".join(f"{count} {status}" for status, count in counts.items())
    said = f"{total} numbers: {each} ({1 - counts['assumed'] / max(total, 1):.0%} reported or derived)."
    if found["choices"]:
        said += f" Not among them, and left as they are: {found['choices']} chosen ({', '.join(CHOICES)})."
    outcome = _OUTCOMES.get(found["outcome"], found["outcome"].replace("_", " "))
    if not found["first"]:
        return f"{said} No number with a range moves {outcome}, so weighted there is nothing to share."
    known = weighted["reported"] + weighted["derived"]
    said += (
        f" Weighted by how much each moves {outcome} over its range, {known:.0%} are reported or derived; the "
        f"{found['certain']} taken as certain weigh nothing."
    )
    return f"{said} {_first(found, called)}{_dropped(found)}"


def _first(found: Document, called: Callable[[str], str]) -> str:
    """The numbers that matter most, each with its share, status and source, and how many of them are judgement."""
    records = [record for record in found["numbers"] if record["factor"] in found["first"]]
    told = "; ".join(
        f"{called(one['factor'])} ({one['share']:.0%}, {one['status']}, '{one['source']}')" for one in records
    )
    assumed, count = sum(one["status"] == "assumed" for one in records), len(records)
    how = (
        f"a Morris screen of {found['trajectories']} trajectories"
        if found["method"] == "morris"
        else "moving one at a time"
    )
    if count == 1:
        return f"By {how} one number alone matters, {told}."
    judged = "none" if not assumed else "all" if assumed == count else str(assumed)
    return (
        f"By {how} these {count} matter most, with their shares of all effects: {told}. Assumed are {judged} of them."
    )


def _dropped(found: Document) -> str:
    what = "trajectories" if found["method"] == "morris" else "numbers"
    return f" {found['dropped']:.0%} of {what} had no solution and are left out." if found["dropped"] > 0 else ""


TABLES: Tables = {"quality": lambda chain, found: found["numbers"]}
"""Every number with a range, the one that moves the outcome most first, as a table of a results folder."""
UNITS: Units = {
    "quality": {
        **dict.fromkeys(("effect", "conf"), "that of the outcome"),
        "share": "share of all effects",
        **dict.fromkeys(("low", "value", "high"), "that of the number"),
    }
}
"""What its numbers count in."""
