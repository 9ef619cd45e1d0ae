"""`docs/rules.md`, generated from the rules and their cases."""

import sys
import tomllib
from collections import Counter
from pathlib import Path

from reviewer.detectors import rules


def page(cases: Path) -> str:
    """One entry a rule: what it flags, what it leaves alone, how severe, where the fact comes from, how many cases.

    `cases` is the folder of the case files. Raises `OSError` or `TOMLDecodeError` where one cannot be read.
    """
    counts = _counts(cases)
    parts = ["# Rules\n\nGenerated from `reviewer/detectors` and `tests/cases`; run `make docs` after a change.\n"]
    parts += [
        f"\n## {rule.id}\n\n{rule.title} / {rule.title_en}\n\n"
        f"- flags: {rule.flags}\n- ignores: {rule.ignores}\n- severity: {rule.severity.value}\n"
        f"- clause: {rule.clause or '-'}\n- reason: {rule.reason} / {rule.reason_en}\n- source: {rule.source}\n"
        f"- cases: {counts['flag', rule.id]} to flag, {counts['ignore', rule.id]} to ignore\n"
        for rule in rules()
    ]
    return "".join(parts)


def _counts(cases: Path) -> Counter[tuple[str, str]]:
    files = [tomllib.loads(file.read_text("utf-8")) for file in sorted(cases.glob("*.toml"))]
    return Counter((kind, row["rule"]) for rows in files for kind in ("flag", "ignore") for row in rows.get(kind, []))


if __name__ == "__main__":
    print(page(Path(sys.argv[1])), end="")  # noqa: T201 (its output is the file)
