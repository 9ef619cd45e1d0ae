"""A station's own lists: protected words, phrases it allows, rules it adds; TOML files in one folder.

Every mistake is an error at load that names file and line. Patterns run on RE2, whose time is linear in the text, and
each carries cases that must hold. The format is explained in `docs/lists.md`.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import re2
from pydantic import Field, model_validator

from reviewer.draft import Value
from reviewer.errors import ListError
from reviewer.finding import Severity
from reviewer.located import load_toml, place
from reviewer.normalise import fold
from reviewer.normalise.letters import plain_letters

MAX_RULES = 500
_MEMORY = 8 << 20
"""Bytes that one compiled pattern may take."""


class Word(Value):
    """A code name or protected word; who put it there, and how severe its appearance is."""

    text: str = Field(min_length=2, max_length=60)
    kind: Literal["code-name", "protected"] = "code-name"
    owner: str = Field(min_length=2)
    severity: Severity = Severity.BLOCK
    clause: str | None = None
    fuzzy: bool = True
    """Also found misspelt: the same sounds from three letters on, one wrong letter from six, two from ten."""

    @cached_property
    def letters(self) -> str:
        """What is compared: letters and digits of the folded word."""
        return plain_letters(fold(self.text).text)

    @model_validator(mode="after")
    def _has_letters(self) -> "Word":
        if len(self.letters) < 2:
            raise ValueError("词语至少两个字 / a word needs two letters or digits")
        return self


class Allowed(Value):
    """A phrase the station lets pass in one context until a day; what lies outside the phrase is not touched."""

    phrase: str = Field(min_length=2, max_length=120)
    context: str = Field(min_length=2, max_length=60)
    """Words that must stand within 40 characters of the phrase."""
    owner: str = Field(min_length=2)
    expires: date
    """The last day on which it holds."""
    rule: str | None = None
    """Only findings of this rule; without it those of every rule."""


class UserRule(Value):
    """A rule of the station: a pattern in RE2 syntax, searched in the folded text."""

    id: str = Field(pattern=r"^local\.[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(min_length=2)
    pattern: str = Field(min_length=2, max_length=2000)
    severity: Severity = Severity.REVIEW
    clause: str | None = None
    reason: str = Field(min_length=2)
    advice: str = ""
    owner: str = Field(min_length=2)
    flag: tuple[str, ...] = Field(min_length=1)
    ignore: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def compiled(self) -> Any:
        """The pattern. Raises `re2.error`."""
        options = re2.Options()
        options.max_mem, options.log_errors = _MEMORY, False
        return re2.compile(self.pattern, options)

    @model_validator(mode="after")
    def _holds(self) -> "UserRule":
        """The pattern compiles, matches something, and its cases hold."""
        try:
            found = self.compiled
        except re2.error as exc:
            why = exc.args[0].decode("utf-8", "replace") if isinstance(exc.args[0], bytes) else str(exc)
            raise ValueError(f"pattern: 正则写错了 / {why}") from exc
        if found.search("") is not None:
            raise ValueError("pattern: 连空文本都匹配 / it matches even an empty text")
        if missed := [t for t in self.flag if not found.search(fold(t).text)]:
            raise ValueError(f"flag: 没有匹配 / the pattern misses {missed[0]!r}")
        if wrong := [t for t in self.ignore if found.search(fold(t).text)]:
            raise ValueError(f"ignore: 误匹配 / the pattern finds {wrong[0]!r}")
        return self


class ListFile(Value):
    """One file of lists."""

    word: tuple[Word, ...] = ()
    allow: tuple[Allowed, ...] = ()
    rule: tuple[UserRule, ...] = ()


class Lists(Value):
    """All lists of a station, with the hash of their files."""

    words: tuple[Word, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    rules: tuple[UserRule, ...] = ()
    sha256: str = hashlib.sha256().hexdigest()

    def in_force(self, today: date) -> tuple[Allowed, ...]:
        """The allowed phrases that have not expired."""
        return tuple(a for a in self.allowed if today <= a.expires)


def load_lists(directory: Path, known_rules: Sequence[str] = (), known_clauses: Sequence[str] = ()) -> Lists:
    """Every `*.toml` of the folder; without a folder no lists.

    `known_rules` and `known_clauses`, where given, are the ids that entries may name. Raises `ListError`.
    """
    files = (
        {f: load_toml(f, ListFile, ListError) for f in sorted(directory.glob("*.toml"))} if directory.is_dir() else {}
    )
    digest = hashlib.sha256()
    own: dict[str, str] = {}
    for file, lists in files.items():
        digest.update(file.read_bytes())
        for number, rule in enumerate(lists.rule):
            if rule.id in own:
                raise ListError(
                    f"{place(file, ['rule', number, 'id'])}: 规则重复 / the rule {rule.id} is also in {own[rule.id]}"
                )
            own[rule.id] = file.name
    for file, lists in files.items():
        for number, allowed in enumerate(lists.allow):
            if known_rules and allowed.rule not in (None, *known_rules, *own):
                raise ListError(
                    f"{place(file, ['allow', number, 'rule'])}: 没有这条规则 / there is no rule {allowed.rule}"
                )
        named = [("word", n, w.clause) for n, w in enumerate(lists.word)]
        named += [("rule", n, r.clause) for n, r in enumerate(lists.rule)]
        for kind, number, clause in named:
            if known_clauses and clause not in (None, *known_clauses):
                raise ListError(f"{place(file, [kind, number, 'clause'])}: 没有这个条款 / there is no clause {clause}")
    if len(own) > MAX_RULES:
        raise ListError(f"{directory.name}: 规则太多 / more than {MAX_RULES} rules")
    return Lists(
        words=tuple(w for lists in files.values() for w in lists.word),
        allowed=tuple(a for lists in files.values() for a in lists.allow),
        rules=tuple(r for lists in files.values() for r in lists.rule),
        sha256=digest.hexdigest(),
    )
