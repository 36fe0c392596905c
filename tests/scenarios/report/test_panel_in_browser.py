"""The panel of a page in Chromium: what it solves at a hundred positions of its sliders is what Python solves there."""

import json
import re
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chains import Chain
from chains.numbers import ChainNumbers
from chains.numbers.parts.substitution import Substitution
from optimize import Options, WhatIfs, evaluate, least_risk
from optimize.solving.movable import movable
from optimize.solving.options import make_options
from optimize.solving.sliders import BUDGET, DISPENSABLE, OUTAGE, Slider
from scenarios import Change, Study
from scenarios.report.content import Report, report_of
from scenarios.report.page import html_page
from scenarios.storing import read_results
from tests.scenarios.report.browser import CHROMIUM, told_by
from tests.small import Small

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

LEVERS = "capacity,stocks,suppliers,procurement"
CASES = ("capacity", LEVERS)
POSITIONS, LOOKED_AT = 50, 5
"""Positions of each case whose risk is compared, and of these, from the first, those whose decision is."""

_MOVE = """
  const panel = document.getElementById("panel"), wait = (ms) => new Promise((done) => setTimeout(done, ms));
  panel.scrollIntoView();
  for (let n = 0; n < 400 && panel.dataset.solved === undefined; n += 1) await wait(50);
  const answers = [], choice = panel.querySelector("select");
  for (const [which, moved] of MOVED.entries()) {
    choice.value = which;
    choice.dispatchEvent(new Event("change"));
    for (const positions of moved) {
      delete panel.dataset.solved;
      panel.querySelectorAll("input[type=range]").forEach((input, n) => {
        input.value = positions[n];
        input.dispatchEvent(new Event("input"));
      });
      for (let n = 0; n < 400 && panel.dataset.solved !== positions.join(" "); n += 1) await wait(20);
      answers.push({which, positions, ...JSON.parse(panel.dataset.answer)});
    }
  }
  return {answers, said: panel.querySelector("[role=status]").textContent};
"""


_SAID = (
    r"Least risk \d+\.\d\d% of final demand; at the observed allocation \d+\.\d\d%; with nothing spent \d+\.\d\d%\."
    r"( Of the budget [\d.]+ is not needed\.)?"
)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    package = Small(tmp_path_factory.mktemp("panel") / "small").add_structure()
    return package.edit("disruptions.csv", "quake,,JPN,,0.5", "quake,,JPN,,1").load()


@pytest.fixture(scope="module")
def report(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Report:
    package = str(chain.origins[0].folder)
    study = Study(name="moved", title="Moved", question="What if?")
    for n, levers in enumerate(CASES):
        study = study.case(f"case-{n}", package, levers=levers)
    likelier = [
        Change(table="probabilities", where={"scenario": name}, set=value)
        for name, value in {"quake": 0.5, "embargo": 0.4}.items()
    ]
    study = study.case("bound", package, changes=likelier, minimum={"part": 1.0})
    folder = tmp_path_factory.mktemp("moved") / "out"
    return report_of(read_results(study.run(folder, jobs=1, progress=False).folder))


def changed(chain: Chain, slider: Slider, position: int) -> Chain:
    """The chain with what a slider says in its tables, one row after the other."""
    value = float(slider.values[position])
    if slider.kind == BUDGET or position == slider.start:
        return chain
    if slider.scenario:
        return chain.with_value("probabilities", value, scenario=slider.scenario)
    if slider.kind == DISPENSABLE:
        rows = chain.table("criticality")
        for row in rows[rows["parameter"] == "dispensable"].itertuples():
            keys = {"input": row.input, "user": row.user, "parameter": "dispensable"}
            chain = chain.with_value("criticality", min(value * row.value, 1.0), **keys)
        return chain
    assert slider.kind == OUTAGE
    known = chain.table("durations").query("parameter == 'outage'").set_index("scenario")["value"]
    for scenario in chain.table("probabilities")["scenario"]:
        keys = {"scenario": scenario, "parameter": "outage"}
        if scenario in known.index:
            chain = chain.with_value("durations", min(value * known[scenario], 12.0), **keys)
        else:
            chain = chain.with_row("durations", min(value * 12.0, 12.0), **keys)
    return chain


def numbers_at(chain: Chain, values: dict[str, float]) -> ChainNumbers:
    """The same by hand, as numbers: an outage of the quake of 6 months with a recovery of 4, a year of the embargo."""
    numbers = chain.numbers
    ends = [min(6.0 * values["outage"] + more, 12.0) / 12.0 for more in (0.0, 2.0, 4.0)]
    lengths = [*np.diff([0.0, *ends]), min(values["outage"], 1.0), numbers.phase_length[-1]]
    likely = [values["probability quake"], values["probability embargo"]]
    substitution = numbers.given(Substitution)
    shares = {"part": 0.25, "robot": 0.1}
    names = [numbers.segments[k] for k in substitution.input]
    coefficients = {"part": 0.4, "robot": 0.5}
    dispensed = [min(values["dispensable"] * shares[name], 1.0) * coefficients[name] for name in names]
    parts = {**numbers.parts, Substitution: replace(substitution, dispensed=np.array(dispensed))}
    return replace(
        numbers, phase_length=np.array(lengths), probability=np.array([*likely, 1.0 - sum(likely)]), parts=parts
    )


def test_a_hundred_positions_have_the_risk_and_the_decision_that_python_finds(
    chain: Chain, report: Report, tmp_path: Path
) -> None:
    bound = [moves.slider for case in report.sections[2:] for moves in movable(case.case.chain, Options()).moves]
    start = [slider.start for slider in bound]
    likeliest = [len(slider.values) - 1 if slider.scenario else slider.start for slider in bound]
    nowhere = [[0, *start[1:]], likeliest, start]
    generator = np.random.default_rng(20)
    sliders, moved = [], []
    for levers in CASES:
        own = [moves.slider for moves in movable(chain, make_options(Options, {"levers": levers})).moves]
        sliders.append(own)
        moved.append([[int(generator.integers(len(slider.values))) for slider in own] for _ in range(POSITIONS)])
        moved[-1][0] = [slider.start for slider in own]
    moved.append(nowhere)
    found = told_by(html_page(report), tmp_path, 1280, _MOVE.replace("MOVED", json.dumps(moved)))
    assert found["wrong"] == []
    *answers, without_money, too_likely, last = found["told"]["answers"]
    assert without_money["wrong"] == "No allocation keeps to this case's limits here."
    assert "least" not in without_money
    assert too_likely["wrong"] == "The probabilities add up to more than 100%: lower one."
    assert "least" in last
    assert re.fullmatch(_SAID, found["told"]["said"])
    what_ifs = [WhatIfs(chain, levers=levers) for levers in CASES]
    for n, answer in enumerate(answers):
        own = list(zip(sliders[answer["which"]], answer["positions"], strict=True))
        values = {f"{slider.kind} {slider.scenario}".strip(): float(slider.values[at]) for slider, at in own}
        there, budget = numbers_at(chain, values), values["budget"]
        assert answer["least"] == pytest.approx(what_ifs[answer["which"]].risk(there, budget=budget), abs=1e-6)
        if n % POSITIONS < LOOKED_AT:
            _same_decision(reduce(lambda so_far, one: changed(so_far, *one), own, chain), budget, answer)


def _same_decision(chain: Chain, budget: float, answer: dict[str, Any]) -> None:
    """The risk of decisions that are given, the distance from the observed one, and who gets how much."""
    observed = chain.numbers.observed
    nothing = pd.Series(0.0, index=list(chain.numbers.segments))
    assert answer["observed"] == pytest.approx(evaluate(chain).risk, abs=1e-6)
    assert answer["none"] == pytest.approx(evaluate(chain, nothing).risk, abs=1e-6)
    best = least_risk(chain, budget=budget, levers=CASES[answer["which"]])
    distance = np.abs(best.allocation.to_numpy() - observed).sum() + sum(map(np.sum, best.levers.values()))
    assert answer["distance"] == pytest.approx(distance, abs=1e-6 * max(budget, 1.0))
    assert answer["money"] == pytest.approx(list(best.by_segment), abs=1e-6 * max(budget, 1.0))
