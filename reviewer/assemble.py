"""Putting a review together in a front end: rules run here, the heavy stages run in the engine.

The rules are imported when they are first asked for: compiling them would delay the first key on the screen.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from reviewer import durable
from reviewer.bundle.manifest import Kind
from reviewer.canary import CANARY, Known, Watched, load_canary
from reviewer.draft import Draft, Folded, Lang, Value
from reviewer.engine import LESSON_S, Engine
from reviewer.errors import EngineError, SettingsError
from reviewer.finding import Finding, Severity, Stage
from reviewer.lists import Lists, load_lists
from reviewer.paths import PACKAGE, Home, shipped
from reviewer.prompts import TOPIC, hash_of
from reviewer.regulations import Regulations, load_articles, load_regulations
from reviewer.review import Reviewer, Runner
from reviewer.seal import Seal, current
from reviewer.seal.words import summary
from reviewer.service.lease import Lease
from reviewer.settings import Settings
from reviewer.verdict import StageResult

if TYPE_CHECKING:
    from reviewer.detectors import Detect
    from reviewer.detectors.rule import Rule
    from reviewer.reports.subject import Reviewed, Subject

ADOPT_S = 5.0
"""How long a warm engine may take to say what lies on disk now."""
THOUSANDS = 20
"""Thousands of characters up to which a longer draft has more time; the judge reads no more."""
PARTS = (".py", ".toml", ".jsonl", ".txt")
"""Suffixes of the files the program consists of, besides what is listed in the versions."""
FOLDERS = ("packs", "precedents", "models", "fitted")
STAGES = (Stage.DETECT, Stage.MATCH, Stage.JUDGE)


class Config(Value):
    """Everything an engine needs to know, as values; it travels to the child as its first message."""

    lang: Lang
    judge: str
    embedder: str
    prompts: Path
    models_txt: Path
    packs: tuple[Path, ...]
    """Folders of regulation packs, the shipped one first."""
    enabled_packs: tuple[str, ...] = ()
    """Packs in force by id; empty means all that are not optional."""
    lists: Path
    """Folder of the station's lists, which need not exist."""
    precedents: tuple[Path, ...]
    models: tuple[Path, ...]
    fitted: tuple[Path, ...]
    """Folders of fitted heads, one sub-folder a judge; the first that has them wins."""
    store: Path | None = None
    key_file: Path | None = None
    passphrase: str | None = None
    managing: str | None = None
    """Managing passphrase of a protected store; without it drafts are compared with what reviewing may know."""


def configure(settings: Settings, home: Home, store: Path | None = None, lang: Lang | None = None) -> Config:
    """The engine's configuration: the given store, else the settings', else the station's or a bundle's.

    Raises `SettingsError` where the station has both: one would hide the other.
    """
    there = [s for s in (home.store, *(f / "store.db" for f in home.brought(Kind.INDEX))) if s.exists()]
    if len(there) > 1 and not (store or settings.store):
        raise SettingsError(
            "本站自建的索引和更新包带来的索引并存 / this station has an index of its own and one from a bundle",
            "用 REVIEWER_STORE 指明 / name the one to use in REVIEWER_STORE",
        )
    chosen = store or settings.store or next(iter(there), None)
    return Config(
        lang=lang or settings.lang,
        judge=settings.judge,
        embedder=settings.embedder,
        prompts=shipped("prompts"),
        models_txt=shipped("models.txt"),
        packs=(PACKAGE / "packs", *home.brought(Kind.PACKS), settings.packs_dir or home.packs),
        enabled_packs=settings.packs,
        lists=settings.lists_dir or home.lists,
        precedents=(shipped("prompts") / "precedents", *home.brought(Kind.PRECEDENTS), home.precedents),
        models=home.models,
        fitted=(home.fitted, *home.brought(Kind.HEADS), shipped("prompts") / "fitted"),
        store=chosen,
        key_file=settings.key_file or home.key,
        passphrase=settings.passphrase.get_secret_value() if settings.passphrase else None,
        managing=settings.managing_passphrase.get_secret_value() if settings.managing_passphrase else None,
    )


class Station:
    """A reviewer over one engine: what every front end uses."""

    def __init__(self, config: Config, stages: Sequence[Stage], timeout_s: float) -> None:
        """Nothing is started or read yet; `stages` without match and judge never need the engine."""
        self.config = config
        self._stages = tuple(stages)
        self._timeout_s = timeout_s
        self._taught: tuple[int | None, int] | None = None
        """The engine's process that has judged, and the bytes of the station's precedents, which it has read so."""
        self.engine = Engine({"config": config.model_dump(mode="json")})

    @cached_property
    def regulations(self) -> Regulations:
        """The packs in force. Raises `PackError`."""
        return load_regulations(self.config.packs, self.config.enabled_packs)

    @cached_property
    def detect(self) -> "Detect":
        """The rules' stage, which also runs while a person types. Raises `PackError`, `ListError`."""
        from reviewer.detectors import Detect

        return Detect(self.regulations.citations, self.config.lang, self.lists)

    @cached_property
    def lists(self) -> Lists:
        """The station's lists. Raises `ListError`."""
        from reviewer.detectors import rules

        return load_lists(self.config.lists, [r.id for r in rules()], list(self.regulations.citations))

    @cached_property
    def rules(self) -> Mapping[str, "Rule"]:
        """Every rule by id, the station's own too, and what the judge finds without a clause. Raises `ListError`."""
        from reviewer.detectors import explained
        from reviewer.detectors.rule import Rule

        uncited = Rule(
            id="judge.uncited",
            title="模型判读",
            title_en="The model's judgement",
            flags="很像不该发送的内容，而启用的规范包里没有模型认得的条款",
            ignores="有条款可引用的：写明条款",
            severity=Severity.REVIEW,
            clause=None,
            reason="",
            reason_en="",
            advice="",
            advice_en="",
            source="判读模型",
        )
        return {**explained(self.lists), uncited.id: uncited}

    def subject(self, reviewed: Sequence["Reviewed"], unreadable: Sequence[str] = ()) -> "Subject":
        """What a report of these reviews is made from, and what it names that gave no draft. Raises `PackError`."""
        from reviewer.reports.subject import Subject

        return Subject(
            reviewed=tuple(reviewed),
            lang=self.config.lang,
            clauses=self.regulations.by_id,
            articles=load_articles(self.config.packs[0]),
            rules=self.rules,
            made=datetime.now().astimezone(),
            unreadable=tuple(unreadable),
        )

    @cached_property
    def reviewer(self) -> Reviewer:
        """The pipeline: the rules here, the rest in the engine."""
        runners: dict[Stage, Runner] = {}
        if Stage.DETECT in self._stages:
            runners[Stage.DETECT] = Watched(self.detect, self._known, self.config.lang)
        runners.update({stage: self._remote(stage) for stage in self.heavy})
        return Reviewer(runners, self.versions)

    def _known(self) -> list[tuple[Runner, Known]]:
        """Bad drafts must be found in spite of the station's lists; good ones are judged without them."""
        from reviewer.detectors import Detect

        canary = load_canary(self.config.prompts)
        plain = Detect(self.regulations.citations, self.config.lang)
        return [*((self.detect, k) for k in canary.bad_rules), *((plain, k) for k in canary.good_rules)]

    def warm(self) -> None:
        """Start the engine; a failure is not raised here but leaves its stages unfinished."""
        with contextlib.suppress(EngineError):
            self.engine.start()

    @property
    def heavy(self) -> tuple[Stage, ...]:
        """The stages of this review that need the engine; match is one only where there is a store."""
        possible = (Stage.MATCH, Stage.JUDGE) if self.config.store else (Stage.JUDGE,)
        return tuple(stage for stage in possible if stage in self._stages)

    def adopt(self, lease: Lease) -> bool:
        """Use a warm engine if it would say what our own would: same program, settings and files. Else give it back."""
        same = lease.identity == self.identity()
        if same:
            self.engine.adopt(lease, lease.hello)
            with contextlib.suppress(EngineError):
                now = self.engine.request("describe", {}, ADOPT_S)
                if now["versions"] == lease.hello["versions"]:
                    return True
            self.engine.close()
        else:
            lease.wait()
        return False

    def identity(self) -> str:
        """SHA-256 over all that an engine is started from but its versions: program, settings, rules, which store.

        Raises `PromptError` where a file of the program is not there.
        """
        paths = {k: str(v.absolute()) for k, v in self.config if isinstance(v, Path)}
        folders = {k: [str(f.absolute()) for f in v] for k, v in self.config if k in FOLDERS}
        store = self.config.store.stat() if self.config.store else None
        seen = (
            {**self.config.model_dump(mode="json"), **paths, **folders},
            rules_hash(self.regulations, self.lists),
            program_hash(),
            *(hash_of(f) for f in (self.config.models_txt, *(self.config.prompts / name for name in (CANARY, TOPIC)))),
            (store.st_dev, store.st_ino) if store else None,
        )
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode("ascii")).hexdigest()

    def versions(self) -> dict[str, str]:
        """Hashes of everything that decides: the rules here, the rest as the engine verified it; and the seal."""
        known: dict[str, str] = self.engine.hello.get("versions", {})
        engine = {name: version for name, version in known.items() if name != "index" or Stage.MATCH in self.heavy}
        rules = f"sha256:{rules_hash(self.regulations, self.lists)}"
        return {"rules": rules, **engine, "seal": summary(*self.seals())}

    def seals(self) -> tuple[Seal | None, ...]:
        """The seals of this process and, where one is needed, of the engine; none where there is no seal."""
        if not self.heavy:
            return (current(),)
        said = self.engine.hello.get("seal")
        return current(), Seal(**said) if said else None

    def topic(self, text: str) -> str:
        """What a part of a draft is about, in the model's words. Raises `EngineError` and `Cancelled`."""
        return str(self.engine.request("topic", {"text": text}, self._timeout_s).get("topic", ""))

    def _remote(self, stage: Stage) -> Runner:
        def run(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
            payload = {
                "stage": stage.value,
                "packs": self.regulations.sha256,
                "draft": draft.model_dump(mode="json"),
                "earlier": [f.model_dump(mode="json") for f in earlier],
            }
            thousands = min(max(1.0, len(draft.text) / 1000), THOUSANDS)
            size = durable.size(self.config.precedents[-1])
            taught = self.engine.running and self._taught == (self.engine.pid, size)
            learning = LESSON_S * size if stage is Stage.JUDGE and not taught else 0.0
            answer = self.engine.request("stage", payload, self._timeout_s * thousands + learning)
            versions = answer.pop("versions", {})
            self.engine.note({k: v for k, v in versions.items() if (k == "index") is (stage is Stage.MATCH)})
            if stage is Stage.JUDGE:
                self._taught = self.engine.pid, size
            try:
                return StageResult(**answer)
            except (ValidationError, TypeError) as exc:
                raise EngineError("引擎的回答不是检查结果 / the engine's answer is no result of a stage") from exc

        return run


def rules_hash(regulations: Regulations, lists: Lists) -> str:
    """SHA-256 over the detectors' and the folding's code, the packs in force and the station's lists."""
    digest = hashlib.sha256((regulations.sha256 + lists.sha256).encode())
    for file in (f for part in ("normalise", "detectors") for f in sorted((PACKAGE / part).glob("*.[pt]*"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def program_hash() -> str:
    """SHA-256 over the program's own code and data, so that an engine of another version is told from ours."""
    digest = hashlib.sha256()
    for file in sorted(f for f in PACKAGE.rglob("*.*") if f.suffix in PARTS):
        digest.update(file.read_bytes())
    return digest.hexdigest()
