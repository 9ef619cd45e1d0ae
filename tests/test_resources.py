"""What the engine's child holds, over the real heads and precedents; no weights are loaded."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reviewer import resources as resources_
from reviewer.assemble import STAGES, Config, Station, configure
from reviewer.draft import Channel, Draft
from reviewer.errors import EngineError, ModelError, StoreError
from reviewer.finding import Stage
from reviewer.index import Document, Key, Store
from reviewer.judge.heads import load
from reviewer.judge.states import Read
from reviewer.later import Later
from reviewer.match import Matcher, prepare
from reviewer.models import Catalogue
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.precedents import Precedent, append, remove
from reviewer.regulations import load_articles
from reviewer.resources import Resources
from reviewer.settings import Settings
from reviewer.verdict import Decision
from reviewer.worker import Worker
from tests.conftest import HashEmbedder
from tests.judging import Reads


@pytest.fixture
def config(home: Path) -> Config:
    """A station's configuration without a place for weights."""
    return configure(Settings(), Home(home)).model_copy(update={"models": ()})


def harmless(text: str, name: str = "s-1", channel: Channel = Channel.EMAIL) -> Precedent:
    """A precedent of the station."""
    return Precedent(id=name, channel=channel, text=text, verdict=Decision.PASS, reason="食堂菜单，公开")


def add(config: Config, made: Sequence[Precedent]) -> None:
    """Add precedents to the station's file."""
    append(config.precedents[-1], made)


def test_versions_are_those_on_disk_now(config: Config) -> None:
    """A warm engine is told from one that has read what was added since."""
    resources = Resources(config)
    assert resources.library.precedents
    before = resources.describe(on_disk=True)["versions"]
    assert resources.describe(on_disk=True)["versions"] == before
    add(config, [harmless("明天食堂改吃包子和小米粥")])
    after = resources.describe(on_disk=True)["versions"]
    assert {name for name in before if before[name] != after[name]} == {"precedents"}


def test_versions_name_the_precedents_that_are_judged_by(config: Config) -> None:
    """Those added between the engine's opening and the first use of its library are not judged by until `forget`."""
    resources = Resources(config)
    said = resources.describe()["versions"]["precedents"]
    add(config, [harmless("明天食堂改吃包子和小米粥")])
    assert (said, resources.own) == (f"sha256:{resources.library.sha256}", ())
    assert resources.describe()["versions"]["precedents"] == said
    resources.forget()
    assert resources.describe()["versions"]["precedents"] != said
    assert [p.id for p in resources.own] == ["s-1"]


def test_versions_name_the_prompts_that_drafts_were_read_in(config: Config, tmp_path: Path) -> None:
    """Changed on disk while an engine lives, they are told on disk only."""
    prompts = tmp_path / "prompts"
    shutil.copytree(config.prompts, prompts, ignore=shutil.ignore_patterns("precedents", "fitted"))
    resources = Resources(config.model_copy(update={"prompts": prompts}))
    before = resources.describe()["versions"]
    frame = prompts / "judge.toml"
    frame.write_text(frame.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert resources.describe()["versions"] == before
    assert resources.describe(on_disk=True)["versions"]["prompts"] != before["prompts"]


@pytest.mark.parametrize("other", ["frame", "embedder"])
def test_heads_that_were_fitted_otherwise_are_not_used(
    config: Config, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    resources = Resources(config)
    fitted = resources.heads.fitted
    embedder = HashEmbedder()
    embedder.identity = fitted.embedder_sha256 if other == "frame" else "another"
    monkeypatch.setattr(resources, "_embedder", Later(lambda: embedder))
    monkeypatch.setattr(resources, "_rows", Later(lambda: None))
    if other == "frame":
        resources.__dict__["frame_sha256"] = "another"
    with pytest.raises(ModelError, match="another prompt frame or embedder"):
        _ = resources.reading


def test_shipped_heads_of_which_a_byte_differs_are_not_used(config: Config, tmp_path: Path) -> None:
    fitted = Path(shutil.copytree(config.fitted[-1], tmp_path / "fitted"))
    place = fitted / config.judge / "heads.safetensors"
    data = bytearray(place.read_bytes())
    data[-1] ^= 1
    place.write_bytes(data)
    assert load(place).fitted.judge == config.judge
    with pytest.raises(ModelError, match="is not the listed file"):
        _ = Resources(config.model_copy(update={"fitted": (fitted,)})).heads


def test_the_shipped_heads_fit_the_shipped_frame_and_the_default_embedder(config: Config) -> None:
    resources = Resources(config)
    embedder = Catalogue.load(config.models_txt).named(config.embedder)
    resources.heads.fitted.need_read_as(resources.frame_sha256, embedder.sha256)


def test_the_matcher_reads_the_precedents_again(
    config: Config, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Harmless precedents show it how people write."""
    ordinary: list[Sequence[str]] = []

    class Watched(Matcher):
        def __init__(self, *given: Any) -> None:
            ordinary.append(given[-1])
            super().__init__(*given)

    monkeypatch.setattr(resources_, "Matcher", Watched)
    resources = Resources(config.model_copy(update={"store": store.path, "key_file": key.file}))
    monkeypatch.setattr(resources, "_embedder", Later(HashEmbedder))
    text = "明天食堂改吃包子和小米粥"
    assert resources.matcher
    add(config, [harmless(text)])
    resources.forget()
    assert resources.matcher
    assert [text in o for o in ordinary] == [False, True]
    assert list(ordinary[1]) == [*ordinary[0], text]
    assert len(ordinary[0]) == resources_.ORDINARY


def matching(config: Config, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch) -> Resources:
    """What an engine over that store holds."""
    resources = Resources(config.model_copy(update={"store": store.path, "key_file": key.file}))
    monkeypatch.setattr(resources, "_embedder", Later(HashEmbedder))
    return resources


def test_a_blind_matcher_lets_nothing_pass_and_says_why(
    config: Config, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of what the store holds must be found before anything else is compared with it."""
    text = "明天食堂改吃包子和小米粥"
    seeing = matching(config, store, key, monkeypatch).matcher
    assert seeing(Draft(text=text), fold(text), ()).unfinished == ()
    monkeypatch.setattr(Matcher, "weigh", lambda *given: [])
    (said,) = matching(config, store, key, monkeypatch).matcher(Draft(text=text), fold(text), ()).unfinished
    assert (said.stage, said.reason.split("：")[0]) == (Stage.MATCH, "自检没有通过")


def test_a_documents_words_are_for_the_managing_passphrase(
    config: Config, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources = matching(config, store, key, monkeypatch)
    with pytest.raises(StoreError, match="管理口令"):
        resources.overlap("41", "携带气体检测仪两台")
    resources._config = resources._config.model_copy(update={"managing": "一二三四"})
    found = resources.overlap("41", "携带气体检测仪两台")
    assert [found.excerpt[slice(*s.there)] for s in found.same] == ["携带气体检测仪两台"]
    with pytest.raises(StoreError, match="已没有"):
        resources.overlap("43", "携带气体检测仪两台")


def test_a_store_of_public_or_short_texts_is_asked_for_no_copy(
    tmp_path: Path, config: Config, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public words are nobody's secret, and a short one's copy is a matter of judgement."""
    store = Store.create(tmp_path / "public.db", key, HashEmbedder.identity)
    law = next(a.text for a in load_articles(config.packs[0]).values() if len(a.text) > 200)
    embedder = HashEmbedder()
    for number, text in enumerate((law, "周三下午交接班")):
        document = Document(doc=f"d-{number}", title=f"无题{number}", level="工作秘密", number="", text=text)
        store.add(document, *prepare(document, embedder, store.fingerprint_key))
    matcher = matching(config, store, key, monkeypatch).matcher
    assert matcher.prove() == ()
    assert matching(config, store, key, monkeypatch)._plain_match().known() is None  # type: ignore[union-attr]


def test_a_lesson_is_read_once_for_each_channel(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is told the channel with the text, so that what it reads depends on both."""
    resources = Resources(config)
    evidence, embeddings = resources.heads.evidence, resources.heads.embeddings
    asked: list[Channel] = []

    def read(text: str, channel: Channel) -> Read:
        asked.append(channel)
        return Read(np.zeros((2, 1, len(evidence)), np.float32), (0,), embeddings[0])

    monkeypatch.setitem(resources.__dict__, "reading", read)
    text = "明天食堂改吃包子和小米粥"
    for channel in (Channel.EMAIL, Channel.MOMENTS, Channel.EMAIL):
        resources.teach([harmless(text, channel=channel)], frozenset())
    assert asked == [Channel.EMAIL, Channel.MOMENTS]


def unread(config: Config, monkeypatch: pytest.MonkeyPatch) -> Resources:
    """What an engine holds that finds all texts alike, and unlike any that ships."""
    resources = Resources(config)
    width, embedding = len(resources.heads.evidence), -resources.heads.embeddings[0]
    read = lambda text, channel: Read(np.zeros((2, 1, width), np.float32), (0,), embedding)  # noqa: E731
    monkeypatch.setitem(resources.__dict__, "reading", Reads(read))
    return resources


def test_a_station_precedent_that_another_would_flip_is_named(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named like a shipped one, unless it is what is taken away."""
    add(config, [harmless("明天食堂改吃包子和小米粥"), harmless("后天食堂改吃面条和小米粥", "s-2")])
    resources = unread(config, monkeypatch)
    text = "大后天食堂改吃饺子和小米粥"
    leak = Precedent(
        id="s-3",
        channel=Channel.EMAIL,
        text=text,
        labels=("wx-5",),
        verdict=Decision.REVIEW,
        evidence=(text,),
        reason="透露未定方案",
    )
    flips = resources.teach([leak], frozenset(["s-2"]))["flips"]
    assert [f for f in flips if f["id"].startswith("s-")] == [{"id": "s-1", "flagged": True, "right": False}]
    assert resources.teach([], frozenset())["flips"] == []


def test_a_station_precedent_is_shown_beside_drafts_at_once(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "明天食堂改吃包子和小米粥"
    resources = unread(config, monkeypatch)

    def nearest() -> list[str]:
        judgement = resources.judge(Draft(text=text), fold(text), ()).judgement
        assert judgement is not None
        return [n.id for n in judgement.neighbours]

    first = nearest()
    assert len(first) == 3
    add(config, [harmless(text)])
    resources.forget()
    assert "s-1" in nearest()
    remove(config.precedents[-1], ["s-1"])
    resources.forget()
    assert nearest() == first


def test_what_another_process_adds_or_takes_away_is_judged_by_at_once(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`reviewer precedents` changes the file while a screen or `reviewer watch` is open."""
    text = "明天食堂改吃包子和小米粥"
    resources = unread(config, monkeypatch)
    monkeypatch.setattr(resources, "_contexts", list)

    def nearest() -> list[str]:
        judgement = resources.runner(Stage.JUDGE)(Draft(text=text), fold(text), ()).judgement
        assert judgement is not None
        return [n.id for n in judgement.neighbours]

    first, version = nearest(), resources.describe()["versions"]["precedents"]
    judge = resources.judge
    assert resources.runner(Stage.JUDGE) is judge
    add(config, [harmless(text)])
    assert "s-1" in nearest()
    assert resources.describe()["versions"]["precedents"] != version
    remove(config.precedents[-1], ["s-1"])
    assert nearest() == first
    assert resources.describe()["versions"]["precedents"] == version


def test_a_record_names_the_index_that_was_looked_into(
    config: Config, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one that was made while a draft was compared."""
    resources = matching(config, store, key, monkeypatch)
    looked = resources.store.version
    assert resources.runner(Stage.MATCH)
    store.remove(store.documents()[0].document.doc)
    assert resources.store.version != looked
    assert resources.describe()["versions"]["index"] == looked
    assert resources.describe(on_disk=True)["versions"]["index"] == resources.store.version
    assert resources.runner(Stage.MATCH)
    assert resources.describe()["versions"]["index"] == resources.store.version


def test_an_index_that_was_replaced_is_opened_anew(
    tmp_path: Path, config: Config, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection stays on the file it opened, and `reviewer index import` puts another in its place."""
    resources = matching(config, store, key, monkeypatch)
    first = resources.runner(Stage.MATCH)
    assert resources.runner(Stage.MATCH) is first
    other = Store.create(tmp_path / "other.db", key, HashEmbedder.identity)
    text = (
        "榆树湾净水厂二号取水口冬季检修期间改由东坝泵站供水，每日供水量压减三成，居民区错峰停水两小时，公布前不得外传"
    )
    document = Document(doc="d-9", title="供水方案", level="工作秘密", number="", text=text)
    other.add(document, *prepare(document, HashEmbedder(), other.fingerprint_key))
    version = other.version
    other.close()
    (tmp_path / "other.db").replace(store.path)
    found = resources.runner(Stage.MATCH)(Draft(text=text), fold(text), ()).findings
    assert any(f.match and f.match.doc == "d-9" for f in found)
    assert resources.describe()["versions"]["index"] == version
    store.path.unlink()
    with pytest.raises(StoreError):
        resources.runner(Stage.MATCH)
    assert "index" not in resources.describe(index=False)["versions"]
    with pytest.raises(StoreError):
        resources.describe()


def test_packs_that_were_changed_after_the_start_decide_nothing(config: Config, tmp_path: Path) -> None:
    """The record names those that the front end has read."""
    packs = Path(shutil.copytree(config.packs[0], tmp_path / "packs"))
    resources = Resources(config.model_copy(update={"packs": (packs,)}))
    known = resources.regulations.sha256
    Worker._agree(resources, known)
    changed = packs / "wechat-party-government.toml"
    changed.write_text(changed.read_text("utf-8") + "\n# changed\n", "utf-8")
    Worker._agree(resources, known)
    add(config, [harmless("明天食堂改吃包子和小米粥")])
    resources._follow()
    Worker._agree(resources, known)
    resources.forget()
    with pytest.raises(EngineError, match="the packs were changed"):
        Worker._agree(resources, known)
    Worker._agree(resources, resources.regulations.sha256)


def test_an_index_of_no_bytes_is_not_passed_over(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert Stage.MATCH not in Station(configure(Settings(), home), STAGES, 5.0).heavy
    home.store.touch()
    assert Stage.MATCH in Station(configure(Settings(), home), STAGES, 5.0).heavy
