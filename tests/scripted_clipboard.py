"""A clipboard that is a file in the user's folder, read by the real process; and a watch over it."""

import sys
from pathlib import Path

from reviewer.__main__ import main as command
from reviewer.clipboard import Watcher, serve
from reviewer.engine import Engine
from reviewer.errors import ReadError

NAME = "clipboard.txt"


class FileClipboard:
    """What the file holds; a missing file is no clipboard."""

    def read(self) -> str | None:
        """Its text, as the library gives it."""
        try:
            return (Path.home() / NAME).read_text()
        except UnicodeDecodeError:
            return None
        except FileNotFoundError:
            raise ReadError("the clipboard cannot be read", "run it where you have a display") from None


def watch(module: str = "tests.scripted_clipboard") -> None:
    """`reviewer watch` over the clipboard of that module."""
    Engine.worker, Watcher.module = "tests.scripted_worker", module
    sys.argv[1:] = ["watch", *sys.argv[1:]]
    command()


if __name__ == "__main__":
    serve(FileClipboard())
