"""Values that are made in the background while something else goes on."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A value made in a background thread; asking waits for it and raises what making it raised."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._value: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value.append(self._make())
        except BaseException as exc:  # noqa: BLE001 (carried to whoever asks)
            self._error = exc

    @property
    def state(self) -> str:
        """`loading`, `ready` or `failed`."""
        if self._thread.is_alive():
            return "loading"
        return "ready" if self._value else "failed"

    def get(self) -> T:
        """The value, once it is there."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value[0]
