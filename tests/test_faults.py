"""What breaks is told, shows nothing of a draft and lets nothing pass: crashes, engines that talk junk, full disks."""

import errno
import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from reviewer import crash, engine
from reviewer.assemble import STAGES, Station, configure
from reviewer.draft import Channel
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import Stage
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.readers import from_text
from reviewer.settings import Settings
from reviewer.verdict import Decision
from tests.pace import slowness

NEEDLE = "栖霞岭三号泵房"


def python(code: str, data: str = "") -> "subprocess.CompletedProcess[str]":
    """Run code in a fresh process."""
    return subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "breaks",
    [
        "reviewer.review.fold = broken",
        "reviewer.cli.check.digest = lambda review: broken(given)",
        "reviewer.review.fold = lambda text: threading.Thread(target=broken, args=[text]).run()",
    ],
)
def test_a_crash_of_a_command_says_where_and_no_value(breaks: str) -> None:
    code = f"""
import sys, threading
import reviewer.__main__, reviewer.review, reviewer.cli.check
given = {NEEDLE!r}
def broken(text):
    try:
        int(text)
    except ValueError:
        raise KeyError(text, given)
{breaks}
sys.argv = ["reviewer", "check", "--stages", "detect"]
reviewer.__main__.main()
"""
    done = python(code, NEEDLE)
    assert done.returncode == 1
    assert "builtins.KeyError" in done.stderr
    assert "because of" in done.stderr
    assert "reviewer/" in done.stderr
    assert NEEDLE not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_crash_of_a_thread_or_while_clearing_up_says_no_value() -> None:
    code = f"""
import threading
from reviewer import crash
crash.install()
class Odd:
    def __del__(self): raise ValueError({NEEDLE!r})
Odd()
thread = threading.Thread(target=lambda: int({NEEDLE!r}))
thread.start(); thread.join()
"""
    done = python(code)
    assert done.stderr.count("builtins.ValueError") == 2
    assert NEEDLE not in done.stderr


def test_a_crash_names_no_value_of_its_causes() -> None:
    try:
        try:
            int(NEEDLE)
        except ValueError as exc:
            raise RuntimeError(NEEDLE) from exc
    except RuntimeError as exc:
        said = crash.describe(exc)
    assert "because of" in said
    assert NEEDLE not in said


FRAME = (
    "import os, sys, struct, time; out = sys.stdout.buffer; "
    "send = lambda b: (out.write(struct.pack('>I', len(b)) + b), out.flush()); "
)
OPENED = FRAME + 'send(b\'{"id": 1, "ok": {}}\'); '


@pytest.mark.alone
@pytest.mark.parametrize(
    "child",
    [
        FRAME + "time.sleep(60)",
        FRAME + "out.write(b'\\xff' * 8); out.flush(); time.sleep(60)",
        FRAME + "send(b'junk'); time.sleep(60)",
        FRAME + "send(b'[' * 200_000); time.sleep(60)",
        FRAME + "send(b'[]'); time.sleep(60)",
        FRAME + "sys.exit(3)",
        OPENED + "time.sleep(60)",
        OPENED + "send(b'{\"id\": 2}'); time.sleep(60)",
        OPENED + 'send(b\'{"id": 2, "ok": {"decision": "pass"}}\'); time.sleep(60)',
        OPENED + 'send(b\'{"id": 2, "ok": [1]}\'); time.sleep(60)',
        OPENED + 'send(b\'{"id": 2, "error": {}}\'); time.sleep(60)',
        OPENED + "out.write(struct.pack('>I', 100 << 20)); out.write(b'x' * (100 << 20)); out.flush(); time.sleep(60)",
        OPENED + "out.write(struct.pack('>I', 1000) + b'half'); out.flush(); time.sleep(60)",
        OPENED + "out.write(b'\\0'); out.flush(); time.sleep(60)",
        OPENED + "out.write(b'\\0\\1\\0\\0'); [(out.write(b' '), out.flush(), time.sleep(.01)) for _ in iter(int, 1)]",
        OPENED + "[send(b'{\"id\": 1}') for _ in iter(int, 1)]",
        OPENED + "os.close(1); time.sleep(60)",
    ],
)
def test_an_engine_that_hangs_or_talks_junk_leaves_the_review_unfinished(
    home: Path, monkeypatch: pytest.MonkeyPatch, child: str
) -> None:
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", child])
    station = Station(configure(Settings(), Home(home)), STAGES, 5.0)
    station.engine._start_timeout_s = 5.0
    started = time.monotonic()
    review = station.reviewer.review(from_text("明天下午三点开会", Channel.EMAIL))
    blocked = station.reviewer.review(from_text("机密★20年", Channel.EMAIL))
    station.engine.close()
    assert (review.decision, blocked.decision) == (Decision.REVIEW, Decision.BLOCK)
    assert review.unfinished
    assert time.monotonic() - started < 40 * slowness()


@pytest.mark.alone
def test_an_engine_that_reads_no_more_is_ended_at_its_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft of 20,000 characters is more than the pipe holds."""
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", OPENED + "time.sleep(60)"])
    station = Station(configure(Settings(), Home(home)), STAGES, 0.1)
    station.warm()
    pid = station.engine.pid
    assert pid is not None
    started = time.monotonic()
    review = station.reviewer.review(from_text("明天下午三点开会。\n" * 2_000, Channel.EMAIL))
    assert time.monotonic() - started < 20 * slowness()
    assert "did not answer" in review.unfinished[0].reason
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    station.engine.close()


@pytest.mark.alone
@pytest.mark.parametrize("more", ["", "out.write(b'\\0'); out.flush(); "])
def test_a_cancel_is_quick_where_the_engine_has_stopped_within_a_frame(
    monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    child = FRAME + 'send(b\'{"id": 1, "ok": {"versions": {}}}\'); ' + more + "time.sleep(60)"
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", child])
    made = engine.Engine({})
    made.start()
    ended: list[float] = []

    def ask() -> None:
        with pytest.raises(Cancelled):
            made.request("state", {"much": "x" * 200_000}, 60.0)
        ended.append(time.monotonic())

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.5)
    started = time.monotonic()
    made.cancel()
    assert time.monotonic() - started < 0.2 * slowness()
    asking.join(20)
    assert ended[0] - started < 0.4 * slowness()
    made.kill()
    made.close()


HELLO = 'send(b\'{"id": %d, "ok": {"versions": {}}}\'); time.sleep(60)'
REFUSAL = FRAME + 'send(b\'{"id": 1, "error": {"kind": "ModelError", "message": "no weights"}}\'); time.sleep(60)'


def test_an_engine_whose_opening_was_stopped_is_ended_and_the_next_one_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", FRAME + "time.sleep(60)"])
    made = engine.Engine({})

    def stop() -> None:
        while made.pid is None or not made._next_id:
            time.sleep(0.01)
        made.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        made.start()
    stopper.join()
    assert made.pid is None
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", FRAME + HELLO % 2])
    assert made.start() == {"versions": {}}
    assert made.running
    made.close()


def test_an_engine_that_could_not_open_is_never_said_to_have_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", REFUSAL])
    made = engine.Engine({})
    with pytest.raises(EngineError, match="no weights"):
        made.start()
    assert made.pid is None
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", FRAME + HELLO % 2])
    assert made.start() == {"versions": {}}
    made.kill()
    made.close()


def test_what_the_engine_said_at_its_opening_is_kept_when_it_reads_the_precedents_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening = 'send(b\'{"id": 1, "ok": {"seal": {"network": "sealed"}, "versions": {"precedents": "a"}}}\');'
    again = 'send(b\'{"id": 2, "ok": {"versions": {"precedents": "b"}}}\'); time.sleep(60)'
    monkeypatch.setattr(engine, "child_command", lambda *_: [sys.executable, "-c", FRAME + opening + again])
    made = engine.Engine({})
    made.start()
    made.refresh()
    assert made.start() == {"seal": {"network": "sealed"}, "versions": {"precedents": "b"}}
    made.kill()
    made.close()


PLACE = (
    ["unshare", "--mount"]
    if hasattr(os, "geteuid") and os.geteuid() == 0
    else ["unshare", "--map-root-user", "--mount"]
)


def on_a_small_disk(place: Path, code: str, *, after: str = "true") -> dict[str, object]:
    """What code prints that runs where `place` is a file system of 1 MiB; `after` runs between its two parts."""
    first, second = code.split("# then\n")
    script = f'mount -t tmpfs -o size=1m none "$1" && "$2" -c "$3" "$1" && {after} && "$2" -c "$4" "$1"'
    command = [*PLACE, "sh", "-c", script, "sh", str(place), sys.executable, first, second]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this system permits no file system of one's own")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(said, dict)
    return said


STORE = """
import json, sys
from pathlib import Path
from reviewer.errors import ReviewerError
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.conftest import HashEmbedder
place, embedder = Path(sys.argv[1]), HashEmbedder()
key = Key(file=place / "index.key")
def document(n):
    text = f"第{n}号舱自九月起改由夜班巡检每班六人" * 60
    return Document(doc=str(n), level="机密", title=f"方案{n}", number="", text=text)
"""

FILL = (
    STORE
    + """
store = Store.create(place / "store.db", key, embedder.identity)
added = 0
try:
    while True:
        store.add(document(added), *prepare(document(added), embedder, store.fingerprint_key))
        added += 1
except ReviewerError as exc:
    said = str(exc)
print(json.dumps({"added": added, "said": said}))
# then
"""
    + STORE
    + """
store = Store.open(place / "store.db", key, embedder.identity)
store.verify()
held = list(store.documents())
print(json.dumps({"held": len(held), "whole": all(i.document == document(int(i.document.doc)) for i in held)}))
"""
)


def test_a_full_disk_stops_an_index_and_leaves_it_sound(tmp_path: Path) -> None:
    said = on_a_small_disk(tmp_path, FILL)
    assert said["whole"] is True
    assert isinstance(said["held"], int)
    assert said["held"] > 0


def test_an_index_on_a_read_only_medium_is_read(tmp_path: Path) -> None:
    code = (
        STORE
        + """
store = Store.create(place / "store.db", key, embedder.identity)
store.add(document(1), *prepare(document(1), embedder, store.fingerprint_key))
store.close()
# then
"""
        + STORE
        + """
store = Store.open(place / "store.db", key, embedder.identity)
store.verify()
try:
    Store.open(place / "store.db", key, embedder.identity, write=True).remove("1")
except ReviewerError as exc:
    print(json.dumps({"held": len(list(store.documents())), "said": str(exc)}))
"""
    )
    said = on_a_small_disk(tmp_path, code, after='mount -o remount,ro "$1"')
    assert said["held"] == 1
    assert said["said"]


def test_an_engine_that_cannot_be_started_leaves_the_review_unfinished(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    station = Station(configure(Settings(), Home(home)), STAGES, 5.0)
    monkeypatch.setattr(engine.subprocess, "Popen", refuse)
    review = station.reviewer.review(from_text("明天下午三点开会", Channel.EMAIL))
    assert review.decision is Decision.REVIEW
    assert "the engine did not start" in review.unfinished[0].reason


@pytest.mark.parametrize("failure", [OSError(errno.EINVAL, "Invalid argument"), ValueError("write to closed file")])
def test_a_request_that_cannot_be_sent_is_answered_by_the_end_of_the_engine(failure: Exception) -> None:
    """Windows says so of a pipe whose reader has gone, and Python of one that was closed meanwhile."""

    class Gone(io.BytesIO):
        def fileno(self) -> int:
            return null

        def write(self, _: object) -> int:
            raise failure

    null = os.open(os.devnull, os.O_WRONLY)
    made = engine.Engine({})
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE, bufsize=0)
    child.stdin = Gone()
    made.adopt(child, {"versions": {}})
    with pytest.raises(EngineError, match="the engine died"):
        made._ask("state", {}, 30.0)
    made.close()
    os.close(null)


@pytest.mark.parametrize(("running", "read", "lessons"), [(True, 100, 0), (True, 60, 100), (False, 100, 100)])
def test_an_engine_that_has_not_read_the_stations_precedents_gets_time_for_them(
    home: Path, running: bool, read: int, lessons: int
) -> None:
    """A new one, and one that runs while another process adds some."""
    station = Station(configure(Settings(), Home(home)), STAGES, 5.0)
    waits: list[float] = []

    def request(op: str, payload: object, timeout_s: float) -> dict[str, object]:
        waits.append(timeout_s)
        return {"stage": "judge"}

    station.engine = SimpleNamespace(  # type: ignore[assignment]
        pid=7, running=running, request=request, note=lambda _: None
    )
    own = station.config.precedents[-1]
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(b"\n" * 100)
    station._taught = 7, read
    station._remote(Stage.JUDGE)(from_text("明天下午三点开会", Channel.EMAIL), fold(""), ())
    assert waits == [pytest.approx(5.0 + engine.LESSON_S * lessons)]


def test_a_lent_engine_whose_giving_back_is_broken_off_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keeper must not read what is left in its pipes."""
    killed: list[bool] = []

    def broken() -> bool:
        raise KeyboardInterrupt

    made = engine.Engine({})
    child = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    made.adopt(child, {"versions": {}})
    monkeypatch.setattr(made, "_settled", broken)
    monkeypatch.setattr(made, "kill", lambda: killed.append(True))
    with pytest.raises(KeyboardInterrupt):
        made.close()
    assert killed == [True]
    made.close()
