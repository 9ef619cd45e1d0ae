"""Edits of a text, and where what stands beside them goes: pure functions."""

from collections.abc import Sequence
from typing import NamedTuple

from reviewer.draft import Place


class Edit(NamedTuple):
    """The range `[begin, end)` of a text becomes `words`."""

    begin: int
    end: int
    words: str


def edited(text: str, edits: Sequence[Edit]) -> str:
    """`text` with the edits made, which are in order and do not overlap."""
    out, at = [], 0
    for edit in edits:
        out += [text[at : edit.begin], edit.words]
        at = edit.end
    return "".join([*out, text[at:]])


def moved(places: Sequence[Place], edits: Sequence[Edit]) -> tuple[Place, ...]:
    """The places as they are after the edits. New words belong to the first place whose words they stand for, and a
    place that has lost all of its words is none.
    """
    kept, before = [], 0
    for place in places:
        begin, end = place.span
        span = _moved(begin, edits, first=before), _moved(end, edits, first=end)
        before = end
        if span[0] < span[1] or begin == end:
            kept.append(place.model_copy(update={"span": span}))
    return tuple(kept)


def _moved(position: int, edits: Sequence[Edit], *, first: int) -> int:
    """A position after the edits; within one it comes to its begin where that is `first` or later, else its end."""
    shift = 0
    for begin, end, words in edits:
        if position <= begin:
            break
        if position < end:
            return begin + shift + (0 if begin >= first else len(words))
        shift += len(words) - (end - begin)
    return position + shift
