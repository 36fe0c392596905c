"""One allocation for several futures at once: the least of the largest of their risks, as one linear program."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from optimize.program.first_stage import shared_columns
from optimize.program.two_stage import TwoStage
from optimize.solver.linear import LinearProgram

__all__ = ["largest_of"]


def largest_of(stages: Sequence[TwoStage]) -> TwoStage:
    """The program  min theta  subject to  theta >= risk_n(x, v_n)  and the rows of every future n.

    The futures' programs have the same columns, of which those of `shared_columns` are one and the same in all;
    rows that touch only these are written once. The first future's columns keep their places, and one future alone
    is returned as it is. (The master program of column-and-constraint generation: Zeng and Zhao, Solving two-stage
    robust optimization problems using a column-and-constraint generation method, Operations Research Letters 41(5),
    2013.)
    """
    first = stages[0]
    if len(stages) == 1:
        return first
    width = len(first.program.cost)
    shared = np.concatenate([first.columns(name) for name in shared_columns(first.levers)])
    own = np.setdiff1d(np.arange(width), shared)
    total = width + (len(stages) - 1) * len(own) + 1
    parts, risks = [first.program], [_placed(first.program.cost[None, :], np.arange(width), total)]
    matrices = [_placed(first.program.matrix, np.arange(width), total)]
    for n, stage in enumerate(stages[1:]):
        places = np.arange(width)
        places[own] = width + n * len(own) + np.arange(len(own))
        part = _rows_with(stage.program, own)
        matrices.append(_placed(part.matrix, places, total))
        risks.append(_placed(stage.program.cost[None, :], places, total))
        parts.append(replace(part, column_lower=part.column_lower[own], column_upper=part.column_upper[own]))
    theta = np.append(np.zeros(total - 1), 1.0)
    above = sparse.vstack(risks) - sparse.csr_array(np.tile(theta, (len(stages), 1)))
    none = np.full(len(stages), -np.inf)
    program = LinearProgram(
        cost=theta,
        matrix=sparse.csr_array(sparse.vstack([*matrices, above], format="csr")),
        row_lower=np.concatenate([*(part.row_lower for part in parts), none]),
        row_upper=np.concatenate([*(part.row_upper for part in parts), np.zeros(len(stages))]),
        column_lower=np.concatenate([*(part.column_lower for part in parts), [0.0]]),
        column_upper=np.concatenate([*(part.column_upper for part in parts), [np.inf]]),
    )
    return replace(first, program=program)


def _placed(matrix: sparse.csr_array | np.ndarray, places: np.ndarray, total: int) -> sparse.csr_array:
    """The matrix with its columns at their places among all columns."""
    entries = sparse.coo_array(matrix)
    shape = (entries.shape[0], total)
    return sparse.csr_array(sparse.coo_array((entries.data, (entries.row, places[entries.col])), shape=shape))


def _rows_with(program: LinearProgram, columns: np.ndarray) -> LinearProgram:
    """The program with only those rows that have an entry in one of the columns."""
    kept = np.flatnonzero(np.diff(sparse.csr_array(program.matrix[:, columns]).indptr))
    return replace(
        program,
        matrix=sparse.csr_array(program.matrix[kept]),
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
    )
