"""How fast the screen is: from start to the first key, and per key in a long draft.

A key is measured in processor time of the whole process, from the key to an idle screen: what it takes on a core that
is free. (The test driver itself waits about 80 ms a key, so its wall clock says nothing.)
"""

import asyncio
import os
import pty
import select
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from reviewer.tui.draft_pane import DraftPane
from tests.scripted import app

DRAFTS = {
    "lines of 40": ("字" * 40 + "\n") * 488,
    "paragraphs of 400": ("字" * 400 + "\n") * 50,
    "one line": "字" * 20_000,
    "a million on one line": "字" * 1_000_000,
}
KEYS = 60


async def key_ms(text: str, where: Path) -> list[float]:
    """Processor milliseconds a key, typing in the middle of a draft."""
    screen = app(where)
    times = []
    async with screen.run_test(size=(120, 36)) as pilot:
        pane = screen.query_one(DraftPane)
        pane.write(text)
        row = pane.document.line_count // 2
        pane.move_cursor((row, len(pane.document.get_line(row)) // 2))
        await pilot.pause(1.0)
        for _ in range(KEYS):
            started = time.process_time()
            await pilot.press("a")
            times.append((time.process_time() - started) * 1000)
    return times


def first_key_s(home: Path) -> float:
    """Seconds from starting `reviewer` in a terminal until a typed character stands on it."""
    main, child = pty.openpty()
    started = time.perf_counter()
    env = {**os.environ, "REVIEWER_HOME": str(home), "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "36"}
    process = subprocess.Popen([sys.executable, "-m", "reviewer"], stdin=child, stdout=child, stderr=child, env=env)
    seen = b""
    sent = False
    while b"QZ" not in seen:
        if time.perf_counter() - started > 30:
            raise SystemExit("the screen did not come")
        if select.select([main], [], [], 0.01)[0]:
            seen += os.read(main, 65536)
        if not sent and b"F5" in seen:
            os.write(main, b"QZ")
            sent = True
    took = time.perf_counter() - started
    process.kill()
    process.wait()
    os.close(main)
    os.close(child)
    return took


def main() -> None:
    """`python -m tests.bench.typing_speed`."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "tour-seen").touch()
        cold = [first_key_s(home) for _ in range(5)]
        sys.stdout.write(
            f"start to first typed character: median {statistics.median(cold):.2f} s, best {min(cold):.2f} s\n"
        )
        for name, text in DRAFTS.items():
            times = sorted(asyncio.run(key_ms(text, home)))
            sys.stdout.write(
                f"a key in {len(text)} characters, {name}: median {statistics.median(times):.1f} ms, "
                f"95 % within {times[int(len(times) * 0.95)]:.1f} ms\n"
            )


if __name__ == "__main__":
    main()
