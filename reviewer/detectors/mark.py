"""Marks of state, work and trade secrets: a mark blocks, a mention never decides.

`mark_forms` says what marks look like, `mark_setting` whether one is used or only talked about, `mark_period` whether
it has run out. The reason of every finding names what decided.
"""

from collections.abc import Iterator
from dataclasses import replace
from re import Pattern

from reviewer.detectors import mark_forms as forms
from reviewer.detectors.mark_forms import FORMS, Kind
from reviewer.detectors.mark_period import dated, ends, within_law
from reviewer.detectors.mark_setting import HEAD, Setting, mention, setting
from reviewer.detectors.rule import Hit, Rule, View, load_rules
from reviewer.finding import Severity

RULES = load_rules("mark")
_BY_ID = {rule.id.removeprefix("mark."): rule for rule in RULES}
STATE, EXPIRED, MISUSE, RELEASE = (_BY_ID[i] for i in ("classification", "expired", "misuse", "release"))
COPY, WORK, TRADE, TELEGRAM, COVERED = (_BY_ID[i] for i in ("copy-number", "work", "trade", "telegram", "covered"))

_TOP = 5
"""Lines at the top of a page in which a copy number counts."""
_NAME = 8
"""Characters behind a star that can be the name of a story or a game."""
_ADVERT = 40
"""Characters behind it that can be an advert."""
_KINDS = {
    Kind.FULL: ("密级、★、期限齐全", "level, star and period"),
    Kind.BROKEN: ("写法不全或者颠倒", "incomplete or misplaced"),
    Kind.LINE: ("只有密级", "a level only"),
    Kind.TICKED: ("在密级栏里勾选", "ticked in the field for the level"),
    Kind.FIELD: ("填在密级栏", "in the field for the level"),
    Kind.PORTION: ("标在段落或者文件名之前", "before a paragraph or file name"),
}


def detect(view: View) -> Iterator[Hit]:
    """Marks, each with the reason why it counts as a mark or only as a mention."""
    text = view.text
    state = list(_state(view)) if "密" in text else []
    yield from state
    used = any((hit.severity or STATE.severity) is not Severity.NOTE for hit in state)
    yield from _simple(view, WORK, forms.WORK, 0.9)
    yield from _simple(view, TRADE, forms.TRADE, 0.9)
    for hit in _simple(view, MISUSE, forms.MISUSED, 0.9):
        yield replace(hit, clause="ts") if forms.TRADED.match(text, hit.start) else hit
    yield from _simple(view, COVERED, forms.COVERED, 0.9)
    yield from _telegrams(view)
    yield from _copy_numbers(view, marked=used)
    for m in view.find(forms.RELEASE):
        yield Hit(RELEASE, m.start(), m.end(), confidence=0.5)


def _state(view: View) -> Iterator[Hit]:
    """Marks of state secrets, no two on the same characters, each followed by whether it has run out."""
    since = dated(view.text)
    taken = bytearray(len(view.text))
    used = False
    for form in FORMS:
        for m in view.find(form.pattern):
            start, end = m.start("level"), m.end()
            if form.kind is not Kind.LINE:
                start, end = _trimmed(view.text, m.start(), m.end())
            else:
                end = m.end("level")
            if any(taken[start:end]):
                continue
            level = "".join(m["level"].split())
            period = m.groupdict().get("period") or ""
            if form.kind is Kind.BROKEN and not within_law(level, period):
                continue
            at = setting(view, start, end)
            if form.unfilled(view.text, end):
                graded: Hit | None = _mentioned(STATE, start, end, ("是还没有填的栏目", "a field not filled in yet"))
            else:
                graded = _graded(view, form.kind, level, start, end, at)
            if graded is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            yield graded
            if graded.severity is Severity.NOTE:
                continue
            used = True
            last = ends(level, period, since)
            if last is not None and last < view.today:
                yield Hit(
                    EXPIRED,
                    start,
                    end,
                    confidence=0.6,
                    why=f"按文中的日期，保密期限到 {last} 为止；是否解密、延长，以原定密单位为准。",
                    why_en=f"By the date in the text its period ended on {last}; only its owner can confirm that.",
                )
    for m in view.find(forms.DECLASSIFIED) if used else ():
        yield Hit(
            EXPIRED,
            *_trimmed(view.text, m.start(), m.end()),
            confidence=0.6,
            why="标有“解密”字样。",
            why_en="Stamped as declassified.",
        )


def _graded(view: View, kind: Kind, level: str, start: int, end: int, at: Setting) -> Hit | None:
    """A mark, a doubtful one for review, or a note for one that is only talked about."""
    if kind is not Kind.TICKED and (about := mention(view, start, end, at, whole=kind is Kind.FULL)):
        return _mentioned(STATE, start, end, about)
    severity, certainty = Severity.BLOCK, 1.0
    told = ("旁边说的是文艺、游戏", "beside words of fiction or leisure")
    if kind is Kind.BROKEN and not (at.alone or at.part or at.described):
        if level == "秘密" and forms.EVERYDAY.match(view.text, start - 1 if start else 0, end):
            return _mentioned(STATE, start, end, ("“秘密”是句中的日常用词", "an everyday word of the sentence"))
        if view.text[end - 1] in forms.STAR and forms.TOLD.search(view.text, end, end + _NAME):
            return _mentioned(STATE, start, end, told)
        if view.text[end - 1] in forms.STAR and _advertised(view, end):
            return _mentioned(STATE, start, end, ("后面是影片、商品、课程的广告", "before an advert"))
        severity, certainty = Severity.REVIEW, 0.6
    elif kind is Kind.LINE:
        if at.line >= HEAD and not (at.neighbours or at.part):
            return None
        certainty = 0.95
        if not (at.neighbours or at.part):
            if any(forms.TOLD.search(line) for lines in view.lines_near(start, 1) for line in lines):
                return _mentioned(STATE, start, end, told)
            if level == "秘密":
                return _mentioned(
                    STATE, start, end, ("旁边没有版头要素，“秘密”是日常用词", "an everyday word with no head beside it")
                )
            severity, certainty = Severity.REVIEW, 0.6
    zh, en = at.words()
    form_zh, form_en = _KINDS[kind]
    return Hit(
        STATE,
        start,
        end,
        severity,
        certainty,
        why=f"国家秘密标志：{form_zh}{'，' if zh else ''}{zh}。",
        why_en=f"A classification mark: {form_en}{', ' if en else ''}{en}.",
    )


def _advertised(view: View, end: int) -> bool:
    """Whether a film, a price or a course follows a star, and nothing that papers are called in its line."""
    last = min(view.line_span(end)[1], end + _ADVERT)
    return bool(forms.ADVERT.search(view.text, end, min(end + _NAME, last))) and not (
        forms.PAPERED.search(view.text, end, last)
    )


def _mentioned(rule: Rule, start: int, end: int, about: tuple[str, str]) -> Hit:
    zh, en = about
    return Hit(
        rule, start, end, Severity.NOTE, 0.5, None,
        f"只是提到标志，不作为标志处理：{zh}。", f"The mark is only mentioned: {en}.",
    )  # fmt: skip


def _simple(view: View, rule: Rule, pattern: Pattern[str], certainty: float) -> Iterator[Hit]:
    """What `pattern` finds, as `rule` has it where it is used."""
    for m in view.find(pattern):
        start, end = _trimmed(view.text, m.start(), m.end())
        at = setting(view, start, end)
        about = mention(view, start, end, at, topical=rule is COVERED)
        if not about and not at.neighbours and not at.part and forms.BARE.fullmatch(view.text, start, end):
            about = _everyday(rule, at, view.text[max(0, start - 1) : start])
        if rule is COVERED and not about and forms.DISPLAY.search(view.text[start:end].join(view.sentence(start, end))):
            about = "说的是给人看的图文或者更正", "about something made to be looked at, or a correction"
        if rule is COVERED and not about and _freed(view, start, end):
            about = "前面说到已经解密", "said to be declassified before"
        yield _mentioned(rule, start, end, about) if about else Hit(rule, start, end, confidence=certainty)


def _freed(view: View, start: int, end: int) -> bool:
    """Whether a level is written anew of what the sentence says before to be declassified."""
    return bool(forms.OPENED.search(view.text, start, end) and forms.FREED.search(view.sentence(start, end)[0]))


def _everyday(rule: Rule, at: Setting, before: str) -> tuple[str, str] | None:
    """Why a bare word of `rule` behind that character is no mark: 内部 wants a head beside it, a level of trade secrets
    a line or quotation marks of its own, or to be said to be on the paper.
    """
    if rule is WORK:
        return "旁边没有版头要素，“内部”是日常用词", "an everyday word with no head beside it"
    if rule is TRADE and not (at.alone or at.described or forms.QUOTED.search(before)):
        return "句中谈到商密", "the sentence speaks of trade secrets"
    return None


def _telegrams(view: View) -> Iterator[Hit]:
    """Cipher telegrams, marks of other telegrams that stand alone, and heads of two parts and more."""
    text = view.text
    head = [m.span() for m in view.find(forms.TELEGRAM_HEAD)] if "电" in text or "等级" in text else []
    for m in view.find(forms.CIPHER) if "密码电报" in text else ():
        at = setting(view, *m.span())
        if about := mention(view, *m.span(), at):
            yield _mentioned(TELEGRAM, *m.span(), about)
        elif not at.alone and forms.TOLD.search("".join(view.sentence(*m.span()))):
            yield _mentioned(TELEGRAM, *m.span(), ("说的是文艺、展陈", "it is about fiction or an exhibition"))
        elif at.alone or at.neighbours or len(head) > 1:
            zh, en = "密码电报，并有电报表头。", "A cipher telegram with its head."
            yield Hit(TELEGRAM, *m.span(), Severity.BLOCK, 0.9, None, zh, en)
        else:
            yield Hit(TELEGRAM, *m.span(), confidence=0.8)
    yield from _simple(view, TELEGRAM, forms.TELEGRAM, 0.8)
    for span in head[:1]:
        yield Hit(TELEGRAM, *span, None if len(head) > 1 else Severity.NOTE, 0.7 if len(head) > 1 else 0.3)


def _copy_numbers(view: View, *, marked: bool) -> Iterator[Hit]:
    """Copy numbers at the top of a page beside a level or a letterhead, and those that say what they are."""
    for m in view.find(forms.COPY_NUMBER):
        at = setting(view, *m.span(1))
        head = marked or any(en in ("letterhead", "urgency") for _, en in at.neighbours)
        if head and (at.line < _TOP or at.neighbours):
            zh, en = at.words()
            yield Hit(COPY, *m.span(1), confidence=0.8, why=f"份号：{zh}。", why_en=f"A copy number: {en}.")
    if "号" in view.text:
        yield from _simple(view, COPY, forms.COPY_FIELD, 0.8)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """`start:end` without the blanks at its ends."""
    found = text[start:end]
    return start + len(found) - len(found.lstrip()), end - len(found) + len(found.rstrip())
