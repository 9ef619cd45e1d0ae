"""Exact nearest neighbours over unit vectors, in memory only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class VectorIndex:
    """FAISS inner product over unit vectors: cosine similarity, exact."""

    def __init__(self, vectors: Floats) -> None:
        """`vectors` (n, d), unit length; may be empty."""
        import faiss

        self._index = faiss.IndexFlatIP(vectors.shape[1])
        if len(vectors):
            self._index.add(np.ascontiguousarray(vectors, np.float32))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Floats, count: int) -> tuple[Floats, Sequence[Sequence[int]]]:
        """Similarities (m, count) and row numbers (m, count), best first; -1 where there are fewer rows."""
        if not len(self) or not len(queries):
            return np.zeros((len(queries), 0), np.float32), [[] for _ in range(len(queries))]
        scores, rows = self._index.search(np.ascontiguousarray(queries, np.float32), min(count, len(self)))
        return np.asarray(scores, np.float32), rows.tolist()
