"""What scripts import: a study that can be run."""

from pathlib import Path
from typing import TYPE_CHECKING

from scenarios import studies

if TYPE_CHECKING:
    from scenarios.running import Done

__all__ = ["Study"]


class Study(studies.Study):
    """A study that can be run.

    Study(name="doubling", title="Twice the money", question="...")
        .case("today", "robots", title="As it is")
        .case("double", "robots", title="Doubled", changes=[Change(table="subsidies", multiply=2)])
        .run("results/doubling")
    """

    def run(
        self, out: Path | str | None = None, *, jobs: int | None = None, cluster: str = "", progress: bool = True
    ) -> "Done":
        """Run the study and write its results folder; see `scenarios.run_study`."""
        from scenarios.running import run_study

        return run_study(self, out, jobs=jobs, cluster=cluster, progress=progress)
