"""How long processes wait for a processor that is busy with something else."""

import os
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class Spent(NamedTuple):
    """Milliseconds of all threads of some processes."""

    running: float
    waiting: float


def processes_of(group: int) -> list[int]:
    """The processes of a group that run now; none where the system does not list them, which is all but Linux."""
    return [int(entry.name) for entry in PROC.glob("[0-9]*") if _group_of(int(entry.name)) == group]


def spent_by(processes: list[int]) -> Spent:
    """
    What threads that are there now have spent since they began, by the kernel's own count to the nanosecond:
    https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat. Nothing where it does not count.
    """
    running = waiting = 0
    for process in processes:
        for thread in PROC.glob(f"{process}/task/*/schedstat"):
            try:
                on_processor, in_queue, _ = thread.read_text().split()
            except (OSError, ValueError):
                # It ended since it was listed
                continue
            running += int(on_processor)
            waiting += int(in_queue)
    return Spent(running / 1e6, waiting / 1e6)


def without_waiting(elapsed: float, before: Spent, after: Spent) -> float:
    """
    What would have elapsed had a processor been free, in milliseconds.

    Threads that hold nothing up wait as well, so that this may take off too much; but never so much that less is left
    than was computed, which is the whole of it unless something else is waited for, such as a database.
    """
    computed = min(elapsed, after.running - before.running)
    return max(computed, elapsed - (after.waiting - before.waiting))


def _group_of(process: int) -> int | None:
    try:
        return os.getpgid(process)
    except OSError:
        return None
