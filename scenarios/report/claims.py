"""The published statements of a study's packages beside what other figures give."""

import pandas as pd

from scenarios.storing import StoredStudy

__all__ = ["claimed_units", "claims_in_words", "claims_of"]


def claims_in_words(claims: pd.DataFrame) -> str:
    """How many claims agree."""
    agree = int((claims["agrees"] == "yes").sum())
    return (
        f"{len(claims)} printed statements were recomputed from other figures, within the printed "
        f"precision: {agree} agree, {len(claims) - agree} do not, and the table says why."
    )


def claimed_units(study: StoredStudy) -> list[str]:
    """The units of the claims, each once."""
    found = {claim["unit"]: None for case in study.cases for claim in case.answers.get("finding", {}).get("claims", ())}
    return [unit for unit in found if unit]


def claims_of(study: StoredStudy) -> pd.DataFrame:
    """Every claim once as a table of text, those that do not agree first."""
    claims = {
        claim["claim"]: claim for case in study.cases for claim in case.answers.get("finding", {}).get("claims", ())
    }
    rows = [
        {
            "place": claim["place"],
            "statement": claim["statement"],
            "published": _number(claim["published"], claim["unit"]),
            "computed": _number(claim["computed"], claim["unit"]),
            "tolerance": "" if isinstance(claim["published"], bool) else f"{claim['tolerance']:g}",
            "agrees": "yes" if claim["agrees"] else "no",
            "how": ". ".join(text.rstrip(".") for text in (claim["how"], claim["why"]) if text),
        }
        for claim in sorted(claims.values(), key=lambda claim: bool(claim["agrees"]))
    ]
    return pd.DataFrame(rows, columns=["place", "statement", "published", "computed", "tolerance", "agrees", "how"])


def _number(value: float | bool, unit: str) -> str:
    if isinstance(value, bool):
        return "holds" if value else "does not hold"
    digits = 4 if abs(value) < 1000 else 7
    return f"{value:,.{digits}g} {unit}".strip()
