"""Least risk between bounds, over MPI: two or three processes on this machine, as a user would start them."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from chains import load
from optimize import optimize
from optimize.program.response import chords
from optimize.solving.options import Options
from optimize.solving.units import to_inner
from tests.independent import Study, read, same
from tests.random_packages import draw, measured, write
from tests.small import Small

if not (find_spec("mpi4py") and find_spec("mpisppy")):
    pytest.skip("the extra `mpi` is not installed", allow_module_level=True)
MPIEXEC = shutil.which("mpiexec", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
if MPIEXEC is None:
    pytest.skip("there is no mpiexec", allow_module_level=True)

ENVIRONMENT = {
    # Open MPI: containers run as root, have few cores and no network
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
    "OMPI_MCA_osc": "^ucx",
    "OMPI_MCA_mpi_yield_when_idle": "1",
}
TOLERANCE = 1e-9
OPTIONS = {"alpha": 0.8, "beta": 0.7, "pieces": 6}
MEASURE = [word for name, value in OPTIONS.items() for word in (f"--{name}", str(value))]


class Ran:
    """What came of a command line under mpiexec."""

    def __init__(self, processes: int, *words: object) -> None:
        python = [sys.executable, "-c", "from scenarios.cli import main; main()", "optimize-mpi"]
        done = subprocess.run(
            [str(MPIEXEC), "-n", str(processes), *python, *map(str, words)],
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def document(self) -> dict:
        assert self.status == 0, self.err
        return json.loads(self.out)


def many(folder: Path, scenarios: int = 20, seed: int = 5) -> Path:
    """A random package with many scenarios, of which the first cannot happen."""
    rng = np.random.default_rng(seed)
    tables, home = draw(rng, money=1.0)
    abroad = sorted({row["location"] for row in tables["supply"]} - {home})
    chances = rng.dirichlet(np.ones(scenarios)) * 0.6
    chances[0] = 0.0
    names = [f"event_{n}" for n in range(scenarios)]
    tables["probabilities"] = [measured(p, scenario=name) for name, p in zip(names, chances, strict=True)]
    tables["disruptions"] = [
        measured(rng.uniform(0.2, 1.0), scenario=name, segment=str(rng.choice(["", row["segment"]])), location=where)
        for name in names
        for row in rng.choice(tables["segments"], 2, replace=False)[:1]
        for where in rng.choice(abroad, min(2, len(abroad)), replace=False).tolist()
    ]
    return write(folder, tables, home)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many(tmp_path_factory.mktemp("mpi") / "dice")


@pytest.fixture(scope="module")
def study(package: Path) -> Study:
    return Study(read(package), **OPTIONS)


@pytest.fixture(scope="module")
def least(study: Study) -> float:
    risk = study.least_risk(study.choice())
    assert risk > 0.01, "the package must leave something to find"
    assert risk < study.evaluate(study.model.observed).risk - 1e-3
    return risk


@pytest.fixture(scope="module")
def document(package: Path) -> dict:
    return Ran(3, package, "--gap", "1e-3", "--bundle", "7", *MEASURE, "--json").document


@pytest.mark.slow
def test_the_bounds_hold_between_them_the_least_risk_that_other_programs_find(
    document: dict, package: Path, least: float
) -> None:
    bounds = document["risk"]
    assert bounds["lower"] - TOLERANCE <= least <= bounds["upper"] + TOLERANCE
    assert same(optimize(load(package), **OPTIONS).risk, least)


@pytest.mark.slow
def test_the_gap_is_that_of_the_bounds_and_no_wider_than_asked(document: dict) -> None:
    lower, upper = document["risk"]["lower"], document["risk"]["upper"]
    assert document["gap"] == pytest.approx((upper - lower) / upper, abs=1e-12)
    assert document["gap"] <= 1e-3
    assert document["stopped"] in ("gap", "optimal")
    assert document["exact"] == (upper - lower <= TOLERANCE)


@pytest.mark.slow
def test_the_upper_bound_is_the_exact_risk_of_the_allocation(document: dict, study: Study) -> None:
    allocation = {(k, i): money for k, row in document["by_instrument"].items() for i, money in row.items()}
    expected = study.evaluate(allocation)
    assert same(document["risk"]["upper"], expected.risk)
    assert same(document["expected_loss"], expected.expected_loss)
    assert same(document["cvar"], expected.cvar)
    assert document["certificate"]["gap"] <= 1e-7


@pytest.mark.slow
def test_the_allocation_keeps_to_the_budget(document: dict, study: Study) -> None:
    for instrument, amount in study.choice().budget.items():
        given = [row[instrument] for row in document["by_instrument"].values()]
        assert min(given) >= 0
        assert sum(given) <= amount * (1 + 1e-7)


@pytest.mark.slow
def test_scenarios_that_cannot_happen_are_left_out_and_the_rest_is_shared_out(document: dict) -> None:
    assert (document["scenarios"], document["bundles"], document["processes"]) == (20, 3, 3)  # 19 of 20, and calm


@pytest.mark.slow
def test_the_bounds_meet_where_no_gap_is_allowed(small: Small) -> None:
    document = Ran(2, small.folder, "--gap", "0", "--json").document
    assert document["exact"]
    assert same(document["risk"]["upper"], optimize(load(small.folder)).risk)


@pytest.mark.slow
def test_rounds_that_are_used_up_are_named_and_the_bounds_still_hold(package: Path, least: float) -> None:
    document = Ran(2, package, "--gap", "0", "--bundle", "7", "--rounds", "2", *MEASURE, "--json").document
    assert document["stopped"] == "rounds"
    assert document["rounds"] == 2
    assert not document["exact"]
    assert document["risk"]["lower"] - TOLERANCE <= least <= document["risk"]["upper"] + TOLERANCE


@pytest.mark.slow
def test_people_read_the_bounds_and_why_it_stopped(package: Path) -> None:
    ran = Ran(2, package, "--seconds", "1e-3")
    assert ran.status == 0, ran.err
    assert "Least risk lies between 0% and" in ran.out  # nothing was proved in a thousandth of a second
    assert "the time is used up" in " ".join(ran.out.split())
    assert "Allocation (money)" in ran.out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processes", "words", "status", "said"),
    [
        (2, ("robots", "--gap", "2", "--rounds", "0"), 2, "option gap: 2.0 is out of range"),
        (2, ("robots", "--min", "upstream=100"), 3, "minimum of upstream: 100"),
        (1, ("robots",), 2, "there is one process, but the bounds need two"),
    ],
)
def test_what_is_wrong_is_said_once(processes: int, words: tuple[str, ...], status: int, said: str) -> None:
    ran = Ran(processes, *words)
    assert ran.status == status
    assert ran.err.count(said) == 1
    assert "Traceback" not in ran.err
    assert ran.out == ""


@pytest.mark.slow
def test_a_script_in_python_has_standard_output_to_itself(small: Small) -> None:
    script = (
        "import sys\nfrom chains import load\nfrom optimize.cylinders import least_risk_bounds\n"
        "print('exact' * least_risk_bounds(load(sys.argv[1]), gap=0.0).exact)"
    )
    done = subprocess.run(
        [str(MPIEXEC), "-n", "2", sys.executable, "-c", script, str(small.folder)],
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["exact", "exact"]


def test_bundles_share_out_the_scenarios_that_can_happen() -> None:
    from optimize.cylinders.bundles import split

    probability = np.array([0.0, 0.2, 0.1, 0.0, 0.3, 0.4])
    assert [part.tolist() for part in split(probability, 3)] == [[1, 5], [2], [4]]
    assert [part.tolist() for part in split(probability, 9)] == [[1], [2], [4], [5]]


def test_the_bundles_objectives_weighted_by_probability_are_the_risk(small: Small) -> None:
    import pyomo.environ as pyo

    from optimize.cylinders.bundle_solver import NAME
    from optimize.cylinders.bundles import BundledProgram, split

    inner, units = to_inner(small.load().numbers)
    curve, budget = chords(inner.slope, inner.ceiling, 10), np.array([3.0]) / units.money
    program = BundledProgram(inner, curve, budget, (), Options(), split(inner.probability, 2))
    total = 0.0
    for name in program.names:
        model = program.create(name)
        for variable in model.first.component_data_objects(pyo.Var):
            variable.fix(0.0)
        model.first.eta.fix(200.0)  # VaR without subsidies: a fifth of final demand, in thousandths
        bound = pyo.SolverFactory(NAME).solve(model, load_solutions=False).problem.lower_bound
        total += model._mpisppy_probability * bound
    # Worked in tests/small.py: E[L] = 0.15 * 0.2, and the worst tenth of outcomes all cost 0.2.
    assert total == pytest.approx(1000 * (0.5 * 0.03 + 0.5 * 0.2), rel=1e-12)
