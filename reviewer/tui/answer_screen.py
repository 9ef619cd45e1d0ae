"""AI-output mode: the prompt on one side, the answer on the other, and what a person should look at in it."""

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from reviewer.compare import Comparison, Library, compare
from reviewer.draft import Channel, Draft
from reviewer.errors import ReviewerError
from reviewer.readers import from_text
from reviewer.reports.visible import visible
from reviewer.reports.words import COLON
from reviewer.tui.answer_points import Point, counts, points
from reviewer.tui.detail import details, unexamined
from reviewer.tui.draft_pane import DraftPane, Mark
from reviewer.tui.keys import ANSWER, HELP, Keyed, bound, key_line
from reviewer.tui.messages import ReviewDone, ReviewStopped, StageDone, WordsClicked
from reviewer.tui.prose import Prose
from reviewer.tui.reasons import told
from reviewer.tui.taking import Taking
from reviewer.tui.words import channel_name, say
from reviewer.verdict import Review

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp


class AnswerScreen(Keyed, Taking):
    """Prompt and answer are checked as drafts of their channels, then compared; both stay until the program ends."""

    keys = ANSWER
    BINDINGS: ClassVar[list[BindingType]] = bound(ANSWER)
    app: "ReviewerApp"

    def __init__(self) -> None:
        super().__init__()
        self.channel = Channel.PUBLIC_POST
        self.drafts: list[Draft] = []
        """Prompt and answer that are checked, or were."""
        self.reviews: list[Review] = []
        self.comparison: Comparison | None = None
        self.points: list[Point] = []
        self._box: DraftPane | None = None
        """The box that had the focus last."""

    @cached_property
    def library(self) -> Library:
        """What is known of laws and official documents. Raises `PackError`."""
        return Library.load(self.app.station.config.packs)

    def compose(self) -> ComposeResult:
        """Two boxes over the list of points, with what is said of the selected one beside it."""
        lang = self.app.lang
        yield Prose(id="decision")
        with Horizontal(id="both"):
            for name in ("prompt", "answer"):
                pane = DraftPane(say(f"{name}_place", lang), say("characters", lang), name)
                pane.border_title = say(f"{name}_box", lang)
                yield pane
        with Horizontal(id="found"):
            points = OptionList(id="points", markup=False)
            points.border_title = say("points", lang)
            yield points
            with VerticalScroll(id="details") as box:
                box.border_title = say("detail", lang)
                yield Prose(id="detail")
        yield Prose(key_line((*ANSWER, HELP), lang), id="keys")

    def on_mount(self) -> None:
        """The prompt comes first."""
        self.query_one("#prompt").focus()
        self.set_interval(0.5, self._tick)
        self.repaint()

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", DraftPane).text

    def action_check(self) -> None:
        """Check the prompt as one to an AI tool, and the answer for where it will go."""
        lang = self.app.lang
        if not self._text("answer").strip():
            self.notify(say("no_answer", lang))
            return
        self.reviews, self.comparison, self.points = [], None, []
        self.drafts = [from_text(self._text("prompt"), Channel.AI_PROMPT, lang=lang), self._answer]
        self.app.checks.start(self.drafts, self)
        self.repaint()

    @property
    def _answer(self) -> Draft:
        """The answer as it stands."""
        return from_text(self._text("answer"), self.channel, lang=self.app.lang)

    def action_copy(self) -> None:
        """Copy the answer, if it may go out as it stands."""
        answer = self._answer
        known = self.comparison is not None and (answer.text, answer.channel) == (
            self.drafts[1].text,
            self.drafts[1].channel,
        )
        self.app.copying.copy(answer, self.reviews[1] if known else None)

    def action_channel(self) -> None:
        """Where the answer will go."""
        channels = list(Channel)
        self.channel = channels[(channels.index(self.channel) + 1) % len(channels)]
        self.forget()

    def action_next(self) -> None:
        """Select the next point."""
        self._step(1)

    def action_previous(self) -> None:
        """Select the point before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        points = self.query_one("#points", OptionList)
        if self.points:
            points.focus()
            place = points.highlighted if points.highlighted is not None else -by
            points.highlighted = (place + by) % len(self.points)
        else:
            self.notify(say("nothing_found", self.app.lang))

    @on(events.DescendantFocus)
    def _entered(self, event: events.DescendantFocus) -> None:
        if isinstance(event.widget, DraftPane):
            self._box = event.widget

    def into(self) -> DraftPane | None:
        """The box that was written in last."""
        if any(pane.has_focus for pane in self.query(DraftPane)):
            return None
        return self._box or self.query_one("#answer", DraftPane)

    def action_back(self) -> None:
        """Stop and go back; the texts stay for the next time."""
        self.app.checks.leave(self, by_hand=True)
        self.dismiss(None)

    @on(TextArea.Changed)
    def _edited(self) -> None:
        self.forget()

    def forget(self) -> None:
        """What was decided stands no longer; the texts stay."""
        self.app.checks.leave(self)
        self.reviews, self.comparison, self.points = [], None, []
        self.repaint()

    @on(StageDone)
    def _stage_done(self, message: StageDone) -> None:
        if self.app.checks.note(message):
            self._paint_decision()

    @on(ReviewDone)
    def _review_done(self, message: ReviewDone) -> None:
        if not self.app.checks.note(message):
            return
        self.reviews.append(message.review)
        if len(self.reviews) == 2:
            self._compare()
            self.app.engine.look_after()
        self.repaint()

    def _compare(self) -> None:
        """Where it is not known what laws there are, nothing is decided."""
        prompt, answer = self.drafts
        try:
            self.comparison = compare(prompt, answer, self.reviews[1], self.library)
        except ReviewerError as exc:
            self.reviews = []
            self.notify(told(str(exc), self.app.lang), severity="error", timeout=15)
            return
        self.points = points(self.reviews[0], self.comparison, self.app.called, self.app.lang)

    @on(ReviewStopped)
    def _review_stopped(self, message: ReviewStopped) -> None:
        if self.app.checks.note(message):
            if message.reason:
                self.notify(told(message.reason, self.app.lang), severity="error", timeout=15)
            self._paint_decision()

    @on(events.ScreenResume)
    def _uncovered(self) -> None:
        """The colours may be others."""
        self.repaint()

    @on(WordsClicked)
    def _clicked(self, message: WordsClicked) -> None:
        """Select the narrowest point under the click."""
        here = [
            (p.span[1] - p.span[0], place)
            for place, p in enumerate(self.points)
            if p.pane == message.pane and p.span[0] <= message.offset < p.span[1]
        ]
        if here:
            self.query_one("#points", OptionList).highlighted = min(here)[1]

    @on(OptionList.OptionHighlighted, "#points")
    def _moved(self) -> None:
        self._paint_marks()
        self._paint_detail()

    def repaint(self) -> None:
        """Everything that is derived: points, glowing words, what is said of the selected point, the decision."""
        looks, points = self.app.looks, self.query_one("#points", OptionList)
        place = points.highlighted or 0
        points.clear_options()
        for p in self.points:
            row = Text(no_wrap=True, overflow="ellipsis").append(f" {p.head} ", looks[p.look])
            points.add_option(Option(row.append("　" + visible(p.words.replace("\n", " ")))))
        if self.points:
            points.highlighted = min(place, len(self.points) - 1)
        self._paint_marks()
        self._paint_detail()
        self._paint_decision()

    @property
    def _chosen(self) -> Point | None:
        place = self.query_one("#points", OptionList).highlighted
        return self.points[place] if place is not None and place < len(self.points) else None

    def _paint_detail(self) -> None:
        self.query_one("#detail", Prose).update(self._detail(self._chosen))

    def _detail(self, point: Point | None) -> Text:
        """Clause, reason and advice as on the main screen; of a citation, what is known of it."""
        app, lang = self.app, self.app.lang
        if point is None:
            return Text()
        if point.finding is None:
            said = Text().append(f"{point.says}\n", "bold").append(f"“{visible(point.words)}”\n")
            return (
                said.append(f"{say('advice', lang)}　{point.advice}\n", app.looks["advice"]) if point.advice else said
            )
        judgement = self.reviews[0 if point.pane == "prompt" else 1].judgement
        name = app.called(point.finding.rule)
        return details(point.finding, name, judgement, app.station.regulations, app.articles, app.looks, lang)

    def _paint_marks(self) -> None:
        looks, chosen = self.app.looks, self._chosen
        for name in ("prompt", "answer"):
            taken = self.comparison.taken if self.comparison and name == "answer" else ()
            marks: list[Mark] = [(*span, looks["prompt"]) for span in taken]
            marks += [(*p.span, looks[p.look]) for p in self.points if p.pane == name]
            here = chosen is not None and chosen.pane == name
            if chosen is not None and here:
                marks.append((*chosen.span, looks["selected"]))
            self.query_one(f"#{name}", DraftPane).show(marks, chosen.span[0] if chosen and here else None)

    def _tick(self) -> None:
        if self.app.checks.running_for(self):
            self._paint_decision()

    def _paint_decision(self) -> None:
        lang, bar = self.app.lang, self.query_one("#decision", Prose)
        colon = lang.pick(*COLON)
        where = f"{say('channel', lang)}{colon}{channel_name(self.channel, lang)}"
        if progress := self.app.checks.progress(self, lang):
            bar.set_classes("running")
            bar.update(f"{progress}　{where}")
        elif self.comparison is None:
            bar.set_classes("idle")
            failed = told(self.app.checks.failed(self), lang)
            state = f"{say('not_finished', lang)}{colon}{failed}" if failed else say("answer_title", lang)
            bar.update(f"{state}　{where}")
        else:
            answer = self.reviews[1]
            bar.set_classes(answer.decision.value)
            words = Text(f"{say(answer.decision.value, lang)}　{where}\n{counts(self.comparison, lang)}", "bold")
            bar.update(words.append(unexamined(self.reviews, lang), "not bold"))
