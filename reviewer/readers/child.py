"""The process that parses untrusted files, started and sealed by `reviewer.seal.child`.

Standard input: one line with the file's name as JSON, then its bytes. Standard output: one JSON entry a line: the seal,
then what `Gather` emits, and `["end"]` when everything was gone through.
"""

import json
import os
import sys
from typing import Any

from reviewer.errors import SealError
from reviewer.readers import limits
from reviewer.readers.gather import Gather
from reviewer.readers.reasons import Reason
from reviewer.seal import need


def main() -> None:
    """Read one file. Libraries that print are not heard: only entries reach the pipe."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    limits.start()

    def emit(entry: list[Any]) -> None:
        pipe.write(json.dumps(entry) + "\n")
        pipe.flush()

    try:
        emit(["seal", need().model_dump(mode="json")])
    except SealError:
        emit(["stopped", Reason.UNSEALED.value])
        return
    name = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        Gather(emit).content(data, name)
        emit(["end"])
    except MemoryError:
        emit(["missed", [], Reason.TOO_SLOW.value, ""])
        emit(["end"])


if __name__ == "__main__":
    main()
