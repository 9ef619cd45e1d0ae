"""Disguises are findings of their own: hidden and reversing characters, look-alikes, words and numbers in disguise.

How severe one is follows from what it hides. Hidden characters are shown by their numbers and obeyed by nobody.
Sources: Unicode UTS 39 (confusables), UAX 9 (bidi; CVE-2021-42574), formats.md section 0.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from reviewer.detectors.disguise_rules import DIRECTION, HIDDEN, LOOKALIKE, NUMBER, RULES, TAG, WORD
from reviewer.detectors.rule import Hit, Rule, View, meets
from reviewer.draft import Disguise, Span
from reviewer.finding import Severity
from reviewer.normalise import Change, Unmasked, is_han, speaks_of_secrecy

__all__ = ["RULES", "detect"]

_NUMBERS = frozenset({"numerals", "spaced"})
_TALK = re.compile(r"谐音|代称|暗语|黑话|规避|伪装|变体|敏感词|科普|案例|培训|通报|警示|剧本|小说|谜语|字谜|什么意思")
_WORDS = ("绝密", "机密", "秘密", "密级", "密件", "密电", "涉密", "工作秘密", "内部", "红头文件")
_SEVERAL = 3
_LINK = re.compile(r"://\S*$")
_REACH = 300
"""Characters before a run of codes in which the head of a link is looked for."""


def detect(view: View, plain: Sequence[Hit], reading: Unmasked | None, exposed: Sequence[Hit]) -> Iterator[Hit]:
    """Disguises of a draft.

    `plain` are the other detectors' hits in `view`, `exposed` their hits in the unmasked text of `reading`.
    """
    known = [(view.folded.to_draft(h.start, h.end), h) for h in plain]
    if reading:
        yield from _unmasked(view, _by_rule(known), reading, exposed)
    yield from _characters(view, _ranks(known, len(view.draft.text)))


def _unmasked(
    view: View, known: Mapping[str, Sequence[Span]], reading: Unmasked, exposed: Sequence[Hit]
) -> Iterator[Hit]:
    behind: dict[Change, list[Hit]] = {}
    for hit in exposed:
        if change := reading.touched(hit.start, hit.end):
            behind.setdefault(change, []).append(hit)
    for change in reading.changes:
        hits = behind.get(change, [])
        number = change.kind in _NUMBERS or (change.kind == "reversed" and _is_number(reading, change))
        if number:
            hits = [h for h in hits if not meets(reading.folded.to_draft(h.start, h.end), known.get(h.rule.id, ()))]
        worst = max(hits, key=lambda h: _severity(h).rank, default=None)
        if worst is not None or not (number or _harmless(view, reading, change)):
            yield _revealed(view, reading, change, worst, NUMBER if number else WORD)


def _harmless(view: View, reading: Unmasked, change: Change) -> bool:
    """Whether what is turned round or encoded says nothing of secrecy; `DIRECTION` reports a character that turns."""
    if change.kind not in ("reversed", "encoded"):
        return False
    hidden = reading.folded.text[change.start : change.end]
    linked = change.kind == "encoded" and _LINK.search(view.text, max(0, change.shown[0] - _REACH), change.shown[0])
    return bool(linked) or not speaks_of_secrecy(hidden)


def _by_rule(known: Sequence[tuple[Span, Hit]]) -> dict[str, list[Span]]:
    """What each rule said of the text as it stands: its ranges of the draft, in order, overlapping ones as one."""
    found: dict[str, list[Span]] = {}
    for span, hit in sorted(known, key=lambda k: k[0]):
        spans = found.setdefault(hit.rule.id, [])
        if spans and span[0] < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(span[1], spans[-1][1]))
        else:
            spans.append(span)
    return found


def _ranks(known: Sequence[tuple[Span, Hit]], length: int) -> bytearray:
    """For every character of the draft the worst severity a rule gave it: 0 for none, else its rank and one."""
    ranks = bytearray(length)
    for (start, end), hit in sorted(known, key=lambda k: _severity(k[1]).rank):
        ranks[start:end] = bytes([_severity(hit).rank + 1]) * (end - start)
    return ranks


def _revealed(view: View, reading: Unmasked, change: Change, worst: Hit | None, rule: Rule) -> Hit:
    """A finding that says what the disguise hides, as severe as that."""
    start, end = (worst.start, worst.end) if worst else (change.start, change.end)
    start, end = min(start, change.start), max(end, change.end)
    hidden = reading.folded.text[start:end]
    about = _TALK.search(view.beside(*change.shown, 40)) is not None
    severity = Severity.NOTE if about and rule is WORD else _severity(worst) if worst else rule.severity
    what = f"，属于{worst.rule.title}" if worst else ""
    what_en = f" ({worst.rule.title_en})" if worst else ""
    return Hit(
        rule,
        *change.shown,
        severity=severity,
        confidence=0.5 if about else 0.85,
        clause=(worst.clause or worst.rule.clause) if worst else "wx-4" if rule is WORD else "pi",
        why=f"变形写法，读作“{hidden}”{what}。",
        why_en=f"In disguise; it reads “{hidden}”{what_en}.",
        span=reading.folded.to_draft(start, end),
    )


def _characters(view: View, ranks: bytearray) -> Iterator[Hit]:
    text = view.draft.text
    loose: list[Disguise] = []
    for d in _runs(view.folded.disguises):
        inside = _inside_word(text, d.span)
        rank = max(ranks[slice(*d.span)])
        severity = tuple(Severity)[rank - 1] if rank else None
        seen = " ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in text[slice(*d.span)]))
        if d.kind == "override" or d.kind == "bidi":
            loud = d.kind == "override" or inside
            said = f"方向字符 {seen}。", f"Characters that turn the text: {seen}."
            yield _hit(DIRECTION, d.span, severity or (None if loud else Severity.NOTE), said)
        elif d.kind == "tag":
            if text[max(0, d.span[0] - 1) : d.span[0]] != "\U0001f3f4":
                told = "".join(chr(ord(c) - 0xE0000) for c in text[slice(*d.span)] if 0xE0020 <= ord(c) < 0xE007F)
                said = f"看不见的字符写着“{told[:60]}”。", f"Invisible characters say “{told[:60]}”."
                yield _hit(TAG, d.span, severity, said)
        elif d.kind == "lookalike":
            said = f"“{text[slice(*d.span)]}”混用了字母表。", f"“{text[slice(*d.span)]}” mixes alphabets."
            yield _hit(LOOKALIKE, d.span, severity, said)
        elif d.kind in ("hidden", "control") and inside:
            if severity is not None or _in_lexicon(view, d.span):
                said = f"词中间夹着看不见的字符 {seen}。", f"Invisible characters inside a word: {seen}."
                yield _hit(HIDDEN, d.span, severity, said)
            elif d.kind == "hidden":
                loose.append(d)
    if loose:
        severe = None if len(loose) >= _SEVERAL else Severity.NOTE
        said = f"字词中间有 {len(loose)} 处看不见的字符。", f"Invisible characters inside words: {len(loose)} times."
        yield _hit(HIDDEN, loose[0].span, severe, said)


def _runs(disguises: Sequence[Disguise]) -> Iterator[Disguise]:
    """Neighbouring characters of one kind as one disguise, in the order of the draft."""
    run: Disguise | None = None
    for d in sorted(disguises, key=lambda d: d.span):
        if run and d.kind == run.kind and d.span[0] == run.span[1]:
            run = Disguise(run.kind, (run.span[0], d.span[1]))
            continue
        if run:
            yield run
        run = d
    if run:
        yield run


def _inside_word(text: str, span: Span) -> bool:
    """Whether Chinese or ASCII letters stand on both sides; a soft hyphen in an English word is typesetting."""
    if not 0 < span[0] < span[1] < len(text):
        return False
    before, after = text[span[0] - 1], text[span[1]]
    if text[slice(*span)] == "\u00ad" and before.isascii() and after.isascii():
        return False
    return (is_han(before) and is_han(after)) or ((before + after).isascii() and (before + after).isalnum())


def _in_lexicon(view: View, span: Span) -> bool:
    """Whether the folded characters around a hidden one spell a word of secrecy across it."""
    i = bisect_left(view.folded.starts, span[1])
    return any(word in view.text[max(0, i - len(word) + 1) : i + len(word) - 1] for word in _WORDS)


def _hit(rule: Rule, span: Span, severity: Severity | None, said: tuple[str, str]) -> Hit:
    """A finding that says what was seen, in Chinese and English, before the reason of its rule."""
    zh, en = said
    return Hit(rule, 0, 0, severity, 0.9, None, f"{zh}{rule.reason}", f"{en} {rule.reason_en}", span)


def _severity(hit: Hit) -> Severity:
    return hit.severity or hit.rule.severity


def _is_number(reading: Unmasked, change: Change) -> bool:
    return sum(c.isdigit() for c in reading.folded.text[change.start : change.end]) > 9
