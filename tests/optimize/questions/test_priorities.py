"""Implied priorities: by hand, forwards from known weights, and against the dual program written out densely."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

import data
from chains import Chain, InputError, load
from optimize import optimize
from optimize.questions.priorities import priorities
from optimize.solver.linear import Solver
from optimize.solving.evaluation import Evaluator
from optimize.solving.goals import Weighing, outputs_of, weighing
from optimize.solving.options import RiskOptions
from optimize.tolerances import SAME_GAP as TOLERANCE
from tests.independent import CALM, Name, Study, Terms, chords, read, rows_of
from tests.random_packages import draw, write
from tests.small import FILES, Small

BUILT_IN = ["risk reduction", "home output", "home-owned output", "visible capacity"]


def _two_goals(small: Small, part: float, robot: float) -> Chain:
    """The small chain with the quake alone and no response of systems; robots respond twice as well as parts.

    With one chord of slope S, visible capacity is S (x_part + 2 x_robot), and so is home output (more parts and robots
    are made whoever wants them, and 18 parts are enough for 45 robots), all of it at home-owned firms. Only parts
    lower risk. So of 3 in money the goals reach  risk x_part / 3, every other (x_part + 2 x_robot) / 6.
    """
    small.edit("disruptions.csv", "embargo,,DEU,,1,,,reported,book,\n", "")
    small.edit("probabilities.csv", "embargo,0.05,0.01,0.1,assumed,talk,a guess\n", "")
    small.edit("response.csv", "system,slope,1,0.5,2,assumed,talk,a guess\n", "")
    small.edit("response.csv", "system,ceiling,10,5,20,assumed,talk,a guess\n", "")
    small.edit("response.csv", "robot,slope,1,0.5,2", "robot,slope,2,0.5,2")
    header = FILES["subsidies.csv"].partition("\n")[0]
    amounts = {"part": part, "robot": robot, "system": 3 - part - robot}
    rows = [f"{segment},grants,2022,{amount!r},,,reported,book," for segment, amount in amounts.items()]
    return small.replace("subsidies.csv", "\n".join([header, *rows, ""])).load()


def test_the_least_gap_and_its_weights_by_hand(small: Small) -> None:
    """Best with weight u on risk: all to parts u + (1 - u) / 2, or all to robots 1 - u; alike at u = 1/3.
    Half for parts and 2 for robots reach 1/6 and 3/4: 5/9 of 2/3 at u = 1/3, and a smaller part elsewhere.
    """
    found = priorities(_two_goals(small, 0.5, 2.0), draws=5, pieces=1)
    assert found.gap == pytest.approx(1 / 6, abs=1e-8)
    assert found.scaled.to_dict() == pytest.approx(dict(zip(BUILT_IN, (1 / 6, 0.75, 0.75, 0.75), strict=True)))
    assert found.weights.loc["risk reduction"].tolist() == pytest.approx([1 / 3, 1 / 3], abs=1e-5)
    for goal in BUILT_IN[1:]:
        assert found.weights.loc[goal].tolist() == pytest.approx([0.0, 2 / 3], abs=1e-5)
    assert found.dropped == ()
    assert found.certificate.worst <= 1e-7


def test_an_allocation_between_two_best_ones_fits_the_weights_that_like_both(small: Small) -> None:
    """All 3 on parts and robots lie on the line between the two best allocations at u = 1/3."""
    found = priorities(_two_goals(small, 0.5, 2.5), draws=5, pieces=1)
    assert found.gap == pytest.approx(0.0, abs=1e-8)
    assert found.weights.loc["risk reduction"].tolist() == pytest.approx([1 / 3, 1 / 3], abs=1e-5)


@pytest.mark.slow
def test_random_allocations_by_hand(small: Small) -> None:
    """At u = 1/3 the goals reach (x_part + x_robot) / 3 of the best 2/3 x 3/2: what goes to systems is the gap, unless
    fewer weights do better: with u = 1 the gap is 1 - x_part / 3, with u = 0 it is 1 - (x_part + 2 x_robot) / 6.
    Between those ends the best is one of two straight lines, so the least gap lies at u = 0, 1/3 or 1.
    """
    found = priorities(_two_goals(small, 0.5, 2.0), draws=200, pieces=1)
    part, robot, system = np.random.default_rng(0).dirichlet(np.ones(3), size=(200, 1))[:, 0].T
    by_hand = np.min([1 - part, system, 1 - (part + 2 * robot) / 2], axis=0)
    assert found.random.tolist() == (by_hand <= 1 / 6 + TOLERANCE).tolist()
    assert 0 < found.as_consistent < 200
    assert found.as_consistent == (by_hand <= 1 / 6 + TOLERANCE).sum()
    assert found.share == found.as_consistent / 200


def test_an_allocation_that_is_best_for_every_goal_but_one(small: Small) -> None:
    """In the small chain every unit of money adds as much in any segment, and what it adds is used: a system more takes
    half a robot, and 2 robots came with half a system. So all goals but risk are at their best. More for
    parts lowers risk and costs nothing: no weight on risk. Random allocations add as much, so all fit as well.
    """
    found = priorities(small.load(), draws=20, pieces=1)
    assert found.gap == pytest.approx(0.0, abs=1e-8)
    assert found.weights.loc["risk reduction"].tolist() == pytest.approx([0.0, 0.0], abs=1e-5)
    assert found.weights.loc[BUILT_IN[1:], "least"].tolist() == pytest.approx([0.0] * 3, abs=1e-5)
    assert found.weights.loc[BUILT_IN[1:], "most"].tolist() == pytest.approx([1.0] * 3, abs=1e-5)
    assert found.as_consistent == 20
    added = 3 * 0.99 / np.log(100)
    assert found.values.loc["home output"].tolist() == pytest.approx([146.0, 146 + added, 146 + added])
    assert found.values.loc["visible capacity"].tolist() == pytest.approx([0.0, added, added], abs=1e-9)
    assert "3 segments in 3 tiers" in found.caution
    assert "cannot prove" in found.caution


def test_output_needs_its_inputs(small: Small) -> None:
    """Without spare robots more systems cannot be made: 3 for systems add capacity that stays idle."""
    header = FILES["subsidies.csv"].partition("\n")[0]
    chain = small.replace("subsidies.csv", f"{header}\nsystem,grants,2022,3,,,reported,book,\n").load()
    found = priorities(chain, draws=1, pieces=1)
    assert found.scaled["home output"] == pytest.approx(0.0, abs=1e-9)
    assert found.scaled["visible capacity"] == pytest.approx(1.0)


def test_foreign_owned_plants_count_only_in_home_output(small: Small) -> None:
    """Half of the robots made at home are German-owned: 126 of 146 is home-owned, and what subsidies add."""
    small.cell("supply.csv", 4, "value", "20").append("supply.csv", "robot,CHN,DEU,20,,,reported,book,")
    values = priorities(small.load(), draws=1, pieces=1).values
    assert values.loc["home output", "none"] == pytest.approx(146.0)
    assert values.loc["home-owned output", "none"] == pytest.approx(126.0)
    assert values.loc["home-owned output", "observed"] == pytest.approx(126 + 3 * 0.99 / np.log(100))


def test_a_segment_whose_plants_are_all_foreign_owned_has_no_home_owned_output(small: Small) -> None:
    """All 100 systems are made in German-owned plants: 40 robots and 6 parts are home-owned."""
    small.edit("supply.csv", "system,CHN,CHN,100", "system,CHN,DEU,100")
    values = priorities(small.load(), draws=1, pieces=1).values
    assert values.loc[["home output", "home-owned output"], "none"].tolist() == pytest.approx([146.0, 46.0])


def test_a_goal_of_ones_own_and_one_that_cannot_be_raised(small: Small) -> None:
    """Output of parts alone is best served by giving parts all; the output of nothing cannot be raised."""
    own = {"parts": pd.Series({"part": 2.0}), "nothing": pd.Series({"part": 0.0})}
    found = priorities(small.load(), goals=own, draws=1, pieces=1)
    assert found.dropped == ("nothing",)
    assert found.scaled["parts"] == pytest.approx(0.5 / 3)
    assert found.values.loc["parts"].tolist() == pytest.approx([12.0, 12 + 0.99 / np.log(100), 12 + 5.94 / np.log(100)])


# --- forwards: an allocation that is best for known weights -------------------------------------------------------


def _as_observed(chain: Chain, allocation: pd.Series) -> Chain:
    period = chain.table("subsidies")["period"].max()
    for segment, amount in allocation.items():
        chain = chain.with_value("subsidies", max(float(amount), 0.0), segment=str(segment), period=period)
    return chain


@pytest.mark.slow
def test_the_least_risk_allocation_fits_risk_alone() -> None:
    chain = load("robots")
    found = priorities(_as_observed(chain, optimize(chain).allocation), draws=1)
    assert found.gap == pytest.approx(0.0, abs=1e-6)
    assert found.weights.loc["risk reduction", "most"] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("weights", [(0.7, 0.1, 0.1, 0.1), (0.1, 0.6, 0.1, 0.2), (0.05, 0.0, 0.35, 0.6)])
def test_allocations_that_are_best_for_known_weights_have_no_gap_and_intervals_around_them(
    weights: tuple[float, ...],
) -> None:
    chain = load("robots")
    evaluator = Evaluator(chain, RiskOptions())
    program: Weighing = weighing(evaluator, evaluator.inner.observed.sum(axis=0), outputs_of(chain, {}))
    values = priorities(chain, draws=1).values
    span = (values["best"] - values["none"]).to_numpy() / ([0.001] + [evaluator.units.money] * 3)
    solver = Solver(program.program)
    solver.change_cost(-1000.0 * (np.array(weights) / span) @ program.reward)
    given = solver.solve().values[program.x] * evaluator.units.money
    found = priorities(_as_observed(chain, pd.Series(given, index=chain.numbers.segments)), draws=1)
    assert found.gap <= 1e-7
    assert (found.weights["least"].to_numpy() <= np.array(weights) + 1e-5).all()
    assert (found.weights["most"].to_numpy() >= np.array(weights) - 1e-5).all()


@pytest.mark.slow
@pytest.mark.parametrize("packages", [("robots",), ("chips",), ("robots", "chips", "coupled")])
def test_shipped_packages_keep_the_laws_of_the_answer(packages: tuple[str, ...]) -> None:
    chain = load(*packages)
    found = priorities(chain, draws=30)
    assert 0.0 <= found.gap <= 1.0 - found.scaled.max() + 1e-9  # one goal alone is a choice of weights
    assert (found.weights["least"] <= found.weights["most"]).all()
    assert found.weights["least"].sum() <= 1.0 + 1e-9 <= found.weights["most"].sum() + 2e-9
    assert found.scaled.between(0.0, 1.0 + 1e-9).all()
    assert found.random.dtype == bool
    assert found.certificate.worst <= 1e-7
    again = priorities(chain, draws=30)
    assert again.as_consistent == found.as_consistent
    pd.testing.assert_series_equal(again.random, found.random)


# --- the dual program, dense --------------------------------------------------------------------------------------


class Dense:
    """max w'Gx0 subject to A'pi >= G'w, b'pi = 1, w, pi >= 0, on the independent formulation with its own calm."""

    def __init__(self, folder: Path) -> None:
        self.study = study = Study(read(folder))
        model = study.model
        self.program = study._choosing(study.choice())
        share = _home_owned(folder, model.segments)
        self.rewards: list[Terms] = [{name: -value for name, value in study._risk().items()}]
        for goal, base in (("output", dict.fromkeys(model.segments, 1.0)), ("owned", share)):
            self.rewards.append(self._calm(goal, base))
        added: Terms = {}
        for k in model.segments:
            added |= self._added(k)
        self.rewards.append(added)

    def _added(self, k: str) -> Terms:
        pieces = chords(self.study.model.slope[k], self.study.model.ceiling[k] / self.study.unit, self.study.pieces)
        return {("z", k, j): slope for j, (_, slope) in enumerate(pieces)}

    def _calm(self, goal: str, base: dict[str, float]) -> Terms:
        """Base plants make b and new ones n: b <= H, n <= added; b + n + m >= d + sum_l a_kl (b + n)_l."""
        model, unit, program = self.study.model, self.study.unit, self.program
        reward: Terms = {}
        for k in model.segments:
            old = program.variable("b", k, goal, high=model.home.get((k, CALM), 0.0) / unit)
            new = program.variable("n", k, goal)
            program.variable("m", k, goal, high=model.foreign.get((k, CALM), 0.0) / unit)
            program.at_most({new: 1.0, **{z: -slope for z, slope in self._added(k).items()}}, 0.0)
            reward |= {old: base[k], new: 1.0}
        for k in model.segments:
            terms: Terms = {("m", k, goal): -1.0}
            for l in model.segments:
                used = model.coefficient.get((k, l), 0.0) - (k == l)
                terms |= {("b", l, goal): used, ("n", l, goal): used}
            program.at_most(terms, -model.demand.get(k, 0.0) / unit)
        return reward

    def worth(self, fixed: Terms | None = None) -> np.ndarray:
        """The most of each goal by itself, at an allocation or at the best one."""
        return np.array([-self.program.minimise(_negative(r), fixed)[0] for r in self.rewards])

    def fixed(self, allocation: dict[tuple[str, str], float]) -> Terms:
        at: dict[Name, float] = {("x", *key): amount / self.study.unit for key, amount in allocation.items()}
        return at

    def answer(self) -> tuple[float, list[tuple[float, float]]]:
        """The gap and each weight's interval; over pi and w, of which sum w = 1 scales the intervals."""
        none, best = self.worth(self.fixed(self.study.none)), self.worth()
        keep = np.flatnonzero(best - none > 1e-6)
        span = (best - none)[keep]
        reached = (self.worth(self.fixed(self.study.model.observed)) - none)[keep] / span
        rows, right = self.program._arrays()
        matrix = rows.toarray()
        high = [(n, bound[1]) for n, bound in enumerate(self.program.bounds) if bound[1] is not None]
        limits = np.zeros((len(high), matrix.shape[1]))
        for row, (n, _) in enumerate(high):
            limits[row, n] = 1.0
        A, b = np.vstack([matrix, limits]), np.append(right, [bound for _, bound in high])
        G = np.array([self.program._vector(self.rewards[q]) for q in keep]) / span[:, None]
        free = np.array([bound[0] is None for bound in self.program.bounds])
        balance = np.hstack([-A.T, G.T])  # A'pi >= G'w; equal where the column is free
        cost = np.concatenate([b, -none[keep] / span])  # best(w) = b'pi - w'none
        pad = np.zeros(len(b))
        scaled = linprog(
            np.concatenate([pad, -reached]),
            A_ub=balance[~free],
            b_ub=np.zeros((~free).sum()),
            A_eq=np.vstack([cost, balance[free]]),
            b_eq=np.append(1.0, np.zeros(free.sum())),
            method="highs",
        )
        assert scaled.status == 0
        gap = 1.0 + scaled.fun
        within = (1.0 - gap - TOLERANCE) * cost - np.concatenate([pad, reached])
        ends = []
        for q in range(len(keep)):
            pair = []
            for sign in (1.0, -1.0):
                found = linprog(
                    sign * np.eye(len(keep) + len(b))[len(b) + q],
                    A_ub=np.vstack([balance[~free], within]),
                    b_ub=np.zeros((~free).sum() + 1),
                    A_eq=np.vstack([np.concatenate([pad, np.ones(len(keep))]), balance[free]]),
                    b_eq=np.append(1.0, np.zeros(free.sum())),
                    method="highs",
                )
                assert found.status == 0
                pair.append(sign * found.fun)
            ends.append((pair[0], pair[1]))
        return gap, ends


def _negative(terms: Terms) -> Terms:
    return {name: -value for name, value in terms.items()}


def _home_owned(folder: Path, segments: list[str]) -> dict[str, float]:
    home = load(folder).home
    rows = [row for row in rows_of(folder, "supply") if row["location"] == home]
    share = {}
    for k in segments:
        made = {
            o: sum(float(r["value"]) for r in rows if r["segment"] == k and (r["owner"] == home) == o) for o in (0, 1)
        }
        share[k] = made[1] / sum(made.values()) if sum(made.values()) > 0 else 0.0
    return share


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_the_dual_program_of_random_packages_says_the_same(tmp_path: Path, seed: int) -> None:
    folder = write(tmp_path / "dice", *draw(np.random.default_rng(seed)))
    _compare(folder)


@pytest.mark.slow
def test_the_dual_program_of_robots_says_the_same() -> None:
    _compare(data.folder("robots"))


def _compare(folder: Path) -> None:
    found = priorities(load(folder), draws=1)
    gap, ends = Dense(folder).answer()
    assert found.gap == pytest.approx(gap, abs=1e-9)
    # The ends lie where the gap is TOLERANCE wide, so what solvers leave of it moves them by more.
    assert found.weights.to_numpy() == pytest.approx(np.array(ends), abs=1e-5)


# --- bad questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "weights", "word"),
    [
        ("mine", pd.Series({"glue": 1.0}), "'glue'"),
        ("mine", pd.Series({"part": np.nan}), "'part'"),
        ("mine", pd.Series([1.0, 2.0], index=["part", "part"]), "twice"),
        ("home output", pd.Series({"part": 1.0}), "'home output'"),
    ],
)
def test_bad_goals_are_named(small: Small, goal: str, weights: pd.Series, word: str) -> None:
    with pytest.raises(InputError) as caught:
        priorities(small.load(), goals={goal: weights}, draws=1)
    assert word in str(caught.value)


def test_a_budget_that_raises_nothing_is_refused(small: Small) -> None:
    header = FILES["subsidies.csv"].partition("\n")[0]
    chain = small.replace("subsidies.csv", f"{header}\nsystem,grants,2022,0,,,reported,book,\n").load()
    with pytest.raises(InputError, match="raises none"):
        priorities(chain, draws=1)


def test_no_draws_are_refused(small: Small) -> None:
    with pytest.raises(InputError, match="draws"):
        priorities(small.load(), draws=0)
