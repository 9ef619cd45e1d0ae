"""Set-up: every failure is one sentence with what to do; the built wheel is kept and found again."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from reviewer import bootstrap
from reviewer.bootstrap import SetupError


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own."""
    place = tmp_path / "cache"
    place.mkdir()
    monkeypatch.setattr(bootstrap, "CACHE", place)
    monkeypatch.setattr(bootstrap, "LOG", place / "setup.log")
    monkeypatch.setattr(bootstrap, "VENV", place)
    return place


LLAMA = bootstrap.Pin("0.3.36", f"llama-cpp-python==0.3.36 \\\n    --hash=sha256:{'a' * 64}")
OTHER = bootstrap.Pin("0.3.36", f"llama-cpp-python==0.3.36 \\\n    --hash=sha256:{'b' * 64}")


def test_the_lock_pins_everything_it_names() -> None:
    pins = bootstrap.read_lock(bootstrap.LOCK)
    assert pins["torch"].version.count(".") == 2
    assert pins["llama-cpp-python"].version == "0.3.36"
    assert len(re.findall("--hash", pins["llama-cpp-python"].lines)) == 1, "built from its source, the only file"
    assert len(re.findall("--hash", pins["torch"].lines)) > 1
    assert not [name for name in pins if name.startswith(("nvidia", "cuda", "triton"))]
    assert "triton" in bootstrap.read_lock(bootstrap.CUDA_LOCK)


def test_the_lock_agrees_with_what_the_tests_run_on() -> None:
    code = "import importlib.metadata as m, sys; print(*(m.version(n).split('+')[0] for n in sys.argv[1:]))"
    pins = {name: pin.version for name, pin in bootstrap.read_lock(bootstrap.LOCK).items() if wanted_here(pin)}
    done = subprocess.run([sys.executable, "-c", code, *pins], capture_output=True, text=True, check=True)
    assert dict(zip(pins, done.stdout.split(), strict=True)) == pins


def test_everything_that_is_needed_is_locked() -> None:
    locked = set(bootstrap.read_lock(bootstrap.LOCK))
    project = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["ocr"]]
    asked += [*groups["build"], *groups["dev"], *project["build-system"]["requires"]]
    assert {Requirement(text).name for text in asked} <= locked
    needed = {n.name for name in locked if present(name) for n in requirements(name)}
    assert {canonicalize_name(name) for name in needed} <= locked


def wanted_here(pin: bootstrap.Pin) -> bool:
    """Whether the pin's marker holds on this system."""
    requirement = Requirement(pin.lines.split("\\")[0])
    return requirement.marker is None or requirement.marker.evaluate()


def present(name: str) -> bool:
    """Whether the environment has it."""
    return any(True for _ in metadata.distributions(name=name))


def requirements(name: str) -> list[Requirement]:
    """What an installed library says that it needs here, extras aside."""
    needs = [Requirement(text) for text in metadata.requires(name) or ()]
    return [n for n in needs if n.marker is None or n.marker.evaluate({"extra": ""})]


@pytest.mark.parametrize(
    "line",
    [
        "numpy>=2 \\\n    --hash=sha256:" + "a" * 64,
        "numpy==2.4.6",
        "numpy==2.4.6 \\\n    --hash=sha256:" + "a" * 63,
        "numpy==2.4.6 \\\n    --hash=md5:" + "a" * 64,
        "--extra-index-url elsewhere",
    ],
)
def test_a_loose_line_in_the_lock_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.lock").write_text(f"# why\nclick==8.5.1 \\\n    --hash=sha256:{'c' * 64}\n{line}\n")
    with pytest.raises(SetupError, match=rf"x\.lock: .* '{re.escape(line[:7])}.* has no exact version or no hash"):
        bootstrap.read_lock(tmp_path / "x.lock")


def test_a_file_with_another_hash_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real pip: a wheel made here is taken with its own hash and refused with another."""
    wheel = tmp_path / "folder" / "invented_thing-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr(
            "invented_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: invented-thing\nVersion: 1.0\n"
        )
        package.writestr(
            "invented_thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        package.writestr("invented_thing-1.0.dist-info/RECORD", "")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    for digest, rc in ((hashlib.sha256(wheel.read_bytes()).hexdigest(), 0), ("0" * 64, 1)):
        pin = bootstrap.Pin("1.0", f"invented-thing==1.0 \\\n    --hash=sha256:{digest}")
        flags = ("--dry-run", "--no-index", "--find-links", str(wheel.parent))
        done = subprocess.run(
            [*bootstrap.checked({"invented-thing": pin}), *flags], capture_output=True, text=True, check=False
        )
        assert done.returncode == rc, done.stderr
        assert rc == 0 or "DO NOT MATCH THE HASHES" in done.stderr


def test_a_missing_compiler_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(SetupError, match="run `apt-get install -y build-essential` and try again"):
        bootstrap.llama_wheel(LLAMA)


def test_an_old_python_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    with pytest.raises(SetupError, match=r"apt-get install -y python3\.11"):
        bootstrap.check_python()


def test_the_built_wheel_is_kept_for_the_next_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[list[str]] = []

    def step(_what: str, command: list[str]) -> None:
        built.append(command)
        (Path(command[command.index("--wheel-dir") + 1]) / "llama.whl").write_bytes(b"wheel")

    monkeypatch.setattr(bootstrap, "step", step)
    monkeypatch.setattr(bootstrap.shutil, "which", str)
    monkeypatch.setenv("CMAKE_ARGS", "")
    first = bootstrap.llama_wheel(LLAMA)
    assert first == bootstrap.llama_wheel(LLAMA)
    assert len(built) == 1
    assert os.environ["CMAKE_ARGS"] == bootstrap.FLAGS
    assert bootstrap.llama_wheel(OTHER) != first


def test_a_broken_build_is_not_mistaken_for_a_wheel(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", str)
    monkeypatch.setattr(bootstrap, "pip", lambda *_: [sys.executable, "-c", "raise SystemExit('no cmake')"])
    for _ in range(2):
        with pytest.raises(SetupError, match=r"this step failed: .*llama-cpp-python"):
            bootstrap.llama_wheel(LLAMA)
    assert not bootstrap.wheel_folder(LLAMA).exists()


def test_a_failed_step_shows_the_end_of_its_log(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "for i in range(99): print('line', i)\nraise SystemExit(3)"
    with pytest.raises(SetupError, match=f"this step failed: weights; .*{cache}"):
        bootstrap.step("weights", [sys.executable, "-c", code])
    shown = capsys.readouterr().err
    assert "line 98" in shown
    assert "line 90" not in shown
    assert "line 0\n" in (cache / "setup.log").read_text()


def test_a_step_that_works_says_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.step("nothing", [sys.executable, "-c", "print('not shown')"])
    assert capsys.readouterr().err == "• nothing: 完成 / done, 0 s\n"


def test_set_up_needs_nothing_that_is_installed(tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import bootstrap; print(bootstrap.ROOT)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(Path(bootstrap.__file__).parent)], capture_output=True, text=True
    )
    assert done.stdout.strip() == str(bootstrap.ROOT), done.stderr
