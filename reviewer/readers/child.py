"""The process that parses untrusted files: `python -P -m reviewer.readers.child`.

Standard input: one line with the file's name as JSON, then its bytes. Standard output: one JSON entry a line, as
`Gather` emits them, and `["end"]` when everything was gone through.
"""

import json
import os
import sys
from typing import Any

from reviewer.readers import limits
from reviewer.readers.gather import Gather
from reviewer.readers.reasons import Reason


def main() -> None:
    """Read one file. Libraries that print are not heard: only entries reach the pipe."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    limits.start()
    confine()
    name = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()

    def emit(entry: list[Any]) -> None:
        pipe.write(json.dumps(entry) + "\n")
        pipe.flush()

    try:
        Gather(emit).content(data, name)
        emit(["end"])
    except MemoryError:
        emit(["missed", [], Reason.TOO_SLOW.value, ""])
        emit(["end"])


def confine() -> None:
    """The call site of the process seal (`reviewer.seal`): nothing of the file was read yet."""


if __name__ == "__main__":
    main()
