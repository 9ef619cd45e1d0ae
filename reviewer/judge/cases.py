"""The precedents a draft is shown beside: those the heads were fitted on, and what the station has added since."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reviewer.judge.heads import Floats, Heads
from reviewer.verdict import Neighbour


@dataclass(frozen=True, slots=True)
class Cases:
    """Precedents and where they lie; row i of `embeddings` (n, e), unit length, is of `known[i]`."""

    known: tuple[Neighbour, ...]
    embeddings: Floats

    def nearest(self, embedding: Floats, count: int, label: str | None = None) -> tuple[Neighbour, ...]:
        """At most `count` precedents, of a `label` if one is given, the most alike first."""
        similarity = self.embeddings @ embedding
        places = [i for i, n in enumerate(self.known) if label is None or label in n.labels]
        order = sorted(places, key=lambda i: -float(similarity[i]))[:count]
        return tuple(self.known[i].model_copy(update={"similarity": rounded(similarity[i])}) for i in order)


def gather(heads: Heads, known: Mapping[str, Neighbour], own: Mapping[str, Floats]) -> Cases:
    """Of the `known` precedents, by id, those the heads hold and the station's `own`, given by their embeddings."""
    rows = {**dict(zip(heads.fitted.ids, heads.embeddings, strict=True)), **own}
    held = {name: row for name, row in rows.items() if name in known}
    embeddings = np.array(list(held.values()), np.float32).reshape(-1, heads.embeddings.shape[1])
    return Cases(tuple(known[name] for name in held), embeddings)


def rounded(p: np.floating) -> float:
    """Between 0 and 1, to four places."""
    return round(min(max(float(p), 0.0), 1.0), 4)
