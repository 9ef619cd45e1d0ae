"""The service: a private door, one lease at a time, and a working engine after whatever a command did to it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from reviewer import assemble
from reviewer.assemble import Station, configure
from reviewer.canary import CANARY
from reviewer.cli import service as cli_service
from reviewer.draft import Draft
from reviewer.engine import Engine
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import Stage
from reviewer.paths import Home
from reviewer.prompts import TOPIC
from reviewer.service import door, lease
from reviewer.service.keeper import Keeper
from reviewer.service.lease import RETURNED, Lease, borrow
from reviewer.settings import Settings
from reviewer.system import try_lock
from tests.scripted_worker import DIE, FIND, SLEEP

pytestmark = pytest.mark.skipif(not door.supported(), reason="the service needs Linux")
STAGES = (Stage.DETECT, Stage.JUDGE)


def station() -> Station:
    """A station of this test's home, over the scripted engine."""
    return Station(configure(Settings(), Home.from_environment()), STAGES, 20.0)


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A running service with the scripted engine."""
    monkeypatch.setattr(Engine, "worker", "tests.scripted_worker")
    monkeypatch.setattr(lease, "WAIT_S", 20.0)
    monkeypatch.setattr(assemble, "ADOPT_S", 60.0)
    place = Home(home).service
    process = start(place)
    assert process.stdout
    assert process.stdout.readline() == b"null\n"
    yield place
    if (place / door.NAME).exists():
        process.terminate()
    assert process.wait(40) == 0
    process.stdout.close()


def start(place: Path, worker: str = "tests.scripted_worker") -> "subprocess.Popen[bytes]":
    """Start a service process over that engine and tell it what to keep."""
    chosen = station()
    told = {
        "folder": str(place),
        "config": chosen.config.model_dump(mode="json"),
        "identity": chosen.identity(),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scripted_service", worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    with process.stdin as to:
        to.write(json.dumps(told).encode() + b"\n")
    return process


def taken(place: Path) -> Lease:
    """The engine, borrowed."""
    until = time.monotonic() + 60
    while (got := borrow(place)) is None:
        assert time.monotonic() < until, "the engine did not come back"
        time.sleep(0.1)
    return got


def status(place: Path) -> dict[str, object]:
    """What the service says of itself."""
    answer = door.ask(place, "status", 40.0)
    assert answer is not None
    return answer[0]


def test_the_door_is_ours_alone(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / door.NAME).stat().st_mode) == 0o600
    folder.chmod(0o755)
    with pytest.raises(EngineError, match="open to other users"):
        door.ask(folder, "status")
    folder.chmod(0o700)


def test_a_review_through_the_service_is_the_same_and_comes_from_its_engine(folder: Path) -> None:
    draft = Draft(text=f"{FIND}方案")
    warm, cold = station(), station()
    assert warm.adopt(taken(folder))
    through = warm.reviewer.review(draft)
    assert through.findings[0].reason == str(status(folder)["engine"])
    warm.engine.close()
    own = cold.reviewer.review(draft)
    assert own.findings[0].reason == str(cold.engine.pid) != through.findings[0].reason
    assert own.versions == through.versions
    cold.engine.close()


def test_the_keeper_leaves_no_core_dump(folder: Path) -> None:
    """It knows the settings, a passphrase among them."""
    limits = Path(f"/proc/{status(folder)['pid']}/limits").read_text().splitlines()
    assert next(line for line in limits if line.startswith("Max core file size")).split()[4:6] in (
        ["1", "1"],
        ["0", "0"],
    )


def test_nothing_but_pipes_is_left_open(folder: Path) -> None:
    got = taken(folder)
    kinds = {stat.S_IFMT(os.fstat(s.fileno()).st_mode) for s in (got.stdin, got.stdout)}
    assert kinds == {stat.S_IFIFO}
    code = (
        "import os, stat, sys; from pathlib import Path; from reviewer.service.lease import borrow;"
        "got = borrow(Path(sys.argv[1])); fds = map(int, os.listdir('/proc/self/fd'));"
        "print(got is not None, [f for f in fds if os.path.exists(f'/proc/self/fd/{f}')"
        " and stat.S_ISSOCK(os.stat(f).st_mode)])"
    )
    got.wait()
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, check=True, text=True)
    assert done.stdout == "True []\n"


def test_one_lease_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = taken(folder)
    monkeypatch.setattr(lease, "WAIT_S", 0.2)
    assert borrow(folder) is None
    assert status(folder)["lent"] is True
    first.wait()
    monkeypatch.setattr(lease, "WAIT_S", 20.0)
    taken(folder).wait()


def test_cancelling_leaves_a_working_engine(folder: Path) -> None:
    chosen = station()
    assert chosen.adopt(taken(folder))
    threading.Timer(0.5, chosen.engine.cancel).start()
    with pytest.raises(Cancelled):
        chosen.reviewer.review(Draft(text=SLEEP))
    pid = chosen.engine.pid
    assert chosen.reviewer.review(Draft(text=FIND)).findings
    assert chosen.engine.pid == pid
    chosen.engine.close()
    assert status(folder)["restarts"] == 0


@pytest.mark.alone
def test_what_was_cancelled_before_it_began_is_not_done(folder: Path) -> None:
    """The engine is busy with another request of ours when both are cancelled."""
    chosen = station()
    assert chosen.adopt(taken(folder))
    begun = time.monotonic()
    engine = chosen.engine
    stage = {"stage": "judge", "draft": Draft(text=SLEEP).model_dump(mode="json"), "earlier": []}
    stage["packs"] = chosen.regulations.sha256
    for number in (1, 2, 3):
        engine._send({"id": number, "op": "stage", **stage})
    time.sleep(0.5)
    engine._send({"id": 0, "op": "cancel"})
    assert chosen.reviewer.review(Draft(text=FIND)).findings
    assert time.monotonic() - begun < 10
    engine.close()


def test_a_service_that_does_not_answer_is_told_from_none(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_service, "ask", lambda *_: None)
    said = CliRunner().invoke(cli_service.command, ["status"])
    assert (said.exit_code, said.output) == (0, cli_service.BUSY + "\n")
    assert json.loads(CliRunner().invoke(cli_service.command, ["status", "--format", "json"]).output) == {"busy": True}
    monkeypatch.setattr(cli_service, "STOP_S", 0.2)
    with pytest.raises(EngineError, match="does not stop"):
        CliRunner().invoke(cli_service.command, ["stop"], catch_exceptions=False)
    assert not door.held(home / "elsewhere")


def gone(pid: object) -> bool:
    """Whether a process has ended; a busy machine gets a minute for it."""
    assert isinstance(pid, int)
    until = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


ASKED = b'{"id": 1, "op": "topic", "text": "qqqq"}'


@pytest.mark.parametrize("frame", [b"\0\0\1", struct.pack(">I", len(ASKED)) + ASKED], ids=["half", "whole"])
def test_a_command_that_is_killed_within_a_request_leaves_a_working_engine(folder: Path, frame: bytes) -> None:
    code = (
        "import sys, time; from pathlib import Path; from reviewer.service.lease import borrow;"
        f"got = borrow(Path(sys.argv[1])); got.stdin.write({frame!r}); print('now', flush=True); time.sleep(60)"
    )
    rude = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE)
    assert rude.stdout
    assert rude.stdout.readline() == b"now\n"
    before = status(folder)["engine"]
    rude.kill()
    rude.wait()
    rude.stdout.close()
    chosen = station()
    assert chosen.adopt(taken(folder))
    assert chosen.reviewer.review(Draft(text=FIND)).findings
    assert chosen.engine.pid != before
    assert gone(before)
    chosen.engine.close()


@pytest.mark.parametrize("said", [b"", b"\0", RETURNED])
def test_the_keeper_reads_an_engine_only_after_its_borrower_has_said_that_nothing_is_left(said: bytes) -> None:
    done: list[str] = []

    def request(*_: object) -> dict[str, object]:
        done.append("request")
        return {"versions": {}}

    engine = SimpleNamespace(
        running=True,
        restarts=0,
        hello={"versions": {}},
        request=request,
        kill=lambda: done.append("kill"),
        close=lambda: done.append("close"),
    )
    ours, theirs = os.pipe()
    os.write(theirs, said)
    os.close(theirs)
    Keeper(None, engine, "")._take_back(ours)  # type: ignore[arg-type]
    assert done == (["request"] if said == RETURNED else ["kill", "close"])
    assert engine.restarts == (said != RETURNED)


def stopped(folder: Path) -> tuple[Station, int]:
    """A station that has borrowed an engine which then stands still, and the engine's process."""
    chosen = station()
    assert chosen.adopt(taken(folder))
    pid = chosen.engine.pid
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGSTOP)
    return chosen, pid


def test_an_engine_that_stops_while_it_is_lent_is_ended_and_the_service_has_another(folder: Path) -> None:
    """The draft is longer than the pipe."""
    chosen, pid = stopped(folder)
    with pytest.raises(EngineError, match="did not answer"):
        chosen.engine.request("topic", {"text": "会" * 20_000}, 1.0)
    assert gone(pid)
    other = station()
    assert other.adopt(taken(folder))
    assert other.reviewer.review(Draft(text=FIND)).findings
    other.engine.close()
    chosen.engine.close()


def test_an_engine_that_takes_no_more_is_given_up_where_it_is_given_back(folder: Path) -> None:
    chosen, pid = stopped(folder)
    threading.Timer(0.5, chosen.engine.cancel).start()
    with pytest.raises(Cancelled):
        chosen.engine.request("topic", {"text": "会" * 20_000}, 60.0)
    chosen.engine.close()
    assert gone(pid)
    taken(folder).wait()


@pytest.mark.alone
def test_a_stopped_review_gives_the_same_engine_back(folder: Path) -> None:
    chosen = station()
    assert chosen.adopt(taken(folder))
    threading.Timer(0.5, chosen.engine.cancel).start()
    with pytest.raises(Cancelled):
        chosen.reviewer.review(Draft(text=SLEEP))
    pid = chosen.engine.pid
    chosen.engine.close()
    again = taken(folder)
    assert again.pid == pid
    again.wait()


@pytest.mark.parametrize("arguments", [["not-there.txt"], ["--no-such-option"], ["--report", "no.such"]])
def test_a_command_that_is_refused_gives_the_engine_back(folder: Path, arguments: list[str]) -> None:
    before = status(folder)["engine"]
    command = [sys.executable, "-m", "reviewer", "check", *arguments]
    done = subprocess.run(command, input=b"", capture_output=True, check=False)
    assert done.returncode not in (0, 10, 20)
    taken(folder).wait()
    assert status(folder)["engine"] == before


def test_an_engine_that_dies_is_an_unfinished_review_and_the_next_one_runs(folder: Path) -> None:
    chosen = station()
    assert chosen.adopt(taken(folder))
    pid = status(folder)["engine"]
    done = chosen.reviewer.review(Draft(text=DIE))
    assert [u.stage for u in done.unfinished] == [Stage.JUDGE]
    assert "died" in done.unfinished[0].reason
    again = chosen.reviewer.review(Draft(text=FIND))
    assert again.findings[0].reason == str(chosen.engine.pid)
    chosen.engine.close()
    other = station()
    assert other.adopt(taken(folder))
    assert status(folder)["engine"] != pid
    other.engine.close()


def test_the_death_of_an_idle_engine_is_mended(folder: Path) -> None:
    pid = status(folder)["engine"]
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    time.sleep(1.2)
    chosen = station()
    assert chosen.adopt(taken(folder))
    chosen.engine.close()


def test_other_settings_or_files_are_not_served(folder: Path, home: Path) -> None:
    english = Station(
        configure(Settings(lang="en"), Home(home)),
        STAGES,
        20.0,  # type: ignore[arg-type]
    )
    assert not english.adopt(taken(folder))
    assert english.engine.pid is None
    held = taken(folder)
    (home / "precedents.jsonl").write_text("changed")
    changed = station()
    assert not changed.adopt(held)
    assert changed.reviewer.review(Draft(text=FIND)).findings[0].reason == str(changed.engine.pid)
    changed.engine.close()


def test_a_changed_list_of_the_station_is_not_served(folder: Path, home: Path) -> None:
    (home / "lists").mkdir()
    (home / "lists" / "words.toml").write_text('[[word]]\ntext = "青松三号"\nowner = "保密办"\n')
    chosen = station()
    assert not chosen.adopt(taken(folder))
    assert chosen.engine.pid is None


@pytest.mark.parametrize(
    "words",
    [b"", b"lease", b"{}\n", b"[1]\n", b'"fly"\n', b"\xff" * 70_000],
    ids=["empty", "bare", "object", "list", "unknown", "flood"],
)
def test_nonsense_at_the_door_does_no_harm(folder: Path, words: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as rude:
        rude.connect(str(folder / door.NAME)) if len(str(folder)) < 90 else pytest.skip("long path")
        with contextlib.suppress(BrokenPipeError):
            rude.sendall(words)
    assert status(folder)["running"] is True


def test_another_user_gets_no_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_ours", lambda _: False)
    with pytest.raises(EngineError, match="another user"):
        door.ask(folder, "status")


def test_there_is_one_service_and_stopping_takes_the_socket_away(folder: Path) -> None:
    second = start(folder)
    assert second.stdout
    assert b"already running" in second.stdout.readline()
    assert second.wait(60) == 0
    second.stdout.close()
    assert door.ask(folder, "stop") is not None
    until = time.monotonic() + 60
    while (folder / door.NAME).exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert borrow(folder) is None


def test_who_asks_whether_a_service_runs_does_not_keep_one_from_starting(home: Path) -> None:
    place = Home(home).service
    place.mkdir(mode=0o700, parents=True)
    asking = os.open(place, os.O_RDONLY)
    assert try_lock(asking, shared=True)
    threading.Timer(0.3, os.close, [asking]).start()
    made = door.Door(place)
    assert door.held(place)
    with pytest.raises(EngineError, match="already running"):
        door.Door(place)
    made.close()


@pytest.mark.parametrize("changed", [CANARY, TOPIC])
def test_changed_known_drafts_or_topics_are_not_served(changed: str, tmp_path: Path) -> None:
    chosen = station()
    prompts = tmp_path / "prompts"
    shutil.copytree(chosen.config.prompts, prompts)
    moved = Station(chosen.config.model_copy(update={"prompts": prompts}), STAGES, 20.0)
    before = moved.identity()
    with (prompts / changed).open("a") as file:
        file.write("# changed\n")
    assert moved.identity() != before


def test_check_uses_the_service_and_is_sealed(folder: Path, home: Path) -> None:
    arguments = [sys.executable, "-m", "reviewer", "check", "--format", "json"]
    done = subprocess.run(arguments, input=f"{FIND}方案".encode(), capture_output=True, check=False)
    assert done.returncode == 10
    record = json.loads(done.stdout)
    assert [f["reason"] for f in record["findings"]] == [str(status(folder)["engine"])]
    assert record["versions"]["seal"]
    assert status(folder)["leases"] == 1
    assert not done.stderr
    log = "".join(f.read_text() for f in (home / "audit").glob("*.jsonl"))
    assert '"review"' in log
    assert FIND not in log


def test_check_says_why_it_does_not_use_the_service(folder: Path) -> None:
    arguments = [sys.executable, "-m", "reviewer", "--lang", "en", "check", "--stages", "detect,judge"]
    done = subprocess.run(arguments, input=b"", capture_output=True, check=False)
    assert b"other settings or versions" in done.stderr
    assert status(folder)["lent"] is False


def test_an_engine_whose_files_changed_is_started_again(folder: Path, home: Path) -> None:
    before = status(folder)["engine"]
    held = taken(folder)
    (home / "precedents.jsonl").write_text("changed")
    assert not station().adopt(held)
    chosen = station()
    assert chosen.adopt(taken(folder))
    assert chosen.engine.pid != before
    chosen.engine.close()
