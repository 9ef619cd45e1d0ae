"""Shared fixtures: an isolated home, a fast embedder that implements the real interface, a small index."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewer.index import Document, Key, Store
from reviewer.match import prepare


class HashEmbedder:
    """Vectors from letter pairs: close for texts that share pairs. For speed; quality is tested with the real one."""

    name = "hash"
    identity = "hash-embedder-1"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, 64) unit vectors."""
        out = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(out, texts, strict=True):
            for i in range(len(text) - 1):
                digest = hashlib.blake2b(text[i : i + 2].encode("utf-8", "replace"), digest_size=4).digest()
                row[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
            norm = np.linalg.norm(row)
            row /= norm if norm else 1
        return out


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a station of its own; weights still come from the shared cache."""
    place = tmp_path / "home"
    monkeypatch.setenv("REVIEWER_HOME", str(place))
    for name in ("LANG", "STORE", "KEY_FILE", "PASSPHRASE", "MANAGING_PASSPHRASE", "JUDGE"):
        monkeypatch.delenv(f"REVIEWER_{name}", raising=False)
    return place


DOCUMENTS = (
    Document(
        doc="41",
        level="机密",
        title="关于调整栎城区地下管廊维护轮值的方案",
        number="栎管密〔2025〕7号",
        text="栎城区地下管廊三号舱自九月起改由夜班巡检，每班六人，携带气体检测仪两台，进舱前在东井口登记，"
        "遇可燃气体浓度超过百分之二立即撤出并电告值班长谌怀远。备用风机存放于旧锅炉房二层，钥匙编号K-319。",
    ),
    Document(
        doc="42",
        level="工作秘密",
        title="枫桥镇夏季用电错峰名单征求意见情况",
        number="枫政办〔2025〕33号",
        text="枫桥镇拟将辖区十七家企业列入夏季错峰用电名单，其中铸造企业五家、塑料制品企业四家，"
        "错峰时段为每日十四时至十七时，压降负荷合计八千六百千瓦，名单在供电所盖章前不对外提供。",
    ),
)


@pytest.fixture
def embedder() -> HashEmbedder:
    """The fast embedder."""
    return HashEmbedder()


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """A key file of its own."""
    return Key(file=tmp_path / "index.key")


@pytest.fixture
def store(tmp_path: Path, key: Key, embedder: HashEmbedder) -> Iterator[Store]:
    """A store with two documents."""
    made = Store.create(tmp_path / "store.db", key, embedder.identity)
    for document in DOCUMENTS:
        made.add(document, *prepare(document, embedder, made.fingerprint_key))
    yield made
    made.close()
