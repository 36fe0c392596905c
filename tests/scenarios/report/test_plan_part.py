"""What a report says of a plan, on cases that could make its words false."""

import json
from pathlib import Path
from typing import Any

import pytest

from scenarios import Study
from scenarios.report.parts.plan import more
from scenarios.storing import StoredCase, read_results
from tests.small import Small


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that plans two years; money for parts takes a year."""
    folder = tmp_path_factory.mktemp("plan")
    Small(folder / "small").append("response.csv", "part,lag,1,,,reported,book,")
    study = Study(name="p", title="When?", question="When?", options={"beta": 0.0, "pieces": 1})
    asked = study.case("only", str(folder / "small"), title="Only").ask("plan", plan={"years": 2, "rate": 0.0})
    return asked.run(folder / "out", jobs=1, progress=False).folder


@pytest.fixture
def case(ran: Path) -> StoredCase:
    (found,) = read_results(ran).cases
    return found


def words(case: StoredCase, **changes: Any) -> tuple[str, str]:
    """The words on risk and on money, with other values in the document."""
    document = json.loads(json.dumps(case.answers["plan"]))
    for key, value in changes.items():
        document[key] = {**document[key], **value} if isinstance(value, dict) else value
    case.answers["plan"] = document
    risk, money = more(case)
    return risk.words, money.words


@pytest.mark.slow
def test_the_plan_stands_beside_the_two_other_ways(case: StoredCase) -> None:
    """Worked in tests/optimize/questions/test_plan.py."""
    risk, money = words(case)
    assert "Over 2023 to 2024, discounted at 0.0% a year, the plan lowers risk from 2.91% of final demand" in risk
    assert "to 2.81%" in risk
    assert "The one-year answer given every year has 2.84%: to plan over the years lowers risk by 0.03 points" in risk
    assert "The plan has more risk than observed spending in 2023, for less in other years." in risk
    assert "Most money of a year goes to upstream in 2023, then to midstream in 2024." in money
    assert "not needed" not in money


def test_where_nothing_is_gained_nothing_is_claimed(case: StoredCase) -> None:
    least = case.answers["plan"]["risk"]["optimal"]
    same = case.answers["plan"]["risk_by_year"]["optimal"]
    risk, _ = words(
        case,
        risk={"observed": least, "repeated": least},
        risk_by_year={"observed": same, "repeated": same},
    )
    assert "no plan has less risk than observed spending every year" in risk
    assert "The one-year answer given every year does as well." in risk
    assert "more risk than" not in risk
    assert "lowers risk" not in risk


def test_a_tie_of_tiers_is_no_lead(case: StoredCase) -> None:
    even = {"upstream": [1.5, 1.0], "midstream": [1.5, 2.0], "downstream": [0.0, 0.0]}
    _, money = words(case, tiers={"optimal": even})
    assert "Most money of a year goes to midstream in 2024. In 2023 no tier alone gets most." in money


def test_money_that_is_not_needed_is_named_and_an_idle_plan_too(case: StoredCase) -> None:
    nothing = {name: [0.0, 0.0] for name in ("part", "robot", "system")}
    tiers = {name: [0.0, 0.0] for name in ("upstream", "midstream", "downstream")}
    _, money = words(case, allocation={"optimal": nothing}, tiers={"optimal": tiers}, not_needed=[3.0, 3.0])
    assert "No tier gets most money in any year. The plan spends nothing." in money
    assert "RMB 6 billion are not needed: they would come too late or lower risk no further." in money


def test_the_charts_and_tables_are_by_year(case: StoredCase) -> None:
    risk, money = more(case)
    assert list(risk.table.index) == [2023, 2024]
    assert [line.name for line in risk.chart.data] == ["observed every year", "one-year answer repeated", "plan"]
    assert [bar.name for bar in money.chart.data] == ["upstream", "midstream"]
    assert money.table["upstream"].tolist() == ["3", "0"]
    assert money.chart.layout.yaxis.title.text == "money of the plan (RMB billion)"


def test_the_tables_of_the_results_hold_every_year(ran: Path) -> None:
    import pandas as pd

    money = pd.read_parquet(ran / "tables" / "plan.parquet")
    chosen = money[(money["spending"] == "optimal") & (money["segment"] == "part")]
    assert chosen.set_index("year")["value"].to_dict() == pytest.approx({2023: 3.0, 2024: 0.0}, abs=1e-5)
    risks = pd.read_parquet(ran / "tables" / "plan_risk.parquet")
    assert len(risks) == 3 * 2
    assert risks.groupby("spending")["weight"].sum().to_list() == pytest.approx([1.0] * 3)
