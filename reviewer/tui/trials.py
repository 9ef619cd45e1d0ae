"""The search for the smallest change, in a thread: the newest wins, and what it read is no verdict."""

from dataclasses import dataclass

from textual.message_pump import MessagePump

from reviewer.draft import Draft, Lang
from reviewer.errors import Cancelled, ReviewerError
from reviewer.finding import Stage
from reviewer.tui.messages import TrialRead, TrialsDone
from reviewer.tui.newest import Newest
from reviewer.tui.words import say
from reviewer.verdict import Review, StageResult


@dataclass(slots=True)
class Searching:
    """The search that runs."""

    trial: int
    since: float
    """By the clock of the app, in seconds."""
    reads: int = 0


class Trials(Newest[Searching]):
    """Has the station's judge read variants of a draft and posts the plan to the screen that asked."""

    def start(self, draft: Draft, review: Review, to: MessagePump, *, lessened: bool) -> None:
        """Stop what runs and search anew."""
        from reviewer.redact.search import search

        number = self._next()
        self.running = Searching(number, self._clock())

        def judge(variant: Draft) -> StageResult:
            if number != self._number:
                raise Cancelled
            to.post_message(TrialRead(number))
            return self._station.reviewer.alone(Stage.JUDGE, variant)

        def topic(text: str) -> str:
            if number != self._number:
                raise Cancelled
            return self._station.topic(text)

        def run() -> None:
            try:
                plan = search(draft, review, judge, topic, self._station.config.lang, lessened=lessened)
                to.post_message(TrialsDone(number, plan, ""))
            except Cancelled:
                to.post_message(TrialsDone(number, None, ""))
            except ReviewerError as exc:
                to.post_message(TrialsDone(number, None, str(exc)))
            except Exception:
                to.post_message(TrialsDone(number, None, say("search_failed", self._station.config.lang)))
                raise

        self._begin(run, "trials")

    def note(self, message: TrialRead | TrialsDone) -> bool:
        """Take a message into account; false for one of an older search."""
        if self.running is None or message.trial != self.running.trial:
            return False
        if isinstance(message, TrialsDone):
            self.running = None
        else:
            self.running.reads += 1
        return True

    def progress(self, lang: Lang) -> str:
        """What runs, how far it may go, for how long; empty when nothing runs."""
        if self.running is None:
            return ""
        from reviewer.redact.search import READINGS

        seconds = f"{self._clock() - self.running.since:.0f}"
        return say("searching", lang, n=self.running.reads, most=READINGS, seconds=seconds)
