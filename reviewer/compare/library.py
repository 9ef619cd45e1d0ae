"""What a station knows of laws and official documents without its index: the articles and packs shipped or brought."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewer.compare.citations import ARTICLE, Number, numbers, plain
from reviewer.compare.letters import letters
from reviewer.detectors.document_number import numbers as document_numbers
from reviewer.normalise import fold
from reviewer.regulations import Article, Pack, load_articles, load_packs

_HEADED = re.compile(rf"^(?P<head>{ARTICLE.pattern})[ \u3000]+", re.MULTILINE)
_CLOSING = re.compile(r"^本(?:法|条例|规定|办法|规则|解释|细则|准则)自.{2,40}起施行")
"""What the last article of a law says."""
_ITEM = re.compile(r"^\s*[（(][一二三四五六七八九十]{1,3}[）)]")
_TAIL = re.compile(r"\D{0,2}\d.*")


@dataclass(frozen=True, slots=True)
class Held:
    """The text of an article; only of a `whole` one are the paragraphs known."""

    text: str
    whole: bool

    @property
    def paragraphs(self) -> int:
        """How many paragraphs (款) it has; items are none."""
        return sum(not _ITEM.match(p) for p in self.text.split("\n\n") if p.strip())

    def says(self, quoted: str) -> bool:
        """Whether the quoted words stand in it, in order where something is left out."""
        own, at = letters(self.text), 0
        for part in map(letters, re.split(r"…+|\.{3,}", quoted)):
            found = own.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return True


@dataclass(slots=True)
class Law:
    """A law by its full name, and the articles of it that are held."""

    name: str
    articles: dict[Number, Held] = field(default_factory=dict)

    @property
    def last(self) -> Number | None:
        """The number of its last article, known where the article is held that brings it into force."""
        return next((n for n, held in self.articles.items() if _CLOSING.match(held.text)), None)


class Library:
    """Laws by the names people call them, and the document numbers that their texts mention."""

    def __init__(self, articles: Iterable[Article], packs: Iterable[Pack]) -> None:
        self._laws: dict[str, Law] = {}
        texts: list[str] = []
        for pack in packs:
            self._laws.setdefault(pack.title, Law(pack.title))
            texts += [pack.source, *(c.wording for c in pack.clause)]
        for article in articles:
            held = self._laws.setdefault(article.law, Law(article.law)).articles
            held.update(_held(article))
            texts.append(article.text)
        self._numbers = {tail(number) for text in texts for number in _numbers(text)}

    @classmethod
    def load(cls, directories: Sequence[Path]) -> "Library":
        """The articles shipped in the first folder and the packs of all. Raises `PackError`."""
        return cls(load_articles(directories[0]).values(), load_packs(directories).values())

    def laws(self, cited: str) -> tuple[Law, ...]:
        """The laws that a name may mean: by its own name, or else by letters of it in order, as in 保密法."""
        exact = tuple(law for name, law in self._laws.items() if plain(cited) == plain(name))
        return exact or tuple(law for name, law in self._laws.items() if _abbreviates(plain(cited), plain(name)))

    def knows(self, cited: str) -> bool:
        """Whether a name means any law."""
        return bool(self.laws(cited))

    def mentions(self, number: str) -> bool:
        """Whether a document number stands in a shipped text."""
        return tail(number) in self._numbers


def tail(number: str) -> str:
    """What document numbers are told apart by: of the issuer the last two letters, since a rule may take more."""
    found = _TAIL.search(letters(number))
    return found.group() if found else ""


def _held(article: Article) -> Mapping[Number, Held]:
    """The articles of a row: mostly one; a row that quotes a page holds several, each begun by its number."""
    label = re.sub(r"（[^）]*）", "", article.article)
    if m := ARTICLE.fullmatch(label):
        number, _ = next(numbers(m))
        return {number: Held(article.text, whole=label == article.article)}
    heads = list(_HEADED.finditer(article.text))
    ends = [*(m.start() for m in heads), len(article.text)][1:]
    return {
        next(numbers(m))[0]: Held(article.text[m.end() : end].strip(), whole=False)
        for m, end in zip(heads, ends, strict=True)
    }


def _numbers(text: str) -> Iterator[str]:
    folded = fold(text).text
    return (folded[start:end] for start, end, _ in document_numbers(folded))


def _abbreviates(cited: str, name: str) -> bool:
    rest = iter(name)
    return len(cited) >= 3 and cited[-1] == name[-1] and all(c in rest for c in cited)
