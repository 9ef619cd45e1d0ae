"""The engine's child process: opens models and index, then answers frames from the front end until its pipe closes.

One thread (the main one) talks to the models; a second reads frames, so that a `cancel` reaches a running evaluation.
What a request may ask is in `OPS`; every failure is answered, nothing is printed.
"""

import os
import queue
import signal
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any

from reviewer.assemble import Config
from reviewer.draft import Draft, Folded
from reviewer.engine import read_frame, write_frame
from reviewer.errors import EngineError, ReviewerError
from reviewer.finding import Finding, Stage
from reviewer.normalise import fold
from reviewer.precedents import Precedent
from reviewer.resources import Resources


class Worker:
    """Serves one front end over a pair of byte streams."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source = source
        self._sink = sink
        self._requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._resources: Resources | None = None

    def run(self) -> None:
        """Answer requests in order until the front end closes the pipe."""
        threading.Thread(target=self._listen, daemon=True).start()
        while (message := self._requests.get()) is not None:
            write_frame(self._sink, {"id": message["id"], **self._answer(message)})

    def _listen(self) -> None:
        """Queue requests; a cancel acts at once."""
        while (message := read_frame(self._source)) is not None:
            if message["op"] == "cancel":
                if self._resources:
                    self._resources.cancel()
            else:
                self._requests.put(message)
        self._requests.put(None)

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            op = OPS.get(message["op"])
            if op is None:
                raise EngineError(f"the engine does not know {message['op']!r}")
            return {"ok": op(self, message)}
        except (ReviewerError, MemoryError, OSError) as exc:
            hint = exc.hint if isinstance(exc, ReviewerError) else ""
            text = exc.message if isinstance(exc, ReviewerError) else str(exc) or type(exc).__name__
            return {"error": {"kind": type(exc).__name__, "message": text, "hint": hint}}

    def _open(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self._resources = Resources(Config(**message["config"]))
        return self._resources.describe()

    def _stage(self, message: Mapping[str, Any]) -> dict[str, Any]:
        resources = self._opened()
        draft = Draft(**message["draft"])
        earlier = tuple(Finding(**f) for f in message["earlier"])
        runner: Callable[[Draft, Folded, tuple[Finding, ...]], Any] = resources.runner(Stage(message["stage"]))
        result: dict[str, Any] = runner(draft, fold(draft.text), earlier).model_dump(mode="json")
        return result

    def _teach(self, message: Mapping[str, Any]) -> dict[str, Any]:
        new = [Precedent(**p) for p in message["new"]]
        return self._opened().teach(new, frozenset(message["without"]))

    def _refresh(self, message: Mapping[str, Any]) -> dict[str, Any]:
        resources = self._opened()
        resources.forget()
        return resources.describe()

    def _opened(self) -> Resources:
        if self._resources is None:
            raise EngineError("the engine has not opened its models yet")
        return self._resources

    def _state(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return self._resources.state() if self._resources else {}


OPS: Mapping[str, Callable[[Worker, Mapping[str, Any]], dict[str, Any]]] = {
    "open": Worker._open,
    "stage": Worker._stage,
    "state": Worker._state,
    "teach": Worker._teach,
    "refresh": Worker._refresh,
}


def main() -> None:
    """Run as `python -m reviewer.worker`, with pipes as standard input and output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(1), "wb", buffering=0)
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    Worker(source, sink).run()
    sink.close()
    os._exit(0)


if __name__ == "__main__":
    main()
