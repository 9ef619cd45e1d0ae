"""The judge's own arithmetic: which words decide, where the sentence around them lies, and what is read apart."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from reviewer.decide import decide
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import ModelError
from reviewer.finding import ClauseRef, Stage
from reviewer.judge import Judge
from reviewer.judge.attention import Floats
from reviewer.judge.cases import Cases, gather
from reviewer.judge.heads import Heads
from reviewer.judge.learn import Learnt, nothing
from reviewer.judge.states import CLOSE, PIECE, Glance, Read, quoted
from reviewer.judge.windows import LIMIT, OVERLAP, WINDOW, apart, around, sentence, windows
from reviewer.normalise import fold
from reviewer.review import Reviewer
from reviewer.verdict import Decision, Review
from tests.judging import NOBODY, Clause, Reads, cases, direction, heads, plainly

WEIGHT = np.array([1.0], np.float32)


def read(scores: list[float]) -> Read:
    """A text of two-character tokens whose second reading scores as given."""
    rows = np.array([[[0.0]] * len(scores), [[s] for s in scores]], np.float32)
    return Read(rows=rows, starts=tuple(range(0, 2 * len(scores), 2)), embedding=np.zeros(1, np.float32))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_a_text_shorter_than_the_smoothing_has_a_deciding_character(count: int) -> None:
    assert read([float(i - count) for i in range(count)]).decisive(WEIGHT) in range(0, 2 * count, 2)


def test_the_highest_stretch_decides_not_the_highest_token() -> None:
    scores = [0.0] * 20
    scores[2] = 3.0
    scores[10:15] = [1.0] * 5
    assert read(scores).decisive(WEIGHT) == 24
    assert read(scores).decisive(WEIGHT, slice(0, 8)) < 10


def test_another_place_is_named_only_where_it_is_nearly_as_high() -> None:
    scores = [0.0] * 30
    scores[3:8] = [2.0] * 5
    scores[20:25] = [2.0 - CLOSE / 2] * 5
    assert read(scores).runner_up(WEIGHT, slice(None), [(4, 18)]) == 44
    assert read(scores).runner_up(WEIGHT, slice(0, 15), [(4, 18)]) is None
    assert read(scores).runner_up(WEIGHT, slice(None), [(0, 60)]) is None
    assert read(scores).runner_up(WEIGHT, slice(None), [(4, 18), (38, 60)]) is None
    scores[20:25] = [2.0 - CLOSE * 1.1] * 5
    assert read(scores).runner_up(WEIGHT, slice(None), [(0, 40)]) is None


def test_up_to_three_places_are_quoted_the_surest_first() -> None:
    told = [f"{word}{'讲' * 28}。" for word in "一二三四"]
    text, window = "".join(told), (0, 120)

    def quotes(*highest: float) -> list[str]:
        scored = read([s for high in highest for s in (*[-9.0] * 5, *[high] * 5, *[-9.0] * 5)])
        return [text[slice(*s)] + "。" for s in quoted(text, window, scored, WEIGHT, scored.decisive(WEIGHT))]

    near = [2.0 - CLOSE * part for part in (0.3, 0.9, 0.0, 0.6)]
    assert quotes(*near) == [told[2], told[0], told[3]]
    assert quotes(near[0], -9.0, near[2], -9.0) == [told[2], told[0]]


def test_a_short_sentence_is_quoted_whole_and_a_long_one_by_its_clause() -> None:
    text = "先吃饭。周三方案上会，别外传！" + "甲" * 30 + "，" + "乙" * 30 + "。"
    assert text[slice(*around(text, 0, len(text), 6))] == "周三方案上会，别外传！"
    assert text[slice(*around(text, 0, len(text), len(text) - 5))] == "乙" * 30
    assert text[slice(*sentence(text, 0, len(text), 1))] == "先吃饭。"


def test_a_paragraph_is_read_without_the_rest_as_its_author_set_it() -> None:
    text = "周六去摘枇杷。\n滨江路那边要拆，方案下周上会。先别说！\n小明的水杯落在教室了，有空来拿一下。\n好。"
    at = text.index("先别说")
    part = apart(text, 0, len(text), at)
    assert part is not None
    assert text[slice(*part)] == "滨江路那边要拆，方案下周上会。先别说！"


def test_short_lines_are_read_with_those_beside_them() -> None:
    chat = "家里的猫今天又上房顶了，" * 8
    text = f"部队凌晨出发\n去边境\n{chat}\n\n明天带孩子去划船。\n祝好\n阿明"
    first, last = apart(text, 0, len(text), 2), apart(text, 0, len(text), len(text) - 1)
    assert first is not None
    assert text[slice(*first)] == "部队凌晨出发\n去边境"
    assert last is not None
    assert text[slice(*last)] == "明天带孩子去划船。\n祝好\n阿明"


def test_of_a_text_that_is_mostly_one_paragraph_the_sentence_is_read() -> None:
    text = "通知\n滨江路那边要拆，方案下周上会。这件事先别跟家里人说！吃饭去。"
    part = apart(text, 0, len(text), text.index("家里人"))
    assert part is not None
    assert text[slice(*part)] == "这件事先别跟家里人说！"
    assert apart(text, 0, len(text), len(text) - 1) is None


LONG = "周六去摘枇杷，记得戴草帽。\n滨江路的路灯换成新的了，晚上亮堂多了。\n" * 12 + "祝好"
"""So long that a part of it is read alone, and short enough for one window."""

SHORT = "明天食堂吃包子"


def three(row: float = 0.0, embedding: Floats | float = 1.0) -> Read:
    """A reading of three tokens."""
    return Read(np.full((2, 3, 1), row, np.float32), (0, 1, 2), np.atleast_1d(np.float32(embedding)))


def reading(part: Read) -> Callable[[str, Channel], Read]:
    """Reads nothing special of `LONG` as a whole, and `part` of all else."""
    whole = Read(np.zeros((2, len(LONG), 1), np.float32), tuple(range(len(LONG))), np.ones(1, np.float32))
    return lambda text, channel: whole if text == LONG else part


def judge(
    read: Callable[[str, Channel], Read],
    fitted: Heads,
    known: Cases = NOBODY,
    learnt: Learnt | None = None,
) -> Judge:
    """A judge of one clause."""
    return Judge(Reads(read), fitted, ["wx-1"], {"wx-1": Clause()}, known, Lang.ZH, learnt)


def reviewed(runner: Judge, text: str) -> Review:
    """A review by the judge alone; values that are no numbers are warned of where they are reckoned with."""
    with np.errstate(invalid="ignore"):
        return Reviewer({Stage.JUDGE: runner}, dict).review(Draft(text=text))


def no_number(done: Review) -> bool:
    """Whether the judge is unfinished because what was read is no number."""
    return done.decision is Decision.REVIEW and ["is not finite" in u.reason for u in done.unfinished] == [True]


@pytest.mark.parametrize("text", [SHORT, LONG])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["row", "embedding"])
def test_a_reading_that_is_no_number_leaves_the_review_unfinished(where: str, value: float, text: str) -> None:
    """Of the short draft the only one, of the long one that of the part read alone. No lesson is made of it."""
    assert reviewed(judge(reading(three()), heads(-3.0)), text).decision is Decision.PASS
    bad = judge(reading(three(**{where: value})), heads(-3.0))
    assert no_number(reviewed(bad, text))
    with pytest.raises(ModelError, match="is not finite"), np.errstate(invalid="ignore"):
        bad.points(text, Channel.EMAIL)


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_what_was_learnt_and_is_no_number_leaves_the_review_unfinished(text: str) -> None:
    learnt = Learnt(np.ones((1, 1), np.float32), np.full((1, 15), np.nan, np.float32))
    assert no_number(reviewed(judge(reading(three()), heads(-3.0), learnt=learnt), text))


CASES = cases(("a", 0.1, ()), ("b", 0.2, ("wx-2",)), ("c", 0.3, ()), ("d", 0.5, ("wx-1",)), ("e", 0.6, ("wx-1",)))


def test_a_finding_names_the_nearest_precedent_of_its_clause_however_many_others_are_nearer() -> None:
    fitted, read = heads(3.0, size=2), reading(three(embedding=direction(0.0)))
    done = reviewed(judge(read, fitted, CASES), SHORT)
    assert [f.reason for f in done.findings] == ["说明相近先例：因为d"]
    assert done.judgement is not None
    near = {n.id: n.similarity for n in done.judgement.neighbours}
    assert near == {name: round(float(np.cos(a)), 4) for name, a in (("a", 0.1), ("b", 0.2), ("c", 0.3))}
    harmless = judge(read, fitted, cases(("a", 0.1, ())))
    assert [f.reason for f in reviewed(harmless, SHORT).findings] == ["说明"]


def test_a_finding_names_the_precedent_that_is_nearest_to_its_own_window() -> None:
    places = iter((0.0, 1.0))
    read = lambda text, channel: three(embedding=direction(next(places)))  # noqa: E731
    done = reviewed(judge(read, heads(3.0, size=2), CASES), "食" * (2 * WINDOW - OVERLAP))
    assert {f.reason for f in done.findings} == {"说明相近先例：因为d", "说明相近先例：因为e"}


def test_the_stations_own_precedents_are_among_those_a_draft_is_shown_beside() -> None:
    known = {n.id: n for n in cases(("a", 0.0, ()), ("own", 0.0, ())).known}
    fitted, own = heads(0.0, size=2), {"own": direction(0.4), "taken-away": direction(0.4)}
    assert [n.id for n in gather(fitted, known, own).nearest(direction(0.4), 9)] == ["own", "a"]
    (moved,) = gather(fitted, known, {"a": direction(2.0)}).nearest(direction(2.0), 9)
    assert (moved.id, moved.similarity) == ("a", 1.0)
    assert gather(fitted, {}, own).nearest(direction(0.4), 9) == ()


class AiClause(Clause):
    """That on AI tools."""

    ref = ClauseRef(pack="own", id="ai", title="标题")


@pytest.mark.parametrize(
    ("channel", "material", "tool", "first", "others"),
    [
        (Channel.AI_PROMPT, 2.0, 1.0, "ai", ["wx-1"]),
        (Channel.AI_PROMPT, -1.0, 0.5, "ai", []),
        (Channel.AI_PROMPT, 2.0, -1.0, "wx-1", []),
        (Channel.AI_PROMPT, -1.0, -2.0, "wx-1", []),
        (Channel.EMAIL, 2.0, 1.0, "wx-1", ["ai"]),
    ],
)
def test_on_the_way_to_an_ai_tool_its_clause_comes_first_where_it_fires(
    channel: Channel, material: float, tool: float, first: str, others: list[str]
) -> None:
    bias = np.array([3.0, material, tool, *[-4.0] * 12], np.float32)
    fitted = replace(heads(3.0), stack_bias=bias)
    read = Reads(reading(three()))
    both = Judge(read, fitted, ["wx-1", "ai"], {"wx-1": Clause(), "ai": AiClause()}, NOBODY, Lang.ZH)
    found = Reviewer({Stage.JUDGE: both}, dict).review(Draft(text=SHORT, channel=channel)).findings
    assert [f.clause.id for f in found if f.clause] == [first, *others]
    assert found[0].confidence == pytest.approx(0.9526, abs=1e-3)


class Once:
    """Reads a token a character, each as `row` says of the text; tells what was asked for at both readings."""

    def __init__(self, row: Callable[[str], Floats]) -> None:
        self._row = row
        self.twice: list[str] = []

    def once(self, text: str, channel: Channel) -> Glance:
        """The first reading."""
        return Glance(self._row(text)[:, None], np.ones(1, np.float32))

    def __call__(self, text: str, channel: Channel, embedding: Floats | None = None) -> Read:
        """Both; the embedding is known from the first."""
        self.twice.append(text)
        rows = np.zeros((2, len(text), 1), np.float32)
        return Read(rows, tuple(range(len(text))), np.ones(1, np.float32) if embedding is None else embedding)


def glanced(row: Callable[[str], Floats], text: str, learnt: Learnt | None = None) -> tuple[Review, list[str]]:
    """A review by heads to which all that is read twice leaks, and what was read twice."""
    read = Once(row)
    runner = Judge(read, plainly(3.0), ["wx-1"], {"wx-1": Clause()}, NOBODY, Lang.ZH, learnt)
    return reviewed(runner, text), read.twice


def silent(text: str) -> Floats:
    """Nothing to see in any token."""
    return np.zeros(len(text), np.float32)


def loud(high: float) -> Callable[[str], Floats]:
    """Something in one stretch of a text, which is little in all of it."""

    def row(text: str) -> Floats:
        found = silent(text)
        found[:PIECE] = high
        return found

    return row


@pytest.mark.parametrize("text", [SHORT, LONG, "食" * (2 * WINDOW - OVERLAP)])
def test_what_a_glance_shows_to_be_plain_is_not_read_again(text: str) -> None:
    done, twice = glanced(silent, text)
    assert (done.decision, twice, done.examined) == (Decision.PASS, [], ((0, len(text)),))
    assert done.judgement is not None
    assert done.judgement.probability.violation == pytest.approx(0.018, abs=1e-3)


def test_what_is_not_plain_at_a_glance_is_read_as_before() -> None:
    done, twice = glanced(lambda text: np.full(len(text), 2.5, np.float32), SHORT)
    assert (done.decision, twice) == (Decision.REVIEW, [SHORT])


def test_a_long_text_is_plain_only_where_each_stretch_is() -> None:
    """By as much as what is selected among several is more suspect."""
    count = len(Once(silent).once(LONG, Channel.EMAIL).stretches())
    enough = np.log(count) + 2.0
    for high, read in ((enough - 0.1, []), (enough + 0.1, [LONG])):
        whole = Once(loud(high)).once(LONG, Channel.EMAIL).rows.mean(axis=0)
        assert plainly(3.0).glance(whole, np.ones(1, np.float32))[0] < -2.0
        assert glanced(loud(high), LONG)[1][:1] == read


def lesson(place: float, shift: float) -> Learnt:
    """Something learnt about texts whose embedding, which is 1, lies near that place."""
    return Learnt(np.full((1, 1), place, np.float32), np.full((1, 15), shift, np.float32))


def test_a_glance_settles_nothing_that_a_lesson_is_about() -> None:
    """Whether or not the lesson changed anything; to a long text any may be about a part."""
    assert glanced(silent, SHORT, nothing(1))[1] == []
    for shift in (0.5, 0.0):
        assert glanced(silent, SHORT, lesson(1.0, shift))[1] == [SHORT]
        assert glanced(silent, SHORT, lesson(0.5, shift))[1] == []
        assert glanced(silent, LONG, lesson(0.5, shift))[1][:1] == [LONG]


def test_a_glance_settles_nothing_at_a_threshold_below_it() -> None:
    fitted = plainly(3.0)
    low = fitted.fitted.model_copy(update={"threshold": 0.01})
    assert fitted.plain(np.full(15, -4.0, np.float32))
    assert not replace(fitted, fitted=low).plain(np.full(15, -4.0, np.float32))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_glance_that_is_no_number_leaves_the_review_unfinished(value: float) -> None:
    assert no_number(glanced(lambda text: np.full(len(text), value, np.float32), SHORT)[0])


def test_a_part_is_read_alone_only_where_the_whole_does_not_violate() -> None:
    """With what was learnt; a lesson is made of both."""

    def asked(first: float, learnt: Learnt | None = None, threshold: float = 0.5) -> int:
        read = Once(lambda text: np.full(len(text), 9.0, np.float32))
        fitted = heads(first)
        fitted = replace(fitted, fitted=fitted.fitted.model_copy(update={"threshold": threshold}))
        runner = Judge(read, fitted, ["wx-1"], {"wx-1": Clause()}, NOBODY, Lang.ZH, learnt)
        done = reviewed(runner, LONG)
        assert read.twice[0] == LONG
        assert (done.decision is Decision.REVIEW) == (len(read.twice) == 1)
        assert len(runner.points(LONG, Channel.EMAIL)) == 2
        return len(read.twice) - 2

    assert asked(0.1) == 1
    assert asked(0.0) == 1
    assert asked(-0.1) == 2
    assert asked(2.0, threshold=0.95) == 2
    assert asked(-0.1, lesson(1.0, 0.2)) == 1


def test_what_lies_beyond_the_limit_is_not_examined_and_never_passes() -> None:
    seen: list[str] = []

    def read(text: str, channel: Channel) -> Read:
        seen.append(text)
        return Read(np.zeros((2, 3, 1), np.float32), (0, 1, 2), np.ones(1, np.float32))

    runner = judge(read, heads(-3.0))
    text = "".join(chr(0x4E00 + i) for i in range(LIMIT + 1))
    whole, more = (runner(Draft(text=t), None, ()) for t in (text[:LIMIT], text))  # type: ignore[arg-type]
    assert whole.examined == more.examined == ((0, LIMIT),)
    assert (whole.unfinished, [u.stage for u in more.unfinished]) == ((), [Stage.JUDGE])
    assert decide(more.findings, more.unfinished) is Decision.REVIEW
    assert {c for piece in seen for c in piece} == set(text[:LIMIT])
    assert max(map(len, seen)) == WINDOW


def test_without_a_clause_to_cite_what_violates_is_still_found() -> None:
    """As with a station whose only pack has no clause that the judge knows."""
    told = Judge(Reads(lambda *_: three()), heads(2.0), ["wx-1"], {}, NOBODY, Lang.ZH)
    done = reviewed(told, SHORT)
    assert done.decision is Decision.REVIEW
    assert [(f.rule, f.clause, f.quote) for f in done.findings] == [("judge.uncited", None, SHORT)]


def test_what_two_windows_share_is_found_once() -> None:
    """The highest token lies where the windows overlap."""
    text = "，".join(f"第{n}天摘枇杷" for n in range(1000, 1200))
    start = windows(len(text))[1][0]
    place = text.index("天", start + 20)

    def read(part: str, channel: Channel) -> Read:
        rows = np.zeros((2, len(part), 1), np.float32)
        rows[1, :, 0] = np.arange(len(part)) == place - text.index(part)
        return Read(rows, tuple(range(len(part))), np.ones(1, np.float32))

    fitted = replace(heads(2.5), evidence=np.ones(1, np.float32))
    told = Judge(Reads(read), fitted, ["wx-1"], {"wx-1": Clause()}, NOBODY, Lang.ZH)
    found = [f.span for f in told(Draft(text=text), fold(text), ()).findings]
    assert sum(a <= place < b for a, b in found) == 1
    assert len(set(found)) == len(found)
