"""The closed lexicon of words people disguise, and the patterns that find each word in any of its spellings."""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reviewer.draft import Value

SEPARATOR = (
    r"</?[A-Za-z][A-Za-z0-9]{0,7}(?:[ \t][^<>\n]{0,40})?/?>|<!--[^<>\n]{0,20}-->|&#?[A-Za-z0-9]{2,6};|[^\S\n]"
    r"|[.,、。丨丶·•‧∙…\-_—~*+=|/\\#@&^%$!?:;'\"“”‘’<>()\[\]【】〔〕「」]"
    r"|[\u2190-\u2bff\u3030\u303d\u3297\u3299\ue000-\uf8ff\ufffc\ufffd]|[\U0001f000-\U0001faff]"
)
"""What is put between the characters of a word: a blank, punctuation, a stroke, a symbol, an emoji, a tag."""

_BETWEEN = rf"(?:{SEPARATOR}){{0,6}}"


class Character(Value):
    """How one character is disguised; `lexicon.toml` explains the fields."""

    char: str
    shapes: str = ""
    parts: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    homophones: str = ""

    def spelling(self, written: str) -> str:
        """The kind of a written form: same, part, shape, sound (homophone), pinyin or initial."""
        if written == self.char:
            return "same"
        if written in self.parts:
            return "part"
        if written.isascii():
            return "pinyin" if len(written) > 1 else "initial"
        return "shape" if written in self.shapes else "sound"

    @property
    def forms(self) -> list[str]:
        """Every written form, longest first, so that `ji` is not read as `j`."""
        latin = [form for s in self.sounds for form in (s, s.capitalize(), s.upper(), s[0], s[0].upper())]
        every = dict.fromkeys([self.char, *self.parts, *self.shapes, *self.homophones, *latin])
        return sorted(every, key=len, reverse=True)


class Word(Value):
    """A word of the lexicon; `lexicon.toml` explains the fields."""

    text: str
    initials: tuple[str, ...]
    before: str
    after: str
    generic: str = ""
    common: bool = False


@dataclass(frozen=True)
class Spellings:
    """A word with its characters: finds every spelling and says how each character is written."""

    word: Word
    characters: tuple[Character, ...]

    @cached_property
    def pattern(self) -> "re.Pattern[str]":
        """One group a character, separators between, no ASCII letters or digits around an ASCII form."""
        groups = ["(" + "|".join(map(re.escape, c.forms)) + ")" for c in self.characters]
        return re.compile(_BETWEEN.join(groups))

    @cached_property
    def vertical(self) -> "re.Pattern[str]":
        """The word written downwards, one character a line, and the star and years below it."""
        below = r"[ \t]*+\r?\n[ \t]*+"
        number = rf"\d(?:(?:{below})?\d)?(?:{below})?(?:年|个?(?:{below})?月)"
        years = rf"(?:{below}[★☆*](?:(?:{below})?(?:{number}|长(?:{below})?期))?)?"
        return re.compile(r"(?m)^[ \t]*" + below.join(self.word.text) + years + r"(?=[ \t\r]*$)")

    @cached_property
    def backwards(self) -> "re.Pattern[str]":
        """The word written from its end."""
        return re.compile(self.word.text[::-1])

    def ordinary(self, before: str, after: str) -> bool:
        """Whether the characters beside the word, empty for none, make another word with one of its own."""
        return bool((before and before in self.word.before) or (after and after in self.word.after))

    def kinds(self, m: "re.Match[str]") -> list[str]:
        """How each character is written."""
        return [c.spelling(g) for c, g in zip(self.characters, m.groups(), strict=True)]


def load_lexicon() -> tuple[Spellings, ...]:
    """Every word, the longest first."""
    data = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text("utf-8"))
    characters = {c["char"]: Character(**c) for c in data["character"]}
    words = sorted((Word(**w) for w in data["word"]), key=lambda w: -len(w.text))
    return tuple(Spellings(word, tuple(characters[c] for c in word.text)) for word in words)
