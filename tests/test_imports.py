"""Light commands stay light, checked in a fresh process; of llama_cpp its bindings are used, never its templates."""

import ast
import subprocess
import sys

import pytest

from tests import imports

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


TEMPLATES = frozenset((
    "jinja2", "Llama", "llama_chat_format", "Jinja2ChatFormatter", "llama_chat_apply_template",
    "llama_model_chat_template", "chat_template", "apply_chat_template", "common_chat_templates_init",
))  # fmt: skip
"""What renders the template in a GGUF file, and what hands it out."""
PICKLED = frozenset((
    "llama_cache", "LlamaCache", "LlamaRAMCache", "LlamaDiskCache", "LlamaState", "diskcache", "pickle", "joblib",
    "cloudpickle", "dill", "shelve",
))  # fmt: skip
"""What keeps states as pickles, on the disk or not."""


def named(source: str) -> set[str]:
    """Every name that a file imports, reads, calls or asks for in words: each part of `a.b.c`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name):
                found.add(name)
            case ast.Constant(value=str(words)) if all(part.isidentifier() for part in words.split(".")):
                found.update(words.split("."))
    return found.union(*(name.split(".") for name in imports.of(source)))


@pytest.mark.parametrize(
    "source",
    [
        "import llama_cpp\nllama_cpp.Llama('x')",
        "def late():\n    from llama_cpp.llama_chat_format import Jinja2ChatFormatter as F",
        "self._ll.llama_chat_apply_template(b'')",
        "getattr(self._ll, 'Llama')",
        "importlib.import_module('jinja2.sandbox')",
        "from llama_cpp import llama_cache as kept",
        "import pickle as p",
    ],
)
def test_what_renders_templates_or_keeps_pickles_is_seen(source: str) -> None:
    assert named(source) & (TEMPLATES | PICKLED)


def test_no_template_of_a_model_is_rendered_and_no_pickle_is_kept() -> None:
    found = {module: sorted(named(source) & (TEMPLATES | PICKLED)) for module, source in imports.modules().items()}
    assert {module: names for module, names in found.items() if names} == {}
    assert "llama_model_load_from_file" in named(imports.modules()["reviewer.llm"])
