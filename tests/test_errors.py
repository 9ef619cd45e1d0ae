"""What a person reads of a failure is Chinese first, what the system says of it too."""

import errno
import os
from pathlib import Path

import pytest

from reviewer.draft import Value
from reviewer.errors import SYSTEM, Cancelled, ReviewerError, SettingsError, why
from reviewer.located import load_toml
from tests.test_cli import reviewer


class Named(Value):
    """A file with a number."""

    number: int


@pytest.mark.parametrize("name", SYSTEM)
def test_the_words_of_the_system_come_second(name: str) -> None:
    number = getattr(errno, name)
    assert why(OSError(number, os.strerror(number))) == f"{SYSTEM[name]} / {os.strerror(number)}"


def test_a_failure_of_no_known_number_is_named_too() -> None:
    assert why(OSError("spoilt")) == "系统报错 / spoilt"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"number = ", "a.toml:1: 格式不对 / malformed: "),
        (b"number = 'a'", "a.toml:1: 格式不对 / malformed: number: "),
        (b"number = '\xff'", "a.toml:1: 不是 UTF-8 / not UTF-8"),
        (b"#" * 4_000_001, "a.toml: 超过 4000000 字节 / more than 4000000 bytes"),
        (None, "a.toml: 没有这个文件或者目录 / No such file or directory"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_chinese_first(data: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        load_toml(path, Named, SettingsError)
    assert caught.value.message.startswith(said)
    assert not caught.value.hint or " / " in caught.value.hint


def test_a_cancelled_review_says_so_in_both_languages() -> None:
    assert str(Cancelled()) == "已取消 / cancelled"
    assert isinstance(Cancelled(), ReviewerError)


def test_a_setting_that_makes_no_sense_is_said_in_chinese_first(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("REVIEWER_LANG", "xx")
    said = reviewer("check", "--stages", "detect", data="明天值班".encode()).stderr.decode()
    assert "REVIEWER_LANG: 格式不对 / malformed: " in said
