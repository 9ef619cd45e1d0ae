"""Classification marks: a mark blocks, a mention never decides.

Forms: 1990 标志规定 articles 3-5, GB/T 9704-2012 7.2.2, 保密法 articles 20 and 22; work and trade marks:
工作秘密管理暂行办法, 中央企业商业秘密保护暂行规定 articles 13-15.
"""

import re
from collections.abc import Iterator

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity

LEVEL = r"(?:绝\s{0,2}密|机\s{0,2}密|秘\s{0,2}密)"
STAR = "★☆⭐✩✪✭✮✯﹡*▲△"
PERIOD = (
    r"(?:\d{1,2}|[一二三四五六七八九十两]{1,3})\s*(?:年|个?月|天|日)|长\s*期"
    r"|(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?(?:前|后|解密)?|[\u4e00-\u9fa5]{2,12}?(?:开始|结束|公布|完成|解密)?(?:前|后|时|之日)"
)
NOT_STATE = r"(?<!商业)(?<!工作)(?<!个人)(?<!司)"

STARRED = re.compile(rf"{NOT_STATE}{LEVEL}级?\s*[{STAR}·](?:\s*(?:{PERIOD}))?")
REVERSED = re.compile(
    rf"[★☆⭐]\s*{LEVEL}(?![\u4e00-\u9fa5])|(?<![\d\u4e00-\u9fa5])(?:\d{{1,2}})\s*年\s*[★☆⭐]\s*{LEVEL}"
    rf"|{NOT_STATE}{LEVEL}\s*[:：]\s*(?:\d{{1,2}})\s*年(?!级)"
)
LINE = re.compile(rf"(?m)^[\s|>*#]*({LEVEL})级?(?:[\s|]*(?:特急|加急|急件))?[\s|]*$")
FIELD = re.compile(rf"(?:密\s*级|秘密等级|密级和保密期限|涉密等级)\s*[:：|]\s*({LEVEL})")
PORTION = re.compile(rf"(?m)^\s*[\[(【〔]\s*({LEVEL})级?\s*[\])】〕]")
WORK = re.compile(
    r"工作秘密\s*[★☆▲△*]\s*\S{0,6}|[(\[【〔]\s*工作秘密\s*[)\]】〕]|^\s*工作秘密\s*$"
    r"|内部事项\s*[,,]?\s*注意保[管密存]|内部(?:资料|文件|材料|刊物|情况|参考)\s*[,,:：!]?\s*(?:注意保[存密管]|不得外传|严禁外传|请勿外传)"
    r"|此件属工作秘密|[(〔\[]\s*此件不(?:予)?公开\s*[)〕\]]",
    re.MULTILINE,
)
TRADE = re.compile(r"(?:核心|普通)商密|商业秘密\s*[★☆▲△*●◆]\s*\S{0,6}|^\s*商\s*密\s*$", re.MULTILINE)
TELEGRAM = re.compile(r"密码电报|(?:^|[\s(〔])(?:内部明电|密电)(?=[\s)〕]|$)", re.MULTILINE)
COVERED = re.compile(
    r"(?:密级|密标|密级标[识志]|红头|份号)[^。\n]{0,8}(?:遮|挡|盖|抹|裁|去掉|删|马赛克|涂|抠|P掉|p掉)"
    r"|(?:遮|挡|盖|抹|裁|去掉|删掉?|涂|抠)[^。\n]{0,6}(?:密级|密标|红头|份号)"
)

TEACHING = re.compile(
    r"什么意思|怎么(?:标|读|理解|写)|如何标|标注(?:方法|规范|格式|位置)|格式(?:是|为|应)|例如|比如|举例|示例|知识|选择题|判断题|"
    r"填空|单选|多选|答案|试题|考试|题库|教材|培训|宣传|科普|是指|由.{0,12}组成|标志(?:应当|由|形式)|期限(?:不超过|最长)|谐音|道具|剧本|剧组|"
    r"促销|优惠|菜单|口味|秘方|第.{1,4}条"
)

_ADVICE = "不要发送；删除该内容，按涉密渠道办理并告知保密办。"
_ADVICE_EN = "Do not send; remove it, use the classified channel and tell the secrecy office."

STATE = Rule(
    id="mark.classification",
    title="国家秘密标志",
    flags="密级★期限的各种写法、颠倒和误写，独立成行的密级，密级字段，段落密点",
    ignores="商业秘密、工作秘密、手机密封圈等子串，只是谈到某密级的文件，讲解标志写法的文字（只作提示）",
    severity=Severity.BLOCK,
    clause="wx-1",
    reason="带有国家秘密标志，说明正文来自涉密文件。",
    reason_en="It carries a classification mark, so the text comes from a classified document.",
    advice=_ADVICE,
    advice_en=_ADVICE_EN,
    source="1990标志规定第三至五条；GB/T 9704-2012 7.2.2；保密法第二十条、第二十二条",
)
WORK_SECRET = Rule(
    id="mark.work",
    title="工作秘密、内部标志",
    flags="工作秘密、内部事项注意保管、内部资料不得外传、此件不公开等标志",
    ignores="内部控制、内部审计、国内部分等普通用词",
    severity=Severity.REVIEW,
    clause="wx-6",
    reason="带有工作秘密或者内部标志。",
    reason_en="It carries a work-secret or internal mark.",
    advice="先送保密审查；确需传递的走内部平台。",
    advice_en="Have it reviewed first; use the internal platform.",
    source="保密法第六十四条；工作秘密管理暂行办法第三条",
)
TRADE_SECRET = Rule(
    id="mark.trade",
    title="商业秘密标志",
    flags="核心商密、普通商密、商业秘密标志",
    ignores="只是谈到商业秘密",
    severity=Severity.REVIEW,
    clause="ts",
    reason="带有商业秘密标志。",
    reason_en="It carries a trade-secret mark.",
    advice="先经商密审查；按商密渠道传递。",
    advice_en="Have it reviewed; use the trade-secret channel.",
    source="中央企业商业秘密保护暂行规定第十三条",
)
TELEGRAM_HEAD = Rule(
    id="mark.telegram",
    title="电报标志",
    flags="密码电报、内部明电等电报字样",
    ignores="公开发布的发明电通知",
    severity=Severity.REVIEW,
    clause="wx-1",
    reason="出现电报标志，可能来自涉密或者内部电报。",
    reason_en="It names a telegram that may be classified or internal.",
    advice=_ADVICE,
    advice_en=_ADVICE_EN,
    source="密码法第十四条；党政机关公文处理工作条例第九条",
)
COVERED_MARK = Rule(
    id="mark.covered",
    title="遮挡、去除密级标志",
    flags="说要遮住、裁掉、删去密级标志、红头、份号的语句",
    ignores="讲解这种行为违规的文字（只作提示）",
    severity=Severity.REVIEW,
    clause="wx-1",
    reason="提到遮挡或者去除密级标志，原件可能涉密；去掉标志不改变密级。",
    reason_en="It speaks of covering or removing a mark; removing the mark does not change the level.",
    advice=_ADVICE,
    advice_en=_ADVICE_EN,
    source="保密法实施条例第二十七条；种子案例“将密级标识遮挡后拍照”",
)
RULES = (STATE, WORK_SECRET, TRADE_SECRET, TELEGRAM_HEAD, COVERED_MARK)

_MENTION = (
    "只是提到标志（讲解、试题、虚构或者引述），不作为标志处理。",
    "The mark is only mentioned (teaching, quiz, fiction), not used.",
)


def detect(view: View) -> Iterator[Hit]:
    """Marks with the reason why they count as a mark or only as a mention."""
    for pattern, certainty in ((STARRED, 1.0), (REVERSED, 0.95), (FIELD, 1.0), (PORTION, 1.0)):
        for m in view.find(pattern):
            yield _graded(view, STATE, m.start(), m.end(), certainty)
    for m in view.find(LINE):
        number, _ = view.line(m.start(1))
        if number < 15:
            yield _graded(view, STATE, m.start(1), m.end(1), 0.95)
    for rule, pattern in (
        (WORK_SECRET, WORK),
        (TRADE_SECRET, TRADE),
        (TELEGRAM_HEAD, TELEGRAM),
        (COVERED_MARK, COVERED),
    ):
        for m in view.find(pattern):
            start, end = _stripped(m)
            yield _graded(view, rule, start, end, 0.9)


def _stripped(m: re.Match[str]) -> tuple[int, int]:
    text = m.group()
    return m.start() + len(text) - len(text.lstrip()), m.end() - (len(text) - len(text.rstrip()))


def _graded(view: View, rule: Rule, start: int, end: int, certainty: float) -> Hit:
    """A hit, or a note when the words around show that the mark is only talked about."""
    if TEACHING.search(view.around(start, end, 40)):
        return Hit(rule, start, end, Severity.NOTE, 0.5, None, *_MENTION)
    return Hit(rule, start, end, confidence=certainty)
