"""The index of classified documents: encrypted store, keyed fingerprints, vectors; the only door to apsw and faiss."""

from reviewer.index.fingerprints import GRAM, grams, winnow
from reviewer.index.store import Document, Indexed, Key, Snippet, Store
from reviewer.index.vectors import VectorIndex

__all__ = ["GRAM", "Document", "Indexed", "Key", "Snippet", "Store", "VectorIndex", "grams", "winnow"]
