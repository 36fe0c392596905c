"""What stands on a page runs: commands that need no file of the reader's, and examples in Python.

That the other commands are written right is held by test_site.py; what each of them does has tests of its own, which
`ELSEWHERE` names.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.cli import main
from tests.test_site import PAGES, ROOT, commands

pytestmark = pytest.mark.slow

ELSEWHERE = {
    "compare": "tests/smoke",
    "convert": "tests/chains/writing",
    "import": "tests/chains/importing",
    "new": "tests/test_tutorial.py",
    "quality": "tests/scenarios/terminal/test_every_view.py",
    "report": "tests/smoke",
    "studio": "tests/scenarios/studio",
    "study": "tests/scenarios/studies/test_shipped_studies.py",
    "verify": "tests/scenarios/verifying",
}
"""Commands that take files, results or half a minute, or do not end, and where they are run."""

HERE = sorted(
    line for line, words in commands().items() if words[0] not in ELSEWHERE and "wind" not in line
)  # the pages' wind chain is run by tests/test_tutorial.py

FEWER = {
    "uncertainty": (
        ("count=128, replicates=8", "count=4, replicates=2"),
        ("trajectories=8", "trajectories=2"),
        ("count=128, seed=1", "count=4, seed=1"),
        ("Options())  # ", "Options(), uncertain(robots).only(uncertain(robots).labels[::10]))  # "),
    ),
    "priorities": (('priorities(load("robots")', 'priorities(load("robots"), draws=3'),),
    "turning-points": (("turning_points(robots) ", "turning_points(robots, steps=4) "), ("steps=40", "steps=4")),
    "many-scenarios": (("20_000", "60"),),
    "studies": (("jobs=2", "jobs=1, progress=False"),),
}
"""Numbers of draws, of what is drawn, of steps and of scenarios that would take long, and those run here; by page."""

NOT_HERE = {
    "least_risk_bounds": "tests/optimize/cylinders: each process that mpiexec starts",
    "my-chain": "tests/optimize/test_structure_by_hand.py: the chain of the page",
    "quality(load": "tests/scenarios/terminal/test_every_view.py: half a minute of draws",
    "results/double-or-move": "tests/scenarios/storing: results of a study that takes a minute",
}
"""What marks an example that is run elsewhere, and where."""


def examples() -> Iterator[tuple[str, str]]:
    """Page with the number of the block, and its text as it is run here."""
    for page in PAGES:
        blocks = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        for n, block in enumerate(blocks, start=1):
            if any(mark in block for mark in NOT_HERE):
                continue
            for old, new in FEWER.get(page.stem, ()):
                block = block.replace(old, new)
            yield f"{page.relative_to(ROOT)}-{n}", block


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("line", HERE)
def test_a_command_on_a_page_is_answered(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(commands()[line])
    captured = capsys.readouterr()
    assert (stop.value.code or 0, captured.out.strip() == "") == (0, False), captured.err


@pytest.mark.parametrize(("page", "block"), [pytest.param(*one, id=one[0]) for one in examples()])
def test_an_example_in_python_runs(page: str, block: str, tmp_path: Path) -> None:
    exec(compile(block, page, "exec"), {"folder": tmp_path / "many"})


def test_what_is_run_elsewhere_stands_on_a_page() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert [mark for mark in NOT_HERE if mark not in text] == []
    assert {words[0] for words in commands().values()} >= set(ELSEWHERE)
    assert all((ROOT / place.partition(":")[0]).exists() for place in (*NOT_HERE.values(), *ELSEWHERE.values()))
