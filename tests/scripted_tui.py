"""The real screen, started as the command starts it, over the scripted engine."""

import sys

from reviewer.__main__ import main as command
from reviewer.engine import Engine


def main() -> None:
    """`reviewer tui`."""
    Engine.worker = "tests.scripted_worker"
    sys.argv[1:] = ["tui"]
    command()
