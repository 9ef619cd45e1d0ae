"""The grammar of citations in a folded text: a law's name, in 《》 or bare, articles in a row, words quoted behind."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Number = tuple[int, int]
"""An article by its number and, for one put in later (第二百五十三条之一), the number behind it, else 0."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_N = r"(?:\d{1,4}|[〇零一二三四五六七八九十百千]{1,9})"
_S = r"[ \t*]{0,3}"
"""Blanks, and the stars of bold type, which AI tools write."""
_AND = rf"{_S}(?:以及|[、,和及与或至到~—-]){_S}"
_BELOW = rf"(?:第{_S}{_N}{_S}[款项]|第?\({_N}\){_S}项?)"
ARTICLE = re.compile(
    rf"第{_S}(?P<numbers>{_N}(?:{_AND}第?{_S}{_N})*){_S}条(?:之(?P<sub>[一二三四五六七八九十]{{1,2}}))?"
    rf"(?P<below>(?:{_S}{_BELOW}(?:{_AND}{_BELOW})*)?)"
)
_BETWEEN = re.compile(_AND)
_PARAGRAPH = re.compile(rf"({_N}){_S}款")
TITLE = re.compile(r"《(?P<name>[^《》\n]{2,60})》")
_GLUE = re.compile(rf"{_S}(?:\([^()\n]{{1,40}}\))?{_S}(?:规定的|中的|里的|[的中里])?{_S}")
_KIND = re.compile(
    r"(?:法典|(?<![方书用看说做魔兵语算想写读])(?<!^[立司执合违非依无])法|条例|规定|办法|规则|决定|解释|指引|细则|准则)$"
)
REACH = 48
"""Characters before an article in which its law's name is looked for."""
_RUN = re.compile(rf"(?P<run>[\u4e00-\u9fff](?:[\u4e00-\u9fff、]{{0,46}}[\u4e00-\u9fff])?){_S}$")
_TOLD = re.compile(r"(?:明确)?(?:规定)?[的中里]?$")
_LEAD = re.compile(
    r"(?:依据|根据|按照|依照|遵照|参照|对照|违反|触犯|符合|适用|援引|引用|贯彻|落实|执行|遵守|学习|涉嫌|结合|关于|有关|例如|比如|包括|其中"
    r"|参见|详见|查阅|查看|指出|明确|规定|我国|中华人民共和国|^(?:依据|根据|按照|违反)?(?:国家|中国)|现行|同时|以及|[按据依和及与或在由以对将把是的了见即如因为违新看查到从并且又也就还则而等说、])$"
)
"""What may stand before a law's name that nothing sets off."""
_CUT = re.compile(
    r"依据|根据|按照|依照|遵照|参照|对照|违反|触犯|符合|适用|援引|引用|贯彻|落实|执行|遵守|涉嫌|结合|关于|参见|详见|我国|现行"
    r"|(?<!共)和(?!国)|[的了是与及按、]|(?<!数)据"
)
_BACK = re.compile(r"(?:该|此|同|上述|前述|这部|该部)(?P<kind>法|条例|规定|办法|规则|决定|解释|指引|细则|准则)$")
_OWN = re.compile(r"^(?:[本该此这其同]|有关|相关|上述|前述|以上|下列)")
_FOLLOWS = re.compile(rf"(?:^|[、,:(;]){_S}$")
_SENTENCE = re.compile(r"[。;!?\n]")
_SAID = re.compile(
    r"(?P<gap>[^“”\"「」『』《》。;\n]{0,12})"
    r"(?:“(?P<a>[^“”\n]{8,400})”|\"(?P<b>[^\"\n]{8,400})\"|「(?P<c>[^「」\n]{8,400})」|『(?P<d>[^『』\n]{8,400})』)"
)
_NAMED = re.compile(r"简称|称为|称作|叫做")
_OPEN = r"[(〔\[]"
_SHUT = r"[)〕\]]"
CASE = re.compile(
    rf"{_OPEN}(?:19|20)\d\d{_SHUT}{_S}[\u4e00-\u9fff]{{1,4}}\d{{0,5}}[民刑行执赔知破辖保认监清财司请商][\u4e00-\u9fff]{{0,4}}"
    r"\d{1,6}号(?:之[一二三四五六七八九十]{1,2})?"
)
"""A court's case number: year, court, kind of case, serial."""


@dataclass(frozen=True, slots=True)
class Point:
    """An article that is cited, at `start:stop` of the folded text."""

    number: Number
    written: str
    below: str
    """The paragraphs and items of it that are named, as they are written."""
    start: int
    stop: int

    @property
    def paragraph(self) -> int:
        """The highest paragraph (款) that is named; 0 for none."""
        return max((value(n) for n in _PARAGRAPH.findall(self.below)), default=0)


@dataclass(frozen=True, slots=True)
class Citation:
    """A law at `start` of the folded text, the articles named with it, and the words quoted behind the last of them."""

    law: str
    start: int
    stop: int
    points: tuple[Point, ...] = ()
    said: str = ""


def citations(text: str, known: Callable[[str], bool]) -> list[Citation]:
    """Every citation of a law in a folded text, in order; `known` tells a law's name where nothing sets it off."""
    titles = [m for m in TITLE.finditer(text) if is_law(m["name"])]
    ends = [m.end() for m in titles]
    used: set[int] = set()
    found: list[Citation] = []
    since = 0
    for points in _rows(text):
        first, stop = points[0].start, points[-1].stop
        place = bisect_right(ends, first)
        near = [m for m in titles[max(0, place - 2) : place] if m.end() >= since]
        title = next((m for m in near if _GLUE.fullmatch(text, m.end(), first)), None)
        if title:
            used.add(title.end())
            named: tuple[str, int] | None = (title["name"], title.start())
        else:
            last = found[-1] if found else None
            before = Citation(near[-1]["name"], near[-1].start(), near[-1].end()) if near else last
            named = _bare(text, max(since, near[-1].end() if near else 0), first, before, known)
        since = stop
        if named:
            said, since = _said(text, stop)
            found.append(Citation(named[0], named[1], since, points, said))
    found += [Citation(m["name"], m.start(), m.end()) for m in titles if m.end() not in used]
    return sorted(found, key=lambda c: (c.start, c.stop))


def is_law(name: str) -> bool:
    """Whether a title is one of a law, of regulations or the like."""
    return _KIND.search(plain(name)) is not None


def plain(name: str) -> str:
    """The name of a law without its state, its version and the part that is held."""
    return name.strip().removeprefix("中华人民共和国").partition("(")[0].partition("（")[0]


def value(written: str) -> int:
    """The number that digits or a Chinese numeral say: 三百九十八 is 398, 一〇五 is 105."""
    if written.isdigit():
        return int(written)
    if len(written) > 1 and all(c in _DIGITS for c in written):
        return int("".join(str(_DIGITS[c]) for c in written))
    total = current = 0
    for c in written:
        if c in _DIGITS:
            current = _DIGITS[c]
        else:
            total, current = total + (current or 1) * _UNITS[c], 0
    return total + current


def numbers(m: re.Match[str]) -> Iterator[tuple[Number, str]]:
    """The articles that a match of `ARTICLE` names, each with how it is written."""
    written = re.findall(_N, m["numbers"])
    for place, one in enumerate(written):
        sub = m["sub"] if m["sub"] and place == len(written) - 1 else ""
        yield (value(one), value(sub) if sub else 0), f"第{one}条" + (f"之{sub}" if sub else "")


def _rows(text: str) -> Iterator[tuple[Point, ...]]:
    """Articles that stand in a row, as in 第二条、第五条和第九条第二款."""
    row: list[Point] = []
    for m in ARTICLE.finditer(text):
        if row and not _BETWEEN.fullmatch(text, row[-1].stop, m.start()):
            yield tuple(row)
            row = []
        named = list(numbers(m))
        for number, written in named:
            row.append(Point(number, written, m["below"] if len(named) == 1 else "", m.start(), m.end()))
    if row:
        yield tuple(row)


def _bare(
    text: str, since: int, first: int, before: Citation | None, known: Callable[[str], bool]
) -> tuple[str, int] | None:
    """The law's name directly before an article and where it begins, or that of the citation it goes on from."""
    m = _RUN.search(text, max(since, first - REACH), first)
    if m is None:
        follows = before and before.stop <= since and _FOLLOWS.search(text, since, first)
        return (before.law, first) if before and follows and not _SENTENCE.search(text, before.stop, first) else None
    whole = m["run"]
    told = _TOLD.sub("", whole)
    for run in dict.fromkeys((told, whole)):
        for at in range(len(run) - 1 if is_law(run) else 0):
            if (at == 0 or _LEAD.search(run[:at])) and known(run[at:]):
                return run[at:], m.start() + at
    run = told if is_law(told) else whole
    if back := _BACK.search(run):
        return (before.law, first) if before and plain(before.law).endswith(back["kind"]) else None
    at = max((c.end() for c in _CUT.finditer(run)), default=0)
    short = len(run) - at < (2 if run.endswith("法") else 5)
    return None if short or not is_law(run[at:]) or _OWN.match(run[at:]) else (run[at:], m.start() + at)


def _said(text: str, stop: int) -> tuple[str, int]:
    """The words in quotation marks right behind a citation that ends at `stop`, and where they end."""
    m = _SAID.match(text, stop)
    if m is None or _NAMED.search(m["gap"]):
        return "", stop
    return next(w for w in (m["a"], m["b"], m["c"], m["d"]) if w), m.end()
