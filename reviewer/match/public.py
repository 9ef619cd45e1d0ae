"""Words that anyone may say: runs of letters that stand in public law or are formulas of official writing.

`public.hashes` holds sorted 32-bit hashes of every run of eight letters; it is made by

    python -m tests.bench.matching.public FOLDER

from the `.md` and `.txt` files of FOLDER and from `formulas.txt` beside this file. The hashes are not keyed: the texts
are public. A run of other words is taken for public by chance once in about 170,000.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.normalise.letters import plain_letters

RUN = 8
"""Letters of a hashed run."""

HERE = Path(__file__).parent
FILE = HERE / "public.hashes"

Hashes = NDArray[np.uint32]


def run_hashes(letters: str) -> Hashes:
    """The hash of every run of `RUN` letters, in order; empty for shorter texts."""
    data = (letters[i : i + RUN].encode("utf-8", "replace") for i in range(len(letters) - RUN + 1))
    return np.array([int.from_bytes(hashlib.blake2b(d, digest_size=4).digest(), "big") for d in data], np.uint32)


def spread(runs: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """The letters of a text of that `length` which lie in a marked run of `RUN` letters."""
    covered = np.zeros(length, np.bool_)
    for i in np.flatnonzero(runs):
        covered[i : i + RUN] = True
    return covered


_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{5,39}(?![A-Za-z])")
"""One to some seven words of a language in Latin letters, which letters alone do not tell apart. Longer stretches are a
passage; shorter ones may be part of a code."""


def anyones(runs: NDArray[np.bool_], letters: str) -> NDArray[np.bool_]:
    """The letters that are nobody's own: those in marked runs, and Latin words between Chinese ones."""
    covered = spread(runs, len(letters))
    for m in _WORDS.finditer(letters):
        covered[m.start() : m.end()] = True
    return covered


class Public:
    """The set of runs that stand in public text."""

    def __init__(self, hashes: Hashes) -> None:
        self._hashes = np.unique(hashes)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Public":
        """From texts as they are written."""
        parts = [run_hashes(plain_letters(t)) for t in texts]
        return cls(np.concatenate(parts) if parts else np.zeros(0, np.uint32))

    def with_texts(self, texts: Sequence[str]) -> "Public":
        """These runs and those of `texts`."""
        return Public(np.concatenate([self._hashes, Public.of(texts)._hashes]))

    def marks(self, letters: str) -> NDArray[np.bool_]:
        """For every run of `RUN` letters whether it is public."""
        wanted = run_hashes(letters)
        if not len(wanted) or not len(self._hashes):
            return np.zeros(len(wanted), np.bool_)
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        return np.asarray(self._hashes[at] == wanted)

    def write(self, path: Path) -> None:
        """Little-endian 32-bit numbers, sorted."""
        path.write_bytes(self._hashes.astype("<u4").tobytes())


@cache
def shipped_public() -> Public:
    """What is shipped: the laws and the formulas."""
    return Public(np.frombuffer(FILE.read_bytes(), "<u4").astype(np.uint32))


def bodies(text: str) -> list[str]:
    """Names of bodies that stand alone on a line of a document, as in its head and signature: no secret of it."""
    return [m[1] for m in _BODY.finditer(text)]


_BODY = re.compile(
    r"(?m)^[ \t]*([\u4e00-\u9fff（）()]{4,28}"
    r"(?:局|厅|部|委|办|院|所|站|社|校|组|室|处|科|队|会|府|团|中心|公司|学|馆|厂|矿|库))(?:文件)?[ \t]*$"
)
