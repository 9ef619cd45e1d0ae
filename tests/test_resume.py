"""Many drafts at once: going on after a break, the bar, the summary of a folder."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.audit import State, records, verify
from reviewer.cli.resume import Made, Resumed
from reviewer.draft import Channel, Draft, Lang, Place, Step, StepKind
from reviewer.errors import WriteError
from reviewer.finding import Stage
from reviewer.verdict import Review, Unfinished
from tests.reports import review
from tests.test_cli import DETECT, reviewer

DRAFT = Draft(text="晚上吃面", id="1")
STAGES = {"detect"}
KEY = bytes(32)


def made(draft: Draft = DRAFT, *unfinished: Unfinished) -> Review:
    """A review of the rules."""
    return review(draft, [], unfinished).model_copy(
        update={"timings_ms": {"detect": 1}, "versions": {"rules": "a"}, "unfinished": unfinished}
    )


def kept(path: Path, *reviews: Review) -> Resumed:
    """A file that an earlier run wrote, opened again."""
    earlier = Resumed(path, KEY, Lang.ZH)
    for one in reviews:
        earlier.add(DRAFT, Made(one, 3))
    earlier.close()
    return Resumed(path, KEY, Lang.ZH)


def test_a_finished_review_is_found_and_says_the_same(tmp_path: Path) -> None:
    again = kept(tmp_path / "r.jsonl", made())
    found = again.find(DRAFT, {"rules": "a"}, STAGES)
    assert found is not None
    assert (found.review.to_record(), found.record) == (made().to_record(), 3)
    assert again.refused == 0
    assert (tmp_path / "r.jsonl").stat().st_mode & 0o777 == 0o600
    again.close()


def test_a_file_that_others_hold_or_that_is_a_link_is_refused(tmp_path: Path) -> None:
    theirs, link = tmp_path / "theirs.jsonl", tmp_path / "link.jsonl"
    theirs.write_bytes(b"")
    theirs.chmod(0o666)
    with pytest.raises(WriteError, match="other users may change it"):
        Resumed(theirs, KEY, Lang.ZH)
    theirs.chmod(0o600)
    link.symlink_to(theirs)
    with pytest.raises(WriteError, match="symbolic links"):
        Resumed(link, KEY, Lang.ZH)
    if os.geteuid() == 0:
        os.chown(theirs, 65534, 65534)
        with pytest.raises(WriteError, match="another user"):
            Resumed(theirs, KEY, Lang.ZH)
    assert theirs.read_bytes() == b""


@pytest.mark.parametrize(
    ("draft", "versions", "stages"),
    [
        (DRAFT.model_copy(update={"text": "晚上吃面。"}), {"rules": "a"}, STAGES),
        (DRAFT.model_copy(update={"id": "2"}), {"rules": "a"}, STAGES),
        (DRAFT.model_copy(update={"channel": Channel.EMAIL}), {"rules": "a"}, STAGES),
        (
            DRAFT.model_copy(
                update={"places": (Place(span=(0, 4), steps=(Step(kind=StepKind.PAGE, name="1"),)),)},
            ),
            {"rules": "a"},
            STAGES,
        ),
        (DRAFT, {"rules": "b"}, STAGES),
        (DRAFT, {"rules": "a"}, {"detect", "judge"}),
    ],
    ids=["text", "id", "channel", "place", "version", "stages"],
)
def test_anything_else_is_reviewed_again(
    tmp_path: Path, draft: Draft, versions: dict[str, str], stages: set[str]
) -> None:
    again = kept(tmp_path / "r.jsonl", made())
    assert again.find(draft, versions, stages) is None
    again.close()


def test_a_review_in_another_language_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    kept(path, made()).close()
    again = Resumed(path, KEY, Lang.EN)
    assert again.find(DRAFT, {"rules": "a"}, STAGES) is None
    assert again.refused == 0
    again.add(DRAFT, Made(made(), 4))
    again.close()
    for lang, record in ((Lang.ZH, 3), (Lang.EN, 4)):
        both = Resumed(path, KEY, lang)
        found = both.find(DRAFT, {"rules": "a"}, STAGES)
        assert found is not None
        assert found.record == record
        both.close()


def test_a_run_in_another_language_repeats_no_reason_of_the_first(tmp_path: Path, home: Path) -> None:
    draft, resume = tmp_path / "a.txt", tmp_path / "r.jsonl"
    draft.write_text("机密★20年")
    arguments = (*DETECT, str(draft), "--format", "json", "--resume", str(resume))
    said = [reviewer("--lang", lang, *arguments).stdout for lang in ("zh", "en", "en")]
    assert ["国家秘密标志".encode() in one for one in said] == [True, False, False]
    assert [number is not None for number in resumed(home)] == [False, False, True]


def test_what_a_stage_did_not_finish_is_tried_again_and_what_cannot_be_read_is_not(tmp_path: Path) -> None:
    again = kept(tmp_path / "a.jsonl", made(DRAFT, Unfinished(stage=Stage.DETECT, reason="died")))
    assert again.find(DRAFT, {"rules": "a"}, STAGES) is None
    again.close()
    again = kept(tmp_path / "b.jsonl", made(DRAFT, Unfinished(stage=Stage.READ, reason="picture")))
    assert again.find(DRAFT, {"rules": "a"}, STAGES) is not None
    again.close()


def test_a_torn_line_is_passed_over_and_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    kept(path, made()).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    again = kept(path, made())
    assert again.find(DRAFT, {"rules": "a"}, STAGES) is not None
    assert again.refused == 1
    again.close()


def test_a_line_that_was_altered_anywhere_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    kept(path, made()).close()
    whole = path.read_bytes().removesuffix(b"\n")
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] + b"\n")
        again = Resumed(path, KEY, Lang.ZH)
        assert again.find(DRAFT, {"rules": "a"}, STAGES) is None, place
        assert again.refused, place
        again.close()


@pytest.mark.parametrize("line", [b"[" * 5_000, b"null", b"5", b'{"of":"a","review":{}}', b"\xff"], ids=range(5))
def test_a_line_that_nobody_sealed_is_counted_and_not_read(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(line + b"\n")
    again = Resumed(path, KEY, Lang.ZH)
    assert again.refused == 1
    again.close()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="nowhere"):
        Resumed(tmp_path / "nowhere" / "r.jsonl", KEY, Lang.ZH)


def test_a_run_that_was_cut_off_goes_on(tmp_path: Path, home: Path) -> None:
    folder, resume, page = tmp_path / "answers", tmp_path / "r.jsonl", tmp_path / "out.html"
    folder.mkdir()
    texts = {f"{n}.txt": "机密★20年" if n % 3 == 0 else f"第{n}份，晚上吃面" for n in range(6)}
    for name, text in texts.items():
        (folder / name).write_text(text)
    arguments = (*DETECT, str(folder), "--format", "json", "--resume", str(resume), "--report", str(page))
    first = reviewer(*arguments)
    assert first.returncode == 20
    lines = resume.read_bytes().splitlines(keepends=True)
    assert len(lines) == 6
    resume.write_bytes(b"".join(lines[:4]) + lines[4][:40])
    page.unlink()
    second = reviewer(*arguments)
    assert second.returncode == 20
    of = [json.loads(line)["of"] for line in lines]
    assert [json.loads(line)["of"] for line in resume.read_bytes().splitlines()[5:]] == of[4:]
    outs = [[json.loads(line) for line in done.stdout.splitlines()] for done in (first, second)]
    for reviews in outs:
        for one in reviews:
            del one["timings_ms"]
    assert outs[0] == outs[1]
    assert resumed(home) == [None] * 6 + [3, 4, 5, 6, None, None]
    assert verify(home / "audit").state is State.SOUND
    assert "各条款的结论" in page.read_text()
    assert all(f">{name}<" in page.read_text() or name in page.read_text() for name in texts)


def resumed(home: Path) -> list[int | None]:
    """Of each review on record, which one it was taken from."""
    return [r.facts.get("resumed") for r in records(home / "audit") if r.kind == "review"]


@pytest.mark.parametrize("which", ["edited", "of another log", "of an earlier version"])
def test_a_file_that_does_not_hold_is_refused_and_the_drafts_are_checked_anew(
    tmp_path: Path, home: Path, which: str
) -> None:
    draft, resume = tmp_path / "a.txt", tmp_path / "r.jsonl"
    draft.write_text("机密★20年")
    arguments = (*DETECT, str(draft), "--format", "json", "--resume", str(resume))
    assert reviewer(*arguments).returncode == 20
    row = json.loads(resume.read_bytes())
    if which == "of another log":
        (home / "audit").rename(home / "to-the-officer")
    else:
        row["review"] |= {"decision": "pass", "findings": []}
        row = {k: v for k, v in row.items() if which == "edited" or k in ("of", "review")}
        resume.write_text(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    done = reviewer(*arguments)
    assert (done.returncode, json.loads(done.stdout)["decision"]) == (20, "block")
    assert "1 行没有写完、被改动或者不是本站所写".encode() in done.stderr
    assert b"1 of its lines are unfinished, altered or not written by this station" in done.stderr
    assert set(resumed(home)) == {None}
    assert reviewer(*arguments).returncode == 20
    assert [n is not None for n in resumed(home)][-2:] == [False, True]


def test_a_bar_counts_on_the_terminal_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text("晚上吃面")
    arguments = [*DETECT, str(folder), "--report", str(tmp_path / "out.html")]
    assert "审查".encode() not in reviewer(*arguments).stderr
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", *arguments], stdin=subprocess.DEVNULL, stderr=slave, check=False
    )
    os.close(slave)
    said = os.read(master, 65536).decode()
    os.close(master)
    assert done.returncode == 0
    assert "审查" in said
    assert "3/3" in said
