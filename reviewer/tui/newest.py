"""Work in a thread for a screen: the newest wins, and what comes of an older one is ignored."""

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.app import App

from reviewer.assemble import Station
from reviewer.engine import asking_while

Clock = Callable[[], float]
T = TypeVar("T")


class Newest(Generic[T]):
    """Numbers each piece of work, and stops the one that runs when the next begins."""

    def __init__(self, app: App[int], station: Station, clock: Clock) -> None:
        self._app = app
        self._station = station
        self._clock = clock
        self._number = 0
        self.running: T | None = None

    def stop(self) -> bool:
        """Stop at once; whether anything ran."""
        if self.running is None:
            return False
        self._number += 1
        self.running = None
        return True

    def _next(self) -> int:
        """Stop what runs; the number of what begins."""
        self.stop()
        self._number += 1
        return self._number

    def _begin(self, work: Callable[[], None], group: str) -> None:
        """Run `work` in the one thread of its group; what it asks of the engine ends when it is the newest no more."""
        number = self._number

        def run() -> None:
            with asking_while(lambda: number == self._number):
                work()

        self._app.run_worker(run, thread=True, exclusive=True, group=group, exit_on_error=False)
