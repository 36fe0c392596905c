"""Exact proofs of risk: worked by hand, against the dense program, refused where they would take too long."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from chains import InputError
from optimize import Options, RiskOptions, evaluate, optimize, prove_least_risk, prove_risk
from optimize.questions import exact
from scenarios.cli import main
from tests.independent import Study, read
from tests.small import Small


def test_the_risk_of_no_subsidies_is_that_worked_by_hand(small: Small) -> None:
    """E = 0.15 x 0.2 = 0.03, and the worst tenth loses 0.2: half of 0.23. Input and option are no fractions of 2, so
    the last digits are those of the floats."""
    chain = small.load()
    nothing = evaluate(chain).allocation * 0.0
    found = prove_risk(chain, evaluate(chain, nothing), RiskOptions())
    assert abs(found.risk - Fraction(115, 1000)) < Fraction(1, 10**15)
    assert found.error < 1e-15
    assert found.least is None
    assert found.gap is None


def test_the_least_risk_is_proved_and_the_allocation_is_within_the_tie(small: Small) -> None:
    result = optimize(small.load(), levers=("capacity",))
    found = prove_least_risk(result)
    study = Study(read(small.folder))
    assert found.least is not None
    assert float(found.least) == pytest.approx(study.least_risk(study.choice()), abs=1e-12)
    assert abs(float(found.least) - result.risk) == pytest.approx(found.error, abs=1e-15)
    assert found.error < 1e-12
    assert -1e-15 < found.gap <= 1.1e-9
    given = {at: float(result.optimal.allocation.loc[at]) for at in study.model.observed}
    assert float(found.risk) == pytest.approx(study.evaluate(given).risk, abs=1e-12)


def test_limits_levers_and_structure_are_proved_too(small: Small) -> None:
    small.add_structure()
    levers = ("capacity", "stocks", "suppliers", "procurement")
    result = optimize(small.load(), levers=levers, budget=2.0, minimum={"robot": 0.3}, move=0.9)
    found = prove_least_risk(result)
    study = Study(read(small.folder), levers=levers)
    least = study.least_risk(study.choice(budget=2.0, minimum={"robot": 0.3}, move=0.9))
    assert float(found.least or 0) == pytest.approx(least, abs=1e-11)
    assert -1e-15 < (found.gap or 0.0) <= 1.1e-9


def test_a_chain_that_is_too_large_is_refused_with_its_size(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "MOST_ROWS", 10)
    with pytest.raises(InputError, match=r"option exact: the program of small has \d+ rows, .*no more than 10"):
        exact.check_exact(small.load(), Options())


@pytest.mark.slow
def test_the_commands_tell_it(small: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def typed(*words: object) -> str:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        assert not stop.value.code
        return " ".join(capsys.readouterr().out.split())

    document = json.loads(typed("optimize", small.folder, "--exact", "--json"))
    proved = document["exact"]
    assert float(proved["least_risk"]) == pytest.approx(document["risk"]["optimal"], abs=1e-12)
    assert len(proved["least_risk"]) >= 30
    assert proved["of"] == "the program as compiled in binary floating point"
    mine = tmp_path / "mine.csv"
    mine.write_text("segment,instrument,value\npart,grants,1\n", encoding="utf-8")
    shown = typed("evaluate", small.folder, "--allocation", mine, "--exact")
    assert "exact: risk of the allocation 0." in shown
    assert "least" not in shown
    assert "exact" not in typed("evaluate", small.folder, "--allocation", mine)
