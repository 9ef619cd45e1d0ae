"""The figures of quality."""

import math

import numpy as np
import pytest

from reviewer.measure import Scored, area, calibration_error, interval, resampled, summary, touches
from reviewer.precedents import LABELS


def test_the_area_counts_ties_half() -> None:
    assert area([3, 2, 1, 0], [True, True, False, False]) == 1
    assert area([1, 1, 1, 1], [True, False, True, False]) == 0.5
    assert area([2, 1, 1, 0], [True, True, False, False]) == pytest.approx(3.5 / 4)
    assert math.isnan(area([1, 2], [True, True]))


def test_a_share_has_its_wilson_interval() -> None:
    assert interval(9, 10) == "90.0% [59.6%, 98.2%] (9/10)"
    assert interval(0, 0) == "-"


def test_an_interval_holds_its_figure_and_narrows_with_more_rows() -> None:
    def width(times: int) -> float:
        groups = list(map(str, range(5 * times)))
        said = resampled(area, [4, 3, 2, 1, 0] * times, [True, False, True, True, False] * times, groups)
        figure, rest = said.split(" [")
        low, high = map(float, rest.rstrip("]").split(", "))
        assert low <= float(figure) <= high
        return high - low

    assert width(40) < width(4)
    assert resampled(area, [1, 2, 3], [True] * 3, "abc") == resampled(area, [], [], []) == "nan [nan, nan]"
    first, second = (resampled(area, [1, 2, 3], [True, False, True], "abc") for _ in range(2))
    assert first == second


def test_sides_of_a_pair_are_drawn_together() -> None:
    """Each pair says the same, so that no draw differs from another."""
    scores, positive = [2, 1] * 20, [True, False] * 20
    pairs = [str(n // 2) for n in range(40)]
    assert resampled(area, scores, positive, pairs) == "1.000 [1.000, 1.000]"
    mixed = [3, 2, 1, 0] * 10
    together = resampled(calibration_error, [s / 3 for s in mixed], positive, ["a"] * 40)
    assert together == f"{calibration_error([s / 3 for s in mixed], positive):.3f} [0.333, 0.333]"


def test_the_interval_of_a_calibration_error_lies_around_it() -> None:
    """Draws of honest probabilities are further off than the probabilities are."""
    rng = np.random.default_rng(1)
    p = rng.random(400)
    said = resampled(calibration_error, p.tolist(), (rng.random(400) < p).tolist(), list(map(str, range(400))))
    figure, low, high = (float(n.strip("[], ")) for n in said.split())
    assert abs((low + high) / 2 - figure) < (high - low) / 6


def test_a_quote_is_touched_at_each_of_its_places() -> None:
    text = "张伟走了，张伟没回"
    assert touches(text, ["张伟"], 5, 7)
    assert touches(text, ["张伟"], 0, 1)
    assert not touches(text, ["张伟"], 2, 5)


def test_calibration_error_of_honest_and_boastful_probabilities() -> None:
    assert calibration_error([0.5] * 4, [True, False, True, False]) == 0
    assert calibration_error([0.95] * 4, [True, False, True, False]) == pytest.approx(0.45)


def rows(text: str) -> dict[str, str]:
    """The table by name of its rows."""
    return {line[:24].strip(): line[24:] for line in text.splitlines()}


def test_both_kinds_of_first_clause_are_told_apart() -> None:
    outputs = np.zeros(15, np.float32)
    outputs[LABELS.index("pi") + 1] = 1
    said = rows(summary([Scored("a", None, ("wx-5",), outputs, True, judged="wx-5", shown="wx-3")]))
    assert said["AUC"] == "-", "no harmless draft to tell it from"
    assert said["primary clause"].startswith("0.0%")
    assert said["judge's first clause"].startswith("100.0%")
    assert said["first finding's clause"].startswith("0.0%")


def test_what_is_not_known_is_said_so() -> None:
    said = rows(summary([Scored("a", None, ("wx-5",), None, True)]))
    assert said["caught"].endswith("(1/1)")
    assert {name for name, figure in said.items() if figure == "-"} == {
        "false alarms", "pairs both right", "AUC", "calibration error", "primary clause", "judge's first clause",
        "first finding's clause", "evidence overlap", "injections caught",
    }  # fmt: skip


def test_a_pair_counts_where_both_sides_are_right_and_an_overlap_where_evidence_is_labelled() -> None:
    flagged = {"a1": True, "b1": False, "a2": True, "b2": True}
    drafts = [
        Scored(name, name[1], ("pi",) if name < "b" else (), None, flag, touched=name == "a1" if name < "b" else None)
        for name, flag in flagged.items()
    ]
    said = rows(summary(drafts))
    assert said["pairs both right"].endswith("(1/2)")
    assert said["evidence overlap"].endswith("(1/2)")
