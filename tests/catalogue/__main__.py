"""See `tests.catalogue`."""

import sys
import tempfile
from pathlib import Path

from tests.catalogue.asking import said_of
from tests.catalogue.inputs import INPUTS
from tests.catalogue.places import places, reached

HEAD = """# What is said to bad input

Every message here was made by the input above it: `python -m tests.catalogue > docs/errors.md`, and a test holds the
page current. Each names the place (`file:row:column`, an option, a key of a study), says what is wrong, and what would
be right. All problems are told at once, at most one for each cell; the exit status is 2, and nothing is written.
`small` is the package of `tests/small.py`.
"""


def page(folder: Path) -> str:
    """The page, with every input asked below a folder."""
    parts = [HEAD]
    with reached() as lines:
        for section, inputs in INPUTS.items():
            parts.append(f"## {section}\n")
            for n, bad in enumerate(inputs):
                said = said_of(bad, folder / f"{section[:3]}{len(parts)}{n}")
                parts.append(f"{bad.what[0].upper()}{bad.what[1:]}\n\n```text\n{said}\n```\n")
    parts.append(_missing(lines))
    return "\n".join(parts)


def _missing(lines: set[tuple[str, int]]) -> str:
    """Which places that make a message were not reached; functions, since lines move."""
    every = places()
    left = {
        place: function
        for place, function in every.items()
        if not any(file == place[0] and place[1] <= line <= place[2] for file, line in lines)
    }
    named = sorted({f"`{place[0]}`: `{function}`" for place, function in left.items()})
    said = (
        f"## What is not shown\n\n{len(every)} places in the code make a message about input; {len(every) - len(left)} "
        "of them made one above. The others (calls from Python, MPI, draws, and rare faults) are in:\n\n"
    )
    return said + "\n".join(f"- {one}" for one in named) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as there:
        sys.stdout.write(page(Path(there).resolve()))
