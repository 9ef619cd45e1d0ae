"""The bar of a long copy: what it knows, and where the next line begins."""

import itertools
import sys

import pytest

from reviewer.cli.bar import Bar


def test_a_known_size_gives_a_share(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar("copy", 4 * 2**20) as bar:
        bar(2**20)
    said = capsys.readouterr().err
    assert said.startswith(f"copy  {'█' * 6}{'░' * 18}  25%      1.0 MiB")
    assert said.endswith("MiB/s\n")


def test_an_unknown_size_gives_none(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar("copy") as bar:
        bar(2**20)
    said = capsys.readouterr().err
    assert said.startswith("copy      1.0 MiB")
    assert not set(said) & set("%█░")


def test_an_error_begins_on_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("time.monotonic", itertools.count().__next__)

    def copy() -> None:
        with Bar("copy", 2**20) as bar:
            bar(2**19)
            assert capsys.readouterr().err.endswith("MiB/s")
            raise ValueError("spoilt")

    with pytest.raises(ValueError, match="spoilt"):
        copy()
    assert capsys.readouterr().err.endswith("MiB/s\n")


def test_nothing_is_said_where_nothing_moved(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar("copy", 2**20):
        pass
    assert capsys.readouterr().err == ""
