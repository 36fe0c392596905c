"""`tierwise plan` as a user meets it; tests/optimize/questions/test_plan.py works its numbers."""

import json
from math import log
from pathlib import Path

import pytest

from scenarios.cli import main
from tests.small import Small

S1 = 0.99 / log(100)


@pytest.fixture
def package(tmp_path: Path) -> Small:
    """Money for parts takes a year; 2 parts are held, and 5 can be."""
    stocks = ("held,2", "limit,5", "price,1.5", "holding,0.1")
    return (
        Small(tmp_path / "small")
        .append("response.csv", "part,lag,1,,,reported,book,")
        .append("stocks.csv", *(f"part,{row},,,reported,book," for row in stocks))
    )


@pytest.fixture
def typed(package: Small, capsys: pytest.CaptureFixture[str]):
    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(["plan", str(package.folder), *map(str, words)])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), captured.out, captured.err

    return run


def test_the_document_tells_risk_and_money_by_year(typed) -> None:
    status, out, err = typed("--years", 2, "--rate", 0.5, "--beta", 0, "--pieces", 1, "--levers", "stocks", "--json")
    assert status == 0, err
    document = json.loads(out)
    assert document["years"] == [2023, 2024]
    assert document["weights"] == pytest.approx([0.6, 0.4])
    # 2 parts held halve the quake's loss of 0.20; 2 robots a year add 2 S1 and 4 S1, and 0.5 for parts come in year 2
    robots, parts = [0.001 * 2 * S1, 0.001 * 4 * S1], [0.0, 0.005 * 0.5 * S1]
    observed = [0.02 - a - b for a, b in zip(robots, parts, strict=True)]
    assert document["risk_by_year"]["observed"] == pytest.approx(observed)
    assert document["risk"]["observed"] == pytest.approx(0.6 * observed[0] + 0.4 * observed[1])
    assert document["expected_loss"]["observed"] == pytest.approx(document["risk"]["observed"])
    assert document["levers"]["optimal"]["stocks"]["part"] == pytest.approx([3.0, 0.3875], abs=1e-5)
    assert document["tiers"]["optimal"]["upstream"] == pytest.approx([3.0, 0.3875], abs=1e-5)
    assert document["allocation"]["optimal"]["part"] == [0.0, 0.0]
    assert document["allocation"]["observed"]["robot"] == [2.0, 2.0]
    assert document["not_needed"] == pytest.approx([0.0, 2.6125], abs=1e-5)
    assert document["budget"] == {"grants": 3.0}
    assert set(document["risk"]) == set(document["risk_by_year"]) == {"observed", "repeated", "optimal"}
    assert max(document["certificate"].values()) <= 1e-7
    assert document["provenance"]["options"]["years"] == 2


def test_people_get_a_sentence_and_tables(typed) -> None:
    status, out, err = typed("--years", 2, "--beta", 0, "--pieces", 1)
    assert status == 0, err
    assert "over 2023 to 2024, discounted at 3% a year, the plan lowers risk from" in " ".join(out.split())
    assert "Risk by year" in out
    assert "Money of the plan (RMB billion)" in out


def test_no_gain_is_said(typed) -> None:
    """The budget is 0, and observed spending is not, so no plan can do as well."""
    _, out, _ = typed("--years", 2, "--budget", 0)
    assert "no plan has less risk than observed spending every year" in " ".join(out.split())


def test_what_is_wrong_is_said_at_once(typed) -> None:
    status, out, err = typed("--years", 0, "--growth", -1, "--rate", -2)
    assert (status, out) == (2, "")
    for option in ("years", "growth", "rate"):
        assert f"option {option}" in err
    assert "Traceback" not in err
    assert typed("--years", 2.5)[0] == 2
