"""Time of the match stage, a draft of 500 characters against 10,000 snippets: `python -m tests.bench.match_speed`.

The store holds the held-out documents and padding, embedded by the default embedder, and is filled up with documents of
their shuffled sentences and vectors near theirs; the drafts' windows are embedded as in use.
"""

import argparse
import os
import platform
import sys

from reviewer.system import cores
from tests.bench.matching.running import indexed, remembering
from tests.bench.matching.speed import speed
from tests.bench.matching.texts import held_out, padding


def main() -> None:
    """Print the times and what they were taken on."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.match_speed")
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    embedder = remembering()
    texts = held_out()
    with indexed([*texts.documents, *padding()], embedder) as store:
        lines = speed(store, embedder, texts, runs)
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    lines.append(f"on {platform.processor() or platform.machine()}, {cores()} cores, load of the last minutes {busy}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
