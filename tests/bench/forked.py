"""A child that is a copy of this process, so that it works at once, and can be killed at any moment."""

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

Say = Callable[[object], None]
"""How the child tells what it has done: a line each."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A running child, and what it says."""

    process: multiprocessing.process.BaseProcess
    out: TextIO

    def killed(self) -> list[str]:
        """Kill it with SIGKILL; the whole lines it said that were not read before."""
        self.process.kill()
        self.process.join()
        with self.out as said:
            return [line.removesuffix("\n") for line in said if line.endswith("\n")]


def forked(run: Callable[..., None], *words: object) -> Forked:
    """A child that runs `run(say, *words)`. No database may be open here."""
    reading, writing = os.pipe()

    def say(what: object) -> None:
        os.write(writing, f"{what}\n".encode())

    process = multiprocessing.get_context("fork").Process(target=run, args=(say, *words))
    process.start()
    os.close(writing)
    return Forked(process, os.fdopen(reading))
