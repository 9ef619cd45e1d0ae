"""Set-up from nothing: run by `make` with the system's Python, before anything is installed. Standard library only."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REVIEWER = VENV / "bin" / "reviewer"
STAMP = VENV / ".reviewer-ready"
LOCK = ROOT / "requirements.lock"
CUDA_LOCK = ROOT / "requirements-cuda.lock"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reviewer"
LOG = CACHE / "setup.log"
OLDEST = (3, 11)
LLAMA = "llama-cpp-python"
FLAGS = (
    "-DGGML_NATIVE=ON -DLLAMA_CURL=OFF -DLLAMA_BUILD_SERVER=OFF -DGGML_RPC=OFF -DLLAMA_BUILD_TESTS=OFF "
    "-DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAVA_BUILD=OFF"
)
"""Native instructions; no server, no curl, no RPC."""

GENERAL = "import importlib.metadata as m; raise SystemExit(not any('nvidia' in r for r in m.requires('torch') or ()))"
"""Succeeds where the torch that is installed is the general build, which needs more libraries."""


HEAD = "安装 / reviewer set-up"


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
        sys.exit(f"\n{HEAD}: {exc}")
    except OSError as exc:
        sys.exit(
            f"\n{HEAD}: {exc.filename or CACHE}: {exc.strerror or exc}；改好后重新运行 / mend that and run it again"
        )
    except KeyboardInterrupt:
        sys.exit(f"\n{HEAD}: 已中断，再运行同一条命令会接着做 / interrupted; run the same command again, it resumes")


def check_python() -> None:
    """Go on with a newer Python where the default one is too old. Raises `SetupError` where there is none."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 (this very file, with another Python)
    raise SetupError(
        "运行 `apt-get install -y python3.11 python3.11-venv` 后再试 / "
        f"Python 3.11 or newer is needed, this is {platform.python_version()}: "
        "run `apt-get install -y python3.11 python3.11-venv` and try again"
    )


def make_environment() -> None:
    """The private `.venv`; one that cannot run pip is made again. Raises `SetupError`."""
    if PYTHON.exists() and quiet([str(PYTHON), "-m", "pip", "--version"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        step("专用环境 / private environment .venv", [sys.executable, "-m", "venv", str(VENV)])
    except SetupError as exc:
        shutil.rmtree(VENV, ignore_errors=True)
        if not quiet([sys.executable, "-c", "import ensurepip"]):
            package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            raise SetupError(
                f"运行 `apt-get install -y {package}` 后再试 / this Python has no venv module: run that and try again"
            ) from exc
        raise


def install_libraries() -> None:
    """What the lock files name, every file checked against its hash: torch first (a CPU build where one is found).

    llama-cpp-python is built here, from its checked source and with the checked tools. Raises `SetupError`.
    """
    lock = read_lock(LOCK)
    if not installed("torch", lock["torch"]):
        step("torch（优先 CPU 版 / a CPU build where one is found）", checked({"torch": build_of_torch(lock["torch"])}))
    if quiet([str(PYTHON), "-c", GENERAL]):
        step(
            "通用版 torch 的依赖（几 GB）/ what the general build of torch needs (several GB)",
            checked(read_lock(CUDA_LOCK)),
        )
    step("程序库 / libraries of requirements.lock", checked({name: pin for name, pin in lock.items() if name != LLAMA}))
    if not installed(LLAMA, lock[LLAMA]):
        step(LLAMA, pip("install", "--no-deps", str(llama_wheel(lock[LLAMA]))))
    step("本程序 / reviewer", pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)))
    quiet([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "reviewer")])  # what is confined keeps no compiled file


def fetch_weights() -> None:
    """The default judge and embedder; every byte is checked. Raises `SetupError`."""
    step(
        "模型文件（首次 1.2 GB）/ model weights (1.2 GB the first time)", [str(REVIEWER), "models", "fetch"], show=True
    )


def index_sample() -> None:
    """An index of the invented documents, where the station has none yet. Raises `SetupError`."""
    code = "from reviewer.paths import Home; print(Home.from_environment().store)"
    found = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False)
    if found.returncode:
        raise SetupError(
            f"程序启动不了，删掉 {VENV} 再试 / the installed program does not start: delete that folder and try again"
        )
    if not Path(found.stdout.strip()).exists():
        sample = ROOT / "index" / "sample"
        step(
            "示例索引 / sample index",
            [str(REVIEWER), "index", "build", str(sample), "--manifest", str(sample / "docs.jsonl")],
        )


def build_of_torch(pin: Pin) -> Pin:
    """The pin of the very build that pip finds, such as 2.13.0+cpu: with hashes alone pip would not look for one."""
    try:
        version = what_pip_takes(f"torch=={pin.version}")["metadata"]["version"]
    except subprocess.CalledProcessError:
        return pin
    return Pin(version, pin.lines.replace(pin.version, version, 1))


def what_pip_takes(requirement: str) -> dict[str, Any]:
    """Pip's report on the file it would install. Raises `subprocess.CalledProcessError` where there is none."""
    flags = ("--dry-run", "--no-deps", "--ignore-installed", "--quiet", "--report", "-")
    done = subprocess.run(pip("install", *flags, requirement), check=True, capture_output=True, text=True)
    report: dict[str, Any] = json.loads(done.stdout)["install"][0]
    return report


@dataclass(frozen=True)
class Pin:
    """One requirement of a lock file: its version, and its lines as they stand, with the hashes of its files."""

    version: str
    lines: str


def read_lock(lock: Path) -> dict[str, Pin]:
    """Name to pin, of every requirement of a lock file. Raises `SetupError` for one without version or hash."""
    pins = {}
    text = re.sub(r"^#.*\n", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    for lines in re.split(r"(?<!\\)\n(?=\S)", text.rstrip()):
        whole = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)[^\n]*\\(\n +--hash=sha256:[0-9a-f]{64}( \\)?)+$", lines)
        if whole is None:
            raise SetupError(
                f"{lock.name}: 缺少版本号或哈希 / {lines.split(chr(10))[0]!r} has no exact version or no hash: "
                "run `make lock`"
            )
        pins[whole[1].lower().replace("_", "-")] = Pin(whole[2], lines)
    return pins


def checked(pins: dict[str, Pin], *command: str) -> list[str]:
    """A pip command (by default, install wheels) that takes only files whose hash is in `pins`."""
    chosen = VENV / "chosen.lock"
    chosen.write_text("\n".join(pin.lines for pin in pins.values()) + "\n", "utf-8")
    how = command or ("install", "--only-binary", ":all:")
    return pip(*how, "--no-deps", "--require-hashes", "--requirement", str(chosen))


def pip(*arguments: str) -> list[str]:
    """A pip command of the private environment."""
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]


def quiet(command: list[str]) -> bool:
    """Whether a command succeeds."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def installed(name: str, pin: Pin) -> bool:
    """Whether the private environment has this version (a local build such as +cpu counts)."""
    code = (
        f"from importlib.metadata import version as v; raise SystemExit(v({name!r}).split('+')[0] != {pin.version!r})"
    )
    return quiet([str(PYTHON), "-c", code])


def wheel_folder(pin: Pin) -> Path:
    """Where the built wheel is kept: one folder for each source by its hash, Python, processor and set of flags."""
    flags = ""
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    about = f"{pin.lines} {sys.version_info[:2]} {platform.machine()} {FLAGS} {flags}"
    return CACHE / "wheels" / hashlib.sha256(about.encode()).hexdigest()[:16]


def llama_wheel(pin: Pin) -> Path:
    """The wheel built from the checked source for this processor, from the cache or built now. Raises `SetupError`."""
    folder = wheel_folder(pin)
    found = list(folder.glob("*.whl"))
    if found:
        return found[0]
    for tool, other in (("cc", "CC"), ("c++", "CXX")):
        if shutil.which(os.environ.get(other) or tool) is None:
            command = "xcode-select --install" if sys.platform == "darwin" else "apt-get install -y build-essential"
            raise SetupError(f"没有 C++ 编译器 / no C++ compiler ({tool}) is here: run `{command}` and try again")
    made = folder.with_name(folder.name + ".part")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    os.environ["CMAKE_ARGS"] = FLAGS
    how = ("wheel", "--no-binary", LLAMA, "--no-build-isolation", "--wheel-dir", str(made))
    build = checked({LLAMA: pin}, *how)
    step(
        "编译 llama-cpp-python，仅此一次（2 核 4 到 10 分钟）/ built from source, once (4 to 10 minutes on 2 cores)",
        build,
    )
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
        raise SetupError(
            f"这一步没有成功，按上面的提示改好后重新运行 / this step failed: {what}; "
            f"mend what the lines above say and run it again (log: {LOG})"
        )
    if not show:
        say(f"{chr(13) if tty else ''}• {what}: 完成 / done, {time.monotonic() - started:.0f} s")


def say(text: str, end: str = "\n") -> None:
    """Narration goes to stderr."""
    print(text, end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
