"""The facts that a rewriter must keep: amounts, shares, dates, times and codes, however they are written."""

import re
import unicodedata
from collections.abc import Iterator

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_SAME = (
    {"块": "元", "圆": "元", "号": "日", "点": "时", "户": "家", "部": "台", "辆": "台", "趟": "次", "回": "次"}
    | dict.fromkeys("个名位口", "人")
    | dict.fromkeys("天", "日")
)
"""Signs after a number that mean the same to a rewriter."""

_LATE = re.compile(r"(?:(下午)|[晚夜])[^\d，。；,;]{0,3}$")
"""What stands before an hour that is told by the twelve-hour clock."""

_N = (
    r"(?:[\d零〇○二三四五六七八九十百万亿两]|(?<=\d)\.(?=\d)|千(?![瓦克米伏卡]|万[别不要])"
    r"|一(?!(?<=[百千万亿]一)[期个次年人天月些起律])(?<![十百千万亿][二三四五六七八九]一))+"
)
_NUMBER = re.compile(
    rf"(?P<of>[百千]分之)?(?P<n>(?:(?<=分之)|(?<![a-z\d])){_N})"
    rf"(?:(?P<half>个半|[天年月日]半)|(?P<rest>块|元)(?P<coins>{_N})(?P<dime>[毛角][\d一二三四五六七八九]?)?"
    r"|点(?P<decimal>[零〇一二三四五六七八九](?![十百千分刻])[零〇一二三四五六七八九]*|\d+)"
    rf"|(?:点|时|:)(?P<minutes>半|{_N})(?!\d)|月份?(?P<day>{_N})"
    r"|(?P<tenths>成)(?![本为立功员交果绩分人熟效品都长])(?P<more>[一二三四五六七八九](?![十百千万个]))?)?"
    r"(?:个(?=多?[万亿]))?(?P<about>多|余|来|几|出头)?(?P<large>[万亿])?(?P<unit>%|小时|钟头|分钟|(?!一)[\u4e00-\u9fff])?"
)
_CODE = re.compile(r"[a-z]{1,6}[-—_]?\d{1,8}[a-z]?")


def facts(text: str) -> set[str]:
    """What a text says in figures, in one spelling: `29.4元`, `6840`, `12%`, `7月18日`, `8:40`, `cb23`, `~6800`.

    Amounts of two figures and more are also given without their unit; `~` marks one that is said to be approximate.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text).lower())
    found = {re.sub(r"\W|_", "", m.group()) for m in _CODE.finditer(plain)}
    for m in _NUMBER.finditer(plain):
        found.update(_said(m))
    return found


def retold(fact: str) -> Iterator[str]:
    """How else a fact is told: 6840 approximately as `~6000`, `~6800` and `~6840`, a date without its month."""
    if re.fullmatch(r"\d+(?:\.\d+)?", fact):
        whole = fact.partition(".")[0]
        for kept in range(1, len(whole) + 1):
            yield "~" + whole[:kept] + "0" * (len(whole) - kept)
    elif re.fullmatch(r"\d+月\d+日", fact):
        yield fact.partition("月")[2]


def number(fact: str) -> str:
    """What a fact says without its unit: the spellings of one amount have it in common; days stay whole."""
    m = re.fullmatch(r"~?(\d[\d.:]*)[^\d月]?", fact)
    return m[1] if m else fact


def numeral(written: str) -> float:
    """The number a numeral says: digit by digit (二〇二五), by units (4.7万), or cut short (两千六百一 is 2610)."""
    if len(written) > 1 and all(c in _DIGITS for c in written):
        return int("".join(str(_DIGITS[c]) for c in written))
    total, section, current, unit = 0.0, 0.0, 0.0, 1.0
    spoken = False
    for token in re.findall(r"\d+(?:\.\d+)?|.", written):
        if token in _DIGITS:
            current, spoken = _DIGITS[token], True
            unit = 1 if current == 0 else unit
        elif token in _UNITS:
            section += (current or 1) * _UNITS[token]
            current, unit = 0, _UNITS[token]
        elif token in _LARGE:
            total += (section + current or 1) * _LARGE[token]
            section, current, unit = 0, 0, _LARGE[token]
        elif token[0].isdigit():
            current, spoken = float(token), False
    return total + section + current * (max(unit / 10, 1) if spoken else 1)


def _said(m: re.Match[str]) -> Iterator[str]:
    """The facts of one number and what stands around it."""
    value = numeral(m["n"])
    unit = m["unit"] or ""
    if m["of"]:
        yield _written(value / (1 if m["of"][0] == "百" else 10)) + "%"
    elif m["tenths"]:
        yield _written(value * 10 + (numeral(m["more"]) if m["more"] else 0)) + "%"
    elif m["day"]:
        yield f"{value:.0f}月"
        yield f"{value:.0f}月{numeral(m['day']):.0f}日"
    elif m["minutes"]:
        minutes = 30 if m["minutes"] == "半" else numeral(m["minutes"])
        yield f"{_hour(value, m):.0f}:{minutes:02.0f}"
    else:
        if m["half"]:
            value, unit = value + 0.5, (unit if m["half"] == "个半" else m["half"][0])
        elif m["coins"]:
            value, unit = value + _fraction(m["coins"], m["dime"] or ""), "元"
        elif m["decimal"]:
            value += _fraction(m["decimal"], "")
        elif unit in ("点", "时"):
            value = _hour(value, m)
        value *= _LARGE.get(m["large"], 1)
        yield from _amount(value, unit, bool(m["about"]))


def _hour(value: float, m: re.Match[str]) -> float:
    """The hour by the twenty-four-hour clock: 晚上十一点 is 23."""
    late = _LATE.search(m.string, max(0, m.start() - 6), m.start())
    return value + 12 if late and (1 if late[1] else 5) <= value < 12 else value


def _amount(value: float, unit: str, about: bool) -> Iterator[str]:
    if unit in ("小时", "钟头"):
        value, unit = value * 60, "分"
    unit = _SAME.get(unit, unit[:1])
    if unit == "日" and value > 31:
        unit = ""
    number = _written(value)
    if about:
        yield "~" + number
        return
    if len(number) > 1 or unit in set("月日时年人家次台元%"):
        yield number + unit
    if len(number) > 1 and unit != "年":
        yield number


def figures(fact: str) -> int:
    """How many figures of a fact tell something: zeros at the end do not, nor does a year."""
    if re.match(r"(?:19|20)\d\d(?:年|$)", fact):
        return 1
    return len("".join(c for c in fact if c.isdigit()).strip("0")) or 1


def _fraction(digits: str, dime: str) -> float:
    """`四` after 块 or 点 is 0.4; `二毛五` 0.25."""
    plain = "".join(c if c.isdigit() and c.isascii() else str(_DIGITS.get(c, "")) for c in digits + dime[1:])
    return float("0." + plain) if plain else 0.0


def _written(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
