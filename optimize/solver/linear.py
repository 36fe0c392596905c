"""What other rooms take from this one: a linear program, its solver, the certificate, and what can go wrong."""

from optimize.solver.arrays import dot, within
from optimize.solver.certificate import Certificate, Part, certify, certify_parts, excludes
from optimize.solver.failures import InaccurateError, InfeasibleError, NotOptimalError
from optimize.solver.least_squares import Squares
from optimize.solver.lexicographic import among_best, among_nearest
from optimize.solver.linear_program import LinearProgram
from optimize.solver.solver import Optimum, Solver, pass_model
from optimize.tolerances import ACCURATE

__all__ = [
    "ACCURATE",
    "Certificate",
    "InaccurateError",
    "InfeasibleError",
    "LinearProgram",
    "NotOptimalError",
    "Optimum",
    "Part",
    "Solver",
    "Squares",
    "among_best",
    "among_nearest",
    "certify",
    "certify_parts",
    "dot",
    "excludes",
    "pass_model",
    "within",
]
