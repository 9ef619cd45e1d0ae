"""A file is asked for and read in a thread."""

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import ReadError
from reviewer.tui.asking import Asking
from reviewer.tui.keys import OPEN, bound
from reviewer.tui.opened import unread
from reviewer.tui.words import say


class OpenScreen(Asking[Draft]):
    """Reads a file as `reviewer check` does, all but plain text in the limited child."""

    keys = OPEN
    title_word, wait_word = "open_title", "opening"
    BINDINGS: ClassVar[list[BindingType]] = bound(OPEN)

    def __init__(self, channel: Channel, lang: Lang) -> None:
        super().__init__(say("open_asks", lang), placeholder=say("open_place", lang))
        self._channel, self._lang = channel, lang

    def work(self, line: str) -> Draft:
        """The file's draft. Raises `ReadError`, also where there is no text in it."""
        from reviewer.readers import read_file

        try:
            path = Path(line.strip("'\"")).expanduser()
        except RuntimeError:  # a name that only begins like that of somebody's home, as of a file that Word has open
            path = Path(line.strip("'\""))
        draft = read_file(path, self._channel, self._lang)
        if not draft.text.strip():
            raise ReadError(say("no_words", self._lang) + unread(draft, self._lang))
        return draft.model_copy(update={"name": path.name})
