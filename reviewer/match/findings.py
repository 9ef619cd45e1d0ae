"""What matching says to a person: the document's id and level and the person's own words, never the document's."""

from collections.abc import Mapping, Sequence
from datetime import date

from reviewer.draft import Draft, Lang
from reviewer.finding import ClauseRef, Finding, Match, MatchKind, Severity, Stage
from reviewer.index import Document
from reviewer.index.values import LEVELS
from reviewer.match.likeness import Likeness

STATE_SECRET = ("绝密", "机密", "秘密")
DECLASSIFIED = ("公开", "解密", "已解密")
"""Levels of documents that were secret once and are kept in the index."""

_REASONS = {
    MatchKind.VERBATIM: ("这段文字与索引中的文件逐字相同", "these words stand word for word in an indexed document"),
    MatchKind.NEAR: ("这段文字与索引中的文件几乎相同", "these words are nearly those of an indexed document"),
    MatchKind.PARAPHRASE: ("这段文字像是改写自索引中的文件，事实相同", "this seems rewritten from an indexed document"),
    MatchKind.TITLE: ("引用了索引中文件的名称", "the title of an indexed document is quoted"),
    MatchKind.NUMBER: ("引用了索引中文件的文号", "the number of an indexed document is quoted"),
}


def expired(document: Document) -> bool:
    """Whether its period has passed."""
    return bool(document.expires) and document.expires < date.today().isoformat()


def weight(document: Document) -> tuple[bool, int, str]:
    """Orders documents by what an excerpt inherits: in force, level, and the longest period (none known is longest)."""
    known = document.level in LEVELS
    level = LEVELS.index(document.level) if known else -1 if document.level in DECLASSIFIED else LEVELS.index("内部")
    in_force = not expired(document) and document.level not in DECLASSIFIED
    return in_force, level, document.expires or "9999"


def finding(draft: Draft, like: Likeness, document: Document, clauses: Mapping[str, ClauseRef], lang: Lang) -> Finding:
    """One likeness in words; `clauses` gives the citation of each clause, and none is cited where it is absent."""
    state = document.level in STATE_SECRET
    old = expired(document) or document.level in DECLASSIFIED
    severity = Severity.BLOCK if state and like.blocks and not old else Severity.REVIEW
    named = like.kind in (MatchKind.TITLE, MatchKind.NUMBER)
    clause = ("wx-3" if named else "wx-1") if state else "wx-6"
    zh, en = _REASONS[like.kind]
    if like.held >= 0.005:
        zh, en = f"{zh}，约占该文件的{like.held:.0%}", f"{en}, about {like.held:.0%} of it"
    if expired(document):
        zh, en = f"{zh}（该文件保密期限已过，须核实是否解密）", f"{en} (its period has passed: check declassification)"
    elif old:
        zh, en = f"{zh}（该文件已解密或公开，须核实公开范围）", f"{en} (it is declassified: check how far it is public)"
    return Finding(
        rule=f"match.{like.kind.value}",
        stage=Stage.MATCH,
        severity=severity,
        confidence=round(like.confidence, 4),
        clause=clauses.get(clause),
        span=like.span,
        quote=draft.quote(like.span),
        reason=lang.pick(f"{zh}。", f"{en}."),
        advice=lang.pick(
            "不要发送；删去这部分，按涉密渠道办理。", "Do not send; remove this part and use the classified channel."
        ),
        match=Match(
            doc=document.doc,
            level=document.level,
            kind=like.kind,
            score=round(min(like.score, 1.0), 4),
            draft_share=round(min(like.share, 1.0), 4),
        ),
    )


def inherited(found: Sequence[Finding], sources: Sequence[Document], lang: Lang) -> list[Finding]:
    """The findings; where several documents are drawn on, the first one says what the draft inherits from them."""
    in_force = [s for s in sources if weight(s)[0]]
    if len(in_force) < 2 or not found:
        return list(found)
    level = max(in_force, key=weight).level
    days = [s.expires for s in in_force]
    until = max(days) if all(days) else ""
    zh = f"涉及{len(in_force)}份文件，摘抄按最高密级“{level}”" + (
        f"、最长期限（至{until}）管理。" if until else "管理。"
    )
    en = f" {len(in_force)} documents are drawn on: excerpts inherit the highest level, {level}" + (
        f", and the longest period, until {until}." if until else "."
    )
    first = found[0]
    return [first.model_copy(update={"reason": first.reason + lang.pick(zh, en)}), *found[1:]]
