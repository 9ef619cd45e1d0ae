"""Set-up from nothing: run by `make` with the system's Python, before anything is installed. Standard library only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REVIEWER = VENV / "bin" / "reviewer"
STAMP = VENV / ".reviewer-ready"
LOCK = ROOT / "requirements.lock"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reviewer"
LOG = CACHE / "setup.log"
OLDEST = (3, 11)
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
        check_python()
        STAMP.unlink(missing_ok=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        make_environment()
        install_libraries()
        fetch_weights()
        index_sample()
        STAMP.write_text("ready\n")
    except SetupError as exc:
        sys.exit(f"\nreviewer set-up: {exc}")
    except OSError as exc:
        sys.exit(f"\nreviewer set-up: {exc.filename or CACHE}: {exc.strerror or exc}; mend that and run it again")
    except KeyboardInterrupt:
        sys.exit("\nreviewer set-up: interrupted; run the same command again, it resumes")


def check_python() -> None:
    """Go on with a newer Python where the default one is too old. Raises `SetupError` where there is none."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 (this very file, with another Python)
    raise SetupError(
        f"Python 3.11 or newer is needed, this is {platform.python_version()}: "
        "run `apt-get install -y python3.11 python3.11-venv` and try again"
    )


def make_environment() -> None:
    """The private `.venv`; one that cannot run pip is made again. Raises `SetupError`."""
    if PYTHON.exists() and quiet([str(PYTHON), "-m", "pip", "--version"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        step("private environment .venv", [sys.executable, "-m", "venv", str(VENV)])
    except SetupError as exc:
        shutil.rmtree(VENV, ignore_errors=True)
        if not quiet([sys.executable, "-c", "import ensurepip"]):
            package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            raise SetupError(
                f"this Python has no venv module: run `apt-get install -y {package}` and try again"
            ) from exc
        raise


def install_libraries() -> None:
    """Everything in the lock file: torch first, so that a CPU build is chosen where one is found; then this program."""
    pins = read_pins(LOCK)
    if not installed("torch", pins["torch"]):
        step("torch (a CPU build where one is found)", pip("install", f"torch=={pins['torch']}"))
    if not installed(LLAMA, pins[LLAMA]):
        step(LLAMA, pip("install", "--no-deps", str(llama_wheel(pins[LLAMA]))))
    step("libraries of requirements.lock", pip("install", "--requirement", str(LOCK)))
    step("reviewer", pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)))


def fetch_weights() -> None:
    """The default judge and embedder; every byte is checked. Raises `SetupError`."""
    step("model weights (1.2 GB the first time)", [str(REVIEWER), "models", "fetch"], show=True)


def index_sample() -> None:
    """An index of the invented documents, where the station has none yet. Raises `SetupError`."""
    code = "from reviewer.paths import Home; print(Home.from_environment().store)"
    found = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False)
    if found.returncode:
        raise SetupError(f"the installed program does not start: delete {VENV} and try again")
    if not Path(found.stdout.strip()).exists():
        sample = ROOT / "index" / "sample"
        step("sample index", [str(REVIEWER), "index", "build", str(sample), "--manifest", str(sample / "docs.jsonl")])


def read_pins(lock: Path) -> dict[str, str]:
    """Name to version, of every line of the lock file. Raises `SetupError`."""
    pins = {}
    for line in lock.read_text("utf-8").splitlines():
        text = line.split("#")[0].strip()
        name, exact, version = text.partition("==")
        if text and not exact:
            raise SetupError(f"{lock.name}: {text!r} is not pinned: write name==version")
        if text:
            pins[name.lower().replace("_", "-")] = version
    return pins


def pip(*arguments: str) -> list[str]:
    """A pip command of the private environment."""
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]


def quiet(command: list[str]) -> bool:
    """Whether a command succeeds."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def installed(name: str, version: str) -> bool:
    """Whether the private environment has this version (a local build such as +cpu counts)."""
    code = f"from importlib.metadata import version as v; raise SystemExit(v({name!r}).split('+')[0] != {version!r})"
    return quiet([str(PYTHON), "-c", code])


def wheel_folder(version: str) -> Path:
    """Where the built wheel is kept: one folder for each version, Python, processor and set of flags."""
    flags = ""
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    about = f"{version} {sys.version_info[:2]} {platform.machine()} {FLAGS} {flags}"
    return CACHE / "wheels" / hashlib.sha256(about.encode()).hexdigest()[:16]


def llama_wheel(version: str) -> Path:
    """The wheel built from the sdist for this processor, from the cache or built now. Raises `SetupError`."""
    folder = wheel_folder(version)
    found = list(folder.glob("*.whl"))
    if found:
        return found[0]
    for tool, other in (("cc", "CC"), ("c++", "CXX")):
        if shutil.which(os.environ.get(other) or tool) is None:
            command = "xcode-select --install" if sys.platform == "darwin" else "apt-get install -y build-essential"
            raise SetupError(f"no C++ compiler ({tool}) is here: run `{command}` and try again")
    made = folder.with_name(folder.name + ".part")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    os.environ["CMAKE_ARGS"] = FLAGS
    build = pip("wheel", "--no-deps", "--no-binary", LLAMA, "--wheel-dir", str(made), f"{LLAMA}=={version}")
    step("build of llama-cpp-python from source, once (4 to 10 minutes on 2 cores)", build)
    shutil.rmtree(folder, ignore_errors=True)
    made.replace(folder)
    return next(folder.glob("*.whl"))


def step(what: str, command: list[str], *, show: bool = False) -> None:
    """Run a command with the seconds counted on the screen; `show` lets its own progress through. Raises `SetupError`.

    Output goes to the log, whose last lines are shown when it fails.
    """
    tty = sys.stderr.isatty()
    started = shown = time.monotonic()
    if show or tty:
        say(f"• {what}", end="\n" if show else "")
    with LOG.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=None if show else out, stdin=subprocess.DEVNULL)
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
                break
            now = time.monotonic()
            if not show and now - shown >= (1 if tty else 15):
                shown = now
                say(f"{chr(13) if tty else ''}• {what}: {now - started:.0f} s", end="" if tty else "\n")
    if process.returncode:
        tail = LOG.read_text("utf-8", "replace").splitlines()[-8:]
        say("\n".join(["", *tail]))
        raise SetupError(f"this step failed: {what}; mend what the lines above say and run it again (log: {LOG})")
    if not show:
        say(f"{chr(13) if tty else ''}• {what}: done in {time.monotonic() - started:.0f} s")


def say(text: str, end: str = "\n") -> None:
    """Narration goes to stderr."""
    print(text, end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
