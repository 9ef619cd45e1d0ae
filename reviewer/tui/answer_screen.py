"""AI-output mode: the prompt on one side, the answer on the other, and what a person should look at in it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option

from reviewer.compare import Comparison, compare
from reviewer.draft import Channel
from reviewer.readers import from_text
from reviewer.reports.visible import visible
from reviewer.tui.draft_pane import DraftPane, Mark
from reviewer.tui.messages import ReviewDone, ReviewStopped, StageDone
from reviewer.tui.words import channel_name, say
from reviewer.verdict import Review

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at: where in which box, how it looks, what is said about it."""

    pane: str
    span: tuple[int, int]
    look: str
    head: str
    words: str


class AnswerScreen(Screen[None]):
    """Prompt and answer are checked as drafts of their channels, then compared; both stay until the program ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f5", "check", ""),
        ("f2", "next", ""),
        ("f4", "channel", ""),
        ("escape", "back", ""),
    ]
    app: "ReviewerApp"

    def __init__(self) -> None:
        super().__init__()
        self.channel = Channel.PUBLIC_POST
        self.reviews: list[Review] = []
        self.comparison: Comparison | None = None
        self.points: list[Point] = []

    def compose(self) -> ComposeResult:
        """Two boxes over the list of points."""
        lang = self.app.lang
        yield Static(id="decision", markup=False)
        with Horizontal(id="both"):
            for name in ("prompt", "answer"):
                pane = DraftPane(say(f"{name}_place", lang), say("characters", lang), name)
                pane.border_title = say(f"{name}_box", lang)
                yield pane
        yield OptionList(id="points", markup=False)
        yield Static(say("answer_keys", lang), id="keys", markup=False)

    def on_mount(self) -> None:
        """The prompt comes first."""
        self.query_one("#prompt").focus()
        self.set_interval(0.5, self._paint_decision)
        self._paint()

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", DraftPane).text

    def action_check(self) -> None:
        """Check the prompt as one to an AI tool, and the answer for where it will go."""
        lang = self.app.lang
        if not self._text("answer").strip():
            self.notify(say("answer_place", lang))
            return
        self.reviews, self.comparison, self.points = [], None, []
        drafts = [from_text(self._text("prompt"), Channel.AI_PROMPT), from_text(self._text("answer"), self.channel)]
        self.app.checks.start(drafts, self)
        self._paint()

    def action_channel(self) -> None:
        """Where the answer will go."""
        channels = list(Channel)
        self.channel = channels[(channels.index(self.channel) + 1) % len(channels)]
        self._stale()

    def action_next(self) -> None:
        """The next point."""
        points = self.query_one("#points", OptionList)
        if self.points:
            points.focus()
            points.highlighted = ((points.highlighted if points.highlighted is not None else -1) + 1) % len(self.points)
        else:
            self.notify(say("nothing_found", self.app.lang))

    def action_back(self) -> None:
        """Stop and go back; the texts stay for the next time."""
        self.app.checks.stop()
        self.dismiss(None)

    @on(TextArea.Changed)
    def _edited(self) -> None:
        self._stale()

    def _stale(self) -> None:
        self.app.checks.stop()
        self.reviews, self.comparison, self.points = [], None, []
        self._paint()

    @on(StageDone)
    def _stage_done(self, message: StageDone) -> None:
        if self.app.checks.note(message):
            self._paint_decision()

    @on(ReviewDone)
    def _review_done(self, message: ReviewDone) -> None:
        if not self.app.checks.note(message):
            return
        prompt = from_text(self._text("prompt"), Channel.AI_PROMPT)
        answer = from_text(self._text("answer"), self.channel)
        self.reviews.append(message.review)
        if len(self.reviews) == 2:
            self.comparison = compare(prompt, answer, self.reviews[1].findings, self.app.articles)
            self.points = self._points(self.reviews[0], self.comparison)
            self.app.engine.look_after()
        self._paint()

    @on(ReviewStopped)
    def _review_stopped(self, message: ReviewStopped) -> None:
        if self.app.checks.note(message) and message.reason:
            self.notify(visible(message.reason), severity="error", timeout=15)

    @on(OptionList.OptionHighlighted, "#points")
    def _moved(self) -> None:
        self._paint_marks()

    def _points(self, prompt: Review, made: Comparison) -> list[Point]:
        """New findings first, then doubtful citations, what was carried over, and the prompt's own findings."""
        lang = self.app.lang
        found = [("answer", f, "new_here") for f in made.new]
        later = [("answer", f, "carried") for f in made.carried]
        later += [("prompt", f, "prompt_is") for f in prompt.findings if f.severity.rank]
        doubts = [Point("answer", d.span, "note", say(d.why.value, lang), d.quote) for d in made.doubts]
        of = [
            Point(pane, f.span, f.severity.value, f"{say(head, lang)}　{f.clause.id if f.clause else f.rule}", f.quote)
            for pane, f, head in (*found, *later)
        ]
        return [*of[: len(found)], *doubts, *of[len(found) :]]

    def _paint(self) -> None:
        looks, points = self.app.looks, self.query_one("#points", OptionList)
        points.clear_options()
        for p in self.points:
            row = Text(no_wrap=True, overflow="ellipsis").append(f" {p.head} ", looks[p.look])
            points.add_option(Option(row.append("　" + visible(p.words.replace("\n", " ")))))
        self._paint_marks()
        self._paint_decision()

    def _paint_marks(self) -> None:
        looks, place = self.app.looks, self.query_one("#points", OptionList).highlighted
        chosen = self.points[place] if place is not None and place < len(self.points) else None
        for name in ("prompt", "answer"):
            taken = self.comparison.taken if self.comparison and name == "answer" else ()
            marks: list[Mark] = [(*span, looks["prompt"]) for span in taken]
            marks += [(*p.span, looks[p.look]) for p in self.points if p.pane == name]
            here = chosen is not None and chosen.pane == name
            if chosen is not None and here:
                marks.append((*chosen.span, looks["selected"]))
            self.query_one(f"#{name}", DraftPane).show(marks, chosen.span[0] if chosen and here else None)

    def _paint_decision(self) -> None:
        lang, bar = self.app.lang, self.query_one("#decision", Static)
        where = f"{say('channel', lang)}：{channel_name(self.channel, lang)}"
        if progress := self.app.checks.progress(lang):
            bar.set_classes("running")
            bar.update(f"{progress}　{where}")
        elif self.comparison is None:
            bar.set_classes("idle")
            bar.update(f"{say('answer_title', lang)}　{where}")
        else:
            answer = self.reviews[1]
            bar.set_classes(answer.decision.value)
            new, carried = len(self.comparison.new), len(self.comparison.carried)
            counts = f"{say('new_here', lang)} {new}　{say('carried', lang)} {carried}"
            taken = f"{say('from_prompt', lang)} {self.comparison.share:.0%}"
            bar.update(Text(f"{say(answer.decision.value, lang)}　{where}\n{taken}　{counts}", "bold"))
