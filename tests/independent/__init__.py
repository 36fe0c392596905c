"""The model a second time, for tests: straight from docs/model.md, sharing no code with the program.

Reads package folders with the csv module, writes the linear program scenario by scenario into dense arrays and
solves it with scipy. Slow and plain on purpose; it must not import anything from `chains` or `optimize`.
"""

from tests.independent.comparing import same
from tests.independent.program import SIZE, InfeasibleError, Name, Program, Terms
from tests.independent.reading import CALM, TIERS, Contract, Model, Phase, Preference, Row, Stock, read, rows_of
from tests.independent.study import LEVERS, Allocation, Choice, Evaluated, Study, chords

__all__ = [
    "CALM",
    "LEVERS",
    "SIZE",
    "TIERS",
    "Allocation",
    "Choice",
    "Contract",
    "Evaluated",
    "InfeasibleError",
    "Model",
    "Name",
    "Phase",
    "Preference",
    "Program",
    "Row",
    "Stock",
    "Study",
    "Terms",
    "chords",
    "read",
    "rows_of",
    "same",
]
