"""Writers of one audit log that never pause: `python -m tests.bench.log_turns 8 20`, writers and seconds.

Each says how many records it wrote and how long it waited for one at most; a writer that had to wait for
`reviewer.audit.log.LOCK_WAIT_S` would end in an error. tests/test_turns.py asks less.
"""

import itertools
import sys
import tempfile
import time
from pathlib import Path

from reviewer.audit import Log, State, verify
from tests.auditing import happened
from tests.bench.forked import Say, forked


def write(say: Say, folder: Path, begin: float, end: float) -> None:
    """The child: it says at the end how long each record took."""
    log, took = Log(folder), []
    time.sleep(max(0.0, begin - time.monotonic()))
    while time.monotonic() < end or not took:
        begun = time.monotonic()
        log.append(happened(0))
        took.append(time.monotonic() - begun)
    log.close()
    say(" ".join(map(str, took)))


def run(folder: Path, writers: int, seconds: float) -> list[list[float]]:
    """How long each record of each writer took, in seconds. Raises `AssertionError` where one could not write."""
    begin = time.monotonic() + 0.2
    children = [forked(write, folder, begin, begin + seconds) for _ in range(writers)]
    took = [[float(each) for each in child.out.readline().split()] for child in children]
    for child in children:
        child.process.join()
        child.out.close()
        assert child.process.exitcode == 0
    assert verify(folder).state is State.SOUND
    return took


def main(writers: int, seconds: float) -> None:
    """Print what each did."""
    with tempfile.TemporaryDirectory() as name:
        took = run(Path(name) / "audit", writers, seconds)
    for waits in took:
        sys.stdout.write(f"{len(waits)} records, longest {max(waits):.3f} s\n")
    every = sorted(itertools.chain(*took))
    middle, late = every[len(every) // 2], every[int(len(every) * 0.99)]
    sys.stdout.write(
        f"{writers} writers, {seconds:g} s: {len(every)} records; one took {middle:.4f} s (median), {late:.4f} s"
        f" (p99), {every[-1]:.3f} s (longest); fewest of one writer {min(map(len, took))}, most {max(map(len, took))}\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
