"""What a page, a mail or a contact says about its encoding is heard, and named where nobody knows it."""

import pytest

from reviewer.draft import Lang
from reviewer.readers.reasons import Reason, say
from tests.test_hidden_words import parsed

WORDS = "機密文件不得外傳。"
SIMPLE = "机密文件不得外传。"
CN = b"night shift plan of the week: " + b"\x1b$)A\x0e;zCT\x0f"
PAGES = ("<meta charset='{}'>", "<META http-equiv=Content-Type content='text/html; charset={}'>")


def unknown(charset: str) -> str:
    return say(Reason.UNKNOWN, charset, Lang.ZH)


def page(head: str, words: bytes) -> bytes:
    return f"<html><head>{head}</head><body>".encode() + words + b"</body></html>"


def mail(kind: str, words: bytes, name: str = "") -> bytes:
    """A message of one part, attached if it has a name."""
    where = f'Content-Disposition: attachment; filename="{name}"\n' if name else ""
    head = f"Subject: a\nMIME-Version: 1.0\nContent-Type: {kind}\n{where}Content-Transfer-Encoding: 8bit\n\n"
    return head.encode() + words + b"\n"


@pytest.mark.parametrize("charset", ["big5", "Big5-HKSCS", "shift_jis", "iso-2022-jp", "utf-8", "x-gbk", "euc-jp"])
@pytest.mark.parametrize("head", PAGES)
def test_a_page_is_read_as_it_says(charset: str, head: str) -> None:
    words = "機密文件不得外" if charset != "x-gbk" else SIMPLE
    draft = parsed(page(head.format(charset), words.encode(charset.removeprefix("x-"))), "a.html")
    assert (draft.text, draft.unread) == (words, ())


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("gb_2312", "gbk"), ("cn-big5", "big5"), ("windows-936", "gbk"), ("GB18030-2022", "gb18030"), ("x-sjis", "cp932")],
)
def test_names_that_browsers_know_are_known(charset: str, codec: str) -> None:
    words = SIMPLE if codec.startswith("gb") else "機密文件"
    draft = parsed(page(PAGES[0].format(charset), words.encode(codec)), "a.html")
    assert (draft.text, draft.unread) == (words, ())


def test_xml_is_read_as_it_says_and_its_mark_goes_before() -> None:
    xml = '<?xml version="1.0" encoding="{}"?><a>{}</a>'
    assert parsed(xml.format("big5", WORDS).encode("big5"), "a.xml").text == WORDS
    assert parsed(b"\xef\xbb\xbf" + xml.format("big5", WORDS).encode(), "a.xml").text == WORDS
    assert parsed(xml.format("utf-16", WORDS).encode("utf-16"), "a.xml").unread == ()


@pytest.mark.parametrize("charset", ["gb2312", "big5", "iso-8859-1", "us-ascii", "x-user-defined", "utf-16"])
def test_a_page_saved_anew_as_utf_8_is_read_whatever_it_says(charset: str) -> None:
    draft = parsed(page(PAGES[0].format(charset), SIMPLE.encode()), "a.html")
    assert (draft.text, draft.unread) == (SIMPLE, ())


@pytest.mark.parametrize("charset", ["gb2312", "us-ascii", "iso-8859-1", "windows-1252"])
def test_chinese_that_is_said_to_be_latin_or_less_is_read(charset: str) -> None:
    for made in (
        page(PAGES[0].format(charset), SIMPLE.encode("gbk")),
        mail(f"text/plain; charset={charset}", SIMPLE.encode("gbk")),
    ):
        draft = parsed(made, "a.html" if made.startswith(b"<") else "a.eml")
        assert SIMPLE in draft.text
        assert draft.unread == ()


def test_latin_words_stay_latin() -> None:
    assert "été créé" in parsed(mail("text/plain; charset=iso-8859-1", "été créé".encode("latin-1")), "a.eml").text


@pytest.mark.parametrize("charset", ["utf-8", "no-such", "iso-2022-cn", "idna", "cp037", "base64"])
def test_bytes_in_no_such_encoding_are_named_and_their_words_kept(charset: str) -> None:
    draft = parsed(page(PAGES[0].format(charset), SIMPLE.encode("gb18030")), "a.html")
    assert draft.text == SIMPLE
    assert [u.reason for u in draft.unread] == [unknown(charset)]


def test_ascii_in_an_encoding_that_nobody_knows_is_named_only_where_it_shifts() -> None:
    assert parsed(mail("text/plain; charset=unknown-8bit", b"night shift"), "a.eml").unread == ()
    for made in (mail("text/plain; charset=iso-2022-cn", CN), mail("text/plain; charset=iso-2022-cn", CN, "a.txt")):
        assert [u.reason for u in parsed(made, "a.eml").unread] == [unknown("iso-2022-cn")]


@pytest.mark.parametrize("name", ["", "a.txt", "a.html"])
def test_every_text_of_a_mail_is_read_in_its_own_encoding(name: str) -> None:
    draft = parsed(
        mail(f"text/{'html' if 'html' in name else 'plain'}; charset=big5", WORDS.encode("big5"), name), "a.eml"
    )
    assert WORDS in draft.text
    assert draft.unread == ()


def test_an_attachment_that_is_no_text_is_left_as_it_is() -> None:
    draft = parsed(mail("text/plain; charset=big5", b"\x1f\x8b\xa6\xb3", "a.gz"), "a.eml")
    assert [u.reason for u in draft.unread] == [say(Reason.NO_READER, "gzip", Lang.ZH)]


def test_a_cut_or_broken_page_keeps_the_words_of_its_encoding() -> None:
    data = page(PAGES[0].format("big5"), WORDS.encode("big5"))
    broken = parsed(data.replace("件".encode("big5"), b"\xff"), "a.html")
    assert "得外傳" in broken.text
    assert [u.reason for u in broken.unread] == [say(Reason.DAMAGED, "", Lang.ZH)]


def test_the_subject_of_a_mail_is_read_in_its_encoding_or_named() -> None:
    rare = parsed(b"Subject: =?gb2312?B?6UY=?=\nMIME-Version: 1.0\n\na\n", "a.eml")
    assert "镕".encode("gbk") == b"\xe9F"
    assert "镕" in rare.text
    assert rare.unread == ()
    named = parsed(b"Subject: =?iso-2022-cn?B?GyQpQQ4=?=\nMIME-Version: 1.0\n\na\n", "a.eml")
    assert [(u.what, u.reason) for u in named.unread] == [("主题", unknown("iso-2022-cn"))]


def test_a_contact_is_read_in_its_encoding_or_named() -> None:
    def card(charset: str, words: bytes) -> bytes:
        coded = "".join(f"={byte:02X}" for byte in words)
        return f"BEGIN:VCARD\nNOTE;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{coded}\nEND:VCARD\n".encode()

    assert parsed(card("big5", WORDS.encode("big5")), "a.vcf").text == WORDS
    assert [u.reason for u in parsed(card("iso-2022-cn", CN), "a.vcf").unread] == [unknown("iso-2022-cn")]
