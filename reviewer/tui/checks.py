"""The checks a screen asks for: one at a time in one thread; the newest wins and older ones are ignored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from textual.app import App
from textual.message_pump import MessagePump

from reviewer.assemble import Station
from reviewer.draft import Draft, Lang
from reviewer.errors import AuditError, Cancelled, ReviewerError
from reviewer.finding import Stage
from reviewer.names import named
from reviewer.reports.words import COLON
from reviewer.tui.ledger import Ledger
from reviewer.tui.messages import LiveDone, NameTells, ReviewDone, ReviewStopped, StageDone
from reviewer.tui.newest import Clock, Newest
from reviewer.tui.reasons import told
from reviewer.tui.words import say
from reviewer.verdict import Review, StageResult


@dataclass(slots=True)
class Running:
    """What is being checked now."""

    check: int
    drafts: Sequence[Draft]
    to: MessagePump
    """The screen that asked."""
    since: float
    """By the clock of the app, in seconds."""
    place: int = 0
    done: list[Stage] = field(default_factory=list)


class Checks(Newest[Running]):
    """Runs drafts through the station's reviewer and posts what comes to the screen that asked."""

    def __init__(self, app: App[int], station: Station, clock: Clock, ledger: Ledger) -> None:
        super().__init__(app, station, clock)
        self._ledger = ledger
        self._failed: dict[MessagePump, str] = {}
        self._by_hand = 0
        """The check that a person stopped last."""

    def start(self, drafts: Sequence[Draft], to: MessagePump) -> int:
        """Stop what runs and check these drafts one after the other; the number that their messages will carry.

        Where the rules find something in the name of a file, the draft comes back with it (`NameTells`), not checked.
        """
        other = self.running.to if self.running is not None and self.running.to is not to else None
        number = self._next()
        if other is not None:
            self._failed[other] = say("overtaken", self._station.config.lang)
        self._failed.pop(to, None)
        self.running = Running(number, drafts, to, self._clock())
        self._begin(partial(self._run, number, tuple(drafts), to), "check")
        return number

    def running_for(self, to: MessagePump) -> bool:
        """Whether the check that runs is this screen's."""
        return self.running is not None and self.running.to is to

    def failed(self, to: MessagePump) -> str:
        """Why this screen's last check did not finish; empty when it did, or when the person stopped it."""
        return self._failed.get(to, "")

    def leave(self, to: MessagePump, *, by_hand: bool = False) -> bool:
        """Stop and forget this screen's check; another screen's goes on. Whether anything ran.

        `by_hand` says that a person wanted it to stop, not that an edit overtook it.
        """
        self._failed.pop(to, None)
        if self.running is None or self.running.to is not to:
            return False
        if by_hand:
            self._by_hand = self.running.check
        return self.stop()

    def note(self, message: StageDone | ReviewDone | ReviewStopped | NameTells) -> bool:
        """Take a message into account; false for one of an older check."""
        running = self.running
        if running is None or message.check != running.check:
            return False
        if isinstance(message, StageDone):
            running.done.append(message.result.stage)
        elif isinstance(message, ReviewDone):
            running.done.clear()
            running.place += 1
        elif isinstance(message, ReviewStopped):
            self._failed[running.to] = message.reason or say("broken_off", self._station.config.lang)
        if isinstance(message, ReviewStopped | NameTells) or running.place == len(running.drafts):
            self.running = None
        return True

    def progress(self, to: MessagePump, lang: Lang) -> str:
        """What runs for this screen, for how long, and what comes after it; empty when nothing does."""
        if self.running is None or self.running.to is not to:
            return ""
        left = [s for s in (Stage.DETECT, *self._station.heavy) if s not in self.running.done]
        names = [say(s.value, lang) for s in left]
        seconds = f"{self._clock() - self.running.since:.0f} {say('seconds', lang)}"
        many = len(self.running.drafts)
        where = f" {min(self.running.place + 1, many)}/{many}" if many > 1 else ""
        colon = lang.pick(*COLON)
        now = f"{say('now', lang)}{colon}{names[0]}" if names else ""
        after = f"　{say('still', lang)}{colon}{lang.pick('、', ', ').join(names[1:])}" if len(names) > 1 else ""
        return f"{say('running', lang)}{where}　{seconds}　{now}{after}"

    def look(self, draft: Draft, to: MessagePump) -> None:
        """Let the rules read a draft while the person types; they load at the first pause, not before the first key."""

        def read() -> None:
            from reviewer.normalise import fold

            to.post_message(LiveDone(draft.text, self._station.detect(draft, fold(draft.text), ())))

        self._begin(read, "live")

    def _run(self, check: int, drafts: Sequence[Draft], to: MessagePump) -> None:
        """The check's thread: it records what it posts, and only posts messages."""
        try:
            self._ledger.ready()
            for place, draft in enumerate(drafts):
                if (whole := named(draft, self._station.reviewer, (Stage.DETECT,))) is not draft:
                    to.post_message(NameTells(check, whole))
                    return
                review = self._review(check, place, draft, to)
                to.post_message(ReviewDone(check, place, review))
        except Cancelled:
            to.post_message(ReviewStopped(check, ""))
        except AuditError as exc:
            reason = say("unlogged", self._station.config.lang, why=exc)
            if check != self._number:
                self._app.notify(told(reason, self._station.config.lang), severity="error", timeout=15)
            to.post_message(ReviewStopped(check, reason))
        except ReviewerError as exc:
            to.post_message(ReviewStopped(check, str(exc)))
        except Exception:
            to.post_message(ReviewStopped(check, say("check_failed", self._station.config.lang)))
            raise

    def _review(self, check: int, place: int, draft: Draft, to: MessagePump) -> Review:
        """Check one draft and record it, also when the check ends early after something of it was posted.

        What the index knows is on record before it is posted, what the last stage says only comes with the review.
        Raises `Cancelled` for a check that is no longer the newest, `AuditError`, and what a stage raises.
        """
        reviewer = self._station.reviewer
        results: list[StageResult] = []
        screen = type(to).__name__
        try:
            for result in reviewer.stages(draft):
                if check != self._number:
                    raise Cancelled
                results.append(result)
                if result.stage is reviewer.order[-1]:
                    break
                if any(f.match for f in result.findings):
                    self._ledger.hit(draft, reviewer.record(draft, results))
                to.post_message(StageDone(check, place, result))
        except AuditError:
            raise
        except BaseException:
            if any(r.findings or r.stage in self._station.heavy for r in results):
                overtaken = check not in (self._number, self._by_hand)
                self._ledger.end_early(draft, reviewer.record(draft, results), screen, overtaken=overtaken)
            raise
        return self._ledger.finish(draft, reviewer.record(draft, results), screen)
