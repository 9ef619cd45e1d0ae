"""What rules say beyond the cases: where a quote ends."""

from tests.test_cases import findings


def test_a_signal_quotes_one_line_only() -> None:
    text = "尹县长明早看大棚，从县城\n八点半出发去石桥村"
    (quote,) = [f.quote for f in findings(text) if f.rule == "signal.itinerary"]
    assert quote == "县长明早看大棚，从县城"
