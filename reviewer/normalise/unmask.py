"""A second reading of a folded text: disguised words of the lexicon and disguised digits written out."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reviewer.draft import Folded
from reviewer.normalise.characters import is_han
from reviewer.normalise.digits import backwards, written_digits
from reviewer.normalise.encoded import decoded
from reviewer.normalise.lexicon import Spellings, load_lexicon
from reviewer.normalise.written import written_numbers

_PLAIN_BEFORE = frozenset("的是份个这那有为属标发张页篇本和与及或按把将叫算定带印盖写着了含涉位")
"""Characters before which a word may begin although nothing separates it from them."""

_NOUN = (
    r"(?:文件(?![夹名柜袋]|格式|后缀|类型)|材料|资料|内容|档案|电报|图纸|红头|密级|会议|纪要|通知|东西|信息|U盘"
    r"|光盘|本子)"
)
_NAMED = re.compile(rf"[”\"」]?\s*+(?:的\s*+)?(?:{_NOUN}|[级件](?![代衣套])|(?:[★☆*(]\s*+)?\d{{1,2}}\s*+年|[★☆])")
"""What follows a word of secrecy when it names a document. No run of blanks is tried twice: a draft may hold any."""

_SAID = re.compile(
    r"(?:标(?:了|着|的|注|为)?|定(?:了|为|成)?|属于?|盖(?:了|着)?|印(?:了|着)?|写(?:了|着)|密级(?:是|为)?|等级(?:是|为)?)\s*[“\"'「]?$"
)
"""What stands before it when somebody says how a paper is marked."""

_MARKED = re.compile(r"\s*+(?:级\s*+)?[★☆*]")
"""A mark: the older standard puts a blank between its two characters."""

FIELD, LEVELS = "密级", ("绝密", "机密", "秘密")
_STARRED = re.compile(r"\s*+[★☆]\s*+(?:\d{1,2}\s*+(?:年|个?月)|长期)")
"""The rest of a whole mark."""

_PAPER = re.compile(
    r"文件(?![夹柜袋])|材料|资料|纪要|批示|电报|红头|文号|方案|名单|报告|图纸|档案|附件|原件|复印|扫描|清单|简报|专报|[份批页]|(?<!文)件|★"
)
_HUSH = re.compile(
    r"外传|别传|不要传|别转|不要转|勿转|别发|不能发|看完|阅后|删|撤回|悄悄|偷|私下|口头|保密|传阅|签收|清退|退回|当面|嘴严|小心|拍|照片|截图|机要|收好|烧|销毁"
)
_LATIN = re.compile(r"[A-Za-z0-9]")
_REACH = 16


@dataclass(frozen=True, slots=True)
class Change:
    """What a disguise hides: `start:end` are the characters of the unmasked text that stand for `shown`."""

    kind: str
    start: int
    end: int
    shown: tuple[int, int]
    """Half-open range of the folded text that was replaced."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A folded text with disguises written out; its map leads to the draft as that of any folded text."""

    folded: Folded
    changes: tuple[Change, ...]

    def touched(self, start: int, end: int) -> Change | None:
        """The first change that the half-open range of the unmasked text overlaps."""
        i = bisect_right(self.changes, start, key=_end)
        return self.changes[i] if i < len(self.changes) and self.changes[i].start < end else None


def _end(change: Change) -> int:
    return change.end


def unmask(folded: Folded) -> Unmasked | None:
    """The second reading, or None where nothing is disguised. Linear, total."""
    found = sorted(_candidates(folded), key=lambda c: (c[0], -c[1]))
    text, chars, starts, ends = folded.text, [], array("I"), array("I")
    changes: list[Change] = []
    at = length = 0
    for start, end, kind, written in found:
        if start < at:
            continue
        chars.append(text[at:start])
        starts.extend(folded.starts[at:start])
        ends.extend(folded.ends[at:start])
        length += start - at
        first, last = folded.to_draft(start, end)
        starts.extend([first] * len(written))
        ends.extend([last] * len(written))
        chars.append(written)
        changes.append(Change(kind, length, length + len(written), (start, end)))
        length += len(written)
        at = end
    if not changes:
        return None
    chars.append(text[at:])
    starts.extend(folded.starts[at:])
    ends.extend(folded.ends[at:])
    return Unmasked(Folded("".join(chars), starts, ends, folded.disguises), tuple(changes))


def speaks_of_secrecy(text: str) -> bool:
    """Whether a word of the lexicon stands in a text by itself, not across two other words."""
    return any(_free(text, spellings) for spellings in _lexicon())


def _free(text: str, spellings: Spellings) -> bool:
    word, at = spellings.word.text, -1
    while (at := text.find(word, at + 1)) >= 0:
        if not spellings.ordinary(text[max(0, at - 1) : at], text[at + len(word) : at + len(word) + 1]):
            return True
    return False


@cache
def _lexicon() -> tuple[Spellings, ...]:
    return load_lexicon()


def _candidates(folded: Folded) -> Iterator[tuple[int, int, str, str]]:
    text = folded.text
    undone = _Undone(folded)
    for spellings in _lexicon():
        for m in spellings.pattern.finditer(text):
            if kind := _accepted(text, undone, spellings, m):
                yield m.start(), m.end(), kind, spellings.word.text
        for m in spellings.backwards.finditer(text):
            free = not spellings.ordinary(text[m.end() : m.end() + 1], text[max(0, m.start() - 1) : m.start()])
            if free and backwards(text, m.start(), m.end()):
                yield m.start(), m.end(), "reversed", spellings.word.text
        for m in spellings.vertical.finditer(text):
            begin = m.end() - len(m.group().lstrip())
            if not spellings.ordinary(_above(text, begin), _below(text, m.end())):
                yield begin, m.end(), "split", "".join(m.group().split())
    yield from _fields(text)
    yield from written_digits(text)
    yield from written_numbers(text)
    yield from decoded(text)
    yield from _overridden(folded)


@cache
def _field_patterns() -> tuple[tuple[str, "re.Pattern[str]"], ...]:
    """For each level the field 密级 on a line of its own, both in any spelling."""
    words = {s.word.text: s for s in _lexicon()}
    name = words[FIELD].pattern.pattern
    return tuple(
        (f"{FIELD}:{level}", re.compile(rf"(?m)^[ \t]*({name}[ \t]*:[ \t]*{words[level].pattern.pattern})(?=[ \t]*$)"))
        for level in LEVELS
    )


def _fields(text: str) -> Iterator[tuple[int, int, str, str]]:
    """A filled field for the level, disguised; its two words tell each other."""
    if ":" not in text:
        return
    for plain, pattern in _field_patterns():
        for m in pattern.finditer(text):
            if m[1] != plain:
                yield m.start(1), m.end(1), "pinyin", plain


def _above(text: str, at: int) -> str:
    """The only character of the line before; empty where there is not just one."""
    line = text[max(0, at - 20) : at].rstrip(" \t").removesuffix("\n").rpartition("\n")[2].strip()
    return line if len(line) == 1 else ""


def _below(text: str, at: int) -> str:
    """The only character of the line after; empty where there is not just one."""
    line = text[at : at + 20].lstrip(" \t\r").removeprefix("\n").partition("\n")[0].strip()
    return line if len(line) == 1 else ""


def _accepted(text: str, undone: "_Undone", spellings: Spellings, m: "re.Match[str]") -> str | None:
    """The kind of the disguise, or None where the words around say that it is none."""
    kinds = spellings.kinds(m)
    word = spellings.word
    split = sum(map(len, m.groups())) < len(m.group())
    plain = set(kinds) == {"same"} and not split
    was = undone.kind(m.start(), m.end()) if plain else ""
    if plain and not was:
        return None
    before, after = text[max(0, m.start() - 1) : m.start()], text[m.end() : m.end() + 1]
    if spellings.ordinary(before, after) or (split and spellings.ordinary(*_beyond(text, m))):
        return None
    if (m.group()[0].isascii() and _LATIN.match(before)) or (m.group()[-1].isascii() and _LATIN.match(after)):
        return None
    if was:
        layout = was == "split" and _MARKED.match(text, m.end())
        return was if not layout and _narrow(text, m, paper=False) else None
    if "part" in kinds:
        return "part"
    if set(kinds) == {"same"}:
        free = not before or not is_han(before) or before in _PLAIN_BEFORE or _odd(m)
        return "split" if free else None
    evidence = any(k == "same" and c.char not in word.generic for k, c in zip(kinds, spellings.characters, strict=True))
    if evidence and not set(kinds) & {"shape", "sound"}:
        return "pinyin" if _wide(text, m) else None
    initials = "".join(m.groups()).lower() in word.initials
    if set(kinds) == {"initial"}:
        hushed = _named(text, m) and _HUSH.search(_around(text, m))
        if not initials or (word.common and not (hushed or _STARRED.match(text, m.end()))):
            return None
        if len(kinds) > 2:
            return "initial" if _wide(text, m) else None
    generic = any(k == "same" and c.char in word.generic for k, c in zip(kinds, spellings.characters, strict=True))
    kind = next(k for k in kinds if k != "same")
    return kind if _narrow(text, m, paper=generic) else None


class _Undone:
    """What folding undid without a trace in the text: characters drawn otherwise, and blanks inside words."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self._drawn = frozenset(d.span[0] for d in folded.disguises if d.kind == "shape")
        self._spaced = frozenset(d.span[0] for d in folded.disguises if d.kind == "spaced")

    def kind(self, start: int, end: int) -> str:
        """The kind of disguise of a word that is now written plainly; empty where it was plain before.

        Blanks count only where they stand in this word alone, not in a line that is spaced out throughout.
        """
        begins = self._folded.starts[start:end]
        if self._drawn and any(begin in self._drawn for begin in begins):
            return "shape"
        if not self._spaced or not any(begin in self._spaced for begin in begins[:-1]):
            return ""
        beside = self._folded.starts[max(0, start - 2) : start] + self._folded.starts[end - 1 : end + 1]
        return "" if sum(begin in self._spaced for begin in beside) > 1 else "split"


def _beyond(text: str, m: "re.Match[str]") -> tuple[str, str]:
    """The characters on both sides where they are set off by what also stands inside the word; empty where not."""
    inside = text[m.end(1) : m.start(2)]
    before, after = text[max(0, m.start() - len(inside) - 1) : m.start()], text[m.end() : m.end() + len(inside) + 1]
    return (
        before[0] if before[1:] == inside else "",
        after[-1] if after[:-1] == inside and len(after) > len(inside) else "",
    )


def _odd(m: "re.Match[str]") -> bool:
    """Whether something stands between the characters that ordinary writing does not put there."""
    between = m.group()
    return any(not c.isalnum() and c not in " \t.,、。:;!?()…" for c in between)


def _wide(text: str, m: "re.Match[str]") -> bool:
    """Whether the words around are about a paper, its level or hushing it up."""
    around = _around(text, m)
    return bool(_named(text, m) or _PAPER.search(around) or _HUSH.search(around))


def _narrow(text: str, m: "re.Match[str]", *, paper: bool) -> bool:
    """Whether a document is named directly beside, or a paper and hushing it up are both near."""
    around = _around(text, m)
    return _named(text, m) or bool((paper or _PAPER.search(around)) and _HUSH.search(around))


def _named(text: str, m: "re.Match[str]") -> bool:
    return bool(_NAMED.match(text, m.end()) or _SAID.search(text, max(0, m.start() - 8), m.start()))


def _around(text: str, m: "re.Match[str]") -> str:
    return text[max(0, m.start() - _REACH) : m.start()] + "\n" + text[m.end() : m.end() + _REACH]


def _overridden(folded: Folded) -> Iterator[tuple[int, int, str, str]]:
    """What a right-to-left override shows: the text after it, backwards, up to the end of the line."""
    marks = sorted((d.span, d.kind) for d in folded.disguises if d.kind in ("bidi", "override"))
    beyond = folded.ends[-1] if folded.text else 0
    for (span, kind), (following, _) in zip(marks, [*marks[1:], ((beyond, beyond), "")], strict=False):
        if kind != "override":
            continue
        start = bisect_left(folded.starts, span[1])
        stop = bisect_left(folded.starts, following[0])
        line = folded.text.find("\n", start, stop)
        stop = line if line >= 0 else stop
        if stop - start > 1:
            yield start, stop, "reversed", folded.text[start:stop][::-1]
