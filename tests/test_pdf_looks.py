"""Pages with a line of text that show more are recognised as scanned ones are; ordinary ones are not."""

from typing import Any

import pytest
from PIL import Image

from reviewer.draft import Channel
from reviewer.readers import ocr, pdf, picture, read_bytes
from reviewer.readers.gather import Gather
from reviewer.readers.reasons import REASONS, Reason
from tests.samples.pages import LETTER, PLAIN, SHOWN, page, shaped, stamped, tiled


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Image.Image]:
    """The pages that would be recognised, without the time it takes."""
    seen: list[Image.Image] = []
    monkeypatch.setattr(picture, "recognise", lambda image, out: seen.append(image))
    return seen


def entries(data: bytes) -> list[list[Any]]:
    """What the reader finds and names."""
    found: list[list[Any]] = []
    pdf.read(data, Gather(found.append))
    return found


@pytest.mark.parametrize("kind", SHOWN)
def test_a_page_that_shows_more_than_its_text_is_recognised_once(kind: str, drawn: list[Image.Image]) -> None:
    found = entries(SHOWN[kind]())
    assert len(drawn) == 1
    if kind != "numbered glyphs":  # whose font is not in the file
        assert drawn[0].convert("L").crop((0, 300, 700, 1600)).getextrema()[0] < 128
    assert "Night shift plan" in [entry[2] for entry in found]


@pytest.mark.parametrize("kind", PLAIN)
def test_a_page_whose_text_tells_all_is_not(kind: str, drawn: list[Image.Image]) -> None:
    assert [entry for entry in entries(PLAIN[kind]()) if entry[0] == "missed"] == []
    assert drawn == []


def test_a_few_pages_are_recognised_and_more_are_named(
    drawn: list[Image.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_OCR_PAGES", 0)
    for data in (stamped(), stamped(2), tiled(), page(shaped([LETTER] * 6))):
        assert [entry[2] for entry in entries(data) if entry[0] == "missed"] == ["too-much"]
    assert drawn == []


def test_the_words_of_a_hidden_stamp_are_read_and_it_is_named() -> None:
    draft = read_bytes(stamped(2), "a.pdf", Channel.EMAIL)
    reason = Reason.WORDS_ONLY if ocr.installed() else Reason.NO_OCR
    assert [u.reason for u in draft.unread] == [REASONS[reason][0]]
    assert "Night shift plan" in draft.text
    if ocr.installed():
        assert "SECRET 2026" in draft.text
