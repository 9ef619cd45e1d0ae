"""The screen: keys, the one review thread, and what each message changes."""

import time
from collections.abc import Sequence

import rich
from rich.segment import Segments
from rich.text import Text
from rich.traceback import Traceback
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.filter import LineFilter
from textual.timer import Timer
from textual.widgets import Footer, OptionList, Select, Static, TextArea

from reviewer.assemble import STAGES, Config, Station
from reviewer.draft import Channel
from reviewer.errors import Cancelled, ReviewerError
from reviewer.finding import Finding
from reviewer.normalise import fold
from reviewer.readers import from_text
from reviewer.reports.visible import visible
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.findings_pane import FindingsPane, details, why_passed
from reviewer.tui.guard import ControlGuard
from reviewer.tui.help import HelpScreen
from reviewer.tui.messages import EngineFailed, EngineReady, ReviewDone, ReviewStopped, StageDone
from reviewer.tui.words import CHANNELS, say
from reviewer.verdict import Review, StageResult

LIVE_DELAY_S = 0.4
LIVE_LIMIT = 20_000  # characters up to which the rules run while typing


class ReviewerApp(App[int], inherit_bindings=False):
    """Paste, pick the channel, F5; the draft lives in memory only."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.lang = station.config.lang
        self.station = station
        self.results: list[StageResult] = []
        self.review: Review | None = None
        self.running_since: float | None = None
        self._check = 0
        self._checked = ""
        self._leaving = False
        self._live: Timer | None = None
        self._engine_words = "engine_loading"
        self._filters.append(ControlGuard())
        for keys, action, word in (
            ("f1", "help", "help"),
            ("f5", "check", "check"),
            ("escape", "stop", "cancel"),
            ("f2", "next", "next"),
            ("f4", "channel", "channel"),
            ("ctrl+y", "copy", "copy"),
            ("ctrl+l", "clear", "clear"),
            ("ctrl+q", "leave", "quit"),
        ):
            self._bindings._add_binding(Binding(keys, action, say(word, self.lang), priority=True))

    def compose(self) -> ComposeResult:
        """Draft on the left, decision, findings and details on the right."""
        with Horizontal(id="body"):
            with Vertical(id="left"):
                options = [(self.lang.pick(*CHANNELS[c]), c) for c in Channel]
                yield Select(options, value=Channel.WECHAT_GROUP, allow_blank=False, id="channel")
                yield DraftPane(say("placeholder", self.lang))
            with Vertical(id="right"):
                yield Static(id="decision", markup=False)
                yield FindingsPane(self.lang)
                with VerticalScroll(id="details"):
                    yield Static(id="detail", markup=False)
        yield Static(id="status", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """The person can type at once; the engine starts behind."""
        self.title = say("title", self.lang)
        self.query_one(DraftPane).focus()
        self.set_interval(0.5, self._tick)
        self._paint()
        self._open_engine()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The guard is always on, whatever the theme does."""
        return [f for f in self._filters if f.enabled]

    def _fatal_error(self) -> None:
        """A crash shows where, never the variables: they hold the draft."""
        self.bell()
        traceback = Traceback(show_locals=False, width=None, suppress=[rich])
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()

    @work(thread=True, group="engine", exit_on_error=False)
    def _open_engine(self) -> None:
        try:
            self.post_message(EngineReady(dict(self.station.engine.start())))
        except ReviewerError as exc:
            self.post_message(EngineFailed(str(exc)))

    @work(thread=True, exclusive=True, group="check", exit_on_error=False)
    def _run(self, check: int, text: str, channel: Channel) -> None:
        """The review thread: it only posts messages."""
        draft = from_text(text, channel)
        results = []
        try:
            for result in self.station.reviewer.stages(draft):
                if check != self._check:
                    return
                results.append(result)
                self.post_message(StageDone(check, result))
            self.post_message(ReviewDone(check, self.station.reviewer.record(draft, results)))
        except Cancelled:
            self.post_message(ReviewStopped(check, ""))
        except ReviewerError as exc:
            self.post_message(ReviewStopped(check, str(exc)))

    def action_check(self) -> None:
        """Start a check of the text as it stands."""
        text = self.query_one(DraftPane).text
        if not text.strip():
            return
        self._stop_running()
        self._check += 1
        self._checked = text
        self.results, self.review, self.running_since = [], None, time.monotonic()
        self._show_findings()
        self._run(self._check, text, self._channel())

    def action_stop(self) -> None:
        """Stop the running check at once; what was found stays on the screen, without a decision."""
        if self.running_since is not None:
            self._stop_running()
            self._paint()

    def action_next(self) -> None:
        """Select the next finding."""
        pane = self.query_one(FindingsPane)
        if pane.findings:
            pane.focus()
            pane.highlighted = ((pane.highlighted if pane.highlighted is not None else -1) + 1) % len(pane.findings)

    def action_channel(self) -> None:
        """Next channel in the list."""
        channels = list(Channel)
        self.query_one("#channel", Select).value = channels[(channels.index(self._channel()) + 1) % len(channels)]

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen(self.lang))

    def action_copy(self) -> None:
        """Copy the draft, only when it passed as it stands."""
        if self.review is not None and self.review.decision.value == "pass":
            self.copy_to_clipboard(self.query_one(DraftPane).text)
            self.notify(say("copied", self.lang))
        else:
            self.notify(say("copy_refused", self.lang), severity="warning")

    def action_clear(self) -> None:
        """Start over."""
        self._stop_running()
        self.query_one(DraftPane).text = ""

    def action_leave(self) -> None:
        """Quit; with a draft on the screen, ask once."""
        if self.query_one(DraftPane).text.strip() and not self._leaving:
            self._leaving = True
            self.notify(say("quit_sure", self.lang), severity="warning")
            self.set_timer(5, lambda: setattr(self, "_leaving", False))
            return
        self._stop_running()
        self.exit(0)

    @on(EngineReady)
    def _engine_ready(self) -> None:
        self._engine_words = "engine_ready"
        self._paint()

    @on(EngineFailed)
    def _engine_failed(self, message: EngineFailed) -> None:
        self._engine_words = "engine_failed"
        self.notify(visible(message.reason), severity="error", timeout=15)
        self._paint()

    @on(StageDone)
    def _stage_done(self, message: StageDone) -> None:
        if message.check == self._check:
            self.results.append(message.result)
            self._show_findings()

    @on(ReviewDone)
    def _review_done(self, message: ReviewDone) -> None:
        if message.check == self._check:
            self.review, self.running_since = message.review, None
            self._show_findings()

    @on(ReviewStopped)
    def _review_stopped(self, message: ReviewStopped) -> None:
        if message.check == self._check and self.running_since is not None:
            self.running_since = None
            if message.reason:
                self.notify(visible(message.reason), severity="error", timeout=15)
            self._paint()

    @on(TextArea.Changed)
    def _edited(self) -> None:
        """An edit makes every earlier result stale; the rules run again shortly after the last key."""
        if self.query_one(DraftPane).text == self._checked:
            return
        self._checked = ""
        self._stop_running()
        self.results, self.review = [], None
        self._show_findings()
        if self._live is not None:
            self._live.stop()
        self._live = self.set_timer(LIVE_DELAY_S, self._look_while_typing)

    @on(Select.Changed)
    def _channel_changed(self) -> None:
        if self.review is not None:
            self.action_check()

    @on(OptionList.OptionHighlighted)
    def _selected(self) -> None:
        self._paint()

    def _look_while_typing(self) -> None:
        text = self.query_one(DraftPane).text
        if self.running_since is None and self.review is None and 0 < len(text) <= LIVE_LIMIT:
            draft = from_text(text, self._channel())
            self.results = [self.station.detect(draft, fold(draft.text), ())]
            self._show_findings()

    def _channel(self) -> Channel:
        return Channel(str(self.query_one("#channel", Select).value))

    def _stop_running(self) -> None:
        if self.running_since is not None:
            self._check += 1
            self.running_since = None
            self.station.engine.cancel()

    def _findings(self) -> list[Finding]:
        if self.review is not None:
            return list(self.review.findings)
        found = [f for r in self.results for f in r.findings]
        return sorted(found, key=lambda f: (-f.severity.rank, -f.confidence, f.span[0]))

    def _show_findings(self) -> None:
        self.query_one(FindingsPane).show(self._findings())
        self._paint()

    def _tick(self) -> None:
        if self.running_since is not None:
            self._paint()

    def _paint(self) -> None:
        """Everything that is derived: highlights, decision bar, details, status."""
        pane = self.query_one(FindingsPane)
        place = pane.highlighted
        selected = pane.findings[place] if pane.findings and place is not None and place < len(pane.findings) else None
        self.query_one(DraftPane).show(pane.findings, selected)
        bar = self.query_one("#decision", Static)
        kind, words = self._decision()
        bar.update(words)
        bar.set_classes(kind)
        detail = self.query_one("#detail", Static)
        if selected:
            detail.update(details(selected, self.station.regulations, self.lang))
        elif self.review is not None:
            detail.update(why_passed(self.review.judgement, self.review.decision, self.lang))
        else:
            detail.update("")
        index = "index_on" if self.station.config.store else "index_none"
        parts = (say(self._engine_words, self.lang), say(index, self.lang), say("offline", self.lang))
        self.query_one("#status", Static).update("　".join(parts))

    def _decision(self) -> tuple[str, Text]:
        """The bar: the decision when everything ran, otherwise what is found and what still runs."""
        lang = self.lang
        if self.review is not None:
            decision = self.review.decision.value
            words = Text(say(decision, lang), "bold")
            for u in self.review.unfinished:
                words.append(f"\n{say('not_examined', lang)}：{say(u.stage.value, lang)}：{visible(u.reason)}")
            if not self.review.findings and not self.review.unfinished:
                words.append("　" + say("none", lang))
            return decision, words
        found = [f for r in self.results for f in r.findings if f.severity.rank]
        worst = max((f.severity for f in found), key=lambda s: s.rank, default=None)
        count = f"{say('so_far', lang)} {len(found)}" + (f"（{say('sev_' + worst.value, lang)}）" if worst else "")
        if self.running_since is None:
            empty = not self.query_one(DraftPane).text.strip()
            return "idle", Text(say("empty" if empty else "idle", lang) + (f"　{count}" if found else ""))
        done = {r.stage for r in self.results}
        left = [s for s in self.station.reviewer.order if s not in done]
        elapsed = time.monotonic() - self.running_since
        running = "、".join(say(s.value, lang) for s in left)
        line = f"{say('running', lang)}　{elapsed:.0f} {say('seconds', lang)}　{say('still', lang)}：{running}　{count}"
        return "running", Text(line)


def run(config: Config, timeout_s: float) -> int:
    """Open the screen; returns the exit status."""
    app = ReviewerApp(Station(config, STAGES, timeout_s))
    try:
        return app.run() or 0
    finally:
        app.station.engine.close()
