"""What a package says of its licence, as CycloneDX writes it and in one line."""

import re
from collections.abc import Iterable
from email.message import Message
from importlib.metadata import Distribution
from typing import Any

Component = dict[str, Any]

SILENT = {
    "cuda-toolkit": "none of its own: holds no files, only requires the nvidia-* packages",
}
"""What to list of packages that say nothing anywhere, and why."""
NOTHING = "OSI Approved"
"""What some say in `License`, which names none."""

_FILE = re.compile(r"[^/]+\.dist-info/(?:licenses/)?(?:LICEN[CS]E|COPYING)[^/]*")
_SPDX = re.compile(r"SPDX-License-Identifier: *(\S[^\n]*)")


def known(name: str, said: Message, texts: Iterable[str] = ()) -> list[Component]:
    """The licences of a package: of its metadata the expression; else what its licence files name; else classifiers
    and the field `License`; else as `SILENT` has it.
    """
    if said["License-Expression"]:
        return [{"expression": str(said["License-Expression"])}]
    named = [one.strip() for text in texts for one in _SPDX.findall(text)]
    classified = [v for v in said.get_all("Classifier", []) if v.startswith("License ::")]
    field = str(said["License"] or "").strip().split("\n")[0]
    written = named or [*classified, *([field] if field not in ("", NOTHING) else [])] or [SILENT.get(name, "")]
    return [{"license": {"name": one}} for one in dict.fromkeys(written) if one]


def texts(installed: Distribution) -> list[str]:
    """Its own licence files, not those of what it carries inside."""
    return [file.read_text("utf-8") for file in installed.files or () if _FILE.fullmatch(str(file))]


def licence(component: Component) -> str:
    """What a component says of its licence, in one line."""
    said = (_one(entry) for entry in component.get("licenses", ()))
    return "; ".join(dict.fromkeys(s for s in said if s)).replace("|", "/") or "not said"


def _one(entry: Component) -> str:
    if "expression" in entry:
        return str(entry["expression"])
    of = entry["license"]
    name = str(of.get("id") or of.get("name", ""))
    return name.removeprefix("License :: ").removeprefix("OSI Approved :: ").split("\n")[0]
