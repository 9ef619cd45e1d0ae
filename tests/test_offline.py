"""Reviews send nothing: a few of them under capture; `make prove-offline` runs everything so."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.offline import destination

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are the Linux kernel's")


def prove(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run tests under capture; skips where a namespace is not to be had."""
    command = [sys.executable, "-m", "tests.offline", "-q", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode == 2 or "unshare" in done.stderr:
        pytest.skip(done.stderr.strip())
    return done


def test_a_few_reviews_send_nothing() -> None:
    done = prove("tests/test_audit_cli.py::test_every_verdict_has_a_record_and_the_log_is_sound")
    assert done.returncode == 0, done.stdout
    clean = "packets sent: 0, outside: 0; capture works: yes before, yes after; foreign local sockets: 0, heard: yes"
    assert done.stdout.count(clean) == 2


@pytest.mark.parametrize(
    ("address", "mark", "status"),
    [
        ("198.51.100.9", "", 1),
        ("2001:db8::9", "loopback", 1),
        ("127.0.0.1", "", 1),
        ("127.0.0.1", "loopback", 0),
    ],
)
def test_one_packet_is_seen(tmp_path: Path, address: str, mark: str, status: int) -> None:
    family = "AF_INET6" if ":" in address else "AF_INET"
    (tmp_path / "test_leak.py").write_text(
        f"import socket, pytest\n{f'@pytest.mark.{mark}' if mark else ''}\ndef test_leak():\n"
        f"    with socket.socket(socket.{family}, socket.SOCK_DGRAM) as out:\n"
        f"        out.sendto(b'x', ({address!r}, 9))\n"
    )
    done = prove("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(tmp_path / "test_leak.py"))
    assert done.returncode == status, done.stdout
    assert f"'{address}': " in done.stdout


LOCAL = """
import socket, subprocess, sys

def send(kind, address):
    out = socket.socket(socket.AF_UNIX, kind)
    with out:
        out.connect_ex(address) if kind == socket.SOCK_STREAM else out.sendmsg([b"x"], [], 0, address)

def test_local(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "s"))
        {send}
"""


@pytest.mark.parametrize(
    ("send", "count"),
    [
        ("send(socket.SOCK_DGRAM, str(tmp_path / 's'))", 0),
        ("send(socket.SOCK_STREAM, '/nonexistent/agent')", 1),
        ("send(socket.SOCK_STREAM, str(tmp_path / '../../../../../nonexistent/agent'))", 1),
        ("send(socket.SOCK_STREAM, '\\0agent')", 1),
        ("subprocess.run([sys.executable, '-c', 'import tests, socket; s = socket.socket(socket.AF_UNIX);"
         " s.connect_ex(\"/nonexistent/agent\"); s.close()'], check=True)", 1),
    ],
    ids=["own", "elsewhere", "out of the folder", "abstract", "child"],
)  # fmt: skip
def test_one_local_socket_to_elsewhere_is_heard(tmp_path: Path, send: str, count: int) -> None:
    (tmp_path / "test_leak.py").write_text(LOCAL.replace("{send}", send))
    done = prove("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(tmp_path / "test_leak.py"))
    assert done.returncode == (1 if count else 0), done.stdout
    first = next(line for line in done.stdout.splitlines() if line.startswith('prove-offline: tests "not loopback"'))
    assert f"packets sent: 0, outside: 0; capture works: yes before, yes after; foreign local sockets: {count}" in first
    assert first.endswith("heard: yes; pytest: 0")


def test_a_hook_that_hears_nothing_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_quiet.py").write_text("def test_quiet():\n    pass\n")
    place = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(tmp_path / "test_quiet.py")]
    assert prove(*place).returncode == 0
    done = prove("-p", "no:tests.local_sockets", *place)
    assert done.returncode == 1
    assert "foreign local sockets: 0, heard: NO" in done.stdout


def test_no_test_at_all_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("")
    assert prove("-c", str(ROOT / "pyproject.toml"), str(tmp_path / "test_nothing.py")).returncode == 1


def test_destinations() -> None:
    assert destination(bytes([0x45, *[0] * 15, 10, 0, 0, 1])) == "10.0.0.1"
    assert destination(bytes([0x60, *[0] * 23, *[0] * 15, 1])) == "::1"
    assert destination(b"") == destination(b"\x45\0") == "?"
