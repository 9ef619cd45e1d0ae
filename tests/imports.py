"""What the source of `reviewer` imports, read from the syntax tree: also what is imported late or by name."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import reviewer

PACKAGE = Path(reviewer.__file__).parent

BY_NAME = frozenset(
    ("import_module", "__import__", "run_module", "run_path", "exec", "eval", "spec_from_file_location")
)
"""Calls that import or run what a string says."""


def of(source: str, package: str = "reviewer") -> set[str]:
    """Every module that a file imports, and every name it takes from one, as `a.b.c`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            base = ".".join(filter(None, (above if node.level else "", node.module)))
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def by_name(source: str) -> set[str]:
    """The calls of a file that import or run what a string says."""
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    names = {f.attr if isinstance(f, ast.Attribute) else f.id for f in calls if isinstance(f, ast.Attribute | ast.Name)}
    return names & BY_NAME


@cache
def modules() -> Mapping[str, str]:
    """Every module of the program with its source."""
    return dict(_modules())


def _modules() -> Iterator[tuple[str, str]]:
    for file in PACKAGE.rglob("*.py"):
        parts = ("reviewer", *file.relative_to(PACKAGE).with_suffix("").parts)
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file.read_text("utf-8")


def reached(roots: set[str], also: Mapping[str, set[str]]) -> set[str]:
    """Every module of the program that running `roots` can load; `also` says what is imported by name."""
    waiting, seen = [*roots], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in modules() or name in seen:
            continue
        seen.add(name)
        package = name if (PACKAGE.parent / name.replace(".", "/")).is_dir() else name.rpartition(".")[0]
        waiting += [*of(modules()[name], package), *also.get(name, ()), name.rpartition(".")[0]]
    return seen
