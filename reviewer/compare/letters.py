"""The letters of a text, which are compared, and what two texts share of them."""

from collections.abc import Iterator

from reviewer.normalise import fold

RUN = 8
"""Letters in a row that an answer must share with the prompt before they count as taken from it."""


class Letters:
    """The letters and digits of a text, disguises undone, with the way back."""

    def __init__(self, text: str) -> None:
        self._folded = fold(text)
        self.places = [i for i, c in enumerate(self._folded.text) if c.isalnum()]
        self.text = "".join(self._folded.text[i] for i in self.places)

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The range of the text behind letters `start:stop`."""
        return self._folded.to_draft(self.places[start], self.places[stop - 1] + 1)


def letters(text: str) -> str:
    """The letters alone."""
    return Letters(text).text


def shared(asked: str, said: str) -> Iterator[tuple[int, int]]:
    """Ranges of `said` covered by runs that stand in `asked`; both are letters."""
    known = {asked[i : i + RUN] for i in range(len(asked) - RUN + 1)}
    start = stop = -1
    for i in range(len(said) - RUN + 1):
        if said[i : i + RUN] not in known:
            continue
        if i > stop:
            if stop > 0:
                yield start, stop
            start = i
        stop = i + RUN
    if stop > 0:
        yield start, stop


def share_of(quote: str, asked: str) -> float:
    """The part of a quote's letters that stand in the prompt: all of a short one, or runs of a long one."""
    said = letters(quote)
    if said in asked:
        return 1.0
    return sum(b - a for a, b in shared(asked, said)) / len(said) if said else 1.0
