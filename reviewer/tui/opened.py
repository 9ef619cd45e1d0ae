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


class Opened:
    """A file that was read into the box; it knows what of the box comes from it."""

    def __init__(self, draft: Draft, shown: str) -> None:
        """`shown` is its text as the box has it; where lines end otherwise, places are not known any more."""
        places = draft.places if len(shown) == len(draft.text) else ()
        self.draft = draft.model_copy(update={"text": shown, "places": places})

    def of(self, made: Draft) -> Draft:
        """What stands in the box: with name and places while it is as it was read, without what could not be read only
        when it is other material: an edit does not make a picture read.
        """
        if made.text == self.draft.text:
            return self.draft.model_copy(update={"channel": made.channel})
        return made.model_copy(update={"unread": self.draft.unread}) if self._same(made.text) else made

    def _same(self, text: str) -> bool:
        from reviewer.redact.origin import RUN, SHARE, share

        return bool(self.draft.unread) and (len(text) <= RUN or share(text, self._runs) >= SHARE)

    @cached_property
    def _runs(self) -> frozenset[str]:
        from reviewer.redact.origin import runs

        return runs(self.draft.text)
