"""Quoting the title or number of an indexed document is itself a violation (wx-3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from reviewer.finding import MatchKind
from reviewer.index import Document
from reviewer.match.skeleton import Skeleton

CLOSE = 88.0
"""Similarity (0..100) from which a part of the draft is taken for a title."""

SHORTEST = 8
"""Letters a title must have to be looked for."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Letters `start:stop` of the draft name a document."""

    kind: MatchKind
    start: int
    stop: int
    score: float


def quotes(draft: Skeleton, document: Document) -> Iterator[Quoted]:
    """Where the draft quotes the number or the title, exactly, abbreviated or approximately."""
    number = _number(document.number)
    if number:
        for m in re.finditer(number, draft.text):
            yield Quoted(MatchKind.NUMBER, m.start(), m.end(), 1.0)
    title = _letters(document.title)
    if len(title) < SHORTEST:
        return
    at = draft.text.find(title)
    if at >= 0:
        yield Quoted(MatchKind.TITLE, at, at + len(title), 1.0)
        return
    if len(draft.text) >= SHORTEST:
        found = fuzz.partial_ratio_alignment(title, draft.text, score_cutoff=CLOSE)
        if found and found.dest_end - found.dest_start >= 0.8 * len(title):
            yield Quoted(MatchKind.TITLE, found.dest_start, found.dest_end, found.score / 100)
            return
    short = core(title)
    if len(short) >= SHORTEST and len(draft.text) >= SHORTEST:
        found = fuzz.partial_ratio_alignment(short, draft.text, score_cutoff=CLOSE)
        if found and found.dest_end - found.dest_start >= 0.8 * len(short):
            yield Quoted(MatchKind.TITLE, found.dest_start, found.dest_end, found.score / 100)


def _letters(text: str) -> str:
    return re.sub(r"[^\w]|_", "", text).lower()


def core(title: str) -> str:
    """The letters of a title without its year, its 关于 and its kind (方案, 通知, 报告 ...)."""
    bare = re.sub(r"(?:19|20)\d{2}年?(?:度)?", "", title.removeprefix("关于"))
    bare = re.sub(r"^(?:进一步|切实|认真)?(?:调整|印发|做好|开展|加强|推进|落实|组织|实施|报送|下达)+", "", bare)
    return re.sub(
        r"(?:的)?(?:实施|工作|初步)?(?:方案|通知|报告|意见|细则|办法|规划|专报|请示|批复|决定|要点|预案|计划)$",
        "",
        bare,
    )


def _number(number: str) -> str:
    """A pattern for the number's letters: issuer, year, serial; 第 and 号 may be missing, zeros may lead."""
    m = re.match(r"(\D+?)[〔\[(（【]?(\d{4})年?[〕\])）】]?第?0*(\d+)号?", number)
    if m is None:
        return ""
    issuer = re.escape(_letters(m[1]))
    return rf"{issuer}{m[2]}年?第?0*{m[3]}(?!\d)号?"
