"""Document numbers of official documents; a number alone is a note, with a secrecy context it is a finding.

Structure: GB/T 9704-2012 7.2.5 (issuer code, year in 〔〕, serial, 号);
wrong brackets and a missing 号 are common in chat.
"""

import re
from collections.abc import Iterator

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity

OPEN, CLOSE = r"[〔\[(【〖{<「]", r"[〕\])】〗}>」]"
NUMBER = re.compile(
    rf"(?P<issuer>[\u4e00-\u9fa5A-Za-z][\u4e00-\u9fa5A-Za-z·]{{0,15}}?)\s*{OPEN}\s*(?P<year>(?:19|20)\d{{2}}|\d{{2}})\s*年?\s*{CLOSE}"
    r"\s*第?\s*(?P<serial>\d{1,5})\s*号?(?!\d)"
)
SECRET_ISSUER = re.compile(
    r"(?:机发|密发|密办|密委发|密电|密字|机密|机电|机字|绝发|秘发|涉密|保密委|核密|军密|密传|密函|密通|机要?函|密)$"
)
SECRECY = re.compile(
    r"绝密|机密|秘密(?!书)|涉密|密级|密码电报|密件|专人(?:专送|送|押)|机要(?:件|交换|室|文件)|阅后(?:收回|退回|清退|销毁)|当场收回|不得(?:外传|记录|拍照|复印)"
)

RULE = Rule(
    id="number.document",
    title="发文字号",
    flags="各种括号、缺号字的发文字号；发文代字带密、机发等字样或者同段有涉密语境的为违规",
    ignores="普通公开文号（只作提示）、案号、备案号",
    severity=Severity.NOTE,
    clause="wx-3",
    reason="出现公文字号；请核对该文件是否公开。",
    reason_en="A document number; check that the document is public.",
    advice="不能确认公开的，删去名称和文号。",
    advice_en="If it is not known to be public, remove title and number.",
    source="GB/T 9704-2012 7.2.5；465 例实测",
)
RULES = (RULE,)


def detect(view: View) -> Iterator[Hit]:
    """Document numbers, graded by issuer code and context."""
    for m in view.find(NUMBER):
        issuer = m["issuer"]
        if SECRET_ISSUER.search(issuer):
            why = f"发文代字“{issuer[-6:]}”属于涉密文件常用代字，文号不得引用。"
            yield Hit(
                RULE, m.start(), m.end(), Severity.BLOCK, 0.9, None, why, "The issuer code is one of classified series."
            )
        elif SECRECY.search(_sentence(view.text, m.start(), m.end())):
            why = "同一句里有涉密语境，疑似引用涉密文件的文号。"
            yield Hit(
                RULE, m.start(), m.end(), Severity.REVIEW, 0.7, None, why, "The sentence speaks of classified material."
            )
        else:
            yield Hit(RULE, m.start(), m.end(), confidence=0.3)


def _sentence(text: str, start: int, end: int) -> str:
    begin = max(text.rfind(c, 0, start) for c in "。\n；;！？")
    stops = [i for i in (text.find(c, end) for c in "。\n；;！？") if i >= 0]
    return text[begin + 1 : min([*stops, len(text), end + 60])]
