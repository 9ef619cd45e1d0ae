"""`make sbom`: what the program is made of, as CycloneDX 1.6 (`docs/sbom.json`) and as a table (`docs/licences.md`).

Libraries are what the lock files name for Linux, each marked with the group of its lock: `main` (with development
tools) and `release` as installed here, `cuda` as the files of these releases say. Each has the hashes of the files that
its lock lets in, and what it carries inside (`tools/inside.py`). Models are those of `models.txt`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from email.message import Message
from importlib.metadata import distribution
from pathlib import Path

from reviewer.bootstrap import CUDA_LOCK, LOCK, ROOT, Pin, read_lock
from reviewer.models import Catalogue
from tools.inside import INSIDE
from tools.licensing import Component, known, licence, texts
from tools.lock import RELEASE
from tools.published import metadata

LOCKS: Mapping[str, Path] = {"main": LOCK, "cuda": CUDA_LOCK, "release": RELEASE}
"""Every lock file by the group that its libraries are marked with."""

GROUP = "reviewer:group"

SBOM, LICENCES = ROOT / "docs" / "sbom.json", ROOT / "docs" / "licences.md"
HEAD = """# Licences

Written by `make sbom` from [sbom.json](sbom.json): what the lock files install on Linux, what that carries inside, and
models. Group `main` is `requirements.lock`; `cuda` is `requirements-cuda.lock`, which only the general build of torch
needs; `release` is `requirements-release.lock`, which makes the lock files and this list. A licence is what the package
says of itself, and for the few that say nothing what `tools/licensing.py` and `tools/inside.py` give a reason for.

| what | version | group | licence |
|---|---|---|---|
"""


def main() -> None:
    """Write both files."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--short-PURLs"]
    command += ["--sv", "1.6", "--pyproject", str(ROOT / "pyproject.toml"), sys.executable]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    bom = json.loads(found.stdout)
    installed = {_name(c["name"]): c for c in bom["components"]}
    libraries = [_library(pin, group, installed) for group, lock in LOCKS.items() for pin in read_lock(lock).items()]
    bom["components"] = [*(c for c in libraries if c), *_models()]
    listed = {c["bom-ref"] for c in bom["components"]} | {bom["metadata"]["component"]["bom-ref"]}
    bom["dependencies"] = [
        {**d, **({"dependsOn": [r for r in d["dependsOn"] if r in listed]} if "dependsOn" in d else {})}
        for d in bom["dependencies"]
        if d["ref"] in listed
    ]
    SBOM.write_text(json.dumps(bom, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    LICENCES.write_text(licences(bom), "utf-8")


def every(bom: Component) -> list[Component]:
    """Every component, and what it carries inside."""
    return [one for c in bom["components"] for one in (c, *c.get("components", ()))]


def licences(bom: Component) -> str:
    """The table."""
    rows = sorted((c["name"].lower(), c["name"], c.get("version", ""), group(c), licence(c)) for c in every(bom))
    return HEAD + "".join(f"| {name} | {v} | {of} | {said} |\n" for _, name, v, of, said in rows)


def group(component: Component) -> str:
    """The group that a component is marked with."""
    return next(p["value"] for p in component["properties"] if p["name"] == GROUP)


def _name(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _library(pin: tuple[str, Pin], group: str, installed: Mapping[str, Component]) -> Component | None:
    """One requirement of a lock as it is installed, or as its release says; none for one that Linux does not need."""
    name, locked = pin
    found = installed.get(_name(name))
    if found is None and group == "cuda":
        found = _released(metadata(f"{name}=={locked.version}"))
    return _locked(found, name, locked, group) if found else None


def _released(said: Message) -> Component:
    """A release that is not installed, as one that is."""
    name, version = str(said["Name"]), str(said["Version"])
    return {
        "type": "library",
        "bom-ref": f"{name}=={version}",
        "name": name,
        "version": version,
        "description": str(said["Summary"] or ""),
        "purl": f"pkg:pypi/{_name(name)}@{version}",
        "licenses": known(_name(name), said),
    }


def _locked(component: Component, name: str, pin: Pin, group: str) -> Component:
    """Without the places of this machine, marked with its group; with its licence, hashes and what it carries."""
    kept = {k: v for k, v in component.items() if k not in ("externalReferences", "properties", "evidence")}
    if not kept.get("licenses"):
        of = distribution(name)
        kept["licenses"] = known(name, of.metadata, texts(of))
    carried = [{**part, **marked(group)} for part in INSIDE[name]()] if name in INSIDE else []
    return {
        **kept,
        "version": component["version"].split("+")[0],
        "hashes": [{"alg": "SHA-256", "content": sha256} for sha256 in hashes(pin)],
        **marked(group),
        **({"components": carried} if carried else {}),
    }


def hashes(pin: Pin) -> list[str]:
    """The SHA-256 of every file that the lock lets in."""
    return sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", pin.lines))


def marked(group: str) -> Component:
    """The mark of a group."""
    return {"properties": [{"name": GROUP, "value": group}]}


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
