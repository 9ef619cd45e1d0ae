"""What a station's lists say of a draft: its words, also misspelt, its rules, and the phrases it lets pass."""

import string
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter

from rapidfuzz.distance import Levenshtein

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.draft import Span
from reviewer.finding import Severity
from reviewer.lists import Lists, UserRule, Word
from reviewer.normalise import fold
from reviewer.normalise.digits import DIGITS
from reviewer.normalise.letters import Letters, letters, sounds

WORD = Rule(
    id="list.word",
    title="本单位清单里的代号、保护词",
    title_en="Code name or protected word of this station's list",
    flags="清单里的词，夹有空格、符号、隐藏字符，同音（三字以上），错一字（六字以上）、两字（十字以上）",
    ignores="清单里没有的词，写法不同的短词，数字不同的编号；更长的阿拉伯数字、字母串里的一段，分属两句、两行的短词",
    severity=Severity.BLOCK,
    clause="wx-4",
    reason="出现本单位清单里的代号或者保护词。",
    reason_en="A code name or protected word of this station's list.",
    advice="删去该词，或者按清单负责人的要求改写。",
    advice_en="Remove the word or ask the owner of the list.",
    source="本单位清单（REVIEWER_HOME/lists）",
)
RULES = (WORD,)

_REACH = 40
_SOUND_FROM = 3
_STOPS = frozenset("。!?;,、")
"""Signs that end a clause: no short word reaches across one, unless all its letters stand apart."""
_LONG = 6
"""Letters of a word that no two clauses spell by chance: signs between them hide it."""
_WIDE = 0xFEE0
"""From an ASCII character to the same in full width."""
_FIGURES = frozenset(string.digits) | {chr(ord(c) + _WIDE) for c in string.digits}
_LATIN = frozenset(string.ascii_letters) | {chr(ord(c) + _WIDE) for c in string.ascii_letters}
_NUMERALS = _FIGURES | (frozenset(DIGITS) | set("十百千万亿廿卅拾")) - {"○"}
"""Digits and letters as they are written; ① and ² count as neither, they are labels of rows and notes."""
_SHORT, _WRAPPED = 4, 24
"""Words of fewer letters reach across the end of a line only where it has so many characters and may be wrapped."""


def detect(view: View, lists: Lists) -> Iterator[Hit]:
    """Words and rules of the lists that the draft meets."""
    if lists.words:
        yield from _words(view, lists.words)
    for user_rule in lists.rules:
        rule = as_rule(user_rule)
        for m in user_rule.compiled.finditer(view.text):
            if m.start() < m.end():
                yield Hit(rule, m.start(), m.end())


def silence(view: View, hits: Sequence[Hit], lists: Lists, today: date) -> list[Hit]:
    """The hits, those that lie inside an allowed phrase in its context as notes that name its owner."""
    entries = [(a, list(_occurrences(view, a.phrase, a.context))) for a in lists.in_force(today)]
    kept = []
    for hit in hits:
        span = hit.span or view.folded.to_draft(hit.start, hit.end)
        entry = next(
            (a for a, places in entries if a.rule in (None, hit.rule.id) and _inside(span, places)),
            None,
        )
        if entry is None or (hit.severity or hit.rule.severity) is Severity.NOTE:
            kept.append(hit)
            continue
        why = f"在放行清单内（{entry.owner}，至 {entry.expires}），只作提示。"
        why_en = f"On the allow-list ({entry.owner}, until {entry.expires}); only a note."
        kept.append(replace(hit, severity=Severity.NOTE, why=why, why_en=why_en))
    return kept


def _inside(span: Span, places: Sequence[Span]) -> bool:
    """Whether a range lies in one of those, which are in order and apart."""
    i = bisect_right(places, span[0], key=itemgetter(0)) - 1
    return i >= 0 and span[1] <= places[i][1]


def as_rule(rule: UserRule) -> Rule:
    """A rule of the station as the others are explained; it speaks its owner's language."""
    return Rule(
        id=rule.id,
        title=rule.title,
        title_en=rule.title,
        flags=rule.flag[0],
        ignores=rule.ignore[0],
        severity=rule.severity,
        clause=rule.clause,
        reason=rule.reason,
        reason_en=rule.reason,
        advice=rule.advice,
        advice_en=rule.advice,
        source=rule.owner,
    )


def _occurrences(view: View, phrase: str, context: str) -> Iterator[Span]:
    """Ranges of the draft where the phrase stands with its context near, the phrase itself not counted."""
    phrase, context = fold(phrase).text, fold(context).text
    at = view.text.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if context in view.text[max(0, at - _REACH) : at] or context in view.text[end : end + _REACH]:
            yield view.folded.to_draft(at, end)
        at = view.text.find(phrase, end)


def _words(view: View, words: Sequence[Word]) -> Iterator[Hit]:
    text = letters(view.folded)
    heard = text.sounds() if any(w.fuzzy and len(w.letters) >= _SOUND_FROM for w in words) else ""
    for word in words:
        taken = bytearray()
        for start, end, score in _found(text, heard, word):
            taken = taken or bytearray(len(text.text))
            if any(taken[start:end]) or not _whole(view, text, start, end, word):
                continue
            taken[start:end] = b"\1" * (end - start)
            near = score < 1
            doubtful = near or _counted(view, text.places[start], text.places[end - 1])
            severity = Severity.REVIEW if doubtful and word.severity is Severity.BLOCK else word.severity
            yield Hit(
                WORD,
                text.places[start],
                text.places[end - 1] + 1,
                severity,
                score,
                word.clause,
                *_told(word, near=near),
            )


def _told(word: Word, *, near: bool) -> tuple[str, str]:
    """What is found, in Chinese and English."""
    zh, en = ("代号", "code name") if word.kind == "code-name" else ("保护词", "protected word")
    how, how_en = ("写法相近", "A close spelling of the") if near else ("列入清单", "The")
    return f"{how}：{zh}“{word.text}”（{word.owner}）。", f"{how_en} {en} “{word.text}”, listed by {word.owner}."


def _found(text: Letters, heard: str, word: Word) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) over the letters: exact ones first, then the same sounds, then close spellings."""
    wanted = word.letters
    yield from ((i, i + len(wanted), 1.0) for i in _places(text.text, wanted))
    if not word.fuzzy:
        return
    if len(wanted) >= _SOUND_FROM and not wanted.isascii():
        sounded = sounds(wanted)
        yield from ((i, i + len(wanted), 0.9) for i in _places(heard, sounded))
    if edits := _edits(wanted):
        yield from _close(text.text, wanted, edits)


def _whole(view: View, found: Letters, start: int, end: int, word: Word) -> bool:
    """Whether letters `start:end` are a word of their own: not a piece of a number or of an ASCII word, nor of two
    clauses or lines. Letters that all stand apart, as in words written downwards or spaced, are one.
    """
    text, first, last = view.text, found.places[start], found.places[end - 1]
    kinds = (_FIGURES, _LATIN) if word.letters.isascii() else (_FIGURES,)
    if any(_touch(view, first, first - 1, kind) or _touch(view, last, last + 1, kind) for kind in kinds):
        return False
    inside = text[first : last + 1]
    if end - start == last + 1 - first or not ("\n" in inside or _STOPS.intersection(inside)):
        return True
    apart = all(found.places[i + 1] - found.places[i] > 1 for i in range(start, end - 1))
    if _STOPS.intersection(inside):
        return end - start >= _LONG or (apart and end - start > 2)
    return (
        end - start >= _SHORT
        or (apart and _downwards(text, first, last))
        or _is_wrapped(text, first + inside.find("\n"))
    )


def _counted(view: View, first: int, last: int) -> bool:
    """Whether a numeral stands beside the first or the last character, which is one: 三号 in 十三号 or 统一三号."""
    return _touch(view, first, first - 1, _NUMERALS) or _touch(view, last, last + 1, _NUMERALS)


def _touch(view: View, at: int, beside: int, kind: frozenset[str]) -> bool:
    """Whether the draft has a character of that kind in both places."""
    return 0 <= beside < len(view.text) and all(
        view.draft.text[slice(*view.folded.to_draft(i, i + 1))] in kind for i in (at, beside)
    )


def _downwards(text: str, first: int, last: int) -> bool:
    """Whether a word of a few letters has its lines for itself, as one written downwards."""
    before, after = text[max(0, first - _REACH) : first], text[last + 1 : last + _REACH]
    return not before.rpartition("\n")[2].strip() and not after.partition("\n")[0].strip()


def _is_wrapped(text: str, at: int) -> bool:
    """Whether the line that ends there is long."""
    return at >= _WRAPPED and "\n" not in text[at - _WRAPPED : at]


def _edits(wanted: str) -> int:
    """How many letters may differ: none below six, one below ten, else two."""
    return 0 if len(wanted) < 6 else 1 if len(wanted) < 10 else 2


def _close(text: str, wanted: str, edits: int) -> Iterator[tuple[int, int, float]]:
    """Stretches at most `edits` away whose numbers are the same; one of `edits` + 1 pieces must be there unchanged."""
    size = len(wanted) // (edits + 1)
    numbers = _numbers(wanted)
    seen: set[int] = set()
    for k in range(edits + 1):
        offset = k * size
        for at in _places(text, wanted[offset : offset + size]):
            start = at - offset
            if start in seen:
                continue
            seen.add(start)
            best = min(
                (
                    (Levenshtein.distance(wanted, text[s:e], score_cutoff=edits), s, e)
                    for s in range(max(0, start - edits), start + edits + 1)
                    for e in range(s + len(wanted) - edits, min(len(text), s + len(wanted) + edits) + 1)
                ),
                default=(edits + 1, 0, 0),
            )
            if best[0] <= edits and _numbers(text[best[1] : best[2]]) == numbers:
                yield best[1], best[2], round(1 - best[0] / len(wanted), 2)


def _numbers(text: str) -> list[float]:
    """The values of digits and Chinese numerals, in order."""
    return [unicodedata.numeric(c) for c in text if c.isnumeric()]


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)
