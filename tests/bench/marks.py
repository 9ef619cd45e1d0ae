"""What the rules on marks, document numbers and draft marks say of whole corpora.

`python -m tests.bench.marks [--tagged WORD] PATH...` prints a table, rule by corpus: texts with a note, with a finding
for review, with a block. A corpus is a folder or a file: `.md` and `.txt` are one text each, `.jsonl` one text a row
(`text`; rows without are left out). With `--tagged WORD` it also says how many rows with a tag that holds WORD have a
finding that decides, and the ids of the others.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reviewer.detectors import Detect, document_number, draft_mark, mark
from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Severity
from reviewer.normalise import fold

RULES = [rule.id for detector in (mark, document_number, draft_mark) for rule in detector.RULES]
DETECT = Detect({}, Lang.EN, today=date(2026, 11, 27))


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a corpus."""

    id: str
    text: str
    tags: tuple[str, ...] = ()


def texts(path: Path) -> Iterator[Text]:
    """The texts of a file or folder, in order."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix in (".md", ".txt", ".jsonl"):
                yield from texts(file)
    elif path.suffix == ".jsonl":
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            row = json.loads(line)
            if "text" in row:
                yield Text(str(row.get("id", number)), row["text"], tuple(row.get("tags", ())))
    else:
        yield Text(path.name, path.read_text("utf-8"))


def findings(text: str) -> list[Finding]:
    """What these rules say of a text."""
    found = DETECT(Draft(text=text), fold(text), ()).findings
    return [f for f in found if f.rule in RULES]


def main(paths: list[Path], tagged: str | None) -> None:
    """Print the table, and what became of the tagged rows."""
    columns: dict[str, Counter[tuple[str, Severity]]] = {}
    sizes: dict[str, int] = {}
    missed: list[str] = []
    wanted = 0
    for path in paths:
        counts = columns.setdefault(path.stem, Counter())
        corpus = list(texts(path))
        sizes[path.stem] = len(corpus)
        for text in corpus:
            found = findings(text.text)
            counts.update({(f.rule, f.severity) for f in found})
            if tagged and any(tagged in tag for tag in text.tags):
                wanted += 1
                if all(f.severity is Severity.NOTE for f in found):
                    missed.append(text.id)
    names = [f"{name} ({sizes[name]})" for name in columns]
    rows = [["rule, texts with note / review / block", *names]]
    rows += [[rule, *(_cell(rule, counts) for counts in columns.values())] for rule in RULES]
    rows.insert(1, ["---"] * (len(names) + 1))
    sys.stdout.write("".join("| " + " | ".join(row) + " |\n" for row in rows))
    if tagged:
        sys.stdout.write(f"\ntagged {tagged}: {wanted - len(missed)} of {wanted} found; not found: {missed}\n")


def _cell(rule: str, counts: Counter[tuple[str, Severity]]) -> str:
    return " / ".join(str(counts[rule, severity]) for severity in Severity)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--tagged")
    given = parser.parse_args()
    main(given.paths, given.tagged)
