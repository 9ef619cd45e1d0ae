"""The command line's contract: exit statuses, JSON, batches, errors in one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reviewer.cli import COMMANDS, main
from reviewer.reports import SUFFIXES
from reviewer.verdict import Review

NOWHERE = click.Context(main)
DETECT = ["check", "--stages", "detect"]


def reviewer(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the program."""
    return subprocess.run([sys.executable, "-m", "reviewer", *arguments], input=data, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("text", "status"), [("周末一起吃饭", 0), ("这是送审稿，领导还没签", 10), ("机密★20年", 20), ("", 0), ("🙂", 0)]
)
def test_exit_statuses(text: str, status: int) -> None:
    done = reviewer(*DETECT, data=text.encode())
    assert done.returncode == status
    assert not done.stderr


def test_several_files_give_the_worst(tmp_path: Path) -> None:
    for name, text in (("a", "你好"), ("b", "机密★20年"), ("c", "送审稿")):
        (tmp_path / f"{name}.txt").write_text(text)
    assert reviewer(*DETECT, *(str(tmp_path / f"{n}.txt") for n in "abc")).returncode == 20


@pytest.mark.parametrize("suffix", ["", "html", "sarif"])
def test_a_rule_of_the_station_is_called_by_its_name(home: Path, tmp_path: Path, suffix: str) -> None:
    own = (Path(__file__).parent / "lists" / "station.toml").read_text("utf-8").replace('clause = "wx-7"\n', "")
    (home / "lists").mkdir(parents=True)
    (home / "lists" / "station.toml").write_text(own, "utf-8")
    to = ["--report", str(tmp_path / f"made.{suffix}")] if suffix else []
    done = reviewer(*DETECT, *to, data="去机房B-07取盘".encode())
    said = (tmp_path / f"made.{suffix}").read_text("utf-8") if suffix else done.stdout.decode()
    assert done.returncode == 10
    assert "涉密机房编号" in said.replace("出现涉密机房编号", "")


def test_json_is_the_contract() -> None:
    done = reviewer(*DETECT, "--format", "json", data="抬头：机密★20年\n正文".encode())
    record = json.loads(done.stdout)
    assert list(record) == [
        "schema", "id", "decision", "findings", "unfinished", "examined", "length", "probability", "timings_ms",
        "versions",
    ]  # fmt: skip
    finding = record["findings"][0]
    assert list(finding) == [
        "rule", "stage", "severity", "confidence", "clause", "span", "quote", "reason", "advice",
    ]  # fmt: skip
    assert record["schema"] == 1
    assert record["decision"] == "block"
    assert finding["clause"] == {
        "pack": "wechat-party-government", "id": "wx-1", "title": "不得用微信传播国家秘密文件、资料",
    }  # fmt: skip
    assert finding["span"] == [3, 9]
    assert finding["quote"] == "机密★20年"
    assert record["examined"] == [[0, 12]]
    assert Review(**record).decision.value == "block"


def test_a_line_nested_too_deep_does_not_end_a_batch(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(
        "\n".join([json.dumps({"id": "a", "text": "你好"}), "[" * 100_000, '{"id": "b", "text": "机密★20年"}'])
    )
    done = reviewer("check", "--stages", "detect", "--batch", str(file))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "b"]
    assert "in.jsonl:2: 不是草稿 / not a draft" in done.stderr.decode()


def test_a_batch_without_a_draft_passes_nothing(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n")
    done = reviewer("check", "--stages", "detect", "--batch", str(tmp_path / "none.jsonl"))
    assert (done.returncode, done.stdout) == (1, b"")
    assert "holds no draft" in done.stderr.decode()


def test_batches_keep_their_order(tmp_path: Path) -> None:
    rows = [{"id": f"d{i}", "text": t} for i, t in enumerate(["你好", "机密★20年", "\ud800甲", "送审稿"])]
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps(r) for r in rows))
    done = reviewer("check", "--stages", "detect", "--batch", str(file))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["id"], r["decision"]) for r in records] == [
        ("d0", "pass"),
        ("d1", "block"),
        ("d2", "pass"),
        ("d3", "review"),
    ]
    assert done.returncode == 20


@pytest.mark.parametrize(
    ("arguments", "data", "status", "words"),
    [
        (["check", "--stages", "detect", "/none.txt"], b"", 1, b"No such file"),
        (DETECT, b"\x00\x01\x02\xff" * 9, 1, b"binary"),
        (DETECT, b"\xff\xff\xff\x81", 1, b"GB18030"),
        (["check", "--stages", "nothing"], b"", 2, b"choose from"),
        (["check", "--channel", "pigeon"], b"", 2, b"pigeon"),
        (["check", "--store", "/none.db"], b"", 1, b"no index store"),
        (["fly"], b"", 2, b"fly"),
        (["packs", "show", "none"], b"", 1, b"no pack none"),
        (["models", "fetch", "none"], b"", 1, b"not in models.txt"),
    ],
)
def test_errors_are_one_sentence(arguments: list[str], data: bytes, status: int, words: bytes) -> None:
    done = reviewer(*arguments, data=data)
    assert done.returncode == status
    assert words in done.stderr
    assert b"Traceback" not in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "🙂", "\x00", "‮abc", "机密" * 10_000, "一行\n" * 50_000, "字" * 350_000],
    ids=["empty", "blank", "emoji", "nul", "rtl", "repeats", "lines", "megabyte"],
)
def test_awkward_texts_get_an_answer(text: str) -> None:
    done = reviewer(*DETECT, "--format", "json", data=text.encode())
    if text == "\x00":
        assert done.returncode == 0
    record = json.loads(done.stdout)
    assert record["length"] == len(text)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that opens and cannot be read")
def test_a_batch_that_cannot_be_read_is_named() -> None:
    done = reviewer(*DETECT, "--batch", "/proc/self/mem")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().startswith("reviewer: /proc/self/mem: 读写出错，介质可能已损坏 / Input/output error; ")


def test_a_check_of_no_stage_never_passes() -> None:
    assert reviewer("check", "--stages", "match", data="机密★20年".encode()).returncode == 10


def test_match_without_an_index_needs_no_engine() -> None:
    versions = [
        json.loads(reviewer("check", "--stages", stages, "--format", "json", data=b"x").stdout)["versions"]
        for stages in ("detect", "detect,match")
    ]
    assert versions[0] == versions[1]


def test_every_command_has_help() -> None:
    for name in COMMANDS:
        done = CliRunner().invoke(main, [name, "--help"])
        assert done.exit_code == 0, name
        assert "Usage" in done.output


@pytest.mark.parametrize(
    "name", [name for name in COMMANDS if isinstance(main.get_command(NOWHERE, name), click.Group)]
)
def test_the_list_of_commands_names_what_a_group_has(name: str) -> None:
    group = main.get_command(NOWHERE, name)
    assert isinstance(group, click.Group)
    _, named, these = COMMANDS[name].partition(": ")
    assert not named or set(these.split(", ")) <= set(group.commands)


def test_help_of_check_names_the_formats_of_reports() -> None:
    said = CliRunner().invoke(main, ["check", "--help"]).output
    about = " ".join(said[said.index("--report") : said.index("--resume")].split())
    assert all(suffix in about for suffix in SUFFIXES)


def test_english_on_request() -> None:
    done = reviewer("--lang", "en", *DETECT, data="机密★20年".encode())
    assert "BLOCK" in done.stdout.decode()
    assert "classification mark" in done.stdout.decode()


def test_settings_errors_name_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_LANG", "klingon")
    done = reviewer(*DETECT, data=b"x")
    assert done.returncode == 1
    assert b"REVIEWER_LANG" in done.stderr


def test_options_before_the_command_name_the_places(home: Path, tmp_path: Path) -> None:
    other, lists, audit = tmp_path / "other", tmp_path / "lists", tmp_path / "log"
    lists.mkdir()
    (lists / "words.toml").write_text('[[word]]\ntext = "青松三号"\nowner = "保密办"\n', "utf-8")
    places = ("--home", str(other), "--lists-dir", str(lists), "--audit-dir", str(audit))
    done = reviewer(*places, "check", "--stages", "detect", data="青松三号下周试飞".encode())
    assert done.returncode == 20, done.stderr
    assert list(audit.glob("*.jsonl"))
    assert not home.exists()
