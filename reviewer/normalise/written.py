"""Document numbers written so that no rule sees one: pulled apart, in odd brackets and digits, from their end."""

import re
from collections.abc import Iterator

from reviewer.normalise.characters import is_han
from reviewer.normalise.digits import DIGITS, backwards
from reviewer.normalise.lexicon import SEPARATOR, load_lexicon

_BETWEEN = rf"(?:{SEPARATOR}|\r?\n){{0,6}}"
_HAN = r"\u4e00-\u9fa5"
_DIGIT = rf"[0-9{''.join(DIGITS)}OolI]"
_OPEN, _CLOSE = r"[〔\[(【〖{<「«《]", r"[〕\])】〗}>」»》]"
_NUMBER = re.compile(
    _BETWEEN.join(
        (_OPEN, *(f"({_DIGIT})",) * 4, _CLOSE, rf"((?:第{_BETWEEN})?{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{0,4}})", "号")
    )
)
_REVERSED = re.compile(rf"号(\d{{1,5}}){_CLOSE}(\d{{4}}){_OPEN}([{_HAN}]{{2,14}})")
_SECRET = next(c for s in load_lexicon() for c in s.characters if c.char == "密")
_FORMS = "|".join(re.escape(form) for form in _SECRET.forms if form not in _SECRET.homophones)
"""What 密 is written as before the bracket; a homophone there (米) is the name of a place."""
_ENDING = re.compile(rf"(?P<secret>{_FORMS}){_BETWEEN}$")
_SEPARATORS = re.compile(rf"{SEPARATOR}|\s")
_PLAIN = str.maketrans(DIGITS | dict(zip("OolI", "0011", strict=True)))
_REACH = 80
"""Characters before the bracket that may hold the issuer, separators counted."""


def _first(text: str, last: int, inside: frozenset[str]) -> int:
    """Where the issuer that ends at `last` begins: Chinese, and between it only what also stands inside the number."""
    at = last
    while at > max(0, last - _REACH) and (is_han(text[at - 1]) or text[at - 1] in inside):
        at -= 1
    while at < last and not is_han(text[at]):
        at += 1
    return at


def written_numbers(text: str) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, number) of every document number that reads as one only when it is written out."""
    if "号" not in text:
        return
    for m in _NUMBER.finditer(text):
        ending = _ENDING.search(text, max(0, m.start() - _REACH // 4), m.start())
        last = ending.start() if ending else m.start()
        first = _first(text, last, frozenset(m.group()))
        issuer, kind = _SEPARATORS.sub("", text[first:last]), "spaced"
        if not issuer:
            continue
        if ending:
            issuer += _SECRET.char
            kind = kind if ending["secret"] == _SECRET.char else _SECRET.spelling(ending["secret"])
        year, serial = ("".join(m.groups()[:4]), _SEPARATORS.sub("", m[5]))
        number = f"{issuer}〔{year.translate(_PLAIN)}〕{serial.translate(_PLAIN)}号"
        if number != text[first : m.end()]:
            yield first, m.end(), kind, number
    for m in _REVERSED.finditer(text):
        if backwards(text, m.start(), m.end()):
            yield m.start(), m.end(), "reversed", f"{m[3][::-1]}〔{m[2][::-1]}〕{m[1][::-1]}号"
