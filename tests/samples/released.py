"""Files of each released version, kept so that later versions can be tried on them.

`python -m tests.samples.released` adds those of the present version, once, before it is released. What is in them is
invented; so are the keys, which are no secret: they are written here.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from reviewer import __version__, durable
from reviewer.audit import Log
from reviewer.bundle import applied
from reviewer.bundle.manifest import Kind
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.auditing import Hands, happened
from tests.conftest import DOCUMENTS, HashEmbedder

HERE = Path(__file__).parent / "releases"
KEY = bytes(range(32))
PASSPHRASE, MANAGING = "样品口令 31", "样品管理口令 47"
RECORDS = 25
GRAIN = "枫桥镇粮库拟于十月轮换晚籼稻四百二十吨，底价和承接企业在公告前不得对外透露，联系人只留库内分机。"


def documents() -> Iterator[Document]:
    """What the stores hold."""
    yield from DOCUMENTS
    yield Document(
        doc="43", level="秘密", title="枫桥镇粮库轮换清单", number="枫粮〔2019〕3号", expires="2029-06-30", text=GRAIN
    )


def state() -> applied.Applied:
    """Two bundles that the station has applied."""
    first, second = "0b7e93d1c2a4f658-1", "5f1c27ab90e3d468-1"
    before = {Kind.PACKS: first, Kind.PRECEDENTS: first}
    floors = {
        Kind.PACKS: applied.Floor(version=2, manifest="5" * 64),
        Kind.PRECEDENTS: applied.Floor(version=1, manifest="0" * 64),
    }
    return applied.Applied(parts={**before, Kind.PACKS: second}, before=before, floors=floors)


def make(folder: Path) -> None:
    """A store with a key file, one with a passphrase and a managing one, an audit log, and what bundles have brought,
    in a new folder.
    """
    folder.mkdir(parents=True)
    (folder / "index.key").write_bytes(KEY)
    for name, key, managing in (
        ("store.index", Key(file=folder / "index.key"), None),
        ("protected.index", Key(passphrase=PASSPHRASE), MANAGING),
    ):
        store = Store.create(folder / name, key, HashEmbedder.identity, managing)
        for d in documents():
            store.add(d, *prepare(d, HashEmbedder(), store.fingerprint_key))
        store.close()
    (folder / "index.key").unlink()
    log = Log(folder / "audit", Hands(), segment=1 << 13)
    for number in range(RECORDS):
        log.append(happened(number))
    log.close()
    (folder / "audit" / "lock").unlink()
    (folder / "bundles").mkdir()
    with durable.opened_folder(folder / "bundles") as inside:
        applied.switch(inside, folder / "bundles", state())


def kept() -> list[Path]:
    """A folder for each version."""
    return sorted(p for p in HERE.iterdir() if (p / "store.index").exists())


def unpacked(release: Path, place: Path) -> Path:
    """A private copy, with the key file that is not kept."""
    copy = place / release.name
    shutil.copytree(release, copy)
    (copy / "index.key").write_bytes(KEY)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return copy


if __name__ == "__main__":
    make(HERE / __version__)
    sys.stdout.write(f"{HERE / __version__}\n")
