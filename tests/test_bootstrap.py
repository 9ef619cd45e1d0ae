"""Set-up: every failure is one sentence with what to do; the built wheel is kept and found again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer import bootstrap
from reviewer.bootstrap import SetupError


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own."""
    place = tmp_path / "cache"
    place.mkdir()
    monkeypatch.setattr(bootstrap, "CACHE", place)
    monkeypatch.setattr(bootstrap, "LOG", place / "setup.log")
    return place


def test_the_lock_pins_everything_it_names() -> None:
    pins = bootstrap.read_pins(bootstrap.LOCK)
    assert pins["torch"].count(".") == 2
    assert pins["llama-cpp-python"] == "0.3.36"
    assert not [name for name in pins if name.startswith(("nvidia", "cuda", "triton"))]


def test_the_lock_agrees_with_what_the_tests_run_on() -> None:
    code = "import importlib.metadata as m, sys; print(*(m.version(n).split('+')[0] for n in sys.argv[1:]))"
    pins = bootstrap.read_pins(bootstrap.LOCK)
    done = subprocess.run([sys.executable, "-c", code, *pins], capture_output=True, text=True, check=True)
    assert dict(zip(pins, done.stdout.split(), strict=True)) == pins


def test_a_loose_line_in_the_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("# why\nclick==8.5.1 # screen\nnumpy>=2\n")
    with pytest.raises(SetupError, match="'numpy>=2' is not pinned"):
        bootstrap.read_pins(tmp_path / "requirements.lock")


def test_a_missing_compiler_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(SetupError, match="run `apt-get install -y build-essential` and try again"):
        bootstrap.llama_wheel("0.3.36")


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
    first = bootstrap.llama_wheel("0.3.36")
    assert first == bootstrap.llama_wheel("0.3.36")
    assert len(built) == 1
    assert os.environ["CMAKE_ARGS"] == bootstrap.FLAGS
    assert bootstrap.llama_wheel("0.3.37") != first


def test_a_broken_build_is_not_mistaken_for_a_wheel(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", str)
    monkeypatch.setattr(bootstrap, "pip", lambda *_: [sys.executable, "-c", "raise SystemExit('no cmake')"])
    for _ in range(2):
        with pytest.raises(SetupError, match="this step failed: build of llama-cpp-python"):
            bootstrap.llama_wheel("0.3.36")
    assert not bootstrap.wheel_folder("0.3.36").exists()


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
    assert capsys.readouterr().err == "• nothing: done in 0 s\n"


def test_set_up_needs_nothing_that_is_installed(tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import bootstrap; print(bootstrap.ROOT)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(Path(bootstrap.__file__).parent)], capture_output=True, text=True
    )
    assert done.stdout.strip() == str(bootstrap.ROOT), done.stderr
