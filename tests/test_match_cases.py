"""What is told of short messages and of titles, against the sample documents; the cases are data."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewer.draft import Draft, Lang
from reviewer.finding import Severity
from reviewer.index import Key, Store
from reviewer.match import Matcher, prepare
from reviewer.normalise import fold
from reviewer.paths import PACKAGE
from reviewer.regulations import load_regulations
from tests.bench.matching.texts import Texts, fitting
from tests.conftest import HashEmbedder

CASES = tomllib.loads((Path(__file__).parent / "cases" / "matching" / "sample.toml").read_text("utf-8"))["case"]
SAMPLES = 12
"""The fitting texts begin with so many sample documents."""


class Alike(HashEmbedder):
    """Every text means the same: what shared words and facts do not prove, nothing else holds back."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, 64) equal unit vectors."""
        return np.eye(1, self.dimension, dtype=np.float32).repeat(len(texts), 0)


@pytest.fixture(scope="module")
def texts() -> Texts:
    """What weights are set on."""
    return fitting()


@pytest.fixture(scope="module")
def store(texts: Texts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample documents."""
    folder, embedder = tmp_path_factory.mktemp("samples"), Alike()
    made = Store.create(folder / "store.db", Key(file=folder / "key"), embedder.identity)
    for document in texts.documents[:SAMPLES]:
        made.add(document, *prepare(document, embedder, made.fingerprint_key))
    yield made
    made.close()


@pytest.fixture(scope="module")
def matcher(texts: Texts, store: Store) -> Matcher:
    """The stage as it ships, but for meaning."""
    return Matcher(store, Alike(), {}, Lang.ZH, (), texts.ordinary)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:16])
def test_what_is_told(matcher: Matcher, case: dict[str, Any]) -> None:
    found = matcher(Draft(text=case["text"]), fold(case["text"]), ()).findings
    assert [f.match.kind.value for f in found if f.match] == case.get("found", []), case["why"]
    worst = max((f.severity for f in found), key=lambda s: s.rank, default=None)
    assert worst == (Severity(case["severe"]) if "severe" in case else None), case["why"]


@pytest.mark.parametrize("pack", ["wechat-party-government", "ansteel-wechat"])
def test_matches_cite_a_pack_in_force(store: Store, pack: str) -> None:
    matcher = Matcher(store, Alike(), load_regulations((PACKAGE / "packs",), (pack,)).citations, Lang.ZH)
    text = "B卷为备用卷，与A卷分车押运"
    [found] = matcher(Draft(text=text), fold(text), ()).findings
    assert found.clause is not None
    assert found.clause.pack == pack
