"""Whether a store is sound: every page, every row, and that what belongs together is there."""

import json
from typing import Any

from reviewer.errors import StoreLocked
from reviewer.index.content import centroids_of
from reviewer.index.keys import Seal
from reviewer.index.schema import Features, places

_ROWS = (
    "SELECT id, doc, level, expires, length, snippets, sealed, marks, windows, vectors, seal, assigned FROM documents"
    " LEFT JOIN features ON features.document=id LEFT JOIN lists ON lists.document=id ORDER BY id"
)


def sound(db: Any, key: bytes, seal: Seal | None) -> bool:
    """Read everything; texts only where they can be opened."""
    if db.execute("PRAGMA integrity_check").get != "ok" or list(db.execute("PRAGMA foreign_key_check")):
        return False
    centroids = centroids_of(db)
    return all(_whole(row, key, seal, centroids is not None) for row in db.execute(_ROWS))


def _whole(row: tuple[Any, ...], key: bytes, seal: Seal | None, listed: bool) -> bool:
    number, doc, level, expires, length, snippets, sealed, marks, windows, vectors, check, assigned = row
    if None in (marks, windows, vectors):
        return False
    about = repr((number, doc, level, expires, length, snippets))
    if Features(marks, windows, vectors).digest(key, about) != check or len(places(windows)) != snippets:
        return False
    if listed and snippets and len(assigned or b"") != 2 * snippets:
        return False
    try:
        return seal is None or len(json.loads(seal.open(sealed, doc))[2]) == length
    except StoreLocked:
        return False
