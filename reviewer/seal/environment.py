"""What of the environment reaches our processes: an allow-list for children, and no hub, proxy or log for ourselves."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from reviewer.seal.state import Part

QUIET: Mapping[str, str] = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DO_NOT_TRACK": "1",
    "NO_PROXY": "*",
    "TOKENIZERS_PARALLELISM": "false",
    "JOBLIB_MULTIPROCESSING": "0",
    "TRANSFORMERS_VERBOSITY": "error",
    "GGML_NO_BACKTRACE": "1",
    "TORCHINDUCTOR_CACHE_DIR": os.sep,
    "PYPINYIN_NO_PHRASES": "true",
}
"""No hub, no telemetry, no debugger forked on an abort; no semaphores, no folder and no phrases (half a second to read)
for what is not used.

Libraries read these when they are imported; without them a hub call behind the seal tries again for 23 seconds.
"""

KEPT = frozenset((
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "OMP_NUM_THREADS",
    "SYSTEMROOT", "WINDIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP",
))  # fmt: skip
"""What a child gets of our own environment, besides `LC_*`: no proxy, no preloaded library, no Python path."""

DROPPED = ("LD_", "DYLD_", "PYTHON", "TEXTUAL", "HF_", "HUGGING", "TRANSFORMERS_", "GGML_", "LLAMA_")
DROPPED_NAMES = frozenset(("SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS"))
"""What a front end drops of its own: library paths, Python's, debug logs, agents; and every `*_proxy`."""

PACKAGE_ROOT = Path(__file__).parents[2]

START = "import sys; sys.path.insert(0, sys.argv[1]); from reviewer.seal.child import main; main(*sys.argv[2:])"
"""Python's isolated mode takes no path from the environment; ours is where this very file lies."""


def scrub() -> None:
    """Drop what could steer a library from this process's own environment, and keep the libraries quiet."""
    for name in list(os.environ):
        upper = name.upper()
        if upper.startswith(DROPPED) or upper.endswith("_PROXY") or upper in DROPPED_NAMES:
            del os.environ[name]
    os.environ.update(QUIET)


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a child."""
    kept = {k: v for k, v in os.environ.items() if k.upper() in KEPT or k.startswith("LC_")}
    return {**kept, **QUIET, **more}


def child_command(part: Part, module: str) -> list[str]:
    """How a child of the same program is started: isolated, and sealed before its module is imported."""
    return [sys.executable, "-I", "-X", "utf8", "-c", START, str(PACKAGE_ROOT), part.value, module]
