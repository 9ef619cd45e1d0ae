"""The real reader process, ended by a signal in the middle of a file: a reader whose library crashed, for tests."""

import os
from typing import Any

from reviewer.readers import child
from reviewer.readers.gather import Gather

READ = "信号之前的一句"
"""What it reads before the signal."""

HEAD = b"%PDF-1.7 "
"""A file of this head and the number of a signal."""


def _struck(self: Gather, data: bytes, *_: Any) -> None:
    self.text(READ)
    os.kill(os.getpid(), int(data.removeprefix(HEAD)))


def main() -> None:
    """As `reviewer.readers.child`."""
    Gather.content = _struck  # type: ignore[method-assign]
    child.main()


if __name__ == "__main__":
    main()
