"""What a stage found: the words, the clause, how severe, how certain, and why."""

from enum import StrEnum

from pydantic import Field

from reviewer.draft import Span, Step, Value


class Stage(StrEnum):
    """The parts of a review that can find something or stay unfinished."""

    READ = "read"
    DETECT = "detect"
    MATCH = "match"
    JUDGE = "judge"


class Severity(StrEnum):
    """How bad it would be to send the quoted words; a note never decides."""

    NOTE = "note"
    REVIEW = "review"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for a note, 1 for review, 2 for block."""
        return ("note", "review", "block").index(self.value)


class ClauseRef(Value):
    """A clause as cited in a finding; it stands alone years later."""

    pack: str
    id: str
    title: str


class MatchKind(StrEnum):
    """How the draft resembles an indexed document."""

    VERBATIM = "verbatim"
    NEAR = "near"
    PARAPHRASE = "paraphrase"
    TITLE = "title"
    NUMBER = "number"


class Match(Value):
    """The indexed document a finding is about; never its text.

    `score` is the similarity in [0, 1]; `draft_share` the part of the draft's characters that are covered.
    """

    doc: str
    level: str
    kind: MatchKind
    score: float = Field(ge=0, le=1)
    draft_share: float = Field(ge=0, le=1)


class Finding(Value):
    """One problem with its evidence: `quote` is always `draft.text[span[0]:span[1]]`.

    `severity` is the harm, `confidence` in [0, 1] the certainty; they are never multiplied.
    """

    rule: str
    stage: Stage
    severity: Severity
    confidence: float = Field(default=1.0, ge=0, le=1)
    clause: ClauseRef | None = None
    span: Span
    quote: str
    reason: str
    advice: str = ""
    match: Match | None = None
    place: tuple[Step, ...] | None = None
    """Where in a file the words begin, outermost step first; absent for typed text."""


def worst_first(finding: Finding) -> tuple[int, bool, float, int, str]:
    """The order of findings: the worst; of these what cites a clause, for a sign of disguise says little by itself;
    then the surest.
    """
    return -finding.severity.rank, finding.clause is None, -finding.confidence, finding.span[0], finding.rule
