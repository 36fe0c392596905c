"""What an import wrote, as a JSON document."""

from dataclasses import asdict
from pathlib import Path

from chains.importing import Imported
from scenarios.documents.values import Document

__all__ = ["document"]


def document(name: str, target: Path, imported: Imported) -> Document:
    """The document of `tierwise import`.

    `rows` and `given` count the rows of every table, and those that rest on the set; `read` says how the files were
    read, `lacks` what the set does not give, in the words of IMPORT.md; `indicators` are those of dependence by trade
    (docs/import.md), none where the set is not of trade.
    """
    meta = imported.meta
    return {
        "set": name,
        "written": str(target),
        "home": meta.home,
        "currency": meta.currency,
        "unit": meta.unit,
        "year": meta.year,
        "rows": dict(imported.rows),
        "given": dict(imported.given),
        "read": list(imported.said),
        "lacks": list(imported.lacks),
        "indicators": [asdict(row) for row in imported.indicators],
    }
