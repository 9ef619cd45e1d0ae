"""Makes the hashes of public text that are shipped: `python -m tests.bench.matching.public FOLDER`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from reviewer.match.public import FILE, HERE, Public


def paragraphs(folder: Path) -> Iterator[str]:
    """The paragraphs of every `.md` and `.txt` file below `folder` but for headings, lists and tables."""
    for file in sorted(p for p in folder.rglob("*") if p.suffix in (".md", ".txt")):
        for line in file.read_text("utf-8").splitlines():
            text = line.removeprefix(">").strip()
            if text and text[0] not in "#-|":
                yield text


def formulas() -> list[str]:
    """Set phrases of official writing."""
    return [line for line in (HERE / "formulas.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


if __name__ == "__main__":
    Public.of([*paragraphs(Path(sys.argv[1])), *formulas()]).write(FILE)
