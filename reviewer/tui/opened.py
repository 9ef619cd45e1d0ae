"""A file as a draft: its text is in the box, and what could not be read of it stays known."""

from functools import cached_property

from reviewer.draft import Draft, Lang
from reviewer.reports.visible import visible
from reviewer.reports.words import COLON
from reviewer.tui.words import say


def unread(draft: Draft, lang: Lang) -> str:
    """A line for every part of a file that could not be read, each with the line end before it."""
    colon = lang.pick(*COLON)
    return "".join(f"\n{say('not_read', lang)}{colon}{visible(u.what)}{colon}{visible(u.reason)}" for u in draft.unread)


REMEMBERED = 50
"""Files that are remembered, the newest: each was an edit of the draft, and Ctrl+Z goes back by as many."""


class Opened:
    """A file that was read into the box."""

    def __init__(self, draft: Draft, shown: str) -> None:
        """`shown` is its text as the box has it; where lines end otherwise, places are not known any more."""
        places = draft.places if len(shown) == len(draft.text) else ()
        self.draft = draft.model_copy(update={"text": shown, "places": places})

    def holds(self, text: str, own: frozenset[str]) -> bool:
        """Whether a text with these runs is this file's material; one too short for a run is where it stands there."""
        from reviewer.redact.origin import SHARE, letters, share

        if own:
            return share(own, self._runs) >= SHARE
        said = letters(text)
        return said in self._letters if said else text.strip() in self.draft.text

    @cached_property
    def _runs(self) -> frozenset[str]:
        from reviewer.redact.origin import runs

        return runs(self.draft.text)

    @cached_property
    def _letters(self) -> str:
        from reviewer.redact.origin import letters

        return letters(self.draft.text)


class Sources:
    """The files that were read into the box since the start; they know what of it comes from them."""

    def __init__(self) -> None:
        self._files: list[Opened] = []

    def add(self, draft: Draft, shown: str, *, again: bool) -> None:
        """A file whose text the box has as `shown`. `again` says that it was read now: where an earlier reading of a
        file of its name gave the same text, that does not count any more.
        """
        made = Opened(draft, shown)
        if again:
            self._files = [f for f in self._files if (f.draft.id, f.draft.text) != (draft.id, shown)]
        self._files = [*self._files, made][-REMEMBERED:]

    def exact(self, text: str) -> Draft | None:
        """The draft of the newest file that was read to this very text."""
        return next((f.draft for f in reversed(self._files) if f.draft.text == text), None)

    def of(self, made: Draft) -> Draft:
        """What stands in the box: with name and places while it is as it was read, and with what could not be read of
        every file whose material it is: neither an edit nor another file makes a picture read.
        """
        exact = self.exact(made.text)
        draft = exact.model_copy(update={"channel": made.channel}) if exact else made
        missing = [f for f in self._files if f.draft.unread]
        if not missing:
            return draft
        from reviewer.redact.origin import runs

        own = runs(made.text)
        unread = [*draft.unread, *(u for f in missing if f.holds(made.text, own) for u in f.draft.unread)]
        return draft.model_copy(update={"unread": tuple(dict.fromkeys(unread))})
