"""Documents that can fail: generated files are fresh, every command and exit status is in README."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.cli import COMMANDS
from reviewer.cli.exits import ExitCode
from reviewer.cli.schema import schema
from reviewer.detectors import rules
from tests.samples.table import table

ROOT = Path(__file__).parent.parent


def test_the_manual_page_is_fresh() -> None:
    """Printed by a process of its own: click keeps the help option that a command was first asked for."""
    done = subprocess.run([sys.executable, "-m", "reviewer.cli.manual"], capture_output=True, check=True, cwd=ROOT)
    assert (ROOT / "docs" / "reviewer.1").read_text("utf-8") == done.stdout.decode()


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_manual_page_is_sound_and_shows_every_command() -> None:
    command = ["groff", "-ww", "-Kutf8", "-Tutf8", "-P-cbou", "-man", str(ROOT / "docs" / "reviewer.1")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    for name in COMMANDS:
        assert f"reviewer {name}" in done.stdout


def test_the_schema_is_fresh() -> None:
    assert (ROOT / "docs" / "review.schema.json").read_text("utf-8") == schema()


def test_the_rules_page_is_fresh() -> None:
    from reviewer.detectors.page import page

    fresh = page(ROOT / "tests" / "cases")
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == fresh
    for rule in rules():
        assert f"## {rule.id}\n" in fresh


def test_readmes_name_every_command_and_exit_status() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        for command in COMMANDS:
            assert f"`reviewer {command}" in text, (name, command)
        for code in ExitCode:
            assert f"`{code.value}`" in text, (name, code)


def test_the_table_of_formats_is_fresh() -> None:
    assert f"<!-- formats -->\n{table()}\n<!-- /formats -->" in (ROOT / "README.md").read_text("utf-8")


def test_no_module_is_long() -> None:
    long = [
        (str(f.relative_to(ROOT)), n)
        for f in (ROOT / "reviewer").rglob("*.py")
        if (n := len(f.read_text("utf-8").splitlines())) > 320
    ]
    assert long == []
