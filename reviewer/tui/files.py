"""Files of a person: one is read into the draft, the review form is written."""

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.draft import Draft
from reviewer.reports.subject import Reviewed
from reviewer.reports.visible import visible
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.audit import Log
    from reviewer.tui.app import ReviewerApp


class Files:
    """What the main screen takes from files and gives to them; the dialogs are imported when they are opened."""

    def __init__(self, app: "ReviewerApp", log: "Log") -> None:
        self._app = app
        self._log = log

    def open(self) -> None:
        """Ask for a file, and make its text the draft."""
        from reviewer.tui.opening import OpenScreen

        self._app.push_screen(OpenScreen(self._app.main.channel, self._app.lang), self._opened)

    def write_form(self) -> None:
        """Ask for a name, and write the form about the finished review of the draft as it stands."""
        reviewed = self._reviewed
        if reviewed is None:
            self._app.notify(say("check_first", self._app.lang))
        else:
            from reviewer.tui.forms import FormScreen

            subject = self._app.station.subject([reviewed])
            self._app.push_screen(FormScreen(subject, self._app.home, self._log), self._written)

    @property
    def _reviewed(self) -> Reviewed | None:
        draft, review = self._app.main.draft, self._app.main.reviewed
        return Reviewed(draft, review) if review else None

    def _opened(self, draft: Draft | None) -> None:
        if draft is not None:
            self._app.main.bring(draft, None)
            self._app.notify(say("opened_file", self._app.lang, file=visible(draft.id), n=len(draft.text)))

    def _written(self, path: Path | None) -> None:
        if path is not None:
            self._app.notify(say("form_written", self._app.lang, path=visible(str(path))), timeout=15)
