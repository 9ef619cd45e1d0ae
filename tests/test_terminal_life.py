"""Small, resized, stopped terminals: the draft stays, the terminal is as it was; more: tests.bench.terminal_life."""

import os
import signal
import sys
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from reviewer.paths import Home
from reviewer.tui.suspending import suspend

if sys.platform == "linux":
    from tests.bench.terminal_life import no_shell, stopped_as_one_job, whole
    from tests.terminals import left_on, untamed
else:
    pytest.skip("terminals of Linux", allow_module_level=True)

pytestmark = pytest.mark.alone


def test_small_resized_stopped_and_brought_back(home: Path) -> None:
    Home(home).remember_tour()
    assert "terminal restored" in whole(sizes=20)


def test_a_program_that_started_the_screen_stops_and_goes_on_with_it(home: Path) -> None:
    Home(home).remember_tour()
    assert "both back" in stopped_as_one_job()


def test_where_no_shell_would_continue_it_the_screen_does_not_stop(home: Path) -> None:
    Home(home).remember_tour()
    assert "says so" in no_shell()


def test_no_handler_of_the_screen_runs_late_for_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = (signal.SIGTSTP, signal.SIGCONT)
    before = [signal.getsignal(number) for number in stops]
    ours = [lambda *_: None, lambda *_: None]
    during, after = list[object](), list[object]()
    driver = MagicMock(can_suspend=True)
    driver.resume_application_mode.side_effect = lambda: after.extend(signal.getsignal(n) for n in stops)
    monkeypatch.setattr(os, "getpgrp", lambda: os.getsid(0) + 1)
    monkeypatch.setattr(os, "killpg", lambda *_: during.extend(signal.getsignal(n) for n in stops))
    try:
        for number, handler in zip(stops, ours, strict=True):
            signal.signal(number, handler)
        assert suspend(MagicMock(), driver)
    finally:
        for number, kept in zip(stops, before, strict=True):
            signal.signal(number, kept)
    assert during == [signal.SIG_DFL] * 2
    assert after == ours


def test_what_is_left_on_or_not_ours_is_told() -> None:
    painted = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?2004l\x1b[1;38;5;9m甲\x1b]22;text\x07\x1b[3;4H"
    assert left_on(painted) == {"the alternate screen", "a hidden cursor"}
    assert not untamed(painted)
    for control in ("\x1b]52;c;aGk=\x07", "\x1b]0;t\x07", "\x1b[?5h", "\x1bP+q\x1b\\", "\x9b31m", "\x07", "\u202e"):
        assert untamed(f"{painted}{control}乙"), ascii(control)
