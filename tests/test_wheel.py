"""The wheel holds the program and its data, and works with nothing of the checkout beside it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from reviewer.models import Catalogue, Role
from reviewer.paths import PACKAGE, shipped

ROOT = PACKAGE.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of a freshly built wheel."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(place), str(ROOT)], check=True, capture_output=True)
    with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
        wheel.extractall(place / "site")
    return place / "site"


def run(unpacked: Path, *arguments: str, data: str = "") -> subprocess.CompletedProcess[str]:
    """Run the unpacked program, away from the checkout."""
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from reviewer.__main__ import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, input=data, capture_output=True, text=True, cwd=unpacked, check=False)


def test_it_holds_every_file_of_the_package_and_its_data(unpacked: Path) -> None:
    kept = {p.relative_to(PACKAGE) for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert not [str(p) for p in kept if not (unpacked / "reviewer" / p).is_file()]
    data = unpacked / "reviewer" / "_data"
    assert (data / "models.txt").read_bytes() == (ROOT / "models.txt").read_bytes()
    for folder in ("prompts", "index"):
        assert (data / folder).is_dir()


def test_it_reviews_and_lists_its_own_models(unpacked: Path) -> None:
    done = run(unpacked, "check", "--stages", "detect", data="机密★20年")
    assert done.returncode == 20, done.stderr
    assert "m3e-small" in run(unpacked, "models", "list").stdout


def test_it_carries_no_tests_and_no_weights_but_the_listed_heads(unpacked: Path) -> None:
    names = [str(p.relative_to(unpacked)) for p in unpacked.rglob("*")]
    found = [n for n in names if n.startswith("tests") or n.endswith((".gguf", ".safetensors", ".bin", ".db", ".key"))]
    fitted = [m for m in Catalogue.load(shipped("models.txt")).models if m.role is Role.HEADS]
    assert sorted(found) == sorted(f"reviewer/_data/prompts/fitted/{f.path}" for m in fitted for f in m.files)
