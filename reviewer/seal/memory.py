"""Keeping memory out of the swap: drafts, keys and index pages stay in memory where the system lets a process lock it.

Linux only. An ordinary user may lock 8 MiB, less than the libraries take, and every allocation beyond a finite limit
would fail; so everything is locked where the limit is none (`LimitMEMLOCK=infinity`, or the capability `IPC_LOCK`), and
nothing elsewhere. Pages are locked when they are first used, or the address space torch reserves would be filled.
"""

import resource

from reviewer.seal.kernel import libc, process

MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4
"""`mlockall(2)`."""

CAP_IPC_LOCK = 14
"""`capabilities(7)`."""


def lock() -> bool:
    """Keep this process's memory, now and later, out of the swap; whether the kernel does. A fork takes it back."""
    return _unlimited() and libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0


def _unlimited() -> bool:
    """Whether this process may lock any amount of memory, after raising its own limit as far as it may."""
    _, most = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if most == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (most, most))
        return True
    return bool(int(process()["CapEff"], 16) >> CAP_IPC_LOCK & 1)
