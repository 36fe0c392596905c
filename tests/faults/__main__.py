"""See `tests.faults`."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.moments import FULL, KILL, Fault
from tests.faults.study import Disturbed, Found, moments_of

OTHERS = {
    "four runs that start at once into one folder": ("scenarios/running/test_faults.py", "at_once"),
    "workers killed, signals, a second run, kept answers edited": ("scenarios/running/test_run_ends.py", ""),
    "results edited, with all hashes rewritten or without": ("scenarios/verifying/test_forgeries.py", ""),
    "things of others in the way, and killed between two renames": ("scenarios/storing/test_results_place.py", ""),
    "forced to the disk before it has its name": ("scenarios/storing/test_durable.py", ""),
}
"""By what they are: the file of the tests, and which of them (empty: all)."""


def faults(study: Disturbed, kills: int, full: int) -> Iterator[tuple[Fault, bool]]:
    """Kills and full disks, half of them over an earlier result, and whether it is one of those."""
    for kind, wanted in ((KILL, kills), (FULL, full)):
        for over, total in ((False, study.count), (True, study.over)):
            for n, moment in enumerate(moments_of(total, (wanted + over) // 2)):
                yield Fault(kind, moment, torn=bool(n % 2)), over


class _Counted:
    """A plugin of pytest that counts tests."""

    def __init__(self) -> None:
        self.passed, self.failed = 0, list[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed
        self.failed += [report.nodeid] if report.failed else []


def others() -> bool:
    """Make the other faults, say what came of them, and whether all is as it must be."""
    right = True
    for what, (file, which) in OTHERS.items():
        counted = _Counted()
        words = ["-n", "0", "-qq", "--no-header", "--no-summary", "-o", "addopts=", "-p", "no:cacheprovider"]
        pytest.main([*words, "-k", which, str(Path(__file__).parents[1] / file)], plugins=[counted])
        print(f"{what}: {counted.passed} passed, {len(counted.failed)} failed {' '.join(counted.failed)}", flush=True)
        right &= bool(counted.passed) and not counted.failed
    return right


def main(words: list[str]) -> int:
    """Make the faults and say what came of them; exit status 1 if anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--full", type=int, default=20)
    asked = parser.parse_args(words)
    found: list[Found] = []
    with tempfile.TemporaryDirectory() as folder:
        study = Disturbed(Path(folder))
        for fault, over in faults(study, asked.kills, asked.full):
            found.append(study.meets(fault, over, touch=0.0 if fault.moment % 2 else 4e9))
            if found[-1].wrong:
                print(f"{fault}{' over an earlier result' if over else ''}: {found[-1].wrong}", flush=True)
        moments = f"{study.count} moments in a new place, {study.over} over an earlier result"
    for kind in (KILL, FULL):
        of = [one for one in found if one.fault.kind == kind]
        print(f"{kind}: {len(of)} moments, {sum(bool(one.wrong) for one in of)} with anything lost or otherwise wrong")
    print(f"(a run has {moments})")
    return int(any(one.wrong for one in found) | (not others()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
