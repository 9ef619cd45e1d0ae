"""An AI's answer beside its prompt: what comes from the prompt, what is newly sensitive, which citations nobody knows.

Pure functions over texts, findings and the shipped articles. A citation that is not known here is not therefore wrong:
the library holds excerpts, and no registry of public document numbers is offline. It is for a person to verify.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from reviewer.draft import Draft, Span, Value
from reviewer.finding import Finding, Severity
from reviewer.normalise import fold
from reviewer.regulations import Article

RUN = 8
"""Letters in a row that an answer must share with the prompt before they count as taken from it."""

CARRIED = 0.8
"""Share of a finding's letters that stand in the prompt from which it was carried over, not new."""

CITED = re.compile(
    r"《(?P<law>[^《》\n]{2,40}(?:法|条例|规定|办法|规则|决定|解释|指引))》\s*(?P<article>第(?P<number>[〇零一二三四五六七八九十百千]+|\d{1,4})条)?"
    r"(?:[^“”《》\n]{0,12}“(?P<said>[^“”\n]{8,400})”)?"
)
SINGLE = re.compile(r"第[一二三四五六七八九十百零〇]+条")


class Why(StrEnum):
    """What is doubtful about a citation; the values name the words on the screen."""

    NUMBER = "unknown_number"
    LAW = "unknown_law"
    ARTICLE = "unknown_article"
    QUOTATION = "misquoted"


class Doubt(Value):
    """A citation in the answer that a person should verify."""

    span: Span
    quote: str
    why: Why


class Comparison(Value):
    """What an answer owes to its prompt; all ranges are of the answer."""

    taken: tuple[Span, ...]
    share: float
    """Part of the answer's letters that come from the prompt, in [0, 1]."""
    new: tuple[Finding, ...]
    """Findings about words that the prompt did not contain."""
    carried: tuple[Finding, ...]
    doubts: tuple[Doubt, ...]


class _Letters:
    """The letters and digits of a text, disguises undone, with the way back."""

    def __init__(self, text: str) -> None:
        self._folded = fold(text)
        self.places = [i for i, c in enumerate(self._folded.text) if c.isalnum()]
        self.text = "".join(self._folded.text[i] for i in self.places)

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The range of the text behind letters `start:stop`."""
        return self._folded.to_draft(self.places[start], self.places[stop - 1] + 1)


def compare(prompt: Draft, answer: Draft, findings: Sequence[Finding], articles: Mapping[str, Article]) -> Comparison:
    """Compare an answer with its prompt; `findings` are of the answer's review."""
    asked, said = _Letters(prompt.text), _Letters(answer.text)
    ranges = list(_shared(asked.text, said.text))
    deciding = [f for f in findings if f.severity is not Severity.NOTE]
    old = {i for i, f in enumerate(deciding) if _share_of(f.quote, asked.text) >= CARRIED}
    return Comparison(
        taken=tuple(said.span(a, b) for a, b in ranges),
        share=sum(b - a for a, b in ranges) / len(said.text) if said.text else 0.0,
        new=tuple(f for i, f in enumerate(deciding) if i not in old),
        carried=tuple(f for i, f in enumerate(deciding) if i in old),
        doubts=tuple(
            sorted((*_numbers(findings, asked.text), *_citations(answer.text, asked.text, articles)), key=_place)
        ),
    )


def _shared(asked: str, said: str) -> Iterator[tuple[int, int]]:
    """Ranges of `said` covered by runs that stand in `asked`."""
    known = {asked[i : i + RUN] for i in range(len(asked) - RUN + 1)}
    start = stop = -1
    for i in range(len(said) - RUN + 1):
        if said[i : i + RUN] not in known:
            continue
        if i > stop:
            if stop > 0:
                yield start, stop
            start = i
        stop = i + RUN
    if stop > 0:
        yield start, stop


def _share_of(quote: str, asked: str) -> float:
    """The part of a quote's letters that stand in the prompt: all of a short one, or runs of a long one."""
    letters = _Letters(quote).text
    if letters in asked:
        return 1.0
    return sum(b - a for a, b in _shared(asked, letters)) / len(letters) if letters else 1.0


def _numbers(findings: Sequence[Finding], asked: str) -> Iterator[Doubt]:
    """Document numbers that the prompt did not give; of the issuer two letters count, since a rule may take more."""
    for f in findings:
        number = re.search(r"\D{0,2}\d.*", _Letters(f.quote).text)
        if f.rule.startswith("number.") and number and number.group() not in asked:
            yield Doubt(span=f.span, quote=f.quote, why=Why.NUMBER)


def _citations(text: str, asked: str, articles: Mapping[str, Article]) -> Iterator[Doubt]:
    """Laws, articles and quotations that the library does not hold; what the prompt cites is the person's own."""
    laws: dict[str, list[Article]] = {}
    for article in articles.values():
        laws.setdefault(article.law, []).append(article)
    for m in CITED.finditer(text):
        if _Letters(m.group()).text in asked:
            continue
        why = _doubt(m, laws)
        if why is not None:
            yield Doubt(span=m.span(), quote=m.group(), why=why)


def _doubt(m: re.Match[str], laws: Mapping[str, list[Article]]) -> Why | None:
    known = [a for law, held in laws.items() if _names(m["law"], law) for a in held]
    if not known:
        return Why.LAW
    if m["article"] is None:
        return None
    number = m["number"] if not m["number"].isdigit() else chinese(int(m["number"]))
    same = [a for a in known if a.article == f"第{number}条"]
    if not same:
        return Why.ARTICLE if all(SINGLE.fullmatch(a.article) for a in known) else None
    if m["said"] is None:
        return None
    said = _Letters(m["said"]).text
    return None if any(said in _Letters(a.text).text for a in same) else Why.QUOTATION


def _names(cited: str, law: str) -> bool:
    """Whether a citation names a law: in full, without its state, or by letters of its name in order (保密法)."""
    plain = law.removeprefix("中华人民共和国").partition("（")[0]
    if cited in (law, plain):
        return True
    letters = iter(plain)
    return len(cited) >= 3 and cited[-1] == plain[-1] and all(c in letters for c in cited)


def chinese(number: int) -> str:
    """A number from 1 to 9,999 as articles are counted: 398 is 三百九十八."""
    digits, out, gap = "零一二三四五六七八九", "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + unit
        gap = not digit
    return out.removeprefix("一") if out.startswith("一十") else out


def _place(doubt: Doubt) -> tuple[int, int]:
    return doubt.span
