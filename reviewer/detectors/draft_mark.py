"""Draft marks: 讨论稿, 征求意见稿 ... on a text that is not yet decided; an open consultation is left alone."""

import re
from collections.abc import Iterator

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity

DRAFT = re.compile(
    r"[(〔\[【《][^()〔〕\[\]【】\n]{0,8}(?:讨论|征求意见|送审|修改|修订|报批|审议|代拟|会签|上会|送签|未定|过程|内部征求意见)稿[^()〔〕\n]{0,6}[)〕\]】]"
    r"|(?:内部讨论稿|内部征求意见稿|送审稿|报批稿|代拟稿|审议稿|未定稿|过程稿|上会稿|会签稿|讨论稿)"
)
OPEN = re.compile(
    r"公开征求意见|向社会(?:公开)?征求|公众|官网|网站|挂网|登录|反馈邮箱|公示|人大(?:网|常委会)|草案.{0,6}公布"
)
EVERYDAY = re.compile(
    r"婚礼|剧本|小说|作文|论文|歌词|海报|策划案|毕业|社团|班会|家长|物业|业主大会|征文|演讲|简历|主持"
)

RULE = Rule(
    id="draft.mark",
    title="稿次标志",
    flags="讨论稿、征求意见稿、送审稿、代拟稿等稿次标志",
    ignores="公开征求意见的稿子；婚礼、论文、剧本等个人或者民间文稿",
    severity=Severity.REVIEW,
    clause="wx-5",
    reason="带有稿次标志，属于正在起草、讨论的未定文件。",
    reason_en="It carries a draft mark: a document still being drafted or discussed.",
    advice="等正式公布后再发；公开征求意见的，附上公开链接。",
    advice_en="Wait for the release; for an open consultation give the public link.",
    source="党政机关微信使用保密规定第五条；政府信息公开条例第十六条",
)
RULES = (RULE,)


def detect(view: View) -> Iterator[Hit]:
    """Draft marks outside open consultations and everyday texts."""
    for m in view.find(DRAFT):
        around = view.around(m.start(), m.end(), 80)
        if OPEN.search(around) or EVERYDAY.search(around):
            why = "稿次标志出现在公开征求意见或者民间文稿里，只作提示。"
            yield Hit(
                RULE, m.start(), m.end(), Severity.NOTE, 0.3, None, why, "A draft mark in an open or private text."
            )
        else:
            yield Hit(RULE, m.start(), m.end(), confidence=0.7)
