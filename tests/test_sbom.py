"""The list of what the program is made of agrees with the lock, with the models and with the table of licences."""

import hashlib
import json
import re
from email import message_from_string
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker

from reviewer.bootstrap import LOCK, ROOT, read_lock
from reviewer.models import Catalogue
from reviewer.paths import shipped
from reviewer.readers.ocr import MODELS
from tools.inside import INSIDE, UNKNOWN, VENDORED, built_from, vendored
from tools.licensing import SILENT, known, licence
from tools.sbom import LICENCES, LOCKS, SBOM, every, group, licences, marked

BOM = json.loads(SBOM.read_text("utf-8"))
CARRIERS = {c["name"].lower().replace("_", "-"): c for c in BOM["components"] if "components" in c}
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "python_version": "3.11"}


def test_every_lock_file_of_the_project_has_a_group() -> None:
    assert sorted(LOCKS.values()) == sorted(ROOT.glob("*.lock"))


@pytest.mark.parametrize("of", LOCKS)
def test_every_library_of_a_lock_is_listed_with_its_version_and_group_and_no_other(of: str) -> None:
    wanted = {name: pin.version for name, pin in read_lock(LOCKS[of]).items() if _applies(pin.lines)}
    assert wanted
    assert {name: c["version"] for name, c in _libraries(of).items()} == wanted


@pytest.mark.parametrize("of", LOCKS)
def test_every_library_has_the_hashes_of_its_lock_and_no_other(of: str) -> None:
    pins = read_lock(LOCKS[of])
    for name, component in _libraries(of).items():
        assert {one["alg"] for one in component["hashes"]} == {"SHA-256"}
        listed = [f"--hash=sha256:{one['content']}" for one in component["hashes"]]
        assert sorted(listed) == sorted(re.findall(r"--hash=\S+", pins[name].lines)), name


def _libraries(of: str) -> dict[str, dict[str, Any]]:
    libraries = [c for c in BOM["components"] if c["type"] == "library" and group(c) == of]
    return {c["name"].lower().replace("_", "-").replace(".", "-"): c for c in libraries}


def test_every_component_has_a_group_a_licence_and_a_reference_of_its_own() -> None:
    assert {group(c) for c in every(BOM)} == {*LOCKS, "model"}
    assert [c["name"] for c in every(BOM) if licence(c) == "not said"] == []
    assert len({c["bom-ref"] for c in every(BOM)}) == len(every(BOM))


@pytest.mark.parametrize("name", INSIDE)
def test_what_a_wheel_carries_is_listed_as_it_is_installed(name: str) -> None:
    assert CARRIERS[name]["components"] == [{**part, **marked("main")} for part in INSIDE[name]()]


def test_the_models_of_text_recognition_are_listed_with_the_hashes_of_their_files() -> None:
    spec = find_spec("rapidocr")
    assert spec is not None
    folder = Path(str(spec.origin)).parent / "models"
    listed = {c["name"]: c["hashes"][0]["content"] for c in CARRIERS["rapidocr"]["components"]}
    assert listed == {f: hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in MODELS.values()}


@pytest.mark.parametrize(
    ("metadata", "texts", "said"),
    [
        ("License-Expression: MIT\nLicense: BSD", ["SPDX-License-Identifier: ISC"], "MIT"),
        ("License: OSI Approved", ["Free.\nSPDX-License-Identifier: any-OSI\n"], "any-OSI"),
        ("Classifier: License :: OSI Approved :: MIT License\nLicense: MIT", [], "MIT License; MIT"),
        ("Classifier: Topic :: Text\nLicense: 3-Clause BSD License", ["Redistribution"], "3-Clause BSD License"),
        ("License: OSI Approved", [], "not said"),
    ],
)
def test_a_licence_is_what_the_package_says(metadata: str, texts: list[str], said: str) -> None:
    assert licence({"licenses": known("x", message_from_string(metadata), texts)}) == said


@pytest.mark.parametrize("name", SILENT)
def test_a_package_that_says_nothing_is_listed_with_the_reason(name: str) -> None:
    assert licence({"licenses": known(name, message_from_string("Name: x"))}) == SILENT[name]
    assert licence({"licenses": known(name, message_from_string("License: MIT"))}) == "MIT"


def _applies(lines: str) -> bool:
    head = lines.split("\\\n")[0]
    return ";" not in head or Marker(head.split(";", 1)[1].strip()).evaluate(LINUX)


def test_llama_cpp_is_listed_with_the_commit_of_the_locked_source_or_as_unknown() -> None:
    [listed] = [c for c in every(BOM) if c["name"] == "llama.cpp"]
    assert listed["version"] == vendored(read_lock(LOCK)["llama-cpp-python"].lines)
    assert listed.get("purl", "").endswith(listed["version"]) is (listed["version"] != UNKNOWN)
    assert vendored(f"llama-cpp-python==9 --hash=sha256:{'0' * 64}") == UNKNOWN
    assert all(re.fullmatch("[0-9a-f]{40}", commit) for commit in VENDORED.values())


def test_the_installed_llama_cpp_was_built_from_the_commit_that_is_listed() -> None:
    said = built_from()
    if not said:
        pytest.skip("it was built without git and does not say from what")
    assert any(commit.startswith(said) for commit in VENDORED.values())
    assert vendored(read_lock(LOCK)["llama-cpp-python"].lines).startswith(said)


def test_every_model_is_listed_with_its_hash_and_what_is_said_of_it() -> None:
    models = [c for c in BOM["components"] if group(c) == "model"]
    listed = {c["name"]: (c["hashes"][0]["content"], c["version"], c["description"], licence(c)) for c in models}
    catalogue = Catalogue.load(shipped("models.txt")).models
    assert listed == {m.name: (m.sha256, m.status, m.note, m.license) for m in catalogue}


def test_the_table_is_made_from_the_list() -> None:
    assert LICENCES.read_text("utf-8") == licences(BOM)


def test_no_place_of_a_machine_is_listed() -> None:
    text = SBOM.read_text("utf-8")
    assert "/root" not in text
    assert "file://" not in text
