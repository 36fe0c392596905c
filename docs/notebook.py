"""Write docs/notebook.ipynb: its cells stand here, and what they show is found by running them.

python docs/notebook.py
"""

import ast
import json
from pathlib import Path
from typing import Any

__all__ = ["CELLS", "notebook", "shown"]

CELLS = (
    """# From a package of figures to a chart

A chain is loaded, the least-risk allocation of its subsidies found, and what comes out looked at as words, a table
and a chart. It runs on a laptop in a few seconds; `jupyter lab docs/notebook.ipynb` opens it.""",
    "import tierwise as tw",
    """## The chain

`robots` ships with Tierwise. Your own is a folder of CSV files: `tw.load("./my-robots")`. A chain is what is: it never
changes, and a what-if is a new one. Every number carries its source, or that it is assumed and why.""",
    """robots = tw.load("robots")
robots""",
    'robots.to_frame("disruptions")[["scenario", "location", "value", "status", "source"]].head()',
    "robots.plot()",
    """## The answer

What allocation of the observed money leaves least risk? The answer says so in words, and holds all that is behind it:
each answer of Tierwise has `.plot()` and `.to_frame()`, and a wrong name in either lists what there is.""",
    """best = tw.optimize(robots)
best""",
    "best.plot()",
    """money = best.to_frame("allocations")
money.pivot_table(index="segment", columns="allocation", values="value", aggfunc="sum").round(3)""",
    """money.attrs["units"]""",
    """best.plot("loss")""",
    """## What if?

Disruptions in Japan are half as severe, and at most a fifth of the money moves from where it is.""",
    """calmer = robots.scaled("disruptions", 0.5, location="JPN")
tw.optimize(calmer, move=0.2)""",
    """## How much money, and how sure?

The frontier has least risk at every budget, each breakpoint exact. The certificate says how well the optimality
conditions hold, recomputed from the program's own matrix.""",
    """frontier = tw.frontier(robots)
frontier""",
    "frontier.plot()",
    "frontier.certificate.worst < 1e-7",
    """More: [every question with a worked example](questions), [what the words mean](glossary.md), and studies, which
ask many cases at once and end in a report ([studies.md](studies.md)).""",
)
"""Text where a cell is not Python."""


def notebook() -> dict[str, Any]:
    """The notebook, with what each cell shows."""
    names: dict[str, Any] = {}
    return {
        "cells": [_cell(n, text, names) for n, text in enumerate(CELLS)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def shown(code: str, names: dict[str, Any]) -> Any:
    """Run a cell among the names of those before; what its last line is, if that is an expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def is_code(text: str) -> bool:
    """Whether a cell is Python; prose is no program."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return False
    return any(not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant) for node in tree.body)


def _cell(number: int, text: str, names: dict[str, Any]) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    if not is_code(text):
        return {"cell_type": "markdown", "id": f"cell-{number}", "metadata": {}, "source": lines}
    value = shown(text, names)
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"cell-{number}",
        "metadata": {},
        "outputs": [] if value is None else [_output(value)],
        "source": lines,
    }


def _output(value: Any) -> dict[str, Any]:
    """What Jupyter would store: a figure as its data, else the text and the table."""
    import plotly.graph_objects as go

    if isinstance(value, go.Figure):
        figure = json.loads(value.to_json())
        figure["layout"].pop("template", None)
        data: dict[str, Any] = {"application/vnd.plotly.v1+json": figure, "text/plain": "a chart"}
    else:
        data = {"text/plain": repr(value)}
        if (html := getattr(value, "_repr_html_", lambda: None)()) is not None:
            data["text/html"] = html
    return {"data": data, "execution_count": None, "metadata": {}, "output_type": "execute_result"}


if __name__ == "__main__":
    place = Path(__file__).with_suffix(".ipynb")
    place.write_text(json.dumps(notebook(), indent=1, ensure_ascii=False) + "\n", "utf-8")
