"""What the engine's child holds: the models, the index, the case law; loaded in the background while a person types."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from reviewer import durable
from reviewer.assemble import Config
from reviewer.canary import Known, Watched, load_canary
from reviewer.draft import Channel
from reviewer.embed import Embedder
from reviewer.errors import EngineError, ModelError, StoreError
from reviewer.finding import Stage
from reviewer.index import Key, Store
from reviewer.judge import Judge
from reviewer.judge.cases import gather
from reviewer.judge.heads import REFIT, Floats, Heads
from reviewer.judge.learn import Learnt, Lesson, Point, change, flips, learn
from reviewer.judge.windows import COMPARED
from reviewer.later import Later
from reviewer.llm import LlamaModel, Weights
from reviewer.match import Matcher
from reviewer.match.overlap import Overlap, overlap
from reviewer.match.sealed import SealedMatcher
from reviewer.models import Catalogue
from reviewer.precedents import LABELS, Library, Precedent, load_library
from reviewer.prompts import load_frame, load_topic_frame
from reviewer.reading import Reading, Rows, heads_file, load_heads
from reviewer.regulations import Regulations, load_articles, load_regulations
from reviewer.review import Runner
from reviewer.topics import Topics
from reviewer.verdict import Decision

OWN = ("library", "own", "judge", "plain")
"""What is made of the station's precedents."""

ORDINARY = 2000
"""Harmless precedents that show the matcher, beside all of the station's own, how people write; more delay a start."""


def _some(texts: Sequence[str], most: int) -> Sequence[str]:
    """At most so many of the texts, evenly spaced."""
    return texts if len(texts) <= most else [texts[i * len(texts) // most] for i in range(most)]


class Resources:
    """Models load from the moment this is made; one that fails makes the stages that need it unfinished."""

    def __init__(self, config: Config) -> None:
        """Raises `ModelError` when `models.txt` does not load."""
        self._config = config
        self._catalogue = Catalogue.load(config.models_txt)
        self._seen = durable.identity(config.precedents[-1], content=True)
        self._opened: tuple[int, ...] | None = None
        """Which file `store` is."""
        self._matcher: tuple[str, Watched] | None = None
        self._read: dict[tuple[str, Channel], tuple[Point, ...]] = {}
        self._rows = Later(self._load_model)
        self._embedder = Later(self._load_embedder)

    def describe(self, on_disk: bool = False, index: bool = True) -> dict[str, Any]:
        """What the front end shows: models as listed (a file that differs never loads), the rest as it is judged by.

        With `on_disk`, precedents, heads and prompts as the files hold them now; without `index` nothing of that, which
        then need not open. Raises what reading them raises.
        """
        config = self._config
        library = load_library(config.precedents) if on_disk else self.library
        versions = {
            "precedents": f"sha256:{library.sha256}",
            "model": f"sha256:{self._catalogue.named(config.judge).sha256}",
            "embedder": f"sha256:{self._catalogue.named(config.embedder).sha256}",
            "heads": f"sha256:{self._heads_hash() if on_disk else self.heads_sha256}",
            "prompts": f"sha256:{load_frame(config.prompts).sha256 if on_disk else self.frame_sha256}",
        }
        if config.store is not None and index:
            versions["index"] = self.store.version if on_disk or self._matcher is None else self._matcher[0]
        own = durable.size(config.precedents[-1])
        return {"versions": versions, "judge": config.judge, "embedder": config.embedder, "own": own}

    def state(self) -> dict[str, Any]:
        """How far loading is."""
        return {"judge": self._rows.state, "embedder": self._embedder.state}

    def cancel(self) -> None:
        """Stop a running evaluation; called from another thread."""
        for model in self._contexts():
            model.cancel()

    def runner(self, stage: Stage) -> Runner:
        """The heavy stage of that name, by the station's precedents as they are now: others may change them too."""
        self._follow()
        if stage is Stage.JUDGE:
            self._ready()
            return self.judge
        if stage is Stage.MATCH:
            return self.matcher
        raise EngineError(f"引擎不做 {stage.value} 这一项 / the engine does not run {stage.value}")

    @cached_property
    def heads(self) -> Heads:
        """The fitted heads of the judge's model. Raises `ModelError`."""
        return load_heads(self._config, self._catalogue)

    @cached_property
    def heads_sha256(self) -> str:
        """The hash of their file, `none` where there is none."""
        return self._heads_hash()

    @cached_property
    def frame_sha256(self) -> str:
        """The hash of the prompt frame that drafts are read in."""
        return load_frame(self._config.prompts).sha256

    def _heads_hash(self) -> str:
        path = heads_file(self._config)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "none"

    @cached_property
    def store(self) -> Store:
        """The index, opened for reviewing."""
        if self._config.store is None:
            raise EngineError("没有设定索引 / no index store is set")
        key = Key(file=self._config.key_file, passphrase=self._config.passphrase)
        self._opened = durable.identity(self._config.store)
        return Store.open(self._config.store, key, managing=self._config.managing)

    @cached_property
    def reading(self) -> Reading:
        """Model and embedder behind one call. Raises `ModelError` where the heads were fitted with others."""
        rows, embedder = self._rows.get(), self._embedder.get()
        self.heads.fitted.need_read_as(self.frame_sha256, embedder.identity)
        return Reading(rows, embedder)

    def _contexts(self) -> list[LlamaModel]:
        """Every context there is by now."""
        if self._rows.state != "ready":
            return []
        topics: Topics | None = self.__dict__.get("_topics")
        return [self._rows.get().model, *([topics.model] if topics else [])]

    def prepare(self) -> Sequence[str]:
        """Make the stages and let them prove themselves, so that the first draft does not wait; what came out wrong.

        Raises what the stages raise.
        """
        matched = self.matcher.prove() if self._config.store is not None else ()
        self.runner(Stage.JUDGE)
        return [*matched, *self.judge.prove()]

    @cached_property
    def library(self) -> Library:
        """All precedents, the station's own at the end."""
        return load_library(self._config.precedents)

    @cached_property
    def own(self) -> tuple[Precedent, ...]:
        """The station's own among them."""
        named = {p.id for p in load_library(self._config.precedents[-1:]).precedents}
        return tuple(p for p in self.library.precedents if p.id in named)

    @cached_property
    def judge(self) -> Watched:
        """The judge stage with what the station's precedents teach it, watched by known drafts.

        What was read of the known drafts at the start is judged again in a proof after `forget`.
        Raises `ModelError` when heads do not fit the weights.
        """
        own = {p.id: self._lesson(p).points[0].embedding for p in self.own}
        taught = self._judge(self._learnt(self.own), own)
        known = load_canary(self._config.prompts).judge
        return Watched(taught, lambda: [(taught, k) for k in known], self._config.lang)

    @cached_property
    def plain(self) -> Judge:
        """The judge without what the station's precedents teach it."""
        return self._judge(None, {})

    @cached_property
    def _topics(self) -> Topics:
        """Asked only where something is redacted, so the context is reserved then."""
        return Topics(self._rows.get().model.weights, load_topic_frame(self._config.prompts))

    @property
    def topic(self) -> Callable[[str], str]:
        """Says what a text is about. Raises `ModelError` and `PromptError`, and when it is called `Cancelled`."""
        topics = self._topics
        self._ready()
        return topics

    def _ready(self) -> None:
        """Take back an earlier `cancel`, which reaches models that are loaded."""
        for model in self._contexts():
            model.ready()

    def _follow(self) -> None:
        """Forget the station's precedents, and close the index, where the file is no longer the one that was read."""
        now = durable.identity(self._config.precedents[-1], content=True)
        if now != self._seen:
            self._seen = now
            self._drop(*OWN)
        if (
            self._config.store is not None
            and "store" in self.__dict__
            and durable.identity(self._config.store) != self._opened
        ):
            self.__dict__.pop("store").close()
            self._matcher = None

    def forget(self) -> None:
        """Read precedents and packs again when they are next needed."""
        self._drop(*OWN, "regulations")

    def _drop(self, *names: str) -> None:
        for name in names:
            self.__dict__.pop(name, None)
        self._matcher = None

    def teach(self, new: Sequence[Precedent], without: frozenset[str]) -> dict[str, Any]:
        """What adding `new` and taking away `without` would change; as `teaching.Preview`. Raises `ModelError`."""
        self._follow()
        self._ready()
        kept = [p for p in self.own if p.id not in without]
        before, after = self._learnt(self.own), self._learnt([*kept, *new])
        own = {p.id: self._lesson(p).points for p in kept}
        violating = {p.id: bool(p.labels) for p in self.library.precedents if p.id not in without}
        longer = {p.id for p in self.library.precedents if len(p.text) > COMPARED}
        return {
            "changes": [{"id": p.id, **change(self.heads, self._lesson(p), before, after)} for p in new],
            "flips": [
                {"id": name, "flagged": flagged, "right": flagged == violating[name]}
                for name, flagged in flips(self.heads, before, after, own, longer)
                if name in violating
            ],
        }

    def _learnt(self, precedents: Sequence[Precedent]) -> Learnt:
        """What these precedents of the station change."""
        width = int(self.heads.embeddings.shape[1])
        return learn([self._lesson(p) for p in precedents], width, self.heads.threshold)

    def _lesson(self, precedent: Precedent) -> Lesson:
        """A precedent as the model reads it; read once while the engine lives."""
        asked = precedent.text, precedent.channel
        if asked not in self._read:
            self._read[asked] = self.plain.points(*asked)
        return Lesson(self._read[asked], tuple(LABELS.index(label) for label in precedent.labels))

    def _judge(self, learnt: Learnt | None, own: Mapping[str, Floats]) -> Judge:
        """A judge that knows the station's `own` precedents by their embeddings."""
        clauses = self.regulations.by_label
        cases = gather(self.heads, {p.id: p.neighbour() for p in self.library.precedents}, own)
        return Judge(self.reading, self.heads, LABELS, clauses, cases, self._config.lang, learnt)

    @property
    def matcher(self) -> Watched:
        """The match stage over the store as it is now, watched by known drafts.

        Raises `StoreError` when another embedder made its vectors.
        """
        version = self.store.version
        if self._matcher is None or self._matcher[0] != version:
            self._matcher = (version, self._match())
        return self._matcher[1]

    def _match(self) -> Watched:
        """A copy of an indexed document must be found, where the station may read one, and what harms nobody not."""
        plain = self._plain_match()
        copied = plain.known() if isinstance(plain, Matcher) else None
        bad = [Known(text=copied, at_least=Decision.REVIEW)] if copied else []
        good = [k for k in load_canary(self._config.prompts).judge if k.at_least is None]
        return Watched(plain, lambda: [(plain, k) for k in (*bad, *good)], self._config.lang)

    def _plain_match(self) -> Matcher | SealedMatcher:
        self.store.require(self._embedder.get().identity)
        embedder, clauses, lang = self._embedder.get(), self.regulations.citations, self._config.lang
        public = [article.text for article in load_articles(self._config.packs[0]).values()]
        if not self.store.readable:
            return SealedMatcher(self.store, embedder, clauses, lang, public)
        own = {p.id for p in self.own}
        harmless = {p.id: p.text for p in self.library.precedents if not p.labels}
        shipped = [text for name, text in harmless.items() if name not in own]
        ordinary = [*_some(shipped, ORDINARY), *(text for name, text in harmless.items() if name in own)]
        return Matcher(self.store, embedder, clauses, lang, public, ordinary)

    def overlap(self, doc: str, quote: str) -> Overlap:
        """The document's words beside those of a draft. Raises `StoreError` without the managing passphrase."""
        if self._config.managing is None:
            raise StoreError(
                "密件原文只给持管理口令的人看 / only who has the managing passphrase sees a document's words",
                "设 REVIEWER_MANAGING_PASSPHRASE / set REVIEWER_MANAGING_PASSPHRASE",
            )
        document = self.store.document(doc)
        if document is None:
            raise StoreError("索引里已没有这份文件 / the index no longer holds this document")
        return overlap(document, quote)

    @cached_property
    def regulations(self) -> Regulations:
        """The packs in force. Raises `PackError`."""
        return load_regulations(self._config.packs, self._config.enabled_packs)

    def _load_model(self) -> Rows:
        """The model, the known drafts read, which needs no embedder: its libraries load meanwhile."""
        known = self.heads.fitted
        if known.judge_sha256 != self._catalogue.named(self._config.judge).sha256:
            raise ModelError(f"判读参数不属于这个模型 / the heads were not fitted on {self._config.judge}", REFIT)
        with self._catalogue.hold(self._config.judge, self._config.models) as path:
            weights = Weights(path)
        rows = Rows(LlamaModel(weights), self._config)
        drafts = load_canary(self._config.prompts).judge
        bad, good = ([(k.text, k.channel) for k in drafts if (k.at_least is None) is plain] for plain in (False, True))
        with rows.model.leaving_a_core():
            rows.remember(bad, good)
        return rows

    def _load_embedder(self) -> Embedder:
        return Embedder(self._catalogue.find(self._config.embedder, self._config.models), self._config.embedder)
