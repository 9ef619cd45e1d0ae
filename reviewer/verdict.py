"""The outcome of a review: stage results, the decision, and the record that explains it."""

import hashlib
import json
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from reviewer.draft import Channel, Draft, Span, Value
from reviewer.finding import ClauseRef, Finding, Stage


class Decision(StrEnum):
    """May the draft be sent? Ordered from harmless to forbidden."""

    PASS = "pass"  # noqa: S105 (a verdict)
    REVIEW = "review"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for pass, 1 for review, 2 for block."""
        return ("pass", "review", "block").index(self.value)


class Unfinished(Value):
    """A stage that could not run, or did not read everything; such a review never passes."""

    stage: Stage
    reason: str


class Probability(Value):
    """Calibrated probabilities: that anything is violated, and per clause label."""

    violation: float = Field(ge=0, le=1)
    clauses: dict[str, float] = Field(default_factory=dict)


class Neighbour(Value):
    """A precedent near the draft: its text, verdict, labels and reason, and cosine similarity."""

    id: str
    text: str
    verdict: Decision
    labels: tuple[str, ...]
    reason: str
    similarity: float


class Judgement(Value):
    """What the judge thought of every clause, also when nothing fired."""

    probability: Probability
    neighbours: tuple[Neighbour, ...] = ()
    considered: tuple[ClauseRef, ...] = ()


class StageResult(Value):
    """What one stage found, which ranges of the draft it examined, and how long it took."""

    stage: Stage
    findings: tuple[Finding, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()
    examined: tuple[Span, ...] = ()
    elapsed_ms: int = 0
    judgement: Judgement | None = None


class DraftRef(Value):
    """Which draft a record is about, without its words: the digest of its text, and the channel it was to go by."""

    sha256: str
    channel: Channel

    @classmethod
    def of(cls, draft: Draft) -> "DraftRef":
        """SHA-256 over the text as UTF-8, in hexadecimal."""
        text = draft.text.encode("utf-8", "surrogatepass")
        return cls(sha256=hashlib.sha256(text).hexdigest(), channel=draft.channel)


class Review(Value):
    """The record of one review, schema 1; `docs/review.schema.json` is generated from it."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: str = ""
    decision: Decision
    findings: tuple[Finding, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()
    examined: tuple[Span, ...] = ()
    length: int = Field(ge=0)
    probability: Probability | None = None
    timings_ms: dict[str, int] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    judgement: Judgement | None = Field(default=None, exclude=True)
    draft: DraftRef | None = Field(default=None, exclude=True)
    """Written only where a record is kept to be replayed: the digest of a short text can be guessed."""

    @model_serializer(mode="wrap")
    def _contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave `match` and `place` out of findings that have none, as the contract says."""
        data: dict[str, Any] = handler(self)
        for finding in data["findings"]:
            for name in ("match", "place"):
                if finding.get(name) is None:
                    finding.pop(name, None)
        return data

    def to_json(self) -> str:
        """One line of JSON as in the contract."""
        return self.model_dump_json(by_alias=True)

    def to_record(self) -> str:
        """The same line with `draft`, so that the review can be replayed and told from one of another text."""
        data = self.model_dump(mode="json", by_alias=True)
        if self.draft:
            data["draft"] = self.draft.model_dump(mode="json")
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return line.encode("utf-8", "backslashreplace").decode("utf-8")
