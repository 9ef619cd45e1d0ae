"""The levels of the matching benchmark: the false alarms go to the kinds of evidence that gain most by them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.matching.levels import KINDS, NONE, Odds, levels, reaches

EVEN = dict.fromkeys(KINDS, 0.0)


def odds(near: float = NONE, title: float = NONE, paraphrase: float = NONE) -> Odds:
    """A draft's highest odds."""
    return dict(zip(KINDS, (near, title, paraphrase), strict=True))


def test_false_alarms_go_where_recall_is_gained() -> None:
    harmless = [odds(near=5), odds(title=5), odds(paraphrase=5), *[odds()] * 97]
    clear, dim = [odds(near=30, title=30)] * 10, [odds(paraphrase=4)] * 10
    level = levels(0.01, harmless, [clear, dim], EVEN)
    assert [reaches(h, level) for h in harmless[:3]] == [False, False, True]
    assert all(reaches(d, level) for d in (*clear, *dim))


some = st.builds(odds, *[st.one_of(st.just(NONE), st.floats(-20, 20))] * 3)


@given(
    st.lists(some, min_size=1, max_size=60), st.lists(some, min_size=1, max_size=20), st.sampled_from((0, 0.05, 0.2))
)
@settings(deadline=None)
def test_all_kinds_together_cause_no_more_than_the_stated_rate(
    harmless: list[Odds], right: list[Odds], rate: float
) -> None:
    level = levels(rate, harmless, [right], EVEN)
    assert sum(reaches(h, level) for h in harmless) <= rate * len(harmless)
