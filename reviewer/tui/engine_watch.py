"""The engine as the screen sees it: started behind, asked how far its models are, started again when it dies."""

import threading
from collections.abc import Callable, Mapping

from rich.text import Text
from textual.app import App

from reviewer.assemble import Station
from reviewer.draft import Lang
from reviewer.errors import EngineError, ReviewerError
from reviewer.tui.messages import EngineFailed, EngineReady, ModelState, SelfCheckFailed
from reviewer.tui.words import say

POLL_S = 0.5
"""How often the engine is asked how far loading is."""


PREPARE_S = 120.0
"""How long it may prove itself on known drafts, and a question wait behind a check that waits for the models."""


SHUT = {"StoreLocked": "index_locked", "StoreError": "index_shut"}
"""The word for an index that does not open, by the class of the engine's error."""


TROUBLE = {"engine_gone", "engine_dead", "engine_failed", "model_failed", "model_doubted", "seal_off", *SHUT.values()}
"""The words for what does not work."""


class EngineWatch:
    """Keeps one engine running and knows what to say of it; its thread only posts messages to the app."""

    def __init__(self, app: App[int], station: Station, clock: Callable[[], float]) -> None:
        self._app = app
        self._station = station
        self._clock = clock
        self._opened = clock()
        self._left = threading.Event()
        self._words = "engine_loading"
        self._models: Mapping[str, str] = {}
        self._index = ""

    def open(self) -> None:
        """Start the engine behind, and follow its models until they are there."""
        self._app.run_worker(self._follow, thread=True, group="engine", exclusive=True, exit_on_error=False)

    def stop(self) -> None:
        """End the engine at once, and with it what is asked of it: nothing waits for models that still load."""
        self._left.set()
        self._station.engine.kill()

    def look_after(self) -> None:
        """After a check: an engine that died is started again; one that could not open, and then did, is followed."""
        if self._station.engine.running == (self._words == "engine_failed"):
            self._words, self._models, self._index, self._opened = "engine_dead", {}, "", self._clock()
            self.open()

    def note(self, message: EngineReady | EngineFailed | ModelState | SelfCheckFailed) -> None:
        """Take a message of the thread into account."""
        if isinstance(message, ModelState):
            self._models = message.states
        elif isinstance(message, SelfCheckFailed):
            self._models = {"judge": "doubted"}
        elif isinstance(message, EngineReady):
            self._words, self._index = "engine_ready", ""
        else:
            self._index = SHUT.get(message.kind, "")
            judges = self._index and self._station.engine.running
            self._words = "engine_ready" if judges else "engine_failed"

    def status(self, lang: Lang, trouble: str) -> list[Text]:
        """Engine, models, seal and index in words; what still loads says how long, what fails is in style `trouble`."""
        states = set(self._models.values())
        worst = next((s for s in ("doubted", "failed", "loading", "ready") if s in states), "unknown")
        waiting = self._words in ("engine_loading", "engine_dead") or worst == "loading"
        waited = f" {self._clock() - self._opened:.0f} {say('seconds', lang)}" if waiting else ""
        gone = self._words == "engine_ready" and not self._station.engine.running
        model = "model_unknown" if gone else f"model_{worst}"
        names = ("engine_gone" if gone else self._words, model, self._seal(), self._index_word())
        return [
            Text(say(name, lang) + (waited if name == model else ""), trouble if name in TROUBLE else "")
            for name in names
        ]

    def _index_word(self) -> str:
        """The word for the index; it is on only while an engine that has opened it runs."""
        if self._station.config.store is None:
            return "index_none"
        opened = self._words == "engine_ready" and self._station.engine.running
        return self._index or ("index_on" if opened else "index_idle")

    def _seal(self) -> str:
        """The word for the seals that are known; an engine that has not said anything yet is not counted."""
        seals = self._station.seals()
        known = [seal for seal in seals if seal is not None]
        if not known or not all(seal.enforced for seal in known):
            return "seal_off"
        return "seal_on" if len(known) == len(seals) else "seal_front"

    def _follow(self) -> None:
        """Until the models are there or fail."""
        try:
            self._load()
        except EngineError as exc:
            self._app.post_message(EngineFailed(str(exc), exc.kind))
        except ReviewerError as exc:
            self._app.post_message(EngineFailed(str(exc)))
        except Exception:
            self._app.post_message(EngineFailed(say("engine_failed", self._station.config.lang)))
            raise

    def _load(self) -> None:
        engine = self._station.engine
        self._app.post_message(EngineReady(dict(engine.start())))
        while True:
            states = engine.request("state", {}, PREPARE_S)
            self._app.post_message(ModelState(states))
            if "loading" not in states.values():
                break
            if self._left.wait(POLL_S):
                return
        if "failed" not in states.values():
            failed = engine.request("prepare", {}, PREPARE_S + engine.learning_s)["failed"]
            if failed:
                self._app.post_message(SelfCheckFailed("\n".join(failed)))
