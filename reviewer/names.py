"""A file's name goes out with the file: one that gives something away is part of the draft, behind its text."""

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from reviewer.draft import Draft, Place, Step, StepKind
from reviewer.errors import Cancelled, ReviewerError
from reviewer.finding import Stage
from reviewer.review import Reviewer

LOOKED_AT = (Stage.DETECT, Stage.MATCH)
"""Stages that say something of a name alone."""


def named(draft: Draft, reviewer: Reviewer, stages: Collection[Stage] = LOOKED_AT) -> Draft:
    """The draft, behind its text its name if one of the `stages` finds in the name alone what decides, or fails.

    A harmless name stays outside: it is not what the person wrote, and the judge would read it too. Raises `Cancelled`.
    """
    if draft.name and any(_tells(draft, stage, reviewer) for stage in reviewer.order if stage in stages):
        return with_name(draft, draft.name)
    return draft


def _tells(draft: Draft, stage: Stage, reviewer: Reviewer) -> bool:
    try:
        found = reviewer.alone(stage, Draft(text=draft.name, channel=draft.channel)).findings
    except Cancelled:
        raise
    except (ReviewerError, MemoryError):
        return True
    return any(finding.severity.rank for finding in found)


def with_name(draft: Draft, name: str) -> Draft:
    """The draft with a name as the last line of its text, a part of its own; what was there keeps its place."""
    end = len(draft.text)
    start = end + 1 if end else 0
    before = draft.places or ((Place(span=(0, end), steps=()),) if end else ())
    place = Place(span=(start, start + len(name)), steps=(Step(kind=StepKind.NAME),))
    text = f"{draft.text}\n{name}" if end else name
    return draft.model_copy(update={"text": text, "places": (*before, place), "name": ""})


def readings(draft: Draft, id_: str) -> Iterator[Draft]:
    """The draft as it is, and with every name that a file whose review has this id may have had."""
    yield draft
    parts = PurePosixPath(id_).parts
    for first in reversed(range(len(parts))):
        yield with_name(draft, str(PurePosixPath(*parts[first:])))
