"""The application: the engine behind, the colours, the keys; what lies over the main screen, imported when opened."""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import SystemCommand
from textual.screen import Screen
from textual.widgets import Select

from reviewer.assemble import Station
from reviewer.draft import Channel, Draft
from reviewer.paths import PACKAGE, Home
from reviewer.regulations import Article, load_articles
from reviewer.tui.check_screen import CheckScreen
from reviewer.tui.checks import Checks
from reviewer.tui.copying import Copying
from reviewer.tui.detail import why
from reviewer.tui.dialogs import Ask, TextDialog, Tour
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.engine_watch import EngineWatch
from reviewer.tui.files import Files
from reviewer.tui.guard import GuardedApp
from reviewer.tui.keys import EVERYWHERE, HELP, MAIN, Keyed, bindings, help_text, keys_of
from reviewer.tui.ledger import Ledger
from reviewer.tui.messages import EngineFailed, EngineReady, ModelState, SelfCheckFailed
from reviewer.tui.palette import Palette, commands
from reviewer.tui.reasons import told
from reviewer.tui.session import ORIGIN, Session
from reviewer.tui.suspending import suspend
from reviewer.tui.themes import LOOKS, THEMES, Looks
from reviewer.tui.trials import Trials
from reviewer.tui.words import say
from reviewer.verdict import Review

if TYPE_CHECKING:
    from reviewer.audit import Log


class ReviewerApp(GuardedApp, inherit_bindings=False):
    """Paste, pick the channel, F5; the draft lives in memory only."""

    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (as the base class declares it)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012

    def __init__(
        self,
        station: Station,
        home: Home,
        log: "Log",
        clock: Callable[[], float] = time.monotonic,
        *,
        override: bool = False,
    ) -> None:
        """`override` lets a person copy a draft that should be reviewed, for a reason that is recorded."""
        super().__init__()
        self.lang = station.config.lang
        self.station = station
        self.home = home
        self.clock = clock
        self._files = Files(self, log)
        self.session = Session(self.lang)
        self.ledger = Ledger(log, self.session)
        self.copying = Copying(self, self.ledger, self.lang, override=override)
        self.checks = Checks(self, station, clock, self.ledger)
        self.trials = Trials(self, station, clock)
        self.auto = True
        self.engine = EngineWatch(self, station, clock)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        for binding in bindings(self.lang):
            self._bindings._add_binding(binding)

    def get_default_screen(self) -> Screen[None]:
        """The main screen is the first on the stack."""
        return CheckScreen()

    @property
    def main(self) -> CheckScreen:
        """The main screen, whatever lies over it."""
        bottom = self.screen_stack[0]
        assert isinstance(bottom, CheckScreen)  # noqa: S101 (get_default_screen made it)
        return bottom

    @cached_property
    def articles(self) -> Mapping[str, Article]:
        """The articles that clauses rest on and answers cite."""
        return load_articles(PACKAGE / "packs")

    @cached_property
    def _names(self) -> Mapping[str, str]:
        shown = {rule.id: self.lang.pick(rule.title, rule.title_en) for rule in self.station.rules.values()}
        return {**shown, ORIGIN: say("origin_title", self.lang)}

    def called(self, rule: str) -> str:
        """What a rule is called, the station's own too; its id where it has no name."""
        return self._names.get(rule, rule)

    @property
    def looks(self) -> Looks:
        """How findings look in the colours that are on."""
        return LOOKS[self.theme]

    def on_mount(self) -> None:
        """The engine starts behind the first frame; the first time, the tour."""
        self.title = say("title", self.lang)
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.call_after_refresh(self.engine.open)
        if not self.home.tour.exists():
            self.push_screen(Tour(self.lang), lambda _: self.home.remember_tour())

    def on_unmount(self) -> None:
        """However the screen ends, the check and the engine end with it."""
        self.trials.stop()
        self.checks.stop()
        self.engine.stop()
        self.ledger.close()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every key of the screen that it lies over, and what has no key."""
        yield from commands(self, screen)

    def action_command_palette(self) -> None:
        """Open the palette."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(placeholder=say("palette_hint", self.lang), id="--command-palette"))

    @on(EngineReady)
    @on(EngineFailed)
    @on(ModelState)
    @on(SelfCheckFailed)
    def _engine_said(self, message: EngineReady | EngineFailed | ModelState | SelfCheckFailed) -> None:
        self.engine.note(message)
        if isinstance(message, EngineFailed | SelfCheckFailed):
            self.notify(told(message.reason, self.lang), severity="error", timeout=15)

    def status(self) -> Text:
        """Engine, models, seal, index in words."""
        auto = say("auto_on" if self.auto else "auto_off", self.lang)
        return Text(self.lang.pick("　", "  ")).join(
            (*self.engine.status(self.lang, self.looks["trouble"]), Text(auto))
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of the main screen work there and nowhere else; F1 closes the text that it opened."""
        if action == HELP.action:
            return not isinstance(self.screen, TextDialog)
        if action == "stop" and self.main.query_one("#channel", Select).expanded:
            return False
        mine = {key.action for key in MAIN} - {key.action for key in EVERYWHERE}
        return len(self.screen_stack) == 1 if action in mine else True

    def action_check(self) -> None:
        """Check the text as it stands."""
        self.main.check()

    def action_stop(self) -> None:
        """Stop the running check at once, what was found stays, without a decision; else go back to the draft."""
        pane = self.main.query_one(DraftPane)
        if self.main.stop():
            return
        if pane.has_focus:
            self.notify(say("nothing_to_stop", self.lang))
        else:
            pane.focus()

    def action_next(self) -> None:
        """Select the next finding."""
        self.main.step(1)

    def action_previous(self) -> None:
        """Select the finding before."""
        self.main.step(-1)

    def action_redact(self) -> None:
        """Suggest changes to the draft that was checked."""
        review = self.main.reviewed
        if review is None:
            self.notify(say("check_first", self.lang))
        else:
            from reviewer.tui.redact_screen import RedactScreen

            self.push_screen(RedactScreen(self.main.draft, review), self._changed)

    def _changed(self, result: tuple[Draft, Review | None] | None) -> None:
        """Take what another screen made of the draft; an unfinished review is started again by the person."""
        if result is not None and (result[0] != self.main.draft or result[1] is not self.main.review):
            self.main.bring(*result)

    def action_compare(self) -> None:
        """Check the draft for every channel."""
        if self.main.text.strip():
            from reviewer.tui.channels_screen import ChannelsScreen

            self.push_screen(ChannelsScreen(self.main.draft), self._changed)
        else:
            self.notify(say("nothing_to_check", self.lang))

    def action_answer(self) -> None:
        """Check an AI's answer beside its prompt; what was there the last time still is."""
        from reviewer.tui.answer_screen import AnswerScreen

        if not self.is_screen_installed("answer"):
            self.install_screen(AnswerScreen(), "answer")
        self.push_screen("answer")

    def action_history(self) -> None:
        """What was checked since the start."""
        if self.session.entries:
            from reviewer.tui.history_screen import HistoryScreen

            self.push_screen(HistoryScreen(self.session.weighed()), self._changed)
        else:
            self.notify(say("no_history", self.lang))

    def action_feedback(self) -> None:
        """Report that the draft was judged wrongly."""
        review = self.main.reviewed
        if review is None:
            self.notify(say("check_first", self.lang))
        else:
            from reviewer.precedents import SHORTEST
            from reviewer.tui.feedback import FeedbackScreen

            if len(self.main.text) < SHORTEST:
                self.notify(say("draft_short", self.lang, n=SHORTEST), severity="warning")
                return
            self.push_screen(FeedbackScreen(self.main.draft, self.main.selected, review.decision))

    def action_channel(self) -> None:
        """Next channel in the list."""
        channels = list(Channel)
        place = (channels.index(self.main.channel) + 1) % len(channels)
        self.main.query_one("#channel", Select).value = channels[place]

    def action_help(self) -> None:
        """Show the keys of the screen on top, which is there again afterwards."""
        words = help_text(keys_of(self.screen), self.lang)
        self.push_screen(TextDialog(say("help_title", self.lang), words, self.lang))

    def action_why(self) -> None:
        """Show what the model thinks of every clause."""
        review = self.main.reviewed
        if review is None:
            self.notify(say("check_first", self.lang))
            return
        body = why(review.judgement, review.decision, review.findings, self.station.regulations, self.lang)
        self.push_screen(TextDialog(say("why", self.lang), body, self.lang))

    def action_overlap(self) -> None:
        """Show the words of a hit beside those of the document."""
        from reviewer.tui.overlap import look

        look(self, self.main.selected)

    def action_copy(self) -> None:
        """Copy the draft, if it may go out."""
        self.copying.copy(self.main.draft, self.main.reviewed)

    def action_clear(self) -> None:
        """Start over; Ctrl+Z brings the draft back."""
        self.main.stop()
        pane = self.main.query_one(DraftPane)
        if pane.text:
            pane.write("")
            pane.focus()
            self.notify(say("cleared", self.lang))
        else:
            self.notify(say("empty", self.lang))

    def action_open(self) -> None:
        """Read a file into the draft."""
        self._files.open()

    def action_form(self) -> None:
        """Write the review form about the draft that was checked."""
        self._files.write_form()

    def action_theme(self) -> None:
        """The next set of colours."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        for screen in self.screen_stack:
            if isinstance(screen, Keyed):
                screen.repaint()
        self.notify(say("theme_now", self.lang, theme=say(f"theme_{self.theme}", self.lang)))

    def action_auto(self) -> None:
        """Whether the whole check starts by itself."""
        self.auto = not self.auto
        self.notify(say("auto_now", self.lang, state=say("on" if self.auto else "off", self.lang)))

    def action_suspend(self) -> None:
        """Back to the shell; the draft waits in memory."""
        if not suspend(self, self._driver):
            self.notify(say("suspend_unable", self.lang))

    def action_leave(self) -> None:
        """Quit; with a draft on the screen, or a prompt or answer on theirs, ask once."""
        if any(isinstance(screen, Ask) for screen in self.screen_stack):
            return
        kept = [self.get_screen("answer")] if self.is_screen_installed("answer") else []
        if not all(pane.blank for screen in (self.main, *kept) for pane in screen.query(DraftPane)):
            words = [say(name, self.lang) for name in ("quit_sure", "quit_yes", "quit_no")]
            self.push_screen(Ask(*words), self._leave)
        else:
            self._leave(True)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.checks.stop()
            self.exit(0)
