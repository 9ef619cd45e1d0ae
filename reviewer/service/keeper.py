"""The service's process: starts the engine, lends its pipes, and has a working engine again after every lease."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Mapping, Sequence
from typing import Any

from reviewer.draft import Draft
from reviewer.engine import Engine
from reviewer.errors import Cancelled, EngineError
from reviewer.service.door import Answer, Door

LOAD_S = 180.0
"""How long models may take to load, the first review included."""
SETTLE_S = 3.0
"""How long an engine that was given back may take to answer, before it is ended."""
WATCH_S = 1.0
WARM = Draft(text="明天上午九点在老地方集合，记得带伞。")
"""Reviewed once at the start, so that everything a first review loads is there."""


class Keeper:
    """One engine, one lease at a time."""

    def __init__(self, door: Door, engine: Engine, identity: str, stages: Sequence[str]) -> None:
        self._door, self._engine, self._identity, self._stages = door, engine, identity, tuple(stages)
        self._lease: int | None = None
        self._theirs: int | None = None
        self._lent = 0
        self._since = time.time()
        self._stop = False

    def warm(self) -> None:
        """Start the engine and have it ready for a review. Raises `EngineError`."""
        self._engine.start()
        payload = {"draft": WARM.model_dump(mode="json"), "earlier": []}
        for stage in self._stages:
            self._engine.request("stage", {"stage": stage, **payload}, LOAD_S)

    def run(self) -> None:
        """Lend until told to stop by a question or SIGTERM."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        while not self._stop:
            held = [] if self._lease is None else [self._lease]
            ready, _, _ = select.select([self._door, *held], [], [], WATCH_S)
            if self._lease is not None and self._lease in ready:
                self._take_back(self._lease)
            if self._door in ready:
                self._door.answer(self._reply)
                self._let_go()
            if self._lease is None and not self._engine.running:
                with contextlib.suppress(EngineError):
                    self.warm()
        self._engine.close()

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

    def _let_go(self) -> None:
        """Close our copy of the end of the lease that was given away: it ends when theirs does."""
        if self._theirs is not None:
            os.close(self._theirs)
            self._theirs = None

    def _take_back(self, lease: int) -> None:
        """The command has ended or does not need the engine any more: whatever it left behind is cleared."""
        os.close(lease)
        self._lease = None
        self._engine.cancel()
        with contextlib.suppress(EngineError, Cancelled):
            self._engine.request("state", {}, SETTLE_S)
