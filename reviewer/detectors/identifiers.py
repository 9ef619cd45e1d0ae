"""Numbers that identify a person: resident ID with checksum, mobile numbers; a list of people weighs more than one.

Formats: GB 11643 through python-stdnum; mobile numbers 1[3-9] + 9 digits. ASCII look-arounds, never `\\b`.
"""

import re
from collections.abc import Iterator

import stdnum.cn.ric
import stdnum.exceptions

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity

ID18 = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:(?:\+|00)86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
OWN = re.compile(r"(?:我的|本人|自己的|我身份证|我电话|我手机)[^。\n]{0,12}$")
HOTLINE = re.compile(
    r"热线|客服|前台|报名(?:电话|热线)?|联系(?:人|电话)|咨询|预订|订餐|送货|招租|出租|转让|求购|售|快递|外卖|失物|寻[人狗猫物]"
)

RESIDENT_ID = Rule(
    id="identifier.resident-id",
    title="公民身份号码",
    flags="校验位正确的 18 位公民身份号码；三个以上按名单处理",
    ignores="校验不通过的数字、脱敏号码、说明是本人号码的（只作提示）",
    severity=Severity.REVIEW,
    clause="pi",
    reason="含有公民身份号码（校验位正确）。",
    reason_en="It contains a resident identity number (checksum holds).",
    advice="删去或者只留首尾几位；名单走内部系统。",
    advice_en="Remove or mask it; pass lists through the internal system.",
    source="GB 11643；个人信息保护法第二十八条",
)
MOBILE_NUMBER = Rule(
    id="identifier.mobile",
    title="手机号码",
    flags="手机号码；三个以上按名单处理",
    ignores="单个手机号只作提示；热线、客服、招租等公开联系方式",
    severity=Severity.NOTE,
    clause="pi",
    reason="含有手机号码；请确认对方同意公开。",
    reason_en="It contains a mobile number; make sure its owner agrees.",
    advice="删去或者遮盖中间四位。",
    advice_en="Remove it or mask four digits.",
    source="个人信息保护法第四条",
)
RULES = (RESIDENT_ID, MOBILE_NUMBER)


def detect(view: View) -> Iterator[Hit]:
    """Identity and mobile numbers, graded by how many and whose."""
    ids = [m for m in view.find(ID18) if _valid(m.group())]
    several = len({m.group() for m in ids}) >= 3
    for m in ids:
        if OWN.search(view.text[max(0, m.start() - 20) : m.start()]) and not several:
            yield Hit(
                RESIDENT_ID,
                m.start(),
                m.end(),
                Severity.NOTE,
                0.5,
                None,
                "写明是本人的号码，只作提示。",
                "Said to be one's own.",
            )
        else:
            yield Hit(RESIDENT_ID, m.start(), m.end(), confidence=0.97 if several else 0.9)
    mobiles = list(view.find(MOBILE))
    listed = len({m.group() for m in mobiles}) >= 3
    for m in mobiles:
        public = HOTLINE.search(view.around(m.start(), m.end(), 12)) is not None
        severe = Severity.REVIEW if listed and not public else Severity.NOTE
        yield Hit(MOBILE_NUMBER, m.start(), m.end(), severe, 0.7 if listed else 0.4)


def _valid(digits: str) -> bool:
    """Date and check digit hold; the region is not asked, since stdnum's table lacks newer and invented ones."""
    number = digits.replace(" ", "").replace("-", "").upper()
    try:
        stdnum.cn.ric.get_birth_date(number)
        return bool(stdnum.cn.ric.calc_check_digit(number) == number[-1])
    except stdnum.exceptions.ValidationError:
        return False
