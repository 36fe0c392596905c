"""The one reader of JSON files: descriptors of packages, and what a results folder holds."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from chains.tables.problems import Problem
from chains.tables.text_files import read_text

__all__ = ["json_of", "read_json"]


def read_json(path: Path, file: str) -> tuple[Any, list[Problem]]:
    """The content of a JSON file (None with a problem: it is not JSON); `file` is its name in messages."""
    text, unread = read_text(path, file)
    return (None, unread) if unread else json_of(text, file)


def json_of(text: str, file: str) -> tuple[Any, list[Problem]]:
    """The content of a text that should be JSON, as of `read_json`.

    A key that stands twice in an object is a problem: JSON's readers silently take the last. So are NaN and Infinity,
    which are no JSON.
    """
    problems: list[Problem] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key, count in Counter(key for key, _ in pairs).items():
            if count > 1:
                wrong = f"'{key}' stands {count} times in one object"
                problems.append(Problem(file, 0, key, wrong, "keep one of them"))
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=_no_number), problems
    except (ValueError, RecursionError) as error:
        return None, [Problem(file, 0, "", f"is not valid JSON ({error})", "mend it")]


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")
