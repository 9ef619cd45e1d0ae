"""How far a run over many drafts is: a bar on standard error, where a person sees it."""

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

import click

from reviewer.draft import Lang

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

T = TypeVar("T")


@contextlib.contextmanager
def progress(many: int | None, lang: Lang, *, quiet: bool) -> Iterator[Callable[[Iterable[T]], Iterable[T]]]:
    """Counts what passes through the given function, of `many` if that is known.

    There is no bar for a single draft, where standard error is no terminal, or where `quiet`.
    """
    if quiet or many == 1 or not sys.stderr.isatty():
        yield lambda given: given
        return
    label = lang.pick("审查", "reviewing")
    made: ProgressBar[int] = click.progressbar(length=many, label=label, show_pos=True, file=sys.stderr)
    with made as bar:

        def counted(given: Iterable[T]) -> Iterator[T]:
            for one in given:
                yield one
                bar.update(1)

        yield counted
