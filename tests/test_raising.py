"""An exception with a planted word in what a person calls: class and place are told, no word of it or a draft."""

import sys
from typing import NoReturn

import click
import pytest

from reviewer import crash
from reviewer.cli import exits, front, main
from tests.planting import PIECE
from tests.test_front import leaves

SAID, HELD = "栖霞岭三号泵房", "青石桥八号井口"


@pytest.mark.skipif(sys.platform != "linux", reason="terminals of Linux")
def test_a_method_of_the_screen_that_raises() -> None:
    from tests.bench.raised import raised

    assert "class and place only" in raised(every=45)


def _raise(**_: object) -> NoReturn:
    held = HELD
    raise KeyError(SAID, held)


def test_every_command_that_raises(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(front, "enter", lambda ctx: None)
    called = 0
    for path, command in leaves(main):
        monkeypatch.setattr(command, "callback", _raise)
        monkeypatch.setattr(command, "params", [])
        monkeypatch.setattr(command, "invoke", lambda ctx, command=command: click.Command.invoke(command, ctx))
        monkeypatch.setattr(sys, "argv", ["reviewer", *path])
        with pytest.raises(KeyError) as caught:
            exits.guarded(main)
        said = crash.describe(caught.value)
        assert "builtins.KeyError" in said, path
        assert "reviewer/cli/exits.py" in said, path
        shown = "".join((said, *capsys.readouterr()))
        assert not any(w[i : i + PIECE // 2] in shown for w in (SAID, HELD) for i in range(len(w) - 2)), path
        called += 1
    assert called > 40
