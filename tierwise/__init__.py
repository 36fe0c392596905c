"""Tierwise by one name: what scripts need of `data`, `chains`, `optimize` and `scenarios`.

    import tierwise as tw

    robots = tw.load("robots")
    tw.optimize(robots, budget=5.0).allocation

Each name is imported when it is first used, so that `import tierwise` takes no time. The packages stay importable by
themselves: `from chains import load` is `tw.load`.
"""

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chains import Chain, InputError, Problem, load, read_allocation
    from chains.drawing.draws import drawn
    from chains.drawing.uncertain import Uncertain, uncertain
    from chains.importing import Imported, import_set
    from chains.indicators import indicators, indicators_by_definition, ranking_by_definition
    from chains.writing import convert, new_package
    from data import __version__, folder, names
    from optimize import (
        Advice,
        Against,
        AgainstOptions,
        BreakEven,
        Certificate,
        ChokePoints,
        CostCurve,
        Course,
        Exact,
        Explanation,
        Frontier,
        Gain,
        InaccurateError,
        NoSolutionError,
        NotOptimalError,
        Options,
        Plan,
        PlanOptions,
        Priorities,
        Ranges,
        Result,
        RiskOptions,
        Robust,
        RobustOptions,
        SelfSufficiency,
        Solution,
        TurningPoints,
        WhatIf,
        WhatIfOptions,
        WhatIfs,
        WorstCuts,
        against,
        break_even,
        choke_points,
        cost_curve,
        cut_loss,
        evaluate,
        explain,
        frontier,
        gain_curve,
        happening,
        least_risk,
        optimize,
        plan,
        priorities,
        prove_least_risk,
        prove_risk,
        provenance,
        ranges,
        robust,
        self_sufficiency,
        turning_points,
        what_if,
        worst_cuts,
    )
    from optimize.questions.by_definition import least_risk_by_definition
    from optimize.sampling.distribution import Distribution, design, distribution
    from optimize.sampling.quality import Quality, quality
    from optimize.sampling.sensitivity import Screen, Shares, morris, morris_design, sobol, sobol_design
    from optimize.sampling.tornado import Tornado, tornado
    from optimize.sampling.uncertainty import Sampler
    from scenarios import Axis, Change, Done, NewRow, Study, read_results, read_study, run_study

__all__ = [
    "Advice",
    "Against",
    "AgainstOptions",
    "Axis",
    "BreakEven",
    "Certificate",
    "Chain",
    "Change",
    "ChokePoints",
    "CostCurve",
    "Course",
    "Distribution",
    "Done",
    "Exact",
    "Explanation",
    "Frontier",
    "Gain",
    "Imported",
    "InaccurateError",
    "InputError",
    "NewRow",
    "NoSolutionError",
    "NotOptimalError",
    "Options",
    "Plan",
    "PlanOptions",
    "Priorities",
    "Problem",
    "Quality",
    "Ranges",
    "Result",
    "RiskOptions",
    "Robust",
    "RobustOptions",
    "Sampler",
    "Screen",
    "SelfSufficiency",
    "Shares",
    "Solution",
    "Study",
    "Tornado",
    "TurningPoints",
    "Uncertain",
    "WhatIf",
    "WhatIfOptions",
    "WhatIfs",
    "WorstCuts",
    "__version__",
    "against",
    "break_even",
    "choke_points",
    "convert",
    "cost_curve",
    "cut_loss",
    "design",
    "distribution",
    "drawn",
    "evaluate",
    "explain",
    "folder",
    "frontier",
    "gain_curve",
    "happening",
    "import_set",
    "indicators",
    "indicators_by_definition",
    "least_risk",
    "least_risk_by_definition",
    "load",
    "morris",
    "morris_design",
    "names",
    "new_package",
    "optimize",
    "plan",
    "priorities",
    "prove_least_risk",
    "prove_risk",
    "provenance",
    "quality",
    "ranges",
    "ranking_by_definition",
    "read_allocation",
    "read_results",
    "read_study",
    "robust",
    "run_study",
    "self_sufficiency",
    "sobol",
    "sobol_design",
    "tornado",
    "turning_points",
    "uncertain",
    "what_if",
    "worst_cuts",
]

_MODULES = {
    "chains": ("Chain", "InputError", "Problem", "load", "read_allocation"),
    "chains.drawing.draws": ("drawn",),
    "chains.drawing.uncertain": ("Uncertain", "uncertain"),
    "chains.importing": ("Imported", "import_set"),
    "chains.indicators": ("indicators", "indicators_by_definition", "ranking_by_definition"),
    "chains.writing": ("convert", "new_package"),
    "data": ("__version__", "folder", "names"),
    "optimize.questions.by_definition": ("least_risk_by_definition",),
    "optimize.sampling.distribution": ("Distribution", "design", "distribution"),
    "optimize.sampling.quality": ("Quality", "quality"),
    "optimize.sampling.sensitivity": ("Screen", "Shares", "morris", "morris_design", "sobol", "sobol_design"),
    "optimize.sampling.tornado": ("Tornado", "tornado"),
    "optimize.sampling.uncertainty": ("Sampler",),
    "scenarios": ("Axis", "Change", "Done", "NewRow", "Study", "read_results", "read_study", "run_study"),
}
_PLACES = {name: module for module, some in _MODULES.items() for name in some}
"""The module that has each name which is not one of `optimize`."""


if not TYPE_CHECKING:  # type checkers shall tell of a name that is not there

    def __getattr__(name: str) -> Any:
        """Import on first use."""
        if name not in __all__:
            raise AttributeError(f"module 'tierwise' has no attribute '{name}'")
        found = globals()[name] = getattr(import_module(_PLACES.get(name, "optimize")), name)
        if "chains" in sys.modules:  # there is something that may be shown
            import_module("scenarios").present()
        return found


def __dir__() -> list[str]:
    return __all__


def _check() -> None:
    """Say which of the user's files hides a package of ours; the command ends with that, an import with an error."""
    home = Path(__file__).resolve().parents[1]
    # By its path: `chains` may be hidden too, and to import it takes long.
    spec = spec_from_file_location("chains.siblings", home / "chains" / "siblings.py")
    assert spec is not None
    assert spec.loader is not None
    siblings = module_from_spec(spec)
    spec.loader.exec_module(siblings)
    said = "; ".join(siblings.hidden())
    if said and _is_command():
        print(said, file=sys.stderr)
        raise SystemExit(2)
    if said:
        raise siblings.HiddenPackageError(said)


def _is_command() -> bool:
    """Whether this process is `tierwise` or `python -m tierwise`."""
    words = sys.orig_argv[1:]
    return Path((sys.argv or [""])[0]).stem == "tierwise" or (
        "-m" in words and words[words.index("-m") + 1 :][:1] == ["tierwise"]
    )


_check()
