"""Starting up: a command imports what it uses. Which modules a fresh process holds at its end, not how long it took."""

import json
import subprocess
import sys

import pytest

_RUN = """
import json, sys
from scenarios.cli import main
try:
    main({arguments!r})
except SystemExit as stop:
    assert stop.code == 0, stop.code
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def _imported(*arguments: str) -> set[str]:
    """The modules that a fresh process holds after a command."""
    run = [sys.executable, "-c", _RUN.format(arguments=arguments)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("words", ["--help", "-h", "list"])
def test_what_only_tells_needs_no_numbers(words: str) -> None:
    imported = _imported(words)
    assert "typer" in imported
    assert not imported & {"numpy", "pandas", "pyomo", "scipy", "highspy", "chains", "optimize", "plotly"}


_SOLVES = ("pandas", "highspy", "scipy.sparse", "pyomo.core")

# A module that is deferred has a stand-in under its name, so one of its parts tells whether it was imported.
_NOT_NEEDED = (
    "SALib",
    "distributed",
    "jinja2",
    "numpy.f2py.crackfortran",
    "openpyxl",
    "plotly",
    "pyomo.environ",
    "scipy.integrate._quadpack_py",
    "scipy.optimize",
    "scipy.sparse.csgraph",
    "scipy.sparse.linalg",
    "scipy.spatial._kdtree",
    "scipy.stats._stats_py",
)


_OTHER_QUESTIONS = (
    "optimize.questions.against",
    "optimize.questions.choke_points",
    "optimize.questions.plan",
    "optimize.questions.turning_points",
    "optimize.sampling",
    "scenarios.studies",
)


@pytest.mark.slow
def test_the_least_risk_allocation_needs_only_what_solves_it() -> None:
    imported = _imported("optimize", "robots")
    assert imported.issuperset(_SOLVES)
    assert not imported & {*_NOT_NEEDED, *_OTHER_QUESTIONS}


@pytest.mark.slow
@pytest.mark.parametrize(
    "use", ["import scipy.stats as s; s.norm.cdf(0.0)", "from scipy import stats; stats.rankdata([2, 1])"]
)
def test_what_was_deferred_works_once_it_is_used(use: str) -> None:
    script = f"import chains, optimize, sys\nassert 'scipy.stats._stats_py' not in sys.modules\n{use}"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


@pytest.mark.slow
def test_the_translator_of_fortran_that_was_deferred_works_once_it_is_used() -> None:
    script = "import chains, numpy.f2py.crackfortran, numpy; print(numpy.f2py.get_include())"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
