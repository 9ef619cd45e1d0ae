"""Reviewing a draft again from its record: is it the same draft, and does the same review come out?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reviewer.draft import Draft, Value
from reviewer.errors import ReadError, invalid, why
from reviewer.finding import Stage
from reviewer.verdict import DraftRef, Review

FIELDS = ("decision", "findings", "unfinished", "examined", "length", "probability")
"""What a replay compares besides versions: all that a record says but whose it is and how long it took."""


class Outcome(Value):
    """What a replay found; empty mappings say that the same review came out."""

    fields: dict[str, tuple[Any, Any]]
    """Fields that differ, as the record and as the replay have them."""
    versions: dict[str, tuple[str, str]]
    """Versions that changed, `-` where one is missing."""

    @property
    def same(self) -> bool:
        """Whether record and replay agree in everything but time."""
        return not self.fields and not self.versions


def read_record(path: Path) -> Review:
    """A review as `--format json` wrote it. Raises `ReadError`."""
    try:
        record = Review.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise ReadError(f"{path.name}: {why(exc)}", "核对文件名 / check the file's name") from exc
    except ValidationError as exc:
        raise ReadError(
            f"{path.name}: 不是一次审查的记录 / not the record of one review: {invalid(exc)}",
            "生成时用 / write it with --format json --keep",
        ) from exc
    if not record.timings_ms or set(record.timings_ms) - set(Stage):
        raise ReadError(
            f"{path.name}: 不是一次审查的记录 / not the record of one review: it does not say which stages ran"
        )
    return record


def stages_of(record: Review) -> tuple[Stage, ...]:
    """The stages that ran, in order; `read_record` has looked that they are stages."""
    return tuple(Stage(name) for name in record.timings_ms)


def is_its_draft(record: Review, draft: Draft) -> bool:
    """Whether the record is about this text: by digest where it was kept, else by length and every quote."""
    if record.draft:
        return record.draft == DraftRef.of(draft)
    return record.length == len(draft.text) and all(draft.quote(f.span) == f.quote for f in record.findings)


def compare(record: Review, again: Review) -> Outcome:
    """What differs, as plain values."""
    was, now = (r.model_dump(mode="json", by_alias=True) for r in (record, again))
    return Outcome(
        fields={name: (was[name], now[name]) for name in FIELDS if was[name] != now[name]},
        versions=_changed(record.versions, again.versions),
    )


def _changed(was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    names = sorted({*was, *now})
    return {n: (was.get(n, "-"), now.get(n, "-")) for n in names if was.get(n) != now.get(n)}
