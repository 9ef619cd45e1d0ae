"""The index of classified documents: encrypted store, keyed fingerprints, vectors; the only door to apsw and faiss."""

from reviewer.index.fingerprints import GRAM, SPOKEN, SYLLABLES, WINDOW, grams, winnow
from reviewer.index.keys import Key
from reviewer.index.store import Store
from reviewer.index.transfer import duplicate, export, take_in
from reviewer.index.values import Document, Entry, Indexed, Snippet
from reviewer.index.vectors import VectorIndex

__all__ = [
    "GRAM",
    "SPOKEN",
    "SYLLABLES",
    "WINDOW",
    "Document",
    "Entry",
    "Indexed",
    "Key",
    "Snippet",
    "Store",
    "VectorIndex",
    "duplicate",
    "export",
    "grams",
    "take_in",
    "winnow",
]
