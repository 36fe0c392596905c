"""Write which libraries Tierwise needs, directly and through others, and under which licences they stand.

    python constraints/licences.py > docs/licences.md

Read from the metadata of what is installed in this environment, for every extra that users may install.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = "tierwise"
EXTRAS = ("cluster", "countries", "mpi", "studio")
"""What users install beside the program; extras for tests, benchmarks are for developers alone."""

HEAD = """# Licences of what Tierwise needs

Tierwise stands under the MIT licence. These libraries are installed with it, not shipped in it; `python
constraints/licences.py > docs/licences.md` reads them and their licences from the installed metadata. `direct` names
those that `pyproject.toml` asks for; the others are needed by them.

Two things are shipped. HiGHS for browsers, the npm package `highs`, MIT: every page of a report that can be moved
carries it; its licence and the SHA-256 of its files are in `scenarios/report/solver`. And Plotly's script, the npm
package `plotly.js`, MIT, with the kinds of charts alone that reports have: every page carries it; the licences of all
that is in it and its SHA-256 are in `scenarios/report/plotlyjs`.

| library | licence | needed |
|---|---|---|
"""


def needed(name: str, extras: tuple[str, ...], seen: dict[str, str], how: str) -> None:
    """Note every requirement of a distribution, and then theirs."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return
    new = []
    for text in found.requires or ():
        requirement = Requirement(text)
        if requirement.marker is not None and not any(
            requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            continue
        inner = canonicalize_name(requirement.name)
        if inner != ROOT and inner not in seen:
            seen[inner] = how
            new.append((inner, tuple(requirement.extras)))
    for inner, asked in new:
        needed(inner, asked, seen, "through others")


def licence(found: Distribution) -> str:
    """The licence as a distribution states it: an SPDX expression, else classifiers, else the first line of it."""
    about = found.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    classified = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License ::")
    ]
    told = [name for name in classified if name != "OSI Approved"]
    stated = [line.strip() for line in (about.get("License") or "").splitlines()]
    named = [line for line in stated if any(map(str.isalpha, line)) and line.lower() not in ("license", "copyright")]
    return ", ".join(told) or (named[0] if named else "not stated in its metadata")


def lines() -> Iterator[str]:
    """A row a library, those asked for first."""
    seen: dict[str, str] = {}
    needed(ROOT, EXTRAS, seen, "direct")
    for name, how in sorted(seen.items(), key=lambda item: (item[1] != "direct", item[0])):
        try:
            yield f"| {name} | {licence(distribution(name))} | {how} |\n"
        except PackageNotFoundError:
            yield f"| {name} | not installed here | {how} |\n"


if __name__ == "__main__":
    sys.stdout.write(HEAD + "".join(lines()))
