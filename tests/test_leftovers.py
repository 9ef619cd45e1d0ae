"""What a killed writer leaves beside its file is removed by the next one, and by nobody while its owner lives."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer import precedents, system
from reviewer.audit import Event, Log
from reviewer.bundle import applied
from reviewer.draft import Channel
from reviewer.index import Key, Store, connection
from reviewer.index.keys import write_private
from reviewer.precedents import Precedent, append, load_library, remove
from reviewer.verdict import Decision
from tests.auditing import Hands, happened
from tests.bench.forked import Forked, Say, forked
from tests.samples import released

FOREIGN = (".store.db.1234567.part", ".store.db.12345678.part.txt", ".other.db.12345678.part", "store.db.12345678.part")
"""Names beside a store that nothing of it has."""


def hang(say: Say) -> None:
    """Say that it is time for the kill."""
    say("now")
    time.sleep(60)


def arrive(say: Say, path: Path, key: Key) -> None:
    """A child that makes a new file for the place of a store, and a journal of it."""
    with connection.arriving(path, key, replace=True) as part:
        write_private(part, b"half a store")
        connection.journal(part).touch()
        hang(say)


def change(say: Say, work: Callable[[], object]) -> None:
    """A child that replaces a file by another, up to the step itself."""
    system.replace_at = lambda *_: hang(say)
    work()


def begun(child: Forked) -> Forked:
    """A child that has come to where it hangs."""
    assert child.out.readline() == "now\n"
    return child


@pytest.mark.parametrize("how", ["change", "create"])
def test_a_store_that_was_on_its_way(tmp_path: Path, how: str) -> None:
    place = tmp_path / "home"
    place.mkdir()
    path, key = place / "store.db", Key(file=tmp_path / "store.key")
    kept = tmp_path / "kept"
    kept.write_text("of somebody")
    for name in FOREIGN:
        (place / name).touch()
    (place / ".store.db.abcdef01.maker").symlink_to(kept)
    (place / ".store.db.abcdef01.part").symlink_to(kept)
    Store.create(path, key, "e").close()
    others = sorted(p.name for p in place.iterdir())
    child = begun(forked(arrive, path, key))
    made = set(place.iterdir()) - {place / name for name in others}
    assert {p.suffix for p in made} == {".part", ".part-journal", ".maker"}

    def write() -> None:
        if how == "create":
            path.unlink()
            Store.create(path, key, "e").close()
        else:
            Store.open(path, key, write=True).close()

    write()
    assert all(p.exists() for p in made)
    child.killed()
    Store.open(path, key).close()
    assert all(p.exists() for p in made)
    write()
    assert sorted(p.name for p in place.iterdir()) == others
    assert kept.read_text() == "of somebody"


def test_what_an_older_version_left(tmp_path: Path) -> None:
    path, key = tmp_path / "store.db", Key(file=tmp_path / "store.key")
    Store.create(path, key, "e").close()
    (tmp_path / ".store.db.12345678.part").touch()
    Store.open(path, key, write=True).close()
    assert not [*tmp_path.glob(".*")]


def test_keys_of_the_log(tmp_path: Path) -> None:
    log = Log(tmp_path / "audit", Hands())
    log.append(happened(0))
    begun(forked(change, lambda: log.take_first_key(Event("key.taken", {}), lambda _: None))).killed()
    assert (tmp_path / "audit" / "keys.json.new").exists()
    log.append(happened(1))
    assert not (tmp_path / "audit" / "keys.json.new").exists()


def test_the_state_of_bundles(tmp_path: Path) -> None:
    def switch() -> None:
        with applied.changing(tmp_path / "bundles") as inside:
            applied.switch(inside, tmp_path / "bundles", released.state())

    begun(forked(change, switch)).killed()
    assert (tmp_path / "bundles" / "state.json.new").exists()
    with applied.changing(tmp_path / "bundles"):
        pass
    assert sorted(p.name for p in (tmp_path / "bundles").iterdir()) == ["lock"]


def test_precedents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedents, "LOCK_WAIT_S", 0.1)
    path = tmp_path / "precedents.jsonl"
    text = "样品室周三盘点，不发货"
    one, two, three = (
        Precedent(id=f"s-{n}", channel=Channel.EMAIL, text=text, verdict=Decision.PASS, reason="日常安排")
        for n in range(3)
    )
    append(path, [one, two])
    child = begun(forked(change, lambda: remove(path, ["s-0"])))
    with pytest.raises(TimeoutError):
        append(path, [three])
    left = path.with_name("precedents.jsonl.new")
    assert left.exists()
    child.killed()
    append(path, [three])
    assert not left.exists()
    assert load_library([path]).precedents == (one, two, three)
