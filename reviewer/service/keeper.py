"""The service's process: starts the engine, lends its pipes, and has a working engine again after every lease."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from typing import Any

from reviewer.engine import Engine
from reviewer.errors import Cancelled, EngineError
from reviewer.service.door import Answer, Door
from reviewer.service.lease import RETURNED

LOAD_S = 180.0
"""How long models may take to load and to prove themselves on the known drafts."""
SETTLE_S = 3.0
"""How long an engine that was given back may take to say its versions, before it is ended."""
WATCH_S = 1.0


class Keeper:
    """One engine, one lease at a time."""

    def __init__(self, door: Door, engine: Engine, identity: str) -> None:
        self._door, self._engine, self._identity = door, engine, identity
        self._lease: int | None = None
        self._theirs: int | None = None
        self._lent = 0
        self._since = time.time()
        self._stop = False

    def run(self, ready: Callable[[], None]) -> None:
        """Start the engine, call `ready`, and lend until told to stop by a question or SIGTERM.

        Raises `EngineError` when the engine does not start or fails its self-check, also after one that died.
        """
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        self._warm()
        ready()
        while not self._stop:
            door, lease = self._door.fileno(), self._lease
            readable, _, _ = select.select([door] if lease is None else [door, lease], [], [], WATCH_S)
            if lease is not None and lease in readable:
                self._take_back(lease)
            if door in readable:
                self._let_go(sent=self._door.answer(self._reply))
            if self._lease is None and not self._engine.running:
                self._warm()

    def _warm(self) -> None:
        self._engine.start()
        failed = self._engine.request("prepare", {}, LOAD_S + self._engine.learning_s)["failed"]
        if failed:
            raise EngineError("; ".join(failed))

    def _ask_to_stop(self, *_: object) -> None:
        self._stop = True

    def _reply(self, question: str) -> Answer:
        if question == "status":
            return self._status(), ()
        if question == "stop":
            self._stop = True
            return {"pid": os.getpid()}, ()
        if question == "lease":
            return self._lend()
        return {}, ()

    def _status(self) -> dict[str, Any]:
        hello: Mapping[str, Any] = self._engine.hello
        return {
            "pid": os.getpid(),
            "engine": self._engine.pid,
            "running": self._engine.running,
            "lent": self._lease is not None,
            "leases": self._lent,
            "restarts": self._engine.restarts,
            "since": self._since,
            "versions": hello.get("versions", {}),
        }

    def _lend(self) -> Answer:
        if self._lease is not None or not self._engine.running:
            return {"busy": True}, ()
        self._lease, self._theirs = os.pipe()
        self._lent += 1
        said = {"identity": self._identity, "hello": dict(self._engine.hello), "pid": self._engine.pid}
        return said, (*self._engine.descriptors, self._theirs)

    def _let_go(self, *, sent: bool) -> None:
        """Close our copy of the end of the lease that was given away: it ends when theirs does.

        Where the answer was not `sent`, nobody has the engine.
        """
        if self._theirs is not None:
            if not sent:
                os.write(self._theirs, RETURNED)
            os.close(self._theirs)
            self._theirs = None

    def _take_back(self, lease: int) -> None:
        """The command gave the engine back: changed files are loaded. One that does not say so may have left
        a draft's words in its pipes: they are never read, and there is a new engine.
        """
        returned = os.read(lease, 1) == RETURNED
        os.close(lease)
        self._lease = None
        if not returned:
            self._engine.restarts += 1
            self._engine.kill()
            self._engine.close()
        elif self._engine.running:
            self._look_again()

    def _look_again(self) -> None:
        """End an engine whose files were changed, or that does not answer."""
        with contextlib.suppress(EngineError, Cancelled):
            if self._engine.request("describe", {}, SETTLE_S).get("versions") != self._engine.hello["versions"]:
                self._engine.close()
