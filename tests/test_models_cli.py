"""`reviewer models prepare`: what was brought as it is published is made ready, and nothing else is touched."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from reviewer import embed
from reviewer.cli import main, models
from reviewer.errors import ModelError
from reviewer.models import Catalogue

RAW, CONFIG, MADE = b"as published", b"{}", b"as it is loaded"
FILES: Mapping[str, bytes] = {"raw.bin": RAW, "config.json": CONFIG}


def sha(data: bytes) -> str:
    """Of that, as models.txt lists it."""
    return hashlib.sha256(data).hexdigest()


LISTED = f"""Name: e
Role: embedder
License: X
Convert: e/raw.bin {len(RAW)} {sha(RAW)}
File: e/made.safetensors {len(MADE)} {sha(MADE)}
File: e/config.json {len(CONFIG)} {sha(CONFIG)}
Source: https https://example.org/{{path}}
"""


@pytest.fixture
def brought(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a model that lies there as its source has it."""
    place = home / "models" / "e"
    place.mkdir(parents=True)
    for name, data in FILES.items():
        (place / name).write_bytes(data)
    (home / "models.txt").write_text(LISTED)
    monkeypatch.setattr(models, "_catalogue", lambda: Catalogue.load(home / "models.txt"))
    monkeypatch.setattr(embed, "convert", lambda source, target: (target / "made.safetensors").write_bytes(MADE))
    return place


def prepare() -> str:
    """Run it."""
    done = CliRunner().invoke(main, ["models", "prepare", "e"], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_it_is_converted_once_verified_and_recorded(brought: Path, home: Path) -> None:
    assert str(brought) in prepare()
    assert {p.name: p.read_bytes() for p in brought.iterdir()} == {"made.safetensors": MADE, "config.json": CONFIG}
    recorded = (home / "audit").rglob("*")
    before = {p: p.read_bytes() for p in recorded if p.is_file()}
    assert any(b"model.import" in data for data in before.values())
    prepare()
    assert before == {p: p.read_bytes() for p in before}


def test_other_bytes_are_neither_converted_nor_removed(brought: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (brought / "raw.bin").write_bytes(RAW[::-1])
    monkeypatch.setattr(embed, "convert", lambda source, target: pytest.fail("it was opened"))
    with pytest.raises(ModelError, match=r"raw\.bin"):
        prepare()
    assert {p.name for p in brought.iterdir()} == set(FILES)


def test_what_is_not_here_is_told(brought: Path) -> None:
    shutil.rmtree(brought)
    with pytest.raises(ModelError, match="is not here"):
        prepare()
