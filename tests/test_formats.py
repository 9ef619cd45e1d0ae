"""Every format that is read: a good, a hostile and a truncated file of each goes through the real child process."""

import io
import json
import subprocess
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from reviewer.draft import Channel, Draft, Lang, describe
from reviewer.readers import archive, eml, html, ocr, picture, read_bytes, read_file
from reviewer.readers.gather import MAX_FILES, Gather, Reader, Unreadable
from reviewer.readers.reasons import REASONS, Reason, say
from tests.samples.make import BODY, GOOD, HOSTILE, MARK, OFFICE, docx, endless_tiff, plain_eml, png, zipped

PICTURES = ("png", "jpg", "bmp", "gif", "webp")
WHERE = {
    "docx": "页眉 › 第1段",
    "xlsx": "工作表“底稿” › 隐藏内容 › 单元格 C1",
    "pptx": "第1张幻灯片 › 备注",
    "ofd": "母版 › 第1行",
    "pdf": "第1页 › 批注",
    "eml": "文件“附件一.docx” › 页眉 › 第1段",
    "mailbox": "文件“附件一.docx” › 页眉 › 第1段",
    "calendar": "文档属性 LOCATION",
    "html": "隐藏内容",
    "zip": "文件“一.docx” › 页眉 › 第1段",
}
"""Where the mark stands in each good file."""


def read(data: bytes, name: str) -> Draft:
    """The draft as a person's command would have it."""
    return read_bytes(data, name, Channel.EMAIL)


@pytest.mark.parametrize("kind", WHERE)
def test_good_files_give_their_text_with_its_place(kind: str) -> None:
    draft = read(GOOD[kind](), f"样本.{kind}")
    assert draft.unread == ()
    start = draft.text.index(MARK)
    place = draft.place(start)
    assert place is not None
    assert describe(place.steps, Lang.ZH) == WHERE[kind]
    assert draft.text[slice(*place.span)] == MARK
    if kind != "pdf":
        assert BODY in draft.text


def test_a_word_document_gives_what_people_forget() -> None:
    draft = read(GOOD["docx"](), "样本.docx")
    for words in ("密级 | 公开", "看不见的一段", "删去的一段", "谌处已看", "夜班巡检安排"):
        assert words in draft.text
    assert "3" not in draft.text.splitlines()


@pytest.mark.parametrize(("place", "reason"), [(6, Reason.ENCRYPTED), (8, Reason.UNSAFE), (14, Reason.DAMAGED)])
def test_a_member_that_cannot_be_read_hides_no_other(place: int, reason: Reason) -> None:
    data = bytearray(zipped({"甲.txt": "一", f"{MARK}.txt": "二", "丙.txt": BODY}))
    data[data.index(b"PK\3\4", 1) + place] ^= 65
    data[data.index(b"PK\1\2", data.index(b"PK\1\2") + 1) + place + 2] ^= 65
    draft = read(bytes(data), "a.zip")
    assert [(u.what, u.reason) for u in draft.unread] == [(f"文件“{MARK}.txt”", say(reason, "", Lang.ZH))]
    assert draft.text == f"甲.txt\n一\n{MARK}.txt\n丙.txt\n{BODY}"


def test_members_that_cannot_be_read_count_as_files() -> None:
    data = zipped({f"{number}.txt": "" for number in range(MAX_FILES + 1)})
    locked = data.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(
        b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"
    )
    assert missed(archive, locked) == ["encrypted"] * MAX_FILES + ["too-much"]


def test_the_subject_of_a_forwarded_message_is_read() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["Subject"], outer["Subject"] = f"转发内容：{MARK}", "请看附件"
    inner.set_content("见上")
    outer.set_content("见下")
    outer.add_attachment(inner)
    assert MARK in read(outer.as_bytes(), "a.eml").text


def test_the_words_of_every_field_of_a_paragraph_are_read() -> None:
    fields = "".join(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{words}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for words in ("PAGE", 'IF 1=1 "域里的一句"')
    )
    assert "域里的一句" in read(docx(f"<w:p>{fields}</w:p>"), "a.docx").text


def test_a_macro_sheet_is_named_and_a_table_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD["xlsx"]())) as package:
        members = {name: package.read(name) for name in package.namelist()}
    types = members["[Content_Types].xml"]
    table = (
        b'<Override PartName="/xl/tables/table1.xml" ContentType="%sspreadsheetml.table+xml"/></Types>'
        % OFFICE.encode()
    )
    with_table = types.replace(b"</Types>", table)
    columns = f'<table name="t"><tableColumns><tableColumn id="1" name="{MARK}"/></tableColumns></table>'
    read_table = read(zipped({**members, "[Content_Types].xml": with_table, "xl/tables/table1.xml": columns}), "a.xlsx")
    assert read_table.unread == ()
    assert read_table.text.count(MARK) == 2
    macro = types.replace(b"spreadsheetml.worksheet+xml", b"ms-excel.macrosheet+xml", 1)
    named = read(zipped({**members, "[Content_Types].xml": macro}), "a.xlsx")
    assert [u.reason for u in named.unread] == [say(Reason.MACRO, "", Lang.ZH)]


def test_a_presentation_leaves_prompts_out() -> None:
    text = read(GOOD["pptx"](), "样本.pptx").text
    assert "版式上的一行" in text
    assert "单击此处" not in text


def test_a_spreadsheet_gives_rows_and_names_hidden_ones() -> None:
    draft = read(GOOD["xlsx"](), "样本.xlsx")
    assert f"{BODY} | 7" in draft.text
    place = draft.place(draft.text.index("隐藏行"))
    assert place is not None
    assert describe(place.steps, Lang.EN) == "sheet “排班” › cell B2 › hidden"


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_give_their_words_and_never_count_as_examined(kind: str) -> None:
    draft = read(GOOD[kind](), f"样本.{kind}")
    reason = Reason.WORDS_ONLY if ocr.installed() else Reason.NO_OCR
    assert [u.reason for u in draft.unread] == [REASONS[reason][0]]
    if ocr.installed():
        assert "TOP SECRET" in draft.text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_named(name: str) -> None:
    _, make, reason = HOSTILE[name]
    draft = read(make(), name)
    words = REASONS[Reason(reason)][0]
    assert any(u.reason.startswith(words) for u in draft.unread), draft.unread


def test_a_scan_of_two_pages_gives_both_with_their_numbers() -> None:
    draft = read(GOOD["tiff"](), "样本.tiff")
    if not ocr.installed():
        pytest.skip("no OCR")
    place = draft.place(draft.text.index("TOP SECRET"))
    assert place is not None
    assert describe(place.steps, Lang.ZH) == "第2页 › 第1行"
    assert "ROSTER 7" in draft.text


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes of the frames that would be recognised, without the time it takes."""
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(picture, "recognise", lambda image, out: seen.append(image.size))
    return seen


def missed(reader: Reader, data: bytes) -> list[str]:
    """The reasons that one reader, called directly, names."""
    entries: list[list[Any]] = []
    try:
        reader.read(data, Gather(entries.append))
    except Unreadable as exc:
        entries.append(["missed", [], exc.reason.value, exc.detail])
    return [entry[2] for entry in entries if entry[0] == "missed"]


def test_pages_are_read_until_the_cap_and_a_circle_of_them_once(frames: list[tuple[int, int]]) -> None:
    assert missed(picture, png("GIF", [str(n) for n in range(picture.MAX_FRAMES)], (120, 90))) == []
    assert len(frames) == picture.MAX_FRAMES
    frames.clear()
    assert missed(picture, png("GIF", [str(n) for n in range(picture.MAX_FRAMES + 1)], (120, 90))) == ["too-much"]
    assert len(frames) == picture.MAX_FRAMES
    frames.clear()
    assert missed(picture, endless_tiff()) == []
    assert len(frames) == 1


@pytest.mark.parametrize("kind", ["png", "jpg", "bmp", "gif", "tiff", "webp"])
def test_a_picture_cut_anywhere_is_named_and_what_came_before_is_read(kind: str, frames: list[tuple[int, int]]) -> None:
    data = GOOD[kind]()
    assert missed(picture, data) == []
    assert frames
    for place in range(8, len(data) - 20, max(1, len(data) // 97)):
        assert missed(picture, data[:place])[0] in ("truncated", "damaged"), place
    if kind == "tiff":
        frames.clear()
        assert missed(picture, data[: len(data) * 2 // 3]) == ["truncated"]
        assert len(frames) == 1


@pytest.mark.parametrize("kind", GOOD)
def test_truncated_files_are_named(kind: str) -> None:
    data = GOOD[kind]()
    draft = read(data[: len(data) * 2 // 3], f"样本.{kind}")
    told = tuple(REASONS[reason][0] for reason in (Reason.TRUNCATED, Reason.DAMAGED))
    assert any(u.reason.startswith(told) for u in draft.unread), draft.unread


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("<html><body><p>夜班</p></body></html>", False),
        ("<html><body><p>夜班</body>", False),
        ("<!DOCTYPE html><title>夜班</title><p>安排<li>一<li>二", False),
        ("<p>夜班<br>安排", False),
        ("<div><p>夜班</p>", False),
        ("夜班 a<3 & b", False),
        ("<!-- <html> --><p>夜班", False),
        ('<?xml version="1.0"?><通知><项>夜班</项></通知>', False),
        ('<?xml version="1.0"?><notice/>', False),
        ('<?xml version="1.0"?><svg><text>夜班</text></svg>', False),
        ("<html><body><p>夜班", True),
        ("<html><body><p>夜班<!-- </html> -->", True),
        ('<?xml version="1.0"?><notice><item>夜班</item>', True),
        ("<svg><text>夜班</text>", True),
        ("<p>夜班<!-- 安排", True),
        ('<p>夜班<div class="安', True),
        ("<p>夜班</p", True),
        ("<p>夜班<script>let a", True),
    ],
)
def test_markup_that_ends_too_early_is_named_and_a_fragment_is_not(page: str, named: bool) -> None:
    assert ("truncated" in missed(html, page.encode())) is named


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_cut_anywhere_keeps_its_words_and_is_named_where_a_character_is_cut(encoding: str) -> None:
    words = GOOD["txt"]().decode()
    data = words.encode(encoding)
    for place in range(len(BODY[:3].encode(encoding)), len(data)):
        whole = data[:place].decode(encoding, "ignore")
        sound = whole.encode(encoding) == data[:place]
        draft = read(data[:place], "样本.txt")
        assert draft.text == (whole if sound else f"{whole}\ufffd"), place
        assert [u.reason for u in draft.unread] == ([] if sound else [REASONS[Reason.TRUNCATED][0]]), place


def test_a_text_that_is_cut_within_an_archive_is_named() -> None:
    draft = read(zipped({"样本.txt": GOOD["txt"]()[:-2]}), "样本.zip")
    assert [u.reason for u in draft.unread] == [REASONS[Reason.TRUNCATED][0]]
    assert BODY in draft.text


def test_a_text_with_a_broken_byte_keeps_its_words_and_is_named() -> None:
    data = GOOD["txt"]()
    assert read(data, "样本.txt") == Draft(text=data.decode(), channel=Channel.EMAIL, id="样本.txt")
    for place in range(len(data)):
        draft = read(data[:place] + b"\xff" + data[place + 1 :], "样本.txt")
        assert [u.reason for u in draft.unread] == [REASONS[Reason.DAMAGED][0]], place
        assert MARK in draft.text or BODY in draft.text


def test_a_message_that_ends_too_early_is_named_unless_its_body_is_plain() -> None:
    data = GOOD["eml"]()
    assert missed(eml, data) == []
    for place in range(40, len(data) - 10, 29):
        assert {"truncated", "damaged"} & set(missed(eml, data[:place])), place
    plain = plain_eml()
    assert missed(eml, plain) == []
    assert missed(eml, plain[: plain.index(b"\n\n")]) == ["truncated"]
    assert missed(eml, plain[:-61]) == []


def test_unknown_types_never_pass(tmp_path: Path) -> None:
    file = tmp_path / "样本.exe"
    file.write_bytes(b"MZ\0\1\2\3" * 99)
    assert "不认识" in read_file(file, Channel.EMAIL).unread[0].reason
    command = [sys.executable, "-m", "reviewer", "check", "--stages", "detect", "--format", "json", str(file)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 10
    assert json.loads(done.stdout)["unfinished"]


def test_a_finding_says_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "样本.docx"
    file.write_bytes(GOOD["docx"]())
    command = [sys.executable, "-m", "reviewer", "check", "--stages", "detect", str(file)]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, check=False)
    finding = json.loads(done.stdout)["findings"][0]
    assert finding["quote"] == MARK
    assert finding["place"] == [{"kind": "header", "name": ""}, {"kind": "paragraph", "name": "1"}]
    assert "页眉 › 第1段" in subprocess.run(command, capture_output=True, check=False).stdout.decode()
