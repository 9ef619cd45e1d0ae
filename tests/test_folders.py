"""A folder that is checked: what cannot be looked into is an error, never left out in silence."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.cli import drafts
from reviewer.draft import Channel, Draft
from reviewer.errors import ReadError
from reviewer.reports import write
from reviewer.reports.subject import Reviewed
from tests.reports import hostile, subject


def check(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `reviewer check` with the rules alone."""
    command = [sys.executable, "-m", "reviewer", "check", "--stages", "detect", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Path:
    """Two harmless drafts, one in a folder below."""
    made = tmp_path / "drafts"
    (made / "more").mkdir(parents=True)
    (made / "a.txt").write_text("明天值班")
    (made / "more/b.txt").write_text("后天值班")
    return made


def test_every_file_is_found_by_name(folder: Path) -> None:
    assert [one.id for one in drafts.expand([str(folder)])] == ["a.txt", "more/b.txt"]
    assert check(str(folder)).returncode == 0


def test_hidden_files_are_drafts_too(folder: Path) -> None:
    (folder / ".hidden").write_text("明天值班")
    (folder / ".more").mkdir()
    (folder / ".more/.b.txt").write_text("机密★20年")
    assert [one.id for one in drafts.expand([str(folder)])] == [".hidden", ".more/.b.txt", "a.txt", "more/b.txt"]
    assert check(str(folder)).returncode == 20


def test_a_file_that_is_called_like_standard_input_is_read_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "-").write_text('{"id": "d1", "text": "机密★20年"}\n')
    monkeypatch.chdir(folder)
    for arguments in (["."], ["./-"], ["--batch", "./-"]):
        done = check(*arguments, "--format", "json")
        assert done.returncode == 20, arguments
        assert json.loads(done.stdout.splitlines()[0])["id"] == ("d1" if "--batch" in arguments else "-")
    assert check("-").returncode == 0


def test_what_the_finder_leaves_is_left_out_and_said(folder: Path) -> None:
    (folder / "more/.DS_Store").write_bytes(b"\0\0\0\1Bud1" + bytes(100))
    done = check(str(folder))
    assert done.returncode == 0
    assert "more/.DS_Store" in done.stderr
    assert check(str(folder / "more/.DS_Store")).returncode == 10


def test_files_that_share_a_name_are_told_apart(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "more/a.txt").write_text("机密★20年")
    monkeypatch.chdir(tmp_path)
    given = ["./drafts/a.txt", "drafts/more/a.txt"]
    assert [one.id for one in drafts.expand(given)] == ["drafts/a.txt", "drafts/more/a.txt"]
    assert [one.id for one in drafts.expand([*given, "-"])] == ["drafts/a.txt", "drafts/more/a.txt", ""]
    assert [one.id for one in drafts.expand(["drafts/more", "drafts/a.txt"])][::2] == [
        "drafts/more/a.txt",
        "drafts/a.txt",
    ]
    assert [one.id for one in drafts.expand([given[1], "drafts/more/b.txt"])] == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("file", "uri"), [("b/甲 .txt", "b/%E7%94%B2%20.txt"), ("/b/\udcd6:.txt", "file:///b/%D6%3A.txt")]
)
def test_sarif_percent_encodes_any_path(file: str, uri: str) -> None:
    made = hostile()
    draft = made.draft.model_copy(update={"file": file})
    (run,) = json.loads(write("sarif", subject(Reviewed(draft, made.review))))["runs"]
    assert run["artifacts"][0]["location"]["uri"] == uri


@pytest.mark.parametrize("given", ["more", "more/b.txt"])
def test_sarif_names_a_file_by_the_path_that_was_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    (folder / "more/b.txt").write_text("机密★20年")
    monkeypatch.chdir(folder)
    (run,) = json.loads(check(given, "--format", "sarif").stdout)["runs"]
    said = [run["artifacts"][0]["location"], run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]]
    said += [
        n["locations"][0]["physicalLocation"]["artifactLocation"]
        for n in run["invocations"][0]["toolExecutionNotifications"]
    ]
    assert {one["uri"] for one in said} == {"more/b.txt"}
    assert len(said) == 3


def test_sarif_points_to_no_line_for_the_name_of_a_file(folder: Path) -> None:
    draft = folder / "机密★20年 名单.txt"
    draft.write_text("明天值班\n机密★10年")
    results = json.loads(check(str(draft), "--format", "sarif").stdout)["runs"][0]["results"]
    places = {r["properties"].get("quote"): r["locations"][0]["physicalLocation"].get("region") for r in results}
    assert places[None]["startLine"] == 2
    assert places["机密★20年"] is None


def test_a_linked_folder_and_a_broken_link_are_errors(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/secret.txt").write_text("机密★20年")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "gone.txt").symlink_to(tmp_path / "nothing")
    done = check(str(folder))
    assert done.returncode == 1
    assert "linked: 打不开、是链接或者没有文件" in done.stderr + done.stdout
    assert "gone.txt" in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("text", "status"),
    [("明天值班", 1), ("这是送审稿，领导还没签", 1), ("机密★20年", 20)],
    ids=["pass", "review", "block"],
)
def test_of_an_unreadable_draft_and_another_a_block_tells_most(folder: Path, text: str, status: int) -> None:
    (folder / "a.txt").write_text(text)
    for order in ((str(folder / "gone.txt"), str(folder)), (str(folder), str(folder / "gone.txt"))):
        done = check(*order)
        assert done.returncode == status
        assert "gone.txt" in done.stderr


def test_a_batch_that_breaks_off_keeps_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            if line := super().readline(size):
                return line
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", lambda *_: Broken(b'{"id": "a", "text": "b"}\n'))
    draft, broken = drafts.read_batch(tmp_path / "in.jsonl", Channel.EMAIL)
    assert isinstance(draft, Draft)
    assert isinstance(broken, ReadError)


@pytest.mark.parametrize(
    "channel", ["学区划分方案还没上会", ["学区划分"], {"学区": "划分"}], ids=["text", "list", "object"]
)
def test_a_line_of_a_batch_with_a_wrong_channel_is_named_without_its_words(tmp_path: Path, channel: object) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("\n" + json.dumps({"id": "a", "text": "b", "channel": channel}))
    (error,) = drafts.read_batch(file, Channel.EMAIL)
    assert str(error).startswith("in.jsonl:2: 没有这种渠道 / no such channel; ")
    assert all(known in str(error) for known in Channel)
    assert "学区" not in str(error)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root looks into every folder")
def test_a_folder_without_rights_is_an_error(folder: Path) -> None:
    (folder / "more").chmod(0)
    try:
        assert check(str(folder)).returncode == 1
    finally:
        (folder / "more").chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith("more"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert [one.id for one in drafts.expand([str(folder)])] == ["a.txt", "more"]


def test_a_folder_without_files_is_an_error(tmp_path: Path, home: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert check(str(tmp_path / "empty")).returncode == 1


@pytest.mark.parametrize(("suffix", "status"), [(b".txt", 20), (b".heic", 10)], ids=["text", "not examined"])
def test_a_name_that_is_not_unicode_is_reviewed(folder: Path, suffix: bytes, status: int) -> None:
    path = Path(os.fsdecode(os.fsencode(str(folder)) + b"/\xd6\xd0" + suffix))
    path.write_bytes("机密★20年".encode() if suffix == b".txt" else b"\x00\x00\x00\x18ftypheic")
    done = check("--format", "json", str(folder))
    assert done.returncode == status
    assert "\\ufffd" in done.stdout or "\ufffd" in done.stdout


def test_a_report_that_cannot_be_written_is_told_before_the_check(folder: Path, tmp_path: Path) -> None:
    done = check(str(folder), "--report", str(tmp_path / "none/out.html"))
    assert done.returncode == 1
    assert "不是可写的目录" in done.stderr
    assert not done.stdout


def test_the_reports_and_the_progress_of_a_run_are_no_drafts_of_the_next(folder: Path, tmp_path: Path) -> None:
    report, resume = folder / "more/report.html", folder / "resume.jsonl"
    arguments = (str(folder), "--report", str(report), "--resume", str(resume))
    done = check(*arguments)
    assert done.returncode == 0, done.stderr
    report.with_name("report.html.new").write_text("机密★20年")
    (tmp_path / "elsewhere").symlink_to(folder)
    again = check(str(folder), "--report", str(tmp_path / "elsewhere/more/report.html"), "--resume", str(resume))
    assert again.returncode == 0, again.stderr + again.stdout
    for name in ("more/report.html", "more/report.html.new", "resume.jsonl"):
        assert f"reviewer: {name}: 是本次要写的报告或者进度文件" in again.stderr
    assert check(str(folder)).returncode != 0


def test_a_file_that_is_named_is_a_draft_whatever_is_written(folder: Path) -> None:
    draft = folder / "a.txt"
    assert drafts.expand([str(draft)], [draft]) == [(draft, "a.txt", "a.txt")]


@pytest.mark.parametrize(
    ("given", "link", "option"),
    [
        ([], None, "--report"),
        ([], "hardlink_to", "--resume"),
        ([], "symlink_to", "--report"),
        (["--batch"], None, "--resume"),
        (["--batch"], "symlink_to", "--resume"),
        (["-", "--prompt-file"], "hardlink_to", "--report"),
    ],
)
def test_what_is_read_is_never_written_over(folder: Path, given: list[str], link: str | None, option: str) -> None:
    draft, written = folder / "通知.html", folder / "other.html"
    draft.write_text('{"id": "1", "text": "明天值班"}\n')
    if link:
        getattr(written, link)(draft)
    done = check(*given, str(draft), option, str(written if link else draft))
    assert (done.returncode, done.stdout) == (2, "")
    assert "通知.html: 是本次要读的文件" in done.stderr
    assert draft.read_text() == '{"id": "1", "text": "明天值班"}\n'


def test_what_a_report_is_begun_in_and_standard_input_are_never_written_over(folder: Path) -> None:
    report, draft = folder / "a.html", folder / "a.html.new"
    draft.write_text("明天值班")
    assert check(str(draft), "--report", str(report)).returncode == 2
    command = [sys.executable, "-m", "reviewer", "check", "--stages", "detect", "--resume", str(draft)]
    with draft.open() as stdin:
        assert subprocess.run(command, stdin=stdin, capture_output=True, check=False).returncode == 2
    assert draft.read_text() == "明天值班"
    assert not report.exists()
