"""Planted words searched on the disk after commands that are killed, watched, served and hooked in.

`python -m tests.bench.traces 20` does each so many times, every time on a station of its own (see tests/planting.py).
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from reviewer.paths import PACKAGE
from tests.planting import Ground, plant_index
from tests.scripted_clipboard import NAME
from tests.terminals import SCREEN, Terminal

SEED = 19
RULES = ("check", "--stages", "detect")
OWN = "precedents.jsonl"
"""The one file of the station that holds what the person asked it to keep."""

WRITER = """
import os, sys
from pathlib import Path
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.conftest import HashEmbedder
words, embedder = sys.stdin.read(), HashEmbedder()
key = Key(passphrase=os.environ["REVIEWER_PASSPHRASE"])
store = Store.open(Path(os.environ["REVIEWER_HOME"]) / "store.db", key, write=True)
for i in range(10_000):
    text = f"{words}，第{i}次，每班六人。" * (3 + i % 50)
    document = Document(doc=str(i % 9), level="机密", title=words, number="", text=text)
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    print(i, flush=True)
"""

CARRIER = """
import os, sys
from pathlib import Path
from reviewer.bundle.manifest import Kind
from reviewer.bundle.create import create
from reviewer.index import Key, duplicate
from tests.bundling import apply, new_office
home = Path(os.environ["REVIEWER_HOME"])
key = Key(passphrase=os.environ["REVIEWER_PASSPHRASE"])
office = new_office(home.parent / "office")
for version in range(1, 10_000):
    bundle = office.place / f"bundle-{version}"
    index = {Kind.INDEX: home / "store.db"}
    create(bundle, office.order(version), index, lambda store, place: duplicate(store, key, place))
    print("created", flush=True)
    office.signed(bundle, "a", "b")
    apply(bundle, office.trust, home / "bundles")
    print("applied", flush=True)
"""

WATCH = "from tests.scripted_clipboard import watch; watch()"


def draft(ground: Ground) -> str:
    """A draft that is blocked."""
    return f"机密★20年\n{ground.planted['draft']}，请尽快转给各科室。{ground.planted['index']}"


def index_writes_killed(ground: Ground, rng: random.Random) -> None:
    """A writer of the index, killed in the middle."""
    plant_index(ground).close()
    writer = ground.start(program=("-c", WRITER), REVIEWER_PASSPHRASE=ground.planted["passphrase"])
    _killed_after(writer, rng, ground.planted["index"])
    shown = ground.run("index", "list", REVIEWER_PASSPHRASE=ground.planted["passphrase"])
    assert shown.returncode == 0, shown.stderr.decode()


def bundle_killed(ground: Ground, rng: random.Random) -> None:
    """A bundle of the index, made and applied over and over, killed in the middle."""
    plant_index(ground).close()
    _killed_after(ground.start(program=("-c", CARRIER), REVIEWER_PASSPHRASE=ground.planted["passphrase"]), rng)


def _killed_after(process: "subprocess.Popen[bytes]", rng: random.Random, words: str = "") -> None:
    """Let a process say one to four lines, then kill it at some moment."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(words.encode())
    process.stdin.close()
    process.stdin = None
    for _ in range(rng.randint(1, 4)):
        assert process.stdout.readline(), process.stderr and process.stderr.read().decode()
    time.sleep(rng.uniform(0.0, 0.05))
    process.kill()
    process.communicate()


def watched(ground: Ground, rng: random.Random) -> None:
    """What is copied is reviewed; the watch ends by Ctrl-C or is killed."""
    clipboard = ground.root / "user" / NAME
    clipboard.write_text(draft(ground))
    process = ground.start(program=("-c", WATCH))
    assert process.stdout
    assert "禁止发送" in process.stdout.readline().decode()
    process.send_signal(rng.choice((signal.SIGTERM, signal.SIGKILL)))
    process.communicate(timeout=60)
    clipboard.unlink()


def hooked(ground: Ground, rng: random.Random) -> None:
    """A mail that is refused, and a commit that is refused; the hooks' own copies are gone."""
    programs = ground.root / "programs"
    programs.mkdir()
    line = f'exec "{sys.executable}" -m reviewer "$@" --stages detect'
    for name, text in {
        "reviewer": f"#!/bin/sh\n{line}\n",
        "mail": (PACKAGE / "hooks" / "mail").read_text("utf-8"),
        "pre-commit": (PACKAGE / "hooks" / "git-pre-commit").read_text("utf-8"),
    }.items():
        (programs / name).write_text(text, "utf-8")
        (programs / name).chmod(0o755)
    way = {
        **ground.environment,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PACKAGE.parent),
        "REVIEWER_SENDMAIL": "/bin/false",
    }
    mail = f"Subject: t\nContent-Type: text/plain; charset=utf-8\n\n{draft(ground)}\n"
    assert _does(["mail", "-oi"], ground.root / "here", way, mail) == 20
    tree = ground.root / "tree"
    tree.mkdir()
    (tree / "a.txt").write_text(draft(ground), "utf-8")
    person = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", f"core.hooksPath={programs}"]
    assert _does(["git", "init", "-q"], tree, way) == 0
    assert _does(["git", "add", "."], tree, way) == 0
    assert _does(["git", *person, "commit", "-qm", "1"], tree, way) == 1
    assert not [f for f in (tree / ".git").iterdir() if f.name.startswith("reviewer")]
    shutil.rmtree(tree)


def _does(command: list[str], at: Path, way: Mapping[str, str], data: str = "") -> int:
    return subprocess.run(command, cwd=at, env=way, input=data.encode(), capture_output=True, check=False).returncode


def resumed(ground: Ground, rng: random.Random) -> None:
    """A folder with a report, cut off at its first draft and gone on with; the report quotes, as it was asked to."""
    for number in range(4):
        (ground.given / f"{ground.planted['name']}{number}.txt").write_text(draft(ground), "utf-8")
    page = ground.asked / "report.html"
    asked = ("--report", str(page), "--resume", str(ground.asked / "kept.jsonl"), "--format", "json")
    process = ground.start(*RULES, str(ground.given), *asked)
    assert process.stdout
    assert process.stdout.readline()
    process.send_signal(rng.choice((signal.SIGINT, signal.SIGTERM, signal.SIGKILL)))
    process.communicate(timeout=60)
    done = ground.run(*RULES, str(ground.given), *asked)
    assert done.returncode == 20, done.stderr.decode()
    assert ground.planted["draft"] in page.read_text("utf-8")


def taught(ground: Ground, rng: random.Random) -> None:
    """A draft is pasted, checked, said to be judged wrongly, and kept as a precedent."""
    with Terminal(SCREEN, size=(120, 36), environment=_way(ground), where=ground.root / "here") as terminal:
        at = terminal.shows("还没有草稿")
        terminal.paste(draft(ground).replace("机密★20年\n", "学区方案："))
        at = terminal.shows(ground.planted["draft"][:4], since=at)
        terminal.write("\x1b[15~")
        at = terminal.shows("须送审", since=at)
        terminal.write("\x1b[20~")
        terminal.settles()
        terminal.paste("这份方案上月已经在官网公布")
        terminal.settles()
        terminal.write("\r")
        terminal.shows("再按", since=at)
        terminal.write("\r")
        terminal.until(lambda _: (ground.root / "home" / OWN).exists())
        terminal.settles()
        terminal.process.send_signal(rng.choice((signal.SIGHUP, signal.SIGKILL)))
        terminal.until(lambda t: t.process.poll() is not None)
    kept = (ground.root / "home" / OWN).read_text("utf-8")
    assert json.loads(kept)["text"].startswith("学区方案：")


def served(ground: Ground, rng: random.Random) -> None:
    """A review on the service's engine; the service, which knows the passphrase, is stopped or killed."""
    from tests.test_service import start

    plant_index(ground).close()
    before = dict(os.environ)
    try:
        os.environ.update(ground.environment, REVIEWER_PASSPHRASE=ground.planted["passphrase"])
        os.environ.pop("REVIEWER_STORE", None)
        with start(ground.root / "home" / "service") as service:
            service.stdin = None
            assert service.stdout
            assert service.stdout.readline() == b"null\n"
            done = ground.run("check", data=draft(ground).encode(), REVIEWER_PASSPHRASE=ground.planted["passphrase"])
            assert done.returncode == 20, done.stderr.decode()
            assert not done.stderr, done.stderr.decode()
            service.send_signal(rng.choice((signal.SIGTERM, signal.SIGKILL)))
    finally:
        os.environ.clear()
        os.environ.update(before)


def _way(ground: Ground) -> dict[str, str]:
    return {**ground.environment, "PYTHONPATH": str(PACKAGE.parent)}


KINDS: Mapping[str, Callable[[Ground, random.Random], None]] = {
    f.__name__: f for f in (index_writes_killed, bundle_killed, watched, served, hooked, resumed, taught)
}


def searched(kind: str, place: Path, seed: int) -> list[str]:
    """Do it on a new station and search: what is found where nobody asked for it."""
    ground = Ground(place / "ground")
    try:
        KINDS[kind](ground, random.Random(seed))
        return [trace for trace in ground.traces() if not trace.endswith(f"/home/{OWN}")]
    finally:
        shutil.rmtree(ground.root)


def main(times: int) -> None:
    """Each kind so many times."""
    for kind in KINDS:
        started = time.monotonic()
        for number in range(times):
            with tempfile.TemporaryDirectory() as place:
                found = searched(kind, Path(place), SEED + number)
                assert not found, (kind, number, found)
        took = time.monotonic() - started
        sys.stdout.write(f"{kind}: {times} times (seed {SEED}), nothing found; {took:.0f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
