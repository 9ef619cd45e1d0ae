"""What a terminal goes through with a draft on the screen: `python -m tests.bench.terminal_life 200` (sizes).

Real terminals, the real screen over the scripted engine. The draft, its decision and the terminal must come through.
"""

import os
import random
import re
import shlex
import signal
import sys
import tempfile
import time
from pathlib import Path

from reviewer.paths import Home
from tests.terminals import ON_AND_OFF, SCREEN, Terminal, left_on, untamed

SEED = 39
MARK = "机密★20年"
WORDS = "栖霞岭三号泵房"
DRAFT = f"{MARK} {WORDS}明早停用"
BLOCKED, QUIT_SURE = "禁止发送", "确定退出"
PAINTED = (MARK, WORDS, "草稿", "发现的问题", "依据与建议")
"""What is on the screen again without a key, whatever part of it has changed meanwhile."""
CHECK, STOP, QUIT = "\x1b[15~", "\x1b[24~", "\x11"
SMALL, USUAL = (20, 5), (100, 30)
LEAVE = "\x1b[?1049l"
JOB = "set -m; {}; echo STOPPED; read -r; fg; echo LEFT"
SHELL = ("bash", "--norc", "-c", JOB.format(shlex.join(SCREEN)))
"""A shell that puts the screen into the foreground again when Enter comes."""

MAKE = ("bash", "--norc", "-c", JOB.format(shlex.join(("bash", "--norc", "-c", f"{shlex.join(SCREEN)}; true"))))
"""The same shell over a program that starts the screen and waits for it, as `make run` does."""

COLOUR = re.compile(r"\x1b\[([0-9;:]*)m")
GREYS = re.compile(r"(?:[0-9]|2[1-9]|[34]9|[34]8;5;(?:16|231|23[2-9]|24[0-9]|25[0-5]))(?:;|$)")
"""What a sequence for colours may say where there are none: weight, underlining, greys."""


def begin(terminal: Terminal, shown: str) -> int:
    """Paste a draft that is blocked and have it checked; how many bytes were painted until the decision."""
    at = terminal.shows("还没有草稿")
    terminal.paste(DRAFT)
    at = terminal.shows(shown, since=at)
    terminal.write(CHECK)
    return terminal.shows(BLOCKED, since=at)


def restored(terminal: Terminal) -> None:
    """The terminal is as a shell wants it, and the draft is not on it. Raises `AssertionError`."""
    painted = terminal.seen
    assert all(on in painted for on, _ in ON_AND_OFF.values())
    assert not left_on(painted), left_on(painted)
    assert terminal.echoes
    rest = painted[painted.rindex(LEAVE) :]
    assert WORDS[:2] not in rest, rest
    assert not untamed(painted), untamed(painted)[:5]


def whole(sizes: int) -> str:
    """Small and without colours, a storm of sizes from 1x1 to 200x60, stopped and brought back, then the end."""
    rng = random.Random(SEED)
    with Terminal(SHELL, size=SMALL, environment={"NO_COLOR": "1"}) as terminal:
        at = begin(terminal, "尚未检查")
        for _ in range(sizes):
            terminal.resize(rng.randint(1, 200), rng.randint(1, 60))
            terminal.read(rng.uniform(0.0, 0.02))
        at = len(terminal.raw)
        started = time.monotonic()
        terminal.resize(*USUAL)
        at = terminal.shows(BLOCKED, WORDS, since=at)
        terminal.write("\x1b[F。")
        at = terminal.shows("停用。", since=at)
        answered = time.monotonic() - started
        terminal.shows(BLOCKED, since=at)
        at = terminal.settles()
        terminal.write(STOP)
        at = terminal.shows("STOPPED\r\n", since=at)
        restored(terminal)
        terminal.write("\n")
        at = terminal.shows(*PAINTED, "停用。", since=at)
        terminal.write(CHECK)
        at = terminal.shows(BLOCKED, since=at)
        terminal.write(QUIT)
        at = terminal.shows(QUIT_SURE, since=at)
        terminal.write("y")
        terminal.shows("LEFT", since=at)
        restored(terminal)
        assert terminal.ends() == 0
        said = COLOUR.findall(terminal.seen)
    coloured = {s for s in said if GREYS.sub("", s)}
    assert not coloured, sorted(coloured)[:5]
    return (
        f"20x5 with NO_COLOR ({len(said)} sequences, greys only), {sizes} sizes (seed {SEED}), a key answered "
        f"{answered:.1f} s after the last; stopped by F12 and brought back; draft and decision there, terminal restored"
    )


def stopped_as_one_job() -> str:
    """F12 under a parent that waits, twice: parent and screen stop and go on together."""
    with Terminal(MAKE, size=USUAL) as terminal:
        at = begin(terminal, WORDS)
        parent = _child(terminal.process.pid)
        screen = _child(parent)
        terminal.write(STOP)
        at = terminal.shows("STOPPED\r\n", since=at)
        restored(terminal)
        terminal.until(lambda _: _state(parent) == _state(screen) == "T")
        terminal.write("\n")
        at = terminal.shows(*PAINTED, since=at)
        assert _state(parent) != "T"
        terminal.write("\x1b[F。")
        at = terminal.shows("停用。", since=at)
        terminal.write(QUIT)
        at = terminal.shows(QUIT_SURE, since=at)
        terminal.write("y")
        terminal.shows("LEFT", since=at)
        restored(terminal)
        assert terminal.ends() == 0
    return "started by another program: F12 stopped both, fg brought both back, the draft was drawn without a key"


def no_shell() -> str:
    """A terminal without a shell: F12 says so instead of stopping for good."""
    with Terminal(SCREEN, size=USUAL) as terminal:
        at = begin(terminal, WORDS)
        terminal.write(STOP)
        terminal.shows("不能挂起", since=at)
        assert _state(terminal.process.pid) != "T"
    return "without a shell that would continue it, F12 stops nothing and says so"


def lost_while_stopped() -> str:
    """A terminal that vanishes while the screen is stopped by a signal: the screen ends."""
    with Terminal(SHELL, size=USUAL) as terminal:
        at = begin(terminal, WORDS)
        screen = _child(terminal.process.pid)
        os.kill(screen, signal.SIGTSTP)
        terminal.shows("STOPPED\r\n", since=at)
        restored(terminal)
        terminal.close()
        until = time.monotonic() + 60
        while _runs(screen):
            assert time.monotonic() < until, "the screen lives on without its terminal"
            time.sleep(0.05)
    return "stopped by SIGTSTP, the terminal lost meanwhile: terminal restored at the stop, the screen ended"


def _child(pid: int) -> int:
    """The one process that a shell started and that still runs."""
    (found,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(found)


def _state(pid: int) -> str:
    """The letter of a process in the kernel's table; T is stopped, X gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def _runs(pid: int) -> bool:
    return _state(pid) not in "ZX"


def main(sizes: int) -> None:
    """All of it, each in a terminal of its own."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["REVIEWER_HOME"] = place
        Home(Path(place)).remember_tour()
        for said in (whole(sizes), stopped_as_one_job(), no_shell(), lost_while_stopped()):
            sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
