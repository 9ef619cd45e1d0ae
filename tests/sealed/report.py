"""Run as a sealed child (`child_command(part, "tests.sealed.report")`): says as JSON what such a process can do."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from reviewer.seal import need


def refused(attempt: Callable[[], object]) -> str:
    """The error an attempt met, `none` where it worked."""
    try:
        attempt()
    except OSError as exc:
        return type(exc).__name__
    return "none"


def main() -> None:
    """Try, with the folder and the process given on standard input."""
    folder, other = json.loads(sys.stdin.read())
    seal = need()
    said = {
        "seal": seal.model_dump(mode="json"),
        "environment": dict(os.environ),
        "path": sys.path,
        "flags": {"isolated": sys.flags.isolated, "utf8": sys.flags.utf8_mode},
        "temporary": tempfile.gettempdir(),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "dumpable": os.stat("/proc/self/mem").st_uid == os.geteuid() and _dumpable(),
        "write": refused(lambda: Path(folder, "dropped").write_text("x")),
        "make": refused(lambda: Path(folder, "made").mkdir()),
        "remove": refused(lambda: Path(folder, "there").unlink()),
        "append": refused(lambda: Path(folder, "there").open("a").close()),
        "read": refused(lambda: Path(folder, "there").read_text()),
        "null": refused(lambda: Path(os.devnull).write_text("x")),
        "memory": refused(lambda: Path(f"/proc/{other}/mem").open("r+b").close()),
        "signal": refused(lambda: os.kill(other, signal.SIGUSR1)),
        "program": refused(lambda: subprocess.run([sys.executable, "-c", ""], check=True)),
    }
    print(json.dumps(said))  # noqa: T201 (this is the answer)


def _dumpable() -> bool:
    import ctypes

    return bool(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))


if __name__ == "__main__":
    main()
