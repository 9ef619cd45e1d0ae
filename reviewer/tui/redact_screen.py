"""The redaction loop: one suggestion for each finding, decided one by one or all at once, then checked again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from reviewer.draft import Draft
from reviewer.redact import Plan, change, plan
from reviewer.tui.diff import inline, whole
from reviewer.tui.keys import BRING_BACK, DECIDING, HELP, REDACT, STOP, UNDO, WRITING, Key, Keyed, bound, key_line
from reviewer.tui.messages import ReviewDone, ReviewStopped, StageDone, TrialRead, TrialsDone
from reviewer.tui.own_words import OwnWords
from reviewer.tui.pick_list import PickList
from reviewer.tui.prose import Prose
from reviewer.tui.reasons import told
from reviewer.tui.suggestions import Choice, State, ending, held, line, standing
from reviewer.tui.words import say
from reviewer.verdict import Decision, Review

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

JUDGED = "judge."
"""Rules of the judge, whose changes can be smaller than the plain ones."""


class RedactScreen(Keyed, Screen[tuple[Draft, Review | None]]):
    """Accept, edit, skip, all; it closes with the draft as changed and its review, if that is finished."""

    keys = REDACT
    BINDINGS: ClassVar[list[BindingType]] = bound(REDACT)
    app: "ReviewerApp"

    def __init__(self, draft: Draft, review: Review) -> None:
        super().__init__()
        self.first, self._first_review = self.draft, self.review = draft, review
        self.past: list[tuple[Draft, Review]] = []
        self.plan = Plan()
        self.choices: list[Choice] = []
        self._own = OwnWords()
        self._lessened = False
        self._shows_whole = False

    def compose(self) -> ComposeResult:
        """The decision over the list of changes and the text they change."""
        lang = self.app.lang
        yield Prose(id="decision")
        with Horizontal(id="redaction"):
            changes = PickList(id="changes")
            changes.border_title = say("redact_list", lang)
            yield changes
            with VerticalScroll(id="diff-box") as box:
                box.border_title = say("redact_diff", lang)
                yield Prose(id="diff")
        yield self._own
        yield Prose(id="note")
        yield Prose(id="keys")

    def on_mount(self) -> None:
        """The first round."""
        self.set_interval(0.5, self._paint_decision)
        self._round()

    def _round(self) -> None:
        """The plain plan, and behind it the search for a smaller one where the judge has the draft changed."""
        self._offer(plan(self.draft, self.review.findings, self.app.lang, lessened=self._lessened))
        if self.plan.suggestions and any(s.rule.startswith(JUDGED) for s in self.plan.suggestions):
            self.app.trials.start(self.draft, self.review, self, lessened=self._lessened)
            self._paint()

    def _offer(self, made: Plan) -> None:
        self.plan, self.choices = made, [Choice(s) for s in made.suggestions]
        self.query_one("#changes", PickList).clicked = None
        self._close_box()
        self._paint()

    def _settled(self) -> bool:
        """Whether the plan stays as it is: a search is stopped for it, the check that runs is not, and says so."""
        self._close_box()
        if self.app.checks.running_for(self):
            self.notify(say("check_runs", self.app.lang), severity="warning")
            return False
        if self.app.trials.stop():
            self._paint()
        return True

    @property
    def _place(self) -> int | None:
        place = self.query_one("#changes", OptionList).highlighted
        return place if place is not None and place < len(self.choices) else None

    @on(OptionList.OptionSelected, "#changes")
    def action_accept(self) -> None:
        """Make this change."""
        self._decide(State.ACCEPTED)

    def action_skip(self) -> None:
        """Leave this place as it stands."""
        self._decide(State.SKIPPED)

    def action_accept_all(self) -> None:
        """Accept what is still open."""
        if self.choices and self._settled():
            for choice in self.choices:
                if choice.state is State.PENDING:
                    choice.state = State.ACCEPTED
            self._apply()

    async def action_write(self) -> None:
        """Take one's own words as Enter does."""
        await self.query_one("#own", Input).action_submit()

    def action_edit(self) -> None:
        """Write one's own words for this place; the list stands still meanwhile."""
        if self._place is not None and self._settled():
            self.query_one("#changes").disabled = True
            self._own.open(self.choices[self._place])
            self._paint_keys()

    @on(Input.Submitted, "#own")
    def _written(self) -> None:
        choice = self._own.take()
        if choice is not None and self._settled():
            self._decided(self.choices.index(choice))

    def _close_box(self) -> None:
        self._own.close()
        changes = self.query_one("#changes")
        changes.disabled = False
        changes.focus()
        self._paint_keys()

    def _decide(self, state: State) -> None:
        if self._place is not None and self._settled():
            self.choices[self._place].state = state
            self._decided(self._place)

    def _decided(self, place: int) -> None:
        """Go to the next open change; after the last one, make them."""
        left = [i for i, c in enumerate(self.choices) if c.state is State.PENDING]
        if not left:
            self._apply()
            return
        self._paint()
        self.query_one("#changes", OptionList).highlighted = next((i for i in left if i > place), left[0])

    def _apply(self) -> None:
        """Make the changes and check again; where nothing was changed there is nothing to check."""
        if self._make():
            self.action_check()
        else:
            self.notify(say("no_changes", self.app.lang))
            self._paint()

    def _make(self) -> bool:
        """Make the changes that were decided; whether there were any."""
        made = [c.suggestion for c in self.choices if c.decided]
        if not made:
            return False
        self.past.append((self.draft, self.review))
        own = any(c.state is State.EDITED for c in self.choices)
        self._lessened = not own and (self._lessened or len(self.past) == 1)
        self.draft = change(self.draft, made)
        self.choices, self.plan = [], Plan()
        return True

    def action_check(self) -> None:
        """Check the draft as it stands with what was decided, and with the words that are being written."""
        self._own.take()
        if self._settled():
            self._make()
            if self.draft.text.strip():
                self.app.checks.start([self.draft], self)
        self._paint()

    def action_undo(self) -> None:
        """Back by one round."""
        if self.past:
            self.app.trials.stop()
            self.app.checks.leave(self)
            self.draft, self.review = self.past.pop()
            self._lessened = self._lessened and bool(self.past)
            self._round()

    def action_whole(self) -> None:
        """The changes of this round, or the whole way from the first draft to this one."""
        self._shows_whole = not self._shows_whole
        self._paint()

    def action_copy(self) -> None:
        """Copy the draft, if it may go out as it stands and nothing was decided that is not made in it yet."""
        decided = self._own.display or any(c.decided for c in self.choices)
        self.app.copying.copy(self.draft, self.review if self._finished and not decided else None)

    def action_back(self) -> None:
        """Leave the text box, stop the search, or return to the main screen with every change that was decided."""
        if self._own.display:
            self._close_box()
            return
        if self.app.trials.stop():
            self._paint()
            return
        finished = not self._make() and self._finished
        self.app.checks.leave(self, by_hand=True)
        self.dismiss((self.draft, self.review if finished else None))

    @property
    def _finished(self) -> bool:
        """Whether the review is of the draft as it stands, and no later check was broken off."""
        stale = self.review.length != len(self.draft.text) or bool(self.past and self.past[-1][1] is self.review)
        broken = self.app.checks.running_for(self) or self.app.checks.failed(self)
        return not (broken or stale or not self.draft.text.strip())

    @on(StageDone)
    def _stage_done(self, message: StageDone) -> None:
        if self.app.checks.note(message):
            self._paint_decision()

    @on(ReviewDone)
    def _review_done(self, message: ReviewDone) -> None:
        if self.app.checks.note(message):
            self.review = message.review
            self.app.engine.look_after()
            self._round()

    @on(ReviewStopped)
    def _review_stopped(self, message: ReviewStopped) -> None:
        if self.app.checks.note(message) and message.reason:
            self.notify(told(message.reason, self.app.lang), severity="error", timeout=15)
        self._paint()

    @on(TrialRead)
    def _trial_read(self, message: TrialRead) -> None:
        if self.app.trials.note(message):
            self._paint_decision()

    @on(TrialsDone)
    def _trials_done(self, message: TrialsDone) -> None:
        if not self.app.trials.note(message):
            return
        if message.reason:
            self.notify(told(message.reason, self.app.lang), severity="error", timeout=15)
            self.app.engine.look_after()
        self._offer(message.plan or self.plan)

    @on(OptionList.OptionHighlighted, "#changes")
    def _moved(self) -> None:
        self._paint_diff()

    def repaint(self) -> None:
        """Paint again what was painted in other colours."""
        self._paint()

    def _paint(self) -> None:
        changes = self.query_one("#changes", PickList)
        changes.fill(line(c, self.app.called, self.app.lang, self.app.looks) for c in self.choices)
        if not self.choices and not self.app.checks.running_for(self):
            none = "no_changes" if self.review.decision is Decision.PASS else "none_helps"
            changes.add_option(Option(say(none, self.app.lang), disabled=True))
        self._paint_keys()
        self._paint_decision()
        self._paint_diff()
        self.query_one("#note", Prose).update(self._note())

    def _paint_keys(self) -> None:
        self.query_one("#keys", Prose).update(key_line((*self._useful(), HELP), self.app.lang))

    def _useful(self) -> Sequence[Key]:
        """The keys that do something now."""
        if self._own.display:
            return WRITING
        dead: set[Key] = set() if self.past else {UNDO}
        if not self.choices or self.app.checks.running_for(self):
            dead.update(DECIDING)
        searches = self.app.trials.running is not None
        return [STOP if searches and key is BRING_BACK else key for key in REDACT if key not in dead]

    def _paint_diff(self) -> None:
        lang, looks, box = self.app.lang, self.app.looks, self.query_one("#diff-box")
        box.border_title = say("redact_whole" if self._shows_whole else "redact_diff", lang)
        if self._shows_whole:
            body = whole(self.first.text, self.draft.text, looks)
        else:
            body = inline(self.draft.text, [(c.suggestion.span, c.written) for c in self.choices], looks, self._place)
        self.query_one("#diff", Prose).update(body)

    def _paint_decision(self) -> None:
        lang, bar = self.app.lang, self.query_one("#decision", Prose)
        if progress := self.app.checks.progress(self, lang):
            bar.set_classes("running")
            bar.update(f"{say('rechecking', lang)}\n{progress}")
            return
        if progress := self.app.trials.progress(lang):
            bar.set_classes("running")
            bar.update(progress)
            return
        if not self._finished:
            bar.set_classes("idle")
            failed = told(self.app.checks.failed(self), lang)
            bar.update(say("unfinished_now", lang, why=failed) if failed else say("idle", lang))
            return
        bar.set_classes(self.review.decision.value)
        bar.update(standing(self._first_review, self.review, len(self.past) + 1, lang))

    def _note(self) -> Text:
        lang = self.app.lang
        if self.plan.held:
            return held(self.plan, lang, self.app.looks)
        if not self.draft.text.strip():
            return Text(say("emptied", lang), "bold")
        ended = self._finished and not self.choices
        return ending(self.review, lang) if ended else Text(say("loop_note", lang), "dim")
