"""Every fuzz target takes its seeds, what once broke it, and a few hundred changed seeds (`tests/fuzz` runs longer)."""

import random
from pathlib import Path

import pytest

from reviewer.readers import ocr
from reviewer.readers.formats import FORMATS, Format
from tests.fuzz.targets import FOUND, TARGETS

CHANGES = 40


@pytest.fixture(autouse=True)
def no_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are decoded only."""
    monkeypatch.setattr(ocr, "installed", lambda: False)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_changed_seeds(name: str) -> None:
    chance = random.Random(name)
    for seed in TARGETS[name].seeds():
        TARGETS[name].run(seed)
        for _ in range(CHANGES if len(seed) else 0):
            TARGETS[name].run(changed(seed, chance))


@pytest.mark.parametrize(
    "path", sorted(p for p in FOUND.rglob("*") if p.is_file()), ids=lambda path: "/".join(path.parts[-2:])
)
def test_what_was_found_stays_mended(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


@pytest.mark.parametrize("form", [form for form in FORMATS if form.module], ids=lambda form: form.name)
def test_every_format_that_is_read_is_fuzzed(form: Format) -> None:
    assert TARGETS.keys() & {form.name, form.suffixes[0].removeprefix(".")}


def changed(seed: bytes, chance: random.Random) -> bytes:
    """A seed with a few bytes replaced, cut out or repeated."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 1, 4, 40)))
        data[at:end] = chance.choice((b"", data[at:end] * 2, chance.randbytes(end - at)))
    return bytes(data)
