"""Regulation packs: clauses as data, one TOML file each, with wording, legal basis and severity per channel."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator

from reviewer.draft import Channel, Lang, Value
from reviewer.errors import RESTORE, PackError
from reviewer.finding import ClauseRef, Severity
from reviewer.located import load_toml, place


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
    optional: bool = False
    """In force only where the station names it: the rules of one organisation."""
    clause: tuple[Clause, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        """Every clause knows the id of its pack."""
        clauses = data.get("clause") if isinstance(data, dict) else None
        if not isinstance(clauses, list):
            return data
        named = [{**c, "pack": str(data.get("id", ""))} if isinstance(c, dict) else c for c in clauses]
        return {**data, "clause": named}

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

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The label of each clause that has one, by the clause's id."""
        return {c.id: c.label for c in self.clauses() if c.label}

    @cached_property
    def citations(self) -> Mapping[str, ClauseRef]:
        """What a rule cites for a clause id or a label: the clause of the first pack in force that carries it."""
        by_label = {label: clause.ref for label, clause in self.by_label.items()}
        return {**{c.id: c.ref for c in self.clauses()}, **by_label}


def cited(clause: ClauseRef, clauses: Mapping[str, Clause], lang: Lang) -> str:
    """A finding's clause by id and title; the English title is known where its pack is in force here."""
    known = clauses.get(clause.id)
    return f"{clause.id} {lang.pick(clause.title, known.title_en if known else clause.title)}"


def load_articles(directory: Path) -> Mapping[str, Article]:
    """The articles shipped beside the packs, by id. Raises `PackError`."""
    path = directory / "articles.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return {r["id"]: Article(**{k: r[k] for k in ("id", "law", "article", "text") if k in r}) for r in rows}
    except (OSError, json.JSONDecodeError, KeyError, ValidationError) as exc:
        raise PackError(f"{path.name}: 装载不了 / does not load: {exc}", RESTORE) from exc


def load_pack(path: Path) -> Pack:
    """One pack. Raises `PackError` that names file, line and key."""
    return load_toml(path, Pack, PackError)


def load_packs(directories: Sequence[Path]) -> Mapping[Path, Pack]:
    """Every pack of the given directories, shipped first, by file.

    A file replaces the pack of the same file name and id of an earlier directory, and takes its place in the order: so
    a law's new text comes to a station. Raises `PackError` for a pack that does not load, an id used twice, or a basis
    that is not a shipped article.
    """
    articles = load_articles(directories[0])
    found: dict[str, tuple[Path, Pack]] = {}
    for file in (f for d in directories if d.is_dir() for f in sorted(d.glob("*.toml"))):
        pack = load_pack(file)
        if pack.id in found and found[pack.id][0].name != file.name:
            other = found[pack.id][0].name
            raise PackError(
                f"{place(file, ['id'])}: 规则包编号重复 / the pack id {pack.id} is also in {other}",
                "各用各的编号 / give each its own",
            )
        found[pack.id] = (file, pack)
    packs = dict(found.values())
    ids: dict[str, str] = {}
    for file, pack in packs.items():
        for number, clause in enumerate(pack.clause):
            if clause.id in ids:
                where = place(file, ["clause", number, "id"])
                raise PackError(
                    f"{where}: 条款编号重复 / the clause id {clause.id} is also in {ids[clause.id]}",
                    "各用各的编号 / give each its own",
                )
            ids[clause.id] = file.name
            if absent := [b for b in clause.basis if b not in articles]:
                where = place(file, ["clause", number, "basis"])
                raise PackError(
                    f"{where}: 条款依据的法条没有收录 / clause {clause.id} rests on an unknown article: {absent[0]}",
                    "改为随包收录的法条 / name an article that is shipped",
                )
    return packs


def load_regulations(directories: Sequence[Path], enabled: Sequence[str] = ()) -> Regulations:
    """The packs in force: the `enabled` ones in that order, or without any all that are not optional.

    The order decides which clause is cited where several carry a label. Raises `PackError`, also for an enabled pack
    that does not exist.
    """
    files = {pack.id: (file, pack) for file, pack in load_packs(directories).items()}
    if missing := [name for name in enabled if name not in files]:
        raise PackError(f"没有这些规则包 / unknown packs: {', '.join(missing)}", "看 / see `reviewer packs list`")
    chosen = dict.fromkeys(enabled) or [name for name, (_, pack) in files.items() if not pack.optional]
    digest = hashlib.sha256()
    for name in chosen:
        digest.update(files[name][0].read_bytes())
    return Regulations(packs=tuple(files[name][1] for name in chosen), sha256=digest.hexdigest())
