"""Recognising fragments: copies, disguises, titles, numbers; harmless text is left alone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, MatchKind, Severity, Stage
from reviewer.index import GRAM, SPOKEN, SYLLABLES, WINDOW, Document, Store, grams, winnow
from reviewer.match import Matcher, prepare
from reviewer.match.examined import LIMIT
from reviewer.match.facts import facts, figures, number, numeral, retold
from reviewer.match.source import Source, windows
from reviewer.match.titles import numbered
from reviewer.normalise import fold
from reviewer.paths import PACKAGE
from reviewer.regulations import load_regulations
from reviewer.review import Reviewer
from reviewer.verdict import Decision
from tests.conftest import DOCUMENTS, HashEmbedder

TEXT = DOCUMENTS[0].text


@pytest.fixture
def matcher(store: Store, embedder: HashEmbedder) -> Matcher:
    """A matcher over the two documents."""
    return Matcher(store, embedder, load_regulations((PACKAGE / "packs",)).citations, Lang.ZH)


def matched(matcher: Matcher, text: str) -> list[Finding]:
    """Findings of the match stage."""
    found = list(matcher(Draft(text=text), fold(text), ()).findings)
    for f in found:
        assert f.match is not None
        assert f.quote == text[f.span[0] : f.span[1]]
    return found


def docs(found: list[Finding]) -> set[str]:
    """The documents named."""
    return {f.match.doc for f in found if f.match}


@given(st.text(alphabet="甲乙丙丁戊己庚辛壬癸", min_size=40, max_size=80), st.integers(0, 20))
@settings(deadline=None, max_examples=200)
def test_the_winnowing_guarantee(text: str, start: int) -> None:
    key = b"k" * 32
    for size, width in ((GRAM, WINDOW), (SYLLABLES, SPOKEN)):
        stored = {h for h, _ in winnow(grams(text, key, size), width)}
        copied = text[start : start + size + width - 1]
        assert stored & set(grams(copied, key, size))


@pytest.mark.parametrize("start", range(0, len(TEXT) - 14, 5))
def test_every_copy_of_fourteen_letters_is_found_in_chat(matcher: Matcher, start: int) -> None:
    piece = TEXT[start : start + 14]
    if len(Source.read(piece).letters.text) < 12:
        pytest.skip("fewer than twelve letters")
    found = matched(matcher, f"晚上一起吃饭吗？对了，{piece}，你看看。")
    assert docs(found) == {"41"}
    assert found[0].severity is Severity.BLOCK


@pytest.mark.parametrize(
    "disguise",
    [
        lambda t: "\u200b".join(t),
        lambda t: " ".join(t),
        lambda t: "🌙".join(t),
        lambda t: t.replace("三", "參").replace("机", "機").replace("气", "氣"),
        lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
        lambda t: t.replace("管", "馆").replace("巡", "寻").replace("夜", "业"),
        lambda t: "。\n".join(reversed(t.split("，"))),
    ],
    ids=["zero-width", "spaced", "emoji", "traditional", "full-width", "homophones", "reordered"],
)
def test_disguised_copies_are_found(matcher: Matcher, disguise: object) -> None:
    assert callable(disguise)
    assert docs(matched(matcher, disguise(TEXT[:60]))) == {"41"}


def test_retyping_errors_are_survived(matcher: Matcher) -> None:
    rng = random.Random(7)
    for _ in range(20):
        letters = list(TEXT[:70])
        for place in rng.sample(range(len(letters)), 4):
            letters[place] = rng.choice("的一是在不了有和人这")
        assert docs(matched(matcher, "".join(letters))) == {"41"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("栎管密〔2025〕7号收到了吗", MatchKind.NUMBER),
        ("栎管密[2025]第07号", MatchKind.NUMBER),
        ("找一下关于调整栎城区地下管廊维护轮值的方案", MatchKind.TITLE),
        ("那个栎城区地下管廊维护轮值方案发我", MatchKind.TITLE),
    ],
)
def test_titles_and_numbers(matcher: Matcher, text: str, kind: MatchKind) -> None:
    found = matched(matcher, text)
    assert kind in {f.match.kind for f in found if f.match}
    assert docs(found) == {"41"}
    assert found[0].clause is not None
    assert found[0].clause.id == "wx-3"


@pytest.mark.parametrize(
    "registered",
    [
        "栎府办［2026］13号",
        "栎府办﹝2026﹞13号",
        "栎府办〖2026〗13号",
        "栎府办〔2026〕 13号",
        "櫟府辦〔二〇二六〕１３號",
    ],
)
def test_a_number_is_found_however_it_was_registered(store: Store, embedder: HashEmbedder, registered: str) -> None:
    document = Document(doc="43", level="机密", number=registered, text="按要求办理。")
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    matcher = Matcher(store, embedder, {}, Lang.ZH)
    for text in ("栎府办〔2026〕13号收到没有", f"{registered}收到没有"):
        (found,) = matched(matcher, text)
        assert found.match is not None
        assert (found.match.doc, found.match.kind) == ("43", MatchKind.NUMBER), text


@pytest.mark.parametrize(
    "registered", ["", "13号", "〔2026〕13号", "栎府办", "栎府办13号", "栎府办〔2026〕", "府〔2026〕13号"]
)
def test_what_has_no_issuer_year_and_serial_is_no_number(registered: str) -> None:
    assert numbered(registered) is None


def test_the_issuer_of_a_number_is_its_last_letters() -> None:
    assert numbered("栎城省枫桥市人民政府办公厅关于二局发字〔2026〕第013号") == (
        "枫桥市人民政府办公厅关于2局发",
        2026,
        13,
    )


def test_a_title_is_found_however_it_was_registered(store: Store, embedder: HashEmbedder) -> None:
    document = Document(doc="43", level="机密", title="關於２０２６年調整蘆灣供氣站儲備輪換的請示", text="按要求办理。")
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    matcher = Matcher(store, embedder, {}, Lang.ZH)
    for text in ("看下关于2026年调整芦湾供气站储备轮换的请示", f"看下{document.title}"):
        (found,) = matched(matcher, text)
        assert found.match is not None
        assert (found.match.doc, found.match.kind, found.match.score) == ("43", MatchKind.TITLE, 1.0)


def test_a_work_secret_is_for_review(matcher: Matcher) -> None:
    found = matched(matcher, DOCUMENTS[1].text[:30])
    assert docs(found) == {"42"}
    assert found[0].severity is Severity.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "地下管廊今天向市民开放参观，预约请登录官网。",
        "夏季用电高峰到了，大家空调调到26度。",
        "",
        "🙂",
        "栎管密〔2025〕71号",
    ],
)
def test_harmless_text_on_the_same_topic(matcher: Matcher, text: str) -> None:
    assert matched(matcher, text) == []


def test_public_text_and_boilerplate_are_left_alone(store: Store, embedder: HashEmbedder) -> None:
    rule = "值守人员应当在交接班簿上逐项登记灯具、阀门和门锁的状况，发现异常立即报告带班领导。"
    document = Document(doc="43", level="秘密", text=rule + TEXT[:30])
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    assert docs(matched(Matcher(store, embedder, {}, Lang.ZH), rule)) == {"43"}
    assert matched(Matcher(store, embedder, {}, Lang.ZH, public=[rule]), rule) == []


def test_the_law_and_set_phrases_are_public_as_shipped(store: Store, embedder: HashEmbedder) -> None:
    law = "国家秘密是关系国家安全和利益，依照法定程序确定，在一定时间内只限一定范围的人员知悉的事项。"
    phrase = "经研究决定，现将有关事项通知如下"
    document = Document(doc="43", level="秘密", text=f"{law}{phrase}：{TEXT[:40]}")
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    matcher = Matcher(store, embedder, {}, Lang.ZH)
    assert matched(matcher, law) == []
    assert matched(matcher, phrase) == []
    assert docs(matched(matcher, f"{phrase}：{TEXT[5:25]}")) == {"41"}


def test_a_foreign_word_is_nobodys_own_and_a_foreign_passage_is(store: Store, embedder: HashEmbedder) -> None:
    english = "The standby generator at depot three is moved to the northern gate before the autumn inspection"
    text = f"三号机房的Infrastructure-Monitoring模块自九月起由夜班值守。{english}。"
    document = Document(doc="en", level="机密", text=text)
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    matcher = Matcher(store, embedder, {}, Lang.ZH)
    for harmless in ("下周学习Infrastructure这个词怎么读", "Infrastructure-Monitoring入门讲座周五开讲"):
        assert "en" not in docs(matched(matcher, harmless))
    for leak in ("三号机房的Infrastructure-Monitoring模块", english, "你看，Monitoring模块自九月起由夜班值守"):
        assert "en" in docs(matched(matcher, leak))


def test_what_lies_behind_the_limit_is_not_examined_and_does_not_pass(matcher: Matcher) -> None:
    reviewer = Reviewer({Stage.MATCH: matcher}, dict)
    for end, decision, unfinished in (("", Decision.PASS, []), (TEXT, Decision.REVIEW, [Stage.MATCH])):
        review = reviewer.review(Draft(text="\n" * LIMIT + end))
        assert review.decision is decision
        assert [u.stage for u in review.unfinished] == unfinished
        assert review.examined == ((0, LIMIT),)


def test_expired_material_is_for_review_with_that_reason(store: Store, embedder: HashEmbedder) -> None:
    old = DOCUMENTS[0].model_copy(update={"expires": "2020-01-01"})
    store.add(old, *prepare(old, embedder, store.fingerprint_key))
    found = matched(Matcher(store, embedder, {}, Lang.ZH), TEXT[:40])
    assert {f.severity for f in found} == {Severity.REVIEW}
    assert "期限已过" in found[0].reason


@pytest.mark.parametrize("period", ["10年", "1 year", "长期", "20200101", "2020-1-1", "2020-02-30", "2020-W01-1"])
def test_a_period_that_is_no_day_is_refused_and_never_over(store: Store, embedder: HashEmbedder, period: str) -> None:
    with pytest.raises(ValueError, match="not a day"):
        Document(doc="41", level="机密", text=TEXT, expires=period)
    old = DOCUMENTS[0].model_copy(update={"expires": period})
    store.add(old, *prepare(old, embedder, store.fingerprint_key))
    found = matched(Matcher(store, embedder, {}, Lang.ZH), TEXT[:40])
    assert {f.severity for f in found} == {Severity.BLOCK}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("三月六号，每月九百五十元", {"3月", "3月6日", "950", "950元"}),
        ("3月6日", {"3月", "3月6日"}),
        ("底价两千六百一，别讲", {"2610"}),
        ("一共两千六百零一户", {"2601", "2601家"}),
        ("二〇二五年", {"2025年"}),
        ("每平米三十一块七", {"31.7", "31.7元"}),
        ("单价三块二毛五", {"3.25", "3.25元"}),
        ("四万七千套", {"47000", "47000套"}),
        ("4.7万套", {"47000", "47000套"}),
        ("缺7.4万千瓦", {"74000", "74000千"}),
        ("只到一成二，成本不变", {"12%"}),
        ("百分之四十一", {"41%"}),
        ("早上八点四十一", {"8:41"}),
        ("十一点半", {"11:30"}),
        ("一个半钟头", {"90", "90分"}),
        ("90分钟", {"90", "90分"}),
        ("相距一点八海里", {"1.8", "1.8海"}),
        ("六千八百多吨", {"~6800"}),
        ("三百来万", {"~3000000"}),
        ("1,200万元", {"12000000", "12000000元"}),
        ("两千三百八十万一期", {"23800000"}),
        ("井盖编号KD-47", {"kd47", "47"}),
        ("晚上十一点走", {"23时"}),
        ("下午3:20到", {"15:20"}),
        ("夜里一点半", {"1:30"}),
        ("一亩九万八一点不少", {"98000"}),
        ("三十六个亿", {"3600000000"}),
    ],
)
def test_facts_are_the_same_however_they_are_written(text: str, said: set[str]) -> None:
    assert said <= facts(text)


@pytest.mark.parametrize(("text", "unsaid"), [("百分之二，千万别讲", "10000000"), ("一亩九万八一点不少", "98001")])
def test_what_is_no_figure_is_no_fact(text: str, unsaid: str) -> None:
    assert not any(fact.startswith(unsaid) for fact in facts(text))


def test_spellings_of_one_amount_have_their_number_in_common() -> None:
    assert [number(f) for f in ("6840吨", "6840", "~6840", "12%", "8:40")] == ["6840", "6840", "6840", "12", "8:40"]
    assert number("7月18日") == "7月18日"
    assert number("kd47") == "kd47"


def test_amounts_are_told_approximately_and_days_without_their_month() -> None:
    assert {"~6000", "~6800", "~6840"} == set(retold("6840"))
    assert not set(retold("6840吨"))
    assert {"28日"} == set(retold("5月28日"))
    assert [figures(f) for f in ("2025年", "6840吨", "12%", "3月")] == [1, 3, 2, 1]


@given(st.text(alphabet="零一二三四五六七八九十百千万亿两0123456789.点块成半年月日号:多%", max_size=30))
@settings(deadline=None)
def test_any_figures_can_be_read(text: str) -> None:
    assert all(facts(text))
    assert numeral(text) >= 0


@given(st.text(max_size=400))
@settings(deadline=None)
def test_windows_cover_the_text(text: str) -> None:
    covered = set()
    for a, b in windows(text):
        assert 0 <= a < b <= len(text)
        covered.update(range(a, b))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered
