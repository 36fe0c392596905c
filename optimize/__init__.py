"""What would be best: the linear program of a chain and every question asked of it.

`evaluate` tells the risk of an allocation, `optimize` finds the least-risk one, `robust` the one whose worst case is
least, `ranges` what every least-risk one has in common, `gain_curve` what moving money between tiers brings,
`frontier` what more money would bring, `plan` when to spend it over years, `break_even` what would have to be true,
`turning_points` where the advice turns, `priorities` which goals the observed allocation fits, `self_sufficiency` what
a target costs, `choke_points` and `worst_cuts` what hurts most, `against` what is best against the worst. Nothing here
reads a file.

Each name is imported when it is first used: a command starts with the questions that it asks, and no others.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from optimize import deferred as _before_pyomo  # noqa: F401  (what it does, it does when imported)

if TYPE_CHECKING:
    from optimize.questions.against import Against, AgainstOptions, against
    from optimize.questions.break_even import BreakEven, break_even
    from optimize.questions.choke_points import ChokePoints, choke_points, cut_loss
    from optimize.questions.exact import Exact, prove_least_risk, prove_risk
    from optimize.questions.explanation import Explanation, explain
    from optimize.questions.frontier import Frontier, frontier
    from optimize.questions.gain import Gain, gain_curve
    from optimize.questions.least_risk import Advice, Result, least_risk, optimize, provenance
    from optimize.questions.plan import Course, Plan, PlanOptions, plan
    from optimize.questions.priorities import Priorities, priorities
    from optimize.questions.ranges import Ranges, ranges
    from optimize.questions.robust import Robust, RobustOptions, robust
    from optimize.questions.self_sufficiency import CostCurve, SelfSufficiency, cost_curve, self_sufficiency
    from optimize.questions.turning_points import TurningPoints, turning_points
    from optimize.questions.what_if import WhatIf, WhatIfOptions, happening, what_if
    from optimize.questions.what_ifs import WhatIfs
    from optimize.questions.worst_cuts import WorstCuts, worst_cuts
    from optimize.solver.linear import Certificate, InaccurateError, NotOptimalError
    from optimize.solving.conflict import NoSolutionError
    from optimize.solving.evaluation import Solution, evaluate
    from optimize.solving.options import Options, RiskOptions

__all__ = [
    "Advice",
    "Against",
    "AgainstOptions",
    "BreakEven",
    "Certificate",
    "ChokePoints",
    "CostCurve",
    "Course",
    "Exact",
    "Explanation",
    "Frontier",
    "Gain",
    "InaccurateError",
    "NoSolutionError",
    "NotOptimalError",
    "Options",
    "Plan",
    "PlanOptions",
    "Priorities",
    "Ranges",
    "Result",
    "RiskOptions",
    "Robust",
    "RobustOptions",
    "SelfSufficiency",
    "Solution",
    "TurningPoints",
    "WhatIf",
    "WhatIfOptions",
    "WhatIfs",
    "WorstCuts",
    "against",
    "break_even",
    "choke_points",
    "cost_curve",
    "cut_loss",
    "evaluate",
    "explain",
    "frontier",
    "gain_curve",
    "happening",
    "least_risk",
    "optimize",
    "plan",
    "priorities",
    "prove_least_risk",
    "prove_risk",
    "provenance",
    "ranges",
    "robust",
    "self_sufficiency",
    "turning_points",
    "what_if",
    "worst_cuts",
]

_MODULES = {
    "questions.against": ("Against", "AgainstOptions", "against"),
    "questions.break_even": ("BreakEven", "break_even"),
    "questions.choke_points": ("ChokePoints", "choke_points", "cut_loss"),
    "questions.exact": ("Exact", "prove_least_risk", "prove_risk"),
    "questions.explanation": ("Explanation", "explain"),
    "questions.frontier": ("Frontier", "frontier"),
    "questions.gain": ("Gain", "gain_curve"),
    "questions.least_risk": ("Advice", "Result", "least_risk", "optimize", "provenance"),
    "questions.plan": ("Course", "Plan", "PlanOptions", "plan"),
    "questions.priorities": ("Priorities", "priorities"),
    "questions.ranges": ("Ranges", "ranges"),
    "questions.robust": ("Robust", "RobustOptions", "robust"),
    "questions.self_sufficiency": ("CostCurve", "SelfSufficiency", "cost_curve", "self_sufficiency"),
    "questions.turning_points": ("TurningPoints", "turning_points"),
    "questions.what_if": ("WhatIf", "WhatIfOptions", "happening", "what_if"),
    "questions.what_ifs": ("WhatIfs",),
    "questions.worst_cuts": ("WorstCuts", "worst_cuts"),
    "solver.linear": ("Certificate", "InaccurateError", "NotOptimalError"),
    "solving.conflict": ("NoSolutionError",),
    "solving.evaluation": ("Solution", "evaluate"),
    "solving.options": ("Options", "RiskOptions"),
}
_PLACES = {name: f"optimize.{module}" for module, some in _MODULES.items() for name in some}


if not TYPE_CHECKING:  # type checkers shall tell of a name that is not there

    def __getattr__(name: str) -> Any:
        """Import on first use."""
        if name not in _PLACES:
            raise AttributeError(f"module 'optimize' has no attribute '{name}'")
        found = globals()[name] = getattr(import_module(_PLACES[name]), name)
        return found


def __dir__() -> list[str]:
    return __all__
