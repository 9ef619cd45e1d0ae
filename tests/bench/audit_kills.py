"""Two writers of one audit log, killed at random moments: `python -m tests.bench.audit_kills 400`.

After every kill the log must be sound or unprovable at its end, never broken, and hold every record that a writer had
said was on disk.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from reviewer.audit import Log, State, records, verify
from tests.auditing import Days, happened, write_forever
from tests.bench.forked import Forked, forked

EACH = 40
"""Kills of one log: it is verified whole after each, and grows meanwhile."""


def usual(folder: Path) -> Log:
    """A log by the system's clock."""
    return Log(folder, segment=1 << 15)


def turning(folder: Path) -> Log:
    """A log each of whose records is the first of an epoch, and one of three the first of a file."""
    return Log(folder, Days(), segment=1 << 10)


def run(folder: Path, kills: int, seed: int, begin: Callable[[Path], Log] = usual) -> str:
    """Kill `kills` writers, two running at any time; what was found. Raises `AssertionError`."""
    rng = random.Random(seed)
    acknowledged: set[str] = set()
    running = [_writer(begin(folder)), _writer(begin(folder))]
    for number in range(kills):
        time.sleep(rng.uniform(0.0, 0.08))
        acknowledged.update(running.pop(0).killed())
        report = verify(folder)
        assert report.state is not State.BROKEN, (number, report)
        running.append(_writer(begin(folder)))
    for writer in running:
        acknowledged.update(writer.killed())
    log = Log(folder)
    log.append(happened(0))
    log.close()
    report = verify(folder)
    assert report.state is State.SOUND, report
    lost = acknowledged - {r.hash for r in records(folder)}
    assert not lost, f"{len(lost)} acknowledged records are not in the log"
    segments = len(list(folder.glob("0*.jsonl")))
    return (
        f"{kills} kills: {report.seq} records in {segments} segments and {report.epochs} epochs verify,"
        f" {len(acknowledged)} acknowledged and all there, {report.recovered} torn lines recovered"
    )


def _writer(log: Log) -> Forked:
    """A writer that has begun to write."""
    writer = forked(write_forever, log)
    assert writer.out.buffer.peek(1)  # type: ignore[attr-defined]
    return writer


def logs(folder: Path, kills: int, seed: int, begin: Callable[[Path], Log] = usual) -> Iterator[str]:
    """Kill so many writers, `EACH` of one log; what was found of each log."""
    for number, begun in enumerate(range(0, kills, EACH)):
        yield run(folder / f"audit{number}", min(EACH, kills - begun), seed + number, begin)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for line in logs(Path(place), int(sys.argv[1]), seed=7):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
