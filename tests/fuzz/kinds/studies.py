"""Study files over the small package: valid ones drawn from all that they can say, then spoiled."""

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chains import InputError
from optimize import least_risk
from scenarios.report.answering import check_answer
from scenarios.running.plan import samplings, tasks_of
from scenarios.studies import read_study
from scenarios.studies.expanding import Ready, ready_cases
from tests import small
from tests.fuzz import independently
from tests.fuzz.example import Example
from tests.fuzz.spoiling import spoiled_bytes, spoiled_document
from tests.fuzz.watching import Verdict

COMPARED = 2
"""Cases of an accepted study whose answer is compared."""

_WHERE: dict[str, list[dict[str, Any]]] = {
    "demand": [{}, {"segment": "system"}, {"use": "cars"}],
    "inputs": [{}, {"input": "part"}, {"input": ["part", "robot"]}],
    "supply": [{}, {"location": "JPN"}, {"segment": "robot", "location": ["CHN", "DEU"]}],
    "response": [{}, {"parameter": "ceiling"}, {"segment": "part", "parameter": "slope"}],
    "subsidies": [{}, {"segment": "robot"}],
    "disruptions": [{}, {"scenario": "quake"}],
    "probabilities": [{}, {"scenario": "embargo"}],
}
_ANSWERS = (
    "",
    "{{ cases.first.risk.optimal | percent }}",
    "{{ cases.frist.risk }}",
    "{{ 1/0 }}",
    "{% for %}",
    "{{ x }}",
)


def draw(rng: np.random.Generator) -> Example:
    study: Any = _valid(rng)
    if rng.random() < 0.6:
        study = spoiled_document(rng, study)
    content = _toml(study).encode("utf-8", "replace")
    if rng.random() < 0.15:
        content = spoiled_bytes(rng, content)
    return Example("studies", {**_package(), "study.toml": content})


def _package() -> dict[str, bytes]:
    return {f"package/{name}": text.encode() for name, text in small.FILES.items()}


def _valid(rng: np.random.Generator) -> dict[str, Any]:
    study: dict[str, Any] = {"title": "Drawn", "question": "Which?", "answer": str(rng.choice(_ANSWERS))}
    study["outputs"] = [str(one) for one in ("ranges", "frontier", "definitions") if rng.random() < 0.3]
    study["options"] = _options(rng)
    study["changes"] = [_change(rng) for _ in range(rng.integers(0, 2))]
    study["cases"] = [
        {
            "name": name,
            "title": name.capitalize(),
            "packages": ["package"],
            "changes": [_change(rng) for _ in range(rng.integers(0, 3))],
            "options": _options(rng),
        }
        for name in ("first", "second")[: rng.integers(1, 3)]
    ]
    if rng.random() < 0.4:
        axis: dict[str, Any] = {"name": "axis"}
        if rng.random() < 0.5:
            axis |= {"option": "budget", "values": [1.0, 2.5]}
        else:
            table = str(rng.choice(sorted(_WHERE)))
            axis |= {"table": table, "multiply": [0.5, 1.0]}
        study["grids"] = [{"name": "grid", "axes": [axis]}]
    if rng.random() < 0.2:
        study["draws"] = {"seed": 1, "count": 2, "replicates": 2}
    return study


def _options(rng: np.random.Generator) -> dict[str, Any]:
    every = {"alpha": 0.8, "beta": 0.3, "pieces": 5, "budget": 2.0, "move": 0.5, "maximum": {"part": 2.0}}
    return {name: value for name, value in every.items() if rng.random() < 0.2}


def _change(rng: np.random.Generator) -> dict[str, Any]:
    table = str(rng.choice(sorted(_WHERE)))
    where = _WHERE[table][rng.integers(len(_WHERE[table]))]
    how = [("multiply", 0.5), ("multiply", 1.0), ("add", 0.0), ("set", 0.25)][rng.integers(4)]
    return {"table": table, "where": where, how[0]: how[1]}


def _toml(value: Any) -> str:
    """TOML of a document, everything inline below the first level; what TOML cannot hold is written as it looks."""
    if not isinstance(value, dict):
        return f"title = {_inline(value)}\n"
    return "".join(f"{_inline(str(key))} = {_inline(inner)}\n" for key, inner in value.items())


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_inline(str(key))} = {_inline(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(inner) for inner in value) + "]"
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in str(value))
    return f'"{escaped}"'


def ask(folder: Path, example: Example) -> Verdict:
    file = read_study(str(folder / "study.toml"))
    if problems := check_answer(file):
        raise InputError(problems)
    ready = ready_cases(file)
    samplings(file.study, ready)
    tasks_of(file.study, ready)
    for case in ready[:COMPARED]:
        verdict = _compared(folder, file.study.model_dump(mode="json"), case)
        if verdict.ended != "same":
            return verdict
    return Verdict("same")


def _compared(folder: Path, study: Mapping[str, Any], case: Ready) -> Verdict:
    own = next(one for one in study["cases"] if one["name"] == case.case)
    added = [*study["add"], *own["add"]]
    options = {**_given(case), "minimum": dict(case.options.minimum), "maximum": dict(case.options.maximum)}
    if case.grid or added or own["definition"] != "location" or own["packages"] != [str(folder / "package")]:
        least_risk(case.chain, **options)
        return Verdict("same")  # solved; what it should be is not worked out independently
    copy = Path(shutil.copytree(folder / "package", folder / f"{case.name}-changed"))
    for change in (*study["changes"], *own["changes"]):
        _apply(copy, change)
    return independently.compared(
        lambda: least_risk(case.chain, **options).risk,
        lambda: independently.least_risk(copy, options),
        f"risk of {case.name}",
    )


def _given(case: Ready) -> dict[str, Any]:
    return {name: getattr(case.options, name) for name in ("alpha", "beta", "pieces", "levers", "budget", "move")}


def _apply(package: Path, change: Mapping[str, Any]) -> None:
    """Change the value of every row that a change means, in the file."""
    path = package / f"{change['table']}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        meant = all(row[key] in ([want] if isinstance(want, str) else want) for key, want in change["where"].items())
        if meant and change["multiply"] is not None:
            row["value"] = repr(float(row["value"]) * change["multiply"])
        elif meant and change["add"] is not None:
            row["value"] = repr(float(row["value"]) + change["add"])
        elif meant:
            row["value"] = repr(float(change["set"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
