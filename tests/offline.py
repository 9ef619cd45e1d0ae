"""`make prove-offline [PART=...]`: the tests in a network of their own, every packet counted.

The network is a new namespace with nothing but loopback, which also holds the routes to everywhere: whatever a process
sends is accepted by the kernel, seen by the capture, and goes nowhere. The tests run in two parts: those not marked
`loopback` may not send one packet, not even to this machine itself; those with it (a local server for `models fetch`,
knocking at a closed port without the seal) may send to this machine itself only. Before and after each part one packet
is sent on purpose for each IP version, so that a capture that sees nothing proves nothing.

The administrator needs nothing; anybody else needs user namespaces (`kernel.unprivileged_userns_clone=1`, on Ubuntu
`kernel.apparmor_restrict_unprivileged_userns=0`). `ip` must be installed.
"""

import ctypes
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.local_sockets import CONTROL as LOCAL_CONTROL
from tests.local_sockets import NOTES

ETH_P_ALL, PACKET_OUTGOING = 3, 4
SOL_PACKET, PACKET_STATISTICS = 263, 6
HEADER = 14
"""Bytes of the link's header."""

CONTROL = b"reviewer-control"
NOBODY = {socket.AF_INET: "198.51.100.7", socket.AF_INET6: "2001:db8::7"}
"""Addresses that are nobody's (RFC 5737, RFC 3849)."""

INSIDE = "REVIEWER_IN_NAMESPACE"
CLONE_NEWNET = 0x40000000
SETUP = (
    ("ip", "link", "set", "lo", "up"),
    ("ip", "-4", "route", "add", "local", "0.0.0.0/0", "dev", "lo"),
    ("ip", "-6", "route", "add", "local", "::/0", "dev", "lo"),
)
NO_TESTS = 5
"""What pytest ends with where a part has no test."""


class Capture:
    """Counts the packets that are sent in this namespace, by address, and which of them were sent on purpose."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 2**20)
        self.sent: Counter[str] = Counter()
        self._controls = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            data, (_, _, kind, *_) = self._socket.recvfrom(65536)
            if kind == PACKET_OUTGOING:
                if data.endswith(CONTROL):
                    self._controls += is_datagram(data[HEADER:])
                else:
                    self.sent[destination(data[HEADER:])] += 1

    def works(self) -> bool:
        """Send one packet of each IP version, and whether all are seen and none before them was dropped."""
        wanted = self._controls + len(NOBODY)
        for family, address in NOBODY.items():
            with socket.socket(family, socket.SOCK_DGRAM) as out:
                out.sendto(CONTROL, (address, 9))
        until = time.monotonic() + 5
        while self._controls < wanted and time.monotonic() < until:
            time.sleep(0.02)
        _, dropped = struct.unpack("II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        return self._controls == wanted and not dropped

    def outside(self) -> int:
        """Packets that were not for this machine itself."""
        return sum(count for address, count in self.sent.items() if address != "::1" and address[:4] != "127.")


def is_datagram(packet: bytes) -> bool:
    """Whether an IP packet is UDP, and not the answer that nobody is there, which repeats what was sent."""
    return packet[9 if packet[0] >> 4 == 4 else 6] == socket.IPPROTO_UDP


def destination(packet: bytes) -> str:
    """Where an IP packet goes, `?` for one that is none."""
    version = packet[0] >> 4 if packet else 0
    if version == 4 and len(packet) >= 20:
        return socket.inet_ntop(socket.AF_INET, packet[16:20])
    if version == 6 and len(packet) >= 40:
        return socket.inet_ntop(socket.AF_INET6, packet[24:40])
    return "?"


def enter() -> str:
    """Move into a network of our own; in words why that is not possible, empty when it is done."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        return f"network namespaces are not permitted here ({os.strerror(ctypes.get_errno())})"
    try:
        for command in SETUP:
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        return f"the network of our own could not be set up ({type(exc).__name__} at {' '.join(command)})"
    return ""


def run(part: str, arguments: Sequence[str]) -> tuple[int, Counter[str], int]:
    """Run a part in a temporary folder of its own: pytest's status, local sockets to elsewhere, and controls heard."""
    with tempfile.TemporaryDirectory(prefix="r", ignore_cleanup_errors=True) as own:
        notes = Path(own, "local-sockets")
        command = [sys.executable, "-m", "pytest", "-p", "tests.local_sockets", "-m", part, *arguments]
        environment = {**os.environ, "TMPDIR": own, NOTES: str(notes)}
        status = subprocess.run(command, env=environment, check=False).returncode
        noted = Counter(notes.read_text().splitlines() if notes.exists() else ())
    controls = sum(noted.pop(line) for line in list(noted) if f"'{LOCAL_CONTROL}'" in line)
    return status, noted, controls


def prove(part: str, arguments: Sequence[str], *, itself: bool) -> tuple[bool, int]:
    """Run a part under capture; whether it is proven, and pytest's status. `itself`: to this machine it may send."""
    capture = Capture()
    before = capture.works()
    status, local, controls = run(part, arguments)
    after = capture.works()
    heard = controls == 2
    sys.stdout.write(
        f'prove-offline: tests "{part}": '
        f"packets sent: {capture.sent.total()}{_most(capture.sent)}, outside: {capture.outside()}; "
        f"capture works: {'yes' if before else 'NO'} before, {'yes' if after else 'NO'} after; "
        f"foreign local sockets: {local.total()}{_most(local)}, heard: {'yes' if heard else 'NO'}; pytest: {status}\n"
    )
    sys.stdout.flush()
    forbidden = local.total() + (capture.outside() if itself else capture.sent.total())
    return before and after and heard and forbidden == 0 and status in (0, NO_TESTS), status


def _most(counted: Counter[str]) -> str:
    return f" {dict(counted.most_common(5))}" if counted else ""


def main(arguments: Sequence[str]) -> int:
    """Run pytest on `arguments`; 0 when it passed and nothing was sent, 1 when not, 2 when nothing can be proven."""
    if os.geteuid() != 0 and INSIDE not in os.environ:
        command = ["unshare", "--user", "--map-root-user", sys.executable, "-m", "tests.offline", *arguments]
        return subprocess.run(command, env={**os.environ, INSIDE: "1"}, check=False).returncode
    why = enter()
    if why:
        sys.stderr.write(f"prove-offline: NOT PROVEN: {why}\n")
        return 2
    silent, first = prove("not loopback", arguments, itself=False)
    local, second = prove("loopback", arguments, itself=True)
    return 0 if silent and local and {first, second} != {NO_TESTS} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
