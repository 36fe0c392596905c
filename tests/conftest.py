"""What most tests start from, which of them are slow, and that none depends on how fast the machine is."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.properties import QUICK, WHOLE
from tests.small import Small

_QUICK_RUN = "not slow"

_LONGEST = "tests/tierwise/test_one_name.py::test_type_checkers_see_its_names"
"""The longest test comes first, or at the end one process would run it while the others wait."""


def pytest_configure(config: pytest.Config) -> None:
    """Before any module of tests is imported: its properties ask how many cases to take."""
    settings.load_profile(QUICK if config.getoption("markexpr") == _QUICK_RUN else WHOLE)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A copy of the small package of the test's own, to change and to load."""
    return Small(tmp_path / "small")


@pytest.hookimpl(tryfirst=True)  # before -m is looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where a question is asked of many cases, random packages or wrong cells, all but the first are slow."""
    asked = set()
    for item in items:
        question = item.nodeid.partition("[")[0]
        if question in asked:
            item.add_marker(pytest.mark.slow)
        asked.add(question)
    items.sort(key=lambda item: item.nodeid != _LONGEST)
