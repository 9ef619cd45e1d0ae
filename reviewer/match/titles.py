"""Quoting the title or number of an indexed document is itself a violation (wx-3)."""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from reviewer.finding import MatchKind
from reviewer.index import Document
from reviewer.match.facts import numeral
from reviewer.match.postings import Postings
from reviewer.match.rarity import Rarity, bigrams
from reviewer.match.source import Source
from reviewer.normalise.letters import sounds

CLOSE = 88.0
"""Similarity (0..100) from which a part of the draft is taken for a whole title."""

SHORTEST = 8
"""Letters a title must have to be looked for."""

WHOLE = 0.8
"""Share of a title's words that must stand in the draft where no kind of document is named beside them."""

WORTH = 0.25
"""Share of a title's words that a draft must hold before it is looked at closely."""

TYPES = re.compile(
    r"方案|通知|报告|意见|细则|办法|规划|专报|请示|批复|决定|要点|预案|计划|总结|通报|安排|指标|测算|建议|纪要|名单|口径|情况|函"
)
"""Kinds of documents: beside the words of a title they say that a document is meant."""

REGISTERED = re.compile(r"(.*?\D)(?:字)?((?:19|20)\d\d)年?第?0*(\d{1,5})(?!\d)")
"""The letters of a registered number: issuer, year, serial; so brackets and blanks may be any."""

ISSUER = range(2, 16)
"""Letters of the part of a number before its year; of longer ones the last of these."""

_OPENING = re.compile(r"^(?:进一步|切实|认真)?(?:调整|印发|做好|开展|加强|推进|落实|组织|实施|报送|下达)+")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:至(?:19|20)\d{2})?年?(?:度)?")
_DIGITS = "0-9零〇○一二三四五六七八九十百"
_NUMBER = re.compile(rf"(?:字)?((?:19|20)\d\d|二[零〇○][{_DIGITS}]{{2}})年?(?:度)?第?([{_DIGITS}]{{1,5}})号?")
_SHORT = re.compile(rf"(?:字)?第?([{_DIGITS}]{{1,5}})号")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Letters `start:stop` of the draft name a document; `certain` where no odds are needed."""

    document: int
    kind: MatchKind
    start: int
    stop: int
    score: float
    certain: bool
    features: Mapping[str, float]


def numbered(number: str) -> tuple[str, int, int] | None:
    """The letters of the issuer, the year and the serial of a document's number; `None` where no draft can be asked
    for it.
    """
    m = REGISTERED.match(Source.read(number).letters.text)
    issuer = m[1][-ISSUER[-1] :] if m else ""
    return (issuer, int(m[2]), int(m[3])) if m and len(issuer) >= ISSUER[0] else None


class Registered:
    """The registered titles and numbers of the given documents, by their row numbers in the store."""

    def __init__(self, documents: Mapping[int, Document], rarity: Rarity) -> None:
        self._ids = list(documents)
        self._titles = [Source.read(d.title).letters.text for d in documents.values()]
        self._cores = [core(t) for t in self._titles]
        self._postings = Postings(self._cores)
        self._weights = [rarity.sum(bigrams(c)) for c in self._cores]
        self._rarity = rarity
        self._numbers: dict[tuple[int, int], list[tuple[str, int]]] = {}
        self._serials: dict[int, list[tuple[str, int]]] = {}
        for row, document in documents.items():
            known = numbered(document.number)
            if known:
                issuer, year, serial = sounds(known[0]), *known[1:]
                self._numbers.setdefault((year, serial), []).append((issuer, row))
                self._serials.setdefault(serial, []).append((issuer, row))

    def __call__(self, draft: Source) -> Iterator[Quoted]:
        """Where the draft names a document: numbers in any writing; titles exact, abbreviated or approximate."""
        yield from self._by_number(draft)
        yield from self._by_title(draft)

    def _by_number(self, draft: Source) -> Iterator[Quoted]:
        taken: set[int] = set()
        whole = ((m, self._numbers.get((_value(m[1]), _value(m[2])), ()), 1.0) for m in _found(_NUMBER, draft))
        short = ((m, self._serials.get(_value(m[1]), ()), 0.9) for m in _found(_SHORT, draft))
        for m, known, score in (*whole, *short):
            for issuer, row in known:
                start = m.start() - len(issuer)
                if start < 0 or len(issuer) < (2 if score == 1 else 3) or row in taken:
                    continue
                if draft.sounds[start : m.start()] == issuer:
                    taken.add(row)
                    yield Quoted(row, MatchKind.NUMBER, start, m.end(), score, True, {})

    def _by_title(self, draft: Source) -> Iterator[Quoted]:
        text = draft.letters.text
        held = self._postings.shared(bigrams(text), self._rarity)
        for n in held.argsort(kind="stable")[::-1]:
            title, core = self._titles[n], self._cores[n]
            if not held[n] or len(text) < 4:
                break
            if len(title) < SHORTEST or held[n] < WORTH * self._weights[n]:
                continue
            at = text.find(title)
            if at >= 0:
                yield Quoted(self._ids[n], MatchKind.TITLE, at, at + len(title), 1.0, True, {})
                continue
            near = fuzz.partial_ratio_alignment(title, text, score_cutoff=CLOSE) if len(text) >= SHORTEST else None
            if near and near.dest_end - near.dest_start >= 0.8 * len(title):
                yield Quoted(self._ids[n], MatchKind.TITLE, near.dest_start, near.dest_end, near.score / 100, True, {})
                continue
            part = self._partly(text, title, core, self._weights[n])
            if part is not None:
                start, stop, features = part
                yield Quoted(self._ids[n], MatchKind.TITLE, start, stop, features["cover"], False, features)

    def _partly(self, text: str, title: str, core: str, whole: float) -> tuple[int, int, dict[str, float]] | None:
        """The stretch of the draft, about as long as the title, that holds most of its words."""
        pairs = bigrams(core)
        places = [i for i in range(len(text) - 1) if text[i : i + 2] in pairs]
        reach = int(1.3 * len(title)) + 6
        best: tuple[float, int, int] = (0.0, 0, 0)
        for n, i in enumerate(places):
            inside = places[n : bisect_right(places, i + reach - 2)]
            weight = self._rarity.sum({text[p : p + 2] for p in inside})
            if weight > best[0]:
                best = (weight, i, inside[-1] + 2)
        weight, start, stop = best
        if not weight:
            return None
        kind = TYPES.search(text, start, stop + 8)
        named = kind is not None or title[-2:] in text[start : stop + 8]
        if not named and weight < WHOLE * whole:
            return None
        types = TYPES.findall(title)
        features = {
            "cover": min(1.0, weight / whole),
            "amount": math.log1p(weight),
            "run": _longest(core, text[start:stop]) / max(len(core), 1),
            "dense": _held(text[start:stop], pairs),
            "type": 1.0 if kind else 0.0,
            "same_type": 1.0 if kind and types and kind.group() == types[-1] else 0.0,
        }
        return start, max(stop, kind.end() if kind else stop), features


def _found(pattern: re.Pattern[str], draft: Source) -> Iterator[re.Match[str]]:
    return pattern.finditer(draft.letters.text)


def _held(part: str, pairs: set[str]) -> float:
    """The share of a stretch's letter pairs that stand in the title."""
    mine = [part[i : i + 2] for i in range(len(part) - 1)]
    return sum(p in pairs for p in mine) / max(len(mine), 1)


def _longest(a: str, b: str) -> int:
    """Letters of the longest common stretch."""
    best = 0
    for i in range(len(a)):
        while i + best < len(a) and a[i : i + best + 1] in b:
            best += 1
    return best


def core(title: str) -> str:
    """The title without its year, its 关于 and the verb that opens it."""
    return _OPENING.sub("", _YEAR.sub("", title.removeprefix("关于")))


def _value(written: str) -> int:
    digits = written.replace("○", "〇")
    if digits.isdigit() and digits.isascii():
        return int(digits)
    plain = "".join(c if not c.isascii() else "零一二三四五六七八九"[int(c)] for c in digits)
    return int(numeral(plain))
