"""Wrong keys get one message, and the time of the refusal does not tell which part of a key was wrong."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewer.errors import StoreLocked
from reviewer.index import Key, Store, keys

pytestmark = pytest.mark.alone

TRIES = 200
APART = 0.2
"""How far from a half the chance may be that one kind's refusal takes longer than another's; the standard deviation of
200 tries of each is 0.029 where they are alike."""

PHRASE = "青石桥边三株栎树"
KINDS = {"first": "赤石桥边三株栎树", "last": "青石桥边三株栎木", "longer": PHRASE + "下", "short": "青"}
"""Wrong passphrases by what is wrong with them."""


def refused(path: Path, key: Key) -> tuple[float, str]:
    """Seconds of a refusal, and its words."""
    started = time.perf_counter()
    with pytest.raises(StoreLocked) as caught:
        Store.open(path, key)
    return time.perf_counter() - started, str(caught.value)


def tried(path: Path, given: dict[str, Key], tries: int = TRIES) -> tuple[dict[str, NDArray[np.float64]], set[str]]:
    """Seconds of each kind's refusals, taken in turn so that a busy moment meets all kinds, and everything said."""
    took: dict[str, list[float]] = {kind: [] for kind in given}
    said = set()
    for _ in range(tries):
        for kind, key in given.items():
            seconds, words = refused(path, key)
            took[kind].append(seconds)
            said.add(words)
    return {kind: np.array(seconds) for kind, seconds in took.items()}, said


def apart(took: dict[str, NDArray[np.float64]]) -> float:
    """The farthest from a half that the chance lies that a refusal of one kind takes longer than one of another."""
    pairs = [(a, b) for a in took.values() for b in took.values() if a is not b]
    return max(abs(float((a[:, None] > b[None, :]).mean()) - 0.5) for a, b in pairs)


def phrases() -> dict[str, Key]:
    """A key of each kind of wrong passphrase."""
    return {kind: Key(passphrase=phrase) for kind, phrase in KINDS.items()}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with little memory: what it takes would hide anything else."""
    monkeypatch.setattr(keys, "MEMORY_KIB", 64)


@pytest.fixture
def by_phrase(tmp_path: Path, quick: None) -> Iterator[Path]:
    """A store that a passphrase opens."""
    Store.create(tmp_path / "p.db", Key(passphrase=PHRASE), "e").close()
    yield tmp_path / "p.db"
    Store.open(tmp_path / "p.db", Key(passphrase=PHRASE)).close()


@pytest.fixture
def by_file(tmp_path: Path) -> tuple[Path, dict[str, Key]]:
    """A store that a key file opens, and wrong key files by the byte that is wrong."""
    right = tmp_path / "index.key"
    Store.create(tmp_path / "f.db", Key(file=right), "e").close()
    given = {}
    for place in (0, 15, 31):
        data = bytearray(right.read_bytes())
        data[place] ^= 1
        (tmp_path / f"{place}.key").write_bytes(data)
        given[str(place)] = Key(file=tmp_path / f"{place}.key")
    (tmp_path / "all.key").write_bytes(bytes(b ^ 0xFF for b in right.read_bytes()))
    return tmp_path / "f.db", {**given, "all": Key(file=tmp_path / "all.key")}


def test_wrong_passphrases_take_as_long_as_one_another(by_phrase: Path) -> None:
    took, said = tried(by_phrase, phrases())
    assert said == {str(keys.fault("key"))}
    assert apart(took) < APART


def test_wrong_key_files_take_as_long_as_one_another(by_file: tuple[Path, dict[str, Key]]) -> None:
    took, said = tried(*by_file)
    assert said == {str(keys.fault("key"))}
    assert apart(took) < APART


def test_a_passphrase_for_a_key_file_and_the_other_way_round_say_the_same(
    by_phrase: Path, by_file: tuple[Path, dict[str, Key]]
) -> None:
    path, given = by_file
    assert refused(path, phrases()["first"])[1] == refused(by_phrase, given["all"])[1] == str(keys.fault("key"))


def early_out(real: Callable[[str, bytes], bytes]) -> Callable[[str, bytes], bytes]:
    """Argon2id only where the first letter is right: what a careless check would do."""
    return lambda phrase, salt: real(phrase, salt) if phrase[0] == PHRASE[0] else bytes(32)


def test_the_measure_sees_a_passphrase_that_is_looked_at_first(
    by_phrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as careless:
        careless.setattr(keys, "derive", early_out(keys.derive))
        took, _ = tried(by_phrase, phrases())
    assert apart(took) > APART


def test_the_measure_sees_a_key_file_that_is_compared_byte_by_byte(
    by_file: tuple[Path, dict[str, Key]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    right = (tmp_path / "index.key").read_bytes()

    def careless(self: Key, head: bytes) -> bytes:
        assert self.file is not None
        for a, b in zip(self.file.read_bytes(), right, strict=True):
            if a != b:
                raise keys.fault("key")
            time.sleep(1e-5)
        return right

    monkeypatch.setattr(Key, "opens", careless)
    took, _ = tried(*by_file, 50)
    assert apart(took) > APART
