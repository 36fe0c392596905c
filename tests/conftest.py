"""What most tests start from, which of them are slow, and that none depends on how fast the machine is."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.small import Small

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


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
