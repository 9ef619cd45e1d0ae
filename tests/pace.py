"""Limits of time that hold on a slow or busy machine: the best of some tries, and seconds scaled by its pace."""

import time
from collections.abc import Callable

TURNS = 1_000_000
REFERENCE_S = 0.06
"""Seconds that `TURNS` turns of an empty loop take on the machine that the limits were set on."""
TIMES = 3
"""A busy machine can slow one run down, not all of them."""


def least(work: Callable[[], object], times: int = TIMES) -> float:
    """The least processor time of `times` runs, in seconds."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def slowness() -> float:
    """How many times slower than the reference this machine is just now, other programs included; at least 1."""
    started = time.perf_counter()
    for _ in range(TURNS):
        pass
    return max(1.0, (time.perf_counter() - started) / REFERENCE_S)
