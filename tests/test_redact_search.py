"""The search for the smallest change, with a judge whose log-odds are sums over the words of a text."""

import math
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.draft import Draft, Lang
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import Finding, Match, MatchKind, Severity, Stage
from reviewer.redact import Plan, Way, apply, plan
from reviewer.redact.search import FEWEST, READINGS, STRETCH, search
from reviewer.redact.units import clauses, parts, runs, without
from reviewer.verdict import Decision, Judgement, Probability, Review, StageResult
from tests.test_redact import finding


class Scripted:
    """A judge: a text passes where the weights of the words in it, and `base`, come to less than nothing."""

    def __init__(self, weights: Mapping[str, float], base: float = -3.0) -> None:
        self.weights, self.base = weights, base
        self.texts: list[str] = []

    def log_odds(self, text: str) -> float:
        """The sum."""
        return self.base + sum(w for word, w in self.weights.items() if word in text)

    def __call__(self, draft: Draft) -> StageResult:
        self.texts.append(draft.text)
        z = self.log_odds(draft.text)
        found = (finding(draft.text, draft.text),) if z >= 0 else ()
        probability = Probability(violation=round(1 / (1 + math.exp(-z)), 4))
        return StageResult(stage=Stage.JUDGE, findings=found, judgement=Judgement(probability=probability))


def review(text: str, *found: Finding, judge: Scripted | None = None) -> Review:
    """The record of a review of `text`."""
    z = judge.log_odds(text) if judge else 3.0
    probability = Probability(violation=round(1 / (1 + math.exp(-z)), 4))
    return Review(decision=Decision.REVIEW, findings=found, length=len(text), probability=probability)


def nothing(_text: str) -> str:
    """What a model says that does not know what a text is about."""
    return ""


def searched(text: str, quote: str, judge: Scripted, *others: Finding, lessened: bool = False) -> Plan:
    """The plan where the judge points at `quote`."""
    found = review(text, finding(text, quote), *others, judge=judge)
    return search(Draft(text=text), found, judge, nothing, Lang.ZH, lessened=lessened)


LONG_WINDED = (
    "各位邻居早上好。周末大扫除照旧，楼道里的花盆请收一收。听局里人讲，河西那块地要改成货场，下周才上会，"
    "我们搬家的事再等等。老人活动室的棋盘找到了，在门卫那儿。晚上七点跳舞，音响小声点。"
)


def test_only_the_clauses_that_move_the_judge_are_changed() -> None:
    judge = Scripted({"河西那块地要改成货场": 5.0, "下周才上会": 1.0})
    made = searched(LONG_WINDED, "河西那块地要改成货场", judge)
    changed = apply(LONG_WINDED, made.suggestions)
    assert "河西那块地" not in changed
    for kept in ("各位邻居早上好", "楼道里的花盆请收一收", "我们搬家的事再等等", "棋盘找到了", "晚上七点跳舞"):
        assert kept in changed
    assert judge(Draft(text=changed)).findings == ()


def test_what_decides_goes_although_the_quote_points_elsewhere() -> None:
    judge = Scripted({"河西那块地要改成货场": 5.0})
    changed = apply(LONG_WINDED, searched(LONG_WINDED, "老人活动室的棋盘找到了", judge).suggestions)
    assert "河西那块地" not in changed
    assert "棋盘找到了" not in changed
    for kept in ("各位邻居早上好", "楼道里的花盆请收一收", "在门卫那儿", "晚上七点跳舞，音响小声点"):
        assert kept in changed


SECRET = "还没公开"
"""Stands in the sentence that says that nothing is public, with which what is left is read."""


def test_what_would_leak_if_it_were_not_public_is_left_out_although_the_draft_passes_with_it() -> None:
    text = "各位好。下周才上会。滨河要并过去了。周末愉快。"
    judge = Scripted({"下周才上会": 4.0, "滨河要并过去": 3.0, SECRET: 2.0}, base=-5.0)
    assert judge.log_odds(text.replace("下周才上会", "")) < 0
    changed = apply(text, searched(text, "下周才上会", judge).suggestions)
    assert "滨河" not in changed
    assert "下周" not in changed
    assert changed.startswith("各位好。")
    assert changed.endswith("周末愉快。")


def test_details_that_are_quoted_become_general_although_the_draft_passes_with_them() -> None:
    text = "我们科起草的，明天才议。滨河路拟划给三小。大家慢走。"
    judge = Scripted({"明天才议": 5.0})
    changed = apply(text, searched(text, "滨河路拟划给三小", judge).suggestions)
    assert "明天才议" not in changed
    assert "某路拟划给三小。大家慢走。" in changed


def test_what_decides_goes_although_leaving_out_something_else_would_pass_too() -> None:
    text = "今晚加菜。新厂长人选是外来的那位。听说还没公示。明天补货。"
    judge = Scripted({"新厂长人选是外来的那位": 4.0, "听说还没公示": 1.1}, base=-5.0)
    assert judge.log_odds(text) >= 0
    changed = apply(text, searched(text, "新厂长人选是外来的那位", judge).suggestions)
    assert "新厂长" not in changed
    assert "听说还没公示" in changed


def test_the_hedge_is_not_changed_in_the_place_of_the_leak() -> None:
    text = "今晚加菜。新厂长人选是外来的那位。听说还没公示。明天补货。"
    judge = Scripted({"新厂长人选是外来的那位": 4.0, "听说还没公示": 1.1, SECRET: 1.0}, base=-5.0)
    assert "新厂长" not in apply(text, searched(text, "听说还没公示", judge).suggestions)


def test_where_every_unit_asks_for_secrecy_nothing_is_searched() -> None:
    text = "千万别外传。看完就删。谁也别说出去。"
    judge = Scripted({"千万别外传": 2.0, "看完就删": 2.0})
    found = review(text, finding(text, "看完就删"), judge=judge)
    assert search(Draft(text=text), found, judge, nothing, Lang.ZH) == plan(Draft(text=text), found.findings, Lang.ZH)
    assert judge.texts == []


PIECES = (
    "听说",
    "《关于滨河路拆迁，涉及三小划片的通知》",
    "已经定稿了，",
    "栎城区拟把指挥所搬到枫桥镇，",
    "下个月就动工了。",
    " ——",
    "周末愉快。",
    "----------\n",
    "🙂🙂🙂🙂🙂🙂",
    "\n",
)
RULES = ("number.document", "match.paraphrase", "instruction.verdict", "identifier.mobile")


@given(
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=8),
    st.lists(st.tuples(st.sampled_from(RULES), st.integers(0, 60), st.integers(2, 30)), max_size=3),
    st.sampled_from(PIECES[:5]),
)
@settings(max_examples=400)
def test_what_the_rules_and_the_search_change_never_overlaps(
    pieces: list[str], ruled: list[tuple[str, int, int]], word: str
) -> None:
    text = "".join(pieces)
    if word not in text:
        return
    others = []
    for rule, at, length in ruled:
        quote = text[at : at + length]
        if quote.strip():
            match = Match(doc="甲", level="内部", kind=MatchKind.PARAPHRASE, score=0.8, draft_share=0.5)
            others.append(finding(text, quote, rule, match=match if rule.startswith("match") else None))
    made = searched(text, word, Scripted({word: 5.0}), *others)
    apply(text, made.suggestions)


def test_general_words_are_enough_where_they_take_away_as_much() -> None:
    text = "大家好。方案拟把滨河路划给三小。周末愉快。"
    judge = Scripted({"滨河路": 5.0})
    [made] = searched(text, "方案拟把滨河路划给三小", judge).suggestions
    assert made.way is Way.ABSTRACT
    assert made.replacement == "方案拟把某路划给三小"


def test_general_words_that_only_just_pass_do_not_argue_the_fact_away() -> None:
    text = "大家好。方案拟把滨河路划给三小。周末愉快。"
    judge = Scripted({"滨河路": 1.5, "划给三小": 4.0}, base=-4.5)
    changed = apply(text, searched(text, "方案拟把滨河路划给三小", judge).suggestions)
    assert "划给三小" not in changed


def test_where_nothing_may_be_left_the_neutral_phrase_stands_for_it() -> None:
    text = "新厂长人选定了，是外来的那位，班子下周调"
    judge = Scripted({"新厂长": 2.0, "外来的那位": 6.0, "下周调": 2.0, "以正式公布为准": -4.0}, base=-1.0)
    [made] = searched(text, "新厂长人选定了", judge).suggestions
    assert apply(text, [made]) == "（有关情况以正式公布为准）"


def about(topic: str, *, weight: float = 0.0, secret: float = 0.0) -> str:
    """A draft without its leak where a model says what the leak is about.

    The judge minds that by `weight`, and texts that are not public by `secret`.
    """
    text = "大家好。滨河路的限行方案下周才上会，证一共三百张，先到先得。周末愉快。"
    minds = {"下周才上会": 5.0, "三百张": 1.0, SECRET: secret}
    judge = Scripted({**minds, topic: weight} if topic else minds)
    found = review(text, finding(text, "滨河路的限行方案下周才上会"), judge=judge)
    asked = []

    def say(part: str) -> str:
        asked.append(part)
        return topic

    changed = apply(text, search(Draft(text=text), found, judge, say, Lang.ZH).suggestions)
    assert len(asked) == 1
    assert "下周才上会" in asked[0]
    assert "下周才上会" not in changed
    return changed


def test_the_phrase_says_what_it_stands_for() -> None:
    assert "（限行方案以正式公布为准）" in about("限行方案")
    assert "（限行办法以正式公布为准）" in about("限行办法", weight=0.5)


@pytest.mark.parametrize(
    "topic",
    ["", "限", "限行三百张证的方案怎么说", "限行plan", "限行300张", "滨河路限行", "王局长方案", "煤气价格", "限行保密"],
)
def test_words_that_say_too_much_or_something_else_are_not_taken_over(topic: str) -> None:
    assert "（有关情况以正式公布为准）" in about(topic)


def test_a_topic_that_would_leak_if_it_were_not_public_is_not_taken_over() -> None:
    assert "（限行方案以正式公布为准）" in about("限行方案", weight=0.5, secret=0.4)
    assert "（有关情况以正式公布为准）" in about("限行方案", weight=0.9, secret=0.4)


def test_without_an_answer_about_the_topic_the_phrase_says_less() -> None:
    def broken(_text: str) -> str:
        raise EngineError("the engine did not answer")

    def stopped(_text: str) -> str:
        raise Cancelled

    text = "大家好。限行方案下周才上会。周末愉快。"
    judge = Scripted({"下周才上会": 5.0})
    found = review(text, finding(text, "限行方案下周才上会"), judge=judge)
    made = search(Draft(text=text), found, judge, broken, Lang.ZH)
    assert apply(text, made.suggestions) == "大家好。（有关情况以正式公布为准）。周末愉快。"
    with pytest.raises(Cancelled):
        search(Draft(text=text), found, judge, stopped, Lang.ZH)


def test_a_phrase_that_the_judge_minds_is_left_out() -> None:
    text = "大家好。限行方案下周才上会。周末愉快。"
    judge = Scripted({"下周才上会": 5.0, "以正式公布为准": 4.0})
    assert apply(text, searched(text, "限行方案下周才上会", judge).suggestions) == "大家好。周末愉快。"


def test_the_topic_is_that_of_what_the_phrase_stands_for() -> None:
    """Also where what a rule takes away makes another stretch the longest."""
    text = "大家好。停水的事到现在还没定。改道的事下周才上会。煤价表也在里头。周末愉快。"
    judge = Scripted({"停水的事": 4.0, "下周才上会": 4.0, "煤价": 1.0})
    exact = Match(doc="甲", level="内部", kind=MatchKind.PARAPHRASE, score=0.8, draft_share=0.5)
    copied = finding(text, "上会。煤价表也在里头", "match.paraphrase", match=exact)
    pointed = [finding(text, quote) for quote in ("停水的事到现在还没定", "改道的事下周才上会")]
    asked: list[str] = []

    def say(part: str) -> str:
        asked.append(part)
        return "改道的事"

    found = review(text, *pointed, copied, judge=judge)
    changed = apply(text, search(Draft(text=text), found, judge, say, Lang.ZH).suggestions)
    assert asked == ["停水的事到现在还没定。改道的事下周才上会。煤价表也在里头"]
    assert changed == "大家好。（改道的事以正式公布为准）。周末愉快。"


def test_a_date_alone_is_no_detail_to_hide_behind() -> None:
    text = "大家好。调整方案9月12日上会。周末愉快。"
    judge = Scripted({"9月12日": 5.0})
    [made] = searched(text, "调整方案9月12日上会", judge).suggestions
    assert made.way is not Way.ABSTRACT
    assert apply(text, [made]).startswith("大家好。")


def test_asking_for_secrecy_is_never_what_goes_alone() -> None:
    text = "周五吃饭。滨河要并过去了。千万别外传。"
    judge = Scripted({"千万别外传": 3.5, "滨河要并过去": 3.0}, base=-4.0)
    changed = apply(text, searched(text, "千万别外传", judge).suggestions)
    assert "滨河要并过去" not in changed


def test_asking_for_secrecy_at_the_beginning_goes_with_what_follows() -> None:
    text = "千万别外传。滨河要并过去了。周五吃饭。"
    judge = Scripted({"千万别外传": 3.5, "滨河要并过去": 3.0}, base=-4.0)
    changed = apply(text, searched(text, "千万别外传", judge).suggestions)
    assert "滨河要并过去" not in changed
    assert "周五吃饭" in changed


def test_a_long_draft_is_read_less_often() -> None:
    text = "".join(f"第{c}件事情说给大家听，后面还有半句，说完了就散会，回去各忙各的。" for c in "甲乙丙丁戊己庚辛壬癸")
    judge = Scripted({}, base=2.0)
    found = review(text, finding(text, "第丙件事情说给大家听"), judge=judge)
    search(Draft(text=text), found, judge, nothing, Lang.ZH)
    assert len(judge.texts) <= FEWEST < READINGS


def test_readings_are_bounded_and_without_a_passing_variant_the_plain_plan_stands() -> None:
    text = "".join(f"第{c}件事情说给大家听，后面还有半句。" for c in "甲乙丙丁戊己庚辛壬癸" * 2)
    judge = Scripted({}, base=2.0)
    found = review(text, finding(text, "第丙件事情说给大家听"), judge=judge)
    made = search(Draft(text=text), found, judge, nothing, Lang.ZH)
    assert len(judge.texts) <= READINGS
    assert made == plan(Draft(text=text), found.findings, Lang.ZH)


def test_what_rules_found_changes_exactly_and_first() -> None:
    text = "大家好，联系电话13912345678。方案拟把校门改到南边。周末愉快。"
    judge = Scripted({"校门改到南边": 5.0})
    made = searched(text, "方案拟把校门改到南边", judge, finding(text, "13912345678", "identifier.mobile"))
    changed = apply(text, made.suggestions)
    assert "139****5678" in changed
    assert "校门" not in changed
    assert all("13912345678" not in read for read in judge.texts)


def test_what_is_held_stays_held_and_nothing_is_read() -> None:
    text = "机密★20年\n方案拟把校门改到南边。"
    judge = Scripted({"校门": 5.0})
    mark = finding(text, "机密★20年", "mark.classification", Severity.BLOCK)
    made = searched(text, "方案拟把校门改到南边", judge, mark)
    assert made.held
    assert made.suggestions == ()
    assert judge.texts == []


def test_without_the_judge_the_plan_is_the_plain_one() -> None:
    text = "联系电话13912345678。"
    judge = Scripted({})
    found = review(text, finding(text, "13912345678", "identifier.mobile"))
    assert search(Draft(text=text), found, judge, nothing, Lang.ZH) == plan(Draft(text=text), found.findings, Lang.ZH)
    assert judge.texts == []


def test_of_a_long_draft_only_the_stretch_around_the_quote_is_read() -> None:
    filler = "小区绿化提升工程的第三批苗木已经到场，请大家绕行。"
    text = filler * 20 + "新厂长人选是外来的那位，听说还没公示。" + filler * 20
    judge = Scripted({"新厂长人选是外来的那位": 5.0})
    changed = apply(text, searched(text, "新厂长人选是外来的那位", judge).suggestions)
    assert max(map(len, judge.texts)) <= STRETCH + len(filler)
    assert "新厂长" not in changed
    assert changed.count(filler) == 40


@given(st.text(st.sampled_from("甲乙丙丁局长8月点。，、 \n：老张别外传"), min_size=1, max_size=60), st.data())
def test_what_is_suggested_was_read_and_passed(text: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from("甲乙丙丁老长"))
    judge = Scripted({word: 5.0})
    if judge.log_odds(text) < 0:
        return
    made = searched(text, word, judge)
    changed = apply(text, made.suggestions)
    assert changed != text
    if made != plan(Draft(text=text), [finding(text, word)], Lang.ZH):
        assert changed in judge.texts
        assert judge.log_odds(changed) < 0


def _texts(text: str, cut: Callable[[str, tuple[int, int]], list[tuple[int, int]]]) -> list[str]:
    return [text[a:b] for a, b in cut(text, (0, len(text)))]


def test_units() -> None:
    assert _texts("好的，第二条说完了，嗯", clauses) == ["好的，第二条说完了，嗯"]
    assert _texts("第一条说完了，好的，第二条也说完了", clauses) == ["第一条说完了", "好的，第二条也说完了"]
    assert _texts("一句话说完了。二句话也说，好了。", parts) == ["一句话说完了", "二句话也说，好了"]
    text = "一句话，两句话。三句话，四句话。"
    assert parts(text, (4, 11)) == [(4, 7), (8, 11)]
    text = "头一句，中一句，末一句。"
    assert runs(text, [(0, 3), (4, 7)]) == [(0, 7)]
    assert without(text, (4, 7)) == (4, 8)
    assert without(text, (8, 11)) == (7, 11)
