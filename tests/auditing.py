"""Helpers for tests of the audit log: a clock that is told what to say, and a writer to be killed."""

import sys
from pathlib import Path

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


def write_forever(folder: Path) -> None:
    """Append until killed, saying each record's hash after it is on disk."""
    log = Log(folder, segment=1 << 15)
    number = 0
    while True:
        number += 1
        record = log.append(happened(number))
        sys.stdout.write(f"{record.hash}\n")
        sys.stdout.flush()
        if number % 20 == 0:
            log.close()


if __name__ == "__main__":
    write_forever(Path(sys.argv[1]))
