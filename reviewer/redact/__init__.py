"""What could be changed so that a draft may be sent: suggestions, as pure functions over a draft and its findings.

Every suggestion takes information away (a general word, a mask, a neutral sentence, nothing); none paraphrases. What no
edit can make sendable is `held`: a marked document, a copy of an indexed one, a matter that is a state secret. Removing
a mark, or the words that ask for secrecy, is never suggested: they are signs of what the text is, not what is wrong.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from reviewer.draft import Draft, Lang, Span, Value
from reviewer.finding import Finding, MatchKind, Severity, Stage
from reviewer.normalise import fold
from reviewer.redact.details import BESIDE, DATES, Detail, Way, around, core, details, elsewhere, rewrite, together
from reviewer.redact.edits import Edit, edited, moved
from reviewer.redact.sentences import before, sentence, sentences, trim
from reviewer.redact.units import joined, touch

SIGN = re.compile(
    r"(?:别|勿|不要|不得|不许|不准|严禁|请勿|莫)[^，,。；;\n]{0,4}(?:外传|外泄|转发|扩散|声张|往外|说出去|说是|截图|拍照|存)"
    r"|保密|看完[^，,。\n]{0,3}[删清烧]|阅后|烂(?:在)?肚|到你这儿?(?:打住|为止)|先别|悄悄|内部消息|仅供"
)
"""Words that ask for secrecy: a sentence of only these protects the one before it."""

NAMED = ("match.title", "match.number", "number.document")
"""Rules about a document's name; the packs advise to write “有关文件” instead (wx-3)."""

INSTRUCTION = "instruction."
DISGUISE = "disguise."
HIDDEN = "disguise.hidden"
NUMBER = "disguise.number"
MARK = "mark."
ORIGIN = "origin."
"""Rule about a text that was marked earlier."""

DRAFT_MARK = "draft.mark"


class Suggestion(Value):
    """One change: the words at `span` become `replacement`; which finding asks for it, and how it changes the draft."""

    span: Span
    quote: str
    replacement: str
    way: Way
    rule: str
    clause: str | None
    why: str


class Held(Value):
    """A finding that no edit answers, and what to do instead."""

    finding: Finding
    advice: str


class Plan(Value):
    """What to do about a review: changes in the order of the draft, or what holds the whole draft."""

    suggestions: tuple[Suggestion, ...] = ()
    held: tuple[Held, ...] = ()


class Phrase(Value):
    """A sentence in both languages."""

    zh: str
    en: str


@cache
def _phrases() -> dict[str, dict[str, Phrase]]:
    data = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))
    return {kind: {key: Phrase(**row) for key, row in rows.items()} for kind, rows in data.items()}


def plan(draft: Draft, findings: Sequence[Finding], lang: Lang, *, lessened: bool = False) -> Plan:
    """Suggestions for every finding that decides; notes ask for none. One held finding holds the draft.

    Repeating plan, apply and review goes from the mildest change to the strongest: details of the judged sentence; a
    neutral phrase for the clauses that had them, and details everywhere; a phrase for the whole sentence; nothing.
    `lessened` says that the draft is one that was not held, from which suggestions have only taken away: what is left
    is no more secret than the whole was, so the judge alone holds it no more.
    """
    deciding = [f for f in findings if f.severity is not Severity.NOTE]
    held = tuple(h for f in deciding if not (lessened and f.stage is Stage.JUDGE) and (h := _held(draft, f, lang)))
    if held:
        return Plan(held=held)
    chosen: list[Suggestion] = []
    seen: list[Detail] = []
    for finding in sorted(deciding, key=_narrow_first):
        for suggestion, found in _changes(draft, finding, lang):
            if not any(touch(suggestion.span, s.span) for s in chosen):
                chosen.append(suggestion)
                seen += found
    if lessened and any(f.stage is Stage.JUDGE for f in deciding):
        chosen += _everywhere(draft, [s.span for s in chosen], lang)
    for again in elsewhere(draft.text, seen, [s.span for s in chosen]):
        if not any(touch(again.span, s.span) for s in chosen):
            chosen.append(_of_detail(draft, again, again.kind, None, lang))
    return Plan(suggestions=tuple(sorted(chosen, key=lambda s: s.span)))


def apply(text: str, suggestions: Sequence[Suggestion]) -> str:
    """`text` with the suggestions made. Raises `ValueError` when they overlap or are not of this very text."""
    return edited(text, _edits(text, suggestions))


def change(draft: Draft, suggestions: Sequence[Suggestion]) -> Draft:
    """The draft with the suggestions made, and its places where its words are then. Raises `ValueError`."""
    edits = _edits(draft.text, suggestions)
    return draft.model_copy(update={"text": edited(draft.text, edits), "places": moved(draft.places, edits)})


def _edits(text: str, suggestions: Sequence[Suggestion]) -> list[Edit]:
    """What the suggestions do to the text: a sentence that goes takes along what would be left of it."""
    edits: list[Edit] = []
    ordered = sorted(suggestions, key=lambda s: s.span)
    follows = [*(s.span[0] for s in ordered[1:]), len(text)]
    for s, following in zip(ordered, follows, strict=False):
        (begin, end), at = s.span, edits[-1].end if edits else 0
        if begin < at or text[begin:end] != s.quote:
            raise ValueError(f"a suggestion at {s.span} is not of this text")
        if s.way is Way.REMOVE and (begin == 0 or text[begin - 1] in _ENDS) and (m := _REST.match(text, end)):
            end = min(m.end(), max(end, following))
        edits.append(Edit(begin, end, s.replacement))
    return edits


def _held(draft: Draft, finding: Finding, lang: Lang) -> Held | None:
    """Why no edit answers `finding`, if so."""
    held = _phrases()["held"]
    clause = _label(finding)
    key = None
    if finding.rule.startswith(ORIGIN):
        key = "mark"
    elif finding.rule.startswith(MARK):
        key = "wx-1" if finding.severity is Severity.BLOCK else "mark"
    elif finding.match and finding.match.kind not in (MatchKind.TITLE, MatchKind.NUMBER):
        key = "match" if finding.severity is Severity.BLOCK else None
    elif finding.severity is Severity.BLOCK and finding.rule not in NAMED:
        names = clause == "wx-3" and details(draft.text, *sentence(draft.text, finding.span))
        key = None if names else (clause if clause in held else "nothing")
    if key is None:
        return None
    return Held(finding=finding, advice=lang.pick(held[key].zh, held[key].en))


def _changes(draft: Draft, finding: Finding, lang: Lang) -> list[tuple[Suggestion, list[Detail]]]:
    """The mildest changes that still change something for one finding, with the details they are about."""
    text, clause = draft.text, finding.clause.id if finding.clause else None
    if finding.rule.startswith(INSTRUCTION):
        return [(_whole(draft, sentence(text, finding.span), "", Way.REMOVE, finding, lang), [])]
    if finding.rule == HIDDEN:
        return [(_whole(draft, place, "", Way.PLAIN, finding, lang), []) for place in _hidden(draft)]
    if finding.rule == NUMBER:
        return [(_whole(draft, finding.span, _phrases()["phrase"]["pi"].zh, Way.MASK, finding, lang), [])]
    if finding.rule.startswith(DISGUISE):
        plain = fold(finding.quote).text
        return [(_whole(draft, finding.span, plain, Way.PLAIN, finding, lang), [])] if plain != finding.quote else []
    if finding.rule in NAMED or (finding.stage is Stage.DETECT and finding.rule != DRAFT_MARK):
        if found := around(text, finding.span):
            beside = [d for d in details(text, *sentence(text, finding.span)) if d.kind == BESIDE != found.kind]
            return [(_of_detail(draft, d, finding.rule, clause, lang), [d]) for d in (found, *beside)]
        return [(_whole(draft, finding.span, phrase(finding), Way.REPLACE, finding, lang), [])]
    if finding.match:
        return [(_whole(draft, finding.span, "", Way.REMOVE, finding, lang), [])]
    return _sentence_changes(draft, finding, lang)


def _hidden(draft: Draft) -> list[Span]:
    """Every place inside a word where hidden characters stand, each as a whole."""
    text = draft.text
    loose = (d.span for d in fold(text).disguises if d.kind in ("hidden", "control"))
    return [s for s in joined(loose) if text[s[0] - 1 : s[0]].isalnum() and text[s[1] : s[1] + 1].isalnum()]


def _sentence_changes(draft: Draft, finding: Finding, lang: Lang) -> list[tuple[Suggestion, list[Detail]]]:
    """For a judged sentence: its details become general; then the clauses that had them, then all of it."""
    text = draft.text
    span = sentence(text, finding.span)
    found = details(text, *span)
    if not found and SIGN.search(text[span[0] : span[1]]) and (earlier := before(text, span)):
        span = (earlier[0], span[1])
        found = details(text, *span)
    words = text[span[0] : span[1]]
    general = rewrite(text, span, found)
    if found and general != words:
        way, why = together(found, lang)
        made = _whole(draft, span, general, way, finding, lang).model_copy(update={"why": why})
        return [(made, found)]
    own = span if span[0] < sentence(text, finding.span)[0] else core(text, trim(text, finding.span))
    words = "" if (said := phrase(finding)) in text else said
    way = Way.REPLACE if words else Way.REMOVE
    return [(_whole(draft, own, words, way, finding, lang), [])]


def _everywhere(draft: Draft, outside: Sequence[tuple[int, int]], lang: Lang) -> list[Suggestion]:
    """General words for the details of every sentence that is not changed yet; a date alone says little there."""
    made = []
    for span in sentences(draft.text):
        found = [d for d in details(draft.text, *span) if d.kind not in DATES]
        if found and not any(touch(span, o) for o in outside):
            general = rewrite(draft.text, span, found)
            if general != draft.quote(span):
                whole = found[0].model_copy(update={"span": span, "replacement": general})
                made.append(_of_detail(draft, whole, "details", None, lang))
    return made


def _label(finding: Finding) -> str:
    """What phrases are kept by: the judge's label, else the cited clause."""
    if finding.stage is Stage.JUDGE:
        return finding.rule.partition(".")[2]
    return finding.clause.id if finding.clause else ""


def phrase(finding: Finding, about: str = "") -> str:
    """The neutral sentence of the finding's clause, `about` something where that is said.

    A draft is Chinese whatever the screen speaks.
    """
    said = _phrases()["about" if about else "phrase"].get(_label(finding))
    return said.zh.format(about) if said else ""


def not_public() -> str:
    """A sentence before a text that says that nothing of it is public."""
    return _phrases()["status"]["not-public"].zh


_WHY = {
    Way.MASK: ("号码遮盖", "the number is masked"),
    Way.REPLACE: ("这部分改为概括的说法", "this part becomes a general phrase"),
    Way.REMOVE: ("删去这部分", "this part goes"),
    Way.PLAIN: ("改回平常写法，让审查能读到", "plain writing, so that it can be examined"),
}


def reason(way: Way, lang: Lang) -> str:
    """What a change of this kind does; empty where its details say it."""
    return lang.pick(*_WHY[way]) if way in _WHY else ""


def _whole(draft: Draft, span: tuple[int, int], replacement: str, way: Way, finding: Finding, lang: Lang) -> Suggestion:
    return Suggestion(
        span=span,
        quote=draft.quote(span),
        replacement=replacement,
        way=way,
        rule=finding.rule,
        clause=finding.clause.id if finding.clause else None,
        why=reason(way, lang),
    )


def _of_detail(draft: Draft, detail: Detail, rule: str, clause: str | None, lang: Lang) -> Suggestion:
    return Suggestion(
        span=detail.span,
        quote=draft.quote(detail.span),
        replacement=detail.replacement,
        way=detail.way,
        rule=rule,
        clause=clause,
        why=lang.pick(detail.why, detail.why_en),
    )


def _narrow_first(finding: Finding) -> tuple[int, int, int]:
    """Exact findings before sentences, the sure before the doubtful."""
    return -finding.severity.rank, finding.span[1] - finding.span[0], finding.span[0]


_ENDS = "。！？!?；;\n"
_REST = re.compile(r"[。！？!?；;，,、]*[ \t]*\n?")
"""What a removed sentence leaves behind: its closing mark and its line's end."""
