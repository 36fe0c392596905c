"""What most tests start from: a copy of the small package of their own, to change and to load."""

from pathlib import Path

import pytest

from tests.small import Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")
