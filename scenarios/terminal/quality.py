"""How good the numbers are, on a terminal."""

import numpy as np
from rich.console import Group
from rich.text import Text

from chains import Chain
from optimize.sampling.quality import Quality
from scenarios.documents.quality import document, in_words
from scenarios.terminal.figures import points
from scenarios.terminal.tables import number_table

__all__ = ["sentence", "view"]

SHOWN = 12
"""Numbers that the terminal shows; the JSON document has all."""


def sentence(chain: Chain, found: Quality) -> str:
    """How many numbers are evidence, how much of what moves the answer is, and which numbers matter most."""
    return f"{chain.name}: {in_words(document(chain, found))}"


def view(chain: Chain, found: Quality) -> Group:
    """Counts and weights by status, and the numbers that move the answer most."""
    statuses = list(found.counts.columns)
    shares = number_table(
        "Numbers, and their weight", ["package"], [*statuses, *(f"{s}, weighted" for s in statuses)], goes_on=True
    )
    for package, row in found.counts.iterrows():
        weights = found.weighted.loc[[package]].to_numpy(dtype=float)[0]
        told = ("-" if np.isnan(weight) else f"{weight:.0%}" for weight in weights)
        shares.add_row(str(package), *(str(count) for count in row), *told)
    moving = found.moving.head(SHOWN)
    title = f"What moves {found.outcome} most ({found.method}; {len(moving)} of {len(found.numbers)} with a range)"
    table = number_table(
        title,
        ["number", "status", "source"],
        ["share", "effect (points)", "low", "high"],
        prose=["number"],
        less=["low", "high", "source"],
    )
    for label, row in moving.iterrows():
        ends = (f"{row['low']:.4g}", f"{row['high']:.4g}")
        table.add_row(str(label), row["status"], row["source"], f"{row['share']:.1%}", points(row["effect"]), *ends)
    words = Text(sentence(chain, found), style="bold")
    held = f"optimality conditions hold to {found.certificate:.1e} in every draw (recomputed from the matrix)"
    return Group(words, shares, table, Text(held, style="dim"))
