"""Numbers and titles of official documents; a number alone is a note, with a secrecy context it is a finding.

Structure: GB/T 9704-2012 7.2.5 (issuer code, year in 〔〕, serial, 号), 10.3 (minutes); wrong brackets, none at all
and a missing 号 are common in chat. Numbers and titles that the index knows are matched by `reviewer.match`.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from reviewer.detectors.mark_forms import LEVEL, NUMERAL
from reviewer.detectors.mark_period import number as value
from reviewer.detectors.rule import Hit, View, load_rules, meets
from reviewer.draft import Value
from reviewer.finding import Severity

RULES = load_rules("document_number")
NUMBER, TITLE = RULES


class Series(StrEnum):
    """What is numbered."""

    DOCUMENT = "document"
    TELEGRAM = "telegram"
    MINUTES = "minutes"


class DocumentNumber(Value):
    """A document number, parsed; `issuer` is the issuer code (机关代字) and may be empty for minutes."""

    issuer: str
    year: int | None
    """None where the series is numbered without one."""
    serial: int
    series: Series = Series.DOCUMENT

    def __str__(self) -> str:
        """The number as the standard writes it."""
        return f"{self.issuer}{f'〔{self.year}〕' if self.year else ''}{self.serial}号"


_HAN = r"\u4e00-\u9fa5"
_OPEN, _CLOSE = r"[〔\[(【〖{<「«]", r"[〕\])】〗}>」»]"
_YEAR = r"(?:19|20)\d{2}|[一二][〇零○0Oo一二三四五六七八九]{3}"
_BRACKETED = re.compile(
    rf"{_OPEN}[ \t]{{0,2}}(?P<year>{_YEAR}|\d{{2}})[ \t]{{0,2}}年?[ \t]{{0,2}}{_CLOSE}[ \t]{{0,3}}第?[ \t]{{0,3}}"
    rf"(?P<serial>\d{{1,5}}|[一二三四五六七八九十]{{1,3}})(?!\d)[ \t]{{0,3}}"
    rf"(?P<unit>次[{_HAN}]{{0,10}}纪要|号[{_HAN}]{{0,6}}纪要|[号期次])?"
)
_TELEGRAM = re.compile(r"(?:发明电|明电|密电|机电|特电|内电|传电|密传|发电)$")
_BARE = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})[ \t年·.\-—_/]{1,3}第?"
    r"|(?P<numeral>[一二][〇零○0Oo一二三四五六七八九]{3}(?:年第?)?|[〇零一二三四五六七八九]{2}年第?))"
    rf"(?P<serial>\d{{1,5}}|{NUMERAL})[ \t]{{0,2}}号"
)
_CODE = re.compile(
    rf"[{_HAN}]{{1,6}}(?:[国办政党委厅局府组纪密机法检]发|[办厅法检综复]字|[办府政厅局国委]函|[明密机特内传]电)"
    r"[ \t]{0,2}$"
)
"""Issuer codes that are known without brackets."""
_YEARLESS = re.compile(rf"(?P<issuer>[{_HAN}]{{1,4}}[密机][字发电])第?(?P<serial>\d{{1,4}})号")
_COUNT = rf"(?:\d{{1,3}}|{NUMERAL})"
_MINUTES = re.compile(
    rf"(?P<year>(?:19|20)\d{{2}})年?度?第(?P<counted>{_COUNT})次[{_HAN}]{{0,12}}纪要"
    rf"|第(?P<yearless>{_COUNT})次[{_HAN}]{{0,8}}会议?纪要"
    rf"|纪要[ \t]{{0,2}}\([ \t]{{0,2}}(?:(?P<inside>(?:19|20)\d{{2}})年?)?第?(?P<bracketed>{_COUNT})[次期号]"
    rf"|会议?纪要[ \t]{{0,2}}第(?P<after>{_COUNT})[次期号]"
)
_ISSUER = re.compile(rf"(?:[{_HAN}A-Za-z·]|\([{_HAN}]{{1,6}}\)){{1,16}}[ \t]{{0,3}}$")
_LEAD = re.compile(
    r"按照|根据|依据|遵照|学习|落实|执行|贯彻|转发|印发|下发|收到|关于|文件|通知|精神|文号|就是|还有|以及|参照|对照|看看|引用|废止|代替"
    r"|^[按照依据见是的把将和与及了等看查附由在到第由]|[的是了把将按照据](?=[^的是了把将按照据]{2,}$)"
)
_TYPED = re.compile(r"[发函办字电纪呈报请批复委通规密监审]$|纪要$")
_PUBLIC_KIND = re.compile(r"(?:公告|通告|布告|令|备案?|案)$")
_MACHINE = "(?<![农航飞算司电拉])"
"""Before a 机 that ends a word for a machine, a driver or an airport: 农机发 and 民航机发 are public series."""
_SECRET = re.compile(rf"(?:密发|机密|绝密|秘密|绝发|秘发|密字|{_MACHINE}机[发字]|密电|密传|(?<![保商加])密)$")
_CIPHER = re.compile(rf"(?:密[办函通]|机要函|{_MACHINE}机函)$")

_SECRECY = re.compile(
    rf"{LEVEL}(?!书|码|花|武器)|涉密|密级|密码电报|密件|专人(?:专送|送|押)|机要(?:件|交换|室|文件)|阅后(?:收回|退回|清退|销毁)|当场收回"
    r"|不得(?:外传|记录|拍照|复印)"
)
_NOT_SECRET = re.compile(
    r"(?:不|非|未|没有?|无)(?:是|属于?|含有?|标注?)?(?:任何)?(?:国家|商业|工作)?(?:涉密|秘密|机密|绝密|密级)|(?:不再?|已)?(?:解密|脱密)|保守国家秘密法|商业秘密|个人秘密"
)
_EXPLAINED = re.compile(
    r"例如|比如|举例|示例|什么意思|是指|代字|怎么[写读标]|格式|写法|试题|选择题|判断题|剧本|小说|道具|虚构"
)
_BLANK = re.compile(r"某某|××|XX|示例|样例|测试")
_TITLE = re.compile(
    rf"(?P<before>{LEVEL}级?的?(?:文件|件|材料|公文|通知|电报)?[ \t:,]{{0,2}}(?:是|叫|名为)?)?"
    r"(?:《(?P<title>[^《》\n]{4,60})》"
    r"|(?P<bare>关于[^《》\n,。;(（]{4,40}(?:通知|请示|报告|方案|批复|意见|函|通报))(?=[ \t]?[(【\[]))"
    rf"(?P<after>[ \t]{{0,2}}[(【\[]{LEVEL}级?[)】\],、]|[ \t]?{LEVEL}级?(?![{_HAN}])"
    rf"|[ \t]?[,、][ \t]?{LEVEL}级?(?=[,、。;\n]|$)"
    rf"|[^。\n《》]{{0,6}}(?:是|属于?|标的?|定的?|为)(?:了|着|为|成)?[“\"]?(?:{LEVEL}|涉密))?"
)
_TOLD = re.compile(r"小说|剧[本情组里]|道具|影评|电影|片[子尾场]|游戏|密室|谍战|展[柜品项]|博物|话剧|演出|绘本")
"""Fiction and exhibits near a title."""
_REACH = 40
_MINUTES_TITLE = re.compile(
    r"(?:常务会议|常委会(?:会议)?|党[组委]会(?:议)?|办公会(?:议)?|专题会(?:议)?|理事会)(?:会议)?纪要"
)
_OFFICIAL = re.compile(
    r"关于|通知|通报|方案|报告|办法|规划|纪要|请示|批复|预案|意见|细则|决定|计划|要点|清单|专报|简报|函|规定"
)
_ABOUT_SECRECY = re.compile(r"保密|国家秘密|密码法|定密|涉密")


_SERIES = {Series.DOCUMENT: "公文字号", Series.TELEGRAM: "电报字号", Series.MINUTES: "会议纪要编号"}


def detect(view: View) -> Iterator[Hit]:
    """Document numbers, graded by issuer code and context, and titles beside a level."""
    for start, end, parsed in numbers(view.text):
        yield _graded(view, start, end, parsed)
    if "密" in view.text:
        yield from _titles(view)
    if "纪要" in view.text:
        for m in view.find(_MINUTES_TITLE):
            why = "会议纪要一般不公开；请核对是否可以引用名称。"
            yield Hit(TITLE, m.start(), m.end(), Severity.NOTE, 0.3, None, why, "Minutes are rarely public.")


def numbers(text: str) -> Iterator[tuple[int, int, DocumentNumber]]:
    """Every document number of a folded text as (start, end, number), one for each place."""
    bracketed = [found for m in _BRACKETED.finditer(text) if (found := _bracketed(text, m))]
    yield from bracketed
    if not any(c in text for c in "号次"):
        return
    for m in _BARE.finditer(text):
        before = _CODE.search(text, max(0, m.start() - 12), m.start())
        issuer = _issuer(before.group().rstrip()) if before else ""
        if before and (parsed := _number(issuer, m["year"] or m["numeral"].rstrip("年第"), m["serial"])):
            yield before.start() + len(before.group().rstrip()) - len(issuer), m.end(), parsed
    for m in _YEARLESS.finditer(text):
        issuer = _issuer(m["issuer"])
        yield m.end("issuer") - len(issuer), m.end(), DocumentNumber(issuer=issuer, year=None, serial=int(m["serial"]))
    places = [(start, end) for start, end, _ in bracketed]
    for m in _MINUTES.finditer(text):
        if meets(m.span(), places):
            continue
        serial = m["counted"] or m["yearless"] or m["bracketed"] or m["after"]
        if parsed := _number("", m["year"] or m["inside"], serial, minutes=True):
            yield m.start(), m.end(), parsed


def _bracketed(text: str, m: re.Match[str]) -> tuple[int, int, DocumentNumber] | None:
    """The number around a year in brackets, or None where issuer and unit do not make one."""
    before = _ISSUER.search(text, max(0, m.start() - 24), m.start())
    issuer = _issuer(before.group().rstrip()) if before else ""
    unit = m["unit"] or ""
    minutes = "纪要" in unit or issuer.endswith("纪要")
    if _PUBLIC_KIND.search(issuer) or (unit == "次" and not minutes) or (unit == "期" and not minutes):
        return None
    if not minutes and (len(issuer) < 2 or ((not unit or len(m["year"]) == 2) and not _TYPED.search(issuer))):
        return None
    parsed = _number(issuer, m["year"], m["serial"], minutes=minutes)
    if parsed is None:
        return None
    start = before.start() + len(before.group().rstrip()) - len(issuer) if before and issuer else m.start()
    return start, m.end() if unit else m.end("serial"), parsed


def _issuer(words: str) -> str:
    """The issuer code at the end of the words before a year: what leads to it is cut off."""
    cut = max((m.end() for m in _LEAD.finditer(words) if m.end() < len(words)), default=0)
    return words[cut:]


def _number(issuer: str, year: str | None, serial: str, *, minutes: bool = False) -> DocumentNumber | None:
    """The parsed number; two digits of a year are of this century up to 49, and only minutes go without a year."""
    years, number = value(year) if year else None, value(serial)
    if number is None or (years is None and (year or not minutes)):
        return None
    if years is not None and years < 100:
        years += 2000 if years < 50 else 1900
    telegram = _TELEGRAM.search(issuer) is not None
    series = Series.MINUTES if minutes else Series.TELEGRAM if telegram else Series.DOCUMENT
    return DocumentNumber(issuer=issuer, year=years, serial=number, series=series)


def _graded(view: View, start: int, end: int, parsed: DocumentNumber) -> Hit:
    before, after = view.sentence(start, end)
    if _EXPLAINED.search(f"{before}\n{after}") or _blank(parsed, view.today):
        why, why_en = "讲解、举例或者占位的文号，只作提示。", "A number in an explanation, an example or a blank form."
        return Hit(NUMBER, start, end, Severity.NOTE, 0.3, None, why, why_en)
    if _SECRET.search(parsed.issuer):
        why = f"发文代字“{parsed.issuer[-6:]}”属于涉密文件常用代字，文号不得引用。"
        return Hit(NUMBER, start, end, Severity.BLOCK, 0.9, None, why, "The issuer code is one of classified series.")
    if _CIPHER.search(parsed.issuer):
        why = f"发文代字“{parsed.issuer[-6:]}”可能是机要渠道的编号。"
        return Hit(
            NUMBER, start, end, Severity.REVIEW, 0.6, None, why, "The issuer code may be one of a cipher channel."
        )
    if _SECRECY.search(_NOT_SECRET.sub("", f"{before}{parsed.issuer}\n{after}")):
        why = "同一句里有涉密语境，疑似引用涉密文件的文号。"
        return Hit(NUMBER, start, end, Severity.REVIEW, 0.7, None, why, "The sentence speaks of classified material.")
    kind = _SERIES[parsed.series]
    issuer = f"{parsed.issuer}，" if parsed.issuer else ""
    year, year_en = (f"{parsed.year} 年，", f" of {parsed.year}") if parsed.year else ("", "")
    why = f"出现{kind}（{issuer}{year}第 {parsed.serial} 号）；请核对该文件是否公开。"
    why_en = f"The number of a {parsed.series.value}{year_en}; check that it is public."
    return Hit(NUMBER, start, end, confidence=0.3, why=why, why_en=why_en)


def _blank(parsed: DocumentNumber, today: date) -> bool:
    """Whether the number stands in a form or sample: no serial, no issuer's name, a year still to come."""
    return parsed.serial == 0 or (parsed.year or 0) > today.year + 1 or _BLANK.search(parsed.issuer) is not None


def _titles(view: View) -> Iterator[Hit]:
    """Titles of official documents with a level directly before or behind."""
    for m in view.find(_TITLE):
        group = "title" if m["title"] else "bare"
        title, after = m[group], m["after"] or ""
        if not (m["before"] or after) or not _OFFICIAL.search(title) or _ABOUT_SECRECY.search(title):
            continue
        if _NOT_SECRET.search(after):
            continue
        start, end = m.span(group)
        told = _TOLD.search(view.beside(start, end, _REACH)) or _EXPLAINED.search("\n".join(view.sentence(start, end)))
        yield Hit(TITLE, start, end, Severity.NOTE if told else None, 0.3 if told else 0.7)
