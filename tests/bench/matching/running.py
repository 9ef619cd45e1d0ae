"""An index in a temporary folder, an embedder that remembers, and what the matcher says of each draft."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.cli import station
from reviewer.draft import Lang
from reviewer.embed import Embedder
from reviewer.index import Document, Key, Store
from reviewer.match import Matcher, prepare
from reviewer.match.likeness import Likeness
from reviewer.match.weights import Weights
from reviewer.models import Catalogue
from reviewer.normalise import fold
from reviewer.paths import Home, cache, shipped


class Remembering:
    """An embedder whose vectors of the benchmark's invented texts are kept in a file; loaded when one is missing."""

    def __init__(self, directory: Path, name: str, file: Path) -> None:
        self._directory, self._name, self._file = directory, name, file
        self.identity = hashlib.sha256((directory / "model.safetensors").read_bytes()).hexdigest()
        self._known: dict[str, NDArray[np.float32]] = {}
        if file.exists():
            with np.load(file) as held:
                self._known = dict(zip(held["names"].tolist(), held["vectors"], strict=True))
        self._new = 0

    @cached_property
    def fresh(self) -> Embedder:
        """The embedder itself."""
        return Embedder(self._directory, self._name)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dimension) unit vectors; `texts` are not empty."""
        names = [hashlib.sha256((self.identity + t).encode("utf-8", "replace")).hexdigest() for t in texts]
        missing = {n: t for n, t in zip(names, texts, strict=True) if n not in self._known}
        if missing:
            self._known.update(zip(missing, self.fresh.encode(list(missing.values())), strict=True))
        self._new += len(missing)
        if self._new >= 200:
            self.save()
        return np.stack([self._known[n] for n in names])

    def save(self) -> None:
        """Write what is new."""
        if self._new:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part = self._file.with_suffix(".part.npz")
            np.savez(part, names=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
            part.replace(self._file)
            self._new = 0


def remembering() -> Remembering:
    """The station's embedder, with what it gave before."""
    name = station.settings().embedder
    place = Catalogue.load(shipped("models.txt")).find(name, Home.from_environment().models)
    return Remembering(place, name, cache() / "bench" / "matching.npz")


@contextmanager
def indexed(documents: Sequence[Document], embedder: Remembering) -> Iterator[Store]:
    """A store of the documents, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "s.db", Key(file=Path(folder) / "key"), embedder.identity)
        for document in documents:
            store.add(document, *prepare(document, embedder, store.fingerprint_key))
        embedder.save()
        yield store
        store.close()


def matching(store: Store, embedder: Remembering, ordinary: Sequence[str], weights: Weights | None = None) -> Matcher:
    """The stage as it is used, but for `ordinary`."""
    return Matcher(store, embedder, {}, Lang.ZH, (), ordinary, weights)


def best(likes: Sequence[Likeness], document: int | None = None) -> float:
    """The highest margin over its threshold, of one document or of any."""
    return max(
        (k.over for k in likes if document is None or k.document == document or document in k.also), default=-99.0
    )


def weigh(matcher: Matcher, text: str, floor: float) -> list[Likeness]:
    """What resembles a document, thresholds lowered by `floor`."""
    return matcher.weigh(text, fold(text), floor)


def unweighed(matcher: Matcher, text: str, *, rewritten: bool) -> list[Likeness]:
    """Whatever resembles a document, however little."""
    return list(matcher.unweighed(text, fold(text), rewritten=rewritten))
