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
from tests.bench.matching.texts import SEED, Texts

SNIPPETS = 10_000
LENGTH = 500
RUNS = 15
WARM = 2
"""Runs of each draft that are not counted."""


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


def drafts(texts: Texts, store: Store) -> dict[str, str]:
    """Drafts of `LENGTH` characters: harmless ones, one with an excerpt, one that retells a document."""
    harmless = "".join(random.Random(SEED).sample(list(texts.ordinary), 40))
    secret = store.documents()[0].document.text
    retold = next(case.text for case in texts.cases if case.kind == "heavy paraphrase")
    return {
        "harmless": harmless[:LENGTH],
        "harmless, other words": harmless[LENGTH : 2 * LENGTH],
        "120 characters copied": (harmless[: LENGTH - 120] + secret[-140:-20])[:LENGTH],
        "a document retold": (harmless[: LENGTH - len(retold)] + retold)[:LENGTH],
    }


def speed(store: Store, embedder: Remembering, texts: Texts, runs: int = RUNS) -> list[str]:
    """Wall and processor time of the stage by kind of draft; the embedder remembers nothing and is warm."""
    count = grow(store, random.Random(SEED))
    timed = Timed(embedder)
    start = time.process_time()
    matcher = matching(store, timed, texts.ordinary)  # type: ignore[arg-type]
    loading = time.process_time() - start
    lines = [
        f"time of the stage, {LENGTH} characters against {count} snippets; set up in {loading:.1f} s of processor",
        "median and 95 % within, ms of processor, then by the clock",
    ]
    for name, text in drafts(texts, store).items():
        walls, cpus, found = [], [], 0
        for run in range(runs + WARM):
            timed.spent, timed.texts = 0.0, 0
            wall, cpu = time.perf_counter(), time.process_time()
            found = len(matcher(Draft(text=text), fold(text), ()).findings)
            if run >= WARM:
                walls.append(1000 * (time.perf_counter() - wall))
                cpus.append(1000 * (time.process_time() - cpu))
        lines.append(
            f"  {name}: {_said(cpus)}; {_said(walls)}; {found} findings, "
            f"{1000 * timed.spent:.0f} ms for {timed.texts} windows embedded"
        )
    return lines


def _said(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.0f}, {sorted(times)[int(0.95 * len(times))]:.0f}"
