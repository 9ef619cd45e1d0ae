"""`models.txt`: what it may say, and that every byte on disk is as listed."""

import hashlib
from pathlib import Path

import pytest

from reviewer.errors import ModelError
from reviewer.models import Catalogue, Model, Role, check_file, verify
from reviewer.paths import shipped
from tests.samples.gguf import gguf

WHOLE = gguf(tensors=((b"x", (1 << 19,), 0, 0),), data=1 << 21)
DIGEST = hashlib.sha256(WHOLE).hexdigest()
STANZA = f"""# a comment

Name: m
Role: judge
License: X
File: m.gguf {len(WHOLE)} {DIGEST}
Source: https https://example.org/m.gguf
"""


def catalogue(tmp_path: Path, text: str = STANZA) -> Catalogue:
    """A models.txt of one's own."""
    (tmp_path / "models.txt").write_text(text)
    return Catalogue.load(tmp_path / "models.txt")


def model(tmp_path: Path) -> Model:
    """Its only model."""
    return catalogue(tmp_path).named("m")


def test_verification_names_file_and_both_hashes(tmp_path: Path) -> None:
    m = model(tmp_path)
    (tmp_path / "m.gguf").write_bytes(WHOLE)
    seen: list[int] = []
    verify(m, tmp_path, seen.append)
    assert sum(seen) == len(WHOLE)
    bad = bytearray(WHOLE)
    bad[1_000_000] ^= 1
    (tmp_path / "m.gguf").write_bytes(bad)
    found = hashlib.sha256(bad).hexdigest()
    words = rf"m\.gguf is not the listed file: SHA-256 {found}，应为 / expected {DIGEST}; .*delete"
    with pytest.raises(ModelError, match=words):
        verify(m, tmp_path)
    (tmp_path / "m.gguf").write_bytes(WHOLE[:-1])
    with pytest.raises(
        ModelError, match=r"m\.gguf 不是完好的 GGUF 文件 / is not a sound GGUF file: 2097\d+ bytes where"
    ):
        verify(m, tmp_path)


def test_a_model_is_found_only_when_every_byte_is_right(tmp_path: Path) -> None:
    folders = (tmp_path / "own", tmp_path / "shared")
    for folder in folders:
        folder.mkdir()
    listed = catalogue(tmp_path)
    with pytest.raises(ModelError, match="the model m is not here; 运行 / run `reviewer models fetch m`"):
        listed.find("m", folders)
    (folders[1] / "m.gguf").write_bytes(WHOLE)
    assert listed.find("m", folders) == folders[1] / "m.gguf"
    (folders[0] / "m.gguf").write_bytes(WHOLE[:-1] + b"x")
    with pytest.raises(ModelError, match="is not the listed file"):
        listed.find("m", folders)
    with pytest.raises(ModelError, match=r"other is not in models\.txt; 已有 / known: m"):
        listed.find("other", folders)


def test_a_model_of_several_files_is_a_folder(tmp_path: Path) -> None:
    names = ("config.json", "model.safetensors")
    lines = "\n".join(f"File: e/{n} {len(n)} {hashlib.sha256(n.encode()).hexdigest()}" for n in names)
    listed = catalogue(tmp_path, f"Name: e\nRole: embedder\nLicense: X\n{lines}\nSource: local prompts/e\n")
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / names[0]).write_text(names[0])
    with pytest.raises(ModelError, match="not here"):
        listed.find("e", [tmp_path])
    (tmp_path / "e" / names[1]).write_text(names[1])
    assert listed.find("e", [tmp_path]) == tmp_path / "e"
    (tmp_path / "e" / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match=r"e 里有清单外的文件 / holds a file that is not listed: pytorch_model\.bin"):
        listed.find("e", [tmp_path])


def test_the_file_that_was_checked_is_the_file_that_is_loaded(tmp_path: Path) -> None:
    listed = catalogue(tmp_path)
    file = tmp_path / "m.gguf"
    file.write_bytes(WHOLE)
    with listed.hold("m", [tmp_path]) as path:
        (tmp_path / "other").write_bytes(b"swapped in")
        (tmp_path / "other").replace(file)
        assert path.read_bytes() == WHOLE
    with pytest.raises(ModelError, match="is not a sound GGUF file"), listed.hold("m", [tmp_path]):
        pass


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Role:", "Rolle:", r"models\.txt:4: 没有这个字段 / unknown field 'Rolle'"),
        (
            "judge",
            "jugde",
            r"models\.txt:4: 没有这种用途 / unknown role 'jugde'; 已有 / known: judge, embedder, heads",
        ),
        (
            f" {len(WHOLE)} ",
            " many ",
            r"models\.txt:6: 应是相对路径、大小、SHA-256 / not a relative path, a size and a SHA-256",
        ),
        ("m.gguf ", "../m.gguf ", r"models\.txt:6: 应是相对路径、大小、SHA-256 / not a relative path"),
        ("m.gguf ", "/m.gguf ", r"models\.txt:6: 应是相对路径、大小、SHA-256 / not a relative path"),
        ("m.gguf ", "m.bin ", r"models\.txt:6: 模型没有这种文件 / a model has no such file: m\.bin"),
        ("m.gguf ", "m/modules.json ", r"models\.txt:6: 模型没有这种文件 / a model has no such file: m/modules\.json"),
        ("m.gguf ", "m/modeling.py ", r"models\.txt:6: 模型没有这种文件 / a model has no such file: m/modeling\.py"),
        ("License: X\n", "", r"models\.txt:3: 缺字段 / the stanza lacks License"),
        ("# a comment\n", STANZA, r"models\.txt:9: 重复 / m is listed twice"),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        catalogue(tmp_path, STANZA.replace(old, new, 1))


def test_a_missing_list_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.txt 读不了 / cannot be read"):
        Catalogue.load(tmp_path / "none.txt")


def test_the_shipped_list() -> None:
    listed = Catalogue.load(shipped("models.txt"))
    assert {m.role for m in listed.models} == set(Role)
    assert "research use only" in listed.named("m3e-small").license
    assert not any(f.path.endswith((".bin", ".pt", ".pkl")) for m in listed.models for f in m.files)


def test_everything_that_ships_fitted_is_listed_as_it_is() -> None:
    """Who refits the heads puts their new size and hash into `models.txt`."""
    listed, fitted = Catalogue.load(shipped("models.txt")), shipped("prompts") / "fitted"
    files = [f for f in fitted.rglob("*") if f.is_file()]
    assert {f.suffix for f in files} == {".safetensors"}
    for file in files:
        check_file(file, listed.file(file.relative_to(fitted).as_posix()))


def test_a_file_that_is_not_listed_is_named(tmp_path: Path) -> None:
    listed = catalogue(tmp_path)
    assert listed.file("m.gguf").sha256 == DIGEST
    with pytest.raises(ModelError, match=r"n/m\.gguf is not in models\.txt; .*release"):
        listed.file("n/m.gguf")


def test_https_sources_are_at_a_fixed_revision() -> None:
    urls = [s for m in Catalogue.load(shipped("models.txt")).models for s in m.sources if s.startswith("https ")]
    assert urls
    for url in urls:
        revision = url.split("/resolve/")[1].split("/")[0]
        assert len(revision) == 40, url
