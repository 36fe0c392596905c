"""Least risk under many what-ifs of one chain: one program, of which only the numbers that differ are changed.

Every what-if starts from the optimal basis of the chain itself. Scattered what-ifs started from each other's end would
be slower than from scratch, since the basis of one says little about the next (docs/performance.md).
"""

from copy import copy
from dataclasses import replace
from typing import Unpack

import numpy as np

from chains import Chain, InputError
from chains.numbers import ChainNumbers, Enters, Part, sharing, unlike
from chains.numbers.quantities import array_of, quantities
from optimize.program.links import alike_scenarios
from optimize.program.recourse import links_of
from optimize.questions.least_risk import Advice, advised
from optimize.solver.linear import Certificate, LinearProgram, NotOptimalError, Solver
from optimize.solving.balance import check_balance
from optimize.solving.budgets import limits_of
from optimize.solving.conflict import NoSolutionError, explain_conflict
from optimize.solving.draw_programs import DrawnProgram, DrawPrograms
from optimize.solving.evaluation import Evaluator
from optimize.solving.options import Arguments, Options, make_options
from optimize.tolerances import COEFFICIENT_ROUNDING

__all__ = ["WhatIfs", "same_matrices"]

LARGER = 10.0
"""Times the final demand of the chain up to which its inner units serve."""


class WhatIfs:
    """The least risk of a chain and of what-ifs of it; options as for `optimize`.

    A what-if may change every value, but not which segments, scenarios, instruments and inputs there are, so any
    `Chain -> Chain` method will do. `certificate` is the worst of all solves so far.
    """

    def __init__(self, chain: Chain, **options: Unpack[Arguments]) -> None:
        self._chain = chain
        self._programs = DrawPrograms(chain.numbers, make_options(Options, options))
        self._base = self._programs.at(chain.numbers)
        self._stages = self._base.least_risk()
        self._open = _open_columns(self._stages.program)
        self._solver = Solver(self._stages.program.columns(self._open))
        self.certificate = Certificate(0.0, 0.0, 0.0, 0.0)
        check_balance(chain, self._base.recourse, self._base.inner, self._base.units)
        self._solved(self._solver, self._base)
        self._solver.keep_basis()
        self._basis = self._solver.basis

    def risk(self, what_if: Chain | ChainNumbers | None = None, *, budget: float | None = None) -> float:
        """Least risk, a share of weighted final demand: what `optimize(what_if, budget=budget).risk` is.

        `what_if`: None for the chain itself; a Chain, or its `numbers` with some arrays replaced where thousands of
        what-ifs are asked. `budget`: None for that of the options. Raises what `optimize` raises, and InputError
        where a what-if has other segments, scenarios, instruments or inputs.
        """
        numbers = what_if.numbers if isinstance(what_if, Chain) else what_if or self._chain.numbers
        self._check_shape(numbers)
        drawn = self._drawn(numbers, budget)
        if not _as_balanced(drawn, self._base):
            check_balance(self._chain, drawn.recourse, drawn.inner, drawn.units)
        like = self._stages if same_matrices(drawn, self._base) else None
        program = drawn.least_risk(like).program
        if _open_columns(program)[~self._open].any():
            return drawn.units.risk(self._solved(Solver(program), drawn), numbers)
        if like is None:
            solver = Solver(program.columns(self._open))
            solver.start_from(self._basis)
            return drawn.units.risk(self._solved(solver, drawn), numbers)
        self._solver.turn_into(program.columns(self._open, self._solver.program.matrix))
        return drawn.units.risk(self._solved(self._solver, drawn), numbers)

    def advice(self, what_if: Chain | None = None, **options: Unpack[Arguments]) -> Advice:
        """The observed allocation and the least-risk one under a what-if: what `optimize(what_if)` says of both.

        `what_if`: None for the chain itself. Options take the place of those given at the start; levers stay, since
        the compiled recourse is theirs. Errors as for `risk`.
        """
        chain = what_if or self._chain
        chosen = make_options(Options, self._programs.options.model_dump() | options)
        if chosen.levers != self._programs.options.levers:
            was = ", ".join(self._programs.options.levers)
            raise InputError.single("option levers", f"is not as it was at the start: {was}", "make new WhatIfs")
        self._check_shape(chain.numbers)
        evaluator = Evaluator(chain, chosen.risk_options(), chosen.levers, self._programs.recourse)
        found = advised(evaluator, chosen)
        self.certificate = self.certificate.worse(found.certificate)
        return found

    def _drawn(self, numbers: ChainNumbers, budget: float | None) -> DrawnProgram:
        """The programs of a what-if: in the base's units, so that what it leaves alone stays the same to the last bit.

        In units of its own where it is so much larger or smaller that the solver's tolerances would mean another thing.
        """
        programs, base = self._programs, self._chain.numbers
        if budget is not None:
            programs = copy(programs)
            programs.options = make_options(Options, programs.options.model_dump() | {"budget": budget})
        alike = 1.0 / LARGER <= numbers.demand.sum() / base.demand.sum() <= LARGER
        drawn = programs.at(numbers, self._base.units if alike else None)
        if not alike:
            return drawn
        return replace(drawn, inner=sharing(numbers, base, drawn.inner, self._base.inner, Enters.SCENARIO))

    def _check_shape(self, numbers: ChainNumbers) -> None:
        for name in unlike(numbers, self._chain.numbers):
            raise InputError.single(f"what-if: {name}", "differ from the chain's", "make it from the same chain")

    def _solved(self, solver: Solver, drawn: DrawnProgram) -> float:
        try:
            optimum = solver.solve()
        except NotOptimalError as error:
            limits = limits_of(drawn.inner, drawn.options, drawn.units.money)
            conflict = explain_conflict(drawn.least_risk(), drawn.inner, limits)
            raise (NoSolutionError(conflict) if conflict else error) from None
        self.certificate = self.certificate.worse(optimum.certificate)
        return max(optimum.objective, 0.0)


def _open_columns(program: LinearProgram) -> np.ndarray:
    """Which columns are not fixed at 0, as unmet demand is where there is none, a fifth of all; others are left out."""
    return np.asarray((program.column_lower != 0.0) | (program.column_upper != 0.0))


def _as_balanced(drawn: DrawnProgram, base: DrawnProgram) -> bool:
    """Whether calm asks no more and leaves no less than in the base, which balances; then nothing need be solved."""
    new, old = drawn.inner, base.inner
    more, scale = 1.0 + COEFFICIENT_ROUNDING, drawn.units.money / base.units.money
    asks_no_more = (new.demand * scale <= old.demand * more).all() and (new.inputs.data <= old.inputs.data).all()
    leaves_no_less = (new.home[new.calm_phase] * scale * more >= old.home[old.calm_phase]).all()
    imports_no_less = (new.foreign[new.calm_phase] * scale * more >= old.foreign[old.calm_phase]).all()
    same_weights = (np.abs(new.weight - old.weight) <= COEFFICIENT_ROUNDING * old.weight).all()
    same_parts = all(_same_in_calm(new, old, kind) for kind in new.parts)
    return bool(asks_no_more and leaves_no_less and imports_no_less and same_weights and same_parts)


def _same_in_calm(new: ChainNumbers, old: ChainNumbers, kind: type[Part]) -> bool:
    """Whether the numbers of an optional table that enter calm's recourse are the same but for rounding."""
    for name, told in quantities(new.parts[kind]):
        if told.enters in (Enters.RECOURSE, Enters.SCENARIO):
            mine, other = (array_of(numbers.parts[kind], name) for numbers in (new, old))
            if "phase" in told.index:
                axis = told.index.index("phase")
                mine, other = np.take(mine, [new.calm_phase], axis), np.take(other, [old.calm_phase], axis)
            if not np.allclose(mine, other, rtol=COEFFICIENT_ROUNDING, atol=0.0):
                return False
    return True


def same_matrices(drawn: DrawnProgram, base: DrawnProgram) -> bool:
    """Whether only bounds and costs differ, but for rounding: no coefficient, and no factor of a link."""
    pairs = [(drawn.first.matrix, base.first.matrix)]
    pairs += [(model.matrix, base.recourse.of(phases).matrix) for phases, model in drawn.recourse.by_phases.items()]
    if not all((np.abs(new.data - old.data) <= COEFFICIENT_ROUNDING * np.abs(old.data)).all() for new, old in pairs):
        return False
    links = links_of(drawn.recourse.levers)
    alike = list(alike_scenarios(drawn.inner))
    return all(
        link.factor is None or np.array_equal(link.factor(drawn.inner, some), link.factor(base.inner, some))
        for link in links
        for some in alike
    )
