"""What rules say beyond the cases: where a quote ends, what they are called."""

import re

from reviewer.detectors import rules
from tests.test_cases import findings


def test_a_signal_quotes_one_line_only() -> None:
    text = "尹县长明早看大棚，从县城\n八点半出发去石桥村"
    (quote,) = [f.quote for f in findings(text) if f.rule == "signal.itinerary"]
    assert quote == "县长明早看大棚，从县城"


def test_every_rule_is_called_something_in_both_languages() -> None:
    chinese = re.compile("[\u4e00-\u9fff]")
    assert not [r.id for r in rules() if chinese.search(r.title_en) or not re.match("[A-Z]", r.title_en)]
    assert not [r.id for r in rules() if not chinese.search(r.title)]
    names = [r.title_en for r in rules()]
    assert len(set(names)) == len(names)
