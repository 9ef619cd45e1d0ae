"""The real screen, started as the command starts it, over the scripted engine."""

import sys

from reviewer.__main__ import main as command
from reviewer.engine import Engine


def main(worker: str = "tests.scripted_worker") -> None:
    """`reviewer tui` over that engine."""
    Engine.worker = worker
    sys.argv[1:] = ["tui"]
    command()
