"""Folding undoes disguises and always maps back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.normalise import fold

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@given(ANY)
@settings(max_examples=500, deadline=None)
def test_every_character_maps_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    previous = 0
    for i in range(len(folded.text)):
        start, end = folded.to_draft(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert start >= previous
        previous = start
    for disguise in folded.disguises:
        assert 0 <= disguise.span[0] < disguise.span[1] <= len(text)


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
        ("e\u0301", "é"),
    ],
)
def test_disguises(disguised: str, plain: str) -> None:
    folded = fold(disguised)
    assert folded.text == plain
    start, end = folded.to_draft(0, len(folded.text))
    assert disguised[start:end].strip("\u202e\u202c\u2060") == disguised.strip("\u202e\u202c\u2060")


def test_hidden_and_bidi_characters_are_reported() -> None:
    kinds = {d.kind for d in fold("机\u200b密\u202e").disguises}
    assert kinds == {"hidden", "bidi"}


def test_a_megabyte_folds_in_linear_time() -> None:
    import time

    def seconds(n: int) -> float:
        started = time.perf_counter()
        fold("机 密文件abc，" * n)
        return time.perf_counter() - started

    seconds(1000)
    assert seconds(80_000) < 16 * max(seconds(10_000), 0.01)
