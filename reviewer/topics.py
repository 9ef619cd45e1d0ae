"""What a part of a draft is about, in a few words of the model's own; the one thing that is generated.

Whoever uses an answer looks at it first: the model may say what it was told not to.
"""

from reviewer.llm import LlamaModel, Weights
from reviewer.prompts import TopicFrame

CONTEXT = 1024
"""Tokens of the context: the examples, a text and an answer."""

CHARACTERS = 300
"""Of a longer text the beginning is shown."""

TOKENS = 12
"""Of an answer."""


class Topics:
    """Asks the model in a context of its own, so that what a judge's context holds stays."""

    def __init__(self, weights: Weights, frame: TopicFrame) -> None:
        """Reserve the context. Raises `ModelError`."""
        self.model = LlamaModel(weights, context=CONTEXT)
        self._before, self._after = (self.model.tokenize(part) for part in frame.around)

    def __call__(self, text: str) -> str:
        """The answer, one line. Raises `Cancelled` and `ModelError`."""
        room = CONTEXT - len(self._before) - len(self._after) - TOKENS
        shown = self.model.tokenize(" ".join(text[:CHARACTERS].split()))[:room]
        return self.model.next_text([*self._before, *shown, *self._after], TOKENS, "\n").strip()
