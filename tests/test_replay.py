"""A replay gives the same review byte for byte, and says what differs when rules, draft or record changed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.assemble import configure
from reviewer.draft import Channel, Draft, Lang
from reviewer.paths import Home
from reviewer.replay import compare, is_its_draft
from reviewer.reports.visible import visible
from reviewer.settings import Settings
from reviewer.verdict import Review
from tests.scripted import ScriptedEngine, ScriptedStation

TEXT = "各位家长，学区划分方案还没上会。送审稿附后，机密★20年，经办人手机13800138000。"


def check(*arguments: str, text: str = TEXT) -> bytes:
    """What `reviewer check` says of a text."""
    command = [sys.executable, "-m", "reviewer", "check", "--stages", "detect", "--format", "json", *arguments]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=False).stdout


def replay(record: Path, draft: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run `reviewer replay`."""
    command = [sys.executable, "-m", "reviewer", "replay", str(record), "--draft", str(draft), *arguments]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, Path]:
    """A kept record and its draft, by e-mail."""
    record, draft = tmp_path / "r.json", tmp_path / "d.txt"
    record.write_bytes(check("--channel", "email", "--keep"))
    draft.write_text(TEXT)
    return record, draft


def test_a_kept_record_names_its_draft_without_its_words(kept: tuple[Path, Path]) -> None:
    data = json.loads(kept[0].read_bytes())
    assert data["draft"]["channel"] == "email"
    assert len(data["draft"]["sha256"]) == 64
    without = json.loads(check("--channel", "email"))
    del data["draft"], data["timings_ms"], without["timings_ms"]
    assert data == without


def test_a_kept_record_carries_no_control_to_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(json.dumps({"id": "a\u009b31mRED", "text": "甲\u202e乙密机\u202c"}))
    command = [sys.executable, "-m", "reviewer", "check", "--stages", "detect", "--keep", "--batch", str(file)]
    said = subprocess.run(command, capture_output=True, check=False).stdout.decode()
    assert not {"\u009b", "\u202e", "\u202c"} & set(said)
    assert json.loads(said)["id"] == "a\u009b31mRED"


def test_the_same_draft_and_versions_give_the_same_review(kept: tuple[Path, Path]) -> None:
    done = replay(*kept, "--format", "json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["same"], said["fields"], said["versions"]) == (0, True, {}, {})
    assert said["record"] == said["replay"]
    assert "相同" in replay(*kept).stdout.decode()


def test_every_changed_field_and_version_is_named(kept: tuple[Path, Path]) -> None:
    record, draft = kept
    data = json.loads(record.read_bytes())
    gone = data["findings"].pop()
    data["decision"] = "pass"
    data["versions"]["rules"] = "sha256:old"
    record.write_text(json.dumps(data))
    done = replay(record, draft, "--format", "json")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert said["same"] is False
    assert set(said["fields"]) == {"decision", "findings"}
    assert said["fields"]["decision"] == ["pass", "block"]
    assert said["versions"]["rules"][0] == "sha256:old"
    text = replay(record, draft).stdout.decode()
    assert f"+ {gone['rule']}" in text
    assert "decision" in text
    assert gone["quote"] not in text


def test_a_record_with_controls_reaches_the_terminal_made_visible(kept: tuple[Path, Path]) -> None:
    record, draft = kept
    data = json.loads(record.read_bytes())
    hostile = "\x7f\x9b31m\u202e\x1b]52;c;aGk=\x07"
    data["findings"][0] |= {"quote": hostile, "reason": hostile}
    record.write_text(json.dumps(data))
    for form in ("json", "text"):
        said = replay(record, draft, "--format", form).stdout.decode()
        assert said == visible(said, lines=True)
    (old, _) = json.loads(replay(record, draft, "--format", "json").stdout)["fields"]["findings"]
    assert hostile in [f["quote"] for f in old]


def test_another_draft_is_refused(kept: tuple[Path, Path]) -> None:
    kept[1].write_text(TEXT.replace("还没", "已经"))
    done = replay(*kept)
    assert done.returncode == 1
    assert b"not the draft of the record" in done.stderr
    assert not done.stdout


def test_a_record_without_a_digest_is_compared_by_length_and_quotes() -> None:
    review = Review.model_validate_json(check())
    assert is_its_draft(review, Draft(text=TEXT))
    assert is_its_draft(review, Draft(text=TEXT.replace("各位", "诸位")))
    assert not is_its_draft(review, Draft(text=TEXT.replace("机密", "秘密")))
    assert not is_its_draft(review, Draft(text=TEXT + "。"))


def test_a_digest_is_of_text_and_channel() -> None:
    review = Review.model_validate_json(check("--keep"))
    assert is_its_draft(review, Draft(text=TEXT))
    assert not is_its_draft(review, Draft(text=TEXT.replace("各位", "诸位")))
    assert not is_its_draft(review, Draft(text=TEXT, channel=Channel.EMAIL))


NO_STAGES = '{"schema": 1, "decision": "pass", "length": 3, "timings_ms": %s}'


@pytest.mark.parametrize("content", ["", "[]", '{"schema": 2}', "机密", NO_STAGES % "{}", NO_STAGES % '{"fly": 1}'])
def test_what_is_no_record_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "r.json").write_text(content)
    (tmp_path / "d.txt").write_text(TEXT)
    done = replay(tmp_path / "r.json", tmp_path / "d.txt")
    assert done.returncode == 1
    assert b"not the record of one review" in done.stderr
    assert b"Traceback" not in done.stderr


def test_rules_and_a_scripted_judge_give_the_same_bytes_whatever_came_before(home: Path) -> None:
    station = ScriptedStation(configure(Settings(lang=Lang.ZH), Home(home)), ScriptedEngine())
    station.scripted.go.set()
    first = station.reviewer.review(Draft(text=TEXT))
    station.reviewer.review(Draft(text=TEXT[::-1]))
    again = station.reviewer.review(Draft(text=TEXT))
    assert first.findings
    assert compare(first, again).same
    assert (
        first.model_copy(update={"timings_ms": {}}).to_record()
        == again.model_copy(update={"timings_ms": {}}).to_record()
    )


def test_an_index_that_takes_no_part_is_no_version_of_a_review(home: Path) -> None:
    """One that the station built later changes no review by rules and judge alone."""
    engine = ScriptedEngine()
    engine.hello = {"versions": {"index": "sha256:1", "heads": "sha256:2"}}
    made = ScriptedStation(configure(Settings(), Home(home)), engine)
    assert "index" not in made.versions()
    assert made.versions()["heads"] == "sha256:2"
