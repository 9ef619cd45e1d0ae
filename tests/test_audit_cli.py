"""The audit log from the command line: nothing is said without a record, and no word of a draft is in one."""

import ast
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer.audit import State, records, verify
from reviewer.audit.line import EPOCH_END, canonical
from reviewer.cli.audit import KINDS
from reviewer.paths import PACKAGE
from reviewer.reports.visible import visible

NEEDLE = "栖霞岭三号泵房"
DETECT = ["check", "--stages", "detect"]


def reviewer(
    *arguments: str, data: str = "", before: Callable[[], None] | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the program."""
    return subprocess.run(
        [sys.executable, "-m", "reviewer", *arguments],
        input=data,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        preexec_fn=before,
    )


def kinds(home: Path) -> list[str]:
    """The kinds of the records of a station."""
    return [r.kind for r in records(home / "audit")]


def test_every_verdict_has_a_record_and_the_log_is_sound(home: Path, tmp_path: Path) -> None:
    rows = [{"id": f"{NEEDLE}-{n}", "text": f"{NEEDLE}，机密★20年"} for n in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(r) for r in rows))
    done = reviewer("check", "--stages", "detect", "--batch", str(tmp_path / "in.jsonl"))
    assert (done.returncode, len(done.stdout.splitlines()), done.stderr) == (20, 3, "")
    assert kinds(home) == ["log.opened", "start", "review", "review", "review"]
    assert verify(home / "audit").state is State.SOUND
    assert reviewer("audit", "verify").returncode == 0


def test_no_word_no_name_no_file_name_is_in_the_log(home: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{NEEDLE}.txt"
    file.write_text(f"{NEEDLE}，机密★20年，联系谌怀远13800138000")
    reviewer(*DETECT, str(file), "--report", str(tmp_path / f"{NEEDLE}.html"))
    reviewer(*DETECT, data=NEEDLE)
    data = b"".join(f.read_bytes() for f in (home / "audit").iterdir())
    assert data.isascii()
    for word in (NEEDLE, "谌怀远", "13800138000", str(tmp_path)):
        assert word.encode() not in data
        assert json.dumps(word).strip('"').encode() not in data
    assert kinds(home).count("report") == 1
    shown = reviewer("audit", "show", "--last", "0")
    assert NEEDLE not in shown.stdout


def test_an_import_that_fails_ends_with_a_checkpoint_too(home: Path, tmp_path: Path) -> None:
    (tmp_path / "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf").write_bytes(b"no model")
    done = reviewer("models", "import", str(tmp_path))
    assert done.returncode == 1
    assert kinds(home) == ["log.opened", "model.import"]
    assert verify(home / "audit").state is State.SOUND


def test_a_draft_is_recognised_by_who_has_it(home: Path, tmp_path: Path) -> None:
    reviewer(*DETECT, data=f"{NEEDLE} 明天检修")
    reviewer(*DETECT, data="别的事")
    file = tmp_path / "sent.txt"
    file.write_text(f"{NEEDLE}\n明天检修")
    shown = reviewer("audit", "show", "--draft", str(file), "--format", "json")
    assert [json.loads(line)["kind"] for line in shown.stdout.splitlines()] == ["review"]


def full() -> None:
    """No file may grow."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def nearly_full() -> None:
    """The log has room for a few records."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))


def test_no_verdict_on_a_full_disk(home: Path) -> None:
    done = reviewer(*DETECT, data="你好", before=full)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the audit log cannot be written" in done.stderr
    assert "REVIEWER_AUDIT_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_disk_that_fills_stops_the_batch_at_the_last_record(home: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps({"id": str(n), "text": "你好"}) for n in range(40)))
    done = reviewer("check", "--stages", "detect", "--batch", str(tmp_path / "in.jsonl"), before=nearly_full)
    assert done.returncode == 1
    assert "the audit log cannot be written" in done.stderr
    assert 0 < len(done.stdout.splitlines()) < 40
    assert len(done.stdout.splitlines()) == kinds(home).count("review")
    reviewer(*DETECT, data="你好")
    assert verify(home / "audit").state is State.SOUND


def test_a_station_with_a_read_only_home_names_another_folder(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    nowhere = str(blocked / "home")
    done = reviewer(*DETECT, data="你好", REVIEWER_HOME=nowhere)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no verdict is given without a record" in done.stderr
    done = reviewer(*DETECT, data="你好", REVIEWER_HOME=nowhere, REVIEWER_AUDIT_DIR=str(tmp_path / "log"))
    assert (done.returncode, done.stderr) == (0, "")
    assert verify(tmp_path / "log").state is State.SOUND


def test_a_damaged_log_stops_reviews_until_it_is_moved_away(home: Path) -> None:
    reviewer(*DETECT, data="你好")
    log = home / "audit" / "000001.jsonl"
    log.write_bytes(log.read_bytes()[:-40] + b"\n")
    assert reviewer("audit", "verify").returncode == 1
    done = reviewer(*DETECT, data="你好")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the audit log is damaged" in done.stderr
    (home / "audit").rename(home / "to-the-officer")
    assert reviewer(*DETECT, data="你好").returncode == 0


def test_verifying_says_what_it_means(home: Path) -> None:
    done = reviewer("--lang", "en", "audit", "verify")
    assert (done.returncode, done.stdout) == (2, "audit log: CANNOT TELL\nthere is no log\n")
    reviewer(*DETECT, data="你好")
    code = reviewer("audit", "checkpoint").stdout.strip()
    done = reviewer("audit", "verify", "--code", code)
    assert done.returncode == 0
    assert "末尾可证明到第 3 条" in done.stdout
    wrong = reviewer("--lang", "en", "audit", "verify", "--code", f"{code[:-1]}{'A' if code[-1] != 'A' else 'B'}")
    assert wrong.returncode == 1
    assert "record 3: the log does not hold the code" in wrong.stdout
    assert json.loads(reviewer("audit", "verify", "--format", "json").stdout)["state"] == "sound"
    key = reviewer("audit", "key", "--yes").stdout
    assert reviewer("audit", "verify", "--key-file", "-", data=key).returncode == 0
    done = reviewer("audit", "key", "--yes")
    assert done.returncode == 1
    assert "taken before" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_a_first_key_that_nobody_saw_is_not_destroyed(home: Path) -> None:
    reviewer(*DETECT, data="你好")
    command = [sys.executable, "-m", "reviewer", "--lang", "en", "audit", "key", "--yes"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode != 0
    assert b"was not shown and is still here" in done.stderr
    key = reviewer("audit", "key", "--yes").stdout
    assert reviewer("audit", "verify", "--key-file", "-", data=key).returncode == 0


def written_kinds() -> Iterator[str]:
    """Every kind of record that the program's source writes: `Event(KIND, ...)` and `indexed(CHANGE, ...)`."""
    for file in PACKAGE.rglob("*.py"):
        for call in (n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Call)):
            match call:
                case ast.Call(func=ast.Name("indexed"), args=[ast.Constant(str(change)), *_]):
                    yield f"index.{change}"
                case ast.Call(func=ast.Name("Event"), args=[ast.Constant(str(kind)), *_]):
                    yield kind
                case ast.Call(func=ast.Name("Event"), args=[ast.Name("EPOCH_END"), *_]):
                    yield EPOCH_END
                case ast.Call(func=ast.Name("Event"), args=[ast.JoinedStr(), *_]) if file.name == "events.py":
                    pass  # `indexed` itself
                case ast.Call(func=ast.Name("Event" | "indexed")):
                    raise AssertionError(f"a kind that this test cannot read: {file.name}:{call.lineno}")


def test_every_kind_that_is_written_has_a_chinese_name() -> None:
    assert set(written_kinds()) == set(KINDS)


def test_changes_of_the_station_are_recorded_before_they_are_made(home: Path) -> None:
    assert reviewer("index", "remove", NEEDLE).returncode == 1
    assert kinds(home) == ["log.opened", "index.remove"]
    last = list(records(home / "audit"))[-1]
    assert last.facts["documents"] == 1
    assert len(last.facts["docs"][0]) == 64


def test_nothing_is_changed_without_a_record(home: Path) -> None:
    done = reviewer("index", "remove", "x", before=full)
    assert done.returncode == 1
    assert "the audit log cannot be written" in done.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_of_another_hand_is_verified_without_obeying_it(home: Path, form: str) -> None:
    """Whole by its own chain, with no key here, so broken: what it says of itself is printed made visible, or not."""
    reviewer(*DETECT, data="你好")
    first = json.loads((home / "audit" / "000001.jsonl").read_bytes().splitlines()[0])
    forged = first | {"facts": first["facts"] | {"origin": "\x1b]52;c;aGk=\x07\u202e\x9b\x7f"}}
    for file in (home / "audit").iterdir():
        file.unlink()
    (home / "audit" / "000001.jsonl").write_bytes(canonical(forged) + b"\n")
    done = reviewer("audit", "verify", "--format", form)
    assert (done.returncode, done.stderr) == (1, "")
    assert ("52;c;aGk=" in done.stdout) is (form == "json")
    assert done.stdout == visible(done.stdout, lines=True)


def test_an_altered_log_is_shown_without_obeying_it(home: Path) -> None:
    """What `show` prints is unchecked: control sequences, times that cannot be, and nesting without end."""
    reviewer(*DETECT, data="你好")
    log = home / "audit" / "000001.jsonl"
    first, *rest = log.read_bytes().splitlines()
    facts: Any = {"origin": "\x1b]52;c;aGk=\x07\u202e\x9b"}
    for _ in range(400):
        facts = {"more": facts}
    held = json.loads(first) | {"kind": "\x1b[2J", "facts": {"origin": "\x1b[31m", "more": facts}}
    for t in (10**400, -(10**15), 10**15):
        log.write_bytes(b"\n".join([canonical(held | {"t": t}), *rest, b""]))
        for form in ("text", "json"):
            done = reviewer("audit", "show", "--format", form)
            assert (done.returncode, done.stderr) == (0, "")
            assert str(t) in done.stdout
            assert done.stdout == visible(done.stdout, lines=True)
    assert reviewer("audit", "verify").returncode == 1
