"""Many commands one after the other in one process, therefore not sealed: `python -m tests.many_commands FILE`.

FILE holds a JSON list of commands, each a list of words. What they say goes where it always goes; then comes a line
with the status.
"""

import json
import sys
from pathlib import Path

from reviewer.cli import confined, exits, front, main
from reviewer.engine import Engine

STATUS = "status "


def run(file: Path, worker: str = "tests.hostile_worker") -> None:
    """All of them, over that engine."""
    Engine.worker = worker
    front.enter = confined.confine = lambda ctx: None  # type: ignore[assignment]
    for words in json.loads(file.read_text("utf-8")):
        sys.argv[1:] = words
        status = exits.guarded(main)
        sys.stdout.write(f"{STATUS}{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
