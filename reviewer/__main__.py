"""`reviewer` and `python -m reviewer`."""

import sys

from reviewer import crash
from reviewer.cli import main as command
from reviewer.cli.exits import guarded


def main() -> None:
    """Run the command line; the exit status is an `ExitCode`."""
    crash.install()
    sys.exit(guarded(command))


if __name__ == "__main__":
    main()
