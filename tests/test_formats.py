"""Every format that is read: a good, a hostile and a truncated file of each goes through the real child process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.draft import Channel, Draft, Lang, describe
from reviewer.readers import ocr, read_bytes, read_file
from reviewer.readers.reasons import REASONS, Reason
from tests.samples.make import BODY, GOOD, HOSTILE, MARK

PICTURES = ("png", "jpg", "bmp")
WHERE = {
    "docx": "页眉 › 第1段",
    "xlsx": "工作表“底稿” › 隐藏内容 › 单元格 C1",
    "pptx": "第1张幻灯片 › 备注",
    "ofd": "母版 › 第1行",
    "pdf": "第1页 › 批注",
    "eml": "文件“附件一.docx” › 页眉 › 第1段",
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


@pytest.mark.parametrize("kind", GOOD)
def test_truncated_files_are_named(kind: str) -> None:
    if kind in ("html", "eml"):
        pytest.skip("text without an end mark: a cut cannot be told from a short one")
    data = GOOD[kind]()
    draft = read(data[: len(data) * 2 // 3], f"样本.{kind}")
    assert draft.unread


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
