"""docs/notebook.ipynb: its cells run, and what is stored beneath them is what they show."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = spec_from_file_location("notebook", DOCS / "notebook.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def stored() -> list[dict[str, Any]]:
    notebook = json.loads((DOCS / "notebook.ipynb").read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells: list[dict[str, Any]] = notebook["cells"]
    return cells


def test_the_notebook_has_the_cells_that_its_maker_says(maker: ModuleType, stored: list[dict[str, Any]]) -> None:
    assert ["".join(cell["source"]) for cell in stored] == list(maker.CELLS)
    assert {cell["cell_type"] for cell in stored} == {"markdown", "code"}


@pytest.mark.slow
def test_every_cell_runs_and_shows_what_is_stored(maker: ModuleType, stored: list[dict[str, Any]]) -> None:
    names: dict[str, Any] = {}
    charts = 0
    for cell in (cell for cell in stored if cell["cell_type"] == "code"):
        value = maker.shown("".join(cell["source"]), names)
        told = [output["data"] for output in cell["outputs"]]
        if told and "application/vnd.plotly.v1+json" in told[0]:
            charts += 1
            assert len(value.data) == len(told[0]["application/vnd.plotly.v1+json"]["data"])
        else:
            assert [repr(value)] * len(told) == [data["text/plain"] for data in told], "run: python docs/notebook.py"
    assert charts >= 4
