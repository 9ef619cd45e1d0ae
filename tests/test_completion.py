"""Completion as real shells use it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.cli import COMMANDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells of POSIX systems")

BASH = """. "$1"
COMP_WORDS=(reviewer {words}); COMP_CWORD={at}; _reviewer_completion reviewer; printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(autouse=True)
def on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`reviewer` as the shells find it."""
    program = tmp_path / "reviewer"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reviewer "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))


def script(shell: str, place: Path) -> Path:
    """What `reviewer completion SHELL` prints."""
    done = subprocess.run(["reviewer", "completion", shell], capture_output=True, check=True)
    place.write_bytes(done.stdout)
    return place


def needs(shell: str) -> pytest.MarkDecorator:
    """Skipped where the shell is not installed."""
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"needs {shell}")


@needs("bash")
@pytest.mark.parametrize(
    ("words", "at", "expected"),
    [
        ("''", 1, set(COMMANDS)),
        ("ser", 1, {"service"}),
        ("service st", 2, {"start", "stop", "status"}),
        ("check --channel mom", 3, {"moments"}),
        ("hook show git", 3, {"git-pre-commit"}),
    ],
    ids=["commands", "command", "subcommand", "choice", "argument"],
)
def test_bash(tmp_path: Path, words: str, at: int, expected: set[str]) -> None:
    code = BASH.format(words=words, at=at)
    made = script("bash", tmp_path / "made")
    done = subprocess.run(["bash", "-c", code, "bash", str(made)], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == expected


@needs("fish")
def test_fish(tmp_path: Path) -> None:
    made = script("fish", tmp_path / "made")
    code = f"source {made}; complete -C 'reviewer service st'"
    done = subprocess.run(["fish", "-c", code], capture_output=True, text=True, check=True)
    assert {line.split("\t")[0] for line in done.stdout.splitlines()} == {"start", "stop", "status"}


@needs("zsh")
def test_zsh_defines_its_function(tmp_path: Path) -> None:
    made = script("zsh", tmp_path / "_reviewer")
    code = (
        (
            f"autoload -U compinit; compinit -D -u; source {made}; "
            "compadd() {{ }}; _describe() {{ print -l ${{(P)4%%:*}} ${{(P)2%%:*}} }}; "
        )
        .replace("{{", "{")
        .replace("}}", "}")
    )
    done = subprocess.run(
        [
            "zsh",
            "-f",
            "-c",
            code + "words=(reviewer serv); CURRENT=2; _reviewer_completion 2>&1; print $_comps[reviewer]",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "_reviewer_completion" in done.stdout, done.stderr
