"""The figures of quality."""

import math

import pytest

from reviewer.measure import area, calibration_error, interval, resampled


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
        said = resampled(area, [4, 3, 2, 1, 0] * times, [True, False, True, True, False] * times)
        figure, rest = said.split(" [")
        low, high = map(float, rest.rstrip("]").split(", "))
        assert low <= float(figure) <= high
        return high - low

    assert width(40) < width(4)
    assert resampled(area, [1, 2, 3], [True] * 3) == resampled(area, [], []) == "nan [nan, nan]"
    assert resampled(area, [1, 2, 3], [True, False, True]) == resampled(area, [1, 2, 3], [True, False, True])


def test_calibration_error_of_honest_and_boastful_probabilities() -> None:
    assert calibration_error([0.5] * 4, [True, False, True, False]) == 0
    assert calibration_error([0.95] * 4, [True, False, True, False]) == pytest.approx(0.45)
