"""How long every pattern of the product takes on texts made from it to make it work hardest.

`python -m tests.bench.patterns LENGTH [SEED]` prints the patterns that take longer than wished on LENGTH
characters; processor time. The texts are made from the parsed pattern: words that it matches, the same without their
end, and each character that it repeats, over and over.
"""

import importlib
import itertools
import pkgutil
import random
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import reviewer
from reviewer.normalise.lexicon import load_lexicon

SEED = 20261128
WORDS = 4
"""Words made of a pattern, each with other branches and repeats."""
REPEATED = 6
"""How often a part is repeated at most in a word."""
LONG = 8
"""A part that may stand so often is tried alone, too."""
LONG_TEXT = 8192
"""Characters on which the worst text of a pattern is looked for, and compared with a fourth of them."""
SQUARE = 9.0
"""Times longer for four times the text: 4 is linear, 16 quadratic."""
LEAST_S = 0.02
"""Below this a time is too short to tell how it grows."""
ELSEWHERE = ("__main__", "system.windows")
"""Modules that are not imported here: programs, and what only Windows has."""
ANCHORED = ("match.registered.REGISTERED", "models._KINDS", "detectors.mark_forms.LAYOUT", "detectors.official._FOOT")
"""Patterns that are asked at one place only: a registered number, a path of a manifest, a line of 100 characters."""
WISHED_S = 0.2
"""What a pattern may take on 1 MB by the fault table."""


@dataclass(frozen=True, slots=True)
class Worst:
    """A pattern's longest time."""

    name: str
    seconds: float
    unit: str
    """What the text repeats."""
    growth: float
    """Times longer for four times the text."""


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
    return {name: pattern for name, pattern in found.values() if not name.startswith(ANCHORED)}


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


def units(pattern: "re.Pattern[str]", seed: int = SEED) -> list[str]:
    """What to repeat: words that match, the same without their end, their first half, and what the pattern repeats."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    rng = random.Random(seed)
    made: dict[str, None] = {}
    for _ in range(WORDS):
        word = _word(tree, rng)
        made.update(dict.fromkeys((word, word[:-1], word[: len(word) // 2], f"{word}\n")))
    for part in _repeats(tree):
        made[_word(part, rng)] = None
    return [unit for unit in made if unit]


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


def _repeats(items: Iterable[tuple[Any, Any]]) -> Iterator[list[tuple[Any, Any]]]:
    """What a pattern repeats often."""
    for code, value in items:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            if value[1] >= LONG:
                yield list(value[2])
            yield from _repeats(value[2])
        elif code is codes.BRANCH:
            yield from itertools.chain.from_iterable(map(_repeats, value[1]))
        elif code is codes.SUBPATTERN:
            yield from _repeats(value[3])
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repeats(value[1])


def seconds(pattern: "re.Pattern[str]", unit: str, length: int) -> float:
    """Processor time to find every match in so many characters of a repeated unit."""
    text = (unit * (length // len(unit) + 1))[:length]
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - started


def worst(name: str, pattern: "re.Pattern[str]", length: int, seed: int = SEED) -> Worst:
    """The unit on which a pattern takes longest, found on shorter texts; quadratic ones go no further."""
    long, unit = max(((seconds(pattern, unit, LONG_TEXT), unit) for unit in units(pattern, seed)), default=(0.0, "甲"))
    if long < LEAST_S:
        return Worst(name, seconds(pattern, unit, length), unit, 1.0)
    grown = min(long / max(seconds(pattern, unit, LONG_TEXT // 4), 1e-6), _again(pattern, unit))
    return Worst(name, seconds(pattern, unit, length) if grown < SQUARE else long, unit, grown)


def _again(pattern: "re.Pattern[str]", unit: str) -> float:
    return seconds(pattern, unit, LONG_TEXT) / max(seconds(pattern, unit, LONG_TEXT // 4), 1e-6)


def main(length: int, seed: int) -> None:
    """Print every pattern that takes longer than wished, and how many do not."""
    every = patterns()
    sys.stdout.write(f"{len(every)} patterns, {length:,} characters each, seed {seed}\n")
    slow = 0
    for name, pattern in every.items():
        w = worst(name, pattern, length, seed)
        if w.growth > SQUARE:
            told = f"{w.seconds:.3f} s on {LONG_TEXT:,}, grows {w.growth:.0f} times for 4 times the text"
        elif w.seconds * 2**20 / length > WISHED_S:
            told = f"{w.seconds:.3f} s"
        else:
            continue
        slow += 1
        sys.stdout.write(f"{w.name}: {told}, on {w.unit!a:.60}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(every) - slow} take at most what is wished, {slow} longer\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else SEED)
