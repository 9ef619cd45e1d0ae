"""The main screen: the draft, the decision, the findings, and why."""

from typing import TYPE_CHECKING

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Label, OptionList, Select, Static, TextArea

from reviewer.draft import Channel, Draft, describe
from reviewer.finding import Finding, worst_first
from reviewer.reports.visible import visible
from reviewer.reports.words import COLON
from reviewer.tui.detail import count, details, unexamined, verdict, why
from reviewer.tui.draft_pane import DraftPane, marks_of
from reviewer.tui.draft_screen import DraftScreen
from reviewer.tui.findings_pane import FindingsPane
from reviewer.tui.keys import MAIN, KeyBar, Keyed
from reviewer.tui.messages import LiveDone, NameTells, ReviewDone, ReviewStopped, StageDone, WordsClicked
from reviewer.tui.opened import unread
from reviewer.tui.prose import Prose
from reviewer.tui.reasons import told
from reviewer.tui.words import channel_name, say
from reviewer.verdict import Decision, Review, StageResult

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

LIVE_DELAY_S = 0.4
"""Pause after the last key before the rules read the draft."""

LIVE_LIMIT = 20_000
"""Characters up to which they do."""

LINE_LIMIT = 250_000
"""Characters on a line from which a person is told that keys are slow: each breaks the rest of the line anew."""

AUTO_DELAY_S = 2.0
"""Pause after the last key before the whole check starts by itself."""

AUTO_LIMIT = 2_000
"""Characters up to which it does: the model takes about a second per 150."""


class CheckScreen(Keyed, DraftScreen):
    """Paste, pick the channel, F5; what every message changes is here."""

    keys = MAIN
    app: "ReviewerApp"

    def __init__(self) -> None:
        super().__init__()
        self.results: list[StageResult] = []
        self._written: dict[str, Text] = {}
        self._live: Timer | None = None
        self._auto: Timer | None = None
        self._due = False
        """Whether the check that starts by itself came due under another screen."""
        self._long = False

    def compose(self) -> ComposeResult:
        """Draft on the left (or above), decision, findings and details on the right (or below)."""
        lang = self.app.lang
        with Horizontal(id="body"):
            with Vertical(id="left"):
                with Horizontal(id="where"):
                    yield Label(say("channel", lang))
                    options = [(channel_name(c, lang), c) for c in Channel]
                    yield Select(options, value=Channel.WECHAT_GROUP, allow_blank=False, id="channel", compact=True)
                pane = DraftPane(say("placeholder", lang), say("characters", lang))
                pane.border_title = say("draft", lang)
                yield pane
            with Vertical(id="right"):
                yield Prose(id="decision")
                findings = FindingsPane(lang, self.app.called)
                findings.border_title = say("findings", lang)
                yield findings
                with VerticalScroll(id="details") as box:
                    box.border_title = say("detail", lang)
                    yield Prose(id="detail")
        yield Prose(id="status")
        yield KeyBar(show_command_palette=False)

    def on_mount(self) -> None:
        """The person can type at once; the open list of channels does not name its key, which it does in English."""
        menu = self.query_one("#channel").query_one(OptionList)
        menu._bindings.key_to_bindings["escape"] = [Binding("escape", "dismiss", show=False)]
        self.query_one(DraftPane).focus()
        self.set_interval(0.5, self._tick)
        self.paint()

    @property
    def selected(self) -> Finding | None:
        """The finding under the bar of the list."""
        return self.query_one(FindingsPane).selected

    def step(self, by: int) -> None:
        """Select the finding so many further on."""
        pane = self.query_one(FindingsPane)
        if pane.findings:
            pane.focus()
            pane.step(by)
        else:
            self.notify(say("nothing_found", self.app.lang))

    @property
    def findings(self) -> list[Finding]:
        """Of the finished review, else of what has run so far, the worst first."""
        if self.review is not None:
            return list(self.review.findings)
        return sorted((f for r in self.results for f in r.findings), key=worst_first)

    def check(self) -> None:
        """Start a check of the text as it stands; one of this very draft that runs goes on."""
        draft = self.draft
        runs = self.app.checks.running_for(self) and self.is_checked(draft)
        if runs or not draft.text.strip():
            self.notify(say("check_runs" if runs else "nothing_to_check", self.app.lang))
            return
        self._forget_timers()
        self._checked = draft
        self.results, self.review = [], None
        self.app.checks.start([self._checked], self)
        self.paint()

    def judge_anew(self) -> None:
        """Something was learnt: what was decided before decides no longer, and a draft of usual length is checked."""
        if self.review is None:
            return
        self._checked, self.review, self.results = None, None, []
        if self.app.auto and len(self.text) <= AUTO_LIMIT:
            self._check_by_itself()
        self.paint()

    def stop(self) -> bool:
        """Stop the running check; whether any ran."""
        ran = self.app.checks.leave(self, by_hand=True)
        self.paint()
        return ran

    def _check_by_itself(self) -> None:
        """Not while another screen lies over this one, whose checks it would stop: then once it is gone."""
        if self.is_active:
            self.check()
        else:
            self._due = True

    @on(events.ScreenResume)
    def _uncovered(self) -> None:
        """Say what happened meanwhile, by what was marked meanwhile too, and make up for a check that came due."""
        if self.review is not None and self._checked is not None:
            self.review = self.app.ledger.weigh(self._checked, self.review)
        if self._due:
            self._forget_timers()
            self._auto = self.set_timer(AUTO_DELAY_S, self._check_by_itself)
        self.paint()

    def bring(self, draft: Draft, review: Review | None) -> None:
        """Put a draft on the screen, with its review if it has one and knows all that could not be read."""
        self._forget_timers()
        self.app.checks.leave(self)
        self.query_one("#channel", Select).value = draft.channel
        self.query_one(DraftPane).write(draft.text)
        if draft.unread != self.typed.unread or draft.places or draft.name:
            self._sources.add(draft, self.text, again=review is None)
        now = self.draft if review else None
        same = now is not None and now.unread == draft.unread and now.name in ("", draft.name)
        self._checked, self.review = (now, review) if same else (None, None)
        self.results = []
        self.paint()

    @on(NameTells)
    def _name_tells(self, message: NameTells) -> None:
        if self.app.checks.note(message) and self.is_checked(self.draft):
            self.bring(message.draft, None)
            self.notify(say("name_tells", self.app.lang), severity="warning", timeout=15)
            self.check()

    @on(StageDone)
    def _stage_done(self, message: StageDone) -> None:
        if self.app.checks.note(message):
            self.results.append(message.result)
            self.paint()

    @on(ReviewDone)
    def _review_done(self, message: ReviewDone) -> None:
        if self.app.checks.note(message):
            self.review = message.review
            self.app.engine.look_after()
            self.paint()

    @on(ReviewStopped)
    def _review_stopped(self, message: ReviewStopped) -> None:
        if self.app.checks.note(message):
            if message.reason:
                self.notify(told(message.reason, self.app.lang), severity="error", timeout=15)
            self.paint()

    @on(LiveDone)
    def _live_done(self, message: LiveDone) -> None:
        if not self.app.checks.running_for(self) and self.review is None and message.text == self.text:
            self.results = [message.result]
            self.paint()

    @on(TextArea.Changed, "#draft")
    def _edited(self) -> None:
        """An edit makes every earlier result stale; the rules, then the whole check, follow the last key."""
        length = self.query_one(DraftPane).characters
        if self._checked is not None and self.text == self._checked.text:
            return
        self._checked = None
        self.app.checks.leave(self)
        self.results, self.review = [], None
        self._forget_timers()
        self._tell_of_a_long_line()
        if 0 < length <= LIVE_LIMIT:
            self._live = self.set_timer(LIVE_DELAY_S, lambda: self.app.checks.look(self.draft, self))
        if self.app.auto and 0 < length <= AUTO_LIMIT:
            self._auto = self.set_timer(AUTO_DELAY_S, self._check_by_itself)
        self.paint()

    @on(Select.Changed, "#channel")
    def _channel_changed(self) -> None:
        if self._checked is not None and self._checked.channel is not self.channel:
            self.check()
        self.paint()

    @on(OptionList.OptionHighlighted, "#findings")
    def _selected(self) -> None:
        self.paint()

    @on(WordsClicked)
    def _clicked(self, message: WordsClicked) -> None:
        pane = self.query_one(FindingsPane)
        place = pane.at(message.offset)
        if place is not None:
            pane.select(place)

    def _tell_of_a_long_line(self) -> None:
        """Once, when a line becomes so long that keys take a while."""
        was, self._long = self._long, max(map(len, self.query_one(DraftPane).document.lines)) > LINE_LIMIT
        if self._long and not was:
            self.notify(say("long_line", self.app.lang), severity="warning", timeout=15)

    def _forget_timers(self) -> None:
        for timer in (self._live, self._auto):
            if timer is not None:
                timer.stop()
        self._live = self._auto = None
        self._due = False

    def _tick(self) -> None:
        if self.app.checks.running_for(self):
            self._paint_decision()
        self._write("#status", self.app.status())

    def paint(self) -> None:
        """Everything that is derived: list, glowing words, decision, details, status."""
        looks, pane = self.app.looks, self.query_one(FindingsPane)
        pane.show(self.findings, looks)
        selected = pane.selected
        marks = marks_of(pane.findings, selected, looks)
        draft = self.query_one(DraftPane)
        draft.show(marks, selected.span[0] if selected else None)
        self._paint_decision()
        self._write("#detail", self._detail(selected))
        self._write("#status", self.app.status())

    def _write(self, name: str, words: Text) -> None:
        """Update a text that changed: an update lays the screen out again, which a key should not wait for."""
        if self._written.get(name) != words:
            self._written[name] = words
            self.query_one(name, Static).update(words)

    def repaint(self) -> None:
        """Paint again what was painted in other colours."""
        self.query_one(FindingsPane).show(self.findings, self.app.looks, again=True)
        self.paint()

    def _detail(self, selected: Finding | None) -> Text:
        app, lang = self.app, self.app.lang
        judgement = self.review.judgement if self.review else None
        if self.review is not None and self.review.decision is Decision.PASS and not selected:
            return why(judgement, self.review.decision, self.review.findings, app.station.regulations, lang)
        missing = Text(unexamined([self.review], lang)[1:] if self.review else "", app.looks["trouble"])
        if not selected:
            return missing
        name, place = app.called(selected.rule), self._checked.place(selected.span[0]) if self._checked else None
        where = visible(describe(place.steps, lang)) if place else ""
        told = details(selected, name, judgement, app.station.regulations, app.articles, app.looks, lang, where)
        return told.append_text(missing)

    def _paint_decision(self) -> None:
        """The bar: the decision when everything ran, otherwise what is found and what runs."""
        lang, bar = self.app.lang, self.query_one("#decision", Static)
        if self.review is not None:
            bar.set_classes(self.review.decision.value)
            self.set_class(bool(self.review.unfinished), "-missing")
            self._write("#decision", verdict(self.review, lang))
            return
        self.remove_class("-missing")
        found = count(self.findings, lang)
        progress = self.app.checks.progress(self, lang)
        if progress:
            bar.set_classes("running")
            words = progress
        else:
            bar.set_classes("idle")
            empty = (draft := self.query_one(DraftPane)).blank
            hint = "" if empty else f"　{say('live_off' if draft.characters > LIVE_LIMIT else 'press_check', lang)}"
            failed = told(self.app.checks.failed(self), lang)
            state = f"{say('not_finished', lang)}{lang.pick(*COLON)}{failed}" if failed else say("idle", lang)
            words = (say("empty", lang) if empty else state) + hint
            if opened := self._sources.exact(self.text):
                words += unread(opened, lang)
        self._write("#decision", Text(f"{words}\n{found}" if found else words))
