"""How the index grows: synthetic stores of 10^3 to 10^6 snippets in the real schema; prints the table of docs/index.md.

`cloud.py` says where the vectors come from. Recall is against comparing every stored vector in single precision.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.index import Document, Key, Snippet, Store, VectorIndex
from tests.bench.cloud import PER_DOCUMENT, SEED, Cloud

Floats = NDArray[np.float32]

MARKS = 330
"""Fingerprints of each view of it."""
TOGETHER = 64
"""Documents that are drawn at a time."""
HEADINGS = (
    "snippets",
    "added/s",
    "lists, s",
    "load, s",
    "memory, B each",
    "file, B each",
    "p50, ms",
    "p95, ms",
    "p95 of CPU time, ms",
    "recall@10",
    "1,000 fingerprints, ms",
)
SECONDS = 20.0
"""How long queries are timed at most."""


def build(path: Path, key: Key, snippets: int, cloud: Cloud) -> tuple[float, float]:
    """Fill a store; (seconds of adding, seconds of making the lists)."""
    count = max(1, round(snippets / PER_DOCUMENT))
    rng = np.random.default_rng(SEED)
    store = Store.create(path, key, "synthetic")
    added = 0.0
    for first in range(0, count, TOGETHER):
        windows = cloud.windows(min(TOGETHER, count - first))
        drawn = [_drawn(first + n, vectors, rng) for n, vectors in enumerate(windows)]
        begun = time.perf_counter()
        for document, marks, snippets in drawn:
            store.add(document, marks, snippets)
        added += time.perf_counter() - begun
    begun = time.perf_counter()
    store.tend()
    listed = time.perf_counter() - begun
    store.close()
    return added, listed


def measure(path: Path, key: Key, cloud: Cloud, count: int = 500) -> dict[str, float]:
    """Load, then search one query at a time."""
    VectorIndex(np.eye(8, dtype=np.float32)).search(np.eye(8, dtype=np.float32), 1)
    before = _resident()
    begun = time.perf_counter()
    store = Store.open(path, key)
    index, _ = store.neighbours()
    loaded = time.perf_counter() - begun
    held = _resident() - before
    vectors = store.exact()
    queries = cloud.queries(vectors, count)
    truth = nearest(vectors, queries, 10)
    index.search(queries, 10)
    taken, used, hits = [], [], 0
    for query, best in zip(queries, truth, strict=True):
        begun, spent = time.perf_counter(), time.thread_time()
        _, rows = index.search(query[None], 10)
        taken.append(time.perf_counter() - begun)
        used.append(time.thread_time() - spent)
        hits += len(set(rows[0]) & set(best))
        if sum(taken) > SECONDS:
            break
    wanted = [int(h) for h in np.random.default_rng(SEED).integers(-(2**63), 2**63 - 1, 1000)]
    begun = time.perf_counter()
    store.lookup(wanted, 0)
    looked_up = time.perf_counter() - begun
    store.close()
    return {
        "load": loaded,
        "memory": held,
        "p50": float(np.percentile(taken, 50)),
        "p95": float(np.percentile(taken, 95)),
        "cpu": float(np.percentile(used, 95)),
        "recall": hits / (len(truth[0]) * len(taken)),
        "lookup": looked_up,
        "snippets": len(vectors),
    }


def nearest(vectors: NDArray[np.float16], queries: Floats, count: int) -> list[list[int]]:
    """The true neighbours of every query, by comparing all vectors in single precision."""
    scores = np.zeros((len(queries), 0), np.float32)
    rows = np.zeros((len(queries), 0), np.int64)
    for start in range(0, len(vectors), 50_000):
        part = queries @ vectors[start : start + 50_000].astype(np.float32).T
        scores = np.concatenate([scores, part], axis=1)
        rows = np.concatenate([rows, np.broadcast_to(np.arange(part.shape[1]) + start, part.shape)], axis=1)
        best = np.argsort(-scores, axis=1)[:, :count]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return [row.tolist() for row in rows]


def table(sizes: Sequence[int], folder: Path) -> Iterator[str]:
    """One line a size."""
    cloud = Cloud()
    yield " | ".join(HEADINGS)
    for size in sizes:
        path, key = folder / f"{size}.db", Key(file=folder / "key")
        added, listed = build(path, key, size, cloud)
        m = measure(path, key, cloud)
        n = m["snippets"]
        cells = [f"{n:.0f}", f"{n / added:.0f}", f"{listed:.1f}", f"{m['load']:.2f}", f"{m['memory'] / n:.0f}"]
        cells += [f"{path.stat().st_size / n:.0f}", f"{m['p50'] * 1e3:.2f}", f"{m['p95'] * 1e3:.2f}"]
        cells += [f"{m['cpu'] * 1e3:.2f}"]
        yield " | ".join([*cells, f"{m['recall']:.4f}", f"{m['lookup'] * 1e3:.2f}"])
        path.unlink()


def _drawn(
    number: int, windows: Floats, rng: np.random.Generator
) -> tuple[Document, list[list[tuple[int, int]]], list[Snippet]]:
    document = Document(doc=f"d{number}", level="秘密", text=f"第{number}号合成文件。" * 100)
    snippets = [Snippet(i * 30, i * 30 + 60, vector) for i, vector in enumerate(windows)]
    return document, [_marks(rng), _marks(rng)], snippets


def _marks(rng: np.random.Generator) -> list[tuple[int, int]]:
    hashes = rng.integers(-(2**63), 2**63 - 1, MARKS)
    return [(int(h), 3 * i) for i, h in enumerate(hashes)]


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    """Build, measure and print one store after another in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000, 1_000_000])
    with tempfile.TemporaryDirectory() as folder:
        for line in table(parser.parse_args().sizes, Path(folder)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
