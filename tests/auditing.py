"""Helpers for tests of the audit log: a clock that is told what to say, and a writer to be killed."""

from collections.abc import Callable

from reviewer.audit import Event, Log, Moment

START_MS = 1_790_000_000_000
"""September 2026."""


class Hands:
    """A clock that moves one second a record, and whose hands can be moved."""

    def __init__(self) -> None:
        self.t, self.mono, self.boot = START_MS, 1_000, "boot-a"

    def __call__(self) -> Moment:
        """The next second."""
        self.t += 1_000
        self.mono += 1_000
        return Moment(self.t, self.mono, self.boot)


def happened(number: int) -> Event:
    """Something with a number and words."""
    return Event("test", {"number": number}, {"words": f"岭南仓库第{number}批"})


class Days(Hands):
    """A clock that moves a day a record: each is the first of an epoch."""

    def __call__(self) -> Moment:
        """The next day."""
        self.t += 86_400_000
        self.mono += 86_400_000
        return Moment(self.t, self.mono, self.boot)


def write_forever(say: Callable[[object], None], log: Log) -> None:
    """Append until killed, saying each record's hash after it is on disk."""
    number = 0
    while True:
        number += 1
        say(log.append(happened(number)).hash)
        if number % 20 == 0:
            log.close()
