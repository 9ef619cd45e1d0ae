"""Matching without the texts: what a station may find that cannot read its index."""

import contextlib
import random
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from reviewer.assemble import configure
from reviewer.draft import Channel, Lang
from reviewer.finding import Finding, MatchKind, Severity, Stage
from reviewer.index import Document, Key, Store
from reviewer.later import Later
from reviewer.match import prepare
from reviewer.match.examined import LIMIT
from reviewer.match.sealed import SealedMatcher
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.readers import from_text
from reviewer.resources import Resources
from reviewer.review import Reviewer
from reviewer.settings import Settings
from reviewer.verdict import Decision
from tests.conftest import DOCUMENTS, HashEmbedder

PUBLIC = "机关、单位应当加强对保密工作的领导，健全保密制度，完善保密防护措施。"
DOCUMENT = DOCUMENTS[0].text


FOREIGN = "三号机房的Infrastructure-Monitoring模块自九月起由夜班值守。"


@pytest.fixture
def sealed(tmp_path: Path, key: Key, embedder: HashEmbedder) -> Iterator[SealedMatcher]:
    """The stage over a protected store opened for reviewing."""
    made = Store.create(tmp_path / "sealed.db", key, embedder.identity, managing="一二三四")
    for document in (
        *DOCUMENTS,
        DOCUMENTS[0].model_copy(update={"doc": "43", "text": PUBLIC, "title": "", "number": ""}),
        DOCUMENTS[0].model_copy(update={"doc": "44", "text": FOREIGN, "title": "", "number": ""}),
    ):
        made.add(document, *prepare(document, embedder, made.fingerprint_key))
    made.close()
    store = Store.open(tmp_path / "sealed.db", key)
    assert not store.readable
    yield SealedMatcher(store, embedder, {}, Lang.EN, [PUBLIC])
    store.close()


def found(matcher: SealedMatcher, text: str) -> tuple[Finding, ...]:
    """The findings for a draft."""
    return matcher(from_text(text, Channel.EMAIL), fold(text), ()).findings


@pytest.mark.parametrize("length", [12, 13, 15, 20, 40])
def test_a_copy_of_twelve_letters_is_always_found(sealed: SealedMatcher, length: int) -> None:
    for start in range(len(DOCUMENT) - length - 8):
        letters = [i for i in range(start, len(DOCUMENT)) if DOCUMENT[i].isalnum()][:length]
        text = f"转：{DOCUMENT[letters[0] : letters[-1] + 1]}。"
        named = [f for f in found(sealed, text) if f.match and f.match.doc == "41"]
        assert named, text
        if length >= 20:
            assert named[0].severity is Severity.BLOCK
            assert named[0].rule == "match.verbatim"


def test_a_foreign_word_is_nobodys_own(sealed: SealedMatcher) -> None:
    assert found(sealed, "下周学习Infrastructure-Monitoring这个词怎么读") == ()
    assert [f.match.doc for f in found(sealed, f"转：{FOREIGN[:28]}") if f.match] == ["44"]


def test_the_public_name_in_a_title_is_no_copy(tmp_path: Path, key: Key, embedder: HashEmbedder) -> None:
    title = "2025年全市初中学业水平考试试卷印制保管工作细则"
    document = DOCUMENTS[0].model_copy(update={"title": title, "text": f"{title}\n\n{DOCUMENT}"})
    made = Store.create(tmp_path / "sealed.db", key, embedder.identity, managing="一二三四")
    made.add(document, *prepare(document, embedder, made.fingerprint_key))
    made.close()
    with contextlib.closing(Store.open(tmp_path / "sealed.db", key)) as store:
        matcher = SealedMatcher(store, embedder, {}, Lang.EN)
        assert found(matcher, "2025年全市初中学业水平考试报名开始。") == ()
        assert [f.rule for f in found(matcher, f"{title}发我")] == ["match.title"]


def test_titles_and_numbers(sealed: SealedMatcher) -> None:
    for text, kind in (
        ("《关于调整栎城区地下管廊维护轮值的方案》下来了吗", MatchKind.TITLE),
        ("栎城区地下管廊维护轮值方案呢", MatchKind.TITLE),
        ("栎管密[2025]第7号收到", MatchKind.NUMBER),
        ("栎管密〔2025〕17号收到", None),
        ("看栎管密二〇二五", None),
    ):
        kinds = {f.match.kind for f in found(sealed, text) if f.match}
        assert kinds == ({kind} if kind else set()), text


def test_public_and_ordinary_words_are_not_findings(sealed: SealedMatcher) -> None:
    for text in (PUBLIC, "地下管廊今天巡检，天气不错。", "错峰用电请大家配合", "", "🙂"):
        assert found(sealed, text) == (), text


def test_what_lies_behind_the_limit_is_not_examined_and_does_not_pass(sealed: SealedMatcher) -> None:
    reviewer = Reviewer({Stage.MATCH: sealed}, dict)
    for end, decision, unfinished in (("", Decision.PASS, []), (DOCUMENT, Decision.REVIEW, [Stage.MATCH])):
        review = reviewer.review(from_text("\n" * LIMIT + end, Channel.EMAIL))
        assert review.decision is decision
        assert [u.stage for u in review.unfinished] == unfinished


def versions(place: Path, key: Key, texts: list[str]) -> Store:
    """A protected store of these documents, opened for reviewing."""
    embedder = HashEmbedder()
    made = Store.create(place / "versions.db", key, embedder.identity, managing="一二三四")
    for n, text in enumerate(texts):
        document = Document(doc=f"v{n}", level="机密", text=text)
        made.add(document, *prepare(document, embedder, made.fingerprint_key))
    made.close()
    return Store.open(made.path, key)


def test_a_document_in_four_versions_is_still_found(tmp_path: Path, key: Key, embedder: HashEmbedder) -> None:
    texts = [f"{DOCUMENT}第{n}稿于{n + 2}月送审。" for n in range(4)]
    with contextlib.closing(versions(tmp_path, key, texts)) as store:
        (first, *_) = found(SealedMatcher(store, embedder, {}, Lang.EN), f"转：{DOCUMENT[10:60]}")
        assert (first.rule, first.severity) == ("match.verbatim", Severity.BLOCK)


def test_what_three_unlike_documents_share_is_boilerplate(tmp_path: Path, key: Key, embedder: HashEmbedder) -> None:
    rng = random.Random(3)
    others = ["".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(150)) for _ in range(3)]
    shared = "凡借阅旧锅炉房图样者先到值班长处登记再领取，用毕当日交回，不得转借"
    for count, rules in ((2, {"match.verbatim"}), (3, set())):
        (tmp_path / str(count)).mkdir()
        with contextlib.closing(versions(tmp_path / str(count), key, [t + shared for t in others[:count]])) as store:
            matcher = SealedMatcher(store, embedder, {}, Lang.EN)
            assert {f.rule for f in found(matcher, shared[5:-5]) if f.rule != "match.paraphrase"} == rules


def test_an_excerpt_of_two_documents_says_what_it_inherits(sealed: SealedMatcher) -> None:
    draft = f"{DOCUMENT[:40]}。另：{DOCUMENTS[1].text[:40]}。"
    first, *others = found(sealed, draft)
    assert "2 documents are drawn on: excerpts inherit the highest level, 机密" in first.reason
    assert others
    assert not any("inherit" in f.reason for f in others)
    assert not any("inherit" in f.reason for f in found(sealed, DOCUMENT[:40]))


@pytest.mark.parametrize(
    "registered",
    [
        "栎办发字〔2025〕3号",
        "栎办发〔2025〕3号",
        "栎办发字[2025年]第003号",
        "栎办发［2025］3号",
        "栎办发﹝2025﹞3号",
        "栎办发〖2025〗3号",
        "栎办发〔2025〕 3号",
        "櫟辦發〔２０２５〕３號",
    ],
)
def test_a_number_is_found_with_and_without_its_character(
    tmp_path: Path, key: Key, embedder: HashEmbedder, registered: str
) -> None:
    document = DOCUMENTS[0].model_copy(update={"number": registered})
    made = Store.create(tmp_path / "sealed.db", key, embedder.identity, managing="一二三四")
    made.add(document, *prepare(document, embedder, made.fingerprint_key))
    made.close()
    with contextlib.closing(Store.open(tmp_path / "sealed.db", key)) as store:
        matcher = SealedMatcher(store, embedder, {}, Lang.EN)
        for text in ("栎办发字〔2025〕3号收到", "栎办发〔2025〕3号收到", "栎办发字2025年第3号收到"):
            assert [f.rule for f in found(matcher, text)] == ["match.number"], text


def test_a_store_that_kept_the_character_of_a_number_finds_it(
    tmp_path: Path, key: Key, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = DOCUMENTS[0].model_copy(update={"number": "栎办发字〔2025〕3号"})
    made = Store.create(tmp_path / "sealed.db", key, embedder.identity, managing="一二三四")
    with monkeypatch.context() as earlier:
        earlier.setattr(import_module("reviewer.match.titles"), "REGISTERED", re.compile(r"(\D+?)(\d{4})(\d+)号"))
        made.add(document, *prepare(document, embedder, made.fingerprint_key))
    made.close()
    with contextlib.closing(Store.open(tmp_path / "sealed.db", key)) as store:
        matcher = SealedMatcher(store, embedder, {}, Lang.EN)
        for text in ("栎办发字〔2025〕3号收到", "栎办发〔2025〕3号收到"):
            assert [f.rule for f in found(matcher, text)] == ["match.number"], text


@pytest.mark.parametrize("managing", [None, "一二三四"])
def test_the_engine_has_the_texts_only_with_the_managing_passphrase(
    tmp_path: Path, key: Key, embedder: HashEmbedder, sealed: SealedMatcher, managing: str | None
) -> None:
    config = configure(Settings(), Home.from_environment(), tmp_path / "sealed.db")
    resources = Resources.__new__(Resources)
    resources._config = config.model_copy(update={"key_file": key.file, "managing": managing})
    resources._matcher = None
    resources._embedder = Later(lambda: embedder)  # type: ignore[assignment,arg-type]
    text = f"转：{DOCUMENT[:40]}"
    rules = {f.rule for f in resources.matcher(from_text(text, Channel.EMAIL), fold(text), ()).findings}
    assert "match.verbatim" in rules
    assert isinstance(resources._plain_match(), SealedMatcher) is (managing is None)
    resources.store.close()
