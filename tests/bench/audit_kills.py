"""Two writers of one audit log, killed at random moments: `python -m tests.bench.audit_kills 400`.

After every kill the log must be sound or unprovable at its end, never broken, and hold every record that a writer had
said was on disk.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reviewer.audit import Log, State, records, verify
from tests.auditing import happened

EACH = 40
"""Kills of one log: it is verified whole after each, and grows meanwhile."""


def run(folder: Path, kills: int, seed: int) -> str:
    """Kill `kills` writers, two running at any time; what was found. Raises `AssertionError`."""
    rng = random.Random(seed)
    acknowledged: set[str] = set()
    running = [_writer(folder), _writer(folder)]
    for number in range(kills):
        time.sleep(rng.uniform(0.0, 0.08))
        acknowledged |= _killed(running.pop(0))
        report = verify(folder)
        assert report.state is not State.BROKEN, (number, report)
        running.append(_writer(folder))
    for writer in running:
        acknowledged |= _killed(writer)
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


def _writer(folder: Path) -> "subprocess.Popen[bytes]":
    """A writer that has begun to write."""
    command = [sys.executable, "-m", "tests.auditing", str(folder)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.peek(1)
    return writer


def _killed(writer: "subprocess.Popen[bytes]") -> set[str]:
    """The hashes a writer had said when it was killed; a last one without its line end counts not."""
    writer.send_signal(signal.SIGKILL)
    said, _ = writer.communicate()
    return {line.decode() for line in said.split(b"\n")[:-1]}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for number, begun in enumerate(range(0, int(sys.argv[1]), EACH)):
            kills = min(EACH, int(sys.argv[1]) - begun)
            sys.stdout.write(run(Path(place) / f"audit{number}", kills, seed=7 + number) + "\n")
            sys.stdout.flush()
