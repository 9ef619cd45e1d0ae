"""Before and after, as one styled text."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from rich.text import Text

from reviewer.reports.visible import visible
from reviewer.tui.themes import Looks

_PIECE = re.compile(r"[^，,。！？!?；;：:\n]+|.", re.DOTALL)

Change = tuple[tuple[int, int], str | None]
"""A range of the text and what is written there instead; `None` leaves it as it stands, only marked."""


def inline(text: str, changes: Iterable[Change], looks: Looks, selected: int | None) -> Text:
    """`text` with each change shown in place: what goes is struck, what comes is bold; the selected one glows."""
    out, at = Text(), 0
    for number, ((a, b), written) in enumerate(changes):
        out.append(visible(text[at:a], lines=True))
        glow = looks["selected"] if number == selected else ""
        words = visible(text[a:b], lines=True)
        if written is None:
            out.append(words, glow or "underline")
        else:
            out.append(words, glow or looks["removed"])
            out.append(visible(written, lines=True), looks["added"])
        at = b
    return out.append(visible(text[at:], lines=True))


def whole(before: str, after: str, looks: Looks) -> Text:
    """Both texts in one, compared clause by clause."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    out = Text()
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            out.append(visible("".join(old[a:b]), lines=True))
        else:
            out.append(visible("".join(old[a:b]), lines=True), looks["removed"])
            out.append(visible("".join(new[c:d]), lines=True), looks["added"])
    return out
