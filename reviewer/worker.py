"""The engine's child process: opens models and index, then answers frames from the front end until its pipe closes.

The main thread talks to the models, once the loading thread has read the known drafts; a second reads frames, so that
a `cancel` reaches a running evaluation. What a request may ask is in `OPS`; every failure is answered, nothing is
printed. The process was sealed before this module was imported (`reviewer.seal.child`); where that
failed it opens nothing and says why.
"""

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any

from reviewer import system
from reviewer.assemble import Config
from reviewer.draft import Draft, Folded
from reviewer.errors import Cancelled, EngineError, ReviewerError
from reviewer.finding import Finding, Stage
from reviewer.frames import read_frame, write_frame
from reviewer.models import Catalogue
from reviewer.normalise import fold
from reviewer.precedents import Precedent
from reviewer.resources import Resources
from reviewer.seal import limits, need

FILES = 256

SWITCH_S = 2e-4
"""The models load in one thread while libraries are imported in another; the evaluation's callback, asked at every node
of the graph, would wait 5 ms each time for its turn by default."""

CPU_S = 3600
"""Seconds of processor time a request may take on each core; the front end gives up earlier."""

LIBRARIES = 4 * 2**30
"""Bytes of address space for everything but weights and index: libraries, threads and two contexts map about 2.1
GiB."""


def address_space(config: Config) -> int:
    """Bytes of address space an engine may take: libraries, weights, the index in memory. Raises `ModelError`."""
    catalogue = Catalogue.load(config.models_txt)
    weights = sum(catalogue.named(name).size for name in (config.judge, config.embedder))
    index = config.store.stat().st_size if config.store is not None and config.store.exists() else 0
    return LIBRARIES + 2 * weights + 4 * index


class Worker:
    """Serves one front end over a pair of byte streams."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source = source
        self._sink = sink
        self._requests: queue.Queue[dict[str, Any]] = queue.Queue()
        self._pending: set[int] = set()
        self._dropped: set[int] = set()
        """Requests that were cancelled before they were answered."""
        self._resources: Resources | None = None
        self._failure = EngineError("引擎还没有打开模型 / the engine has not opened its models yet")

    def run(self) -> None:
        """Answer requests in order; the process ends when the front end closes the pipe."""
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            message = self._requests.get()
            answer = self._answer(message)
            for ids in (self._pending, self._dropped):
                ids.discard(message["id"])
            write_frame(self._sink, {"id": message["id"], **answer})

    def _listen(self) -> None:
        """Queue requests; a cancel acts at once, and so does the end of the pipe: nobody waits for what still runs."""
        try:
            while (message := read_frame(self._source)) is not None:
                if message["op"] == "cancel":
                    self._dropped.update(tuple(self._pending))
                    if self._resources:
                        self._resources.cancel()
                else:
                    self._pending.add(message["id"])
                    self._requests.put(message)
        finally:
            os._exit(0)

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        limits.more_cpu(CPU_S * system.cores())
        try:
            op = OPS.get(message["op"])
            if op is None:
                raise EngineError(f"the engine does not know {message['op']!r}")
            return {"ok": op(self, message)}
        except (ReviewerError, MemoryError, OSError) as exc:
            if message["op"] == "open":
                self._failure = EngineError(*_words(exc))
            text, hint = _words(exc)
            return {"error": {"kind": type(exc).__name__, "message": text, "hint": hint}}

    def _open(self, message: Mapping[str, Any]) -> dict[str, Any]:
        sealed = need()
        config = Config(**message["config"])
        limits.cap(memory=limits.Limit.of(address_space(config)))
        self._resources = Resources(config)
        return {**self._resources.describe(), "seal": sealed.model_dump(mode="json")}

    def _stage(self, message: Mapping[str, Any]) -> dict[str, Any]:
        resources = self._opened()
        draft = Draft(**message["draft"])
        earlier = tuple(Finding(**f) for f in message["earlier"])
        self._agree(resources, message["packs"])
        stage = Stage(message["stage"])
        runner: Callable[[Draft, Folded, tuple[Finding, ...]], Any] = resources.runner(stage)
        if message["id"] in self._dropped:
            raise Cancelled
        result: dict[str, Any] = runner(draft, fold(draft.text), earlier).model_dump(mode="json")
        return {**result, "versions": resources.describe(index=stage is Stage.MATCH)["versions"]}

    @staticmethod
    def _agree(resources: Resources, packs: str) -> None:
        """Judge by the packs that the record will name. Raises `EngineError` where the files are others by now."""
        if resources.regulations.sha256 != packs:
            resources.forget()
        if resources.regulations.sha256 != packs:
            raise EngineError(
                "规范包在启动后被改过 / the packs were changed after the start",
                "退出后重新启动 / leave and start again",
            )

    def _describe(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Versions as they are on disk now; they differ from those said at the opening when a file was changed."""
        return self._resources.describe(on_disk=True) if self._resources else {}

    def _prepare(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"failed": list(self._resources.prepare()) if self._resources else []}

    def _teach(self, message: Mapping[str, Any]) -> dict[str, Any]:
        new = [Precedent(**p) for p in message["new"]]
        return self._opened().teach(new, frozenset(message["without"]))

    def _overlap(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return self._opened().overlap(message["doc"], message["quote"]).model_dump(mode="json")

    def _topic(self, message: Mapping[str, Any]) -> dict[str, Any]:
        say = self._opened().topic
        if message["id"] in self._dropped:
            raise Cancelled
        return {"topic": say(message["text"])}

    def _refresh(self, message: Mapping[str, Any]) -> dict[str, Any]:
        resources = self._opened()
        resources.forget()
        return resources.describe()

    def _opened(self) -> Resources:
        if self._resources is None:
            raise self._failure
        return self._resources

    def _state(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return self._resources.state() if self._resources else {}


def _words(exc: BaseException) -> tuple[str, str]:
    """What went wrong, and what helps."""
    if isinstance(exc, ReviewerError):
        return exc.message, exc.hint
    if isinstance(exc, MemoryError):
        return (
            "内存不足 / the engine has not enough memory",
            "关掉其他程序，或者用 REVIEWER_JUDGE 选小一些的模型 / close other programs, or choose a smaller judge in"
            " REVIEWER_JUDGE",
        )
    return str(exc) or type(exc).__name__, ""


OPS: Mapping[str, Callable[[Worker, Mapping[str, Any]], dict[str, Any]]] = {
    "open": Worker._open,
    "stage": Worker._stage,
    "state": Worker._state,
    "describe": Worker._describe,
    "prepare": Worker._prepare,
    "teach": Worker._teach,
    "overlap": Worker._overlap,
    "topic": Worker._topic,
    "refresh": Worker._refresh,
}


def main() -> None:
    """Run by `reviewer.seal.child`, with pipes as standard input and output."""
    limits.cap(files=FILES, written=0)
    sys.setswitchinterval(SWITCH_S)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(1), "wb", buffering=0)
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    Worker(source, sink).run()


if __name__ == "__main__":
    main()
