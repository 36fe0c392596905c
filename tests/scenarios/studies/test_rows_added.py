"""Studies add rows to tables, so a new scenario needs no copied package (numbers of tests/small.py)."""

from pathlib import Path

import pytest

from chains import InputError
from scenarios import NewRow, Study, read_study
from scenarios.studies.expanding import ready_cases
from tests.small import Small

FILE = """
name = "added"
title = "Added"
question = "What if?"

[[cases]]
name = "blockade"
title = "A blockade of three months"
packages = ["{package}"]

[[cases.add]]
table = "probabilities"
keys = {{scenario = "blockade"}}
value = 0.02

[[cases.add]]
table = "disruptions"
keys = {{scenario = "blockade", location = "JPN"}}
value = 1.0

[[cases.add]]
table = "durations"
keys = {{scenario = "blockade", parameter = "outage"}}
value = 3
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "added.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.slow
def test_a_scenario_of_three_months_is_added_by_three_rows(small: Small, tmp_path: Path) -> None:
    file = read_study(written(tmp_path, FILE.format(package=small.folder)))
    (case,) = ready_cases(file)
    numbers = case.chain.numbers
    assert numbers.scenarios == ("quake", "embargo", "blockade", "calm")
    assert numbers.probability.tolist() == pytest.approx([0.10, 0.05, 0.02, 0.83])
    assert numbers.phase_length.tolist() == [1.0, 1.0, 0.25, 1.0]
    assert numbers.foreign[2].tolist() == [0.0, 10.0, 0.0]  # no parts from Japan; robots from Germany
    assert len(case.chain.changes) == 3


def test_a_script_says_the_same(small: Small, tmp_path: Path) -> None:
    rows = (
        NewRow(table="probabilities", keys={"scenario": "blockade"}, value=0.02),
        NewRow(table="disruptions", keys={"scenario": "blockade", "location": "JPN"}, value=1.0),
        NewRow(table="durations", keys={"scenario": "blockade", "parameter": "outage"}, value=3.0),
    )
    study = Study(name="added", title="Added", question="What if?").case(
        "blockade", str(small.folder), title="A blockade of three months", add=rows
    )
    assert study.cases[0].add == read_study(written(tmp_path, FILE.format(package=small.folder))).study.cases[0].add


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('table = "durations"', 'table = "duration"', "duration"),
        ('parameter = "outage"', 'parameter = "outages"', "outages"),
        ('location = "JPN"', 'place = "JPN"', "place"),
        ("value = 3", "value = 13", "13"),
        ("value = 0.02", "value = 0.9", "probabilities"),
        ('table = "durations"', 'tabel = "durations"', "tabel"),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(small: Small, tmp_path: Path, old: str, new: str, told: str) -> None:
    path = written(tmp_path, FILE.format(package=small.folder).replace(old, new))
    with pytest.raises(InputError, match=told):
        ready_cases(read_study(path))


def test_a_row_that_lacks_another_beside_it_is_told(small: Small, tmp_path: Path) -> None:
    text = FILE.format(package=small.folder).split("[[cases.add]]")[0]
    keys = 'keys = {segment = "part", location = "KOR", parameter = "limit"}'
    row = f'[[cases.add]]\ntable = "suppliers"\n{keys}\nvalue = 2\n'
    with pytest.raises(InputError, match="cost"):
        ready_cases(read_study(written(tmp_path, text + row)))
