"""README's table of formats, made from the samples the tests read: `python -m tests.samples.table`."""

from reviewer.readers.formats import FORMATS
from tests.samples.make import CUT, GOOD, HOSTILE


def table() -> str:
    """One row a kind of format, as it is committed between the markers in README."""
    lines = ["| format | suffixes | good file | hostile files, each named | truncated file |", "|---|---|---|---|---|"]
    for form in FORMATS:
        if not form.module:
            continue
        kind = {"text": "txt", "jpeg": "jpg"}.get(form.name, form.name)
        suffixes = " ".join(f"`{suffix}`" for suffix in form.suffixes)
        hostile = ", ".join(reason for k, _, reason in HOSTILE.values() if k == kind) or "-"
        tested, named = ("read", "named") if kind in GOOD else ("not tested", "not tested")
        told = f"{named} {CUT[kind]}" if kind in CUT else named
        lines.append(f"| {form.name} | {suffixes} | {tested} | {hostile} | {told} |")
    unread = ", ".join(form.name for form in FORMATS if not form.module and form.name != "Office")
    lines.append(f"\nKnown and named as not examined: {unread}; encrypted files; every other binary format.")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201
