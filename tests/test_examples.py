"""Every example script runs as a user runs it, and prints what its first lines promise; figures are checked elsewhere.

Where a figure printed can be found another way, with the independent model or by a law, it is checked here.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import data
from tests.independent import Study, read

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def run(name: str, folder: Path, *arguments: str) -> str:
    """What the script prints, run in a folder of its own."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name), *arguments], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def percents(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"(-?[\d.]+)%", text)]


def robots() -> Study:
    return Study(read(data.folder("robots")))


def how_much_to_move(shown: str, folder: Path) -> None:
    lines = shown.splitlines()
    rows = [percents(line) for line in lines[:8]]  # share that may move, risk, share of the gain
    assert [row[0] for row in rows] == [0, 10, 20, 30, 40, 50, 70, 100]
    assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True), "more freedom raises risk"
    assert rows[1][2] / 10 >= (rows[7][2] - rows[6][2]) / 30, "what moving more brings does not rise"
    half = next(row[0] for row in rows if row[2] >= 50)
    assert f"Half of the gain is won once {half:.0f}% may move." in lines
    study = robots()
    assert rows[1][1] == round(100 * study.least_risk(study.choice(move=0.1)), 1)
    assert (folder / "results/how-much-to-move/report.html").is_file()


def talk_or_pay(folder: Path) -> None:
    shown = run("talk_or_pay.py", folder)
    rows = [percents(line) for line in shown.splitlines()[1:5]]
    today = [row[0] for row in rows]
    assert today == sorted(today, reverse=True)  # each milder than the one before
    assert all(after <= before for before, after in rows)
    study = robots()
    assert today[0] == round(100 * study.evaluate(study.model.observed).risk, 1)
    assert "disruptions where location=JPN: multiply by 0.5" in shown


def wrong_crisis(folder: Path) -> None:
    lines = run("wrong_crisis.py", folder).splitlines()
    table = pd.DataFrame([percents(line) for line in lines[1:]], columns=["all", "package", "withdrawal"])
    assert len(table) == 4
    # The allocation made for a future is the best there: least on the diagonal below today's.
    assert table.idxmin().to_dict()["withdrawal"] == 3
    assert table["all"].min() == table.at[1, "all"]
    assert table["package"].min() == table.at[2, "package"]


def least_money(folder: Path) -> None:
    lines = run("least_money.py", folder).splitlines()
    for name, said, placed in (("robots", *lines[0:2]), ("chips", *lines[3:5])):
        study = Study(read(data.folder(name)))
        today = study.evaluate(study.model.observed).risk
        assert said.startswith(f"{name}: ")
        assert percents(said) == [round(100 * today, 1)]
        least = float(re.search(r"best, ([\d.]+)", placed)[1])  # type: ignore[index]
        assert (
            study.least_risk(study.choice(budget=1.1 * least))
            < today
            < study.least_risk(study.choice(budget=0.9 * least))
        )


def prepared_for_the_worst(folder: Path) -> None:
    lines = run("prepared_for_the_worst.py", folder).splitlines()
    rows = [percents(line) for line in lines[1:]]  # advice nominal, worst; robust nominal, worst; price
    assert len(rows) == 4
    assert rows[0][:4] == [rows[0][0]] * 4  # nothing may go wrong
    for nominal, worst, safe, safe_worst, price in rows:
        assert nominal <= safe <= safe_worst <= worst
        assert price == pytest.approx(safe - nominal, abs=0.11)  # three roundings to 0.1
    assert [row[3] for row in rows] == sorted(row[3] for row in rows), "more may go wrong, and risk falls"


def which_figure_next(folder: Path) -> None:
    lines = run("which_figure_next.py", folder).splitlines()
    often = {line.split()[0]: percents(line)[0] for line in lines[:3]}
    assert set(often) == {"upstream", "midstream", "downstream"}
    assert sum(often.values()) == pytest.approx(100, abs=1.5)  # three roundings to 1
    low, high = (float(found) for found in re.findall(r"([\d.]+) to ([\d.]+) points", lines[3])[0])
    assert 0 <= low < high
    swings = [float(line.split()[0]) for line in lines[5:]]
    assert len(swings) == 5
    assert swings == sorted(swings, reverse=True)


def own_package(folder: Path) -> None:
    lines = run("own_package.py", folder).splitlines()
    for line in lines[:2]:
        before, after = percents(line)
        assert after < before, "one more supplier raises risk"
    assert any(":location: 'Korea' is not" in line for line in lines[3:])
    assert any(":low: low 0.9 is above value 0.5" in line for line in lines[3:])


def pandas_only(folder: Path) -> None:
    shown = run("pandas_only.py", folder)  # without results it runs how_much_to_move.py, which prints first
    how_much_to_move(shown, folder)
    assert shown.count("robots.move=") == 8
    assert "Is a small reallocation worth its quarrel?" in shown
    assert "money that moves (RMB billion)" in shown
    study = robots()
    best = round(study.least_risk(study.choice()), 4)
    assert re.search(rf"^robots +\S+ +\S+ +{best}$", shown, re.MULTILINE)
    text = (ROOT / "examples" / "pandas_only.py").read_text("utf-8")
    assert not re.search(r"^(from|import) (chains|data|optimize|scenarios)\b", text, re.MULTILINE)


CHECKS: dict[str, Callable[[Path], None]] = {
    "least_money": least_money,
    "own_package": own_package,
    "pandas_only": pandas_only,
    "prepared_for_the_worst": prepared_for_the_worst,
    "talk_or_pay": talk_or_pay,
    "which_figure_next": which_figure_next,
    "wrong_crisis": wrong_crisis,
}


def test_every_example_is_tested_and_listed() -> None:
    assert {*CHECKS, "how_much_to_move"} == {path.stem for path in EXAMPLES}  # that one is run by pandas_only
    listed = (ROOT / "examples" / "README.md").read_text("utf-8")
    assert all(f"[{path.name}]({path.name})" in listed for path in EXAMPLES)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKS)
def test_an_example_prints_what_it_promises(name: str, tmp_path: Path) -> None:
    CHECKS[name](tmp_path)
