"""Light commands stay light, checked in a fresh process."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "sentence_transformers", "llama_cpp", "faiss", "textual", "sklearn", "scipy"}
NETWORK = {"urllib.request", "http.client"}


def loaded(code: str, modules: set[str]) -> list[str]:
    """Which of `modules` are loaded after `code` ran in a fresh process."""
    code = f"{code}\nimport sys; print(*sorted({modules!r} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stderr.split()


@pytest.mark.parametrize(
    "module",
    ["reviewer.cli", "reviewer.detectors", "reviewer.cli.check", "reviewer.cli.models", "reviewer.assemble"],
)
def test_headless_modules_load_nothing_heavy(module: str) -> None:
    assert loaded(f"import {module}", HEAVY) == []


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["models", "list"], ["packs", "list"]])
def test_light_commands_load_nothing_heavy(arguments: list[str]) -> None:
    code = f"from reviewer.cli import main\nmain({arguments!r}, standalone_mode=False)"
    assert loaded(code, HEAVY) == []


def test_only_fetching_can_reach_the_network() -> None:
    assert loaded("import reviewer.cli.check, reviewer.assemble", NETWORK) == []
