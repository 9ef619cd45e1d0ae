"""Citations against what the station knows: of laws the library, of documents the index as the match stage asked it.

A citation that is not known here is not therefore wrong: the library holds excerpts. Only beyond the last article of a
law, and only where that article is held, is an article said not to exist.
"""

import re
from collections.abc import Iterator

from reviewer.compare.citations import CASE, TITLE, Citation, Point, citations, is_law
from reviewer.compare.cited import Cited, Why
from reviewer.compare.letters import letters
from reviewer.compare.library import Library, tail
from reviewer.draft import Draft
from reviewer.finding import Stage
from reviewer.normalise import fold
from reviewer.verdict import Review

_DOCUMENT = re.compile(
    r"^关于.+(?:通知|通报|意见|方案|报告|批复|函|纪要|规划|计划|要点|公告|通告|决议|请示|预案|专报)$"
    r"|(?:通知|通报|意见|方案|批复|纪要|公告|通告|决议|请示|预案|专报)$"
)
"""Titles of official documents that are no law."""


def check(prompt: Draft, answer: Draft, review: Review, library: Library) -> Iterator[Cited]:
    """What is to be told of the answer's citations; what the prompt cites is the person's own."""
    checking = _Checking(prompt, answer, review, library)
    yield from checking.indexed()
    yield from checking.numbers()
    yield from checking.titles()
    yield from checking.cases()
    yield from checking.laws()


class _Checking:
    def __init__(self, prompt: Draft, answer: Draft, review: Review, library: Library) -> None:
        self._answer, self._review, self._library = answer, review, library
        self._folded = fold(answer.text)
        self._asked = letters(prompt.text)
        self._named = [f for f in review.findings if f.rule in ("match.number", "match.title")]
        """What the match stage found registered in the index."""
        own = list(citations(fold(prompt.text).text, library.knows))
        self._own = {(self._law(c.law), p.number) for c in own for p in c.points} | {
            (self._law(c.law), None) for c in own
        }
        failed = any(u.stage is Stage.MATCH for u in review.unfinished)
        matched = Stage.MATCH in review.timings_ms and not failed
        self._matched = max((b for _, b in review.examined), default=len(answer.text)) if matched else 0
        """Up to here the index was asked: a very long answer is not compared to its end."""

    def indexed(self) -> Iterator[Cited]:
        """Numbers and titles of indexed documents."""
        for f in self._named:
            if f.match and letters(f.quote) not in self._asked:
                yield Cited(span=f.span, quote=f.quote, cited=f.quote, why=Why.INDEXED, doc=f.match.doc)

    def numbers(self) -> Iterator[Cited]:
        """Document numbers that neither the prompt, nor the index, nor a shipped text gives."""
        registered = {tail(f.quote) for f in self._named if f.rule == "match.number"}
        for f in self._review.findings:
            number = tail(f.quote)
            if not f.rule.startswith("number.") or not number or number in self._asked or number in registered:
                continue
            if not self._meets(f.span) and not self._library.mentions(f.quote):
                yield self._told(f.span, Why.NUMBER)

    def titles(self) -> Iterator[Cited]:
        """Titles of official documents that are no law."""
        for m in TITLE.finditer(self._folded.text):
            name, span = m["name"], self._folded.to_draft(*m.span())
            if is_law(name) or not _DOCUMENT.search(name) or letters(name) in self._asked:
                continue
            if not self._meets(span) and not self._library.knows(name):
                yield self._told(span, Why.TITLE)

    def cases(self) -> Iterator[Cited]:
        """Case numbers, which nothing here can check."""
        for m in CASE.finditer(self._folded.text):
            if letters(m.group()) not in self._asked:
                yield self._told(self._folded.to_draft(*m.span()), Why.CASE)

    def laws(self) -> Iterator[Cited]:
        """Laws, their articles, and what is quoted from them."""
        for c in citations(self._folded.text, self._library.knows):
            yield from self._citation(c)

    def _citation(self, c: Citation) -> Iterator[Cited]:
        law, laws, name = self._law(c.law), self._library.laws(c.law), f"《{c.law}》"
        if not laws:
            own = letters(c.law) in self._asked and all((law, p.number) in self._own for p in c.points)
            span = self._folded.to_draft(c.start, c.points[0].stop if c.points else c.stop)
            if not own and not self._meets(span):
                yield self._told(span, Why.LAW, name + (c.points[0].written if c.points else ""))
            return
        for place, p in enumerate(c.points):
            why = None if (law, p.number) in self._own else self._article(c.law, p)
            if why:
                start = c.start if place == 0 or p.start == c.points[0].start else p.start
                below = p.below if why is Why.PARAGRAPH else ""
                yield self._told(self._folded.to_draft(start, p.stop), why, f"{name}{p.written}{below}")
        if c.said and letters(c.said) not in self._asked:
            held = [law.articles.get(p.number) for law in laws for p in c.points]
            why = Why.QUOTED if any(h and h.says(c.said) for h in held) else Why.QUOTATION
            if why is Why.QUOTED or all(any(p.number in law.articles for law in laws) for p in c.points):
                written = "、".join(p.written for p in c.points)
                yield self._told(self._folded.to_draft(c.start, c.stop), why, f"{name}{written}")

    def _article(self, cited: str, p: Point) -> Why | None:
        """What is wrong with an article, or with a paragraph of it."""
        laws = self._library.laws(cited)
        held = [law.articles[p.number] for law in laws if p.number in law.articles]
        if not held:
            ended = all(law.last and p.number > law.last for law in laws)
            return Why.ARTICLE if ended or p.number[0] == 0 else Why.UNHELD
        wrong = all(h.whole and p.paragraph > h.paragraphs for h in held)
        return Why.PARAGRAPH if wrong else None

    def _law(self, cited: str) -> tuple[str, ...]:
        """By which a law is told from others, whatever it is called."""
        return tuple(law.name for law in self._library.laws(cited)) or (letters(cited),)

    def _meets(self, span: tuple[int, int]) -> bool:
        """Whether a range is, in part, what the index has registered."""
        return any(f.span[0] < span[1] and span[0] < f.span[1] for f in self._named)

    def _told(self, span: tuple[int, int], why: Why, cited: str = "") -> Cited:
        quote = self._answer.quote(span)
        return Cited(span=span, quote=quote, cited=cited or quote, why=why, index=span[1] <= self._matched)
