"""The engine process as seen from the front end: start, ask, cancel, and survive its death.

Frames (`reviewer.frames`) go over the child's standard input and output. The parent sends `{"id", "op", ...}`; the
child answers `{"id", "ok": {...}}` or `{"id", "error": {...}}`. A `cancel` frame needs no answer: the running request
answers with the error kind `Cancelled`.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from reviewer.errors import Cancelled, EngineError, why
from reviewer.frames import Child, Frames
from reviewer.seal.environment import child_command, child_environment
from reviewer.seal.state import Part

_DOCTOR = "运行 `reviewer doctor` 查看原因 / run `reviewer doctor`"

POLL_S = 0.05
"""How often a waiting request looks whether it was cancelled."""
SEND_S = 0.1
"""How long a cancel waits for an engine that does not take it."""
END_S = 3.0
"""How long an engine may take to end."""
SETTLE_S = 3.0
"""How long another's engine may take to answer what is no longer wanted, before it is given up."""
LESSON_S = 0.05
"""Seconds for each byte of the station's own precedents, of which a slow machine reads 40 to 100 a second."""


_WANTED: ContextVar[Callable[[], bool]] = ContextVar("wanted", default=lambda: True)


def wanted() -> bool:
    """Whether who asks in this context still waits for the answer."""
    return _WANTED.get()()


@contextlib.contextmanager
def asking_while(holds: Callable[[], bool]) -> Iterator[None]:
    """What is asked inside raises `Cancelled` once `holds` does not, and what others ask goes on.

    It is looked at while the request waits for its turn and for its answer, not while the engine opens: the next one
    needs it open too.
    """
    token = _WANTED.set(holds)
    try:
        yield
    finally:
        _WANTED.reset(token)


class Engine:
    """A spawned child that holds the models; safe to use from several threads, one request at a time."""

    worker = "reviewer.worker"
    """The child's module."""

    def __init__(self, config: Mapping[str, Any], start_timeout_s: float = 120.0) -> None:
        """`config` is sent to every new child as its first request and never appears on a command line."""
        self._config = dict(config)
        self._start_timeout_s = start_timeout_s
        self._turn = threading.Lock()
        self._child: Child | None = None
        self._frames: Frames | None = None
        self._next_id = 0
        self._answered = 0
        self._cancelled = 0
        self._borrowed = False
        self._hello: dict[str, Any] = {}
        self.restarts = 0

    @property
    def running(self) -> bool:
        """Whether the child is alive and has opened its resources."""
        return self._child is not None and self._child.poll() is None and bool(self._hello)

    @property
    def hello(self) -> Mapping[str, Any]:
        """What the child said of itself when it opened: versions, models, index, seal."""
        return self._hello

    @property
    def learning_s(self) -> float:
        """Seconds that a new child may need for the station's own precedents, which it reads before it first judges."""
        own: int = self._hello.get("own", 0)
        return LESSON_S * own

    def note(self, versions: Mapping[str, str]) -> None:
        """What the child judges by has other versions than it said when it opened."""
        self._hello = {**self._hello, "versions": {**self._hello.get("versions", {}), **versions}}

    @property
    def pid(self) -> int | None:
        """Process id of the child, if one was started."""
        return self._child.pid if self._child else None

    @property
    def descriptors(self) -> tuple[int, int]:
        """The child's ends for requests and answers. Raises `EngineError` where none runs."""
        if self._child is None or self._child.stdin is None or self._child.stdout is None:
            raise EngineError("引擎没有运行 / the engine is not running")
        return self._child.stdin.fileno(), self._child.stdout.fileno()

    def adopt(self, child: Child, hello: Mapping[str, Any]) -> None:
        """Use a child that has opened already, before any was started; when it ends the next request starts our own.

        Our requests are numbered apart from those it has answered to others.
        """
        self._hold(child)
        self._hello, self._borrowed = dict(hello), True
        self._next_id = self._answered = os.getpid() << 32

    def start(self) -> Mapping[str, Any]:
        """Start the child if none is alive, and wait until it has opened. Raises `EngineError` and `Cancelled`."""
        with self._turn:
            self._ensure()
            if not self._hello:
                raise EngineError("引擎没能打开模型 / the engine could not open its models", _DOCTOR)
            return self._hello

    def request(self, op: str, payload: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Ask the child, starting it if need be. Raises `EngineError`, `Cancelled`, or the child's own error."""
        while not self._turn.acquire(timeout=POLL_S):
            if not wanted():
                raise Cancelled
        try:
            if not wanted():
                raise Cancelled
            self._ensure()
            return self._ask(op, payload, timeout_s, wanted)
        finally:
            self._turn.release()

    def refresh(self) -> None:
        """Have the child read again what the station may have changed: precedents. Raises `EngineError`."""
        with self._turn:
            self._ensure()
            self._hello = {**self._hello, **self._ask("refresh", {}, self._start_timeout_s)}

    def cancel(self) -> None:
        """Stop the running request from any thread: it raises `Cancelled` where it waits, at once.

        The child stops evaluating too; an answer that still comes is ignored. What it does not take now it is told
        with the next request.
        """
        self._cancelled = self._next_id
        self._send({"op": "cancel", "id": 0})

    def kill(self) -> None:
        """End the child at once, from any thread, whatever it does."""
        if self._child is not None:
            self._child.kill()

    def close(self) -> None:
        """End the child; one of somebody else's is given back if it has answered, or given up."""
        if self._borrowed:
            self._give_back()
        child, self._child, self._frames = self._child, None, None
        self._hello = {}
        if child is None:
            return
        if child.stdin:
            with contextlib.suppress(OSError):
                child.stdin.close()
        self._ended(child)
        if child.stdout:
            child.stdout.close()

    def _ensure(self) -> None:
        if self._child is not None and self._child.poll() is None:
            return
        if self._child is not None:
            self.restarts += 1
            self.close()
        self._hello = {}
        try:
            child = subprocess.Popen(
                child_command(Part.ENGINE, self.worker),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=child_environment(),
                start_new_session=True,
            )
        except OSError as exc:
            raise EngineError(f"引擎没有启动 / the engine did not start: {why(exc)}", _DOCTOR) from exc
        self._hold(child)
        try:
            self._hello = self._ask("open", self._config, self._start_timeout_s)
        except (Cancelled, EngineError):
            self.kill()
            self.close()
            raise

    def _hold(self, child: Child) -> None:
        """Use this child from now on."""
        assert child.stdin and child.stdout  # noqa: S101, PT018 (they are pipes)
        self._child, self._frames = child, Frames(child.stdin, child.stdout)

    def _give_back(self) -> None:
        """Give up a lent child unless it has answered; whatever breaks that off, nothing of ours is left to be read."""
        settled = False
        try:
            settled = self._settled()
        finally:
            self._borrowed = False
            if not settled:
                self.kill()

    def _settled(self) -> bool:
        """Whether nothing that was asked is left in the pipes; what is cancelled gets a moment to be answered."""
        if self._child is None or self._child.poll() is not None:
            return False
        if self._answered != self._next_id:
            self.cancel()
            with contextlib.suppress(EngineError, Cancelled):
                self.request("state", {}, SETTLE_S)
        frames = self._frames
        return self._answered == self._next_id and frames is not None and frames.push(SEND_S) and frames.empty

    def _send(self, message: Mapping[str, Any]) -> None:
        if self._frames is not None:
            self._frames.put(message)
            self._frames.push(SEND_S)

    def _ask(
        self, op: str, payload: Mapping[str, Any], timeout_s: float, wanted: Callable[[], bool] = lambda: True
    ) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        child, frames = self._child, self._frames
        if child is None or frames is None:
            raise EngineError("引擎没有运行 / the engine is not running")
        if not wanted():
            raise Cancelled
        self._next_id += 1
        self._send({"id": self._next_id, "op": op, **payload})
        while True:
            if not wanted():
                self.cancel()
            if self._cancelled >= self._next_id:
                raise Cancelled
            left = deadline - time.monotonic()
            answer = self._heard(child, frames, max(0.0, min(left, POLL_S)))
            if answer is not None and answer.get("id") == self._next_id:
                self._answered = self._next_id
                return self._unpack(answer)
            if left <= 0:
                self._stop(child)
                raise EngineError(
                    f"引擎 {timeout_s:.0f} 秒没有回应 / the engine did not answer within {timeout_s:.0f} s",
                    "引擎会重新启动，请再检查一次 / it will be restarted: check again",
                )

    def _heard(self, child: Child, frames: Frames, wait_s: float) -> dict[str, Any] | None:
        """What the child says while it takes what is queued, within so many seconds. Raises `EngineError`."""
        try:
            return frames.take(wait_s if frames.push(wait_s) else 0.0)
        except EngineError:
            self._stop(child)
            raise
        except EOFError as exc:
            if self._borrowed:
                child.kill()
            code = self._ended(child)
            raise EngineError(
                f"引擎意外退出（状态 {code}） / the engine died (exit status {code})",
                "再检查一次，引擎会重新启动 / it restarts at the next check",
            ) from exc

    @staticmethod
    def _stop(child: Child) -> None:
        child.kill()
        child.wait()

    @staticmethod
    def _ended(child: Child) -> int:
        """The exit status of a child that has no more to say; one that lives on is ended."""
        try:
            return child.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()

    @staticmethod
    def _unpack(answer: Mapping[str, Any]) -> dict[str, Any]:
        match answer:
            case {"ok": dict(ok)}:
                return ok
            case {"error": {"kind": "Cancelled"}}:
                raise Cancelled
            case {"error": {"message": str(message), **more}}:
                raise EngineError(message, str(more.get("hint", "")), str(more.get("kind", "")))
        raise EngineError("引擎的消息既非回答也非错误 / an engine message is neither an answer nor an error")
