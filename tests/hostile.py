"""Strings that a terminal would obey, each between two plain letters and with its number; parts are `hostile.toml`."""

import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

FAMILIES = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text("utf-8"))


def strings() -> list[str]:
    """All of them, `甲n017␛[2J乙` and so on, family by family."""
    return [f"甲{tag(number)}{string}乙" for number, string in enumerate(_bare())]


def tag(number: int) -> str:
    """What stands before the string of that number: it is seen wherever the string was to be shown, in one row."""
    return f"n{number:03}"


def sample(every: int) -> dict[int, str]:
    """One string of so many, by number."""
    return dict(list(enumerate(strings()))[::every])


def _bare() -> Iterator[str]:
    for family in FAMILIES.values():
        for first, last in family.get("ranges", ()):
            yield from map(chr, range(first, last + 1))
        for begin, body, end in product(*(family.get(part, ()) for part in ("begins", "bodies", "ends"))):
            yield f"{begin}{body}{end}"
