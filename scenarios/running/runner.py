"""Run tasks: what an earlier run finished is taken over, what is new is kept as it comes, and shown and logged."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scenarios.running.journal import Journal
from scenarios.running.tasks import Outcome, Task
from scenarios.running.workers import answers

__all__ = ["Runner"]


@dataclass
class Runner:
    """Runs tasks on `jobs` processes, or on the Dask cluster at an address; `log` tells what happened when.

    Without a `journal` nothing is taken over from an earlier run, and nothing kept.
    """

    journal: Journal | None
    jobs: int
    cluster: str = ""
    progress: bool = True
    log: list[str] = field(default_factory=list)

    def __enter__(self) -> "Runner":
        columns = (TextColumn("{task.description:.40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        left = (TextColumn("left"), TimeRemainingColumn())
        self._bar = Progress(*columns, *left, console=Console(stderr=True), transient=True, disable=not self.progress)
        self._task = self._bar.add_task("", total=0)
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def run(self, tasks: Sequence[Task]) -> dict[str, Outcome]:
        """The outcome of every task by its key; equal tasks run once."""
        known = {task.key: kept for task in tasks if (kept := self._found(task)) is not None}
        new = list({task.key: task for task in tasks if task.key not in known}.values())
        self._say(f"{len(tasks)} questions, of which {len(known)} were answered before; {self._where}")
        done = self._bar.tasks[0].completed
        self._bar.update(self._task, total=done + len(new), description="solving")
        with closing(answers(new, self.jobs, self.cluster)) as coming:
            for task, outcome in coming:
                if self.journal is not None:
                    self.journal.keep(task, outcome)
                known[task.key] = outcome
                self._say(f"{task.label}: {outcome.failed or 'answered'}, {outcome.seconds:.2f} s")
                self._bar.update(self._task, advance=1, description=task.label)
        return known

    def _found(self, task: Task) -> Outcome | None:
        return None if self.journal is None else self.journal.find(task)

    @property
    def _where(self) -> str:
        return f"on the cluster at {self.cluster}" if self.cluster else f"on {self.jobs} processes"

    def _say(self, words: str) -> None:
        self.log.append(f"{datetime.now(UTC).isoformat(timespec='seconds')} {words}")
