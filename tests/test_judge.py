"""The judge's own arithmetic: which words decide, where the sentence around them lies, and what is read apart."""

import numpy as np
import pytest

from reviewer.judge import CLOSE, Read
from reviewer.judge.windows import apart, around, sentence

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


def test_a_second_place_is_named_only_where_it_is_nearly_as_high() -> None:
    scores = [0.0] * 30
    scores[3:8] = [2.0] * 5
    scores[20:25] = [2.0 - CLOSE / 2] * 5
    assert read(scores).runner_up(WEIGHT, slice(None), (4, 18)) == 44
    assert read(scores).runner_up(WEIGHT, slice(0, 15), (4, 18)) is None
    assert read(scores).runner_up(WEIGHT, slice(None), (0, 60)) is None
    scores[20:25] = [2.0 - CLOSE * 1.1] * 5
    assert read(scores).runner_up(WEIGHT, slice(None), (0, 40)) is None


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
