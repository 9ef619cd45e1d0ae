"""Why something failed, in one language: errors say it as “Chinese / English; hint / hint in English”."""

import re

from reviewer.draft import Lang
from reviewer.reports.visible import visible

HAN = "[\u4e00-\u9fff]"
WIDE = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uff60]"
BETWEEN = " / "
"""What stands between the two languages of a sentence."""

NEXT = re.compile(f"; (?=[^;/]*{HAN})")
"""Where the hint begins, in Chinese again."""

DETAIL = re.compile(r"`[^`]+`|[\w.:/\\~-]*[\d/\\_][\w.:/\\~-]*", re.ASCII)
"""A command, a number, a path: what a sentence of the other language may say alone."""

SHORT = 2
"""Characters up to which Chinese alone needs the English beside it: “运行 / run X”."""


def told(reason: str, lang: Lang, *, lines: bool = False) -> str:
    """The reason as it is shown, in one language as far as that loses no detail."""
    each = (_one(line, lang) for line in reason.split("\n"))
    return visible("\n".join(each), lines=lines)


def _one(line: str, lang: Lang) -> str:
    return lang.pick("；", "; ").join(_half(part, lang) for part in NEXT.split(line))


def _half(sentence: str, lang: Lang) -> str:
    """Chinese or English of a sentence, with what stands before both; all of it where one lacks what the other says."""
    if sentence.count(BETWEEN) != 1:
        return sentence
    chinese, english = sentence.split(BETWEEN)
    first = re.search(WIDE, chinese)
    if first is None:
        return sentence
    before, own = chinese[: first.start()].rstrip(": "), chinese[first.start() :]
    if before and before not in english:
        english = f"{before}: {english}"
    listed = ": " in english.removeprefix(f"{before}: ") and not re.search("[，：]", own)
    if lang is Lang.ZH and (listed or (not before and len(own) <= SHORT)):
        return sentence
    said, other = lang.pick(chinese, english), lang.pick(english, chinese)
    details = (found.rstrip(".:") for found in DETAIL.findall(other))
    return said if all(detail in said for detail in details) else sentence
