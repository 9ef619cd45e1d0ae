"""A judge of scripted readings: heads that say the same of every text, one clause, precedents on a circle."""

from collections.abc import Sequence

import numpy as np

from reviewer.draft import Channel, Lang
from reviewer.finding import ClauseRef, Severity
from reviewer.judge.attention import Attention
from reviewer.judge.cases import Cases
from reviewer.judge.heads import Fitted, Floats, Heads
from reviewer.verdict import Decision, Neighbour

TRUST_SECOND = np.tile(np.array([0.0, 1.0, 0.0], np.float32), (15, 1))
"""Weights of heads that go by the second reading alone."""

NOBODY = Cases((), np.zeros((0, 1), np.float32))
"""No precedents."""


def heads(first: float, settle_weight: Floats = TRUST_SECOND[:0], width: int = 1, size: int = 1) -> Heads:
    """Heads that say `first` of every text, of tokens of that width and embeddings of that size, whatever its words."""
    none = np.zeros((15, 1), np.float32)
    said = np.full(15, -4.0, np.float32)
    said[0] = first
    facts = dict.fromkeys(("judge", "judge_sha256", "embedder_sha256", "frame_sha256", "library_sha256"), "")
    return Heads(
        fitted=Fitted(**facts, ids=("a",), threshold=0.5, review_load=0.1),
        llm_weight=np.zeros((15, 2 * width), np.float32),
        llm_bias=none[:, 0],
        emb_weight=np.zeros((15, size), np.float32),
        emb_bias=none[:, 0],
        attention=Attention(
            np.zeros((1, width), np.float32), np.zeros((1, width), np.float32), none[:1, 0], none, none[:, 0]
        ),
        stack_weight=np.zeros((15, 4), np.float32),
        stack_bias=said,
        settle_weight=settle_weight,
        settle_bias=none[: len(settle_weight), 0],
        embeddings=np.eye(1, size, dtype=np.float32),
        outcomes=np.zeros((1, 15), np.float32),
        evidence=np.zeros(width, np.float32),
    )


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
