"""An answer beside its prompt: taken words, new and carried findings, citations that nobody knows."""

import pytest

from reviewer.compare import Comparison, Why, chinese, compare
from reviewer.detectors import Detect
from reviewer.draft import Draft, Lang
from reviewer.normalise import fold
from reviewer.paths import PACKAGE
from reviewer.regulations import load_articles

ARTICLES = load_articles(PACKAGE / "packs")
LAW = next(a for a in ARTICLES.values() if a.id == "state-secrets-law-2024:第二条")


def compared(prompt: str, answer: str) -> Comparison:
    """Compare with the findings of the real rules."""
    draft = Draft(text=answer)
    findings = Detect({}, Lang.ZH)(draft, fold(answer), ()).findings
    return compare(Draft(text=prompt), draft, findings, ARTICLES)


def test_words_of_the_prompt_are_marked_in_the_answer() -> None:
    prompt = "请润色：柳湾镇夏季错峰用电名单共十七家企业。"
    answer = "经研究，柳湾镇夏季错峰用电名单共十七家企业，特此通知。"
    made = compared(prompt, answer)
    assert [answer[slice(*span)] for span in made.taken] == ["柳湾镇夏季错峰用电名单共十七家企业"]
    assert made.share == pytest.approx(17 / 24)


def test_nothing_shared_is_nothing_taken() -> None:
    made = compared("写一首诗", "春风又绿江南岸，明月何时照我还")
    assert made.taken == ()
    assert made.share == 0


def test_a_mark_the_prompt_had_is_carried_and_another_is_new() -> None:
    carried = compared("机密★20年 请概括", "机密★20年 要点如下")
    assert [f.quote for f in carried.carried] == ["机密★20年"]
    assert carried.new == ()
    new = compared("请概括", "机密★20年 要点如下")
    assert [f.quote for f in new.new] == ["机密★20年"]


def test_a_number_that_the_prompt_did_not_give_is_doubtful() -> None:
    answer = "根据栎政办〔2025〕33号文件执行。"
    assert [d.why for d in compared("写通知", answer).doubts] == [Why.NUMBER]
    assert compared("按栎政办〔2025〕33号写通知", answer).doubts == ()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("依据《中华人民共和国保守国家秘密法》第二条", None),
        ("依据《保守国家秘密法》第2条", None),
        ("依据《保密法》第二条", None),
        ("依据《保守国家秘密法》第九百条", Why.ARTICLE),
        ("依据《栎城区河道保洁管理条例》第三条", Why.LAW),
        (f"《保守国家秘密法》第二条规定：“{LAW.text}”", None),
        ("《保守国家秘密法》第二条规定：“凡是内部材料一律视为国家秘密”", Why.QUOTATION),
        ("《工作秘密管理暂行办法》第九条", None),
        ("读了《平凡的世界》", None),
    ],
)
def test_citations(answer: str, why: Why | None) -> None:
    assert [d.why for d in compared("写一段话", answer).doubts] == ([why] if why else [])


def test_what_the_prompt_cites_is_its_own_affair() -> None:
    text = "依据《栎城区河道保洁管理条例》第三条"
    assert compared(text, text).doubts == ()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2, "二"),
        (10, "十"),
        (29, "二十九"),
        (105, "一百零五"),
        (398, "三百九十八"),
        (1003, "一千零三"),
        (110, "一百一十"),
    ],
)
def test_numbers_as_articles_are_counted(number: int, said: str) -> None:
    assert chinese(number) == said
