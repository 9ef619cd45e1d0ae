"""Front end and engine together in a memory cgroup (version 1): more than they need, and less.

`python -m tests.bench.cgroup`, as root. What is needed is the most that a review without a limit used, file
cache included, which the kernel may take back; so a little less may still do.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.memory import HARMLESS, MARKED

CONTROLLER = Path("/sys/fs/cgroup/memory")
SHARES = (1.2, 0.9, 0.7, 0.5, 0.3, 0.15)


@contextmanager
def group(most: int | None) -> Iterator[Path]:
    """A new group whose processes use at most so many bytes."""
    made = CONTROLLER / f"reviewer-{os.getpid()}"
    made.mkdir()
    try:
        if most is not None:
            (made / "memory.limit_in_bytes").write_text(str(most))
        yield made
    finally:
        while (made / "cgroup.procs").read_text():
            time.sleep(0.1)
        made.rmdir()


def reviewed(text: str, most: int | None = None) -> tuple[dict[str, Any] | None, int]:
    """The review that `reviewer check` prints, none where it printed none, and the bytes used at most."""
    with group(most) as made:
        command = ["sh", "-c", f'echo $$ > {made}/cgroup.procs; exec "$0" "$@"', sys.executable, "-m", "reviewer"]
        command += ["check", "--stages", "detect,judge", "--format", "json"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        used = int((made / "memory.max_usage_in_bytes").read_text())
    return (json.loads(done.stdout) if done.stdout else None), used


def main() -> None:
    """Print what each share came to. Raises `AssertionError` for an unfinished review that passes or loses a mark."""
    if not os.access(CONTROLLER, os.W_OK):
        sys.stdout.write("not tried: no memory cgroup of version 1 can be made here\n")
        return
    usual, needed = reviewed(HARMLESS)
    assert usual
    assert (usual["decision"], usual["unfinished"]) == ("pass", [])
    sys.stdout.write(f"without a limit: {needed >> 20} MiB\n")
    for share in SHARES:
        for text, unfinished in ((HARMLESS, "review"), (MARKED, "block")):
            begun = time.perf_counter()
            said, _ = reviewed(text, int(needed * share))
            took = f"{time.perf_counter() - begun:.0f} s"
            if said is None:
                sys.stdout.write(f"{share:.0%}: no review, {took}\n")
                continue
            marked = "mark.classification" in {f["rule"] for f in said["findings"]}
            assert marked is (text is MARKED)
            expected = unfinished if said["unfinished"] or marked else "pass"
            assert said["decision"] == expected
            why = "; ".join(u["reason"] for u in said["unfinished"]) or "finished"
            sys.stdout.write(f"{share:.0%}: {said['decision']}, {why}, {took}\n")
            sys.stdout.flush()
            assert share < 1 or not said["unfinished"]


if __name__ == "__main__":
    main()
