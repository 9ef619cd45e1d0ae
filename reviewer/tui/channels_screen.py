"""The same draft by every channel, side by side."""

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import OptionList

from reviewer.draft import Channel, Draft
from reviewer.regulations import cited
from reviewer.reports.percent import percent
from reviewer.reports.visible import visible
from reviewer.reports.words import COLON
from reviewer.tui.keys import CHANNELS, HELP, Keyed, bound, key_line
from reviewer.tui.messages import NameTells, ReviewDone, ReviewStopped, StageDone
from reviewer.tui.pick_list import PickList
from reviewer.tui.prose import Prose
from reviewer.tui.reasons import told
from reviewer.tui.words import channel_column, decision_column, say
from reviewer.verdict import Review

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp


class ChannelsScreen(Keyed, Screen[tuple[Draft, Review | None]]):
    """One row a channel, filled as each is checked; Enter takes a channel back to the main screen."""

    keys = CHANNELS
    BINDINGS: ClassVar[list[BindingType]] = bound(CHANNELS)
    app: "ReviewerApp"

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.drafts = [draft.model_copy(update={"channel": channel}) for channel in Channel]
        self.reviews: list[Review | None] = [None] * len(self.drafts)

    def compose(self) -> ComposeResult:
        """The progress over the rows."""
        yield Prose(id="decision")
        yield PickList(id="channels")
        yield Prose(key_line((*CHANNELS, HELP), self.app.lang), id="keys")

    def on_mount(self) -> None:
        """Check every channel, one after the other."""
        self.query_one("#channels").focus()
        self.set_interval(0.5, self._paint_progress)
        self.action_check()

    def action_check(self) -> None:
        """Check every channel anew."""
        self.reviews = [None] * len(self.drafts)
        self.app.checks.start(self.drafts, self)
        self.repaint()

    def action_choose(self) -> None:
        """Take the channel under the bar."""
        self.query_one("#channels", PickList).action_select()

    @on(OptionList.OptionSelected, "#channels")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        """The draft as it stands keeps its decision where this screen has none yet."""
        self.app.checks.leave(self)
        draft, review = self.drafts[event.option_index], self.reviews[event.option_index]
        self.dismiss(None if review is None and self.app.main.is_checked(draft) else (draft, review))

    def action_back(self) -> None:
        """Stop and go back to the draft as it was."""
        self.app.checks.leave(self, by_hand=True)
        self.dismiss(None)

    @on(NameTells)
    def _name_tells(self, message: NameTells) -> None:
        if self.app.checks.note(message):
            self.drafts = [message.draft.model_copy(update={"channel": channel}) for channel in Channel]
            self.notify(say("name_tells", self.app.lang), severity="warning", timeout=15)
            self.action_check()

    @on(StageDone)
    def _stage_done(self, message: StageDone) -> None:
        if self.app.checks.note(message):
            self._paint_progress()

    @on(ReviewDone)
    def _review_done(self, message: ReviewDone) -> None:
        if self.app.checks.note(message):
            self.reviews[message.place] = message.review
            self.app.engine.look_after()
            self.repaint()

    @on(ReviewStopped)
    def _review_stopped(self, message: ReviewStopped) -> None:
        if self.app.checks.note(message):
            if message.reason:
                self.notify(told(message.reason, self.app.lang), severity="error", timeout=15)
            self.repaint()

    def repaint(self) -> None:
        """The rows as they stand, and the progress over them."""
        self.query_one("#channels", PickList).fill(map(self._row, self.drafts, self.reviews))
        self._paint_progress()

    def _row(self, draft: Draft, review: Review | None) -> Text:
        """What is known of a channel in a line, and in a second one the worst finding."""
        lang, looks = self.app.lang, self.app.looks
        row = Text(no_wrap=True).append(channel_column(draft.channel, lang), "bold").append("　")
        if review is None:
            failed = told(self.app.checks.failed(self), lang)
            state = f"{say('not_finished', lang)}{lang.pick(*COLON)}{failed}" if failed else say("waiting", lang)
            return row.append(state, "bold" if failed else "dim")
        look = looks["advice"] if review.decision.value == "pass" else looks[review.decision.value]
        row.append(f" {decision_column(review.decision, lang)} ", look)
        if review.probability:
            row.append(f"　{say('col_probability', lang)} {percent(review.probability.violation)}")
        if review.unfinished:
            why = told(review.unfinished[0].reason, lang)
            row.append(f"　{say('not_examined', lang)}{lang.pick(*COLON)}{why}")
        if worst := next(iter(review.findings), None):
            known = self.app.station.regulations.by_id
            clause = cited(worst.clause, known, lang) if worst.clause else visible(self.app.called(worst.rule))
            row.append(f"\n  {clause}　“{visible(worst.quote.replace(chr(10), ' '))[:40]}”")
        return row

    def _paint_progress(self) -> None:
        bar = self.query_one("#decision", Prose)
        progress = self.app.checks.progress(self, self.app.lang)
        bar.set_classes("running" if progress else "idle")
        bar.update(progress or say("compare_title", self.app.lang))
