"""Set-up from nothing: run by `make` with the system's Python, before anything is installed. Standard library only."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".reviewer-ready"
LOCK = ROOT / "requirements.lock"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reviewer"
LLAMA = "llama-cpp-python"
FLAGS = (
    "-DGGML_NATIVE=ON -DLLAMA_CURL=OFF -DLLAMA_BUILD_SERVER=OFF -DGGML_RPC=OFF -DLLAMA_BUILD_TESTS=OFF "
    "-DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAVA_BUILD=OFF"
)
"""Native instructions; no server, no curl, no RPC."""


class SetupError(Exception):
    """One sentence that says what to do."""


def main() -> None:
    """Bring `.venv`, the weights and the sample index to what the checkout asks for."""
    try:
        if sys.version_info < (3, 11):  # noqa: UP036 (runs on whatever Python the machine has)
            raise SetupError(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: install python3.11")
        if not PYTHON.exists():
            step("private environment .venv", [sys.executable, "-m", "venv", str(VENV)])
        pins = dict(line.split("==") for line in requirements())
        torch = [f"torch=={pins['torch']}"]
        if not installed("torch", pins["torch"]):
            step("torch (a CPU build where the index has one)", pip("install", *torch))
        wheel = llama_wheel(pins[LLAMA])
        if not installed(LLAMA, pins[LLAMA]):
            step(LLAMA, pip("install", "--no-deps", str(wheel)))
        step("libraries of requirements.lock", pip("install", "--requirement", str(LOCK)))
        step("reviewer", pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)))
        step("model weights (1.1 GB the first time)", [str(VENV / "bin" / "reviewer"), "models", "fetch"], show=True)
        store = station_store()
        if not store.exists():
            sample = ROOT / "index" / "sample"
            command = ["index", "build", str(sample), "--manifest", str(sample / "docs.jsonl")]
            step("sample index", [str(VENV / "bin" / "reviewer"), *command])
        STAMP.write_text("ready\n")
    except SetupError as exc:
        sys.exit(f"\nreviewer set-up: {exc}")
    except KeyboardInterrupt:
        sys.exit("\nreviewer set-up: interrupted; run the same command again, it resumes")


def requirements() -> list[str]:
    """The pins of the lock file."""
    lines = (line.split("#")[0].strip() for line in LOCK.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def pip(*arguments: str) -> list[str]:
    """A pip command of the private environment."""
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]


def installed(name: str, version: str) -> bool:
    """Whether the private environment has this version (a local build such as +cpu counts)."""
    code = (
        f"from importlib.metadata import version as v; import sys; sys.exit(v({name!r}).split('+')[0] != {version!r})"
    )
    return subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False).returncode == 0


def station_store() -> Path:
    """Where the station's index lies."""
    code = "from reviewer.paths import Home; print(Home.from_environment().store)"
    return Path(subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=True).stdout.strip())


def llama_wheel(version: str) -> Path:
    """The wheel built from the sdist for this processor, from the cache or built now (6 to 10 minutes)."""
    cpu = Path("/proc/cpuinfo")
    flags = (
        next((x for x in cpu.read_text().splitlines() if x.startswith(("flags", "Features"))), "")
        if cpu.exists()
        else ""
    )
    about = f"{version} {sys.version_info[:2]} {os.uname().machine} {FLAGS} {flags}"
    folder = CACHE / "wheels" / hashlib.sha256(about.encode()).hexdigest()[:16]
    found = list(folder.glob("*.whl"))
    if found:
        return found[0]
    for tool, package in (("cc", "build-essential"), ("c++", "build-essential")):
        if shutil.which(tool) is None:
            raise SetupError(f"no C compiler ({tool}): run `apt-get install -y {package}` and try again")
    made = folder.with_name(folder.name + ".part")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    os.environ["CMAKE_ARGS"] = FLAGS
    build = pip("wheel", "--no-deps", "--no-binary", LLAMA, "--wheel-dir", str(made), f"{LLAMA}=={version}")
    step("build of llama-cpp-python from source, once (6 to 10 minutes on 2 cores)", build)
    os.replace(made, folder)
    return next(folder.glob("*.whl"))


def step(what: str, command: Sequence[str], *, show: bool = False) -> None:
    """Run a command with the seconds counted on the screen; its output goes to a log that is kept when it fails."""
    CACHE.mkdir(parents=True, exist_ok=True)
    log = CACHE / "setup.log"
    tty = sys.stderr.isatty()
    started = shown = time.monotonic()
    if show:
        print(f"• {what}", file=sys.stderr, flush=True)
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=None if show else out, stdin=subprocess.DEVNULL)
        while process.poll() is None:
            time.sleep(0.1)
            now = time.monotonic()
            if not show and now - shown >= (1 if tty else 15):
                shown = now
                text = f"• {what}: {now - started:4.0f} s"
                print(f"\r{text}" if tty else text, end="" if tty else "\n", file=sys.stderr, flush=True)
    took = time.monotonic() - started
    if not show:
        print(f"{chr(13) if tty else ''}• {what}: done in {took:.0f} s", file=sys.stderr, flush=True)
    if process.returncode:
        tail = log.read_text("utf-8", "replace").splitlines()[-8:]
        print("\n".join(tail), file=sys.stderr)
        raise SetupError(f"this step failed: {what}; mend what the lines above say and run it again (log: {log})")


if __name__ == "__main__":
    main()
