"""Which checks a review is made of, and which it is not: one that did not run must not look like one that passed."""

from reviewer.draft import Lang
from reviewer.finding import Stage
from reviewer.reports.words import COLON
from reviewer.verdict import Review

CHECKS = {
    Stage.DETECT: ("规则", "rules"),
    Stage.MATCH: ("索引比对", "index"),
    Stage.JUDGE: ("模型判读", "judge"),
}
"""The stages that look for something, as they are called where nothing else explains them."""


def checks(review: Review, lang: Lang) -> str:
    """One line: what ran and what did not; empty where everything ran."""
    done = [lang.pick(*name) for stage, name in CHECKS.items() if stage in review.timings_ms]
    left = [lang.pick(*name) for stage, name in CHECKS.items() if stage not in review.timings_ms]
    if not left:
        return ""
    colon, between = lang.pick(*COLON), lang.pick("、", ", ")
    ran = between.join(done) or lang.pick("无", "nothing")
    return (
        f"{lang.pick('所做检查', 'Checked')}{colon}{ran}{lang.pick('；', '; ')}"
        f"{lang.pick('未做', 'not checked')}{colon}{between.join(left)}"
    )
