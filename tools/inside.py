"""What the installed wheels carry inside: programs in other languages, models; version and licence as the wheel says.

llama.cpp comes inside the source of llama-cpp-python, whose hash the lock has: its commit is known for the source in
`VENDORED`, checked against what the installed build says, and else listed as unknown.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from importlib.metadata import distribution, version
from pathlib import Path, PurePath

import apsw

from reviewer.bootstrap import LLAMA, LOCK, read_lock
from tools.licensing import Component

VENDORED = {
    "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e": "0c1e57098bba43ac29e6e3b677cdceebdd22334f",
}
"""llama.cpp's commit by the SHA-256 of llama-cpp-python's source archive: the HEAD of the submodule that the archive
holds (`.git/modules/vendor/llama.cpp/HEAD`), whose files in `vendor/llama.cpp` git found unchanged."""
UNKNOWN = "unknown"
_BUILT_FROM = re.compile(r"set\(LLAMA_BUILD_COMMIT\s+\"?([0-9a-f]{7,40})\b")


def vendored(pin: str) -> str:
    """llama.cpp's commit in the source archive that the lines of a lock name by its hash; `unknown` for another."""
    return next((commit for sha256, commit in VENDORED.items() if f"--hash=sha256:{sha256}" in pin), UNKNOWN)


def built_from() -> str:
    """The first digits of llama.cpp's commit as the installed build says; empty where it was built without git."""
    found = (_BUILT_FROM.search(file.read_text("utf-8")) for file in _files(LLAMA, "*/llama-config.cmake"))
    return next((m[1] for m in found if m), "")


def _files(carrier: str, pattern: str) -> list[Path]:
    """The installed files of a package whose places match."""
    installed = distribution(carrier)
    return sorted(Path(str(installed.locate_file(f))) for f in installed.files or () if PurePath(f).match(pattern))


def _llama_cpp() -> list[Component]:
    commit = vendored(read_lock(LOCK)[LLAMA].lines)
    if commit != UNKNOWN and not commit.startswith(built_from()):
        raise SystemExit(f"the installed {LLAMA} was built from llama.cpp {built_from()}, not {commit}")
    known: Component = {"purl": f"pkg:github/ggml-org/llama.cpp@{commit}"} if commit != UNKNOWN else {}
    return [
        {
            "type": "library",
            "bom-ref": "llama.cpp",
            "name": "llama.cpp",
            "version": commit,
            "description": f"as vendored in {LLAMA} {version(LLAMA)}, "
            "built without server, RPC and curl (FLAGS in reviewer/bootstrap.py)",
            "licenses": [{"license": {"id": "MIT"}}],
            **known,
        }
    ]


def _pdfium() -> list[Component]:
    [file] = _files("pypdfium2", "pypdfium2_raw/version.json")
    number = "{major}.{minor}.{build}.{patch}".format(**json.loads(file.read_text("utf-8")))
    theirs = [text.stem for text in _files("pypdfium2", "licenses/BUILD_LICENSES/*.*") if "pdfium" not in text.stem]
    return [
        {
            "type": "library",
            "bom-ref": "pdfium",
            "name": "pdfium",
            "version": number,
            "description": f"with libraries of its own, by their licence files: {', '.join(dict.fromkeys(theirs))}",
            "purl": f"pkg:generic/pdfium@{number}",
            "licenses": [{"license": {"id": one}} for one in ("BSD-3-Clause", "Apache-2.0")],  # both in pdfium.txt
        }
    ]


def _sqlite() -> list[Component]:
    """SQLite and the ciphers; the wheel says their versions, their projects the licences."""
    ciphers, database = apsw.mc_version.rpartition(" ")[2], apsw.sqlite_lib_version()
    return [
        {
            "type": "library",
            "bom-ref": "sqlite3mc",
            "name": "SQLite3 Multiple Ciphers",
            "version": ciphers,
            "purl": f"pkg:github/utelle/SQLite3MultipleCiphers@v{ciphers}",
            "licenses": [{"license": {"id": "MIT"}}],
        },
        {
            "type": "library",
            "bom-ref": "sqlite",
            "name": "SQLite",
            "version": database,
            "purl": f"pkg:generic/sqlite@{database}",
            "licenses": [{"license": {"id": "blessing"}}],
        },
    ]


def _recognition() -> list[Component]:
    """The models of text recognition, under the licence of the notice that names them by their hash."""
    [notice] = _files("rapidocr", "licenses/MODEL_LICENSES.md")
    return [_model(file, notice.read_text("utf-8")) for file in _files("rapidocr", "models/*.onnx")]


def _model(file: Path, notice: str) -> Component:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{file.stem}",
        "name": file.name,
        "hashes": [{"alg": "SHA-256", "content": sha256}],
        "licenses": [{"license": {"id": "Apache-2.0"}}] if sha256 in notice else [],
    }


INSIDE: Mapping[str, Callable[[], list[Component]]] = {
    "pypdfium2": _pdfium,
    "apsw-sqlite3mc": _sqlite,
    "rapidocr": _recognition,
    LLAMA: _llama_cpp,
}
"""How to tell what a package carries, by its name in the lock."""
