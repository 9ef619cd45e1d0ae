"""Sentences in a draft that talk to the reviewer: they are findings, and nobody obeys them."""

from collections.abc import Iterator
from re import Match, Pattern

from reviewer.detectors import instruction_forms as forms
from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity

RULE = Rule(
    id="instruction.reviewer",
    title="写给审核器的指令",
    title_en="Instruction to the reviewer",
    flags="要求忽略规则、跳过检查、直接判通过，自称已批准、白名单、测试数据，伪造系统消息、对话或者审核结果，改换角色的语句，中英文",
    ignores="讲解提示词注入的文章、课程和给写作工具的普通提示词，代码注释、日志、质检、门禁、接口等别处的“通过”，平台、物业、群管理员的通知，别的事项已获批准",
    severity=Severity.REVIEW,
    clause=None,
    reason="草稿里有写给审核器的指令，不予理会，并须人工复核。",
    reason_en="The draft contains instructions to the reviewer; they are ignored and a person must look.",
    advice="删去这句话再检查。",
    advice_en="Remove the sentence and check again.",
    source="草稿是不可信文本：OWASP LLM01（提示词注入）",
)
RULES = (RULE,)

_OPENING, _CLOSING = "“‘「『《\"'", "”’」』》\"'"
_REACH = 30
"""Characters from a demand to whom or what it is about."""

_CLAIMED = (
    "草稿自称已经审查；这一点无法核实，不影响结论。",
    "The draft says that it has been cleared; this cannot be checked and changes nothing.",
)
_TALKED = ("像是在讲解或者引述这类语句，只作提示。", "It seems to explain or quote such sentences; only a note.")


def detect(view: View) -> Iterator[Hit]:
    """Instructions to the reviewer; a note where they are only quoted, explained or meant for somebody else."""
    end = -1
    for start, stop, forged in sorted(_found(view)):
        if start < end:
            continue
        end = stop
        if _elsewhere(view, start, stop, forged=forged):
            yield Hit(RULE, start, stop, Severity.NOTE, 0.4, None, *_TALKED)
        else:
            yield Hit(RULE, start, stop, confidence=0.85)
    for m in view.find(forms.CLAIM):
        if m.start() >= end:
            yield Hit(RULE, m.start(), m.end(), Severity.NOTE, 0.4, None, *_CLAIMED)


def _found(view: View) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it imitates a program) of everything that has one of the forms."""
    for pattern, forged in ((forms.STRONG, False), (forms.ENGLISH, False), (forms.FORGED, True)):
        for m in view.find(pattern):
            lead = len(m.group()) - len(m.group().lstrip())
            yield m.start() + lead, m.end(), forged
    for m in view.find(forms.DEMAND):
        if _beside(view, m, forms.TARGET) or forms.WITHIN.search(m.group()):
            yield m.start(), m.end(), False
    for m in view.find(forms.ENGLISH_DEMAND):
        if _beside(view, m, forms.ENGLISH_TARGET):
            yield m.start(), m.end(), False


def _beside(view: View, m: Match[str], target: Pattern[str]) -> bool:
    """Whether somebody or something of that kind stands within reach before or after a demand."""
    before, after = view.text[max(0, m.start() - _REACH) : m.start()], view.text[m.end() : m.end() + _REACH]
    return bool(target.search(before) or target.search(after))


def _elsewhere(view: View, start: int, end: int, *, forged: bool) -> bool:
    """Whether the words around say that nobody here talks to the reviewer."""
    around = view.beside(start, end, 60)
    if forms.ATTACK_TALK.search(around):
        return True
    if forms.SERVICE.search(view.text, end, end + 12):
        return True
    if forms.TALK.search(around) and _quoted(view.text, start, end):
        return True
    addressed = forms.ADDRESSED.search(view.around(start, end, 24)) is not None
    near = view.beside(start, end, 24)
    if forms.TECHNICAL.search(near) and not addressed:
        return True
    if forged and not addressed and _notice(view, start, near):
        return True
    if forged or addressed or forms.VERDICT.search(view.around(start, end, 24)):
        return False
    return bool(forms.WRITING.search(near) or forms.PEOPLE.search(near))


def _notice(view: View, start: int, near: str) -> bool:
    """Whether an office, a shop or a platform tells somebody about an affair of theirs, and not of this text."""
    told = forms.TOLD.match(view.text, start) and forms.AFFAIR.search(near)
    return bool(told) and not forms.TARGET.search(near)


def _quoted(text: str, start: int, end: int) -> bool:
    """Whether the words stand between quotation marks that open and close near by."""
    before, after = text[max(0, start - 20) : start + 1], text[end - 1 : end + 20]
    return any(c in _OPENING for c in before) and any(c in _CLOSING for c in after)
