"""The list of what the program is made of agrees with the lock, with the models and with the table of licences."""

import json
import re

import pytest
from packaging.markers import Marker

from reviewer.bootstrap import LOCK, ROOT, read_lock
from reviewer.models import Catalogue
from reviewer.paths import shipped
from tools.sbom import LICENCES, LOCKS, SBOM, UNKNOWN, VENDORED, built_from, group, licences, vendored

BOM = json.loads(SBOM.read_text("utf-8"))
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "python_version": "3.11"}


def test_every_lock_file_of_the_project_has_a_group() -> None:
    assert sorted(LOCKS.values()) == sorted(ROOT.glob("*.lock"))


@pytest.mark.parametrize("of", LOCKS)
def test_every_library_of_a_lock_is_listed_with_its_version_and_group_and_no_other(of: str) -> None:
    pins = read_lock(LOCKS[of])
    wanted = {name: pin.version for name, pin in pins.items() if _applies(pin.lines)}
    assert wanted
    libraries = [c for c in BOM["components"] if c["type"] == "library" and c["name"] != "llama.cpp"]
    listed = {c["name"].lower().replace("_", "-").replace(".", "-"): c["version"] for c in libraries if group(c) == of}
    assert listed == wanted


def test_every_component_has_a_group_and_a_reference_of_its_own() -> None:
    assert {group(c) for c in BOM["components"]} == {*LOCKS, "model"}
    assert len({c["bom-ref"] for c in BOM["components"]}) == len(BOM["components"])


def _applies(lines: str) -> bool:
    head = lines.split("\\\n")[0]
    return ";" not in head or Marker(head.split(";", 1)[1].strip()).evaluate(LINUX)


def test_llama_cpp_is_listed_with_the_commit_of_the_locked_source_or_as_unknown() -> None:
    [listed] = [c for c in BOM["components"] if c["name"] == "llama.cpp"]
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


def test_every_model_is_listed_with_its_hash() -> None:
    listed = {c["name"]: c["hashes"][0]["content"] for c in BOM["components"] if c["type"] == "machine-learning-model"}
    assert listed == {m.name: m.sha256 for m in Catalogue.load(shipped("models.txt")).models}


def test_the_table_is_made_from_the_list() -> None:
    assert LICENCES.read_text("utf-8") == licences(BOM)


def test_no_place_of_a_machine_is_listed() -> None:
    text = SBOM.read_text("utf-8")
    assert "/root" not in text
    assert "file://" not in text
