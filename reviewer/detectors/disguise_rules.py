"""What each kind of disguise means, for `disguise`."""

from reviewer.detectors.rule import Rule
from reviewer.finding import Severity

_SOURCE = "Unicode UTS 39、UAX 9；formats.md 第 0 节（规避手法）"
_ADVICE = "把这些字改成正常写法再检查；内容涉密的不得发送。"
_ADVICE_EN = "Write it plainly and check again; classified content must not be sent."


def _rule(
    name: str, title: str, title_en: str, flags: str, ignores: str, severity: Severity, reason: str, reason_en: str
) -> Rule:
    return Rule(
        id=f"disguise.{name}",
        title=title,
        title_en=title_en,
        flags=flags,
        ignores=ignores,
        severity=severity,
        clause=None,
        reason=reason,
        reason_en=reason_en,
        advice=_ADVICE,
        advice_en=_ADVICE_EN,
        source=_SOURCE,
    )


WORD = _rule(
    "word",
    "变形的涉密用词",
    "Word of secrecy in disguise",
    "绝密、机密、秘密、密件、内参等词的拆字、加空格符号标签、谐音、形近、带圈、拼音、首字母、倒写，旁边说的是文件；程度随所藏内容",
    "鸡米花、手机密封圈、MJ、md文件等普通用词、品牌、单位、格式，通篇加空格的文字；讲解谐音和暗语的文字（只作提示）",
    Severity.REVIEW,
    "用变形写法藏着涉密用词。",
    "A word of secrecy is written in disguise.",
)
NUMBER = _rule(
    "number",
    "变形的号码",
    "Number in disguise",
    "中文、带圈、分组、隔开、倒写的证件号、手机号等；程度同被藏的号码",
    "序号、日期、比分等不是号码的数字",
    Severity.NOTE,
    "号码用变形写法书写。",
    "A number is written in disguise.",
)
HIDDEN = _rule(
    "hidden",
    "词内的隐藏字符",
    "Hidden characters inside words",
    "汉字、字母之间的零宽等隐藏字符：夹在涉密用词或者其他问题里的，随之定级；三处以上的须复核",
    "表情符号里的连接符、文首的字节序标记、词外的零宽字符",
    Severity.REVIEW,
    "字词中间夹有看不见的字符。",
    "Invisible characters stand inside words.",
)
DIRECTION = _rule(
    "direction",
    "改变文字方向的字符",
    "Characters that change the direction of text",
    "从右往左的强制方向字符，词中间的方向字符",
    "手机复制号码时带的方向字符（只作提示）",
    Severity.REVIEW,
    "含有改变显示方向的字符，看到的和写下的可能不同。",
    "It contains characters that change the direction of the text; what is seen may not be what is written.",
)
TAG = _rule(
    "tag",
    "用标签字符藏的文字",
    "Text hidden in tag characters",
    "用不可见的标签字符写的文字，显示其内容",
    "旗帜表情里的标签字符",
    Severity.REVIEW,
    "用不可见字符藏着文字。",
    "Text is hidden in invisible characters.",
)
LOOKALIKE = _rule(
    "lookalike",
    "混用字母表的词",
    "Word that mixes alphabets",
    "一个词里混用拉丁字母和形近的西里尔、希腊等字母；程度随所藏内容",
    "整段俄文、希腊字母符号",
    Severity.NOTE,
    "一个词里混用了看起来相同的不同文字的字母。",
    "One word mixes letters of different alphabets that look the same.",
)
RULES = (WORD, NUMBER, HIDDEN, DIRECTION, TAG, LOOKALIKE)
