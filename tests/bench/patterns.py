"""How long every pattern of the product takes on texts made from it to make it work hardest.

`python -m tests.bench.patterns LENGTH [SEED]` prints the patterns that take longer than wished on LENGTH
characters; processor time. The texts are made from the parsed pattern: words that it matches, the same without their
end, and each character that it repeats, over and over; and one long run of what it repeats behind what stands before.
"""

import importlib
import pkgutil
import random
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import reviewer
from reviewer.normalise.lexicon import load_lexicon
from reviewer.readers import css
from reviewer.redact.details import load_patterns
from tests.bench.wishes import judged

SEED = 20261128
WORDS = 4
"""Words made of a pattern, each with other branches and repeats."""
REPEATED = 6
"""How often a part is repeated at most in a word."""
LONG = 8
"""A part that may stand so often is tried alone, too."""
AT_A_PLACE = (
    "match.titles.REGISTERED", "models._KINDS", "detectors.instruction_forms.TOLD", "detectors.people._VALUE",
    "normalise.unmask._NAMED", "normalise.unmask._MARKED", "normalise.unmask._STARRED", "readers.calendar.PROPERTY",
    "readers.html.PROGRAM", "readers.sheet.REFERENCE", "detectors.mark_forms.EXPLAINED",
)  # fmt: skip
"""Patterns that are only asked whether they match at one place: behind a word, at the begin of a value or a line."""
LINES = ("detectors.mark_forms.LAYOUT", "detectors.official._FOOT")
"""Patterns that are asked whether they match a whole line of `LINE` characters at most."""
LINE = 100
BEFORE = {"detectors.document_number._ISSUER": 24}
"""Patterns that are looked for in so many characters before a place."""
WITHIN = {"readers.css.STRING": ("content:", css.CONTENT)}
"""Patterns that are asked of what another has found only, and what that wants to begin with."""
FIRST, STEP = 16, 4
"""Characters of the shortest text, and how much longer each next one is."""
SIFTED, KEPT = 8192, 3
"""From so many characters on only so many kinds of text are tried, those that took longest."""
TRIES = 3
"""More tries before a time that grew too much is believed: others use the machine, too."""
SQUARE = 9.0
"""Times longer for four times the text: 4 is linear, 16 quadratic."""
LEAST_S = 0.02
"""Below this a time is too short to tell how it grows."""
ELSEWHERE = ("__main__", "system.windows")
"""Modules that are not imported here: programs, and what only Windows has."""
WISHED_S = 0.2
"""What a pattern may take on 1 MB by the fault table."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text: what stands once at its begin, and what is repeated behind it."""

    head: str
    unit: str

    def text(self, length: int) -> str:
        """So many characters."""
        return (self.head + self.unit * (length // len(self.unit) + 1))[:length]


@dataclass(frozen=True, slots=True)
class Worst:
    """A pattern's longest time."""

    name: str
    size: int
    """Characters of the text."""
    seconds: float
    kind: Kind
    growth: float
    """Times longer for `STEP` times the text."""

    @property
    def square(self) -> bool:
        """Whether the time grows as much more than the text as that of a quadratic pattern."""
        return self.growth > SQUARE

    @property
    def per_million(self) -> float:
        """Seconds for 1 MB."""
        return self.seconds * 2**20 / max(self.size, 1)


def patterns() -> dict[str, "re.Pattern[str]"]:
    """Every compiled pattern over text that a module of the product holds and looks for anywhere, by its first name."""
    found: dict[int, tuple[str, re.Pattern[str]]] = {}
    for module in pkgutil.walk_packages(reviewer.__path__, "reviewer."):
        if not module.name.endswith(ELSEWHERE):
            for name, value in vars(importlib.import_module(module.name)).items():
                for where, pattern in _held(value, f"{module.name.removeprefix('reviewer.')}.{name}"):
                    found.setdefault(id(pattern), (where, pattern))
    for spellings in load_lexicon():
        for name in ("pattern", "vertical", "backwards"):
            pattern = getattr(spellings, name)
            found[id(pattern)] = (f"normalise.lexicon.{spellings.word.text}.{name}", pattern)
    found |= {id(pattern): (f"redact.details.{row.id}", pattern) for row, pattern in load_patterns()}
    return dict(found.values())


def _held(value: object, name: str, depth: int = 0) -> Iterator[tuple[str, "re.Pattern[str]"]]:
    """The patterns in a value: by itself, in lists and tables, in values of the product's own classes."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
    elif depth < 4 and isinstance(value, list | tuple | frozenset):
        for i, inner in enumerate(value):
            yield from _held(inner, f"{name}[{i}]", depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for key, inner in value.items():
            yield from _held(inner, f"{name}[{key}]", depth + 1)
    elif depth < 4 and type(value).__module__.startswith("reviewer"):
        for key in (*getattr(value, "__slots__", ()), *getattr(value, "__dict__", ()), *_cached(type(value))):
            yield from _held(getattr(value, key, None), f"{name}.{key}", depth + 1)


def _cached(kind: type) -> list[str]:
    return [name for name, value in vars(kind).items() if isinstance(value, cached_property)]


def kinds(pattern: "re.Pattern[str]", seed: int = SEED) -> list[Kind]:
    """Words that match, the same without their end, their first half, and what the pattern repeats: over and over, and
    behind the words that lead to it.
    """
    tree = parser.parse(pattern.pattern, pattern.flags)
    rng = random.Random(seed)
    made: dict[Kind, None] = {}
    for _ in range(WORDS):
        word = _word(tree, rng)
        made.update(dict.fromkeys(Kind("", u) for u in (word, word[:-1], word[: len(word) // 2], f"{word}\n")))
        for before, part in _repeats(tree, rng):
            unit = _word(part, rng)
            made.update({Kind("", unit): None, Kind(before, unit): None, Kind(before, " "): None})
    return [kind for kind in made if kind.unit]


def _word(items: Iterable[tuple[Any, Any]], rng: random.Random) -> str:
    """Something that the items match, look-around and back references aside."""
    return "".join(_piece(code, value, rng) for code, value in items)


def _piece(code: Any, value: Any, rng: random.Random) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code in (codes.NOT_LITERAL, codes.ANY):
        return "甲"
    if code is codes.IN:
        return _member(value, rng)
    if code is codes.BRANCH:
        return _word(rng.choice(value[1]), rng)
    if code is codes.SUBPATTERN:
        return _word(value[3], rng)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        times = rng.choice((value[0], max(value[0], min(value[1], REPEATED))))
        return "".join(_word(value[2], rng) for _ in range(times))
    return _word(value, rng) if code is codes.ATOMIC_GROUP else ""


CLASSES = {
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_WORD: "甲",
    codes.CATEGORY_NOT_SPACE: "甲",
    codes.CATEGORY_NOT_DIGIT: "甲",
    codes.CATEGORY_NOT_WORD: ",",
}


def _member(members: list[tuple[Any, Any]], rng: random.Random) -> str:
    """A character of a class; of a negated one a character that is most likely outside."""
    if members[0][0] is codes.NEGATE:
        return "甲"
    code, value = rng.choice(members)
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return chr(rng.randint(*value))
    return CLASSES[value]


def _repeats(items: Iterable[tuple[Any, Any]], rng: random.Random, before: str = "") -> Iterator[tuple[str, Any]]:
    """What a pattern repeats often, each with a word that leads to it."""
    for code, value in items:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            if value[1] >= LONG:
                yield before, list(value[2])
            yield from _repeats(value[2], rng, before)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, rng, before)
        elif code is codes.SUBPATTERN:
            yield from _repeats(value[3], rng, before)
        elif code is codes.ATOMIC_GROUP:
            yield from _repeats(value, rng, before)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repeats(value[1], rng, before)
        before += _piece(code, value, rng) if code not in (codes.ASSERT, codes.ASSERT_NOT) else ""


def ask(name: str, pattern: "re.Pattern[str]", text: str) -> None:
    """Ask a pattern as the product does."""
    if name.startswith(AT_A_PLACE):
        pattern.match(text)
        pattern.fullmatch(text)
        return
    if name.startswith(LINES):
        for start in range(0, len(text), LINE):
            pattern.fullmatch(text, start, start + LINE)
        return
    before = next((size for start, size in BEFORE.items() if name.startswith(start)), 0)
    if before:
        for start in range(0, len(text), before):
            pattern.search(text, start, start + before)
        return
    begin, outer = WITHIN.get(name, ("", None))
    for found in outer.findall(begin + text) if outer else [text]:
        for _ in pattern.finditer(found):
            pass


def seconds(name: str, pattern: "re.Pattern[str]", kind: Kind, length: int) -> float:
    """Processor time to ask a pattern of so many characters."""
    text = kind.text(length)
    started = time.process_time()
    ask(name, pattern, text)
    return time.process_time() - started


def worst(name: str, pattern: "re.Pattern[str]", length: int, seed: int = SEED) -> Worst:
    """The kind of text on which a pattern takes longest. Texts grow from short ones, so that a pattern which takes more
    than linear time is told before it takes minutes.
    """
    left, size = kinds(pattern, seed), FIRST
    most = Worst(name, 0, 0.0, Kind("", "甲"), 1.0)
    while left and size < length:
        size = min(length, size * STEP)
        timed = sorted(((seconds(name, pattern, kind, size), kind) for kind in left), key=itemgetter(0), reverse=True)
        left = [kind for _, kind in (timed[:KEPT] if size >= SIFTED else timed)]
        most = Worst(name, size, *timed[0], 1.0)
        if most.seconds > LEAST_S:
            grown = [_grown(name, pattern, took, kind, size) for took, kind in timed[:KEPT] if took > LEAST_S]
            most = max(
                (Worst(name, size, took, kind, g) for g, took, kind in grown), key=lambda w: (w.square, w.seconds)
            )
            if most.square:
                break
    return most


def _grown(name: str, pattern: "re.Pattern[str]", took: float, kind: Kind, size: int) -> tuple[float, float, Kind]:
    """How many times longer a pattern takes than for a part of the text, the least of some tries."""
    growth = took / max(seconds(name, pattern, kind, size // STEP), 1e-6)
    tries = 0
    while growth > SQUARE and tries < TRIES:
        took = seconds(name, pattern, kind, size)
        growth = min(growth, took / max(seconds(name, pattern, kind, size // STEP), 1e-6))
        tries += 1
    return growth, took, kind


def main(length: int, seed: int) -> int:
    """Print every pattern that takes longer than wished, and how many do not; the exit status says whether each takes
    linear time.
    """
    every = patterns()
    sys.stdout.write(f"{len(every)} patterns, {length:,} characters each, seed {seed}\n")
    slow = square = 0
    for name, pattern in every.items():
        w = worst(name, pattern, length, seed)
        if not w.square and w.per_million <= WISHED_S:
            continue
        slow, square = slow + 1, square + w.square
        grows = f", grows {w.growth:.0f} times for {STEP} times the text" if w.square else ""
        on = f"{w.kind.head!a:.40} and {w.kind.unit!a:.40} over and over"
        sys.stdout.write(f"{name}: {w.seconds:.3f} s on {w.size:,} ({w.per_million:.2f} s on 1 MB){grows}, on {on}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(every) - slow} take at most what is wished, {slow - square} longer, ")
    sys.stdout.write(f"{square} more than linear time\n")
    return judged({"no pattern takes more than linear time": not square})


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else SEED))
