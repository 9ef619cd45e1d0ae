"""`reviewer index`: documents of every format, replacement, resuming, roles, copies; words of documents stay inside."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import numpy as np
import pytest
from numpy.typing import NDArray

from reviewer import system
from reviewer.audit import records
from reviewer.cli import filling, main
from reviewer.errors import ReadError, SettingsError, StoreError, StoreLocked
from reviewer.index import Key, Store, vectors
from reviewer.models import Catalogue
from tests.conftest import HashEmbedder
from tests.samples import make

NEEDLE = "栖霞岭三号泵房"
TEXT = f"秘密★3年\n{NEEDLE}自九月起改由夜班巡检，每班六人，携带气体检测仪两台。"
Invoke = Callable[..., str]


class Encoder(HashEmbedder):
    """Counts, and is interrupted where it should be."""

    texts = 0
    interrupt = -1

    def __init__(self, place: Path, name: str) -> None:
        """As the real one is made."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the hash embedder."""
        if Encoder.texts == Encoder.interrupt:
            raise KeyboardInterrupt
        Encoder.texts += 1
        return super().encode(texts)


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Invoke:
    """Runs the command in this process, with the fast embedder; gives what it wrote on standard output."""
    monkeypatch.setattr(filling, "Embedder", Encoder)
    monkeypatch.setattr(Catalogue, "find", lambda self, name, folders: Path())
    monkeypatch.setattr(Encoder, "texts", 0)
    monkeypatch.setattr(Encoder, "interrupt", -1)

    def run(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()
        done = main(["index", *arguments], standalone_mode=False)
        assert (done or 0) == status
        return capsys.readouterr().out

    return run


def folder(place: Path, count: int) -> Path:
    """Documents to index."""
    place.mkdir()
    for i in range(count):
        (place / f"d{i}.txt").write_text(f"秘密★3年\n第{i}号库存调拨清单，经手人谌怀远。{NEEDLE}")
    return place


def test_documents_of_every_format_by_a_manifest(index: Invoke, tmp_path: Path) -> None:
    good = {"docx": make.good_docx(), "xlsx": make.good_xlsx(), "eml": make.good_eml(), "ofd": make.good_ofd()}
    rows = [{"doc": name, "level": "机密", "file": f"a.{name}"} for name in good]
    for name, data in good.items():
        (tmp_path / f"a.{name}").write_bytes(data)
    (tmp_path / "docs.jsonl").write_text("\n".join(json.dumps(r) for r in rows))
    index("build", str(tmp_path), "--manifest", str(tmp_path / "docs.jsonl"))
    listed = [line.split("\t") for line in index("list").splitlines()]
    assert [(row[0], row[1]) for row in listed] == [(r["doc"], "机密") for r in rows]
    assert all(int(row[2]) > 0 for row in listed)


def test_a_changed_document_replaces_the_old_one(index: Invoke, tmp_path: Path) -> None:
    docs = folder(tmp_path / "docs", 3)
    index("build", str(docs))
    assert Encoder.texts == 3
    (docs / "d1.txt").write_text(TEXT)
    index("build", str(docs))
    assert Encoder.texts == 4
    assert index("list").count("\n") == 3
    assert NEEDLE in index("show", "d1")
    index("remove", "d1")
    with pytest.raises(StoreError, match="not in the index"):
        index("remove", "d1")
    assert json.loads(index("stats"))["documents"] == 2
    assert index("verify") == "ok\n"


def test_the_end_of_a_period_is_a_day(index: Invoke, tmp_path: Path) -> None:
    docs = folder(tmp_path / "docs", 2)
    rows = [{"doc": f"{n}", "level": "秘密", "file": f"d{n}.txt", "expires": e} for n, e in enumerate(("", "10年"))]
    (tmp_path / "docs.jsonl").write_text("\n".join(json.dumps(r) for r in rows))
    with pytest.raises(ReadError, match=r"docs\.jsonl:2"):
        index("build", str(docs), "--manifest", str(tmp_path / "docs.jsonl"))
    with pytest.raises(click.BadParameter):
        index("add", str(docs / "d0.txt"), "--expires", "10年")
    index("add", str(docs / "d0.txt"), "--expires", "2999-12-31")
    assert index("list").split("\t")[-1] == "2999-12-31\n"


def test_a_manifest_in_another_encoding_is_told(index: Invoke, tmp_path: Path) -> None:
    docs = folder(tmp_path / "docs", 1)
    row = json.dumps({"doc": "1", "level": "秘密", "file": "d0.txt"}, ensure_ascii=False)
    (tmp_path / "docs.jsonl").write_bytes(row.encode("gbk"))
    with pytest.raises(ReadError, match="not UTF-8 text"):
        index("build", str(docs), "--manifest", str(tmp_path / "docs.jsonl"))


def test_the_wait_for_the_search_lists_is_told(index: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = folder(tmp_path / "docs", 3)
    index("build", str(docs))
    monkeypatch.setattr(vectors, "EXACT", 2)
    told = []
    monkeypatch.setattr(filling.click, "echo", lambda text="", **_: told.append(text))
    monkeypatch.setattr(Store, "tend", lambda self: told.append("tend"))
    index("build", str(docs))
    at = told.index("tend")
    assert "making the search lists" in told[at - 1]
    monkeypatch.setattr(vectors, "EXACT", 50)
    told.clear()
    index("build", str(docs))
    assert not [t for t in told if t == "tend" or "search lists" in t]


def test_a_file_of_no_bytes_does_not_block_a_build(index: Invoke, tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "store.db").touch()
    index("build", str(folder(tmp_path / "docs", 2)))
    assert index("list").count("\n") == 2


def test_two_documents_of_one_id_are_refused(index: Invoke, tmp_path: Path) -> None:
    rows = [{"doc": "1", "level": "秘密", "file": "d0.txt"}, {"doc": "1", "level": "秘密", "file": "d1.txt"}]
    docs = folder(tmp_path / "docs", 2)
    (tmp_path / "docs.jsonl").write_text("\n".join(json.dumps(r) for r in rows))
    with pytest.raises(ReadError, match="two documents have this id"):
        index("build", str(docs), "--manifest", str(tmp_path / "docs.jsonl"))


def test_what_cannot_be_read_is_named_and_the_rest_is_indexed(index: Invoke, tmp_path: Path) -> None:
    docs = folder(tmp_path / "docs", 2)
    (docs / "d2.pdf").write_bytes(b"%PDF-1.7 broken")
    index("build", str(docs), status=1)
    assert json.loads(index("stats"))["documents"] == 2


@pytest.mark.parametrize(("number", "told"), [("栎管密第七", True), ("栎管密［2025］7号", False), ("", False)])
def test_a_number_that_cannot_be_registered_is_told_and_not_quoted(
    index: Invoke, tmp_path: Path, capsys: pytest.CaptureFixture[str], number: str, told: bool
) -> None:
    (tmp_path / "d0.txt").write_text(TEXT)
    main(["index", "add", str(tmp_path / "d0.txt"), "--number", number], standalone_mode=False)
    said = capsys.readouterr().err
    assert ("d0: 文号认不出" in said) is told
    assert "栎管密" not in said


def test_names_of_files_reach_the_terminal_visible(
    index: Invoke, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = folder(tmp_path / "docs", 1)
    (docs / "a\x1b[2Jb.pdf").write_bytes(b"%PDF-1.7 broken")
    (docs / "c\x1b[2Jd.zip").write_bytes(make.zipped({"1.txt": TEXT, "2.pdf": b"%PDF-1.7 broken"}))
    main(["index", "build", str(docs)], standalone_mode=False)
    told = capsys.readouterr().err
    assert "a⟨U+001B⟩[2Jb" in told
    assert "c⟨U+001B⟩[2Jd" in told
    assert "\x1b" not in told


def test_an_interrupted_build_is_resumed(
    index: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    docs = folder(tmp_path / "docs", 30)
    monkeypatch.setattr(Encoder, "interrupt", 17)
    with pytest.raises(click.Abort):
        index("build", str(docs))
    said = capsys.readouterr().err
    assert "index 0/30" in said
    assert "run it again to go on" in said
    assert json.loads(index("stats"))["documents"] == 17
    monkeypatch.setattr(Encoder, "interrupt", -1)
    index("build", str(docs))
    assert Encoder.texts == 30
    index("verify")
    states = [r.facts["documents"] for r in records(home / "audit") if r.kind == "index.state"]
    assert states == [17, 30]


def test_reviewing_sees_no_text_and_changes_nothing(
    index: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    docs = folder(tmp_path / "docs", 2)
    monkeypatch.setenv("REVIEWER_MANAGING_PASSPHRASE", "一二三四")
    index("build", str(docs))
    assert NEEDLE in index("show", "d1")
    monkeypatch.delenv("REVIEWER_MANAGING_PASSPHRASE")
    for arguments in (("show", "d1"), ("remove", "d1"), ("build", str(docs)), ("protect",)):
        with pytest.raises(StoreLocked, match="needs its managing passphrase"):
            index(*arguments)
    assert index("list").count("\n") == 2
    assert index("verify") == "ok\n"
    with Opened(home) as store:
        assert [d.document.text + d.document.title for d in store.documents()] == ["", ""]
        values = [bytes(v) if isinstance(v, bytes) else str(v).encode() for v in everything(store)]
    assert not any(NEEDLE.encode() in value or json.dumps(NEEDLE).strip('"').encode() in value for value in values)
    monkeypatch.setenv("REVIEWER_MANAGING_PASSPHRASE", "一二三五")
    with pytest.raises(StoreLocked, match="this is not the managing passphrase"):
        index("show", "d1")


def test_a_managing_passphrase_is_set_and_changed(
    index: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index("build", str(folder(tmp_path / "docs", 2)))
    with pytest.raises(SettingsError, match="no passphrase was given"):
        index("protect")
    for old, new in (("", "第一个"), ("第一个", "第二个")):
        monkeypatch.setenv("REVIEWER_MANAGING_PASSPHRASE", old)
        monkeypatch.setenv("REVIEWER_NEW_PASSPHRASE", new)
        index("protect")
    with pytest.raises(StoreLocked):
        index("show", "d1")
    monkeypatch.setenv("REVIEWER_MANAGING_PASSPHRASE", "第二个")
    assert NEEDLE in index("show", "d1")
    index("verify")


def test_a_named_key_file_goes_before_a_passphrase_of_the_environment(
    index: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "一二三四")
    named = ("--key-file", str(tmp_path / "named.key"))
    index("build", str(folder(tmp_path / "docs", 2)), *named)
    assert (tmp_path / "named.key").stat().st_size == 32
    with pytest.raises(StoreLocked):
        index("list")
    monkeypatch.delenv("REVIEWER_PASSPHRASE")
    assert index("list", *named).count("\n") == 2


def test_the_managing_passphrase_is_asked_for_only_where_there_is_one(
    index: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def prompt(question: str, **_: object) -> str:
        asked.append(question)
        return "一二三四"

    docs = folder(tmp_path / "docs", 2)
    index("build", str(docs))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "prompt", prompt)
    index("build", str(docs))
    assert NEEDLE in index("show", "d1")
    assert asked == []
    index("protect")
    assert NEEDLE in index("show", "d1")
    index("remove", "d1")
    assert [q.split(" / ")[1] for q in asked] == ["new managing passphrase", *["managing passphrase"] * 2]


def test_a_copy_is_carried_to_another_station(
    index: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    index("build", str(folder(tmp_path / "docs", 2)))
    (tmp_path / "words").write_text("手提箱\n")
    words = ("--passphrase-file", str(tmp_path / "words"))
    index("export", str(tmp_path / "copy.db"), *words)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    listed = index("list")
    with pytest.raises(StoreError, match="exists already"):
        index("import", str(tmp_path / "copy.db"), *words)
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "other"))
    index("import", str(tmp_path / "copy.db"), *words)
    made = [(r.kind, r.facts) for r in records(tmp_path / "other" / "audit")]
    assert [kind for kind, _ in made] == ["log.opened", "index.import", "index.state"]
    assert made[-1][1] == json.loads(index("stats"))
    assert index("list") == listed
    assert NEEDLE in index("show", "d1")
    (tmp_path / "words").write_text("别的\n")
    with pytest.raises(StoreLocked):
        index("import", str(tmp_path / "copy.db"), *words, "--replace")
    assert sorted(p.name for p in tmp_path.glob("**/*.part")) == []


def test_no_word_of_a_document_is_in_a_message_a_log_or_another_file(
    index: Invoke, tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    docs = folder(tmp_path / "docs", 3)
    index("build", str(docs))
    index("show", "d1")
    assert NEEDLE not in capsys.readouterr().err
    written = [f for f in home.rglob("*") if f.is_file()]
    assert {f.name for f in written} >= {"store.db", "index.key"}
    for file in written:
        data = file.read_bytes()
        assert NEEDLE.encode() not in data
        assert json.dumps(NEEDLE).strip('"').encode() not in data


def test_it_opens_from_a_read_only_medium_and_writes_nothing(index: Invoke, tmp_path: Path, home: Path) -> None:
    index("build", str(folder(tmp_path / "docs", 2)))
    before = {f.name: (f.read_bytes(), f.stat().st_mtime_ns) for f in (home / "store.db", home / "index.key")}
    with Opened(home) as store:
        assert len(store.documents()) == 2
        store.verify()
        with pytest.raises(StoreError, match="read-only"):
            store.remove("d1")
    assert {n: ((home / n).read_bytes(), (home / n).stat().st_mtime_ns) for n in before} == before
    script = f"mount --bind {home} {home} && mount -o remount,ro,bind {home} && cat {home}/store.db > /dev/null"
    probe = ["unshare", "-rm", "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*probe, script], capture_output=True, check=False).returncode:
        pytest.skip("no mounts here")
    command = f"{script} && exec {sys.executable} -m reviewer index verify"
    done = subprocess.run([*probe, command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr


class Opened:
    """The station's store, opened for reviewing."""

    def __init__(self, home: Path) -> None:
        """With the station's key."""
        self._store = Store.open(home / "store.db", Key(file=home / "index.key"))

    def __enter__(self) -> Store:
        """The store."""
        return self._store

    def __exit__(self, *exc: object) -> None:
        """Close it."""
        self._store.close()


def everything(store: Store) -> list[object]:
    """Every value in every table."""
    names = [row[0] for row in store._db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    return [value for name in names for row in store._db.execute(f"SELECT * FROM {name}") for value in row]  # noqa: S608


@pytest.mark.parametrize(("number", "told"), [(0x6969, 2), (0xEF53, 0)], ids=["NFS", "ext4"])
def test_a_store_and_a_log_on_a_network_file_system_are_told_and_made(
    index: Invoke,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    told: int,
) -> None:
    monkeypatch.setattr(system, "file_system", lambda path: number)
    documents = folder(tmp_path / "docs", 2)
    for command in (["build", str(documents)], ["add", str(documents / "d0.txt")]):
        capsys.readouterr()
        assert not main(["index", *command], standalone_mode=False)
        warned = [line for line in capsys.readouterr().err.splitlines() if "注意 / warning" in line]
        assert len(warned) == told
        assert all("网络文件系统的锁不可靠" in line for line in warned)
    assert json.loads(index("stats"))["documents"] == 2
