"""Every library that pyproject.toml asks for has its licence in docs/licences.md, and none is unknown."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_library_that_is_asked_for_has_its_licence_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["cluster"], *extras["mpi"], *extras["studio"]]
    names = {re.split(r"[<>=;\[ ]", text)[0].lower() for text in asked}
    rows = re.findall(r"^\| ([\w.-]+) \| (.+) \| direct \|$", (ROOT / "docs" / "licences.md").read_text("utf-8"), re.M)
    told = dict(rows)
    assert names - {*told} == set(), "python constraints/licences.py > docs/licences.md"
    assert [name for name in names if re.search(r"not (stated|installed)|^License$", told[name])] == []
