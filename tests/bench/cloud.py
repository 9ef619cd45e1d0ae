"""A million vectors that lie as real ones do: windows of laws and precedents, embedded, mixed and perturbed.

A document is about a real window and those nearest to it; each of its windows is a mixture of two of them with noise of
the real vectors' covariance. Half of the queries are stored windows perturbed once more (a rewritten passage), half are
real windows that were left out of the mixtures (a harmless draft).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reviewer.embed import Embedder
from reviewer.match.source import windows
from reviewer.models import Catalogue
from reviewer.paths import PACKAGE, Home, shipped
from reviewer.precedents import load_library
from reviewer.regulations import load_articles

Floats = NDArray[np.float32]

SEED = 20261127
PER_DOCUMENT = 47
"""Windows of a document of 1,000 characters."""
NEAR = 8
"""Real windows a document is about."""
NOISE = 0.45
"""Length of the noise beside a mixture of unit length: a window keeps a cosine of about 0.9 to its mixture."""
REAL = 1_500
"""Real windows that are embedded, drawn from all there are."""
LEFT_OUT = 250
"""Real windows kept for queries."""


class Cloud:
    """The distribution of the vectors."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(SEED)
        real = embedded(self._rng)
        self.left, self.real = real[:LEFT_OUT], real[LEFT_OUT:]
        self._near = np.argsort(-(self.real @ self.real.T), axis=1)[:, :NEAR]
        values, axes = np.linalg.eigh(np.cov(self.real.T))
        self._axes = (axes * np.sqrt(np.maximum(values, 0) / values.sum())).T.astype(np.float32)

    def windows(self, documents: int) -> Floats:
        """(documents, PER_DOCUMENT, d): the windows of some more documents."""
        about = self._near[self._rng.integers(len(self.real), size=documents)]
        rows = np.arange(documents)[:, None]
        a, b = (self.real[about[rows, self._rng.integers(NEAR, size=(documents, PER_DOCUMENT))]] for _ in "ab")
        share = self._rng.random((documents, PER_DOCUMENT, 1), np.float32)
        return self._perturbed(unit(share * a + (1 - share) * b), NOISE)

    def queries(self, stored: NDArray[np.float16], count: int) -> Floats:
        """(count, d): half rewritten from `stored`, half real."""
        half = count // 2
        copied = stored[self._rng.integers(0, len(stored), half)].astype(np.float32)
        return np.concatenate([self._perturbed(copied, NOISE), self.left[: count - half]])

    def _perturbed(self, vectors: Floats, noise: float) -> Floats:
        drawn = self._rng.standard_normal((vectors.size // len(self._axes), len(self._axes)), dtype=np.float32)
        return unit(vectors + noise * (drawn @ self._axes).reshape(vectors.shape))


def embedded(rng: np.random.Generator) -> Floats:
    """(n, d): windows of the shipped laws and precedents, each distinct text once, by the default embedder."""
    texts = sorted(set(_texts()))
    drawn = [texts[i] for i in rng.permutation(len(texts))[:REAL]]
    place = Catalogue.load(shipped("models.txt")).find("m3e-small", Home.from_environment().models)
    return Embedder(place, "m3e-small").encode(drawn)


def _texts() -> Iterator[str]:
    laws = [a.text for a in load_articles(PACKAGE / "packs").values()]
    precedents = [p.text for p in load_library((shipped("prompts") / "precedents",)).precedents]
    for text in (*laws, *precedents):
        yield from (text[a:b] for a, b in windows(text))


def unit(rows: Floats) -> Floats:
    """The same directions (..., d) with length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)
