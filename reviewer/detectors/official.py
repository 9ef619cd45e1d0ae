"""The layout of an official document: three and more parts of its head and foot, though it carries no mark.

GB/T 9704-2012 7.2 to 7.4; formats.md section 2. It is a note: published documents have the same layout.
"""

import re
from collections.abc import Iterator

from reviewer.detectors.mark_forms import LAYOUT, RELEASE
from reviewer.detectors.rule import Hit, View, load_rules

RULES = load_rules("official")
(RULE,) = RULES

_WANTED = 3
_LONGEST = 100
"""Characters of the longest line that can be a part of the layout."""
_FOOT = (
    ("copies", "抄送", re.compile(r"(?:主送|抄送|抄报)[ \t]*:.{2,90}")),
    ("printing", "印发", re.compile(r".{2,40}(?:19|20)\d{2}年\d{1,2}月\d{1,2}日[ \t]*印发.{0,20}")),
)
_PARTS = tuple(part for part in (*LAYOUT, *_FOOT) if part[0] != "period")
_PUBLIC = re.compile(r"https?://|www\.|\.gov\.cn|官网|政府网站|公报")


def detect(view: View) -> Iterator[Hit]:
    """One note a draft, on the first part of the layout."""
    text = view.text
    found: dict[str, str] = {}
    first: tuple[int, int] | None = None
    for m in re.finditer(r"[^\n]+", text):
        line = m.group().strip()
        if not line or len(line) > _LONGEST:
            continue
        for en, zh, pattern in _PARTS:
            if en not in found and pattern.fullmatch(line):
                found[en] = zh
                first = first or m.span()
                break
        if len(found) == _WANTED:
            break
    if first is None or len(found) < _WANTED or RELEASE.search(text) or _PUBLIC.search(text):
        return
    why = f"有{'、'.join(found.values())}，像是公文原件；没有公开发布的标注，请核对。"
    why_en = f"It has {', '.join(found)}: it seems to be an official document, with no note that it is public."
    yield Hit(RULE, *first, confidence=0.4, why=why, why_en=why_en)
