"""Periods of marks and the date of a text: when a mark has run out.

保密法 article 20: at most 30, 20 and 10 years, which also hold where a mark gives none; article 24: a period that has
run out ends the secrecy unless it was extended, which the text alone cannot show.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from reviewer.normalise.digits import DIGITS

YEARS = {"绝密": 30, "机密": 20, "秘密": 10}
"""The longest period of each level in years."""

NUMERALS = "〇零一二三四五六七八九十两廿卅壹贰叁肆伍陆柒捌玖拾"
_TENS = str.maketrans({"O": "0", "o": "0", "拾": "十", "廿": "二十", "卅": "三十"})
_SPAN = re.compile(rf"(\d{{1,2}}|[{NUMERALS}]{{1,3}})\s*(年|个?月|天|日)$")
_DAY = re.compile(r"((?:19|20)\d{2})(?:年|[.\-/])?(?:(\d{1,2})(?:月|[.\-/])?(?:(\d{1,2})日?)?)?")
_NUMERAL = r"[〇零一二三四五六七八九十\d]"
_DATED = re.compile(
    rf"^[ \t]{{0,40}}({_NUMERAL}{{4}})年({_NUMERAL}{{1,3}})月({_NUMERAL}{{1,3}})日[ \t]{{0,8}}$"
    rf"|({_NUMERAL}{{4}})年({_NUMERAL}{{1,3}})月({_NUMERAL}{{1,3}})日[ \t]{{0,3}}(?:印发|印制|制发)",
    re.MULTILINE,
)
_NUMBERED = re.compile(r"[〔\[(【]((?:19|20)\d{2})年?[〕\])】]第?\d{1,5}号")


def number(written: str) -> int | None:
    """The value of ASCII digits or a Chinese numeral below one hundred, also digit by digit, as in 二O二五."""
    written = written.translate(_TENS)
    if written.isascii():
        return int(written) if written.isdigit() else None
    tens, ten, ones = written.partition("十")
    if not ten:
        digits = "".join(DIGITS.get(c, c) for c in written)
        return int(digits) if digits.isascii() and digits.isdigit() else None
    if tens not in ("", *DIGITS) or ones not in ("", *DIGITS):
        return None
    return int(DIGITS.get(tens, "1") + DIGITS.get(ones, "0"))


def within_law(level: str, period: str) -> bool:
    """Whether a period in years, months or days is one the law allows for `level`; anything else is."""
    m = _SPAN.match("".join(period.split()))
    value = number(m[1]) if m else None
    return m is None or (value is not None and 0 < value <= (YEARS[level] if m[2] == "年" else 12 * YEARS[level]))


def dated(text: str) -> date | None:
    """The latest date that a text gives itself: a date on a line of its own, of printing, or the year of a number."""
    return max(_dates(text), default=None)


def ends(level: str, period: str, since: date | None) -> date | None:
    """The last day of a mark, None where it names no day.

    `period` is what stands after the star; empty means the longest that `level` may have. A time of release needs no
    `since`; a release condition and 长期 never end by themselves.
    """
    period = "".join(period.split())
    if m := _DAY.match(period):
        first = _day(m[1], m[2] or "12", m[3] or "1")
        return first.replace(day=monthrange(first.year, first.month)[1]) if first and not m[3] else first
    if since is None:
        return None
    if not period:
        return _later(since, 12 * YEARS[level])
    if period == "半年":
        return _later(since, 6)
    if m := _SPAN.match(period):
        value = number(m[1])
        if value is None:
            return None
        if m[2] in "天日":
            return since + timedelta(days=min(value, (date.max - since).days))
        return _later(since, value * (12 if m[2] == "年" else 1))
    return None


def _dates(text: str) -> Iterator[date]:
    for m in _DATED.finditer(text):
        if found := _day(*(g for g in m.groups() if g)):
            yield found
    for m in _NUMBERED.finditer(text):
        yield date(int(m[1]), 12, 31)


def _day(year: str, month: str, day: str) -> date | None:
    values = [number(year), number(month), number(day)]
    try:
        return date(*(v for v in values if v is not None))
    except (TypeError, ValueError):
        return None


def _later(since: date, months: int) -> date:
    """That many months later, the last day of a month that is shorter."""
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(since.day, monthrange(year, month + 1)[1]))
