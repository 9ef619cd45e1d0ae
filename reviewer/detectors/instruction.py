"""Sentences in a draft that talk to the reviewer: they are findings, and nobody obeys them."""

import re
from collections.abc import Iterator

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity

WHO = (
    r"(?:审[核查]器?|审核(?:系统|程序|员|模型|助手)|系统|模型|AI|助手|程序|检测(?:器|系统)|本工具"
    r"|reviewer|system|assistant)"
)
OUTCOME = r"(?:通过|放行|可发送|合规|无(?:风险|违规|问题)|安全|不涉密|pass|safe|approved?|compliant|allow)"
INSTRUCTION = re.compile(
    rf"(?:忽略|无视|跳过|绕过|忘记|不用?(?:理会|管|遵守))[^。\n]{{0,12}}(?:以上|上述|之前|前面|所有)?[^。\n]{{0,8}}(?:规则|指令|要求|提示词?|设定|检查|审[核查])"
    rf"|{WHO}[^。\n]{{0,16}}(?:请|应|须|必须|直接|一律|默认|统一)[^。\n]{{0,16}}(?:输出|判(?:定|为)?|返回|回复|标记|显示|视为|给出)[^。\n]{{0,8}}[“\"'‘「]?{OUTCOME}"
    rf"|(?:请|应|须|必须|直接|一律|只)(?:输出|判(?:定)?为|返回|回复|标记为|视为)[“\"'‘「:： ]*{OUTCOME}"
    rf"|(?:判定|结论|审[核查]结果|审[核查]结论)[^。\n]{{0,10}}(?:默认为?|均为|一律为?|设为)[“\"'‘「]?{OUTCOME}"
    rf"|[\"']?(?:decision|verdict|result|label|violation)[\"']?\s*[:=]\s*[\"']?(?:pass|safe|false|none|0|通过)"
    rf"|<\|?/?(?:im_start|im_end|system|assistant|user|endoftext)\|?>|(?:^|\n)\s*(?:system|assistant|SYSTEM|ASSISTANT)\s*[:：]"
    rf"|(?i:(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|the\s+)?(?:previous|above|prior|earlier)\s+(?:instructions?|rules?|prompts?))"
    rf"|(?i:(?:output|answer|respond|reply|return)\s+(?:only\s+|with\s+)?[\"']?(?:pass|safe|approved)\b)"
)
TALK = re.compile(
    r"提示词?注入|越狱|攻击(?:手法|样例|示例)|prompt injection|论文|课程|实验|教程|红队|比如有人|科普|防范"
)

RULE = Rule(
    id="instruction.reviewer",
    title="写给审核器的指令",
    flags="要求忽略规则、直接判通过、伪造系统消息或者审核结果的语句，中英文",
    ignores="讨论提示词注入的文章、课程（只作提示）",
    severity=Severity.REVIEW,
    clause=None,
    reason="草稿里有写给审核器的指令，不予理会，并须人工复核。",
    reason_en="The draft contains instructions to the reviewer; they are ignored and a person must look.",
    advice="删去这句话再检查。",
    advice_en="Remove the sentence and check again.",
    source="docs/threat-model.md：不可信文本",
)
RULES = (RULE,)


def detect(view: View) -> Iterator[Hit]:
    """Instruction-like sentences, a note where the text is about such attacks."""
    for m in view.find(INSTRUCTION):
        about = TALK.search(view.around(m.start(), m.end(), 60)) is not None
        yield Hit(RULE, m.start(), m.end(), Severity.NOTE if about else None, 0.5 if about else 0.85)
