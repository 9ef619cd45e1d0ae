"""`make lock`: the lock files anew, with the SHA-256 of every file of every release (`--upgrade` takes newer releases).

One resolution for Linux, macOS and Windows is cut into what everybody installs and what only the general build of torch
needs on Linux. A CPU build of torch has a hash of its own wherever it comes from: those in the old lock are kept, and
the one that pip finds here is added.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reviewer.bootstrap import what_pip_takes

ROOT = Path(__file__).resolve().parent.parent
MAIN, CUDA, RELEASE = (ROOT / f"requirements{part}.lock" for part in ("", "-cuda", "-release"))
HEADS = {
    MAIN: "What `make run` and `make test` install; every file is checked against its hash.",
    CUDA: "What the general build of torch needs on Linux besides requirements.lock; not installed with a CPU build.",
    RELEASE: "What `make lock` and `make sbom` need besides requirements.lock.",
}
GPU = re.compile(r"(cuda-|nvidia-|triton)")
NOWHERE = re.compile(r"sys_platform == 'emscripten'")
RESOLVE = ("--generate-hashes", "--universal", "--python-version", "3.11", "--fork-strategy", "fewest")
QUIET = ("--quiet", "--no-header", "--no-annotate")


def main(arguments: Sequence[str]) -> None:
    """Write the three files."""
    old = {path: blocks(path.read_text("utf-8")) if path.exists() else {} for path in HEADS}
    known = {**old[CUDA], **old[MAIN]}
    found = resolve(["pyproject.toml", "--extra", "ocr", "--group", "dev", "--group", "build"], known, arguments)
    found = {name: text for name, text in found.items() if not NOWHERE.search(text)}
    found["torch"] = with_hashes(found["torch"], [*kept(known.get("torch", ""), found["torch"]), local_torch(found)])
    write(MAIN, {name: text for name, text in found.items() if not GPU.match(name)})
    write(CUDA, {name: text for name, text in found.items() if GPU.match(name)})
    tools = resolve(["--group", "pyproject.toml:release", "--constraints", str(MAIN)], old[RELEASE], arguments)
    write(RELEASE, {name: text for name, text in tools.items() if name not in found})


def resolve(inputs: Sequence[str], known: Mapping[str, str], arguments: Sequence[str]) -> dict[str, str]:
    """The blocks of a resolution that keeps the `known` versions where it can."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "requirements.txt"
        out.write_text("\n".join(known.values()), "utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", *QUIET, *RESOLVE, *inputs, *arguments, "-o", str(out)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return blocks(out.read_text("utf-8"))


def blocks(text: str) -> dict[str, str]:
    """Requirement name to its line with the lines of its hashes."""
    found = re.findall(r"^[A-Za-z0-9].*(?:\n    .*)*", text, re.MULTILINE)
    return {block.split("==")[0]: block for block in found}


def kept(old: str, new: str) -> list[str]:
    """The hashes that only the old block has, where both are of one version."""
    if old.split(" ")[0] != new.split(" ")[0]:
        return []
    return [h for h in re.findall(r"sha256:[0-9a-f]{64}", old) if h not in new]


def local_torch(found: Mapping[str, str]) -> str:
    """The hash of the build of torch that pip takes here."""
    report = what_pip_takes(found["torch"].split(" ")[0])
    return f"sha256:{report['download_info']['archive_info']['hashes']['sha256']}"


def with_hashes(block: str, hashes: Iterable[str]) -> str:
    """The block with more hashes behind its own."""
    more = [f"    --hash={h}" for h in dict.fromkeys(hashes) if h not in block]
    return " \\\n".join([block, *more])


def write(path: Path, found: Mapping[str, str]) -> None:
    """One lock file, sorted."""
    lines = [f"# {HEADS[path]} Written by `make lock`.", *(found[name] for name in sorted(found))]
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
