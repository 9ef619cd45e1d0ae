"""`make sbom`: what the program is made of, as CycloneDX 1.6 (`docs/sbom.json`) and as a table (`docs/licences.md`).

Libraries are what the lock files name for Linux, each marked with the group of its lock: `main` (with development
tools) and `release` as installed here, `cuda` as the files of these releases say. Models are those of `models.txt`.
llama.cpp comes inside the source of llama-cpp-python, whose hash the lock has: its commit is known for the source in
`VENDORED`, checked against what the installed build says, and else listed as unknown.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from email.message import Message
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

from reviewer.bootstrap import CUDA_LOCK, LLAMA, LOCK, ROOT, Pin, read_lock
from reviewer.models import Catalogue
from tools.lock import RELEASE
from tools.published import metadata

VENDORED = {
    "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e": "0c1e57098bba43ac29e6e3b677cdceebdd22334f",
}
"""llama.cpp's commit by the SHA-256 of llama-cpp-python's source archive: the HEAD of the submodule that the archive
holds (`.git/modules/vendor/llama.cpp/HEAD`), whose files in `vendor/llama.cpp` git found unchanged."""
UNKNOWN = "unknown"
_BUILT_FROM = re.compile(r"set\(LLAMA_BUILD_COMMIT\s+\"?([0-9a-f]{7,40})\b")

LOCKS: Mapping[str, Path] = {"main": LOCK, "cuda": CUDA_LOCK, "release": RELEASE}
"""Every lock file by the group that its libraries are marked with."""

GROUP = "reviewer:group"

SBOM, LICENCES = ROOT / "docs" / "sbom.json", ROOT / "docs" / "licences.md"
HEAD = """# Licences

Written by `make sbom` from [sbom.json](sbom.json): what the lock files install on Linux, models and llama.cpp. Group
`main` is `requirements.lock`, and llama.cpp; `cuda` is `requirements-cuda.lock`, which only the general build of torch
needs; `release` is `requirements-release.lock`, which makes the lock files and this list. A licence is what the package
says of itself.

| what | version | group | licence |
|---|---|---|---|
"""
Component = dict[str, Any]


def main() -> None:
    """Write both files."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--short-PURLs"]
    command += ["--sv", "1.6", "--pyproject", str(ROOT / "pyproject.toml"), sys.executable]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    bom = json.loads(found.stdout)
    installed = {_name(c["name"]): c for c in bom["components"]}
    libraries = [_library(pin, group, installed) for group, lock in LOCKS.items() for pin in read_lock(lock).items()]
    bom["components"] = [*(c for c in libraries if c), _llama_cpp(), *_models()]
    known = {c["bom-ref"] for c in bom["components"]} | {bom["metadata"]["component"]["bom-ref"]}
    bom["dependencies"] = [
        {**d, **({"dependsOn": [r for r in d["dependsOn"] if r in known]} if "dependsOn" in d else {})}
        for d in bom["dependencies"]
        if d["ref"] in known
    ]
    SBOM.write_text(json.dumps(bom, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    LICENCES.write_text(licences(bom), "utf-8")


def licences(bom: dict[str, Any]) -> str:
    """The table."""
    rows = sorted((c["name"].lower(), c["name"], c.get("version", ""), group(c), licence(c)) for c in bom["components"])
    return HEAD + "".join(f"| {name} | {v} | {of} | {said} |\n" for _, name, v, of, said in rows)


def group(component: Component) -> str:
    """The group that a component is marked with."""
    return next(p["value"] for p in component["properties"] if p["name"] == GROUP)


def licence(component: Component) -> str:
    """What a component says of its licence, in one line."""
    said = (_one(entry) for entry in component.get("licenses", ()))
    return "; ".join(dict.fromkeys(s for s in said if s)).replace("|", "/") or "not said"


def _one(entry: dict[str, Any]) -> str:
    if "expression" in entry:
        return str(entry["expression"])
    of = entry["license"]
    name = str(of.get("id") or of.get("name", ""))
    return name.removeprefix("License :: ").removeprefix("OSI Approved :: ").split("\n")[0]


def _name(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _library(pin: tuple[str, Pin], group: str, installed: Mapping[str, Component]) -> Component | None:
    """One requirement of a lock as it is installed, or as its release says; none for one that Linux does not need."""
    name, locked = pin
    found = installed.get(_name(name))
    if found is None and group == "cuda":
        found = _released(metadata(f"{name}=={locked.version}"))
    return _plain(found, group) if found else None


def _released(said: Message) -> Component:
    """A release that is not installed, as one that is."""
    name, version = str(said["Name"]), str(said["Version"])
    known = [{"expression": str(said["License-Expression"])}] if said["License-Expression"] else []
    if not known:
        written = [v for v in said.get_all("Classifier", []) if v.startswith("License")] + [str(said["License"] or "")]
        known = [{"license": {"name": one}} for one in written if one]
    return {
        "type": "library",
        "bom-ref": f"{name}=={version}",
        "name": name,
        "version": version,
        "description": str(said["Summary"] or ""),
        "purl": f"pkg:pypi/{_name(name)}@{version}",
        "licenses": known,
    }


def _plain(component: Component, group: str) -> Component:
    """Without the places of this machine, marked with its group."""
    kept = {k: v for k, v in component.items() if k not in ("externalReferences", "properties", "evidence")}
    return {**kept, "version": component["version"].split("+")[0], **marked(group)}


def marked(group: str) -> Component:
    """The mark of a group."""
    return {"properties": [{"name": GROUP, "value": group}]}


def vendored(pin: str) -> str:
    """llama.cpp's commit in the source archive that the lines of a lock name by its hash; `unknown` for another."""
    return next((commit for sha256, commit in VENDORED.items() if f"--hash=sha256:{sha256}" in pin), UNKNOWN)


def built_from() -> str:
    """The first digits of llama.cpp's commit as the installed build says; empty where it was built without git."""
    installed = distribution(LLAMA)
    said = (Path(str(installed.locate_file(f))) for f in installed.files or () if f.name == "llama-config.cmake")
    found = (_BUILT_FROM.search(file.read_text("utf-8")) for file in said)
    return next((m[1] for m in found if m), "")


def _llama_cpp() -> Component:
    commit = vendored(read_lock(LOCK)[LLAMA].lines)
    if commit != UNKNOWN and not commit.startswith(built_from()):
        raise SystemExit(f"the installed {LLAMA} was built from llama.cpp {built_from()}, not {commit}")
    known: Component = {"purl": f"pkg:github/ggml-org/llama.cpp@{commit}"} if commit != UNKNOWN else {}
    return {
        "type": "library",
        "bom-ref": "llama.cpp",
        "name": "llama.cpp",
        "version": commit,
        "description": f"as vendored in {LLAMA} {version(LLAMA)}, "
        "built without server, RPC and curl (FLAGS in reviewer/bootstrap.py)",
        "licenses": [{"license": {"id": "MIT"}}],
        **known,
        **marked("main"),
    }


def _models() -> Iterable[Component]:
    for model in Catalogue.load(ROOT / "models.txt").models:
        spdx = model.license in ("Apache-2.0", "MIT")
        yield {
            "type": "machine-learning-model",
            "bom-ref": f"model:{model.name}",
            "name": model.name,
            "version": model.status,
            "description": model.note,
            "hashes": [{"alg": "SHA-256", "content": model.sha256}],
            "licenses": [{"license": {"id": model.license} if spdx else {"name": model.license}}],
            **marked("model"),
        }


if __name__ == "__main__":
    main()
