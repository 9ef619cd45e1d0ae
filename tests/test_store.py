"""The encrypted store: round trips, keys, damage, interruption, two writers."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewer.audit.line import CODE
from reviewer.errors import StoreError, StoreLocked
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.conftest import DOCUMENTS, HashEmbedder


def test_round_trip_and_replacement(store: Store, embedder: HashEmbedder) -> None:
    assert [d.document for d in store.documents()] == list(DOCUMENTS)
    before = store.stats()
    assert not store.add(DOCUMENTS[0], *prepare(DOCUMENTS[0], embedder, store.fingerprint_key))
    assert store.stats() == before
    changed = DOCUMENTS[0].model_copy(update={"text": DOCUMENTS[0].text[:40]})
    assert store.add(changed, *prepare(changed, embedder, store.fingerprint_key))
    assert store.stats()["documents"] == 2
    assert store.stats()["generation"] == before["generation"] + 1
    assert store.remove("41")
    assert not store.remove("41")
    store.verify()


def test_its_version_can_stand_in_the_audit_log(store: Store) -> None:
    assert CODE.fullmatch(store.version)


def test_the_file_is_encrypted_and_private(store: Store) -> None:
    data = store.path.read_bytes()
    assert not data.startswith(b"SQLite")
    for document in DOCUMENTS:
        for words in (document.text[:8], document.title[:6], document.doc + document.level):
            assert words.encode() not in data
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_wrong_and_missing_keys(store: Store, tmp_path: Path) -> None:
    store.close()
    other = tmp_path / "other.key"
    other.write_bytes(b"k" * 32)
    for key, words in (
        (Key(file=other), "does not open with this key"),
        (Key(file=tmp_path / "none.key"), "cannot be read"),
        (Key(), "no key"),
    ):
        with pytest.raises(StoreLocked, match=words):
            Store.open(store.path, key)


def test_a_passphrase_opens_what_it_made(tmp_path: Path) -> None:
    made = Store.create(tmp_path / "p.db", Key(passphrase="一二三四"), "e")
    made.close()
    Store.open(tmp_path / "p.db", Key(passphrase="一二三四")).close()
    with pytest.raises(StoreLocked):
        Store.open(tmp_path / "p.db", Key(passphrase="一二三五"))


def test_another_embedder_and_a_newer_schema(store: Store, key: Key) -> None:
    with pytest.raises(StoreError, match="another embedder"):
        Store.open(store.path, key, "somebody else")
    store._db.execute("UPDATE meta SET value=99 WHERE name='schema'")
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        Store.open(store.path, key)


def test_a_damaged_page_is_found(store: Store, key: Key) -> None:
    store.close()
    data = bytearray(store.path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 64] = os.urandom(64)
    store.path.write_bytes(data)
    with pytest.raises(StoreError):
        Store.open(store.path, key).verify()


def test_reviewing_cannot_write(store: Store, key: Key, embedder: HashEmbedder) -> None:
    reader = Store.open(store.path, key)
    with pytest.raises(StoreError, match="read-only"):
        reader.remove("41")
    reader.close()


def test_a_reader_sees_whole_documents_during_a_write(store: Store, key: Key, embedder: HashEmbedder) -> None:
    reader = Store.open(store.path, key)
    assert store.remove("42")
    assert [d.document.doc for d in reader.documents()] == ["41"]
    reader.close()


WRITER = """
import sys
from pathlib import Path
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.conftest import HashEmbedder
store = Store.open(Path(sys.argv[1]), Key(file=Path(sys.argv[2])), write=True)
embedder = HashEmbedder()
print("ready", flush=True)
for i in range(10_000):
    document = Document(doc=f"k{i % 7}", level="秘密", text=f"第{i}号库存调拨清单" * 30)
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    if i % 3 == 0:
        store.remove(f"k{(i + 3) % 7}")
"""


def test_a_kill_leaves_every_document_whole_or_absent(store: Store, key: Key) -> None:
    store.close()
    rounds = int(os.environ.get("REVIEWER_KILLS", "6"))
    rng = random.Random(20261124)
    for _ in range(rounds):
        command = [sys.executable, "-c", WRITER, str(store.path), str(key.file)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0.0, 0.25))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        opened = Store.open(store.path, key, write=True)
        opened.verify()
        for item in opened.documents():
            assert len(item.document.text) == 9 * 30 or item.document in DOCUMENTS
        opened.close()


def test_two_writers_take_turns(store: Store, key: Key, embedder: HashEmbedder) -> None:
    second = Store.open(store.path, key, write=True)
    for i in range(5):
        for writer, name in ((store, "a"), (second, "b")):
            document = Document(doc=f"{name}{i}", level="秘密", text=f"{name}{i}号文件的内容写在这里")
            assert writer.add(document, *prepare(document, embedder, writer.fingerprint_key))
    second.close()
    assert store.stats()["documents"] == 12
    store.verify()
