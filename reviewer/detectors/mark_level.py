"""The level that a document bears, read from the marks in its head."""

import re
from collections.abc import Iterator

from reviewer.detectors import mark_forms as forms
from reviewer.detectors.mark_forms import FORMS, Kind
from reviewer.detectors.mark_period import within_law

_OTHER = re.compile("工作秘密|普通商密|核心商密|内部")


def marked_level(head: str) -> str:
    """The level of the first whole mark in a folded text, else of the first mark; empty where there is none.

    Work and trade marks count where there is no mark of state secrets.
    """
    whole = min(_state(head, whole=True), default=None)
    found = whole or min(_state(head, whole=False), default=None) or min(_others(head), default=None)
    return found[1] if found else ""


def _state(head: str, *, whole: bool) -> Iterator[tuple[int, str]]:
    """(where, level) of the marks of state secrets."""
    for form in FORMS:
        for m in form.pattern.finditer(head) if (form.kind is Kind.FULL) is whole else ():
            level = "".join(m["level"].split())
            if not form.unfilled(head, m.end()) and within_law(level, m.groupdict().get("period") or ""):
                yield m.start("level"), level


def _others(head: str) -> Iterator[tuple[int, str]]:
    """(where, level) of the marks of work and trade secrets that name one."""
    for pattern in (forms.WORK, forms.TRADE):
        for m in pattern.finditer(head):
            if level := _OTHER.search(m.group()):
                yield m.start(), level.group()
