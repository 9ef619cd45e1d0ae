"""Which commands run sealed: all but the one that connects, those at the service's door, and those that seal later."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click
import pytest

from reviewer.cli import confined, front, main, station, streams
from reviewer.cli.front import Run
from reviewer.errors import SealError

CONNECTS = ("models", "fetch")
STARTS_OTHERS = [("service", "start"), ("service", "stop"), ("service", "status"), ("watch",), ("bench",)]


@pytest.fixture(autouse=True)
def limited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands whose process would be confined from then on; this one stays free."""
    names: list[str] = []
    monkeypatch.setattr(confined, "confine", lambda ctx: names.append(ctx.command.name))
    return names


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


def test_every_other_command_is_sealed_before_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed: list[bool] = []
    monkeypatch.setattr(front, "scrub", lambda: None)
    monkeypatch.setattr(front, "put_on", lambda part: sealed.append(True) or (lambda: None))
    doctor = main.get_command(click.Context(main), "doctor")
    assert doctor is not None
    unsealed = []
    for path, command in leaves(main):
        if command is doctor:
            continue
        seen: list[bool] = []
        monkeypatch.setattr(command, "callback", lambda seen=seen, **_: seen.append(bool(sealed)))
        monkeypatch.setattr(command, "params", [])
        sealed.clear()
        main.main([*path], standalone_mode=False, obj=Run(ours=True))
        assert len(seen) == 1, path
        if not seen[0]:
            unsealed.append(path)
    assert sorted(unsealed) == sorted([CONNECTS, *STARTS_OTHERS])


def test_the_screen_reads_and_opens_only_once_every_way_out_was_tried(
    monkeypatch: pytest.MonkeyPatch, home: Path, limited: list[str]
) -> None:
    def tried() -> NoReturn:
        assert limited == ["tui"]
        assert not gc.isenabled()
        raise SealError("a way out is open")

    from reviewer.tui import app, hangup

    monkeypatch.setattr(front, "scrub", lambda: None)
    monkeypatch.setattr(front, "put_on", lambda part: tried)
    monkeypatch.setattr(streams, "need_screen", lambda: None)
    for door in ((station, "config"), (hangup, "watch"), (app.ReviewerApp, "run")):
        monkeypatch.setattr(*door, lambda *_: pytest.fail("before the seal was proven"))
    try:
        with pytest.raises(SealError):
            main.main([], standalone_mode=False, obj=Run(ours=True))
    finally:
        gc.enable()


@pytest.mark.parametrize("words", [["service", "start"], ["watch"]], ids=["service", "watch"])
def test_what_starts_another_process_first_is_sealed_before_it_reads(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Read(Exception):
        """Something of the station is read."""

    def read(*_: object) -> NoReturn:
        raise Read

    sealed: list[bool] = []
    monkeypatch.setattr(front, "scrub", lambda: None)
    monkeypatch.setattr(front, "put_on", lambda part: sealed.append(True) or (lambda: None))
    monkeypatch.setattr(station, "config", read)
    with pytest.raises(Read):
        main.main(words, standalone_mode=False, obj=Run(ours=True))
    assert sealed


def test_a_command_called_from_other_code_leaves_its_process_alone(
    monkeypatch: pytest.MonkeyPatch, limited: list[str]
) -> None:
    monkeypatch.setattr(front, "put_on", lambda part: pytest.fail("sealed"))
    main.main(["packs", "list"], standalone_mode=False)
    assert limited == []
