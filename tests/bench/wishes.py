"""What a script of `make soak` must find: what is not met is said, and is the exit status."""

import sys
from collections.abc import Mapping


def judged(wishes: Mapping[str, bool]) -> int:
    """Print every wish that is not met; 1 where there is one, else 0."""
    failed = [wish for wish, met in wishes.items() if not met]
    sys.stdout.writelines(f"NOT AS WISHED: {wish}\n" for wish in failed)
    return 1 if failed else 0
