"""Regulation packs: clauses as data, one TOML file each, with wording, legal basis and severity per channel."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from reviewer.draft import Channel, Lang, Value
from reviewer.errors import PackError
from reviewer.finding import ClauseRef, Severity


class Article(Value):
    """One article of a law, verbatim, as the packs cite it."""

    id: str
    law: str
    article: str = ""
    text: str


class Clause(Value):
    """One prohibition: its wording, what it rests on, how severe it is, and how to say it to a person."""

    pack: str = ""
    id: str = Field(pattern=r"^[a-z]+(-\d+)*$")
    label: str | None = None
    """What the judge calls it; clauses without a label are cited by rules only."""
    title: str
    title_en: str
    wording: str
    verbatim: bool
    basis: tuple[str, ...] = ()
    severity: Severity
    severity_by_channel: dict[Channel, Severity] = Field(default_factory=dict)
    explain: str
    explain_en: str
    advice: str
    advice_en: str

    @property
    def ref(self) -> ClauseRef:
        """How a finding cites this clause."""
        return ClauseRef(pack=self.pack, id=self.id, title=self.title)

    def severity_on(self, channel: Channel) -> Severity:
        """How severe a violation is when it goes out by `channel`."""
        return self.severity_by_channel.get(channel, self.severity)

    def explanation(self, lang: Lang) -> str:
        """One sentence on what seems to be wrong."""
        return lang.pick(self.explain, self.explain_en)

    def suggestion(self, lang: Lang) -> str:
        """One sentence on what to do."""
        return lang.pick(self.advice, self.advice_en)


class Pack(Value):
    """A regulation: its clauses and where they come from."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    title_en: str
    source: str
    clause: tuple[Clause, ...] = Field(min_length=1)

    @field_validator("clause")
    @classmethod
    def _unique(cls, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        ids = [c.id for c in clauses]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"clause ids used twice: {sorted(twice)}")
        return clauses


class Regulations(Value):
    """The packs in force at a station, with the hash of their files."""

    packs: tuple[Pack, ...]
    sha256: str

    def clauses(self) -> Iterator[Clause]:
        """Every clause of every pack, in order."""
        for pack in self.packs:
            yield from pack.clause

    @cached_property
    def by_id(self) -> Mapping[str, Clause]:
        """Clauses by id; packs are checked to use different ids."""
        return {c.id: c for c in self.clauses()}

    @cached_property
    def by_label(self) -> Mapping[str, Clause]:
        """The clause cited for each label of the judge: the first that carries it."""
        found: dict[str, Clause] = {}
        for clause in self.clauses():
            if clause.label:
                found.setdefault(clause.label, clause)
        return found


def load_articles(directory: Path) -> Mapping[str, Article]:
    """The articles shipped beside the packs, by id. Raises `PackError`."""
    path = directory / "articles.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return {r["id"]: Article(**{k: r[k] for k in ("id", "law", "article", "text") if k in r}) for r in rows}
    except (OSError, json.JSONDecodeError, KeyError, ValidationError) as exc:
        raise PackError(f"{path.name} does not load: {exc}") from exc


def load_pack(path: Path) -> Pack:
    """One pack. Raises `PackError` that names file, line and key."""
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise PackError(f"{path.name}: {exc}") from exc
    for clause in data.get("clause", []):
        if isinstance(clause, dict):
            clause["pack"] = data.get("id", "")
    try:
        return Pack(**data)
    except (ValidationError, TypeError) as exc:
        raise PackError(_located(path.name, text, exc)) from exc


def load_regulations(directories: Sequence[Path], enabled: Sequence[str] | None = None) -> Regulations:
    """Every pack of the given directories (shipped first), or only the `enabled` ones.

    Raises `PackError` for a pack that does not load, an id used twice, a basis that is not a shipped article, or an
    enabled pack that does not exist.
    """
    files = [f for d in directories if d.is_dir() for f in sorted(d.glob("*.toml"))]
    articles = load_articles(directories[0])
    packs: dict[str, Pack] = {}
    seen: dict[str, str] = {}
    digest = hashlib.sha256()
    for file in files:
        pack = load_pack(file)
        if pack.id in packs:
            raise PackError(f"{file.name}: the pack id {pack.id} is used twice")
        if enabled is not None and pack.id not in enabled:
            continue
        for clause in pack.clause:
            if clause.id in seen:
                raise PackError(f"{file.name}: clause {clause.id} is also in {seen[clause.id]}")
            if absent := [b for b in clause.basis if b not in articles]:
                raise PackError(f"{file.name}: clause {clause.id} rests on an unknown article: {absent[0]}")
            seen[clause.id] = file.name
        packs[pack.id] = pack
        digest.update(file.read_bytes())
    if enabled is not None and (missing := set(enabled) - set(packs)):
        raise PackError(f"unknown packs: {', '.join(sorted(missing))}", "see `reviewer packs list`")
    return Regulations(packs=tuple(packs.values()), sha256=digest.hexdigest())


def _located(name: str, text: str, exc: ValidationError | TypeError) -> str:
    """`name:line: key: what is wrong`, for the first error."""
    if isinstance(exc, TypeError):
        return f"{name}: {exc}"
    first = exc.errors()[0]
    key = str(first["loc"][-1]) if first["loc"] else ""
    order = next((part for part in first["loc"] if isinstance(part, int)), None)
    starts = [m.start() for m in re.finditer(r"^\[\[clause\]\]", text, re.MULTILINE)]
    begin = starts[order] if order is not None and order < len(starts) else 0
    at = re.compile(rf"^\s*\[?\w*\.?{re.escape(key)}\b", re.MULTILINE).search(text, begin)
    line = text.count("\n", 0, at.start() if at else begin) + 1
    return f"{name}:{line}: {key}: {first['msg']}"
