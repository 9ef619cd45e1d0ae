"""Nothing of a draft, the index, a file's name or a passphrase stays on the disk, however a run ends."""

import contextlib
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.paths import cache
from tests.planting import Ground, children, plant_index
from tests.samples.make import docx, paragraph

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL)
KEYS = {"check": b"\x1b[15~", "history": b"\x1b[17~"}


@pytest.fixture(scope="module", params=["no models", pytest.param("models", marks=pytest.mark.weights)])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A station whose index was planted; its engine has models or finds none."""
    place = tmp_path_factory.mktemp("built") / "ground"
    made = Ground(place, cache().parent if request.param == "models" else None)
    if made.cache:
        text = f"{made.planted['index']}，今年九月起改由夜班巡检，每班六人。" * 3
        (made.given / "7.txt").write_text(f"机密★20年\n{text}", "utf-8")
        done = made.run("index", "build", str(made.given), REVIEWER_PASSPHRASE=made.planted["passphrase"])
        assert done.returncode == 0, done.stderr.decode()
        shutil.rmtree(made.given)
    else:
        plant_index(made).close()
    return made


@pytest.fixture
def ground(built: Ground, tmp_path: Path) -> Iterator[Ground]:
    """A copy of that station, with the same planted words; what a test left must not be found by the next."""
    made = Ground(tmp_path / "ground", built.cache, built.planted, built.started)
    shutil.copytree(built.root / "home", made.root / "home", dirs_exist_ok=True)
    yield made
    shutil.rmtree(made.root)


def draft(ground: Ground) -> str:
    """A draft that is blocked."""
    return f"机密★20年\n{ground.planted['draft']}，请尽快转给各科室。{ground.planted['index']}"


def line(ground: Ground) -> bytes:
    """The draft as a batch has it."""
    return json.dumps({"id": ground.planted["name"], "text": draft(ground)}).encode() + b"\n"


def test_what_is_planted_is_found(ground: Ground) -> None:
    assert ground.traces() == []
    places = {
        "draft": (ground.root / "temporary" / "a", "utf-8"),
        "index": (ground.root / "here" / "b", "utf-16-le"),
        "name": (ground.root / "home" / f"{ground.planted['name']}.txt", "utf-8"),
        "passphrase": (ground.root / "user" / ".bash_history", "gb18030"),
    }
    for kind, (file, encoding) in places.items():
        file.write_bytes(b"x" * (2**22 - 3) + (b"" if kind == "name" else ground.planted[kind].encode(encoding)))
    assert {trace.split(":")[0] for trace in ground.traces()} == set(places)


def test_without_the_seal_a_crash_leaves_a_trace(ground: Ground) -> None:
    if Path("/proc/sys/kernel/core_pattern").read_text().startswith(("|", "/")):
        pytest.skip("this system does not leave core dumps where a program stands")
    code = "import os, sys; text = sys.stdin.read(); os.abort()"
    ground.start(program=("-c", code)).communicate(ground.planted["draft"].encode())
    assert [trace.split(":")[0] for trace in ground.traces()] == ["draft"]


def test_reviews_of_all_kinds_leave_none(ground: Ground) -> None:
    if ground.cache:
        pytest.skip("rules alone need no model")
    name, whole = ground.planted["name"], docx(paragraph(draft(ground)))
    good, cut, odd = (ground.given / f"{name}.{kind}" for kind in ("docx", "cut.docx", "pdf"))
    good.write_bytes(whole)
    cut.write_bytes(whole[: len(whole) // 2])
    odd.write_bytes(draft(ground).encode())
    detect = ("check", "--stages", "detect")
    done = ground.run(*detect, str(good), "--format", "html", "--report", str(ground.asked / "report.html"))
    assert (done.returncode, ground.planted["draft"].encode() in done.stdout) == (20, True)
    assert ground.planted["draft"] in (ground.asked / "report.html").read_text("utf-8")
    assert ground.run(*detect, str(cut), str(odd)).returncode in (1, 10, 20)
    assert ground.run(*detect, data=draft(ground).encode("gb18030")).returncode == 20
    broken = line(ground) + b'{"id": 1, "text": ' + line(ground)
    assert ground.run(*detect, "--batch", "-", data=broken).returncode == 20
    assert ground.run(*detect, str(ground.given / f"{name}.none")).returncode == 1
    assert ground.traces() == []


def test_a_whole_review_and_an_engine_that_dies_or_is_too_slow_leave_none(ground: Ground) -> None:
    secret = {"REVIEWER_PASSPHRASE": ground.planted["passphrase"]}
    listed = ground.run("index", "list", **secret)
    assert listed.stdout.decode().startswith("7\t机密")
    assert ground.run("index", "list", REVIEWER_PASSPHRASE=ground.planted["passphrase"][::-1]).returncode == 1
    slow = ground.run("check", data=draft(ground).encode(), REVIEWER_JUDGE_TIMEOUT_S="0.001", **secret)
    assert slow.returncode == 20
    for end in (signal.SIGSEGV,) if ground.cache else (signal.SIGSEGV, signal.SIGKILL):
        process = ground.start("check", "--batch", "-", **secret)
        assert process.stdin
        assert process.stdout
        process.stdin.write(line(ground))
        process.stdin.flush()
        assert ground.planted["name"].encode() in process.stdout.readline()
        (engine,) = children(process.pid)
        os.kill(engine, end)
        out, err = process.communicate(line(ground), timeout=180)
        assert process.returncode == 20, err.decode()
        assert len(out.splitlines()) == 1
    assert ground.traces() == []


def test_a_front_end_or_reader_that_is_killed_leaves_none(ground: Ground) -> None:
    if ground.cache:
        pytest.skip("rules alone need no model")
    for end in ENDS:
        process = ground.start("check", "--stages", "detect", "--batch", "-")
        assert process.stdin
        assert process.stdout
        process.stdin.write(line(ground))
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(end)
        process.communicate(timeout=60)
        assert process.returncode != 0, end
    long = ground.given / f"{ground.planted['name']}.docx"
    long.write_bytes(docx(paragraph(draft(ground)) * 60_000))
    assert any(_killed_reader(ground, long, after) for after in (0.8, 0.4, 0.2, 0.1, 0.0)), "every reader was too fast"
    assert ground.traces() == []


def _killed_reader(ground: Ground, file: Path, after: float) -> bool:
    """Check a file and kill its reader some seconds after its start; whether it still ran."""
    process = ground.start("check", "--stages", "detect", str(file))
    until = time.monotonic() + 60
    while not (readers := children(process.pid)):
        assert time.monotonic() < until
        time.sleep(0.01)
    time.sleep(after)
    try:
        os.kill(readers[0], signal.SIGSEGV)
    except ProcessLookupError:
        return False
    finally:
        _, err = process.communicate(timeout=60)
    assert process.returncode in (1, 10, 20), err.decode()
    return True


@pytest.mark.parametrize("end", [signal.SIGHUP, signal.SIGKILL, None])
def test_the_screen_leaves_none(ground: Ground, end: signal.Signals | None) -> None:
    main, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "reviewer"],
        stdin=child, stdout=child, stderr=child, cwd=ground.root / "here", start_new_session=True,
        env={**ground.environment, "PYTHONPATH": str(Path(__file__).parents[1]), "COLUMNS": "120", "LINES": "36",
             "REVIEWER_PASSPHRASE": ground.planted["passphrase"]},
    )  # fmt: skip
    os.close(child)
    try:
        seen = _until(main, b"F5")
        os.write(main, b"\x1b[200~" + draft(ground).encode() + b"\x1b[201~")
        seen += _until(main, ground.planted["draft"][:6].encode())
        os.write(main, KEYS["check"])
        seen += _until(main, "禁止发送".encode())
        if end is None:
            os.write(main, b"\x11")
            seen += _until(main, "确定退出".encode())
            os.write(main, b"y")
        else:
            process.send_signal(end)
        _until_end(main, process)
    finally:
        process.kill()
        process.wait()
        os.close(main)
    assert ground.traces() == []


def _until_end(terminal: int, process: subprocess.Popen[bytes]) -> None:
    """Read what a terminal shows until its program has ended: a terminal that nobody reads fills, and holds it up."""
    until = time.monotonic() + 60
    while process.poll() is None:
        assert time.monotonic() < until, "the screen did not end"
        if select.select([terminal], [], [], 0.1)[0]:
            with contextlib.suppress(OSError):
                os.read(terminal, 65536)


def _until(terminal: int, words: bytes) -> bytes:
    """What a terminal shows until certain words are there."""
    seen, until = b"", time.monotonic() + 90
    while words not in seen:
        assert time.monotonic() < until, f"{words.decode()} never came"
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 65536)
    return seen
