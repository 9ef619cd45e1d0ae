"""What a part of a draft is about: what the model is shown, where its answer ends, and what becomes of a fault."""

import ctypes
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reviewer.errors import Cancelled, ModelError
from reviewer.prompts import Example, TopicFrame
from reviewer.topics import CHARACTERS, CONTEXT, TOKENS, Topics
from tests.fake_llama import FakeLlama, installed

FRAME = TopicFrame(instruction="ask", example="{text}>{topic}\n", examples=(Example(text="a b", topic="c"),))
BEFORE, AFTER = (part.encode() for part in FRAME.around)
END = 3


class Writer(FakeLlama):
    """Writes an answer, a byte at a time, and then only its end."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = b""
        self.prompt = b""
        self.value = 1.0
        """Of the likeliest byte."""
        self.asked = 0

    def llama_vocab_n_tokens(self, _vocab: int) -> int:
        """As many as there are bytes."""
        return 256

    def llama_vocab_is_eog(self, _vocab: int, token: int) -> bool:
        """Whether the answer ends with it."""
        return token == END

    def llama_decode(self, context: int, batch: SimpleNamespace) -> int:
        """Keep what is shown."""
        self.prompt += bytes(batch.token[: batch.n_tokens])
        return super().llama_decode(context, batch)

    def llama_get_logits_ith(self, _context: int, _row: int) -> Any:
        """The next byte of the answer stands out."""
        logits = np.zeros(256, np.float32)
        logits[self.answer[self.asked] if self.asked < len(self.answer) else END] = self.value
        self.asked += 1
        self._kept = logits
        return logits.ctypes.data_as(ctypes.POINTER(ctypes.c_float))


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture
def topics(writer: Writer) -> Iterator[Topics]:
    with installed(writer):
        yield Topics(SimpleNamespace(handle=1), FRAME)  # type: ignore[arg-type]


def test_the_answer_is_one_line_to_a_text_behind_the_examples(writer: Writer, topics: Topics) -> None:
    writer.answer = b" fare\nmore"
    assert topics(" bus \n  fare ") == "fare"
    assert writer.prompt.startswith(BEFORE + b"bus fare" + AFTER)


def test_an_answer_without_an_end_is_short(writer: Writer, topics: Topics) -> None:
    writer.answer = b"x" * 100
    assert topics("bus") == "x" * TOKENS


def test_of_a_long_text_the_beginning_is_shown(writer: Writer, topics: Topics) -> None:
    writer.answer = b"x"
    assert topics("b" * 5000) == "x"
    assert writer.prompt.startswith(BEFORE + b"b" * CHARACTERS + AFTER)


def test_what_does_not_fit_is_cut(writer: Writer, topics: Topics) -> None:
    """A letter may be several tokens."""
    topics("𠮷" * 5000)
    assert len(writer.prompt) == CONTEXT - TOKENS


def test_an_answer_that_is_no_number_is_an_error(writer: Writer, topics: Topics) -> None:
    writer.value = np.nan
    with pytest.raises(ModelError, match="not finite"):
        topics("bus")


def test_it_stops_when_it_is_cancelled(writer: Writer, topics: Topics) -> None:
    writer.before = topics.model.cancel
    with pytest.raises(Cancelled):
        topics("bus")
