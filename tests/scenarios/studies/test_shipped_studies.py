"""Every study that ships is run as it ships; what its answer claims is checked against facts found another way.

Those are the packages' CSV files, the independent model of tests/independent, and laws that any answer obeys.
"""

import html
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import fsum, isclose
from pathlib import Path

import pandas as pd
import pytest

import data
from scenarios import run_study, shipped
from scenarios.report.answering import check_answer
from scenarios.report.naming import figure_label
from scenarios.storing import StoredCase, StoredStudy, read_results
from scenarios.storing.tables import TABLES
from scenarios.studies import read_study, shipped_studies
from scenarios.studies.asked import OUTPUTS
from scenarios.studies.expanding import ready_cases
from scenarios.studies.schema import study_schema
from scenarios.verifying import verify
from tests.independent import CALM, LEVERS, Model, Row, Study, read, rows_of, same
from tests.shipped import STRUCTURE, without

NOTHING = 1e-9
CHAINS = ("robots", "chips")


@dataclass(frozen=True)
class Ran:
    """A study that was run, and its answer in words."""

    stored: StoredStudy
    words: str

    def __getitem__(self, name: str) -> StoredCase:
        return next(case for case in self.stored.all_cases if case.name == name)

    def risk(self, name: str, allocation: str) -> float:
        return float(self[name].optimize["risk"][allocation])

    def grid(self, name: str, case: str) -> pd.DataFrame:
        """Risks along a grid with one axis, in the order of its values."""
        points = [point for point in self.stored.grid(name) if point.case == case]
        rows = {next(iter(point.point.values())): point.optimize["risk"] for point in points}
        return pd.DataFrame.from_dict(rows, orient="index").sort_index()


def model(*packages: str) -> Model:
    return read(*(data.folder(package) for package in packages))


def with_probability(chain: Model, scenario: str, value: float, others: float = 1.0) -> Model:
    """The model with one scenario at a probability, and the others, but calm, multiplied."""
    chain.probability = {s: others * p for s, p in chain.probability.items() if s != CALM} | {scenario: value}
    chain.probability[CALM] = 1.0 - fsum(chain.probability.values())
    return chain


def times(factor: float, allocation: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    return {key: factor * money for key, money in allocation.items()}


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def inverted_u(ran: Ran) -> None:
    """Least risks of the independent model on the premise, with the evidence, with every lever; words follow them."""
    for name in CHAINS:
        with tempfile.TemporaryDirectory() as folder:
            premise = without(Path(folder), name, *STRUCTURE)
            surge = premise / "surge.csv"
            rows = [row for row in surge.read_text("utf-8").splitlines(keepends=True) if row.split(",")[1] != "CHN"]
            surge.write_text("".join(rows), "utf-8")
            told = {f"{name}-premise": Study(read(premise))}
        told |= {name: Study(model(name)), f"{name}-levers": Study(model(name), levers=LEVERS)}
        for case, study in told.items():
            check_told(ran, case, study)
    check_told(ran, "coupled", Study(model(*CHAINS, "coupled")))
    for kind, tier in (("-premise", "upstream"), ("", "midstream")):
        for name in CHAINS:
            given = ran[name + kind].optimize["tiers"]["optimal"]
            assert most(given) == tier
            share = 100 * given[tier] / sum(given.values())
            assert f"{tier} for {name} ({share:.0f}% of the money; the good with most is " in ran.words
    assert "the tier that gets most at least risk is upstream for robots" in ran.words
    assert "stocks, substitutes, spare plants and recoveries it is midstream for robots" in ran.words


def check_told(ran: Ran, case: str, study: Study) -> None:
    observed, least = study.evaluate(study.model.observed).risk, study.least_risk(study.choice())
    assert same(ran.risk(case, "observed"), observed)
    assert same(ran.risk(case, "optimal"), least)
    assert f"from {percent(observed)} to {percent(least)} of final demand" in ran.words


def most(tiers: Mapping[str, float]) -> str:
    return max(tiers, key=lambda tier: tiers[tier])


def export_controls(ran: Ran) -> None:
    for name in ("robots", "chips"):
        rows = rows_of(data.folder(name), "probabilities")
        assessed = next(float(row["value"]) for row in rows if row["scenario"] == "allied_package")
        likely = Study(with_probability(model(name), "allied_package", 5 * assessed))
        assert same(ran.risk(f"{name}-likely", "observed"), likely.evaluate(likely.model.observed).risk)
        assert same(ran.risk(f"{name}-likely", "optimal"), likely.least_risk(likely.choice()))
        # A year in which it is certain has one outcome: the loss in that scenario, which does not depend on its chance.
        loss = ran[name].optimize["loss"]["observed"]["allied_package"]
        assert same(ran.risk(f"{name}-certain", "observed"), loss)
        points = ran.grid("likelihood", name)
        assert (points.diff().dropna() >= -NOTHING).all(axis=None), "a likelier crisis lowers risk"
        assert same(points.at[assessed, "optimal"], ran.risk(name, "optimal"))


def foreign_plants(ran: Ran) -> None:
    for name in ("robots", "chips"):
        loss = ran[name].optimize["loss"]["observed"]["foreign_plants_withdraw"]
        assert same(ran.risk(f"{name}-certain", "observed"), loss)
        assert f"{percent(loss)} of final demand is lost today" in ran.words
        assert ran.risk(f"{name}-likely", "observed") > ran.risk(name, "observed")
        assert ran.risk(f"{name}-likely", "optimal") >= ran.risk(name, "optimal") - NOTHING


def japan(ran: Ran) -> None:
    grants = {row["segment"]: float(row["value"]) for row in rows_of(data.folder("japan"), "subsidies")}
    assert isclose(fsum(grants.values()), 39.5)  # JPY billion, as published
    assert set(grants) == {"cnc", "servos", "controllers", "reducers"}
    best = {name: ran[name].optimize["allocation"]["optimal"] for name in ("japan", "four-goods", "without-chips")}
    assert {segment for segment, money in best["four-goods"].items() if money > 1e-9} <= set(grants)
    assert best["without-chips"]["semiconductors"] <= 1e-9
    study = Study(model("japan"))
    none, observed = (study.evaluate(x).risk for x in (study.none, study.model.observed))
    assert f"lowers risk by {100 * (none - observed):.2f} points" in ran.words
    assert same(ran.risk("japan", "optimal"), study.least_risk(study.choice()))
    assert same(ran.risk("without-chips", "optimal"), study.least_risk(study.choice(maximum={"semiconductors": 0.0})))
    # A limit never lowers risk; where chips get nothing anyway, it is the same to the last digits.
    assert ran.risk("japan", "optimal") <= ran.risk("without-chips", "optimal") + NOTHING
    assert ran.risk("without-chips", "optimal") <= ran.risk("japan", "observed")
    assert ran.risk("four-goods", "optimal") <= ran.risk("japan", "observed") + NOTHING


def double_or_move(ran: Ran) -> None:
    for name in ("robots", "chips"):
        study = Study(model(name))
        observed = study.model.observed
        today, doubled = (study.evaluate(times(factor, observed)).risk for factor in (1.0, 2.0))
        moved = study.least_risk(study.choice())
        assert same(ran.risk(f"{name}-double", "observed"), doubled)
        tenth = study.least_risk(study.choice(budget=0.1 * fsum(observed.values())))
        assert same(ran.risk(f"{name}-tenth", "optimal"), tenth)
        assert (f"or {name}: move them" in ran.words) == (moved < doubled)
        assert (f"or {name}: double them" in ran.words) == (moved >= doubled)
        assert (f"leaves less risk ({percent(tenth)})" in ran.words) == (tenth < doubled)
        assert f"lowers risk by {100 * (today - doubled):.2f} points" in ran.words
        points = ran.grid("more-or-less", name)
        assert (points.diff().dropna() <= NOTHING).all(axis=None), "more money raises risk"
        assert same(points.at[2.0, "observed"], doubled)
        assert same(points.at[1.0, "optimal"], moved)
    assert {case.case for case in verify(ran.stored.folder).cases} == {case.name for case in ran.stored.all_cases}


def who_is_domestic(ran: Ran) -> None:
    def foreign(segment: str, domestic: Callable[[Row], bool]) -> str:
        rows = [row for row in rows_of(data.folder("robots"), "supply") if row["segment"] == segment]
        total = fsum(float(row["value"]) for row in rows)
        return percent(1.0 - fsum(float(row["value"]) for row in rows if domestic(row)) / total)

    for segment in ("bodies_high", "reducers"):
        shares = [
            foreign(segment, lambda row: row["location"] == "CHN"),
            foreign(segment, lambda row: row["location"] == "CHN" and row["owner"] == "CHN"),
            foreign(segment, lambda row: row["location"] == "CHN" and row["owner"] in ("CHN", "HYB")),
        ]
        assert re.search(r"\D*".join(map(re.escape, shares)), ran.words), shares
    for name in ("robots", "chips"):
        assert ran.risk(f"{name}-owner", "observed") >= ran.risk(name, "observed") - NOTHING
        assert same(ran.risk(f"{name}-owner", "optimal"), ran.risk(f"{name}-broad", "optimal"))


def self_sufficiency(ran: Ran) -> None:
    answers = {case.name: case.answers["self-sufficiency"] for case in ran.stored.cases}
    for answer in answers.values():
        plan, costs = answer["plan"], answer["curve"]["costs"]
        reached = [plan["share"]["reached"][segment] for segment in plan["segments"]]
        assert min(reached) == pytest.approx(plan["target"], abs=1e-6)
        assert same(plan["cost"], fsum(plan["allocation"]["planned"].values()))
        assert [cost for _, cost in costs] == sorted(cost for _, cost in costs), "a higher target costs less"
        assert plan["risk"]["least_risk"] <= plan["risk"]["planned"] + NOTHING
        assert answer["reachable"] == (answer["curve"]["largest"] >= 0.7 - 1e-6)
        assert answer["reachable"] == (answer["reason"] == "")
    costs, of_owners = (dict(map(tuple, answers[name]["curve"]["costs"])) for name in ("robots", "robots-owner"))
    common = [target for target in costs if target in of_owners]
    assert all(of_owners[target] >= costs[target] - NOTHING for target in common)  # fewer plants count
    assert answers["robots-faster"]["reachable"]
    assert ran.words.count("no money reaches 70.0%") == sum(not answer["reachable"] for answer in answers.values())
    assert "semiconductors reaches at most 31.6" in answers["robots"]["reason"]


def coupled_or_apart(ran: Ran) -> None:
    """Without the link, what is lost side by side is the sum of what each chain loses alone.

    So it is where both packages give a scenario the same duration: side by side it has one, whichever gives it.
    """
    alone = {name: model(name) for name in CHAINS}
    demand = {name: fsum(d * chain.weight[use] for use, d in chain.uses.items()) for name, chain in alone.items()}
    losses = {name: ran[name].optimize["loss"]["observed"] for name in (*CHAINS, "apart")}
    together = model(*CHAINS).phases
    compared = {s for s in together if all(chain.phases.get(s, together[s]) == together[s] for chain in alone.values())}
    assert {"allied_package", "us_partners_chip_ban", "foreign_plants_withdraw"} <= compared
    for scenario in compared:
        lost = fsum(losses[name].get(scenario, 0.0) * demand[name] for name in demand)
        assert losses["apart"][scenario] == pytest.approx(lost / fsum(demand.values()), abs=1e-9)
    both = Study(model("robots", "chips"))
    assert same(ran.risk("apart", "optimal"), both.least_risk(both.choice()))
    understated = ran.risk("coupled", "observed") > ran.risk("apart", "observed")
    assert ("would understate today's risk" in ran.words) == understated


def how_sure(ran: Ran) -> None:
    told = {override["key"]: override["now"] for override in ran.stored.manifest["overrides"]}
    assert told["cases.coupled"] == "left out"
    assert {"title", "question", "answer", "outputs"} <= set(told)
    draws = pd.read_parquet(ran.stored.folder / "tables" / "draws.parquet")
    given = ran.stored.study.draws
    assert given is not None
    for name in ("robots", "chips"):
        own, found = draws[draws["case"] == name], ran[name].answers
        assert len(own) == given.count * given.replicates
        assert (own["regret"] >= -NOTHING).all(), "a least-risk allocation has more risk than the observed one"
        assert (own["risk_none"] >= own["risk_observed"] - NOTHING).all()
        often = (own["first"] == "upstream").mean()
        assert f"upstream gets most money in {percent(often)} of {len(own)} draws" in ran.words
        structure = found["uncertainty"]["structure"]
        assert structure["said"] in ran.words
        varied = [group["group"] for group in structure["groups"] if group["drawn"]]
        assert ("Structure was not varied" in structure["said"]) == (not varied)
        assert all(f"{group} (" in structure["said"] for group in varied)
        assert {row["factor"] for row in structure["sobol"]} - {"all others"} == set(varied)
        risk = found["robust"]["risk"]
        assert risk["robust"]["worst_case"] <= risk["optimal"]["worst_case"] + NOTHING
        assert risk["robust"]["nominal"] >= ran.risk(name, "optimal") - NOTHING
        first = next(row for row in found["uncertainty"]["sobol"] if row["factor"] != "all others")
        clear = first["ST"] is not None and first["ST"] > first["ST_conf"]
        says = "The one figure to collect next is" if clear else "the largest estimate is that of"
        assert f'{says} "{figure_label(ran[name], first["factor"])}"' in ran.words


FACTS: dict[str, Callable[[Ran], None]] = {
    "inverted-u": inverted_u,
    "export-controls": export_controls,
    "foreign-plants": foreign_plants,
    "japan": japan,
    "double-or-move": double_or_move,
    "who-is-domestic": who_is_domestic,
    "self-sufficiency": self_sufficiency,
    "coupled-or-apart": coupled_or_apart,
    "how-sure": how_sure,
}


def test_every_shipped_study_is_tested() -> None:
    assert set(FACTS) == set(shipped_studies())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["how-sure", *(name for name in FACTS if name != "how-sure")])  # the longest first
def test_a_shipped_study_runs_and_what_it_says_is_so(name: str, tmp_path: Path) -> None:
    done = run_study(name, tmp_path / name, jobs=1, progress=False)
    assert done.failed == []
    said = "\n".join(done.answers)
    assert len(said) > 100
    assert not re.search(r"[{}]|\bnan\b|\bNone\b|-0\.00", said)
    stored = read_results(done.folder)
    text = (done.folder / "report.md").read_text("utf-8")
    for words in (stored.study.title, stored.study.question, *done.answers):
        assert words in text
    page = html.unescape((done.folder / "report.html").read_text("utf-8"))
    assert all(words in page for words in done.answers)
    for case in stored.all_cases:
        risk, money = case.optimize["risk"], case.optimize["by_instrument"]["optimal"]
        assert 0.0 <= risk["optimal"] <= risk["observed"] + NOTHING
        assert risk["observed"] <= risk["none"] + NOTHING
        for instrument, budget in case.optimize["budget"].items():
            assert fsum(row[instrument] for row in money.values()) <= budget * (1 + 1e-9)
    FACTS[name](Ran(stored, said))


@pytest.mark.parametrize("name", shipped_studies())
def test_a_shipped_study_takes_its_figures_from_the_results(name: str) -> None:
    folder = Path(shipped.__file__).parent
    schema, _, rest = (folder / f"{name}.toml").read_text("utf-8").partition("\n")
    assert schema.startswith("#:schema ")
    assert (folder / schema.removeprefix("#:schema ")).resolve().is_file()
    answer = re.search(r"answer = '''(.*?)'''", rest, re.DOTALL)
    assert answer is not None
    literal = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", answer[1], flags=re.DOTALL)
    assert re.findall(r"\d+", literal) == []


@pytest.mark.slow
def test_the_guide_names_every_key_and_its_example_holds(tmp_path: Path) -> None:
    guide = (Path(shipped.__file__).parents[2] / "docs" / "studies.md").read_text("utf-8")
    schema = study_schema()
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", ())}
    assert {key for key in keys if f"`{key}`" not in guide and f"[{key}]" not in guide} == set()
    assert all(f"`{name}`" in guide for name in (*shipped_studies(), *OUTPUTS, *TABLES))
    example, added = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "talks.toml").write_text(example, "utf-8")
    file = read_study(str(tmp_path / "talks.toml"))
    assert check_answer(file) == []
    assert len(ready_cases(file)) == 2 + 2 * 4 * 3
    case = 'title = "Added"\nquestion = "?"\n[[cases]]\nname = "one"\ntitle = "One"\npackages = ["robots"]\n'
    (tmp_path / "added.toml").write_text(case + added, "utf-8")
    (ready,) = ready_cases(read_study(str(tmp_path / "added.toml")))
    assert ready.chain.numbers.phase_length[-2] == 3 / 12
