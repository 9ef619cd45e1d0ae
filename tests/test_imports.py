"""Light commands stay light, checked in a fresh process."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "sentence_transformers", "llama_cpp", "faiss", "textual", "sklearn", "scipy"}


@pytest.mark.parametrize("module", ["reviewer.cli", "reviewer.detectors", "reviewer.cli.check", "reviewer.assemble"])
def test_headless_modules_load_nothing_heavy(module: str) -> None:
    code = f"import {module}, sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_only_fetching_can_reach_the_network() -> None:
    network = {"urllib.request", "http.client"}
    code = f"import reviewer.cli.check, reviewer.assemble, sys; print(*sorted({network!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
