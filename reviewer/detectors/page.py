"""`docs/rules.md`, generated from the rules."""

from reviewer.detectors import rules


def page() -> str:
    """One entry a rule: what it flags, what it leaves alone, how severe, where the fact comes from."""
    parts = ["# Rules\n\nGenerated from `reviewer/detectors`; run `make docs` after a change.\n"]
    parts += [
        f"\n## {rule.id}\n\n{rule.title}\n\n"
        f"- flags: {rule.flags}\n- ignores: {rule.ignores}\n- severity: {rule.severity.value}\n"
        f"- clause: {rule.clause or '-'}\n- reason: {rule.reason} / {rule.reason_en}\n- source: {rule.source}\n"
        for rule in rules()
    ]
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 (its output is the file)
