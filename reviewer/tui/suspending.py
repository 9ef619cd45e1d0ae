"""Back to the shell and to the screen again: the whole job stops, as Ctrl+Z stops a plain program."""

import os
import signal

from textual.app import App
from textual.driver import Driver


def suspend(app: App[int], driver: Driver | None) -> bool:
    """Stop every process of the job (`make run` is two) until a shell continues it; the engine is not of the job.

    False where no shell would take the terminal: without job control the job is the whole session, and would stop for
    good. The terminal is put in order first, as the shell takes it when one of them has stopped. Continued in the
    background, the driver stops this process again, and starts by itself when it is brought to the front.

    The kernel alone stops and continues it: any thread may take SIGCONT, so the driver's handler could run after the
    stop, start the screen a second time, and leave two threads reading one terminal.
    """
    if driver is None or not driver.can_suspend or os.getpgrp() == os.getsid(0):
        return False
    app.app_suspend_signal.publish(app)
    driver.suspend_application_mode()
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTSTP, signal.SIGCONT)}
    os.killpg(0, signal.SIGTSTP)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    driver.resume_application_mode()
    app.app_resume_signal.publish(app)
    return True
