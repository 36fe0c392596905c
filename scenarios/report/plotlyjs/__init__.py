"""Plotly's script for a page: the npm package `plotly.js` (MIT) with the kinds of charts alone that reports have.

Whole it is four times as large. `plotly.json` says which version it is, which traces it draws and the SHA-256 of the
script; LICENSES.txt has the licence of every package in it; `python -m scenarios.report.plotlyjs.refresh VERSION` puts
another in its place. It is kept compressed, as a page carries it.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from scenarios.report.packing import as_text

__all__ = ["FACTS", "LICENCES", "SCRIPT", "facts", "packed_library"]

SCRIPT, LICENCES, FACTS = "plotly.js.gz", "LICENSES.txt", "plotly.json"


@cache
def facts() -> dict[str, Any]:
    """Name, version, licence, traces and SHA-256 of the script."""
    return dict(json.loads(_content(FACTS)))


@cache
def packed_library() -> str:
    """The script, compressed, as text that HTML may contain."""
    return as_text(_content(SCRIPT))


def _content(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
