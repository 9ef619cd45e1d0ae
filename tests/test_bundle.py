"""Bundles: what is refused before a byte of the payload is looked at, the trial, the switch, and going back."""

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reviewer import __version__
from reviewer.bundle import applied, gate, manifest, medium
from reviewer.bundle.create import create, sign
from reviewer.bundle.gate import Terms
from reviewer.bundle.manifest import Kind, Manifest
from reviewer.bundle.signing import Trust, make_key
from reviewer.cli import main, trial
from reviewer.cli.bundle import described
from reviewer.errors import BundleError, ReviewerError, StoreError
from reviewer.index import Key, Store, connection, duplicate, transfer
from reviewer.reports.visible import visible
from reviewer.settings import Settings
from tests.bench import kills
from tests.bundling import PACK, PHRASE, TODAY, Office, opened, persons


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, Path], Mapping[str, str]]:
    """Secret key files and public keys of three persons."""
    return persons(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def office(tmp_path: Path, keys: tuple[Mapping[str, Path], Mapping[str, str]]) -> Office:
    """An office whose persons a and b the station trusts."""
    return opened(tmp_path / "office", keys)


@dataclass
class Station:
    """A station whose trial and log are watched."""

    bundles: Path
    terms: Terms
    tried: list[Mapping[Kind, Path]] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    fails: str = ""

    def apply(self, bundle: Path, **terms: Any) -> gate.Checked:
        """Apply a bundle."""
        return gate.apply(
            bundle, replace(self.terms, **terms), self.bundles, self._trial, self._record, lambda count: None
        )

    def refused(self, bundle: Path, **terms: Any) -> str:
        """The rule a bundle breaks; nothing of the station changed, and nothing of the payload was tried."""
        before, tried = snapshot(self.bundles), len(self.tried)
        with pytest.raises(BundleError) as caught:
            self.apply(bundle, **terms)
        assert snapshot(self.bundles) == before
        assert len(self.tried) == tried
        assert not self.recorded[tried:]
        return caught.value.code

    def _trial(self, parts: Mapping[Kind, Path], listed: Manifest | None = None) -> None:
        self.tried.append(parts)
        if self.fails:
            raise ReviewerError(self.fails)

    def _record(self, checked: gate.Checked) -> None:
        self.recorded.append(checked.manifest.name)

    def rollback(self) -> None:
        """Go back."""
        gate.rollback(self.bundles, self._trial, lambda state: self.recorded.append("rollback"))

    def pack(self) -> str:
        """The pack in use."""
        folder = applied.parts(self.bundles).get(Kind.PACKS)
        return (folder / "district.toml").read_text().split('"')[1] if folder else ""


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the lock."""
    files = (f for f in folder.rglob("*") if f.is_file() and f.name != "lock")
    return {str(f.relative_to(folder)): f.read_bytes() for f in files}


@pytest.fixture
def station(tmp_path: Path, office: Office) -> Station:
    """A station that never saw a bundle."""
    return Station(tmp_path / "home" / "bundles", Terms(office.trust, TODAY, __version__))


def test_a_bundle_is_tried_recorded_and_switched_to(office: Office, station: Station) -> None:
    checked = station.apply(office.bundle())
    assert station.pack() == "district-1"
    assert station.recorded == ["district"]
    assert len(checked.signers) == 2
    assert [set(parts) for parts in station.tried] == [{Kind.PACKS}]
    assert {f.stat().st_mode & 0o077 for f in station.bundles.rglob("*")} == {0}


def test_what_a_bundle_says_of_itself_is_printed_made_visible(office: Office, station: Station) -> None:
    manifest = station.apply(office.bundle()).manifest
    said = described(manifest.model_copy(update={"audience": ("\x1b]52;c;aGk=\x07\u202e\x9b",)}))
    assert "52;c;aGk=" in said
    assert said == visible(said)


@pytest.mark.parametrize(
    ("signers", "code"),
    [((), "unsigned"), (("a",), "signature"), (("c",), "signature"), (("a", "c"), "signature")],
    ids=["nobody", "one person", "a stranger", "one person and a stranger"],
)
def test_two_trusted_persons_must_have_signed(
    office: Office, station: Station, signers: tuple[str, ...], code: str
) -> None:
    assert station.refused(office.bundle(signers=signers)) == code


def test_one_person_cannot_sign_twice(office: Office, station: Station) -> None:
    bundle = office.bundle(signers=("a",))
    (signature,) = bundle.glob("manifest.json.*")
    shutil.copy(signature, bundle / "manifest.json.second.minisig")
    assert station.refused(bundle) == "signature"


def test_every_flipped_byte_of_manifest_and_signature_is_refused(office: Office, station: Station) -> None:
    bundle = office.bundle()
    for file in bundle.glob("manifest.json*"):
        whole = file.read_bytes()
        skip = whole.find(b"\n") + 1 if file.suffix == ".minisig" else 0
        for place in range(skip, len(whole)):
            flipped = bytearray(whole)
            flipped[place] ^= 1
            file.write_bytes(flipped)
            with pytest.raises(BundleError) as caught:
                station.apply(bundle)
            assert caught.value.code == "signature", place
        file.write_bytes(whole)
    assert not station.tried


def test_wrong_station_late_day_and_old_program(office: Office, station: Station) -> None:
    assert station.refused(office.bundle(audience=("station-2", "station-10"))) == "audience"
    assert station.refused(office.bundle(), today=date(2027, 1, 1)) == "expired"
    station.apply(office.bundle(), today=date(2026, 12, 31))
    assert station.refused(office.bundle(version=2, minimum="99.0")) == "program"


def test_an_older_bundle_only_when_asked(office: Office, station: Station) -> None:
    first, second = office.bundle(1), office.bundle(2)
    station.apply(second)
    assert station.refused(first) == "older"
    assert station.refused(office.bundle(2, name="other")) == "older"
    station.apply(second)
    station.apply(first, older=True)
    assert station.pack() == "district-1"
    assert station.refused(office.bundle(1, name="third")) == "older"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd.toml",
        "packs/../../x.toml",
        "../packs/x.toml",
        "packs//x.toml",
        "packs/./x.toml",
        "packs\\x.toml",
        "C:/packs/x.toml",
        "packs/x.toml.",
        "packs/a\n.toml",
        "packs/x.exe",
        "packs/规定.toml",
        "other/x.toml",
        "x.toml",
        "packs/-x.toml",
        "packs/.hidden.toml",
        "packs/a/b/c/d/e/f.toml",
        "packs/DISTRICT.toml",
        "packs/district.toml",
        "packs/district.toml/x.toml",
        "packs/" + "x" * 300 + ".toml",
    ],
)
def test_names_that_are_not_plain_are_refused(office: Office, station: Station, path: str) -> None:
    def add(held: dict[str, Any]) -> None:
        held["files"].append({**held["files"][0], "path": path})

    assert station.refused(office.rewritten(office.bundle(), add)) == "manifest"


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"files": []},
        {"versions": {"packs": 0}},
        {"versions": {"packs": 1, "index": 1}},
        {"versions": {"firmware": 1}},
        {"surprise": 1},
        {"audience": []},
        {"not_after": "some day"},
        {"name": "../x"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_manifests_that_make_no_sense_are_refused(office: Office, station: Station, change: dict[str, Any]) -> None:
    assert station.refused(office.rewritten(office.bundle(), lambda held: held.update(change))) == "manifest"


def test_too_many_and_too_large_are_refused(office: Office, station: Station) -> None:
    def many(held: dict[str, Any]) -> None:
        held["files"] = [{**held["files"][0], "path": f"packs/{n}.toml"} for n in range(manifest.FILES + 1)]

    def large(held: dict[str, Any]) -> None:
        held["files"] = [
            {**held["files"][0], "path": f"packs/{n}.toml", "size": manifest.TOTAL_BYTES // 2} for n in range(3)
        ]

    def long(held: dict[str, Any]) -> None:
        held["name"] = "x" * manifest.BYTES

    assert station.refused(office.rewritten(office.bundle(), many)) == "manifest"
    assert station.refused(office.rewritten(office.bundle(), large)) == "manifest"
    assert station.refused(office.rewritten(office.bundle(), long)) == "medium"


def test_more_files_than_listed_are_refused_at_the_first(office: Office, station: Station) -> None:
    bundle = office.bundle()
    for number in range(3_000):
        (bundle / "packs" / f"{number}.toml").touch()
    assert station.refused(bundle) == "extra"


@pytest.mark.parametrize("name", ["packs/extra.toml", "autorun.inf", ".hidden", "empty/", "packs/deep/x.toml"])
def test_an_extra_file_is_refused(office: Office, station: Station, name: str) -> None:
    bundle = office.bundle()
    (bundle / name).parent.mkdir(exist_ok=True)
    if name.endswith("/"):
        (bundle / name).mkdir()
    else:
        (bundle / name).touch()
    assert station.refused(bundle) == "extra"


def test_a_missing_file_is_refused(office: Office, station: Station) -> None:
    bundle = office.bundle()
    (bundle / "packs" / "district.toml").unlink()
    assert station.refused(bundle) == "missing"
    shutil.rmtree(bundle)
    assert station.refused(bundle) == "medium"
    bundle.mkdir()
    assert station.refused(bundle) == "manifest"


def test_links_and_special_files_are_refused(office: Office, station: Station, tmp_path: Path) -> None:
    for name, code in (("packs/district.toml", "link"), ("packs", "link"), ("manifest.json", "medium")):
        bundle = office.bundle()
        shutil.move(bundle / name, tmp_path / "moved")
        (bundle / name).symlink_to(tmp_path / "moved")
        assert station.refused(bundle) == code, name
        shutil.rmtree(tmp_path / "moved") if (tmp_path / "moved").is_dir() else (tmp_path / "moved").unlink()
    bundle = office.bundle()
    (bundle / "packs" / "district.toml").unlink()
    os.mkfifo(bundle / "packs" / "district.toml")
    assert station.refused(bundle) == "link"


def test_altered_content_is_refused_before_it_is_tried(office: Office, station: Station) -> None:
    for change in (lambda b: b + b"\n", lambda b: b[:-1], lambda b: b.replace(b"a", b"b", 1), lambda b: b""):
        bundle = office.bundle()
        file = bundle / "packs" / "district.toml"
        file.write_bytes(change(file.read_bytes()))
        assert station.refused(bundle) == "content"


def test_a_bundle_that_fails_its_trial_changes_nothing(office: Office, station: Station) -> None:
    station.apply(office.bundle(1))
    before = snapshot(station.bundles)
    station.fails = "the packs do not load"
    with pytest.raises(ReviewerError, match="do not load"):
        station.apply(office.bundle(2))
    assert snapshot(station.bundles) == before
    assert station.pack() == "district-1"
    assert station.recorded == ["district"]


def test_what_cannot_be_recorded_is_not_switched_to(office: Office, station: Station) -> None:
    def unwritable(checked: gate.Checked) -> None:
        raise ReviewerError("the audit log cannot be written")

    with pytest.raises(ReviewerError, match="audit log"):
        gate.apply(office.bundle(), station.terms, station.bundles, station._trial, unwritable, lambda count: None)
    assert station.pack() == ""


def test_going_back_once(office: Office, station: Station) -> None:
    with pytest.raises(BundleError, match="nothing to go back to"):
        station.rollback()
    first, second = office.bundle(1), office.bundle(2)
    station.apply(first)
    station.apply(second)
    station.rollback()
    assert station.pack() == "district-1"
    assert station.recorded[-1] == "rollback"
    with pytest.raises(BundleError, match="nothing to go back to"):
        station.rollback()
    assert station.refused(first) == "older"
    station.apply(second)
    assert station.pack() == "district-2"


def test_kinds_come_and_stay_apart(office: Office, station: Station, tmp_path: Path) -> None:
    station.apply(office.bundle(3))
    (tmp_path / "more.jsonl").write_text("{}")
    target = office.place / "precedents"
    create(target, office.order(1), {Kind.PRECEDENTS: tmp_path / "more.jsonl"}, shutil.copyfile)
    office.signed(target, "a", "b")
    station.apply(target)
    assert station.pack() == "district-3"
    assert set(station.tried[-1]) == {Kind.PACKS, Kind.PRECEDENTS}
    assert len([f for f in station.bundles.iterdir() if f.is_dir()]) == 2


@pytest.mark.parametrize(("where", "call"), [(os, "rmdir"), (Path, "iterdir")])
def test_what_cannot_be_removed_does_not_undo_the_switch(
    office: Office, station: Station, monkeypatch: pytest.MonkeyPatch, where: object, call: str
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    bundles = [office.bundle(version) for version in range(1, 5)]
    station.apply(bundles[0])
    station.apply(bundles[1])
    with monkeypatch.context() as patched:
        patched.setattr(where, call, busy)
        station.apply(bundles[2])
    assert station.pack() == "district-3"
    assert len([f for f in station.bundles.iterdir() if f.is_dir()]) == 3
    station.apply(bundles[3])
    assert len([f for f in station.bundles.iterdir() if f.is_dir()]) == 2


def test_old_generations_and_leftovers_are_removed(office: Office, station: Station) -> None:
    for version in range(1, 5):
        station.apply(office.bundle(version))
    (station.bundles / "incoming").mkdir()
    (station.bundles / "incoming" / "x").touch()
    station.apply(office.bundle(5))
    assert len([f for f in station.bundles.iterdir() if f.is_dir()]) == 2


def test_a_killed_import_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """The full number: `python -m tests.bench.kills 200`."""
    assert kills.bundles(tmp_path, 3).startswith("3 kills")


def test_a_state_of_another_version_is_refused_and_left_alone(office: Office, station: Station) -> None:
    station.apply(office.bundle(1))
    state = station.bundles / applied.STATE
    state.write_text(json.dumps({**json.loads(state.read_bytes()), "later": 1}))
    assert station.refused(office.bundle(2)) == "state"
    before = snapshot(station.bundles)
    with pytest.raises(BundleError, match="damaged"):
        station.rollback()
    assert snapshot(station.bundles) == before


def test_trust_is_two_persons_in_a_file_of_ones_own(tmp_path: Path, keys: Any) -> None:
    path, public = tmp_path / "trust.toml", keys[1]
    line = '[[signer]]\nname = "{}"\nkey = "{}"\n'
    both = line.format("甲", public["a"]) + line.format("乙", public["b"])
    for text, words in {
        'station = "s"\n' + line.format("甲", public["a"]): "signer",
        'station = "s"\n' + line.format("甲", public["a"]) + line.format("甲", public["b"]): "another person",
        'station = "s"\n' + line.format("甲", public["a"]) + line.format("乙", public["a"]): "another person",
        'station = "s"\n' + line.format("甲", public["a"]) + line.format("乙", "RWQ"): "trust.toml",
        both: "station",
        "station = ": "trust.toml",
    }.items():
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(BundleError, match=words):
            Trust.load(path)
    path.write_text('station = "s"\n' + both)
    assert Trust.load(path).station == "s"
    path.chmod(0o666)
    with pytest.raises(BundleError, match="other users may change it"):
        Trust.load(path)
    path.unlink()
    with pytest.raises(BundleError, match="cannot be read"):
        Trust.load(path)


def test_a_wrong_source_leaves_no_folder_behind(office: Office, tmp_path: Path) -> None:
    target, packs = tmp_path / "new", tmp_path / "packs"
    packs.mkdir()
    with pytest.raises(BundleError, match="holds no packs"):
        create(target, office.order(), {Kind.PACKS: packs}, shutil.copyfile)
    (packs / "district.toml").write_text(PACK.format(id="district-1"))
    assert create(target, office.order(), {Kind.PACKS: packs}, shutil.copyfile).versions == {Kind.PACKS: 1}


def test_an_index_is_copied_between_two_changes_and_checked(
    office: Office, tmp_path: Path, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAIT_MS", 50)
    refused = []
    pieces = transfer._pieces

    def watched(path: Path) -> Iterator[bytes]:
        with contextlib.closing(Store.open(path, key, write=True)) as other:
            for piece in pieces(path):
                with pytest.raises(StoreError) as told:
                    other.remove("41")
                refused.append(told.value)
                yield piece

    def copied(source: Path, place: Path) -> None:
        duplicate(source, key, place)

    monkeypatch.setattr(transfer, "_pieces", watched)
    target = tmp_path / "carried"
    create(target, office.order(), {Kind.INDEX: store.path}, copied)
    assert refused
    with contextlib.closing(Store.open(target / manifest.STORE, key)) as carried:
        assert [e.doc for e in carried.entries()] == ["41", "42"]


def test_a_damaged_index_is_not_carried(
    office: Office, tmp_path: Path, store: Store, key: Key, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    damaged = bytearray(store.path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    store.path.write_bytes(damaged)
    home.mkdir()
    (home / "index.key").write_bytes(key.file.read_bytes() if key.file else b"")
    ordered = ["--name", "x", "--version", "1", "--station", "station-1", "--expires", "2027-01-01"]
    ends = ["--index", str(store.path), "--key", str(office.keys["a"])]
    monkeypatch.setenv("REVIEWER_SIGNING_PASSPHRASE", PHRASE)
    with pytest.raises(StoreError, match="damaged"):
        main(["bundle", "create", str(tmp_path / "carried"), *ordered, *ends], standalone_mode=False)
    assert not (tmp_path / "carried").exists()


def test_a_key_file_is_never_overwritten_and_opens_with_its_passphrase_only(office: Office) -> None:
    with pytest.raises(BundleError, match="File exists"):
        make_key(office.keys["a"], PHRASE)
    with pytest.raises(BundleError, match="passphrase"):
        sign(office.bundle(), office.keys["a"], "wrong")
    assert office.keys["a"].stat().st_mode & 0o777 == 0o600


def test_the_trial_finds_what_does_not_load(home: Path, tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    packs.mkdir()
    trial.trial(Settings(), home, {Kind.PACKS: packs})
    (packs / "bad.toml").write_text("id = ")
    with pytest.raises(ReviewerError, match=r"bad\.toml"):
        trial.trial(Settings(), home, {Kind.PACKS: packs})
    (tmp_path / "p.jsonl").write_text("{}")
    with pytest.raises(ReviewerError, match="not a precedent"):
        trial.trial(Settings(), home, {Kind.PRECEDENTS: tmp_path})


class Tried(Exception):
    """The engine would have been started."""


def test_the_trial_reads_a_brought_index_through(
    home: Path, tmp_path: Path, store: Store, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.remove("42")
    store.close()
    brought = tmp_path / "index"
    brought.mkdir()
    listed = Manifest.model_construct(files=(), versions={Kind.INDEX: 1})
    settings = Settings(key_file=key.file)

    def tried(*_: object) -> None:
        raise Tried

    monkeypatch.setattr(trial, "Station", tried)
    for place, error in ((0, Tried), (1, StoreError)):
        data = bytearray(store.path.read_bytes())
        data[-100] ^= place
        (brought / "store.db").write_bytes(data)
        with pytest.raises(error):
            trial.trial(settings, home, {Kind.INDEX: brought}, listed)


def test_the_trial_refuses_a_known_draft_that_comes_out_otherwise(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tuple(c.model_copy(update={"at_least": trial.Decision.BLOCK}) for c in trial.canaries())
    monkeypatch.setattr(trial, "canaries", lambda: wrong)
    with pytest.raises(BundleError, match="known draft 3 is pass, not block"):
        trial.trial(Settings(), home, {})


def test_only_listed_models_are_taken() -> None:
    good = {"path": "models/m3e-small/config.json", "size": 711}
    listed = manifest.File(**good, sha256="a03955d61f813501c52efd9e6a4aa04e5bea3625af287fb4f1e5bbbc26d584bf")
    trial.listed_models([listed])
    with pytest.raises(BundleError, match=r"not a model file of this program's models\.txt"):
        trial.listed_models([listed.model_copy(update={"sha256": "0" * 64})])


def test_reading_stops_at_the_listed_size(office: Office) -> None:
    """A file that grows without end on the medium cannot hold the station up."""
    bundle = office.bundle()
    with medium.mounted(bundle) as inside:
        file = manifest.parse((bundle / "manifest.json").read_bytes()).files[0]
        with (bundle / file.path).open("ab") as out:
            out.truncate(1 << 34)
        read = 0

        def count(more: int) -> None:
            nonlocal read
            read += more

        with pytest.raises(BundleError, match="differs"):
            medium.read(inside, file, None, count)
        assert read <= medium.BLOCK
