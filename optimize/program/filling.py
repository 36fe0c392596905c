"""Compile a model once, then only put in other numbers.

Every number of a compiled model (a coefficient, a bound, a cost) is affine in the parameters of the model: 1 - a_kk, or
the sum of observed amounts. The constants and factors are found by compiling at a few settings; so the mathematics
stays in the Pyomo model alone, and a draw of its parameters costs one product of a sparse matrix and a vector.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
from scipy import sparse

from chains.numbers import Array
from chains.tables.matching import Positions
from optimize.program.compiling import Compiled
from optimize.tolerances import AGREE

__all__ = ["AffineModel", "compile_affine"]

_START = 2.0
"""Setting of every parameter at first: no coefficient such as 1 - a_kk vanishes there or above."""


@dataclass(frozen=True)
class AffineModel:
    """numbers = constant + factor @ parameters; `factor[number, parameter]`, infinite bounds stay."""

    pattern: Compiled
    constant: Array
    factor: sparse.csr_array
    _last: dict[bytes, Compiled] = field(default_factory=dict, init=False, compare=False, repr=False)

    def at(self, parameters: Array) -> Compiled:
        """The model compiled with these parameters. A coefficient that is 0 there stays stored.

        The last one is kept for the next time: draws and what-ifs often leave one of the two models as it is.
        """
        key = parameters.tobytes()
        found = self._last.get(key)
        if found is None:
            found = _with_numbers(self.pattern, self.constant + self.factor @ parameters)
            self._last.clear()
            self._last[key] = found
        return found


def compile_affine(build: Callable[[Array], Compiled], count: int, groups: Sequence[Positions]) -> AffineModel:
    """The affine model of `build(parameters)`, which takes `count` parameters.

    Every parameter is in one group, and no number may depend on two parameters of a group. A group is found by two
    compilations: all its parameters 1 higher gives the factor f of every number, and parameter j higher by 1 + j gives
    f (1 + j), so j. RuntimeError where another setting shows that `build` is not affine in this way.
    """
    start: Array = np.full(count, _START)
    pattern = build(start)
    base = _numbers(pattern)
    rows, columns, factors = [np.empty(0, np.intp)], [np.empty(0, np.intp)], [np.empty(0)]
    for group in groups:
        rise = _rise(build, start, group, np.ones(len(group)), base)
        tagged = _rise(build, start, group, np.arange(1.0, len(group) + 1.0), base)
        at = np.flatnonzero(np.abs(rise) > AGREE)
        which = np.rint(tagged[at] / rise[at]).astype(np.intp) - 1
        rows.append(at)
        columns.append(group[np.clip(which, 0, len(group) - 1)])
        factors.append(rise[at])
    entries = (np.concatenate(factors), (np.concatenate(rows), np.concatenate(columns)))
    factor = sparse.csr_array(sparse.coo_array(entries, shape=(len(base), count)))
    model = AffineModel(pattern, base - factor @ start, factor)
    _verify(model, build, start + np.linspace(0.3, 0.9, count) ** 2)  # evenly spaced, a sum is 3 times the middle one
    return model


def _rise(build: Callable[[Array], Compiled], start: Array, group: Positions, step: Array, base: Array) -> Array:
    """How far every number rises when the parameters of a group do; infinite bounds do not."""
    setting = start.copy()
    setting[group] += step
    numbers = _numbers(build(setting))
    changed = numbers != base
    rise = np.zeros_like(base)
    rise[changed] = numbers[changed] - base[changed]
    return rise


def _verify(model: AffineModel, build: Callable[[Array], Compiled], setting: Array) -> None:
    expected, found = build(setting), model.at(setting)
    alike = np.array_equal(expected.matrix.indices, found.matrix.indices) and np.array_equal(
        expected.matrix.indptr, found.matrix.indptr
    )
    if not (alike and np.allclose(_numbers(expected), _numbers(found), rtol=AGREE, atol=AGREE)):
        raise RuntimeError("the compiled model is not affine in its parameters")


def _numbers(compiled: Compiled) -> Array:
    """Every number of a compiled model, in one vector."""
    return np.concatenate([compiled.matrix.data, *_bounds(compiled), *compiled.costs.values()])


def _bounds(compiled: Compiled) -> tuple[Array, Array, Array, Array]:
    return compiled.row_lower, compiled.row_upper, compiled.column_lower, compiled.column_upper


def _with_numbers(pattern: Compiled, numbers: Array) -> Compiled:
    """A compiled model of the same pattern with other numbers, in the order of `_numbers`."""
    lengths = [pattern.matrix.nnz, *map(len, _bounds(pattern)), *map(len, pattern.costs.values())]
    ends = list(accumulate(lengths, initial=0))
    data, row_lower, row_upper, column_lower, column_upper, *costs = (numbers[a:b] for a, b in pairwise(ends))
    bounds = row_lower, row_upper, column_lower, column_upper
    return pattern.with_numbers(data, bounds, dict(zip(pattern.costs, costs, strict=True)))
