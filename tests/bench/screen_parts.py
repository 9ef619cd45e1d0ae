"""Parts of the screen, each filled with strings and looked through from its first row to its last."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from itertools import cycle

from rich.text import Text
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from reviewer.compare import Comparison
from reviewer.draft import Channel, Draft, Lang
from reviewer.finding import Finding, Stage
from reviewer.redact import Held, Plan, Suggestion
from reviewer.redact.details import Way
from reviewer.tui.answer_points import Point
from reviewer.tui.answer_screen import AnswerScreen
from reviewer.tui.app import ReviewerApp
from reviewer.tui.channels_screen import ChannelsScreen
from reviewer.tui.dialogs import Ask, TextDialog
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.feedback import FeedbackScreen
from reviewer.tui.findings_pane import FindingsPane
from reviewer.tui.history_screen import HistoryScreen
from reviewer.tui.messages import EngineFailed, SelfCheckFailed
from reviewer.tui.override import OverrideScreen
from reviewer.tui.redact_screen import RedactScreen
from reviewer.tui.session import Entry
from reviewer.verdict import Decision, Judgement, Probability, Review, Unfinished
from tests.hostile_worker import findings_of, neighbour_of

Part = Callable[[Pilot[int], ReviewerApp, Sequence[str]], Awaitable[None]]
FEW = 4
"""Strings of one notification or question."""
SETTLES = 3
"""Rounds of messages after which a part that was filled knows how high it is."""


def judged(draft: Draft, *, unfinished: Sequence[str] = (), found: Sequence[Finding] | None = None) -> Review:
    """A review in which every string that there can be is hostile."""
    findings = tuple(findings_of(draft)) if found is None else tuple(found)
    near = tuple(neighbour_of(f.quote) for f in findings)
    return Review(
        id="",
        decision=Decision.REVIEW,
        findings=findings,
        unfinished=tuple(Unfinished(stage=Stage.JUDGE, reason=reason) for reason in unfinished),
        length=len(draft.text),
        judgement=Judgement(probability=Probability(violation=0.9, clauses={"wx-5": 0.9}), neighbours=near),
    )


async def through(pilot: Pilot[int], widget: Widget) -> None:
    """Show a widget's every row."""
    for _ in range(SETTLES):
        await pilot.pause()
    y = 0
    while True:
        widget.scroll_to(y=y, animate=False, force=True)
        await pilot.pause()
        if y >= widget.max_scroll_y:
            return
        y += max(1, widget.scrollable_content_region.height - 1)


def typed(screen: ReviewerApp, text: str) -> Draft:
    """A draft as the box for it holds it: with every line end as one."""
    screen.main.query_one(DraftPane).text = text
    return screen.main.draft


def few(texts: Sequence[str]) -> list[str]:
    """Some strings at a time, each on a line of its own."""
    return ["\n".join(texts[i : i + FEW]) for i in range(0, len(texts), FEW)]


async def draft(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """The draft that is typed, one string a line."""
    pane = screen.main.query_one(DraftPane)
    pane.text = "\n".join(("首行", *texts))  # the cursor stands in the first line
    await through(pilot, pane)


async def findings(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """The list of findings, which quotes them."""
    text = typed(screen, "\n".join(texts))
    screen.main.bring(text, judged(text))
    await through(pilot, screen.main.query_one(FindingsPane))


async def detail(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """What is said of the finding that is selected: clause, reason, advice, nearest precedent."""
    for text in texts:
        one = typed(screen, text)
        screen.main.bring(one, judged(one))
        await through(pilot, screen.main.query_one("#details"))


async def decision(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """The bar of the decision with what was not examined, and with why a check did not finish."""
    one = typed(screen, "甲")
    for text in texts:
        screen.main.bring(one, judged(one, unfinished=[text]))
        await pilot.pause()
        screen.main.bring(one, None)
        screen.checks._failed[screen.main] = text
        screen.main.paint()
        await pilot.pause()


async def why(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """What the model thinks, with the nearest precedents."""
    text = typed(screen, "\n".join(texts))
    screen.main.bring(text, judged(text))
    await pilot.pause()
    screen.action_why()
    await pilot.pause()
    await through(pilot, screen.screen.query_one("#dialog"))


async def channels(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """The rows of the channels: the worst finding, what was not examined, why the check did not finish."""
    over = ChannelsScreen(Draft(text="甲"))
    screen.push_screen(over)
    await pilot.pause()
    screen.checks.leave(over)
    over.drafts = [Draft(text=t, channel=c) for t, c in zip(texts, cycle(Channel), strict=False)]
    rows = over.query_one("#channels", OptionList)
    unread = [judged(d, unfinished=[d.text], found=()) for d in over.drafts]
    for reviews in ([judged(d) for d in over.drafts], unread):
        over.reviews = list(reviews)
        over.repaint()
        await through(pilot, rows)
    for text in texts:
        over.drafts, over.reviews = over.drafts[:1], [None]
        screen.checks._failed[over] = text
        over.repaint()
        await pilot.pause()


async def history(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """What was checked since the start."""
    drafts = [Draft(text=text) for text in texts]
    over = HistoryScreen([Entry(datetime(2026, 11, 28, 9, 0), d, judged(d)) for d in drafts])
    screen.push_screen(over)
    await pilot.pause()
    await through(pilot, over.query_one("#entries"))


def _plan(text: Draft) -> Plan:
    quoted = ({"span": f.span, "rule": f.rule, "quote": f.quote} for f in findings_of(text))
    told = ({**q, "replacement": q["quote"], "clause": q["quote"], "why": q["quote"]} for q in quoted)
    return Plan(suggestions=tuple(Suggestion(way=Way.ABSTRACT, **t) for t in told))


async def redaction(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """The suggested changes, the text that they change, both texts compared."""
    text = Draft(text="\n".join(texts))
    over = RedactScreen(text, judged(text, found=()))
    screen.push_screen(over)
    await pilot.pause()
    over._offer(_plan(text))
    await through(pilot, over.query_one("#changes"))
    await through(pilot, over.query_one("#diff-box"))
    over.first = Draft(text="甲")
    over.action_whole()
    await through(pilot, over.query_one("#diff-box"))


async def redaction_notes(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """What holds a draft, what was not examined, why a check did not finish, and a person's own words."""
    one = Draft(text="甲")
    over = RedactScreen(one, judged(one, found=()))
    screen.push_screen(over)
    await pilot.pause()
    finding = next(findings_of(one))
    for text in texts:
        over._offer(Plan(held=(Held(finding=finding, advice=text),)))
        await pilot.pause()
        over.plan, over.review = Plan(), judged(one, unfinished=[text], found=())
        over.repaint()
        await pilot.pause()
        over.draft = Draft(text="甲乙")
        screen.checks._failed[over] = text
        over.repaint()
        await pilot.pause()
        over.draft = one
        own = over.query_one("#own", Input)
        own.display, own.value = True, text
        await pilot.pause()
        own.display = False


async def feedback(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """The reason that is typed, and what keeping it would do."""
    one = Draft(text="甲")
    over = FeedbackScreen(one, next(findings_of(one)), Decision.REVIEW)
    screen.push_screen(over)
    await pilot.pause()
    for text in texts:
        over.query_one("#reason", Input).value = text
        over.query_one("#effect", Static).update(text)
        await pilot.pause()


async def answer(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """Prompt and answer, the points about them, and what is said of one that is selected."""
    screen.action_answer()
    await pilot.pause()
    over = screen.screen
    assert isinstance(over, AnswerScreen)
    text = Draft(text="\n".join(texts))
    for name in ("prompt", "answer"):
        over.query_one(f"#{name}", DraftPane).text = text.text
    await pilot.pause()
    over.drafts, over.reviews = [text, text], [judged(text), judged(text)]
    over.comparison = Comparison(new=(), carried=(), doubts=(), taken=(), share=0.5)
    found = list(findings_of(text))
    over.points = [Point("answer", f.span, "review", f.quote, f.quote, f) for f in found]
    over.points += [Point("prompt", f.span, "note", f.quote, f.quote) for f in found]
    over.repaint()
    for name in ("#prompt", "#answer", "#points"):
        await through(pilot, over.query_one(name))
    points = over.query_one("#points", OptionList)
    for place in range(len(over.points)):
        points.highlighted = place
        await through(pilot, over.query_one("#details"))


async def answer_decision(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """The bar over prompt and answer: what was not examined, why a check did not finish."""
    screen.action_answer()
    await pilot.pause()
    over = screen.screen
    assert isinstance(over, AnswerScreen)
    one = Draft(text="甲")
    for text in texts:
        over.drafts, over.reviews = [one, one], [judged(one), judged(one, unfinished=[text])]
        over.comparison = Comparison(new=(), carried=(), doubts=(), taken=(), share=0.5)
        over.repaint()
        await pilot.pause()
        over.comparison = None
        screen.checks._failed[over] = text
        over.repaint()
        await pilot.pause()


async def errors(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """Notifications: of the engine, and of any words that nobody has made visible."""
    for text in few(texts):
        for said in (EngineFailed(text), SelfCheckFailed(text)):
            screen.post_message(said)
            await pilot.pause()
            await pilot.pause()
            screen.clear_notifications()
        screen.notify(text, title=text.split("\n")[0], severity="error")
        await pilot.pause()
        await pilot.pause()
        screen.clear_notifications()


async def dialogs(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """Texts, questions, the reasons to copy and the palette, over a screen full of strings."""
    text = typed(screen, "\n".join(texts))
    screen.main.bring(text, judged(text))
    over = TextDialog("甲", Text(text.text), Lang.ZH)
    screen.push_screen(over)
    await pilot.pause()
    await through(pilot, over.query_one("#dialog"))
    await pilot.press("escape")
    screen.push_screen(OverrideScreen(Lang.ZH))
    await pilot.pause()
    await pilot.press("escape")
    for said in few(texts):
        screen.push_screen(Ask(said, "乙", "丙"))
        await pilot.pause()
        screen.pop_screen()
    for key in ("ctrl+p", "f1"):
        await pilot.press(key)
        await pilot.pause(0.1)
        await pilot.press("escape")


async def palette(pilot: Pilot[int], screen: ReviewerApp, texts: Sequence[str]) -> None:
    """What is typed into the palette."""
    await pilot.press("ctrl+p")
    await pilot.pause()
    for text in texts:
        screen.screen.query_one(Input).value = text
        await pilot.pause()


PARTS: Mapping[str, Part] = {
    part.__name__: part
    for part in (
        draft, findings, detail, decision, why, channels, history, redaction, redaction_notes, feedback, answer,
        answer_decision, errors, dialogs, palette,
    )
}  # fmt: skip
"""By name."""
