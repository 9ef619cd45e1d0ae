"""Teaching the station: what a precedent would change, and keeping it.

The engine reads the new precedents and says what would flip; the front end, which alone may write, keeps them. How the
judge learns is in `judge/learn.py`.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reviewer import durable
from reviewer.assemble import Station
from reviewer.draft import Channel, Value
from reviewer.engine import LESSON_S
from reviewer.errors import Cancelled, EngineError, PrecedentError
from reviewer.finding import Severity
from reviewer.precedents import STATION, Precedent, append, remove
from reviewer.regulations import Regulations
from reviewer.verdict import Decision

TIMEOUT_S = 600.0

UNSETTLED = (
    "已生效；系统没有确认落盘，断电后可能要重做",
    "In force; the system did not confirm it, so a loss of power may undo it",
)
"""What is said of a change that may not outlast a loss of power."""


class Flip(Value):
    """A precedent of the library whose verdict would change."""

    id: str
    flagged: bool
    """Whether it would be flagged afterwards."""
    right: bool
    """Whether that agrees with its label."""


class Change(Value):
    """What the judge would say of one of the new precedents, before and after: probabilities of a violation."""

    id: str
    before: float
    after: float
    right: bool
    too_long: bool = False
    """Whether it stays wrong because its end is not compared, so that nothing can make it less suspect."""


class Preview(Value):
    """What keeping a set of station precedents would change."""

    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]
    """Those that become wrong first."""


def made(
    text: str,
    channel: Channel,
    label: str | None,
    evidence: str,
    reason: str,
    regulations: Regulations,
) -> Precedent:
    """A precedent of this station: harmless without a `label`.

    Raises `ValidationError`, and `PrecedentError` for a label that no pack in force has a clause for.
    """
    verdict = Decision.PASS
    if label is not None:
        if label not in regulations.by_label:
            raise PrecedentError(
                f"启用的规范包里没有 {label} / no pack in force has {label}", "reviewer packs list; REVIEWER_PACKS"
            )
        severe = regulations.by_label[label].severity is Severity.BLOCK
        verdict = Decision.BLOCK if severe else Decision.REVIEW
    return Precedent(
        id=f"station-{time.time_ns()}",
        channel=channel,
        text=text,
        labels=(label,) if label else (),
        verdict=verdict,
        evidence=((evidence if evidence and evidence in text else text),) if label else (),
        reason=reason,
        voice=STATION,
    )


def preview(station: Station, new: Sequence[Precedent] = (), without: Sequence[str] = ()) -> Preview:
    """What adding `new` and taking `without` away would change; nothing is kept. Raises `EngineError`."""
    payload = {"new": [p.model_dump(mode="json") for p in new], "without": list(without)}
    learning_s = LESSON_S * sum(len(p.text.encode("utf-8", "replace")) for p in new)
    station.engine.start()
    found = Preview(**station.engine.request("teach", payload, TIMEOUT_S + station.engine.learning_s + learning_s))
    return found.model_copy(update={"flips": tuple(sorted(found.flips, key=lambda f: f.right))})


def keep(station: Station, new: Sequence[Precedent] = (), without: Sequence[str] = ()) -> bool:
    """Write the change, and have a running engine judge by it from now on; one that cannot is ended, and the next does.

    Whether the change surely outlasts a loss of power. Raises `PrecedentError` and `OSError`; then nothing is kept.
    """
    path = station.config.precedents[-1]
    settled = [_settled(remove, path, without)] if without else []
    if new:
        settled.append(_settled(append, path, new))
    if station.engine.running:
        try:
            station.engine.refresh()
        except (EngineError, Cancelled):
            station.engine.kill()
    return all(settled)


def _settled(change: Callable[[Path, Any], None], path: Path, what: Sequence[object]) -> bool:
    """Change the file; whether the change surely outlasts a loss of power. Raises what the change raises."""
    try:
        change(path, what)
    except durable.UnsettledError:
        return False
    return True
