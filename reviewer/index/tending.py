"""Keeping the inverted lists of a large store: a cache inside the file, made by the managing role."""

from typing import Any

import numpy as np

from reviewer.index import content, vectors


def due(db: Any) -> bool:
    """Whether the store has grown past exact search, or fourfold since its lists were made."""
    total = int(db.execute("SELECT total(snippets) FROM documents").get)
    trained = db.execute("SELECT value FROM meta WHERE name='trained'").get or 0
    return bool(total > vectors.EXACT and total >= 4 * trained)


def make(db: Any) -> None:
    """Train the centroids on a sample and assign every vector; the caller holds a transaction."""
    total = int(db.execute("SELECT total(snippets) FROM documents").get)
    lists = vectors.lists_for(total)
    rng = np.random.default_rng(vectors.SEED)
    share = min(1.0, vectors.sample_size(lists) / total)
    sample = [part.vectors[rng.random(len(part.vectors)) < share] for part in content.parts(db)]
    centroids = vectors.train(np.concatenate(sample).astype(np.float32), lists)
    db.execute("DELETE FROM lists")
    for part in content.parts(db):
        assigned = vectors.assign(part.vectors, centroids)
        cuts = np.cumsum([count for _, count in part.documents])[:-1]
        rows = zip(part.documents, np.split(assigned, cuts), strict=True)
        db.executemany("INSERT INTO lists VALUES(?,?)", [(document, some.tobytes()) for (document, _), some in rows])
    made = {"centroids": centroids.astype("<f4").tobytes(), "lists": lists, "trained": total}
    db.executemany("INSERT OR REPLACE INTO meta VALUES(?,?)", list(made.items()))
