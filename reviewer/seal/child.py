"""The first thing a child does: seal itself, then become the module it was started for."""

import os
import runpy
import sys
import tempfile

from reviewer.errors import SealError
from reviewer.seal import keep, seal
from reviewer.seal.state import Part

NOWHERE = os.sep
"""The temporary folder of a process that may write nothing: libraries want one that exists when they are imported."""


def main(part: str, module: str) -> None:
    """Seal this process as `part` and run `module`, which refuses to work when that failed (`reviewer.seal.need`)."""
    try:
        if seal(Part(part)).landlock:
            tempfile.tempdir = NOWHERE
    except SealError as exc:
        keep(exc)
    sys.argv[1:] = []
    runpy.run_module(module, run_name="__main__", alter_sys=True)
