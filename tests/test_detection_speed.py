"""No rule is quadratic: four times the text of the worst kind takes about four times the time, not sixteen."""

import pytest

from reviewer.draft import Draft, Place, Step, StepKind
from tests.bench.detection import WORST, seconds, took, worst
from tests.pace import TIMES

pytestmark = pytest.mark.alone

SIZE = 2000


BEHIND = {"jm": " ", "机米": " \n", "【审核】": " \n", "[检查]状态": " ", "张三:": " ", "【": "\n"}
"""What may stand before a long run of blanks, and the blanks."""
BLANKS = 120


def file(paragraphs: int) -> Draft:
    """A file of one page whose paragraphs are marks."""
    line = "机密★20年"
    step = len(line) + 1
    page = Step(kind=StepKind.PAGE, name="1")
    places = tuple(
        Place(span=(i * step, i * step + len(line)), steps=(page, Step(kind=StepKind.PARAGRAPH, name=str(i + 1))))
        for i in range(paragraphs)
    )
    return Draft(text="\n".join([line] * paragraphs), places=places)


def test_marks_in_the_paragraphs_of_a_file_take_linear_time() -> None:
    small, large = file(500), file(4000)
    took(small)
    assert any(took(large) / max(took(small), 0.001) < 20 for _ in range(TIMES))


@pytest.mark.parametrize("name", WORST)
def test_the_worst_texts_take_linear_time(name: str) -> None:
    short, long = worst(name, SIZE), worst(name, 4 * SIZE)
    seconds(short)
    ratios = (seconds(long) / max(seconds(short), 0.001) for _ in range(TIMES))
    assert any(ratio < 10 for ratio in ratios)


@pytest.mark.parametrize("head", BEHIND)
def test_a_run_of_blanks_takes_linear_time(head: str) -> None:
    """Blanks that two parts of a pattern could both take were tried in every division: 4,000 took hours."""
    short, long = head + BEHIND[head] * BLANKS, head + BEHIND[head] * (4 * BLANKS)
    took(Draft(text=short))
    ratios = (took(Draft(text=long)) / max(took(Draft(text=short)), 0.001) for _ in range(TIMES))
    assert any(ratio < 10 for ratio in ratios)
