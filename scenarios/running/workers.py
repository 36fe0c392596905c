"""Where tasks run: in this process, on the cores of this machine, or on the workers of a Dask cluster.

Whatever the place, an answer depends on its task alone (`scenarios.running.tasks`), so results are the same to the bit.
"""

import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from threading import Thread

from chains import InputError
from scenarios.running.tasks import DIED, Outcome, Task, carry_out

__all__ = ["answers"]

ATTEMPTS = 3
"""How often a task is tried whose worker process dies."""


def answers(tasks: Sequence[Task], jobs: int, cluster: str = "") -> Generator[tuple[Task, Outcome]]:
    """The outcome of every task, as they come; `cluster` is the address of a Dask scheduler, instead of `jobs`."""
    if cluster:
        return _on_cluster(tasks, cluster)
    if min(jobs, len(tasks)) <= 1:
        return ((task, carry_out(task)) for task in tasks)
    return _on_cores(tasks, jobs)


def _on_cores(tasks: Sequence[Task], jobs: int) -> Generator[tuple[Task, Outcome]]:
    """One process a core. A process that is killed takes the pool with it: what was not finished is tried again.

    In the end each task that is left gets a process of its own: one that always dies takes no other along.
    """
    left = dict(enumerate(tasks))
    for attempt in range(ATTEMPTS):
        groups = [left] if attempt < ATTEMPTS - 1 else [{n: task} for n, task in left.items()]
        for group in groups:
            for n, outcome in _in_pool(dict(group), jobs):
                yield left.pop(n), outcome
        if not left:
            return
    for task in left.values():
        yield task, Outcome(failed=DIED, reason=f"its process died {ATTEMPTS} times; is there enough memory?")


def _in_pool(tasks: dict[int, Task], jobs: int) -> Generator[tuple[int, Outcome]]:
    """Outcomes until all are there or a process dies. Whatever ends this process or the iteration ends the workers."""
    theirs, ours = multiprocessing.Pipe(duplex=False)
    with theirs, ours, ProcessPoolExecutor(min(jobs, len(tasks)), _context(), _work_for, (theirs,)) as pool:
        with _main_aside():
            running = {pool.submit(carry_out, task): n for n, task in tasks.items()}
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        except BrokenProcessPool:
            return
        except BaseException:  # an interrupt, or nobody waits for the answers any more
            ours.close()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _work_for(lifeline: Connection) -> None:
    """Start a worker. Ctrl-C reaches every process of a terminal: the parent alone says what it means.

    The parent holds the other end of the line and never writes: it closes where the parent ends, killed or not.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


def _context() -> multiprocessing.context.BaseContext:
    """Processes are forked from a server that has no threads and has imported all that a task needs."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scenarios.running.tasks"])
    return context


@contextmanager
def _main_aside() -> Iterator[None]:
    """Processes that start now do not run the user's script again: all that a task needs is in our modules."""
    main = sys.modules["__main__"]
    file, spec = main.__dict__.pop("__file__", None), main.__spec__
    main.__spec__ = None
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file


def _reach(address: str) -> None:
    """InputError unless something listens at the address: a client that finds nothing there ends in a traceback."""
    from distributed.comm.addressing import parse_address, parse_host_port

    try:
        with socket.create_connection(parse_host_port(parse_address(address)[1]), timeout=10.0):
            pass
    except (OSError, ValueError) as error:
        right = "give the address that `dask scheduler` prints, such as tcp://127.0.0.1:8786"
        raise InputError.single(f"option --cluster {address}", f"no scheduler answers ({error})", right) from None


def _on_cluster(tasks: Sequence[Task], address: str) -> Generator[tuple[Task, Outcome]]:
    """Dask's scheduler gives the tasks out, and again where a worker is lost."""
    try:
        from distributed import Client
        from distributed import as_completed as completed
        from distributed.scheduler import KilledWorker
    except ImportError:
        wrong = "needs the package 'distributed'"
        raise InputError.single("option --cluster", wrong, "install tierwise with its extra 'cluster'") from None
    _reach(address)
    with Client(address, timeout="30s", set_as_default=False) as client:
        futures = client.map(
            carry_out, tasks, key=[f"tierwise-{task.key}" for task in tasks], pure=True, retries=ATTEMPTS
        )
        task_of = {future.key: task for future, task in zip(futures, tasks, strict=True)}
        for future in completed(futures, loop=client.loop):
            task = task_of[future.key]
            try:
                outcome = future.result()
            except KilledWorker as error:
                outcome = Outcome(failed=DIED, reason=f"its worker died again and again ({error})")
            future.release()
            yield task, outcome
