"""Every string of tests/hostile.toml through the screen and the commands, on real terminals.

`python -m tests.bench.hostile_texts 1` takes all of them, `20` one of twenty. Nothing but sequences of ours may reach
the terminal, and what stands around each string must.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from reviewer.paths import Home
from reviewer.reports.visible import visible
from tests.bench.hostile_station import REFUSED, commands
from tests.hostile import sample, tag
from tests.hostile_worker import FAULT
from tests.many_commands import STATUS
from tests.terminals import HOSTILE_SCREEN, Terminal, left_on, untamed

GROUP = 60
"""Strings of one draft."""
SIZE = (120, 40)
COMMANDS_S = 3600.0
COMMANDS = re.compile(r"\t|\x1b\[\?25[lh]|\x1b\[K")
"""What commands write besides line ends: between the columns of a list, and around a bar that counts."""

CHECK, NEXT, STOP, CLEAR, QUIT = "\x1b[15~", "\x1bOQ", "\x1b", "\x0c", "\x11"
OVER = {
    "why": ("\x1b[21~", "\x1b[6~"),
    "channels": ("\x1b[17~", "\x1b[B"),
    "changes": ("\x1bOR", "d", "d", "\x1b[B"),
    "history": ("\x1b[19~", "\x1b[B"),
    "copying": ("\x19",),
    "help": ("\x1bOP",),
    "palette": ("\x10",),
}
"""The key that lays a screen over the main one, and keys that move in it."""


def groups(texts: Mapping[int, str]) -> Iterator[dict[int, str]]:
    """So many strings at a time."""
    rows = list(texts.items())
    yield from (dict(rows[i : i + GROUP]) for i in range(0, len(rows), GROUP))


def through_the_screen(texts: Mapping[int, str]) -> str:
    """Every string as draft, finding, its reason and advice, precedent, fault, change, history, prompt and answer."""
    with Terminal(HOSTILE_SCREEN, size=SIZE) as terminal:
        at = terminal.shows("还没有草稿")
        for group in groups(texts):
            at = _one_draft(terminal, group, at)
        terminal.write(QUIT)
        terminal.shows("确定退出", since=at)
        terminal.write("y")
        assert terminal.ends() == 0
        painted = terminal.seen
    bad = untamed(painted)
    assert not bad, [ascii(b) for b in bad[:5]]
    missing = [n for n in texts if tag(n) not in painted]
    assert not missing, missing
    return f"screen: {len(texts)} strings, {len(painted)} characters painted, nothing that is not ours"


def _one_draft(terminal: Terminal, group: Mapping[int, str], at: int) -> int:
    terminal.paste("\n".join((FAULT, *group.values())))
    at = terminal.shows(FAULT, since=at)
    terminal.write(CHECK)
    at = terminal.shows("须送审", since=at)
    for _ in range(len(group) + 1):
        terminal.write(NEXT)
        terminal.read(0.05)
    for keys in OVER.values():
        for key in keys:
            terminal.write(key)
            terminal.settles()
        for _ in range(2):  # the first may only stop a search
            terminal.write(STOP)
            terminal.settles()
    at = _answer(terminal, "\n".join(group.values()))
    terminal.write(CLEAR)
    return terminal.shows("还没有草稿", since=at)


def _answer(terminal: Terminal, words: str) -> int:
    """Check the same words as prompt and as answer, and look at every point."""
    at = terminal.settles()
    terminal.write("\x1b[18~")
    terminal.settles()
    for _ in range(2):
        terminal.paste(words)
        terminal.settles()
        terminal.write("\t")
    terminal.write(CHECK)
    terminal.shows("来自提问", since=at)
    for _ in range(5):
        terminal.write(NEXT)
        terminal.settles()
    terminal.write(STOP)
    return terminal.settles()


def through_the_commands(texts: Mapping[int, str], place: Path) -> str:
    """Every string as draft, file name, id, title, reason, and as an argument that is refused."""
    made = commands(texts, place)
    with Terminal((sys.executable, "-m", "tests.many_commands", str(made.file)), size=SIZE) as terminal:
        assert terminal.ends(COMMANDS_S) == 0, terminal.seen[-2000:]
        said = terminal.seen
    parts = re.split(rf"{STATUS}(\d+)\r\n", said)[::2]
    assert len(parts) == len(made.shown) + made.refusals + 1, said[-2000:]
    bad = untamed(said, ours=COMMANDS)
    assert not bad, [ascii(b) for b in bad[:5]]
    assert "a hidden cursor" not in left_on(said)
    raw = [n for n, text in texts.items() if text != visible(text) and text in said]
    assert not raw, raw
    for command, part in zip(made.shown, parts, strict=False):
        missing = [n for n in texts if tag(n) not in part]
        assert not missing, (command, missing, part[-500:])
    silent = {REFUSED[i // len(texts)] for i, part in enumerate(parts[len(made.shown) : -1]) if not part.strip()}
    assert not silent, silent
    return (
        f"commands: {len(texts)} strings in {len(made.shown)} lists and formats, {made.refusals} refusals, "
        "nothing that is not ours"
    )


def main(every: int) -> None:
    """One string of `every`."""
    texts = sample(every)
    with tempfile.TemporaryDirectory() as place:
        os.environ["REVIEWER_HOME"] = str(Path(place) / "home")
        Home(Path(place) / "home").remember_tour()
        for run in (partial(through_the_commands, texts, Path(place)), partial(through_the_screen, texts)):
            begun = time.monotonic()
            sys.stdout.write(f"{run()}; {time.monotonic() - begun:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
