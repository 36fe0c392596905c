"""What if: studies, stored results, reports and the command line. There is no mathematics here.

    from scenarios import Study
    Study(name="mine", title="...", question="...").case("robots", "robots").run("results/mine")

`run_study("inverted-u")` runs a shipped study or a study file and writes its results folder with a report.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chains.presenting import Presenter
    from scenarios.running import Done, run_study
    from scenarios.script import Study
    from scenarios.storing import read_results
    from scenarios.studies import Axis, Change, NewRow, read_study

__all__ = ["Axis", "Change", "Done", "NewRow", "Study", "read_results", "read_study", "run_study"]

_PLACES = {
    "Done": "scenarios.running",
    "Study": "scenarios.script",
    "read_results": "scenarios.storing",
    "run_study": "scenarios.running",
}


def present() -> None:
    """From now on chains and answers show themselves as they are told here: in words, tables, charts and frames."""
    from chains.presenting import present_with

    def find() -> "Presenter":
        from scenarios import presenting

        return presenting

    present_with(find)


def __getattr__(name: str) -> Any:
    """Import on first use: the command line must start at once, and running a study needs everything."""
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    present()
    return getattr(import_module(_PLACES.get(name, "scenarios.studies")), name)
