"""README's table of formats, made from the samples the tests read: `python -m tests.samples.table`."""

from reviewer.readers.formats import FORMATS
from tests.samples.make import GOOD, HOSTILE

UNCUT = ("html", "eml")
"""Formats without an end mark: a cut file cannot be told from a short one."""


def table() -> str:
    """One row a kind of format, as it is committed between the markers in README."""
    lines = ["| format | suffixes | good file | hostile files, each named | truncated file |", "|---|---|---|---|---|"]
    for form in FORMATS:
        if not form.module or form.module == "text":
            continue
        kind = {"jpeg": "jpg"}.get(form.name, form.name)
        suffixes = " ".join(f"`{suffix}`" for suffix in form.suffixes)
        hostile = ", ".join(reason for k, _, reason in HOSTILE.values() if k == kind) or "-"
        tested = "read" if kind in GOOD else "not tested"
        cut = "not told" if kind in UNCUT else "named" if kind in GOOD else "not tested"
        lines.append(f"| {form.name} | {suffixes} | {tested} | {hostile} | {cut} |")
    named = ", ".join(form.name for form in FORMATS if not form.module and form.name != "Office")
    lines.append(f"\nKnown and named as not examined: {named}; encrypted files; every other binary format.")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201
