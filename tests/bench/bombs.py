"""Hostile files through the command that a person uses: what is said of each, in what time and memory.

`python -m tests.bench.bombs [NAME...]` checks each file by itself, all of them or the named ones; tests/test_bombs.py
checks the cheap ones in one run.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.wishes import judged
from tests.pace import slowness
from tests.samples.bombs import BOMBS, Bomb

LIMIT_S = 30.0
"""Seconds of processor time, those of the clock where nobody else works; where others do the clock may show more."""
GROWN = 80 * 2**20
"""Bytes at which a growing file stops growing: more than are read of any."""
MEMORY_MIB = 1024
"""What the reader may use by its own limit; 4 GiB where it reads pictures."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one run of the command."""

    status: int
    said: str
    seconds: float
    cpu_s: float
    """Processor time of the command and its reader."""
    mib: int
    """The most memory that the command or its reader had in use."""

    def names(self, bomb: Bomb) -> bool:
        """Whether it ended by itself and gave one of the reasons, or found the mark of a file that does no harm."""
        return self.status in (0, 1, 10, 20) and (bomb.named(self.said) or (bomb.harmless and self.status == 20))

    def bounded(self) -> bool:
        """Whether it took no more time and memory than it may."""
        return self.cpu_s < LIMIT_S and self.seconds < LIMIT_S * slowness() and self.mib < MEMORY_MIB


def check(paths: Sequence[Path], stdin: int | None = subprocess.DEVNULL) -> Checked:
    """Run `reviewer check` on the files; without `stdin` it has no standard input at all."""
    command = [sys.executable, "-m", "reviewer", "--lang", "en", "check", "--stages", "detect", "--format", "json"]
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        if stdin is None:
            command = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
        child = subprocess.Popen([*command, *map(str, paths)], stdin=stdin, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode()
    took = time.monotonic() - started
    return Checked(child.returncode, said, took, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def unfinished(said: str) -> dict[str, str]:
    """What was not examined of each draft, by its name, as the reviews in the output say."""
    rows = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    return {row["id"]: " ".join(u["reason"] for u in row["unfinished"]) for row in rows}


@contextlib.contextmanager
def growing(path: Path, line: bytes) -> Iterator[None]:
    """A file to which somebody writes all the time."""
    done = threading.Event()

    def write() -> None:
        with path.open("ab") as file:
            while not done.is_set() and file.tell() < GROWN:
                file.write(line * 1000)

    path.write_bytes(line)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def main(names: Sequence[str]) -> int:
    """Print a line for each file; the exit status says whether each is named in bounded time and memory."""
    met: dict[str, bool] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["REVIEWER_HOME"] = f"{folder}/home"
        for name, bomb in BOMBS.items():
            if names and name not in names:
                continue
            path = Path(folder) / name
            bomb.put(path)
            done = check([path])
            met[name] = done.names(bomb) and done.bounded()
            said = unfinished(done.said).get(name, done.said.strip())
            took = f"{done.seconds:.1f} s, {done.cpu_s:.1f} s of processor time, {done.mib} MiB"
            sys.stdout.write(f"{name}: {took}, status {done.status}: {said:.110}\n")
            sys.stdout.flush()
            with contextlib.suppress(OSError):
                path.unlink()
        path = Path(folder) / "growing.txt"
        with growing(path, b"a\n"):
            done = check([path])
        met["growing.txt"] = "growing.txt" in unfinished(done.said) and done.bounded()
        sys.stdout.write(f"growing.txt: {done.seconds:.1f} s, {done.mib} MiB: {unfinished(done.said)}\n")
        done = check([], stdin=None)
        met["closed standard input"] = "standard input is closed" in done.said and done.bounded()
        sys.stdout.write(f"closed standard input: {done.seconds:.1f} s, status {done.status}: {done.said}")
    return judged(met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
