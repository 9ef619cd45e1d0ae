"""The review form about the draft that was checked last, in the one folder for forms that the screen may write to."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from reviewer import durable
from reviewer.errors import SettingsError, WriteError, why
from reviewer.paths import Home
from reviewer.reports.subject import Subject
from reviewer.tui.asking import Asking
from reviewer.tui.keys import FORM, bound
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.audit import Log

KINDS = (".docx", ".pdf")
"""Suffixes of forms; other reports hold words of the draft."""


def folder(home: Home) -> Path:
    """Where forms lie."""
    return home.root / "forms"


class FormScreen(Asking[Path]):
    """Asks for the name of a form and writes it, recorded first, as `reviewer check --report` does."""

    keys = FORM
    title_word, wait_word = "form_title", "forming"
    BINDINGS: ClassVar[list[BindingType]] = bound(FORM)

    def __init__(self, subject: Subject, home: Home, log: "Log") -> None:
        name = f"{say('form_name', subject.lang)}-{subject.made:%Y%m%d-%H%M%S}.pdf"
        super().__init__(say("form_asks", subject.lang, folder=folder(home)), value=name)
        self._subject, self._folder, self._log = subject, folder(home), log

    def work(self, line: str) -> Path:
        """Write the form, whole or not at all; where it lies. Raises `AuditError`, `SettingsError`, `WriteError`."""
        from reviewer.audit.events import reported
        from reviewer.reports import SUFFIXES, write

        suffix = Path(line).suffix.lower()
        if Path(line).name != line or suffix not in KINDS:
            raise SettingsError(say("form_no_name", self._subject.lang))
        if os.path.lexists(self._folder / line):
            raise SettingsError(say("form_exists", self._subject.lang))
        data = write(SUFFIXES[suffix], self._subject)
        self._log.append(reported(suffix, len(self._subject.reviewed)))
        try:
            with durable.folder(self._folder, create=True) as inside:
                durable.replace(inside, line, data)
        except OSError as exc:
            raise WriteError(f"{self._folder / line}: {why(exc)}") from exc
        return self._folder / line

    def action_back(self) -> None:
        """Go back, but not while the form is being written."""
        if self._since is None:
            super().action_back()
