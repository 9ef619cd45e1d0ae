"""The time of the stage for a draft of 500 characters against 10,000 snippets."""

import random
import statistics
import time
from collections.abc import Sequence

import numpy as np

from reviewer.draft import Draft
from reviewer.index import SPOKEN, SYLLABLES, Document, Snippet, Store, grams, winnow
from reviewer.match.source import Source, windows
from reviewer.normalise import fold
from tests.bench.matching.running import Remembering, matching
from tests.bench.matching.texts import SEED

SNIPPETS = 10_000
LENGTH = 500
RUNS = 15


class Timed:
    """An embedder that remembers nothing and keeps the time spent in it."""

    def __init__(self, embedder: Remembering) -> None:
        self.spent = 0.0
        self.texts = 0
        self._embedder = embedder.fresh

    def encode(self, texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
        """(n, dimension) unit vectors."""
        start = time.process_time()
        vectors = self._embedder.encode(texts)
        self.spent += time.process_time() - start
        self.texts += len(texts)
        return vectors


def grow(store: Store, rng: random.Random) -> int:
    """Fill the store up to `SNIPPETS` with documents of shuffled sentences and vectors near real ones."""
    documents = [d.document for d in store.documents()]
    vectors = store.exact().astype(np.float32)
    sentences = [s for d in documents for s in d.text.replace("\n", "").split("。") if len(s) > 8]
    noise = np.random.default_rng(SEED)
    count, n = len(vectors), 0
    while count < SNIPPETS:
        text = "。".join(rng.sample(sentences, 14))
        ranges = windows(text)
        near = vectors[noise.integers(len(vectors), size=len(ranges))]
        mine = near + noise.normal(0, 0.02, near.shape)
        mine /= np.linalg.norm(mine, axis=1, keepdims=True)
        marks = winnow(grams(Source.read(text).syllables, store.fingerprint_key, SYLLABLES), SPOKEN)
        snippets = [Snippet(a, b, v.astype(np.float32)) for (a, b), v in zip(ranges, mine, strict=True)]
        title = "关于" + rng.choice(sentences)[:20] + "的通知"
        store.add(Document(doc=f"grown{n}", level="秘密", title=title, text=text), [[], marks], snippets)
        count += len(ranges)
        n += 1
    return count


def speed(store: Store, embedder: Remembering, ordinary: Sequence[str]) -> list[str]:
    """Wall and processor time of harmless drafts and of one that tells what a document says."""
    rng = random.Random(SEED)
    count = grow(store, rng)
    timed = Timed(embedder)
    start = time.process_time()
    matcher = matching(store, timed, ordinary)  # type: ignore[arg-type]
    loading = time.process_time() - start
    harmless = "".join(rng.sample(list(ordinary), 40))
    drafts = {"harmless": harmless[:LENGTH], "harmless, other words": harmless[LENGTH : 2 * LENGTH]}
    secret = store.documents()[0].document.text
    drafts["with 120 copied characters"] = (harmless[:380] + secret[-140:-20])[:LENGTH]
    lines = [f"time of the stage, {LENGTH} characters against {count} snippets; set up in {loading:.1f} s of processor"]
    for name, text in drafts.items():
        walls, cpus = [], []
        for _ in range(RUNS):
            timed.spent, timed.texts = 0.0, 0
            wall, cpu = time.perf_counter(), time.process_time()
            matcher(Draft(text=text), fold(text), ())
            walls.append(1000 * (time.perf_counter() - wall))
            cpus.append(1000 * (time.process_time() - cpu))
        lines.append(
            f"  {name}: {statistics.median(walls):.0f} ms median, {max(walls):.0f} ms worst; processor "
            f"{statistics.median(cpus):.0f} ms, of these {1000 * timed.spent:.0f} ms for {timed.texts} windows embedded"
        )
    return lines
