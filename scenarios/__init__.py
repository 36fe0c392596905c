"""What if: studies, stored results, reports and the command line. There is no mathematics here.

`run_study("inverted-u", folder)` runs a shipped study and writes its results folder with a report.
"""

from typing import Any

__all__ = ["run_study"]


def __getattr__(name: str) -> Any:
    """Import on first use: the command line must start at once, and running a study needs everything."""
    if name == "run_study":
        from scenarios.running import run_study

        return run_study
    raise AttributeError(name)
