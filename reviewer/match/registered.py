"""Titles and numbers as keyed hashes, for a store whose texts are sealed: nothing of them is there in clear."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.finding import MatchKind
from reviewer.index import GRAM, Document, Store, grams
from reviewer.match.source import NUMBER, TITLE, Source
from reviewer.match.titles import ISSUER, SHORTEST, TYPES, core, numbered

ENOUGH = 0.8
"""Share of a title that must stand in the draft in one piece."""

_WRITTEN = re.compile(r"(?:字)?((?:19|20)\d\d)年?第?0*(\d{1,5})号?")
_ENDS = ("", "字")
"""What issuers end in: stores made before numbers were read with and without 字 alike have kept it."""
_LENGTH = 16
"""Bits of a title's place below its length."""


@dataclass(frozen=True, slots=True)
class Named:
    """Letters `start:stop` of the draft name a document (row number of the store)."""

    document: int
    kind: MatchKind
    start: int
    stop: int
    score: float


def registered(document: Document, key: bytes) -> list[list[tuple[int, int]]]:
    """The fingerprints of a document's title, whole and without its year and kind, and of its number."""
    title = Source.read(document.title).letters.text
    wanted = {t for t in (title, _bare(title)) if len(t) >= SHORTEST}
    titles = [(h, len(t) << _LENGTH | i) for t in sorted(wanted) for i, h in enumerate(grams(list(t), key))]
    number = numbered(document.number)
    return [titles, [(_whole(*number, key), 0)] if number else []]


def named(draft: Source, store: Store) -> Iterator[Named]:
    """Where the draft names documents of the store."""
    yield from _numbers(draft, store)
    yield from _titles(draft, store)


def _numbers(draft: Source, store: Store) -> Iterator[Named]:
    letters, key = draft.letters.text, store.fingerprint_key
    asked = {
        _whole(letters[m.start() - n : m.start()] + end, int(m[1]), int(m[2]), key): (m.start() - n, m.end())
        for m in _WRITTEN.finditer(letters)
        for n in ISSUER
        if n <= m.start()
        for end in _ENDS
    }
    for found, places in store.lookup(list(asked), NUMBER).items():
        for document, _ in places:
            yield Named(document, MatchKind.NUMBER, *asked[found], 1.0)


def _titles(draft: Source, store: Store) -> Iterator[Named]:
    hashes = grams(list(draft.letters.text), store.fingerprint_key)
    places = store.lookup(hashes, TITLE)
    lines: dict[tuple[int, int, int], list[int]] = {}
    for i, h in enumerate(hashes):
        for document, packed in places.get(h, ()):
            length, position = packed >> _LENGTH, packed & ((1 << _LENGTH) - 1)
            lines.setdefault((document, length, position - i), []).append(i)
    best: dict[int, Named] = {}
    for (document, length, _), starts in lines.items():
        for first, last in pieces(starts, 1):
            share = (last + GRAM - first) / length
            if share >= ENOUGH and share > (best[document].score if document in best else 0):
                best[document] = Named(document, MatchKind.TITLE, first, last + GRAM, share)
    yield from best.values()


def pieces(starts: Sequence[int], gap: int) -> Iterator[tuple[int, int]]:
    """(first, last) of runs of ascending numbers at most `gap` apart."""
    first = last = starts[0]
    for place in starts[1:]:
        if place - last > gap:
            yield first, last
            first = place
        last = place
    yield first, last


def _bare(title: str) -> str:
    """The title without its year, its opening and its kind."""
    kinds = [m for m in TYPES.finditer(core(title)) if m.end() == len(core(title))]
    return core(title)[: kinds[-1].start()].removesuffix("的") if kinds else core(title)


def _whole(issuer: str, year: int, serial: int, key: bytes) -> int:
    """The keyed hash of a number, however it is written."""
    return grams([f"{issuer} {year} {serial}", *[""] * (GRAM - 1)], key)[0]
