"""“Judged wrongly”: a false alarm or a miss becomes a precedent of the station.

First the engine says what keeping it would change, then the line goes to the end of the station's precedent file: the
only place where a draft is ever written to disk, and only because the person asked. It takes effect at once.
"""

from typing import TYPE_CHECKING, ClassVar

from pydantic import ValidationError
from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, RadioSet, Select

from reviewer import teaching
from reviewer.draft import Draft, Lang
from reviewer.engine import asking_while
from reviewer.errors import ReviewerError, why
from reviewer.finding import Finding
from reviewer.precedents import LABELS, LONGEST, Precedent
from reviewer.reports.percent import percent
from reviewer.reports.visible import visible
from reviewer.tui.keys import FEEDBACK, HELP, Keyed, bound, key_line
from reviewer.tui.prose import Prose
from reviewer.tui.radio import Radio
from reviewer.tui.reasons import told
from reviewer.tui.words import say
from reviewer.verdict import Decision

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

SHORTEST_REASON = 10


def excerpt(draft: Draft, finding: Finding | None) -> str:
    """What of a draft becomes a precedent: all of it, of a long one the part around the finding."""
    text = draft.text
    if len(text) <= LONGEST:
        return text
    middle = (finding.span[0] + finding.span[1]) // 2 if finding else LONGEST // 2
    start = min(max(0, middle - LONGEST // 2), len(text) - LONGEST)
    return text[start : start + LONGEST]


class FeedbackScreen(Keyed, ModalScreen[None]):
    """False alarm or miss, which clause, why; Enter shows what would change, Enter again keeps it, Escape does not.

    Arrow keys scroll. What cannot be shown is not kept.
    """

    keys = FEEDBACK
    BINDINGS: ClassVar[list[BindingType]] = bound(FEEDBACK)
    app: "ReviewerApp"

    def __init__(self, draft: Draft, finding: Finding | None, decision: Decision) -> None:
        super().__init__()
        self._draft, self._finding, self._decision = draft, finding, decision
        self._shown: Precedent | None = None
        """The precedent whose effect stands on the screen."""
        self._does: str = ""
        """The words for what runs; empty when nothing does."""
        self._since = 0.0
        self._saved = False

    def compose(self) -> ComposeResult:
        """The two kinds, the clause, the reason, and what saving does."""
        lang, regulations = self.app.lang, self.app.station.regulations
        known = [
            (Text(f"{label} {lang.pick(clause.title, clause.title_en)}"), label)
            for label in LABELS
            if (clause := regulations.by_label.get(label))
        ]
        missed = bool(known) and self._decision is Decision.PASS
        with VerticalScroll(id="dialog", classes="wide", can_focus=False) as box:
            box.border_title = say("feedback_title", lang)
            box.border_subtitle = key_line((*FEEDBACK, HELP), lang)
            with RadioSet(id="kind"):
                yield Radio(say("false_alarm", lang), value=not missed, id="false-alarm")
                yield Radio(say("missed", lang), value=missed, id="missed", disabled=not known)
            if known:
                yield Prose(say("which_clause", lang), id="which", classes="label")
                yield Select(known, value=known[0][1], allow_blank=False, id="label", compact=True)
            yield Prose(say("give_reason", lang), classes="label")
            yield Input(id="reason", max_length=200)
            yield Prose(id="effect", classes="label")
            yield Prose(say("writes_disk", lang), classes="label muted")

    def on_mount(self) -> None:
        """The reason is what is missing."""
        self._kind_chosen()
        self.query_one("#reason").focus()
        self.set_interval(0.5, self._paint_wait)

    @on(RadioSet.Changed, "#kind")
    def _kind_chosen(self) -> None:
        """A clause is asked for where one was missed; what is a false alarm violates none."""
        missed = self.query_one("#missed", Radio).value
        for widget in self.query("#which, #label"):
            widget.display = missed

    async def action_submit(self) -> None:
        """Show what would change, or keep what was shown."""
        await self.query_one("#reason", Input).action_submit()

    def action_back(self) -> None:
        """Go back; nobody waits for what the model would have said. What is being kept is kept."""
        if self._does == "previewing":
            self._does = ""
        self.dismiss(None)

    @on(events.ScreenResume)
    def _uncovered(self) -> None:
        """What was kept while another text lay over it needs nothing more."""
        if self._saved:
            self.dismiss(None)

    def _wait(self, does: str) -> None:
        """Say what runs from now on."""
        self._does, self._since = does, self.app.clock()
        self._paint_wait()

    def _paint_wait(self) -> None:
        if self._does:
            seconds = f"{self.app.clock() - self._since:.0f}"
            self.query_one("#effect", Prose).update(say(self._does, self.app.lang, seconds=seconds))

    @on(Input.Submitted, "#reason")
    def _submitted(self, event: Input.Submitted) -> None:
        lang, reason = self.app.lang, event.value.strip()
        if self._does:
            return
        if len(reason) < SHORTEST_REASON:
            self.notify(say("reason_short", lang), severity="warning")
            return
        missed = self.query_one("#missed", Radio).value
        label = str(self.query_one("#label", Select).value) if missed else None
        shown = self._shown
        if shown and (shown.reason, shown.labels) == (reason, (label,) if label else ()):
            self._wait("keeping")
            self._keep(shown)
            return
        quote = self._finding.quote if self._finding else ""
        text, regulations = excerpt(self._draft, self._finding), self.app.station.regulations
        try:
            made = teaching.made(text, self._draft.channel, label, quote, reason, regulations)
        except ValidationError as exc:
            self._not_saved(exc.errors()[0]["msg"])
            return
        self._shown = None
        self._wait("previewing")
        self._preview(made)

    @work(thread=True, group="teach", exclusive=True, exit_on_error=False)
    def _preview(self, made: Precedent) -> None:
        shown, lang = None, self.app.lang
        try:
            with asking_while(lambda: self._does == "previewing"):
                effect, shown = _effect(teaching.preview(self.app.station, [made]), lang), made
        except ReviewerError as exc:
            effect = say("no_preview", lang, why=told(str(exc), lang))
        except OSError as exc:
            effect = say("no_preview", lang, why=told(why(exc), lang))
        self.app.call_from_thread(self._show, shown, effect)

    def _show(self, shown: Precedent | None, effect: str) -> None:
        """The effect of a precedent, or why it cannot be shown; Enter tries that again."""
        self._shown, self._does = shown, ""
        if self.is_attached:
            self.query_one("#effect", Prose).update(effect)

    @work(thread=True, group="teach", exclusive=True, exit_on_error=False)
    def _keep(self, made: Precedent) -> None:
        try:
            self.app.ledger.precedent(made)
            settled = teaching.keep(self.app.station, [made])
        except OSError as exc:
            self.app.call_from_thread(self._not_saved, told(why(exc), self.app.lang))
        except ReviewerError as exc:
            self.app.call_from_thread(self._not_saved, told(str(exc), self.app.lang))
        else:
            self.app.call_from_thread(self._kept, settled)

    def _kept(self, settled: bool) -> None:
        if settled:
            self.app.notify(say("saved", self.app.lang))
        else:
            self.app.notify(self.app.lang.pick(*teaching.UNSETTLED), severity="warning", timeout=15)
        self._does, self._saved = "", True
        self._take_back()
        self.dismiss(None)

    def _take_back(self) -> None:
        """What was decided before something was learnt stands no longer, on no screen."""
        app = self.app
        app.session.learn()
        app.main.judge_anew()
        if app.is_screen_installed("answer"):
            from reviewer.tui.answer_screen import AnswerScreen

            answer = app.get_screen("answer", AnswerScreen)
            answer.forget()

    def _not_saved(self, why: str) -> None:
        self._does = ""
        if self.is_attached:
            self.query_one("#effect", Prose).update("")
        self.app.notify(say("not_saved", self.app.lang, why=why), severity="error", timeout=15)


def _effect(preview: teaching.Preview, lang: Lang) -> str:
    """What would change, in words: every verdict that flips, behind what Enter does."""
    better = sum(f.right for f in preview.flips)
    lines = [say(_changed(c), lang, before=percent(c.before), after=percent(c.after)) for c in preview.changes]
    lines.append(say("flips", lang, count=len(preview.flips), better=better, worse=len(preview.flips) - better))
    lines.append(say("enter_keeps", lang))
    return "\n".join([*lines, *(_flip(f, lang) for f in preview.flips)])


def _changed(change: teaching.Change) -> str:
    if change.right:
        return "change_right"
    return "change_too_long" if change.too_long else "change_wrong"


def _flip(flip: teaching.Flip, lang: Lang) -> str:
    now = say((Decision.REVIEW if flip.flagged else Decision.PASS).value, lang)
    return f"{'✓' if flip.right else '✗'} {visible(flip.id)} → {now}"
