"""The screen's side of the audit log: recorded first, remembered second, shown last."""

import contextlib
from typing import TYPE_CHECKING

from reviewer.draft import Draft
from reviewer.errors import AuditError
from reviewer.reports.record import digest
from reviewer.tui.session import Session
from reviewer.verdict import Review

if TYPE_CHECKING:
    from reviewer.audit import Log
    from reviewer.audit.events import Reason
    from reviewer.precedents import Precedent


class Ledger:
    """Writes what happens on the screen; every method raises `AuditError` when it cannot be written."""

    def __init__(self, log: "Log", session: Session) -> None:
        self._log = log
        self._session = session
        self._closed = False

    def ready(self) -> None:
        """Nothing is checked where nothing can be recorded."""
        from reviewer.audit.events import started

        self._log.start(started("tui"))

    def finish(self, draft: Draft, review: Review, screen: str) -> Review:
        """Weigh a review against the session, record it, remember it; then that screen may show it."""
        weighed = self._record(draft, review)
        self._session.remember(draft, weighed, screen)
        return weighed

    def end_early(self, draft: Draft, review: Review, screen: str, *, overtaken: bool) -> None:
        """Record what was shown of a review that ended early; remember it unless something newer overtook it."""
        weighed = self._record(draft, review)
        if not overtaken:
            self._session.remember(draft, weighed, screen, early=True)

    def _record(self, draft: Draft, review: Review) -> Review:
        from reviewer.audit.events import reviewed

        weighed = self._session.weigh(draft, review)
        self._log.append(reviewed(draft, weighed, digest(weighed), "typed"))
        self._session.mark(draft, weighed)
        if self._closed:
            self.close()
        return weighed

    def weigh(self, draft: Draft, review: Review) -> Review:
        """A review that was recorded before, by what the session knows now; this records nothing."""
        return self._session.weigh(draft, review)

    def hit(self, draft: Draft, review: Review) -> None:
        """Record what the index knows of a draft, which is shown while later stages still read."""
        from reviewer.audit.events import reviewed

        self._log.append(reviewed(draft, review, digest(review), "typed"))

    def override(self, draft: Draft, review: Review, reason: "Reason") -> None:
        """A person copies a draft that should be reviewed."""
        from reviewer.audit.events import overridden

        self._log.append(overridden(draft, digest(review), reason))

    def shown(self, doc: str) -> None:
        """A person is about to see words of an indexed document."""
        from reviewer.audit.events import indexed

        self._log.append(indexed("show", [doc]))

    def precedent(self, made: "Precedent") -> None:
        """A person says that a draft was judged wrongly."""
        from reviewer.audit.events import precedent_added

        self._log.append(precedent_added(made.verdict.value, made.labels, made.text))

    def close(self) -> None:
        """The checkpoint at the end, where it still can be written; a check that ends after it has one of its own."""
        self._closed = True
        with contextlib.suppress(AuditError):
            self._log.close()
