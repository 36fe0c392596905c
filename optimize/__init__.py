"""What would be best: the linear program of a chain and every question asked of it.

`evaluate` tells the risk of an allocation, `optimize` finds the least-risk one, `gain_curve` what moving money
between tiers brings. Nothing here reads a file.
"""

from optimize.conflict import NoSolutionError
from optimize.evaluation import Solution, evaluate
from optimize.explanation import Explanation, explain
from optimize.gain import Gain, gain_curve
from optimize.least_risk import Result, optimize, provenance
from optimize.linear import Certificate, NotOptimalError
from optimize.options import Options, RiskOptions

__all__ = [
    "Certificate",
    "Explanation",
    "Gain",
    "NoSolutionError",
    "NotOptimalError",
    "Options",
    "Result",
    "RiskOptions",
    "Solution",
    "evaluate",
    "explain",
    "gain_curve",
    "optimize",
    "provenance",
]
