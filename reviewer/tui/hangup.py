"""The terminal vanished: a closed window, a killed multiplexer, a lost login. Nobody is there, so the draft goes too.

Textual does not notice: its input thread spins on the dead terminal and its main thread waits for a writer that died.
"""

import os
import select
import signal
import stat
import threading
from collections.abc import Callable

STATUS = 129
"""What a shell reports of a program that SIGHUP ended."""
LAST_S = 1.0
"""How long the last words to the audit log may take."""


def leave(last: Callable[[], None]) -> None:
    """End this process now, after `last` if that is quick."""
    hurry = threading.Timer(LAST_S, os._exit, (STATUS,))
    hurry.daemon = True
    hurry.start()
    try:
        last()
    finally:
        os._exit(STATUS)


def watch(last: Callable[[], None]) -> None:
    """Leave when the terminal of standard input hangs up or SIGHUP comes, whatever the main thread waits for.

    Called in the main thread. Where standard input is no terminal, or the system cannot poll one, only SIGHUP counts;
    Windows ends the program itself when its console is closed.
    """
    if not hasattr(select, "poll"):
        return
    told, tell = os.pipe()

    def hung_up(*_: object) -> None:
        os.write(tell, b"\0")

    poll = select.poll()
    poll.register(told, select.POLLIN)
    if _device():
        poll.register(0, 0)
    signal.signal(signal.SIGHUP, hung_up)
    threading.Thread(target=_wait, args=(poll, lambda: leave(last)), name="hangup", daemon=True).start()


def _device() -> bool:
    """Whether standard input is a terminal, also one that is gone already, or a device that never hangs up."""
    try:
        return stat.S_ISCHR(os.fstat(0).st_mode)
    except OSError:
        return False


def _wait(poll: "select.poll", gone: Callable[[], None]) -> None:
    while True:
        for fd, what in poll.poll():
            if what & select.POLLNVAL:
                poll.unregister(fd)
            elif what:
                gone()
                return
