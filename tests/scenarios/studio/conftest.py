"""A studio that listens, with the small package open."""

from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.small import Small

if TYPE_CHECKING:
    from scenarios.studio.serving import Studio


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Studio"]:
    from scenarios.studio.serving import Studio

    folder = tmp_path_factory.mktemp("studio")
    package = Small(folder / "small").add_structure("durations.csv", "criticality.csv", "stocks.csv")
    opened = Studio([str(package.folder)], folder / "saved")
    answering = Thread(target=opened.serve, daemon=True)
    answering.start()
    yield opened
    opened.close()
    answering.join(10)
