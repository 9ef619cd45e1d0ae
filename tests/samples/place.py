"""A place of a file that people forget, and how a file is made that has given words there."""

from collections.abc import Callable
from dataclasses import dataclass

from reviewer.readers.reasons import Reason

Maker = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """A file by name; `make` puts words (without `<`, `&`, quotes) into it, which must be found at `place`.

    Where `named` is given, a part of the file must be named as not examined; `place` may be empty then.
    """

    name: str
    make: Maker
    place: str = ""
    named: Reason | None = None
