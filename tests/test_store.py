"""The encrypted store: round trips, keys, damage, interruption, two writers."""

import contextlib
import errno
import io
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import pytest

from reviewer.audit.line import CODE
from reviewer.errors import StoreError, StoreLocked
from reviewer.index import Document, Key, Store, connection, export, take_in
from reviewer.index.keys import HEAD
from reviewer.match import prepare
from tests.bench.faults import limited
from tests.conftest import DOCUMENTS, HashEmbedder

KILLED = """
import os, sys
from pathlib import Path
from reviewer.index import Key, Store
store = Store.open(Path(sys.argv[1]), Key(file=Path(sys.argv[2])), write=True)
store._db.pragma("cache_size", 1)
store._db.execute("BEGIN IMMEDIATE")
for n in range(200):
    store._db.execute("INSERT INTO meta VALUES(?, zeroblob(9000))", (f"n{n}",))
store._db.execute("DELETE FROM documents")
os.kill(os.getpid(), 9)
"""
"""A writer that is killed when part of its change is in the file."""


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


def test_no_other_content_or_store_has_its_version(
    store: Store, key: Key, embedder: HashEmbedder, tmp_path: Path
) -> None:
    document = Document(doc="1", level="秘密", text="九号库十一号仓的轮换安排，请勿外传")
    other = Store.create(tmp_path / "other.db", key, embedder.identity)
    for each in (store, other):
        each.add(document, *prepare(document, embedder, each.fingerprint_key))
    first = store.version
    assert CODE.fullmatch(first)

    assert first != other.version
    with contextlib.closing(Store.open(store.path, key)) as again:
        assert again.version == first
    other.close()


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


@pytest.mark.parametrize("size", [0, 3000, 20_000])
def test_a_store_that_could_not_be_made_leaves_nothing_in_the_way(tmp_path: Path, key: Key, size: int) -> None:
    key.head()
    path = tmp_path / "new.db"
    with limited(size), pytest.raises(StoreError, match="the disk is full"):
        Store.create(path, key, "e")
    assert not list(tmp_path.glob("*new.db*"))
    Store.create(path, key, "e").close()
    with pytest.raises(StoreError, match="exists already"):
        Store.create(path, key, "e")


def test_a_file_of_no_bytes_is_no_store(tmp_path: Path, key: Key) -> None:
    path = tmp_path / "new.db"
    path.touch(mode=0o644)
    with pytest.raises(StoreError, match="no index store"):
        Store.open(path, key)
    Store.create(path, key, "e").close()
    Store.open(path, key).verify()
    assert path.stat().st_mode & 0o777 == 0o600


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


@pytest.mark.parametrize("opens", [True, False], ids=["this station's key", "another key"])
def test_the_journal_of_a_killed_writer_is_not_played_into_what_is_taken_in(
    store: Store, key: Key, embedder: HashEmbedder, tmp_path: Path, opens: bool
) -> None:
    carried, old = Key(passphrase="手提箱"), tmp_path / "old.db"
    old_key = key if opens else Key(file=tmp_path / "old.key")
    former = Store.create(old, old_key, embedder.identity)
    for n in range(20):
        document = DOCUMENTS[1].model_copy(update={"doc": f"{n}"})
        former.add(document, *prepare(document, embedder, former.fingerprint_key))
    former.close()
    assert old_key.file is not None
    subprocess.run([sys.executable, "-c", KILLED, str(old), str(old_key.file)], check=False)
    assert (tmp_path / "old.db-journal").stat().st_size > 0
    export(store.path, key, tmp_path / "copy.db", carried)
    take_in(tmp_path / "copy.db", carried, old, key, replace=True)
    taken = Store.open(old, key)
    taken.verify()
    assert [d.document for d in taken.documents()] == list(DOCUMENTS)
    taken.close()


def test_a_refused_replacement_leaves_the_old_store_its_journal(
    store: Store, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried, old, old_key = Key(passphrase="手提箱"), tmp_path / "old.db", Key(file=tmp_path / "old.key")
    Store.create(old, old_key, "e").close()
    subprocess.run([sys.executable, "-c", KILLED, str(old), str(old_key.file)], check=False)
    export(store.path, key, tmp_path / "copy.db", carried)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as refusing:
        refusing.setattr(os, "replace", refuse)
        with pytest.raises(StoreError, match="cannot be opened"):
            take_in(tmp_path / "copy.db", carried, old, key, replace=True)
    assert (tmp_path / "old.db-journal").stat().st_size > 0
    Store.open(old, old_key).verify()
    assert not [*tmp_path.glob(".*")]


@pytest.mark.parametrize("how", ["create", "export", "import"])
def test_a_store_that_came_meanwhile_stays(
    store: Store, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    carried, path, kept = Key(passphrase="手提箱"), tmp_path / "new.db", connection.kept
    export(store.path, key, tmp_path / "copy.db", carried)

    def late(at: Path, opens: Key) -> AbstractContextManager[None]:
        monkeypatch.setattr(connection, "kept", kept)
        Store.create(path, key, "first").close()
        return kept(at, opens)

    monkeypatch.setattr(connection, "kept", late)
    makes: dict[str, Callable[[], object]] = {
        "create": lambda: Store.create(path, key, "second"),
        "export": lambda: export(store.path, key, path, carried),
        "import": lambda: take_in(tmp_path / "copy.db", carried, path, key),
    }
    with pytest.raises(StoreError, match="exists already"):
        makes[how]()
    Store.open(path, key, "first").close()
    assert not [*tmp_path.glob(".*")]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "is read-only here"),
        (errno.EACCES, "cannot be opened"),
        (errno.EIO, "could not be written"),
    ],
)
@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_what_keeps_a_copy_from_being_written_is_told(
    store: Store, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StoreError, match=words):
        export(store.path, key, tmp_path / "copy.db", Key(passphrase="手提箱"))
    assert not [*tmp_path.glob(".*.part*"), *tmp_path.glob("copy.db")]


def test_a_medium_that_fails_while_it_is_read_is_named(
    store: Store, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried, opened = Key(passphrase="手提箱"), Path.open
    export(store.path, key, tmp_path / "copy.db", carried)
    data = (tmp_path / "copy.db").read_bytes()

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if size != HEAD:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().read(size)

    def failing(path: Path, mode: str = "r") -> IO[Any]:
        return Failing(data) if (path.name, mode) == ("copy.db", "rb") else opened(path, mode)

    with monkeypatch.context() as worn:
        worn.setattr(Path, "open", failing)
        with pytest.raises(StoreError, match=r"copy\.db could not be read"):
            take_in(tmp_path / "copy.db", carried, tmp_path / "new.db", key)
    assert not [*tmp_path.glob(".*"), *tmp_path.glob("new.db*")]


def test_a_key_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"new\.key could not be written"):
        Store.create(tmp_path / "new.db", Key(file=tmp_path / "file" / "new.key"), "e")


def test_a_folder_that_does_not_settle_is_told_and_the_store_is_there(
    tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = os.fsync

    def refuse(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        settled(handle)

    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", refuse)
        with pytest.raises(StoreError, match=r"index\.key could not be written"):
            Store.create(tmp_path / "new.db", key, "e")
        assert not (tmp_path / "new.db").exists()
        with pytest.raises(StoreError, match="is in place, but"):
            Store.create(tmp_path / "new.db", key, "e")
    Store.open(tmp_path / "new.db", key).verify()
    assert not [*tmp_path.glob(".*")]


def test_a_folder_that_is_not_there_is_no_full_disk(store: Store, key: Key, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        export(store.path, key, tmp_path / "none" / "copy.db", Key(passphrase="手提箱"))


def test_a_store_that_is_being_changed_is_not_replaced(
    store: Store, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAIT_MS", 50)
    carried = Key(passphrase="手提箱")
    export(store.path, key, tmp_path / "copy.db", carried)
    with store._change(), pytest.raises(StoreError, match="being changed"):
        take_in(tmp_path / "copy.db", carried, store.path, key, replace=True)
    store.verify()
