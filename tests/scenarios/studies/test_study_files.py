"""Study files and scripts: what they may say, and how a mistake in them is told."""

import json
from pathlib import Path

import pytest

from chains import InputError, load
from scenarios.studies import Axis, Change, Study, StudyFile, read_study
from scenarios.studies.expanding import ready_cases
from scenarios.studies.schema import study_schema
from tests.small import Small

BASE = """
title = "Base"
question = "Where?"
[options]
alpha = 0.8
[[cases]]
name = "one"
title = "One"
packages = ["small"]
[[cases.changes]]
table = "demand"
multiply = 0.5
[[cases]]
name = "two"
title = "Two"
packages = ["small"]
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    Small(tmp_path / "small")
    file = tmp_path / "base.toml"
    file.write_text(BASE, "utf-8")
    return file


def written(base: Path, text: str) -> str:
    file = base.parent / "child.toml"
    file.write_text(text, "utf-8")
    return str(file)


def problems(base: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        ready_cases(read_study(written(base, text)))
    return [str(problem).replace(f"{base.parent}/", "") for problem in caught.value.problems]


def test_a_study_extends_another_and_tells_what_it_overrides(base: Path) -> None:
    file = read_study(
        written(
            base,
            """
            extends = "base.toml"
            title = "Child"
            without = ["two"]
            [options]
            beta = 1.0
            alpha = 0.7
            [[cases]]
            name = "one"
            [[cases.changes]]
            table = "supply"
            multiply = 2.0
            [[cases]]
            name = "three"
            title = "Three"
            packages = ["small"]
            """,
        )
    )
    study = file.study
    assert (study.name, study.title, study.question) == ("child", "Child", "Where?")
    assert (study.options.alpha, study.options.beta) == (0.7, 1.0)
    assert [case.name for case in study.cases] == ["one", "three"]
    assert [(change.table, change.multiply) for change in study.cases[0].changes] == [("demand", 0.5), ("supply", 2.0)]
    told = {override.key: (override.was, override.now) for override in file.overrides}
    assert told == {"title": ("Base", "Child"), "options.alpha": (0.8, 0.7), "cases.two": ("a case", "left out")}
    assert all(override.was_in.endswith("base.toml") for override in file.overrides)


def test_a_shipped_study_can_be_extended(base: Path) -> None:
    file = read_study(written(base, 'extends = "inverted-u"\nwithout = ["chips", "coupled"]\n'))
    names = [f"{chain}{kind}" for chain in ("robots", "chips") for kind in ("-premise", "", "-levers")]
    assert [case.name for case in file.study.cases] == [name for name in names if name != "chips"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('extends = "child.toml"', "extends itself"),
        ('extends = "bose.toml"', "neither a study file nor a shipped study"),
        ('extends = "base.toml"\nwithout = ["tow"]', "child.toml:2:without: 'tow' is not a case"),
        ("title = 'x'\nquestion = 'y'", "has no case"),
    ],
)
def test_what_a_study_builds_on_must_be_there(base: Path, text: str, told: str) -> None:
    assert told in "\n".join(problems(base, text))


def test_every_mistake_is_told_at_its_row(base: Path) -> None:
    told = problems(
        base,
        'extends = "base.toml"\n'
        "titel = 'x'\n"
        "[options]\n"
        "alfa = 0.9\n"
        "beta = 2\n"
        "[[changes]]\n"
        "table = 'supply'\n"
        "multiply = 2.0\n"
        "add = 1.0\n"
        "[draws]\n"
        "seed = 1\n"
        "count = 100\n",
    )
    assert [problem.split(": ")[0] for problem in told] == [
        "child.toml:2:titel",
        "child.toml:4:options.alfa",
        "child.toml:5:options.beta",
        "child.toml:6:changes.0",
        "child.toml:10:draws",
    ]
    assert "did you mean 'title'?" in told[0]
    assert "did you mean 'alpha'?" in told[1]
    assert "exactly one of multiply, add and set" in told[3]
    assert "100 is not a power of 2" in told[4]


def test_a_change_that_matches_nothing_is_an_error_at_its_case(base: Path) -> None:
    told = problems(
        base,
        """extends = "base.toml"
[[cases]]
name = "one"
[[cases.changes]]
table = "supply"
where = { location = "JNP" }
multiply = 0.5
[[grids]]
name = "wide"
cases = ["two"]
axes = [{ name = "cut", table = "disruptions", multiply = [0.5, 9.0] }]
""",
    )
    assert len(told) == 3
    assert "child.toml:2:cases.0: supply: no row has location=JNP" in told[0]
    assert told[1].startswith("child.toml:8:grids.0: disruptions: multiply by 9.0: gives 4.5;")  # the quake cuts half
    assert told[2].startswith("child.toml:8:grids.0: disruptions: multiply by 9.0: gives 9;")  # the embargo cuts all
    assert "is at least 0 and at most 1" in told[1]


def test_changes_are_made_in_order_and_options_of_a_case_come_last(base: Path) -> None:
    study = (
        Study(name="s", title="t", question="q", options={"alpha": 0.8, "beta": 0.25})
        .change("demand", multiply=0.5)
        .case("one", base.parent / "small", changes=[Change(table="demand", add=1.0)], beta=0.75)
    )
    (case,) = ready_cases(StudyFile.of(study))
    before = load(base.parent / "small").table("demand")["value"]
    assert list(case.chain.table("demand")["value"]) == [value * 0.5 + 1.0 for value in before]
    assert (case.options.alpha, case.options.beta) == (0.8, 0.75)
    assert len(case.chain.changes) == 2


def test_a_grid_is_every_combination_of_its_axes(base: Path) -> None:
    budget = Axis(name="budget", option="budget", values=(1.0, 2.0))
    cut = Axis(name="cut", table="disruptions", multiply=(0.0, 0.5, 1.0))
    study = (
        Study(name="s", title="t", question="q")
        .case("one", base.parent / "small")
        .case("two", base.parent / "small")
        .grid("both", budget, cut, cases=["two"])
    )
    points = [case for case in ready_cases(StudyFile.of(study)) if case.grid]
    assert [point.name for point in points[:2]] == ["two.budget=1.cut=0", "two.budget=1.cut=0.5"]
    assert len(points) == 6
    assert {(point.options.budget, point.point["cut"]) for point in points} == {
        (budget, cut) for budget in (1.0, 2.0) for cut in (0.0, 0.5, 1.0)
    }
    cuts = {point.point["cut"]: point.chain.table("disruptions")["value"].sum() for point in points}
    assert cuts[0.0] == 0.0
    assert cuts[0.5] == pytest.approx(cuts[1.0] / 2)


def test_points_that_six_digits_do_not_tell_apart_have_names_of_their_own(base: Path) -> None:
    budget = Axis(name="budget", option="budget", values=(1.2345678, 1.2345679, 2.0))
    study = Study(name="s", title="t", question="q").case("two", base.parent / "small").grid("fine", budget)
    points = [case for case in ready_cases(StudyFile.of(study)) if case.grid]
    assert [point.name for point in points] == ["two.budget=1.2345678", "two.budget=1.2345679", "two.budget=2"]
    assert [point.title for point in points] == ["two, budget 1.2345678", "two, budget 1.2345679", "two, budget 2"]
    thirds = Axis(name="budget", option="budget", values=(0.1 + 0.2, 0.3))  # the last of 17 digits differs
    assert [thirds.told(value) for value in thirds.points] == ["0.30000000000000004", "0.29999999999999999"]


def test_two_grids_whose_points_have_one_name_are_an_error(base: Path) -> None:
    less = Axis(name="cut", table="disruptions", multiply=(0.5, 1.0))
    dearer = Axis(name="cut", table="demand", multiply=(0.5,))
    study = Study(name="s", title="t", question="q").case("two", base.parent / "small").grid("one", less)
    assert len(ready_cases(StudyFile.of(study.grid("again", less)))) == 5  # the same points, and no confusion
    with pytest.raises(
        InputError, match=r"a point of grid 'one' and another of grid 'other' are both named 'two.cut=0.5'"
    ):
        ready_cases(StudyFile.of(study.grid("other", dearer)))


def test_a_file_and_a_script_say_the_same(base: Path) -> None:
    script = (
        Study(name="base", title="Base", question="Where?", options={"alpha": 0.8})
        .case("one", str(base.parent / "small"), title="One", changes=[Change(table="demand", multiply=0.5)])
        .case("two", str(base.parent / "small"), title="Two")
    )
    assert read_study(str(base)).study == script


def test_what_is_asked_needs_its_question() -> None:
    with pytest.raises(ValueError, match=r"the output gain needs a table \[gain\] with from and to"):
        Study(name="s", title="t", question="q").ask("gain")
    with pytest.raises(ValueError, match=r"needs a table \[self_sufficiency\] with target"):
        Study(name="s", title="t", question="q").ask("self-sufficiency")
    with pytest.raises(ValueError, match=r"the output what-if needs a table \[what_if\] with cuts"):
        Study(name="s", title="t", question="q").ask("what-if")
    with pytest.raises(ValueError, match="two cases are named one"):
        Study(name="s", title="t", question="q").case("one", "robots").case("one", "robots")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("cuts = []", "what_if.cuts"),
        ('cuts = ["JPN"]\nmonths = 0', "what_if.months"),
        ('cuts = ["JPN"]\nmonths = 13', "what_if.months"),
        ('cuts = ["JPN"]\nstock = {part = -1}', "what_if.stock.part"),
        ('cuts = ["JPN"]\nmonth = 3', "'month' is not known here; did you mean 'months'"),
    ],
)
def test_a_disruption_that_cannot_be_is_told_before_anything_is_solved(base: Path, row: str, told: str) -> None:
    (said,) = problems(base, f'extends = "base.toml"\noutputs = ["what-if"]\n[what_if]\n{row}\n')
    assert told in said


def test_the_published_schema_is_current() -> None:
    published = json.loads(Path("docs/study.schema.json").read_text("utf-8"))
    assert published == study_schema(), "python -m scenarios.studies.schema > docs/study.schema.json"


def test_a_grid_of_an_option_has_values_that_the_option_can_have(base: Path) -> None:
    told = problems(
        base,
        """extends = "base.toml"
[[grids]]
name = "sure"
axes = [{ name = "alpha", option = "alpha", values = [0.9, 1.5] }]
""",
    )
    assert len(told) == 1
    assert told[0].startswith("child.toml:4:grids.0.axes.0: alpha = 1.5: Input should be less than 1")
