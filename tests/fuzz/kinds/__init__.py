"""The kinds of input: each file has `draw(rng)`, which makes an example, and `ask(folder, example)`, the verdict."""

from types import ModuleType

from tests.fuzz.kinds import allocations, packages, results, studies, workbooks

__all__ = ["KINDS"]

KINDS: dict[str, ModuleType] = {
    "packages": packages,
    "studies": studies,
    "allocations": allocations,
    "workbooks": workbooks,
    "results": results,
}
