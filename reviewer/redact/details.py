"""The concrete details in a text and what is written instead of each; the patterns are data in `details.toml`."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Protocol

from reviewer.draft import Lang, Span, Value
from reviewer.normalise.names import SURNAMES

_HERE = Path(__file__).parent

PLACEHOLDERS = ("近日", "某时", "一定比例", "有关文件", "有关材料", "有关同志", "某处", "××")
"""Words that stand for a detail; two in a row say no more than one."""

_GENERAL = re.compile("|".join((*PLACEHOLDERS, "若干", r"\*{4}", "某[一-龥]")))
_CLAUSE = re.compile(r"[^，,、：:\s]+")

_TITLE = re.compile(r"《([^《》]{4,})》")
"""A document's title, which the next sentence may say without its marks."""

_LATIN = re.compile(r"[A-Za-z0-9]")

_REPEATED = re.compile("|".join(f"(?:{p}[、，,（(]?)+(?={p})" for p in PLACEHOLDERS))
_NOW = re.compile(r"近日(?:[、，,]?某时)+")


class Way(StrEnum):
    """How a suggestion changes the draft, from the mildest to the strongest."""

    ABSTRACT = "abstract"
    MASK = "mask"
    PLAIN = "plain"
    REPLACE = "replace"
    REMOVE = "remove"


class Detail(Value):
    """One concrete detail: where, what it says, what to write instead."""

    span: Span
    words: str
    replacement: str
    kind: str
    way: Way
    everywhere: bool
    why: str
    why_en: str


class Pattern(Value):
    """A row of `details.toml`: what is looked for and what is written instead."""

    id: str
    way: Way
    pattern: str
    replacement: str
    everywhere: bool = False
    again: str = "{words}"
    why: str
    why_en: str


@cache
def load_patterns() -> tuple[tuple[Pattern, re.Pattern[str]], ...]:
    """Every pattern of details, in the order in which they take characters, compiled."""
    data = tomllib.loads((_HERE / "details.toml").read_text("utf-8"))
    known, labels = [Pattern(**row) for row in data["detail"]], "|".join(data["labels"].split())
    written = (p.pattern.replace("{surname}", f"[{SURNAMES}]").replace("{label}", labels) for p in known)
    return tuple((p, re.compile(pattern)) for p, pattern in zip(known, written, strict=True))


def details(text: str, start: int, end: int) -> list[Detail]:
    """The details in `text[start:end]`, in order; no character belongs to two."""
    found: list[Detail] = []
    taken = bytearray(end - start)
    for pattern, compiled in load_patterns():
        for m in _free(compiled, text, start, end, taken):
            written = _expand(m, pattern.replacement)
            a, b = m.end("before") if "before" in compiled.groupindex else m.start(), m.end()
            if written == text[a:b]:
                continue
            taken[a - start : b - start] = b"\1" * (b - a)
            about = {"way": pattern.way, "everywhere": pattern.everywhere, "kind": pattern.id}
            why, why_en = _expand(m, pattern.why), _expand(m, pattern.why_en)
            found.append(Detail(span=(a, b), words=text[a:b], replacement=written, why=why, why_en=why_en, **about))
    return sorted(found, key=lambda d: d.span)


def together(found: Sequence[Detail], lang: Lang) -> tuple[Way, str]:
    """How one suggestion changes several details, and why: each reason once."""
    way = Way.MASK if all(d.way is Way.MASK for d in found) else Way.ABSTRACT
    return way, lang.pick("；", "; ").join(dict.fromkeys(lang.pick(d.why, d.why_en) for d in found))


BESIDE = "password"
"""The kind of detail that goes wherever it stands beside another one."""

DATES = ("date", "clock")
"""Kinds of details that say little: a fact stays a fact without its date."""


class Change(Protocol):
    """Words at a place and what is written there instead."""

    @property
    def span(self) -> Span: ...

    @property
    def replacement(self) -> str: ...


def rewrite(text: str, span: tuple[int, int], found: Sequence[Change]) -> str:
    """`text[span]` with its details replaced, and placeholders in a row said once."""
    out, at = [], span[0]
    for detail in found:
        out += [text[at : detail.span[0]], detail.replacement]
        at = detail.span[1]
    written = "".join([*out, text[at : span[1]]])
    return _NOW.sub("近日", _REPEATED.sub("", written))


def core(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The clauses of a sentence from the first to the last that had details; the whole where none had."""
    had = [m.span() for m in _CLAUSE.finditer(text, *span) if _GENERAL.search(m.group())]
    return (had[0][0], had[-1][1]) if had else span


def elsewhere(text: str, found: Sequence[Detail], outside: Sequence[tuple[int, int]]) -> Iterator[Detail]:
    """The same words again outside the spans already handled: a name replaced once must not stand in the next line."""
    words = {w: d for d in found if d.everywhere for w in (d.words, *_TITLE.findall(d.words)) if len(w) > 1}
    if not words:
        return
    longest_first = sorted(words, key=len, reverse=True)
    for m in re.finditer("|".join(_again(w, words[w].kind) for w in longest_first), text):
        if not any(a < m.end() and m.start() < b for a, b in outside):
            yield words[m.group()].model_copy(update={"span": m.span()})


def _again(words: str, kind: str) -> str:
    """A pattern of where these words stand again: not as a part of a longer number, name or word."""
    context = next(p.again for p, _ in load_patterns() if p.id == kind)
    begin = "(?<![A-Za-z0-9])" if _LATIN.match(words[0]) else ""
    end = "(?![A-Za-z0-9])" if _LATIN.match(words[-1]) else ""
    return f"{begin}{context.replace('{words}', re.escape(words))}{end}"


def around(text: str, span: Span) -> Detail | None:
    """The detail that is `text[span]`, or the title whose marks stand around it."""
    a, b = span
    if text[a - 1 : a] + text[b : b + 1] == "《》":
        a, b = a - 1, b + 1
    return next((d for d in details(text, a, b) if d.span == (a, b)), None)


def _free(compiled: re.Pattern[str], text: str, start: int, end: int, taken: bytearray) -> Iterator[re.Match[str]]:
    """Non-empty matches of free characters; the search goes on behind a taken one that a match touched."""
    at, passes = start, "none" in compiled.groupindex
    while at < end and (m := compiled.search(text, at, end)):
        used = taken.rfind(1, m.start() - start, m.end() - start)
        if used >= 0:
            at = start + used + 1
        else:
            if m.group() and not (passes and m["none"] is not None):
                yield m
            at = max(m.end(), at + 1)


def _expand(m: re.Match[str], replacement: str) -> str:
    """The replacement with the groups of the match; a group that took no part is empty."""
    return re.sub(
        r"\\g<(\w+)>|\\(\d)",
        lambda g: m.group(g[1] or int(g[2])) or "",
        replacement,
    )
