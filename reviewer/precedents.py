"""The case law: labelled drafts shipped in `prompts/precedents/` and added at the station."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from reviewer import durable
from reviewer.draft import Channel, Value
from reviewer.errors import PrecedentError, invalid
from reviewer.verdict import Decision, Neighbour

LABELS = (*(f"wx-{n}" for n in range(1, 11)), "dc", "pi", "ts", "ai")
"""Clause labels a draft can violate, in the order of the judge's outputs."""

STATION = "station"
"""The voice of what was added at the station."""

SHORTEST, LONGEST = 10, 1200
"""Characters that a precedent has at least and at most."""

LOCK_WAIT_S = 10.0


class Precedent(Value):
    """One labelled draft; `prompts/precedents/README.md` explains every field."""

    id: str
    pair: str | None = None
    channel: Channel
    text: str = Field(min_length=SHORTEST, max_length=LONGEST)
    labels: tuple[str, ...] = ()
    verdict: Decision
    evidence: tuple[str, ...] = ()
    reason: str = Field(min_length=2)
    voice: str = ""
    flip: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Precedent":
        if unknown := set(self.labels) - set(LABELS):
            raise ValueError(f"没有这个类别 / unknown labels {sorted(unknown)}")
        if (self.verdict is Decision.PASS) == bool(self.labels):
            raise ValueError("放行的先例不带类别，其余都带 / a draft passes exactly when it has no labels")
        if bool(self.labels) != bool(self.evidence) or "" in self.evidence:
            raise ValueError(
                "违规的先例要摘出关键词句，放行的不摘 / a violating draft, and only such a one, quotes its evidence"
            )
        if any(quote not in self.text for quote in self.evidence):
            raise ValueError("关键词句不在原文里 / evidence is not in the text")
        return self

    def neighbour(self) -> Neighbour:
        """This precedent as it is shown beside a draft it resembles; the caller fills in the similarity."""
        return Neighbour(
            id=self.id, text=self.text, verdict=self.verdict, labels=self.labels, reason=self.reason, similarity=0
        )


class Library(Value):
    """All precedents in a fixed order, with the hash of their content."""

    precedents: tuple[Precedent, ...]
    sha256: str

    def pairs(self) -> Iterator[tuple[Precedent, Precedent]]:
        """The minimal pairs: (violating side, harmless side)."""
        by_id = {p.id: p for p in self.precedents}
        for p in self.precedents:
            if p.pair and p.labels and (twin := by_id.get(f"{p.pair}b")):
                yield p, twin


def load_library(paths: Sequence[Path]) -> Library:
    """Read every `*.jsonl` in the given directories, and the given files, in name order.

    Raises `PrecedentError` naming file and line for a line that does not validate or an id used twice, and a
    file that is not UTF-8; it quotes nothing of a draft.
    """
    files = [f for path in paths for f in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path]) if f.exists()]
    digest = hashlib.sha256()
    found: dict[str, Precedent] = {}
    for file in files:
        try:
            lines = file.read_text("utf-8").split("\n")
        except UnicodeDecodeError as exc:
            raise PrecedentError(f"{file.name}：不是 UTF-8 文本 / is not UTF-8 text: {exc.reason}") from exc
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                precedent = Precedent(**json.loads(line))
            except (ValueError, TypeError, RecursionError) as exc:
                wrong = invalid(exc) if isinstance(exc, ValidationError) else exc
                raise PrecedentError(f"{file.name}:{number} 不是先例 / is not a precedent: {wrong}") from exc
            if precedent.id in found:
                raise PrecedentError(f"{file.name}:{number} 编号重复 / repeats the id {precedent.id}")
            found[precedent.id] = precedent
            digest.update(line.strip().encode() + b"\n")
    return Library(precedents=tuple(found.values()), sha256=digest.hexdigest())


def append(path: Path, made: Sequence[Precedent]) -> None:
    """Add precedents to a file that only its owner may read, and see them on disk, all or none.

    Raises `PrecedentError` for an id it holds already, `UnsettledError` where they are added and the file's name may
    not be on disk, `OSError` where they are not.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    with _changing(path) as inside, durable.opened(inside, path.name, flags) as handle:
        refuse_known(made, load_library([path]))
        size = os.fstat(handle).st_size
        open_line = durable.end(handle, 1) not in (b"", b"\n")
        try:
            durable.write(handle, b"\n" * open_line + _lines(made))
        except OSError:
            os.ftruncate(handle, size)
            raise
    try:
        durable.named(path)
    except OSError as exc:
        raise durable.UnsettledError(*exc.args) from exc


def refuse_known(made: Sequence[Precedent], library: Library) -> None:
    """Raises `PrecedentError` for an id that the library holds already."""
    held = {p.id for p in library.precedents}
    if known := [p.id for p in made if p.id in held]:
        raise PrecedentError(
            f"先例库里已有这个编号 / the id {known[0]} is in the library already", "换一个编号 / give it another id"
        )


def remove(path: Path, ids: Sequence[str]) -> None:
    """Take precedents out of a file of precedents. Raises `PrecedentError` for an id it does not hold, `OSError`."""
    with _changing(path) as inside:
        held = load_library([path]).precedents
        if absent := set(ids) - {p.id for p in held}:
            raise PrecedentError(
                f"本站没有先例 / the station has no precedent {min(absent)}", "reviewer precedents list --station"
            )
        durable.replace(inside, path.name, _lines([p for p in held if p.id not in set(ids)]))


@contextlib.contextmanager
def _changing(path: Path) -> Iterator[durable.Inside]:
    """The open folder of a file of precedents, for the only process that changes it. Raises `OSError`."""
    durable.make_folders(path.parent)
    with (
        durable.opened_folder(path.parent) as inside,
        durable.locked(inside, f"{path.name}.lock", LOCK_WAIT_S),
    ):
        durable.discard(inside, path.name)
        yield inside


def _lines(precedents: Sequence[Precedent]) -> bytes:
    rows = (json.dumps(p.model_dump(mode="json"), ensure_ascii=False) + "\n" for p in precedents)
    return "".join(rows).encode("utf-8", "replace")
