"""An exception with a planted word in each method of the screen, on a real terminal: `python -m tests.bench.raised 1`.

The number says that one method of so many is taken. The terminal, the log and every other file of the station may have
the class and the place of what was raised, and nothing of its message or of the draft.
"""

import re
import sys

from tests.planting import PIECE
from tests.raising import DONE, HELD, SAID, THREADS, methods
from tests.terminals import Terminal, left_on

RAISED_S = 3600.0
LEFT = "\x1b[?1049l"
TOLD = "builtins.KeyError"
LIVED = (
    "app.ReviewerApp.look", "feedback.FeedbackScreen._preview", "feedback.FeedbackScreen._keep",
    "app.ReviewerApp.get_system_commands", "overlap.OverlapScreen._ask",
)  # fmt: skip
"""Methods, besides those of `THREADS`, whose failure the screen outlives: of threads, and what the palette asks."""


def raised(every: int) -> str:
    """Raise, and read the terminal. Raises `AssertionError`."""
    with Terminal((sys.executable, "-m", "tests.raising", str(every)), size=(120, 40)) as terminal:
        status = terminal.ends(RAISED_S)
        seen = terminal.seen
    assert status == 0, seen[-2000:]
    parts = re.split(rf"{DONE}(\S+) (\w+) (\w+) (\d+)\r\n", seen)
    labels = parts[1::5]
    assert labels == list(methods())[::every]
    quiet = []
    for painted, label, happened, code, leaks in zip(
        parts[::5], labels, *(parts[i::5] for i in (2, 3, 4)), strict=False
    ):
        last = painted[painted.rfind(LEFT) :]
        assert happened == "True", f"{label} was never called"
        assert leaks == "0", f"{label}: a file of the station holds a word"
        assert not left_on(painted), (label, left_on(painted))
        assert not any(SAID[i : i + PIECE // 2] in painted for i in range(len(SAID) - PIECE // 2 + 1)), label
        assert not any(HELD[i : i + PIECE // 2] in last for i in range(len(HELD) - PIECE // 2 + 1)), label
        if TOLD in last:
            assert re.search(r"reviewer/\S+\.py:\d+ ", last), (label, last)
            assert code == "1", label
            assert last.count(TOLD) == 1, (label, last)
        else:
            quiet.append(label)
    assert set(quiet) <= {*THREADS, *LIVED}, quiet
    return (
        f"{len(labels)} methods of {len(methods())} raised: class and place only; "
        f"{len(quiet)} of threads and of the palette end nothing"
    )


if __name__ == "__main__":
    sys.stdout.write(raised(int(sys.argv[1])) + "\n")
