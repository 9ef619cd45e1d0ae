"""What matching says to a person: the document's id and level and the person's own words, never the document's."""

from datetime import date

from reviewer.draft import Draft, Lang
from reviewer.finding import ClauseRef, Finding, Match, MatchKind, Severity, Stage
from reviewer.index import Document

STATE_SECRET = ("绝密", "机密", "秘密")

_REASONS = {
    MatchKind.VERBATIM: ("这段文字与索引中的文件逐字相同", "these words stand word for word in an indexed document"),
    MatchKind.NEAR: ("这段文字与索引中的文件几乎相同", "these words are nearly those of an indexed document"),
    MatchKind.PARAPHRASE: ("这段文字像是改写自索引中的文件，事实相同", "this seems rewritten from an indexed document"),
    MatchKind.TITLE: ("引用了索引中文件的名称", "the title of an indexed document is quoted"),
    MatchKind.NUMBER: ("引用了索引中文件的文号", "the number of an indexed document is quoted"),
}
_TITLES = {
    "wx-1": "不得用微信传播国家秘密文件、资料",
    "wx-3": "不得引用国家秘密文件的内容、名称和文号",
    "wx-6": "不得传播未公开的内部文件、资料",
}


def finding(
    draft: Draft,
    span: tuple[int, int],
    document: Document,
    kind: MatchKind,
    score: float,
    share: float,
    lang: Lang,
    *,
    blocks: bool = True,
) -> Finding:
    """Characters `span` of the draft, a `share` of it, resemble a document; `blocks` where that is certain."""
    state = document.level in STATE_SECRET
    expired = bool(document.expires) and document.expires < date.today().isoformat()
    severity = Severity.BLOCK if state and blocks and not expired else Severity.REVIEW
    named = kind in (MatchKind.TITLE, MatchKind.NUMBER)
    clause_id = ("wx-3" if named else "wx-1") if state else "wx-6"
    zh, en = _REASONS[kind]
    if expired:
        zh, en = f"{zh}（该文件保密期限已过，须核实是否解密）", f"{en} (its period has passed: check declassification)"
    return Finding(
        rule=f"match.{kind.value}",
        stage=Stage.MATCH,
        severity=severity,
        confidence=round(min(score, 1.0), 4),
        clause=ClauseRef(pack="wechat-party-government", id=clause_id, title=_TITLES[clause_id]),
        span=span,
        quote=draft.quote(span),
        reason=lang.pick(f"{zh}。", f"{en}."),
        advice=lang.pick(
            "不要发送；删去这部分，按涉密渠道办理。",
            "Do not send; remove this part and use the classified channel.",
        ),
        match=Match(
            doc=document.doc,
            level=document.level,
            kind=kind,
            score=round(min(score, 1.0), 4),
            draft_share=round(min(share, 1.0), 4),
        ),
    )
