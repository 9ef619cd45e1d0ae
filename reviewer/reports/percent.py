"""Probabilities in words: an estimate is never shown as certain."""


def percent(probability: float) -> str:
    """Whole per cent of a probability; `>99%` and `<1%` where rounding would call it certain."""
    if probability >= 0.995:
        return ">99%"
    return "<1%" if probability <= 0.005 else f"{probability:.0%}"
