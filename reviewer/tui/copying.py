"""A draft on its way out: copied when it passed, or, where policy allows, for a reason that is recorded first."""

from typing import TYPE_CHECKING

from reviewer.draft import Draft, Lang
from reviewer.errors import AuditError
from reviewer.tui.guard import GuardedApp
from reviewer.tui.ledger import Ledger
from reviewer.tui.reasons import told
from reviewer.tui.words import say
from reviewer.verdict import Decision, Review

if TYPE_CHECKING:
    from reviewer.audit.events import Reason


class Copying:
    """The one way from a draft to the terminal's clipboard."""

    def __init__(self, app: GuardedApp, ledger: Ledger, lang: Lang, *, override: bool) -> None:
        """`override` lets a person copy a draft that should be reviewed, for a reason that is recorded."""
        self._app = app
        self._ledger = ledger
        self._lang = lang
        self._override = override
        self._handed = ""
        """What was handed to the terminal last."""

    def copy(self, draft: Draft, review: Review | None) -> None:
        """Copy a draft whose review passed; where policy allows, ask for the reason to copy one to be reviewed.

        What was marked since then counts.
        """
        review = review and self._ledger.weigh(draft, review)
        if review is not None and review.decision is Decision.PASS:
            self.hand_out(draft.text)
        elif self._override and review is not None and review.decision is Decision.REVIEW and not review.unfinished:
            from reviewer.tui.override import OverrideScreen

            self._app.push_screen(OverrideScreen(self._lang), lambda reason: self._copy_for(draft, review, reason))
        else:
            self._app.notify(say("copy_refused", self._lang), severity="warning")

    def hand_out(self, text: str) -> None:
        """Give text that may go out to the terminal's clipboard: it passed, or a reason to send it is recorded.

        Whether that takes it is not known: the second time, and where nothing may be written, the text is shown alone.
        """
        copied = self._app.write_clipboard(text)
        if copied and text != self._handed:
            self._app.notify(say("copied", self._lang))
        else:
            from reviewer.tui.plain_screen import PlainScreen

            self._app.clear_notifications()
            self._app.push_screen(PlainScreen(text, self._lang, copied=copied))
        self._handed = text

    def _copy_for(self, draft: Draft, review: Review, reason: "Reason | None") -> None:
        if reason is None:
            return
        try:
            self._ledger.override(draft, review, reason)
        except AuditError as exc:
            why = told(str(exc), self._lang)
            self._app.notify(say("copy_unlogged", self._lang, why=why), severity="error", timeout=15)
        else:
            self.hand_out(draft.text)
