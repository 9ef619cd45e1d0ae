"""Objects in compressed streams are looked through however they are packed, or named."""

import io
import zlib
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from reviewer.readers import pdf
from reviewer.readers.gather import Gather
from reviewer.readers.pdf import names
from tests.pace import least
from tests.samples import hidden_pages as pages
from tests.samples.objects import stream
from tests.samples.packed import FLATE, PACKED, packed

WORDS = "青石桥旧址谌处"


def entries(data: bytes) -> list[list[Any]]:
    """What the reader finds and names."""
    found: list[list[Any]] = []
    pdf.read(data, Gather(found.append))
    return found


def missed(data: bytes) -> list[tuple[str, str]]:
    """What the reader names, and its detail."""
    return [(entry[2], entry[3]) for entry in entries(data) if entry[0] == "missed"]


@pytest.mark.parametrize("way", PACKED)
def test_programs_and_properties_are_found_however_they_are_packed(way: str) -> None:
    data = packed(WORDS, *PACKED[way])
    found = entries(data)
    assert [(entry[2], entry[3]) for entry in found if entry[0] == "missed"] == [
        ("macro", "JS"),
        ("macro", "JavaScript"),
    ]
    assert ["text", [["property", "Shelf"]], WORDS, False] in found


def test_a_name_written_in_numbers_hides_nothing() -> None:
    assert ("macro", "JavaScript") in missed(packed(WORDS, FLATE, zlib.compress, name=b"/Obj#53tm"))


@pytest.mark.parametrize("filters", [b"/Filter/Crypt", b"/Filter/LZWDecode", FLATE + b"/DecodeParms 9 0 R"])
def test_a_stream_that_the_library_does_not_undo_is_named(filters: bytes) -> None:
    data = pages.pdf(WORDS, more=(stream(b"/Type/ObjStm/N 1/First 4" + filters, zlib.compress(b"7 0 <</Shelf(a)>>")),))
    assert missed(data) == [("part", "ObjStm")]


def test_more_than_is_looked_through_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(WORDS, *PACKED["as usual"])
    assert ("part", "ObjStm") not in missed(data)
    monkeypatch.setattr(names, "MAX_BYTES", 200)
    assert ("part", "ObjStm") in missed(data)


def test_an_encrypted_file_that_opens_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(WORDS, *PACKED["as usual"], encrypted=True)
    found = entries(data)
    assert [(entry[2], entry[3]) for entry in found if entry[0] == "missed"] == [
        ("macro", "JS"),
        ("macro", "JavaScript"),
    ]
    assert ["text", [["property", "Shelf"]], WORDS, False] in found
    assert "Night shift plan" in [entry[2] for entry in found]
    monkeypatch.setattr(names, "_copy", lambda document: None)
    assert missed(data) == [("part", "ObjStm")]


def test_an_encrypted_file_of_which_nothing_is_hidden_is_read_whole() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("", ownerPassword="x", canPrint=0))
    canvas.setTitle(WORDS)
    canvas.drawString(40, 700, "Night shift plan")
    canvas.save()
    assert ["text", [["property", "Title"]], WORDS, False] in entries(out.getvalue())
    assert missed(out.getvalue()) == []


def test_words_in_a_string_hide_no_object_of_a_stream() -> None:
    inner = b"7 0 8 9 9 70 (stream\n) <</S/JavaScript/JS(a)>> (endstream)"
    data = pages.pdf(WORDS, more=(stream(b"/Type/ObjStm/N 1/First 4" + FLATE, zlib.compress(inner)),))
    assert ("macro", "JavaScript") in missed(data)


def test_many_oddly_packed_streams_take_linear_time() -> None:
    def many(count: int) -> bytes:
        odd = stream(b"/Type/ObjStm/N 1/First 4/Filter/ASCIIHexDecode", b"37203020203c3c3e3e>" * 20)
        return pages.pdf(WORDS, more=(odd,) * count)

    def seconds(data: bytes) -> float:
        return least(lambda: list(names._Streams().inflated(data)))

    assert seconds(many(2000)) < 12 * max(seconds(many(250)), 0.001)
