"""A judge of scripted readings: heads that say the same of every text, one clause, precedents on a circle."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from reviewer.draft import Channel, Lang
from reviewer.finding import ClauseRef, Severity
from reviewer.judge.attention import Attention
from reviewer.judge.cases import Cases
from reviewer.judge.heads import Fitted, Floats, Heads
from reviewer.judge.states import Glance, Read
from reviewer.verdict import Decision, Neighbour

NEVER = -1e9
"""Log-odds of a glance that nothing lies below, so that none settles a draft."""

NOBODY = Cases((), np.zeros((0, 1), np.float32))
"""No precedents."""


def plainly(first: float) -> Heads:
    """Heads that say `first` of every text, but of one whose tokens are 0 at the first reading that it is harmless."""
    fitted = heads(first)
    facts = fitted.fitted.model_copy(update={"plain_below": -2.0})
    bias = np.full(15, -4.0, np.float32)
    trust = np.zeros((15, 3), np.float32)
    trust[:, 0] = 1.0
    return replace(fitted, fitted=facts, glance_weight=np.ones((15, 1), np.float32), once_weight=trust, once_bias=bias)


def heads(first: float, width: int = 1, size: int = 1) -> Heads:
    """Heads that say `first` of every text, of tokens of that width and embeddings of that size, whatever its words."""
    none = np.zeros((15, 1), np.float32)
    said = np.full(15, -4.0, np.float32)
    said[0] = first
    facts = dict.fromkeys(("judge", "judge_sha256", "embedder_sha256", "frame_sha256", "library_sha256"), "")
    return Heads(
        fitted=Fitted(**facts, ids=("a",), threshold=0.5, review_load=0.1, plain_below=NEVER),
        llm_weight=np.zeros((15, 2 * width), np.float32),
        llm_bias=none[:, 0],
        glance_weight=np.zeros((15, width), np.float32),
        glance_bias=none[:, 0],
        emb_weight=np.zeros((15, size), np.float32),
        emb_bias=none[:, 0],
        attention=Attention(
            np.zeros((1, width), np.float32), np.zeros((1, width), np.float32), none[:1, 0], none, none[:, 0]
        ),
        stack_weight=np.zeros((15, 4), np.float32),
        stack_bias=said,
        once_weight=np.zeros((15, 3), np.float32),
        once_bias=said,
        embeddings=np.eye(1, size, dtype=np.float32),
        outcomes=np.zeros((1, 15), np.float32),
        evidence=np.zeros(width, np.float32),
    )


class Reads:
    """Reads a text as a function does; what was glanced at is not asked for again."""

    def __init__(self, read: Callable[[str, Channel], Read]) -> None:
        self._read = read
        self._glanced: dict[tuple[str, Channel], Read] = {}

    def once(self, text: str, channel: Channel) -> Glance:
        """The first reading."""
        read = self._glanced[text, channel] = self._read(text, channel)
        return Glance(read.rows[0], read.embedding)

    def __call__(self, text: str, channel: Channel, embedding: Floats | None = None) -> Read:
        """Both."""
        return self._glanced.pop((text, channel), None) or self._read(text, channel)


class Clause:
    """The one clause that is judged."""

    ref = ClauseRef(pack="own", id="wx-1", title="标题")

    def severity_on(self, channel: Channel) -> Severity:
        return Severity.REVIEW

    def explanation(self, lang: Lang) -> str:
        return "说明"

    def suggestion(self, lang: Lang) -> str:
        return "建议"


def direction(angle: float) -> Floats:
    """A unit vector on the circle."""
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


def cases(*given: tuple[str, float, Sequence[str]]) -> Cases:
    """Precedents of an id, an angle and labels; the reason names the id."""
    known = tuple(
        Neighbour(
            id=name,
            text=name,
            verdict=Decision.REVIEW if labels else Decision.PASS,
            labels=tuple(labels),
            reason=f"因为{name}",
            similarity=0,
        )
        for name, _, labels in given
    )
    return Cases(known, np.stack([direction(angle) for _, angle, _ in given]))
