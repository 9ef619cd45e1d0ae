"""What a process may use of this machine, asked of the kernel; a limit that was inherited lower stays lower."""

import sys
from typing import NamedTuple

CORE = 1
"""Bytes of a core dump. 0 would still feed a crash handler where the system pipes dumps into one; 1 feeds none."""


class Limit(NamedTuple):
    """Now, and how far the process itself may raise it later."""

    now: int
    most: int

    @classmethod
    def of(cls, value: int) -> "Limit":
        """Not to be raised."""
        return cls(value, value)


if sys.platform == "win32":

    def cap(
        *, memory: Limit | None = None, cpu_s: Limit | None = None, files: int | None = None, written: int | None = None
    ) -> None:
        """Windows has no such limits; the parent's clock is the only one."""

    def no_core() -> None:
        """Nothing to do."""

    def more_cpu(seconds: int) -> None:
        """Nothing is limited."""

else:
    import resource

    def cap(
        *, memory: Limit | None = None, cpu_s: Limit | None = None, files: int | None = None, written: int | None = None
    ) -> None:
        """Limit bytes of address space, seconds of processor time, open files, and bytes of any file written."""
        no_core()
        if memory is not None:
            _set(resource.RLIMIT_AS, memory)
        if cpu_s is not None:
            _set(resource.RLIMIT_CPU, cpu_s)
        if files is not None:
            _set(resource.RLIMIT_NOFILE, Limit.of(files))
        if written is not None:
            _set(resource.RLIMIT_FSIZE, Limit.of(written))

    def no_core() -> None:
        """Leave no core dump behind."""
        _set(resource.RLIMIT_CORE, Limit.of(CORE))

    def more_cpu(seconds: int) -> None:
        """Let this process use so many seconds of processor time from now on; then the system ends it."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        _set(resource.RLIMIT_CPU, Limit(int(used.ru_utime + used.ru_stime) + seconds, most))

    def _set(what: int, limit: Limit) -> None:
        """Lower a limit, never raising the hard one that was inherited."""
        now, most = limit
        inherited = resource.getrlimit(what)[1]
        if inherited != resource.RLIM_INFINITY:
            most = inherited if most == resource.RLIM_INFINITY else min(most, inherited)
            now = min(now, most)
        resource.setrlimit(what, (now, most))
