"""The draft's words beside the document's."""

from hypothesis import given
from hypothesis import strategies as st

from reviewer.index import Document
from reviewer.match.overlap import AROUND, LEAST, overlap
from reviewer.normalise import fold
from tests.conftest import DOCUMENTS


def shared(quote: str) -> list[tuple[str, str]]:
    """The pairs of words that are shown as the same."""
    made = overlap(DOCUMENTS[0], quote)
    return [(quote[slice(*s.here)], made.excerpt[slice(*s.there)]) for s in made.same]


def test_a_copy_stands_beside_what_it_was_copied_from() -> None:
    quote = "每班六人，携带气体检测仪两台"
    made = overlap(DOCUMENTS[0], quote)
    assert quote in made.excerpt
    assert len(made.excerpt) < len(quote) + 3 * AROUND
    assert shared(quote) == [(quote, quote)]


def test_a_rewritten_passage_shows_what_was_kept() -> None:
    assert [a for a, _ in shared("夜里巡检，一班六人，带上气体检测仪两台，先在东井口登记")] == [
        "班六人",
        "气体检测仪两台",
        "在东井口登记",
    ]


def test_a_disguised_copy_is_aligned_too() -> None:
    ((here, there),) = shared("携·带·气·体·检·测·仪")
    assert (here, there) == ("携·带·气·体·检·测·仪", "携带气体检测仪")


def test_nothing_alike_shows_nothing_the_same() -> None:
    assert shared("周末包饺子") == []
    assert overlap(DOCUMENTS[0], "……").excerpt == ""


@given(st.text(max_size=40), st.text(max_size=80))
def test_what_is_shown_as_the_same_folds_to_the_same(quote: str, text: str) -> None:
    made = overlap(Document(doc="1", level="内部", text=text), quote)
    for same in made.same:
        words = [fold(made.quote[slice(*same.here)]).text, fold(made.excerpt[slice(*same.there)]).text]
        a, b = ("".join(c for c in w if c.isalnum()) for w in words)
        assert len(a) >= LEAST
        assert a == b
