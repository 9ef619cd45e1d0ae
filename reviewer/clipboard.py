"""The system's clipboard, read in a process of its own; the only door to copykitten.

It must speak to the display server, so it is sealed with local sockets left open (`Part.CLIPBOARD`). It is started
before the front end is sealed and reads nothing until it is told to; then every text that is new comes as one frame.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, Protocol

from reviewer.errors import ReadError
from reviewer.frames import read_frame, write_frame
from reviewer.seal import limits, need
from reviewer.seal.environment import child_command, child_environment
from reviewer.seal.state import Part
from reviewer.system import readable

INTERVAL_S = 0.3
"""How often the clipboard is read."""
NO_TEXT = "not available in the requested format"
"""What the library's error says where the clipboard holds no text; any other is one of reading."""
INTERRUPT_S = 0.5
"""How long a Ctrl-C can go unnoticed that comes just before the wait for the next text: such a one ends no wait."""
MEMORY = 1 * 2**30
"""Bytes of address space: a text may fill a frame (`reviewer.frames.MAX_FRAME`), and there are several copies of it."""
FILES = 64
DISPLAY = ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
"""What a program needs to know to find the display."""


class Clipboard(Protocol):
    """Where text is copied to."""

    def read(self) -> str | None:
        """The text it holds, empty where it holds none, `None` where that could not be read.

        Raises `ReadError` where there is no clipboard.
        """


class SystemClipboard:
    """That of X11, Wayland (where the compositor lets a program without a window read it), macOS or Windows."""

    def read(self) -> str | None:
        """Ask the library, which does not tell an empty clipboard from a picture."""
        import copykitten

        try:
            return copykitten.paste()
        except copykitten.CopykittenError as exc:
            if "never initialized" in str(exc):
                raise ReadError(
                    "读不了剪贴板 / the clipboard cannot be read",
                    "在有桌面的地方运行 / run it where you have a display",
                ) from exc
            return "" if NO_TEXT in str(exc) else None


def changes(clipboard: Clipboard) -> Iterator[str | None]:
    """What it holds, then every new text, for ever; an empty one each time text is no longer what it holds (a picture,
    a file, nothing), and `None` once each time it cannot be read. Raises `ReadError`."""
    last = ""
    before: str | None = ""
    while True:
        text = clipboard.read()
        if text != before and text != last:
            yield text
        before, last = text, text or last
        time.sleep(INTERVAL_S)


class Watcher:
    """The reading process as the front end sees it."""

    module = "reviewer.clipboard"
    """The child's module."""

    def __init__(self) -> None:
        """Start it; call this before the front end is sealed."""
        display = {name: os.environ[name] for name in DISPLAY if name in os.environ}
        self._child = subprocess.Popen(
            child_command(Part.CLIPBOARD, self.module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=child_environment(**display),
            start_new_session=True,
        )

    def look(self) -> None:
        """Once, before `texts`: raise `ReadError` where there is no clipboard."""
        self._tell()
        self._hear()

    def texts(self) -> Iterator[str | None]:
        """Every new text, as it is copied, an empty one where text has gone, `None` where it is not read (`changes`).

        Raises `ReadError` where there is no clipboard or its process ends.
        """
        self._tell()
        while True:
            yield self._hear()["text"]

    def _tell(self) -> None:
        assert self._child.stdin  # noqa: S101 (it is a pipe)
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(b"\n")

    def _hear(self) -> dict[str, Any]:
        assert self._child.stdout  # noqa: S101 (it is a pipe)
        while not readable(self._child.stdout, INTERRUPT_S):
            pass
        if (said := read_frame(self._child.stdout)) is None:
            raise ReadError("读剪贴板的进程已退出 / the process that reads the clipboard died")
        if "error" in said:
            raise ReadError(said["error"], said["hint"])
        return said

    def close(self) -> None:
        """End it."""
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            if stream:
                stream.close()


def serve(clipboard: Clipboard) -> None:
    """The child: look at the first word, at the second send what is new until the front end has gone.

    It may run for days, so its processor time has no limit; memory and files have one, and it leaves no core dump.
    """
    limits.cap(memory=limits.Limit.of(MEMORY), files=FILES, written=0)
    need()
    if not sys.stdin.buffer.readline():
        return
    sink = sys.stdout.buffer
    try:
        clipboard.read()
        write_frame(sink, {})
        if not sys.stdin.buffer.readline():
            return
        threading.Thread(target=_end_with_parent, daemon=True).start()
        for text in changes(clipboard):
            write_frame(sink, {"text": text})
    except ReadError as exc:
        write_frame(sink, {"error": exc.message, "hint": exc.hint})


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    serve(SystemClipboard())
