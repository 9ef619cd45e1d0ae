"""Words in places that people forget are found where they stand, and what is not read there is named."""

import re
from typing import Any

import pytest

from reviewer.draft import Channel, Draft, Lang, describe
from reviewer.readers.gather import Gather
from reviewer.readers.markup import spoken
from reviewer.readers.package import Package
from reviewer.readers.reasons import REASONS, Reason, say
from reviewer.readers.spawn import assemble
from reviewer.readers.wording import printed
from tests.pace import least, slowness
from tests.samples import hidden_office, hidden_pages, hidden_slides, hidden_texts
from tests.samples.hidden_office import boxed
from tests.samples.hidden_pages import drawn, spaced
from tests.samples.make import docx, good_docx, good_xlsx, zipped
from tests.samples.office import added, members
from tests.samples.place import Sample

SAMPLES = (*hidden_office.SAMPLES, *hidden_slides.SAMPLES, *hidden_pages.SAMPLES, *hidden_texts.SAMPLES)
WORDS = "青石桥旧址谌处"


def parsed(data: bytes, name: str) -> Draft:
    """The draft as the child's entries give it, without the child."""
    entries: list[list[Any]] = []
    Gather(entries.append).content(data, name)
    return assemble([*entries, ["end"]], name, Channel.EMAIL, Lang.ZH)


def failing(sample: Sample, words: str, draft: Draft) -> str:
    """What is wrong with the draft of a sample with these words; empty where they stand in their place or are named."""
    if sample.named and not any(u.reason.startswith(REASONS[sample.named][0]) for u in draft.unread):
        return f"not named: {draft.unread}"
    if sample.named and not sample.place:
        return ""
    at = draft.text.find(words)
    if at < 0:
        return "not found"
    place = draft.place(at)
    found = describe(place.steps, Lang.ZH) if place else ""
    return "" if found == sample.place.replace("{}", words) else f"found at {found}"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_words_are_found_where_they_are_hidden(sample: Sample) -> None:
    assert failing(sample, WORDS, parsed(sample.make(WORDS), sample.name)) == ""


@pytest.mark.parametrize(
    "words",
    [
        '<p style="color:red;font-family:\'宋体\';fill:url(#a)" data-a="1">甲</p>',
        "<style>@font-face{src:url(data:font/woff2;base64,d09G)}p{fill:url(#a);background:url()}</style>",
        "<style>@font-face{src:url( \"data:font/woff2;base64,d09G\")}p{fill:url('#a');background:url( '' )}</style>",
        '<input type="text" value="data:"><a href="#data:">甲</a><link rel="icon" href="data:,">',
        '<body background=""><td background="#fff">甲',
        '<svg><rect/><line/><text>甲</text><g fill="url(#a)"/></svg>',
    ],
)
def test_what_shows_nothing_else_is_not_named(words: str) -> None:
    assert parsed(hidden_texts.page(words, ""), "a.html").unread == ()


def test_what_a_page_or_a_link_says_to_programs_is_no_words() -> None:
    fields = {"Content-Type": "text/html; charset=utf-8", "refresh": "5; url=a.html", "X-UA-Compatible": "IE=edge"}
    head = "".join(f'<meta http-equiv="{name}" content="{value}">' for name, value in fields.items())
    assert parsed(hidden_texts.page(head, ""), "a.html").text == "夜班"
    told = parsed(hidden_texts.page('<meta http-equiv="x-note" content="TOP SECRET">', ""), "a.html")
    assert told.text == "夜班\nTOP SECRET"
    plain = hidden_office.linked("word/document.xml", good_docx(), "a%20b?c=%E5%B9%B4")
    assert parsed(plain, "a.docx").text == parsed(good_docx(), "a.docx").text


def test_elements_of_xml_that_is_no_drawing_are_words() -> None:
    draft = parsed('<?xml version="1.0"?><a><path>夜班</path><pattern>x</pattern></a>'.encode(), "a.xml")
    assert (draft.text, draft.unread) == ("夜班x", ())


def test_a_drawing_in_a_word_document_is_named() -> None:
    word = members(good_docx())
    override = b'<Override PartName="/word/media/a.svg" ContentType="image/svg+xml"/></Types>'
    word["[Content_Types].xml"] = word["[Content_Types].xml"].replace(b"</Types>", override)
    draft = parsed(zipped({**word, "word/media/a.svg": "<svg><path d='M0 0'/></svg>"}), "a.docx")
    assert [(u.what, u.reason) for u in draft.unread] == [("图片 a.svg", say(Reason.PICTURE, "svg", Lang.ZH))]


def test_a_file_in_xml_is_not_taken_for_words() -> None:
    assert parsed(hidden_texts.flat("夜班"), "a.xml").text == "夜班"


def test_every_sample_has_a_name_of_its_own() -> None:
    assert len({s.name for s in SAMPLES}) == len(SAMPLES)


def test_cells_without_a_result_are_named_a_few_of_them_one_by_one() -> None:
    row = "".join(f'<c r="A{n}"><f>B{n}&amp;C{n}</f><v/></c>' for n in range(1, 8))
    draft = parsed(good_xlsx(f'<row r="1">{row}<c r="H1" t="str"><f>B1&amp;C1</f><v></v></c></row>'), "a.xlsx")
    [named] = [u for u in draft.unread if u.reason.startswith(REASONS[Reason.UNCALCULATED][0])]
    assert named.what == "工作表“排班”"
    assert "A1, A2, A3, A4, A5 +2" in named.reason
    for known in ("<f>B1&amp;C1</f><v>2</v>", "<f>SUM(B1:B9)*2</f><v/>", "<f>B1</f>"):
        assert parsed(good_xlsx(f'<row r="1"><c r="A1">{known}</c></row>'), "a.xlsx").unread == ()


@pytest.mark.parametrize(("codes", "named"), [("F0FE F0A8 F06C F0AB 00B7", 0), ("E123 E124", 1), ("D800", 1), ("x", 1)])
def test_a_symbol_that_nothing_tells_is_named_once_and_bullets_are_not(codes: str, named: int) -> None:
    symbols = "".join(f'<w:sym w:font="Wingdings" w:char="{code}"/>' for code in codes.split())
    draft = parsed(docx(f"<w:p><w:r>{symbols}</w:r></w:p>"), "a.docx")
    assert [u.reason for u in draft.unread] == [say(Reason.PART, "sym", Lang.ZH)] * named


def test_words_between_tags_come_in_their_order_and_a_caption_is_one_line() -> None:
    custom = added(
        good_docx(), {"customXml/item1.xml": "<a>一<b>二</b>三<c/>四</a>"}, {"customXml/item1.xml": "text/xml"}
    )
    assert "一\n二\n三\n四" in parsed(custom, "a.docx").text
    caption = boxed("<div>机<font>密</font>\n  ★ <b>20</b>年</div><div>第二行</div>")("")
    assert "机密 ★ 20年\n第二行" in parsed(caption, "a.xlsx").text


def test_a_tail_is_whole_wherever_the_parser_stops() -> None:
    page = "<r>" + "".join(f"<a>{'x' * 50}{n}<b>y</b>tail{n}</a>after{n}" for n in range(5000)) + "</r>"
    assert "".join(words for *_, words in spoken(page.encode())) == re.sub("<[^>]*>", "", page)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("0\\机\\密", "机密"),
        ('"TOP SECRET "0', "TOP SECRET"),
        ('"正";"负"0', "正 负"),
        ("_机0*密", "密"),
        ('yyyy"年"m"月"d"日"', ""),
        ('_ "¥"* #,##0.00_ ', ""),
        ("[$-804]yyyy\\-mm\\-dd;@", ""),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", ""),
        ("General", ""),
    ],
)
def test_a_number_format_gives_the_words_it_prints(code: str, words: str) -> None:
    assert printed(code) == words


def test_characters_of_an_ofd_page_are_words_where_they_touch_and_cells_where_they_do_not() -> None:
    assert "青石桥" in parsed(spaced("青石桥", gap=4), "a.ofd").text
    assert "青 | 石 | 桥" in parsed(spaced("青石桥", gap=6), "a.ofd").text
    assert "a b" in parsed(spaced("ab", gap=2), "a.ofd").text
    assert "ab" in parsed(spaced("ab", gap=0.5), "a.ofd").text


@pytest.mark.parametrize("strokes", [{"straight": 400}, {"curved": 64}, {"straight": 5000, "text": "甲"}])
def test_frames_and_rules_of_an_ofd_page_are_no_picture(strokes: dict[str, Any]) -> None:
    assert parsed(drawn("", **strokes), "a.ofd").unread == ()


@pytest.mark.alone
def test_hostile_number_formats_and_names_take_linear_time() -> None:
    for code in ("[$" * 2000, "[" * 4000, "[$" + "机" * 4000):
        assert least(lambda code=code: printed(code)) < 0.5 * slowness()
    package = Package(zipped({"a/" * 8000 + "x": b"", "b/": b"", "a/": b""}))
    assert least(package.folders) < 0.1 * slowness()
    assert package.folders() == ["b/"]
