"""Stores and logs of every released version are read by this one; those of a later one are refused and left alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.audit import Fault, Log, State, checkpoint, keys, line, records, verify
from reviewer.bundle import applied, gate
from reviewer.cli import main
from reviewer.draft import Draft, Lang
from reviewer.errors import AuditError, BundleError, ReviewerError, StoreError
from reviewer.index import Document, Key, Store, connection, schema
from reviewer.match import Matcher, prepare
from reviewer.normalise import fold
from tests import bundling
from tests.auditing import Hands, happened
from tests.conftest import HashEmbedder
from tests.samples import released

LATER = Document(doc="44", level="秘密", title="枫桥镇粮库补库方案", text="补库晚籼稻一百八十吨，入库时间另行通知" * 3)


@pytest.fixture(params=released.kept(), ids=lambda path: path.name)
def release(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The files of a released version."""
    return released.unpacked(request.param, tmp_path)


def held(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "lock"}


def key(release: Path) -> Key:
    """The key of the plain store."""
    return Key(file=release / "index.key")


def test_there_is_one_at_least() -> None:
    assert "0.1.0" in {path.name for path in released.kept()}


def test_a_store_is_read_without_being_written_and_then_goes_on(release: Path) -> None:
    before, embedder = held(release), HashEmbedder()
    store = Store.open(release / "store.index", key(release), embedder.identity)
    store.verify()
    assert [i.document for i in store.documents()] == list(released.documents())
    matcher = Matcher(store, embedder, {}, Lang.ZH, (), ())
    for d in released.documents():
        words = f"转一段：{d.text[20:60]}"
        found = matcher(Draft(text=words), fold(words), ()).findings
        assert [f.match.doc for f in found if f.match] == [d.doc]
    store.close()
    assert held(release) == before
    store = Store.open(release / "store.index", key(release), write=True)
    assert store.add(LATER, *prepare(LATER, embedder, store.fingerprint_key))
    assert store.remove("41")
    store.verify()
    assert [e.doc for e in store.entries()] == ["42", "43", "44"]
    store.close()


def test_a_protected_store_is_read_in_both_roles(release: Path) -> None:
    path, given = release / "protected.index", Key(passphrase=released.PASSPHRASE)
    reviewing = Store.open(path, given)
    assert [i.document.text for i in reviewing.documents()] == ["", "", ""]
    reviewing.close()
    managing = Store.open(path, given, write=True, managing=released.MANAGING)
    managing.verify()
    assert [i.document for i in managing.documents()] == list(released.documents())
    managing.close()


def test_a_log_is_read_and_goes_on(release: Path) -> None:
    folder, before = release / "audit", held(release)
    report = verify(folder)
    assert (report.state, report.faults) == (State.SOUND, [])
    assert len([r for r in records(folder) if r.kind == "test"]) == released.RECORDS
    assert held(release) == before
    clock = Hands()
    clock.t += 10**7
    log = Log(folder, clock)
    log.append(happened(0))
    log.close()
    assert verify(folder).state is State.SOUND
    clock.t += 86_400_000
    log.append(happened(1))
    assert json.loads((folder / "keys.json").read_bytes())["v"] == keys.VERSION
    assert verify(folder).state is State.SOUND


def test_what_bundles_brought_is_read_and_goes_on(release: Path) -> None:
    bundles, before = release / "bundles", held(release)
    assert applied.load(bundles) == released.state()
    assert held(release) == before
    gate.rollback(bundles, lambda _: None, lambda _: None)
    assert applied.load(bundles) == released.state().undone()
    assert json.loads((bundles / "state.json").read_bytes())["format"] == applied.FORMAT


def newer_store(release: Path) -> None:
    """What a later version would leave."""
    db = connection.connect(release / "store.index", key(release), write=True)
    db.execute("UPDATE meta SET value=? WHERE name='schema'", (schema.SCHEMA + 1,))
    db.execute("CREATE TABLE later(thing)")
    db.close()


@pytest.mark.parametrize(
    "asked",
    [
        lambda path, key: Store.open(path, key),
        lambda path, key: Store.open(path, key, write=True),
        lambda path, key: main(["index", "remove", "41", "--store", str(path)], standalone_mode=False),
        lambda path, key: main(["index", "verify", "--store", str(path)], standalone_mode=False),
    ],
    ids=["read", "write", "remove", "verify"],
)
def test_a_store_of_a_later_version_is_refused_and_left_alone(
    release: Path, monkeypatch: pytest.MonkeyPatch, asked: Callable[[Path, Key], object]
) -> None:
    monkeypatch.setenv("REVIEWER_KEY_FILE", str(release / "index.key"))
    newer_store(release)
    before = held(release)
    with pytest.raises(StoreError, match="made by a newer version"):
        asked(release / "store.index", key(release))
    assert held(release) == before


def test_a_log_of_a_later_version_is_refused_and_left_alone(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = release / "audit"
    *_, last = records(folder)
    kept = keys.Keys(**json.loads((folder / "keys.json").read_bytes())["keys"])
    sealing = [keys.derive(bytes.fromhex(kept.key), purpose) for purpose in ("mac", "digest")]
    with monkeypatch.context() as later:
        later.setattr(line, "VERSION", line.VERSION + 1)
        made = line.write(last.seq + 1, last.hash, last.epoch, last.moment, happened(0), (sealing[0], sealing[1]))
    with max(folder.glob("0*.jsonl")).open("ab") as file:
        file.write(made.line + b"\n")
    before = held(release)
    report = verify(folder)
    assert (report.state, report.faults, report.seq) == (State.BROKEN, [Fault.NEWER], made.seq)
    for asked in (lambda: Log(folder, Hands()).append(happened(0)), lambda: list(records(folder))):
        with pytest.raises(AuditError, match="newer version"):
            asked()
    assert held(release) == before


@pytest.mark.parametrize("rest", [{}, {"later": {"kept": "elsewhere"}}], ids=["same", "another"])
def test_keys_of_a_later_version_are_refused_and_left_alone(release: Path, rest: dict[str, object]) -> None:
    folder = release / "audit"
    given = rest or json.loads((folder / "keys.json").read_bytes())
    (folder / "keys.json").write_text(json.dumps({**given, "v": keys.VERSION + 1}))
    before = held(release)
    report = verify(folder)
    assert (report.state, report.faults) == (State.BROKEN, [Fault.NEWER])
    log = Log(folder, Hands())
    for asked in (lambda: log.append(happened(0)), log.checkpoint, lambda: log.take_first_key(happened(0), print)):
        with pytest.raises(AuditError, match="newer version"):
            asked()
    assert held(release) == before


@pytest.mark.parametrize("rest", [{}, {"later": {"kept": "elsewhere"}}], ids=["same", "another"])
def test_checkpoints_of_a_later_version_are_refused_and_left_alone(release: Path, rest: dict[str, object]) -> None:
    folder = release / "audit"
    *_, newest = (folder / checkpoint.NAME).read_bytes().splitlines()
    with (folder / checkpoint.NAME).open("ab") as file:
        file.write(checkpoint.canonical({**(rest or json.loads(newest)), "v": checkpoint.VERSION + 1}) + b"\n")
    before = held(release)
    report = verify(folder)
    assert (report.state, report.faults) == (State.BROKEN, [Fault.NEWER])
    log = Log(folder, Hands())
    for asked in (lambda: log.append(happened(0)), log.checkpoint, log.latest):
        with pytest.raises(AuditError, match="newer version"):
            asked()
    assert held(release) == before


@pytest.mark.parametrize("rest", [{}, {"later": {"kept": "elsewhere"}}], ids=["same", "another"])
def test_a_state_of_bundles_of_a_later_version_is_refused_and_left_alone(
    release: Path, tmp_path: Path, rest: dict[str, object]
) -> None:
    bundles = release / "bundles"
    given = rest or json.loads((bundles / "state.json").read_bytes())
    (bundles / "state.json").write_text(json.dumps({**given, "format": applied.FORMAT + 1}))
    before, office = held(release), bundling.new_office(tmp_path / "office")
    for asked in (
        lambda: applied.parts(bundles),
        lambda: bundling.apply(office.bundle(3), office.trust, bundles),
        lambda: gate.rollback(bundles, lambda _: None, lambda _: None),
    ):
        with pytest.raises(BundleError, match="newer version"):
            asked()
    assert held(release) == before


def test_an_index_of_an_older_schema_is_refused_with_words(release: Path) -> None:
    db = connection.connect(release / "store.index", key(release), write=True)
    db.execute("UPDATE meta SET value=? WHERE name='schema'", (schema.SCHEMA - 1,))
    db.close()
    before = held(release)
    with pytest.raises(ReviewerError, match="made by an older version"):
        Store.open(release / "store.index", key(release), write=True)
    assert held(release) == before
