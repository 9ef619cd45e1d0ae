"""Nearest neighbours over unit vectors, in memory only: exact for small stores, inverted lists for large ones."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]

EXACT = 50_000
"""Vectors up to which every one of them is compared."""

PROBED = 4
LEAST = 256
"""One in so many inverted lists is read for a query, and at least so many; docs/index.md has the recalls they were set
by."""

_TOGETHER = 16
"""Queries from which threads pay: waiting for one another costs more than a short search on a busy machine."""

SEED = 20261127
"""Of the sample that lists are made from, and of their making."""

_PER_LIST_TRAINING = 48
_ROUNDS = 10


class VectorIndex:
    """FAISS inner product over unit vectors, which is cosine similarity."""

    def __init__(self, vectors: Floats | Halves) -> None:
        """Exact, over `vectors` (n, d) of unit length; may be empty."""
        import faiss

        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        if len(vectors):
            self._index.add(np.ascontiguousarray(vectors, np.float32))

    @classmethod
    def listed(cls, centroids: Floats, parts: Iterable[tuple[Halves, NDArray[np.uint16]]]) -> "VectorIndex":
        """Inverted lists around `centroids` (m, d); each part is vectors (n, d) and the list each belongs to (n,).

        Vectors stay in half precision, so nothing is encoded and loading is copying.
        """
        import faiss

        m, d = centroids.shape
        self = cls(np.zeros((0, d), np.float32))
        coarse = faiss.IndexFlatIP(d)
        coarse.add(np.ascontiguousarray(centroids, np.float32))
        index: Any = faiss.IndexIVFScalarQuantizer(
            coarse, d, m, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT, False
        )
        index.is_trained = True
        index.nprobe = min(m, max(LEAST, m // PROBED))
        rows = 0
        for vectors, lists in parts:
            order = np.argsort(lists, kind="stable")
            codes, ids = np.ascontiguousarray(vectors[order], "<f2"), (order + rows).astype(np.int64)
            bounds = np.searchsorted(lists[order], np.arange(m + 1))
            for i in np.flatnonzero(np.diff(bounds)).tolist():
                a, b = int(bounds[i]), int(bounds[i + 1])
                index.invlists.add_entries(
                    i, b - a, faiss.swig_ptr(ids[a:b]), faiss.swig_ptr(codes[a:b].view(np.uint8))
                )
            rows += len(lists)
        index.ntotal = rows
        self._index = index
        return self

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Floats, count: int) -> tuple[Floats, Sequence[Sequence[int]]]:
        """Similarities (m, count) and row numbers (m, count), best first; -1 where there are fewer rows."""
        if not len(self) or not len(queries):
            return np.zeros((len(queries), 0), np.float32), [[] for _ in range(len(queries))]
        import faiss

        threads = _threads()
        faiss.omp_set_num_threads(1 if len(queries) < _TOGETHER else threads)
        scores, rows = self._index.search(np.ascontiguousarray(queries, np.float32), min(count, len(self)))
        return np.asarray(scores, np.float32), rows.tolist()


@cache
def _threads() -> int:
    """How many threads FAISS would use by itself; asked before that is changed."""
    import faiss

    return int(faiss.omp_get_max_threads())


def lists_for(count: int) -> int:
    """How many inverted lists suit `count` vectors: the power of two nearest below twice its square root."""
    return int(2 ** int(np.log2(2 * max(count, 1) ** 0.5)))


def train(sample: Floats, lists: int) -> Floats:
    """`lists` centroids (lists, d) of unit length, by spherical k-means with a fixed seed."""
    import faiss

    means = faiss.Kmeans(
        sample.shape[1],
        lists,
        niter=_ROUNDS,
        spherical=True,
        seed=SEED,
        max_points_per_centroid=_PER_LIST_TRAINING,
        min_points_per_centroid=1,
    )
    means.train(np.ascontiguousarray(sample, np.float32))
    return np.asarray(means.centroids, np.float32)


def sample_size(lists: int) -> int:
    """How many vectors `train` makes use of."""
    return lists * _PER_LIST_TRAINING


def assign(vectors: Floats | Halves, centroids: Floats) -> NDArray[np.uint16]:
    """The list (n,) each of `vectors` belongs to: that of its nearest centroid."""
    import faiss

    if not len(vectors):
        return np.zeros(0, np.uint16)
    coarse = faiss.IndexFlatIP(centroids.shape[1])
    coarse.add(np.ascontiguousarray(centroids, np.float32))
    _, nearest = coarse.search(np.ascontiguousarray(vectors, np.float32), 1)
    return np.asarray(nearest[:, 0], np.uint16)
