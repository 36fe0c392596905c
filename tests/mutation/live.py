"""A mutant put into modules that are imported: functions get the code that the mutated source gives them.

So whoever has imported a function, wrapped it or made it a method meets the mutant, and nothing is imported again.
"""

import gc
from collections.abc import Iterator
from types import CodeType, FunctionType

__all__ = ["Living", "changed"]

_FUNCTION = 0x1
"""The flag (CO_OPTIMIZED) that a function's code has, and that of a module or a class has not."""


def changed(source: str, mutated: str, path: str) -> list[CodeType] | None:
    """Code of the functions that a mutant changes; None where it changes what runs at import (constants, fields)."""
    one, other = compile(source, path, "exec"), compile(mutated, path, "exec")
    if _without_functions(one) != _without_functions(other):
        return None
    pairs = zip(_functions(one), _functions(other), strict=True)
    return [now for was, now in pairs if was != now]


class Living:
    """Functions of some files that live, by name, file and row."""

    def __init__(self, root: str) -> None:
        self.by_place: dict[_Place, list[FunctionType]] = {}
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(root):
                self.by_place.setdefault(_place(one.__code__), []).append(one)

    def put_in(self, codes: list[CodeType]) -> bool:
        """Give functions other code; whether each code has found one."""
        for code in codes:
            for one in self.by_place.get(_place(code), ()):
                one.__code__ = code
        return all(_place(code) in self.by_place for code in codes)


_Place = tuple[str, str, int]


def _place(code: CodeType) -> _Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Functions of a module and of its classes, without those inside of functions."""
    for one in code.co_consts:
        if isinstance(one, CodeType) and one.co_flags & _FUNCTION:
            yield one
        elif isinstance(one, CodeType):
            yield from _functions(one)


def _without_functions(code: CodeType) -> tuple[object, ...]:
    """What of a module or a class runs at import."""
    constants = [
        one if not isinstance(one, CodeType) else _place(one) if one.co_flags & _FUNCTION else _without_functions(one)
        for one in code.co_consts
    ]
    return code.co_code, code.co_names, *((type(one), one) for one in constants)
