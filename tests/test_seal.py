"""The seal: every way out refused in every process and thread, and a refusal to work where that cannot be had."""

import json
import resource
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from reviewer.draft import Lang
from reviewer.seal import Part, Seal, kernel, probes
from reviewer.seal.environment import child_command, child_environment
from reviewer.seal.probes import LOCAL, NAMES
from reviewer.seal.words import promise, table, way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the seal is the Linux kernel's")

ALL = set(NAMES)
MACHINES_OWN = {"dns-python", "dns-libc", "packet", "vsock", "io-uring", "foreign-abi"}
"""Ways that are shut on some machines without any seal: no network, no root, no such kernel part."""


def python(code: str) -> str:
    """What a fresh process prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True).stdout


def test_there_are_21_ways_out_and_each_has_a_name() -> None:
    assert len(ALL) == 21
    assert all(way(name, lang) for name in ALL for lang in Lang)


@pytest.mark.loopback
def test_without_the_seal_the_ways_are_open() -> None:
    code = (
        "import json\nfrom reviewer.seal import probes\nearly = probes.Early()\n"
        "tried = {n: p(early) for n, p in probes.PROBES.items() if not n.startswith('dns')}\n"
        "print(json.dumps({**tried, 'child-subprocess': probes._start_child().wait() == 0}))"
    )
    tried = json.loads(python(code))
    assert {name for name, refused in tried.items() if not refused} >= ALL - MACHINES_OWN


@pytest.mark.parametrize("part", list(Part))
def test_every_process_is_sealed(part: Part) -> None:
    code = f"from reviewer.seal import Part, seal\nprint(seal(Part({part.value!r})).model_dump_json())"
    said = json.loads(python(code))
    assert said["enforced"]
    assert said["probes"] == dict.fromkeys(ALL - (LOCAL if part.local_sockets else frozenset()), True)
    assert said["kernel"]["Seccomp"] == "2"
    assert said["kernel"]["NoNewPrivs"] == "1"


def test_the_clipboards_process_reaches_this_machine_and_nothing_else() -> None:
    code = """
import json, socket, sys
from reviewer.seal import Part, seal
sealed = seal(Part.CLIPBOARD)
with socket.socket(socket.AF_UNIX) as local:
    local.connect(sys.argv[1])
print(json.dumps(sealed.probes))
"""
    with socket.socket(socket.AF_UNIX) as listener, tempfile.TemporaryDirectory() as place:
        listener.bind(f"{place}/s")
        listener.listen()
        done = subprocess.run([sys.executable, "-c", code, f"{place}/s"], capture_output=True, text=True, check=False)
    assert not done.stderr
    assert json.loads(done.stdout) == dict.fromkeys(ALL - LOCAL, True)


def test_children_and_threads_of_a_sealed_process_are_sealed() -> None:
    code = """
import json, subprocess, sys, threading
from reviewer.seal import Part, probes, seal
results, go = {}, threading.Event()
def attempt(name):
    go.wait()
    results[name] = probes.run(probes.Early())
threads = [threading.Thread(target=attempt, args=["early"])]
threads[0].start()
seal(Part.FRONT)
threads += [threading.Thread(target=attempt, args=["late"])]
threads[1].start()
go.set()
for thread in threads:
    thread.join()
child = "import json; from reviewer.seal import probes; print(json.dumps(probes.run(probes.Early())))"
said = subprocess.run([sys.executable, "-c", child], capture_output=True, check=True).stdout
print(json.dumps({**results, "main": probes.run(probes.Early()), "child": json.loads(said)}))
"""
    said = json.loads(python(code))
    assert said == dict.fromkeys(("early", "late", "main", "child"), dict.fromkeys(ALL, True))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a sealed child says of itself, started in a hostile environment."""
    place = tmp_path_factory.mktemp("outside")
    (place / "there").write_text("x")
    bait = tmp_path_factory.mktemp("bait")
    (bait / "tempfile.py").write_text("raise SystemExit('imported from PYTHONPATH')")
    hostile = {
        "http_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "socks5://127.0.0.1:9",
        "LD_PRELOAD": str(bait / "none.so"),
        "PYTHONPATH": str(bait),
        "PYTHONSTARTUP": str(bait / "tempfile.py"),
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "HF_HUB_OFFLINE": "0",
        "TEXTUAL_LOG": str(bait / "log"),
        "SSH_AUTH_SOCK": str(bait / "agent"),
        "LC_ALL": "C.UTF-8",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in hostile.items():
            patch.setenv(name, value)
        environment = child_environment()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        done = subprocess.run(
            child_command(Part.ENGINE, "tests.sealed.report"),
            input=json.dumps([str(place), other.pid]),
            env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        other.kill()
    assert not done.stderr
    said = json.loads(done.stdout)
    assert isinstance(said, dict)
    return {**said, "hostile": hostile, "bait": str(bait)}


def test_a_childs_environment_is_clean(report: dict[str, object]) -> None:
    environment, hostile = report["environment"], report["hostile"]
    assert isinstance(environment, dict)
    assert isinstance(hostile, dict)
    assert {n for n in hostile if n in environment} == {"HF_HUB_OFFLINE", "LC_ALL"}
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert report["flags"] == {"isolated": 1, "utf8": 1}
    assert report["bait"] not in str(report["path"])


LOCKING = """
import ctypes, resource, sys
from reviewer.seal import Part, kernel, seal
if sys.argv[1] == "ordinary":
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (8 << 20, 8 << 20))
    version, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert kernel.libc.capset(version, none) == 0
sealed = seal(Part.ENGINE)
draft = bytearray(64 << 20)
print(int(sealed.locked), *[line.split()[1] for line in open("/proc/self/status") if line.startswith("VmLck:")])
"""


def test_memory_stays_out_of_the_swap_where_it_may_be_locked() -> None:
    capable = int(kernel.process()["CapEff"], 16) >> 14 & 1
    if not capable and resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] != resource.RLIM_INFINITY:
        pytest.skip("this user may lock little memory")
    done = subprocess.run([sys.executable, "-c", LOCKING, "station"], capture_output=True, text=True, check=True)
    locked, kib = map(int, done.stdout.split())
    assert locked
    assert kib > 64 << 10


def test_where_little_memory_may_be_locked_none_is_and_the_program_works() -> None:
    done = subprocess.run([sys.executable, "-c", LOCKING, "ordinary"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "0"]


def test_a_child_writes_nothing_and_reaches_no_process(report: dict[str, object]) -> None:
    assert report["core"] in ([1, 1], [0, 0])
    assert report["dumpable"] is False
    assert report["program"] == "PermissionError"
    assert report["read"] == report["null"] == "none"
    seal = report["seal"]
    assert isinstance(seal, dict)
    if seal["landlock"] == 0:
        pytest.skip("this kernel has no Landlock")
    for attempt in ("write", "make", "remove", "append", "memory"):
        assert report[attempt] == "PermissionError", attempt
    assert report["temporary"] == "/"
    if seal["landlock"] >= 6:
        assert report["signal"] == "PermissionError"


DENIED = [sys.executable, "-m", "tests.sealed.denied", sys.executable, "-m", "reviewer"]


@pytest.mark.parametrize("arguments", [["check", "--stages", "detect"], ["check"], ["tui"], ["index", "list"]])
def test_without_a_seal_the_program_refuses_to_work(arguments: list[str]) -> None:
    done = subprocess.run([*DENIED, *arguments], input="机密★20年".encode(), capture_output=True, check=False)
    assert done.returncode == 1
    assert "断网".encode() in done.stderr
    assert b"the kernel did not take the filter (EPERM)" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not done.stdout


def test_without_a_seal_doctor_says_so() -> None:
    done = subprocess.run([*DENIED, "doctor"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "NOT ENFORCED：这台机器没有接受断网" in done.stdout
    assert "the kernel did not take the filter" in done.stdout


def test_an_engine_or_reader_without_a_seal_opens_nothing(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from reviewer.assemble import STAGES, Station, configure
from reviewer.draft import Channel, Draft
from reviewer.paths import Home
from reviewer.readers import read_bytes
from reviewer.settings import Settings
station = Station(configure(Settings(), Home(Path(sys.argv[1])), Path(sys.argv[1]) / "no.db"), STAGES, 60.0)
station.warm()
review = station.reviewer.review(Draft(text="x"))
print(review.decision, [u.reason for u in review.unfinished], station.versions()["seal"])
print(read_bytes(b"<html><body>x</body></html>", "a.html", Channel.EMAIL).unread)
"""
    command = [sys.executable, "-m", "tests.sealed.denied", sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("review")
    assert first.count("the kernel did not take the filter") == 2
    assert first.endswith("NOT ENFORCED")
    assert "读取进程没有断网" in second


@pytest.mark.parametrize("fd", [0, 3])
def test_a_socket_that_is_already_open_is_refused(fd: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        moved = f"os.dup2({theirs.fileno()}, {fd}); os.close({theirs.fileno()})" if theirs.fileno() != fd else ""
        code = f"import os, sys; {moved}; os.execv(sys.executable, sys.argv[1:])"
        command = [sys.executable, "-c", code, sys.executable, "-m", "reviewer", "check", "--stages", "detect"]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, pass_fds=[theirs.fileno()], check=False
        )
    assert done.returncode == 1
    assert "套接字".encode() in done.stderr
    assert (b"fd 3" if fd else b"standard input") in done.stderr
    assert not done.stdout


@pytest.mark.loopback
def test_a_connected_socket_as_standard_output_is_refused_and_a_stream_pair_is_the_pipe_it_stands_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as out:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", "check", "--stages", "detect"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    ours, theirs = socket.socketpair()
    with ours, theirs:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", "check", "--stages", "detect"],
            input="机密★20年".encode(), stdout=theirs, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        assert done.returncode == 20, done.stderr
        assert "禁止发送" in ours.recv(65536).decode()


def test_a_command_says_what_holds_elsewhere() -> None:
    for system in ("darwin", "win32", "freebsd"):
        for lang in Lang:
            assert promise(False, lang, system).startswith("NOT ENFORCED")
    assert not promise(True, Lang.EN, "linux").startswith("NOT")


def test_the_one_exception_is_named() -> None:
    assert "`reviewer watch` 读剪贴板的进程" in promise(True, Lang.ZH, "linux")
    assert "the clipboard for `reviewer watch`" in promise(True, Lang.EN, "linux")
    sealed = Seal(part=Part.FRONT, pid=1, enforced=True, system="linux", probes=dict.fromkeys(NAMES, True))
    for lang in Lang:
        said = next(line for line in table([sealed], lang) if "reviewer watch" in line)
        assert "18/21" in said
        assert {name for name in NAMES if way(name, lang) in said} == LOCAL
    unbound = Seal(part=Part.FRONT, pid=1, enforced=False, system="linux")
    assert not any("reviewer watch" in line for line in table([unbound], Lang.EN))


def test_a_shells_program_that_did_not_run_is_no_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "not-there"))
    assert not probes._child_system(programs=True)
    assert probes._child_system(programs=False)


def test_a_shells_program_runs_from_a_path_with_signs_of_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "a $b `c` \" ' d"
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(probes, "CHILD", f"open({str(tmp_path / 'ran')!r}, 'w')")
    assert probes._child_system(programs=True)
    assert (tmp_path / "ran").exists()
