"""Readings of a text: with the model, and with the embedder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reviewer.assemble import Config
from reviewer.draft import Channel
from reviewer.embed import Embedder
from reviewer.errors import RESTORE, ModelError
from reviewer.judge.heads import Floats, Heads, finite, load
from reviewer.judge.states import Glance, Read
from reviewer.llm import LlamaModel, Weights
from reviewer.models import Catalogue, held
from reviewer.prompts import load_frame

HEADS = "heads.safetensors"
"""What is fitted to a judge."""


class Rows:
    """What the model holds of the tokens of a text."""

    def __init__(self, model: LlamaModel, config: Config) -> None:
        self.model = model
        self._known: dict[tuple[str, Channel], tuple[Floats, tuple[int, ...]]] = {}
        self._glances: dict[tuple[str, Channel], Floats] = {}
        frame = load_frame(config.prompts)
        self._openings = {c: model.tokenize(frame.opening(c)) for c in Channel}
        self._again = model.tokenize(frame.again)

    def __call__(self, text: str, channel: Channel) -> tuple[Floats, tuple[int, ...]]:
        """Every token at both passes, (2, tokens, w), and where each starts. Raises `Cancelled` and `ModelError`."""
        if (text, channel) in self._known:
            return self._known[text, channel]
        tokens = self.model.tokenize(text)
        rows = self.model.read_twice(self._openings[channel], tokens, self._again)
        return rows, tuple(self.model.offsets(text, tokens))

    def once(self, text: str, channel: Channel) -> Floats:
        """Every token at the first pass of a reading, (tokens, w), of a text that fits twice.

        Raises `Cancelled` and `ModelError`.
        """
        if (text, channel) in self._glances:
            return self._glances[text, channel]
        opening, tokens = self._openings[channel], self.model.tokenize(text)
        self.model.need(len(opening) + 2 * len(tokens) + len(self._again))
        return self.model.read_once(opening, tokens)

    def remember(self, texts: Sequence[tuple[str, Channel]], plain: Sequence[tuple[str, Channel]] = ()) -> None:
        """Read texts before they are asked for, those that are `plain` once. Raises `Cancelled` and `ModelError`."""
        for text in plain:
            self._glances[text] = self.once(*text)
        for text in texts:
            self._known[text] = self(*text)
            self._glances[text] = self._known[text][0][0]


class Reading:
    """Turns a text and its channel into what the model holds of it and the embedder's vector."""

    def __init__(self, rows: Rows, embedder: Embedder) -> None:
        self.rows = rows
        self._embedder = embedder

    def once(self, text: str, channel: Channel) -> Glance:
        """The first pass of a reading. Raises `Cancelled` and `ModelError`."""
        return Glance(self.rows.once(text, channel), self._embed(text))

    def __call__(self, text: str, channel: Channel, embedding: Floats | None = None) -> Read:
        """A reading of a text, whose embedding may be known. Raises `Cancelled` and `ModelError`."""
        rows, starts = self.rows(text, channel)
        return Read(rows=rows, starts=starts, embedding=self._embed(text) if embedding is None else embedding)

    def _embed(self, text: str) -> Floats:
        return finite(np.asarray(self._embedder.encode([text])[0], np.float32))


def heads_file(config: Config) -> Path:
    """The judge's heads in the first folder of `fitted` that has them, or where the last would have them."""
    places = [folder / config.judge / HEADS for folder in config.fitted]
    return next((p for p in places if p.exists()), places[-1])


def load_heads(config: Config, catalogue: Catalogue) -> Heads:
    """The judge's heads: the shipped ones as they are listed, else a station's own. Raises `ModelError`."""
    place = heads_file(config)
    if not place.exists() or not place.is_relative_to(config.fitted[-1]):
        return load(place)
    try:
        with held(catalogue.file(f"{config.judge}/{HEADS}"), config.fitted[-1]) as path:
            return load(path)
    except ModelError as exc:
        raise ModelError(exc.message, RESTORE) from exc


def open_reading(config: Config) -> tuple[Reading, dict[str, str]]:
    """A reading for fitting, and the hashes of what it is made with. Raises `ModelError`."""
    catalogue = Catalogue.load(config.models_txt)
    with catalogue.hold(config.judge, config.models) as path:
        weights = Weights(path)
    embedder = Embedder(catalogue.find(config.embedder, config.models), config.embedder)
    hashes = {
        "judge": config.judge,
        "judge_sha256": catalogue.named(config.judge).sha256,
        "embedder_sha256": embedder.identity,
        "frame_sha256": load_frame(config.prompts).sha256,
    }
    return Reading(Rows(LlamaModel(weights), config), embedder), hashes
