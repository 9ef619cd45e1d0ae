"""A terminal that vanishes takes the screen, its draft and its engine with it. Real terminals, real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewer.audit.checkpoint import NAME
from reviewer.tui.hangup import STATUS
from tests.pace import slowness
from tests.scripted_worker import SLEEP
from tests.terminals import Terminal

pytestmark = [pytest.mark.alone, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

GONE_S = 3.0

LATE = """
import signal, threading
from reviewer.tui.hangup import watch
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGHUP])
print("started", flush=True)
signal.sigwait([signal.SIGUSR1])
watch(lambda: None)
threading.Event().wait()
"""
"""A program that watches its terminal only when it is told to, and does not hear SIGHUP."""


def running(pid: int) -> bool:
    """Whether a process still runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def both_end(terminal: Terminal, engine: int) -> None:
    """Wait until neither the screen nor its engine runs, but not for long."""
    gone = time.monotonic() + GONE_S * slowness()
    while terminal.process.poll() is None or running(engine):
        assert time.monotonic() < gone, (terminal.process.poll(), running(engine))
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def _no_tour(home: Path) -> None:
    home.mkdir()
    (home / "tour-seen").touch()


@pytest.mark.parametrize(
    ("leads", "ignores"), [(True, False), (False, False), (True, True)], ids=["leader", "no leader", "ignored signal"]
)
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "reviewing"])
def test_screen_and_engine_leave_with_the_terminal(home: Path, leads: bool, ignores: bool, busy: bool) -> None:
    terminal = Terminal(leads=leads, ignores=ignores)
    try:
        terminal.until(lambda t: "F5" in t.seen and t.engine is not None)
        terminal.write(SLEEP if busy else "晚")
        if busy:
            terminal.until(lambda t: SLEEP in t.seen)
            terminal.write("\x1b[15~")
            terminal.until(lambda _: any('"start"' in f.read_text() for f in home.glob("audit/*.jsonl")))
            time.sleep(0.3)
        engine = terminal.engine
        assert engine is not None
        assert running(engine)
        terminal.close()
        both_end(terminal, engine)
    finally:
        terminal.process.kill()
        terminal.process.wait()
    assert busy is (home / "audit" / NAME).exists()


def test_a_signal_is_enough(home: Path) -> None:
    terminal = Terminal(leads=True)
    try:
        terminal.until(lambda t: "F5" in t.seen and t.engine is not None)
        engine = terminal.engine
        assert engine is not None
        os.kill(terminal.process.pid, signal.SIGHUP)
        both_end(terminal, engine)
    finally:
        terminal.process.kill()
        terminal.process.wait()
        terminal.close()


def test_a_terminal_that_is_gone_before_it_is_watched() -> None:
    mine, its = os.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", LATE], stdin=its, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    try:
        os.close(its)
        assert child.stdout is not None
        assert child.stdout.readline() == "started\n"
        os.close(mine)
        child.send_signal(signal.SIGUSR1)
        assert child.wait(GONE_S * slowness()) == STATUS
    finally:
        child.kill()
        child.communicate()
