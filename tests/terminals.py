"""A real terminal: a program in a session of its own, what it paints byte for byte, and what those bytes may be."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reviewer.reports.visible import visible

SCREEN = (sys.executable, "-c", "from tests import scripted_tui; scripted_tui.main()")
HOSTILE_SCREEN = (sys.executable, "-c", "from tests import scripted_tui; scripted_tui.main('tests.hostile_worker')")

PAUSE_S = 0.15

OURS = re.compile(
    r"\x1b\[[0-9;:]*m"  # colours
    r"|\x1b\[[0-9;]*[HJK]"  # where the next words go, what is cleared
    r"|\x1b\[\?(?:7|25|100[0346]|101[56]|1049|2004|2026|2048)[hl]"  # modes
    r"|\x1b\[\?(?:2026|2048)\$p"  # whether the terminal knows two of them
    r"|\x1b\[(?:>\d+|<)u"  # the keyboard protocol, on and off
    r"|\x1b\]22;[a-z-]*\x07"  # the pointer's shape
)
"""Every form of control sequence that Textual writes for this program."""

ON_AND_OFF = {
    "the alternate screen": ("\x1b[?1049h", "\x1b[?1049l"),
    "a hidden cursor": ("\x1b[?25l", "\x1b[?25h"),
    "the mouse": ("\x1b[?1000h", "\x1b[?1000l"),
    "every move of the mouse": ("\x1b[?1003h", "\x1b[?1003l"),
    "the mouse as numbers": ("\x1b[?1006h", "\x1b[?1006l"),
    "bracketed paste": ("\x1b[?2004h", "\x1b[?2004l"),
    "focus reports": ("\x1b[?1004h", "\x1b[?1004l"),
    "no wrapping": ("\x1b[?7l", "\x1b[?7h"),
    "the keyboard protocol": ("\x1b[>", "\x1b[<u"),
}
"""What the screen switches on, and what leaves the terminal as it was."""


def untamed(text: str, *, ours: re.Pattern[str] = OURS) -> list[str]:
    """What a terminal would obey and is neither a line end nor a sequence of `ours`, with what stands around it."""
    rest = ours.sub("", text)
    return [rest[max(0, i - 9) : i + 30] for i, c in enumerate(rest) if c not in "\r\n" and c != visible(c)]


def left_on(painted: str) -> set[str]:
    """What a screen has switched on and not off again."""
    return {name for name, (on, off) in ON_AND_OFF.items() if painted.rfind(on) > painted.rfind(off)}


class Terminal:
    """A program in a terminal of its own; its session leads the terminal where `leads`."""

    def __init__(
        self,
        command: Sequence[str] = SCREEN,
        *,
        leads: bool = True,
        ignores: bool = False,
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str] | None = None,
        where: Path | None = None,
    ) -> None:
        """`ignores`: the program is started with SIGHUP ignored; `environment` is laid over this process's own."""
        self.master, slave = pty.openpty()
        self.resize(*size)

        def before() -> None:
            if ignores:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            if leads:
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=before,
            cwd=where,
            env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
        )
        os.close(slave)
        self.raw = bytearray()

    @property
    def seen(self) -> str:
        """What was painted so far."""
        return self.raw.decode("utf-8", "replace")

    def until(self, holds: Callable[["Terminal"], bool], seconds: float = 60.0) -> None:
        """Read what is painted until something holds."""
        end = time.monotonic() + seconds
        while not holds(self):
            assert time.monotonic() < end, self.seen[-2000:]
            self.read(0.1)

    def shows(self, *words: str, since: int = 0) -> int:
        """Wait until all words have been painted after so many bytes; how many bytes there are then."""
        self.until(lambda t: all(w.encode() in t.raw[since:] for w in words))
        return len(self.raw)

    def settles(self) -> int:
        """Wait until nothing has been painted for a moment; how many bytes there are then."""
        before = -1
        while before != len(self.raw):
            before = len(self.raw)
            self.read(PAUSE_S)
        return before

    def read(self, seconds: float) -> bool:
        """Take what is painted within some time, if anything; false once nobody paints any more."""
        try:
            if select.select([self.master], [], [], seconds)[0]:
                self.raw += os.read(self.master, 65536)
        except OSError:
            return False
        return True

    def write(self, text: str) -> None:
        """Type."""
        os.write(self.master, text.encode())

    def paste(self, text: str) -> None:
        """Paste, as a terminal does."""
        data = f"\x1b[200~{text}\x1b[201~".encode()
        while data:
            data = data[os.write(self.master, data[:1024]) :]
            self.read(0)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; the program is told."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def echoes(self) -> bool:
        """Whether the line discipline is as a shell wants it: typed letters are shown, lines are edited."""
        return termios.tcgetattr(self.master)[3] & (termios.ECHO | termios.ICANON) == termios.ECHO | termios.ICANON

    @property
    def engine(self) -> int | None:
        """The process id of the screen's engine."""
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if int((place / "stat").read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    return int(place.name)
        return None

    def ends(self, seconds: float = 60.0) -> int:
        """Read until the program has ended; its exit status."""
        self.until(lambda t: t.process.poll() is not None, seconds)
        while self.read(0.1) and select.select([self.master], [], [], 0)[0]:
            pass
        return self.process.wait()

    def close(self) -> None:
        """The terminal is gone."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.close()
