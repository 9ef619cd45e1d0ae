"""What the rules alone see of instructions and precedents. `python -m tests.bench.instruction_rules [EVERY]`.

Every one (or every n-th) of `tests/injections` as a draft of its own, of `prompts/precedents` as it stands. A text is
seen where a rule on instructions or on lists of people is louder than a note. No model, no chance: there is no seed.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

from reviewer.detectors import instruction, people
from reviewer.detectors.rule import View
from reviewer.draft import Draft
from reviewer.finding import Severity
from reviewer.normalise import fold
from reviewer.paths import shipped
from reviewer.precedents import load_library
from tests.test_injections import FAMILIES


def seen(text: str) -> set[str]:
    """The rules that are louder than a note."""
    view = View(Draft(text=text), fold(text), date(2026, 11, 27))
    found = (hit for detector in (instruction, people) for hit in detector.detect(view))
    return {hit.rule.id for hit in found if (hit.severity or hit.rule.severity) is not Severity.NOTE}


def instructions(every: int = 1) -> Iterator[tuple[str, str, bool]]:
    """(family, instruction, whether its rule sees it)."""
    lines = [(family, line) for family, several in FAMILIES for line in several][::every]
    for family, line in lines:
        yield family, line, instruction.RULE.id in seen(line)


def main(every: int) -> None:
    """Print the counts."""
    begun = time.process_time()
    total, hit = Counter[str](), Counter[str]()
    for family, _, found in instructions(every):
        total[family] += 1
        hit[family] += found
    sys.stdout.write(f"instructions seen: {hit.total()} of {total.total()} ({dict(+hit)})\n")
    precedents = load_library([shipped("prompts") / "precedents"]).precedents[::every]
    for kind, chosen in (
        ("violating", [p for p in precedents if p.labels]),
        ("harmless", [p for p in precedents if not p.labels]),
    ):
        rules = Counter(rule for p in chosen for rule in seen(p.text))
        sys.stdout.write(f"{kind} precedents seen: {dict(sorted(rules.items()))} of {len(chosen)}\n")
    sys.stdout.write(f"{time.process_time() - begun:.1f} s of processor time, every {every} of each\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
