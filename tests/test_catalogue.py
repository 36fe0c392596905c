"""docs/errors.md is what is said today."""

from pathlib import Path

import pytest

from tests.catalogue.__main__ import page

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"


@pytest.mark.slow
def test_the_page_of_messages_is_current(tmp_path: Path) -> None:
    assert PAGE.read_text("utf-8") == page(tmp_path), "python -m tests.catalogue > docs/errors.md"
