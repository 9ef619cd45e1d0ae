"""No rule is quadratic: four times the text of the worst kind takes about four times the time, not sixteen."""

import pytest

from tests.bench.detection import WORST, seconds, worst

SIZE = 2000
TIMES = 3
"""A busy machine can slow one run down, not all of them."""


@pytest.mark.parametrize("name", WORST)
def test_the_worst_texts_take_linear_time(name: str) -> None:
    short, long = worst(name, SIZE), worst(name, 4 * SIZE)
    seconds(short)
    ratios = (seconds(long) / max(seconds(short), 0.001) for _ in range(TIMES))
    assert any(ratio < 10 for ratio in ratios)
