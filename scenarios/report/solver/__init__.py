"""HiGHS for a reader's browser: compiled to WebAssembly, as the npm package `highs` has it (MIT, LICENSE beside this).

`highs.json` says which version it is and the SHA-256 of its files; `python -m scenarios.report.solver.refresh VERSION`
puts another in their place. The program is kept compressed, as a page carries it.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from scenarios.report.packing import as_text, packed

__all__ = ["BINARY", "FACTS", "LICENCE", "SCRIPT", "facts", "packed_binary", "packed_script"]

SCRIPT, BINARY, LICENCE, FACTS = "highs.js", "highs.wasm.gz", "LICENSE", "highs.json"


def facts() -> dict[str, Any]:
    """Name, version, licence and SHA-256 of the files as they were published."""
    return dict(json.loads(_content(FACTS)))


@cache
def packed_binary() -> str:
    """The compiled solver, compressed, as text that HTML may contain."""
    return as_text(_content(BINARY))


@cache
def packed_script() -> str:
    """The script that loads it, compressed, as text that HTML may contain."""
    return packed(_content(SCRIPT))


def _content(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
