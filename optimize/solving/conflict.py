"""Why there is no allocation: the smallest set of demands that exclude each other, in the user's words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from chains.numbers import ChainNumbers
from optimize.program.first_stage import Limit
from optimize.program.two_stage import TwoStage
from optimize.solver.linear import InfeasibleError, LinearProgram, NotOptimalError, Solver

__all__ = ["EXCLUDED", "NoSolutionError", "explain_conflict"]

EXCLUDED = "no allocation satisfies all of: "
"""What the demands that exclude each other are told after."""


class NoSolutionError(Exception):
    """The options leave no allocation; the message names the demands that conflict."""


def explain_conflict(stages: TwoStage, numbers: ChainNumbers, limits: Sequence[Limit]) -> str:
    """The demands on the first stage that exclude each other, none of which could be dropped; empty if none do.

    The recourse is always feasible (leave everything unmet), so only the first stage can conflict. What no proof
    excludes counts as possible: a solver that fails is no conflict.
    """
    words = [_in_words(row, numbers, limits) for row in stages.first_rows]
    first = _alone(stages)
    kept = np.ones(len(words), dtype=bool)
    if _feasible(first, kept):
        return ""
    for row, said in enumerate(words):
        if said:
            kept[row] = False
            kept[row] = _feasible(first, kept)
    demands = [said for said, stays in zip(words, kept, strict=True) if said and stays]
    return EXCLUDED + "; ".join(demands) if demands else ""


def _alone(stages: TwoStage) -> LinearProgram:
    """The first stage without the recourse and without a cost."""
    rows, columns = len(stages.first_rows), stages.first_columns
    program = stages.program
    return LinearProgram(
        cost=np.zeros(columns),
        matrix=program.matrix[:rows][:, :columns],
        row_lower=program.row_lower[:rows],
        row_upper=program.row_upper[:rows],
        column_lower=program.column_lower[:columns],
        column_upper=program.column_upper[:columns],
    )


def _feasible(program: LinearProgram, kept: np.ndarray) -> bool:
    """Whether it is not proven that the rows kept exclude each other (the deletion filter's question)."""
    rows = replace(
        program,
        matrix=program.matrix[np.flatnonzero(kept)],
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
    )
    try:
        Solver(rows).solve()
    except InfeasibleError:
        return False
    except NotOptimalError:
        return True
    return True


def _in_words(row: str, numbers: ChainNumbers, limits: Sequence[Limit]) -> str:
    """What a row of the first stage asks, as a user would say it; empty for rows that only define something."""
    name, _, index = row.partition("[")
    if name == "budgets":
        return f"the budget of instrument '{numbers.instruments[int(index.rstrip(']'))]}'"
    if name == "limited":
        return limits[int(index.rstrip("]"))].label
    if name == "movement":
        return "the limit on what moves"
    return ""
