"""What is stored is what was asked: options that a case sets to their default are not lost."""

from pathlib import Path

import pytest

from scenarios import Study, read_results
from scenarios.verifying import verify
from tests.small import Small


@pytest.mark.slow
def test_a_case_that_sets_an_option_to_its_default_keeps_it(small: Small, tmp_path: Path) -> None:
    study = Study(name="levels", title="Levels", question="?", options={"alpha": 0.8})
    study = study.case("usual", small.folder, alpha=0.9).case("lower", small.folder)
    done = study.run(tmp_path / "out", jobs=1, progress=False)
    assert [case.options.alpha for case in read_results(done.folder).cases] == [0.9, 0.8]
    assert verify(done.folder, jobs=1).largest == 0.0
