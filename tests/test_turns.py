"""Who waits for a lock takes turns, whoever is stopped or killed; `python -m tests.bench.log_turns` measures a log."""

import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from reviewer import durable, system
from tests.bench.forked import Say, forked

pytestmark = pytest.mark.alone

WAIT_S = 10.0
ROUNDS = 40
MOST = 30
"""Turns of three others while one waits: far fewer than one that never pauses takes where none are kept."""


def turns(folder: Path) -> int:
    """How many turns there were."""
    return (folder / "turns").stat().st_size


def take(say: Say, folder: Path, begin: float) -> None:
    """A child that asks again at once; it says how many turns others had while it waited, at most."""
    time.sleep(max(0.0, begin - time.monotonic()))
    most = 0
    with durable.folder(folder) as inside:
        for _ in range(ROUNDS):
            asked = turns(folder)
            with durable.locked(inside, "lock", WAIT_S):
                most = max(most, turns(folder) - asked)
                with (folder / "turns").open("ab") as file:
                    file.write(b".")
                time.sleep(0.001)
    say(most)


def hold(say: Say, folder: Path, wait_s: float) -> None:
    """A child that keeps the lock, or waits for it, until it is ended."""
    with durable.folder(folder) as inside:
        say("asks")
        with durable.locked(inside, "lock", wait_s):
            say("has it")
            time.sleep(60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the lock is."""
    made = tmp_path / "locked"
    made.mkdir(mode=0o700)
    (made / "turns").touch()
    return made


def waiting(folder: Path, count: int) -> None:
    """Wait until so many wait."""
    until = time.monotonic() + 20
    while len(list(folder.glob("lock.*"))) < count:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_nobody_who_waits_is_passed_by(folder: Path) -> None:
    begin = time.monotonic() + 0.1
    children = [forked(take, folder, begin) for _ in range(4)]
    most = [int(child.out.readline()) for child in children]
    for child in children:
        child.killed()
    assert turns(folder) == 4 * ROUNDS
    assert max(most) <= MOST
    assert [path.name for path in folder.glob("lock*")] == ["lock"]


@pytest.mark.parametrize(
    ("end", "wait_s"), [(signal.SIGKILL, WAIT_S), (signal.SIGSTOP, 1.0)], ids=["killed", "stopped"]
)
def test_who_is_next_and_does_not_come_is_not_waited_for(folder: Path, end: signal.Signals, wait_s: float) -> None:
    holder = forked(hold, folder, WAIT_S)
    assert [holder.out.readline(), holder.out.readline()] == ["asks\n", "has it\n"]
    following = forked(hold, folder, WAIT_S)
    waiting(folder, 1)
    assert following.process.pid is not None
    os.kill(following.process.pid, end)
    holder.killed()
    begun = time.monotonic()
    with durable.folder(folder) as inside, durable.locked(inside, "lock", wait_s):
        assert time.monotonic() - begun < WAIT_S / 2
    assert following.killed() == ["asks"]
    with durable.folder(folder) as inside, durable.locked(inside, "lock", WAIT_S):
        pass
    assert [path.name for path in folder.glob("lock*")] == ["lock"]


@pytest.mark.parametrize("shared", [False, True])
def test_who_waits_too_long_is_told_and_leaves_nothing(folder: Path, shared: bool) -> None:
    holder = forked(hold, folder, WAIT_S)
    assert [holder.out.readline(), holder.out.readline()] == ["asks\n", "has it\n"]
    with durable.folder(folder) as inside, pytest.raises(TimeoutError):
        durable.locked(inside, "lock", 0.05, shared=shared).__enter__()
    holder.killed()
    assert [path.name for path in folder.glob("lock*")] == ["lock"]


def test_where_no_place_in_the_queue_can_be_made_the_lock_is_asked_for_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = system.open_at

    def full(inside: int | None, name: str | Path, flags: int) -> int:
        if str(name).startswith("lock."):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(inside, name, flags)

    holder = forked(hold, folder, WAIT_S)
    assert [holder.out.readline(), holder.out.readline()] == ["asks\n", "has it\n"]
    monkeypatch.setattr(system, "open_at", full)
    threading.Timer(0.05, holder.process.kill).start()
    with durable.folder(folder) as inside, durable.locked(inside, "lock", WAIT_S):
        pass
    holder.killed()
