"""Which commands run sealed: all of them but the one that connects."""

from collections.abc import Iterator

import click
import pytest

from reviewer.cli import front, main
from reviewer.cli.front import Run

CONNECTS = ("models", "fetch")


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


def test_every_command_but_one_is_sealed_before_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed: list[bool] = []
    monkeypatch.setattr(front, "scrub", lambda: None)
    monkeypatch.setattr(front, "seal", lambda part: sealed.append(True))
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
    assert unsealed == [CONNECTS]


def test_a_command_called_from_other_code_leaves_its_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "seal", lambda part: pytest.fail("sealed"))
    main.main(["packs", "list"], standalone_mode=False)
