"""One assumption at a time as a JSON document."""

from chains import Chain
from optimize.sampling.tornado import Tornado
from scenarios.documents.values import Document, without_nan

__all__ = ["document"]


def document(chain: Chain, found: Tornado) -> Document:
    """The outcome at both ends of each factor."""
    rows = [without_nan(row) for row in found.table.reset_index().to_dict(orient="records")]
    return {"outcome": found.outcome, "base": found.base, "factors": rows, "problems": found.problems}
