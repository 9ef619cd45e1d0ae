"""Folding undoes disguises and always maps back."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.normalise import fold, unmask
from reviewer.normalise.letters import FIRST_SOUND, sounds
from tests.bench.any_text import check, draft
from tests.pace import least

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@given(ANY)
@settings(max_examples=500, deadline=None)
def test_any_text_maps_back_and_every_span_is_valid(text: str) -> None:
    check(text)


def test_generated_drafts_map_back() -> None:
    rng = random.Random(20261125)
    for _ in range(2000):
        check(draft(rng))


@given(st.text(alphabet="机密文件通知。、0123abc\n", max_size=80))
@settings(deadline=None)
def test_plain_text_is_left_alone(text: str) -> None:
    assert fold(text).text == text


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("机\u200b密", "机密"),
        ("機密★２０年", "机密★20年"),
        ("绝 密★10年", "绝密★10年"),
        ("机\u3000密", "机密"),
        ("\u202e密机\u202c", "密机"),
        ("机\ufe0f密\u2060", "机密"),
        ("張三 李四", "张三 李四"),
        ("e\u0301", "e"),
        ("宻级文件", "密级文件"),
        ("⻓期", "长期"),
        ("ЈМ文件", "JM文件"),
        ("🅹🅼件", "JM件"),
        ("Привет, мир", "Привет, мир"),
    ],
)
def test_disguises(disguised: str, plain: str) -> None:
    folded = fold(disguised)
    assert folded.text == plain
    start, end = folded.to_draft(0, len(folded.text))
    assert disguised[start:end].strip("\u202e\u202c\u2060") == disguised.strip("\u202e\u202c\u2060")


@pytest.mark.parametrize(
    ("disguised", "plain", "kind"),
    [
        ("机.密★20年", "机密★20年", "split"),
        ("木几密文件", "机密文件", "part"),
        ("jm文件拍给你", "机密文件拍给你", "initial"),
        ("机mi材料", "机密材料", "pinyin"),
        ("机米文件看完删", "机密文件看完删", "sound"),
        ("枧密文件看完删", "机密文件看完删", "shape"),
        ("一三八零零一三八零零零", "13800138000", "numerals"),
        ("1 3 8 0 0 1 3 8 0 0 0", "13800138000", "spaced"),
        ("倒着念00083100831", "倒着念13800138000", "reversed"),
        ("\u202e件文密机\u202c好", "机密文件好", "reversed"),
    ],
)
def test_unmasking(disguised: str, plain: str, kind: str) -> None:
    reading = unmask(fold(disguised))
    assert reading is not None
    assert reading.folded.text == plain
    assert kind in [c.kind for c in reading.changes]


@pytest.mark.parametrize(
    "text",
    [
        "司机密切配合",
        "手机密封圈",
        "计算机密码",
        "鸡米花和机票",
        "JM 是品牌",
        "设计 MJ 图",
        "司机、密切",
        "几米长",
        "米店开业",
    ],
)
def test_ordinary_words_are_not_unmasked(text: str) -> None:
    assert unmask(fold(text)) is None


def test_hidden_and_bidi_characters_are_reported() -> None:
    text = "机\u200b密\u202e\u2066\U000e0041р"
    assert [d.kind for d in fold(text + "aypal").disguises] == ["hidden", "override", "bidi", "tag", "lookalike"]


@pytest.mark.alone
def test_a_megabyte_folds_in_linear_time() -> None:
    def seconds(n: int) -> float:
        return least(lambda: fold("机 密文件abc，" * n))

    assert seconds(80_000) < 16 * max(seconds(10_000), 0.01)


def test_sounds_of_every_character_there_is() -> None:
    everything = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    heard = sounds(everything)
    assert len(heard) == len(everything)
    assert sounds("密蜜") == heard[everything.index("密")] * 2
    own = {c for c in everything if c >= FIRST_SOUND}
    assert not {heard[everything.index(c)] for c in "密电明"} & set(sounds("".join(sorted(own))))
