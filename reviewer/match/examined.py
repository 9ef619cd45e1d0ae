"""Which parts of a draft are compared: its beginning, without what anyone may say or what is told already."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import Stage
from reviewer.match.likeness import Likeness
from reviewer.match.public import spread
from reviewer.match.source import Source
from reviewer.normalise import fold
from reviewer.verdict import Unfinished

LIMIT = 100_000
"""Characters of a draft that are compared; the rest is reported as not examined."""


def cut(draft: Draft, folded: Folded) -> tuple[Draft, Folded]:
    """The draft and its folded text, no longer than `LIMIT`."""
    if len(draft.text) <= LIMIT:
        return draft, folded
    short = draft.model_copy(update={"text": draft.text[:LIMIT]})
    return short, fold(short.text)


def behind(draft: Draft, lang: Lang) -> tuple[Unfinished, ...]:
    """Says of a draft longer than `LIMIT` that its end was not compared; empty for others."""
    if len(draft.text) <= LIMIT:
        return ()
    reason = lang.pick(f"只比对了前 {LIMIT} 字", f"only the first {LIMIT} characters were compared with the index")
    return (Unfinished(stage=Stage.MATCH, reason=reason),)


def left(draft: Source, public: NDArray[np.bool_], counted: Sequence[Likeness]) -> Callable[[tuple[int, int]], bool]:
    """Tells which ranges of a draft are public or counted already for more than their half.

    `public` marks the draft's runs of `public.RUN` letters that are public.
    """
    seen = spread(public, len(draft.letters.text))
    for like in counted:
        seen[slice(*draft.within(like.span))] = True

    def leave(span: tuple[int, int]) -> bool:
        letters = seen[slice(*draft.within(span))]
        return not len(letters) or bool(letters.mean() > 0.5)

    return leave
