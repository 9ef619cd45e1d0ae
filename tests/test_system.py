"""Both sides of `reviewer.system`: the same functions, and a program that runs with what Windows has."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer import system
from tests.scripted_worker import FIND

PLACE = Path(system.__file__).parent


def signatures(name: str) -> dict[str, str]:
    """Functions of a module by name, with what they take."""
    tree = ast.parse((PLACE / name).read_text("utf-8"))
    return {f.name: ast.unparse(f.args) for f in tree.body if isinstance(f, ast.FunctionDef)}


def test_both_sides_have_the_same_functions() -> None:
    assert signatures("posix.py") == signatures("windows.py")
    assert set(signatures("posix.py")) | {"Inside"} == set(system.__all__)


def test_the_windows_side_is_well_typed() -> None:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--platform",
        "win32",
        "-m",
        "reviewer.system.windows",
        "-m",
        "reviewer.durable",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="stands in for it")
@pytest.mark.parametrize(
    ("arguments", "text", "status"),
    [
        (["--help"], "", 0),
        (["check", "--stages", "detect", "--format", "json"], "晚上一起吃面", 0),
        (["check", "--stages", "detect,judge", "--format", "json"], f"{FIND}方案", 10),
        (["check", "--stages", "detect", "--format", "json"], "机密★20年", 20),
        (["audit", "show"], "", 0),
        (["service", "status"], "", 1),
    ],
    ids=["help", "pass", "engine", "block", "audit", "no service"],
)
def test_the_program_runs_with_what_windows_has(home: Path, arguments: list[str], text: str, status: int) -> None:
    command = [sys.executable, "-m", "tests.pretend_windows", *arguments]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    assert done.returncode == status, done.stderr.decode()
    if "json" in arguments:
        record = json.loads(done.stdout)
        assert record["versions"]["seal"].startswith("NOT ENFORCED")
        assert record["unfinished"] == []
        assert '"review"' in "".join(f.read_text() for f in (home / "audit").glob("*.jsonl"))
