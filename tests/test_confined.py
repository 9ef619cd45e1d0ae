"""Where commands write: in the station's own folders and where their options say, and nowhere else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reviewer.cli import main
from reviewer.cli.confined import Command
from reviewer.seal import Part, Seal, landlock, seen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock is the Linux kernel's")

ATTEMPT = """
import json, os, sys, tempfile
import click
from reviewer.cli.confined import Command, Written
from reviewer.cli.front import Run

@click.command(cls=Command)
@click.option("--report", "reports", type=Written(), multiple=True)
@click.option("--read", type=click.Path())
def attempt(reports, read):
    refused = {}
    for name, path in json.load(sys.stdin).items():
        try:
            with open(path, "a") as file:
                file.write("x")
            os.rename(path, path + ".new")
            os.rename(path + ".new", path)
            refused[name] = False
        except PermissionError:
            refused[name] = True
    print(json.dumps(refused))

attempt(obj=Run(ours=True))
"""


def refused(places: dict[str, Path], *options: str) -> dict[str, bool]:
    """Which of those files a confined command may not write."""
    done = subprocess.run(
        [sys.executable, "-c", ATTEMPT, *options],
        input=json.dumps({name: str(path) for name, path in places.items()}),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert isinstance(said, dict)
    return said


def commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command below a group by its whole name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, f"{above}{name} ")
        else:
            yield f"{above}{name}", found


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Folders of a station, of what its options name, and others."""
    made = {name: tmp_path / name for name in ("home", "log", "index", "report", "read", "elsewhere")}
    for name in ("log", "index", "report", "read", "elsewhere"):
        made[name].mkdir()
    (made["elsewhere"] / "f").write_text("there")
    monkeypatch.setenv("REVIEWER_HOME", str(made["home"]))
    monkeypatch.setenv("REVIEWER_AUDIT_DIR", str(made["log"]))
    monkeypatch.setenv("REVIEWER_STORE", str(made["index"] / "store.db"))
    return made


def test_a_command_writes_where_it_may_and_nowhere_else(folders: dict[str, Path]) -> None:
    files = {name: folder / "f" for name, folder in folders.items()}
    options = ("--report", str(folders["report"] / "a.html"), "--read", str(folders["read"] / "b.txt"))
    said = refused({**files, "temporary": Path("/tmp/reviewer-confined")}, *options)
    assert said == {
        "home": False, "log": False, "index": False, "report": False,
        "read": True, "elsewhere": True, "temporary": True,
    }  # fmt: skip
    assert files["elsewhere"].read_text() == "there"


def test_several_reports_and_one_in_a_folder_that_is_not_there(folders: dict[str, Path]) -> None:
    later = folders["report"] / "later"
    options = [f"--report={later / 'a.html'}", f"--report={folders['read'] / 'b.json'}"]
    said = refused({name: folders[name] / "f" for name in ("report", "read", "elsewhere")}, *options)
    assert said == {"report": False, "read": False, "elsewhere": True}


def test_every_command_is_confined_but_the_one_that_fetches() -> None:
    free = {name for name, command in commands(main) if not isinstance(command, Command)}  # type: ignore[arg-type]
    assert free == {"models fetch"}


def test_the_screen_is_confined_where_no_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewer.cli import confined, front, tui

    limited: list[str] = []
    monkeypatch.setattr(front, "enter", lambda ctx: None)
    monkeypatch.setattr(confined, "confine", lambda ctx: limited.append(ctx.command.name))
    monkeypatch.setattr(tui.command, "callback", lambda: 0)
    main.main([], standalone_mode=False, obj=front.Run(ours=True))
    assert limited == ["tui"]


def test_without_landlock_nothing_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    assert landlock.write_only([Path("/nonexistent")]) == 0


def test_a_seal_that_the_kernel_does_not_know_of_is_not_enforced() -> None:
    said = Seal(part=Part.ENGINE, pid=0, enforced=True, system="linux")
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as open_:
        assert not seen(said.model_copy(update={"pid": open_.pid})).enforced
        open_.kill()
    assert not seen(said.model_copy(update={"pid": 1})).enforced
    assert not seen(said.model_copy(update={"pid": 2**22 + 1})).enforced


def test_a_seal_that_the_kernel_knows_of_is_enforced() -> None:
    code = "import sys; from reviewer.seal import *; print(seal(Part.READERS).model_dump_json()); sys.stdin.read()"
    child = [sys.executable, "-c", code]
    with subprocess.Popen(child, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sealed:
        assert sealed.stdout
        said = seen(Seal.model_validate_json(sealed.stdout.readline()))
        sealed.kill()
    assert said.enforced
    assert said.kernel["Seccomp"] == "2"
