"""Draft marks: 讨论稿, 征求意见稿 ... on a text that is not yet decided; an open consultation is left alone.

Open and internal consultations are told apart as in practice: 公开征求意见, an address or a site against 内部征求意见,
征求各处室意见, “请于×日前反馈我处”.
"""

import re
from collections.abc import Iterator

from reviewer.detectors.rule import Hit, View, load_rules
from reviewer.finding import Severity

RULES = load_rules("draft_mark")
(RULE,) = RULES

_STAGE = r"讨论|征求意见|送审|修改|修订|报批|审议|代拟|会签|上会|送签|未定|过程|待定|草拟|审核"
_OWN = r"初|草|汇报|第[一二三四五六七八九十\d]{1,2}次?"
_IN, _OUT = r"[(〔\[【《]", r"[)〕\]】》]"
_INNER = r"[^()〔〕\[\]【】《》\n]"
DRAFT = re.compile(
    rf"{_IN}{_INNER}{{0,8}}(?:{_STAGE}|(?P<own>{_OWN}))稿{_INNER}{{0,6}}{_OUT}"
    rf"|(?P<bare>(?:内部)?(?:讨论|征求意见|送审|报批|代拟|审议|未定|过程|上会|会签|送签)稿)(?!件|酬|费|纸)"
)
OFFICIAL = re.compile(
    r"关于|办法|方案|细则|规定|意见|通知|通告|决定|规划|条例|预案|标准|纲要|批复|请示|公报|要点|清单|指引|规程"
)
_PUBLISHED = re.compile(
    r"(?:官网|网站|挂网|网上|平台)[^。\n]{0,8}(?:公布|公开|公示|下载|挂)"
    r"|(?:公布|公开|公示|挂)(?:在|于|到)[^。\n]{0,8}(?:官网|网站|平台)|人大(?:网|常委会)[^。\n]{0,6}公布"
)
"""Words that say of a text that it is public, which anybody can claim: they count on the line of the mark only."""
_CONSULTED = re.compile(
    r"公开征(?:求|集)|向社会(?:各界|公众|公开)?(?:公开)?征(?:求|集)|面向公众|反馈邮箱"
    r"|(?:官网|网站|挂网|网上|平台)[^。\n]{0,8}(?:征求|征集|提交)|登录[^。\n]{0,12}[网站台]"
)
"""Words of an open consultation, which count on the lines next to the mark as well."""
_WITHHELD = re.compile(
    r"(?:未|没有?|别|先不|暂不|不要|不得|不能|不准|等着?)(?:正式|对外|向社会|在?[官上挂]?网[上站]?)?(?:公开|公布|挂网|上网|征求|外传|传|发)"
    r"|内部征求|征求各|各[处科]室|日前(?:反馈|报|返)[^。\n]{0,4}(?:我|办公室|[处科局办])|看完[就请]?删|内部[讨传]"
)
_EVERYDAY = re.compile(
    r"婚礼|剧本|小说|作文|论文|歌词|海报|毕业|社团|班会|家长会|物业|业主|公约|征文|演讲|简历|主持词|贺词|文案|绘本|书稿|课文|读后感"
)
_STAGED = re.compile(r"剧里|话剧|公演|剧社|剧组|台词|彩排|毕业论文|硕士论文|导师")
_TAUGHT = re.compile(
    r"应当|不予公开|是指|什么是|什么叫|区别|区分|含义|第[一二三四五六七八九十百]{1,5}条|起草程序|制定程序|例如|比如|举例|格式|怎么写"
)
_REACH = 80

_NOTES = {
    "open": ("出现在公开征求意见的文字里", "in an open consultation"),
    "private": ("出现在个人或者民间文稿上", "on a private text"),
    "taught": ("只是讲起草程序", "drafting is only explained"),
    "own": ("标题不像公文", "the title is not one of an official document"),
}


def detect(view: View) -> Iterator[Hit]:
    """Draft marks, graded by title and by what is said about publishing; the reason names what decided."""
    if "稿" not in view.text:
        return
    for m in view.find(DRAFT):
        if note := _note(view, m):
            zh, en = _NOTES[note]
            yield Hit(
                RULE, m.start(), m.end(), Severity.NOTE, 0.3, None,
                f"稿次标志{zh}，只作提示。", f"A draft mark, {en}; only a note.",
            )  # fmt: skip
        else:
            yield Hit(RULE, m.start(), m.end(), confidence=0.7)


def _note(view: View, m: re.Match[str]) -> str | None:
    """Why the mark does not decide; a text that says it is withheld is never taken for a published one."""
    around = view.around(m.start(), m.end(), _REACH)
    before, after = view.sentence(m.start(), m.end())
    withheld = _WITHHELD.search(around) is not None
    beside = view.beside(m.start(), m.end(), _REACH)
    if (_PUBLISHED.search(beside) or _CONSULTED.search(around)) and not withheld:
        return "open"
    told = beside if OFFICIAL.search(beside) else around
    if _EVERYDAY.search(before[-24:]) or _STAGED.search(told):
        return "private"
    if _TAUGHT.search(f"{before}\n{after}") and not withheld and m["bare"]:
        return "taught"
    if m["own"] and not OFFICIAL.search(before):
        return "own"
    return None
