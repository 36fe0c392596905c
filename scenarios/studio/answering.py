"""The answer to a state: chains read once, programs compiled once (`WhatIfs`), then a solve a move."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import RLock
from time import perf_counter

from chains import Chain, InputError, Problem, load
from chains.recent import Recent
from optimize import Advice, InaccurateError, NoSolutionError, NotOptimalError, WhatIf, WhatIfs
from scenarios.report.naming import country_name, segment_label
from scenarios.storing import StoredCase
from scenarios.studio.moves import Moves
from scenarios.studio.places import Place
from scenarios.studio.state import State
from scenarios.terminal import what_if
from scenarios.terminal.least_risk import result_sentence

__all__ = ["Answer", "Answering"]

KEPT = 6
"""Chains, and compiled programs, that are kept ready for a tab: as many packages and sets of levers as one compares."""

_ONE_AT_A_TIME = RLock()
"""Models are compiled one at a time: Pyomo keeps a stack of what is being built, and our caches are shared."""


@dataclass(frozen=True)
class Answer:
    """What follows from a state: the advice and a sentence, or the problems why there is none.

    `source` is the chain of the packages alone, None where they have problems; `seconds` is how long it took.
    """

    state: State
    source: Chain | None
    advice: Advice | None
    sentence: str
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0

    @property
    def solved(self) -> bool:
        """Whether there is an answer."""
        return self.advice is not None


class Answering:
    """What answers one tab."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._chains: Recent[Hashable, Chain] = Recent(KEPT)
        self._ready: Recent[Hashable, tuple[Chain, WhatIfs]] = Recent(KEPT)
        self._answers: Recent[Hashable, Answer] = Recent(KEPT)

    def answer(self, state: State) -> Answer:
        """The answer to a state; the same state is not solved again."""
        with _ONE_AT_A_TIME:
            return self._answers.once(state, lambda: self._answered(state))

    def chain(self, state: State) -> Chain:
        """The chain of the packages of a state, without what is moved; InputError with every problem of them."""
        with _ONE_AT_A_TIME:
            return self._chains.once(state.packages, lambda: self._read(state))

    def _read(self, state: State) -> Chain:
        return load(*(self._place.source(package) for package in state.packages))

    def _answered(self, state: State) -> Answer:
        start, source = perf_counter(), None
        try:
            source = self.chain(state)
            advice, sentence = self._advice(state, source)
        except InputError as error:
            return Answer(state, source, None, "", error.problems, perf_counter() - start)
        except (NoSolutionError, NotOptimalError, InaccurateError) as error:
            problem = Problem("answer", 0, "", str(error), "move back what was moved last")
            return Answer(state, source, None, "", (problem,), perf_counter() - start)
        return Answer(state, source, advice, sentence, (), perf_counter() - start)

    def _advice(self, state: State, source: Chain) -> tuple[Advice, str]:
        moves = state.moves
        prepared, ready = self._ready.once((state.packages, moves.structure(source)), lambda: _readied(moves, source))
        chain = moves.moved(prepared)
        if not moves.cut:
            advice = ready.advice(chain, **moves.given)
            return advice, result_sentence(advice, _called(chain))
        advice = ready.advice(chain, **moves.given, beta=0.0)
        happened = WhatIf(
            chain, moves.cutting, advice.none, advice.observed, advice.optimal, certificate=advice.certificate
        )
        return advice, what_if.sentence(chain, happened, _called(chain))


def _called(chain: Chain) -> Callable[[str], str]:
    """Goods and countries by their names for people."""
    case = StoredCase.of_chain(chain)
    return lambda name: segment_label(case, name) if name in chain.segments.index else country_name(name)


def _readied(moves: Moves, source: Chain) -> tuple[Chain, WhatIfs]:
    """The chain with all rows that are moved, and the programs of it and of every chain like it."""
    prepared = moves.prepared(source)
    return prepared, WhatIfs(prepared, levers=moves.levers)
