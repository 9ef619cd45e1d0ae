"""What the station's precedents change, in the judge's own arithmetic."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reviewer.draft import Channel
from reviewer.errors import PrecedentError
from reviewer.judge.heads import Floats, Heads
from reviewer.judge.learn import MARGIN, REACH, ROOM, Learnt, Lesson, Point, change, flips, learn, nearness, nothing
from reviewer.precedents import Precedent, append, load_library, remove
from reviewer.verdict import Decision
from tests.judging import heads

WIDTH = 4
THRESHOLD = 0.5


def at(angle: float) -> Floats:
    """A unit vector; the cosine of two is the cosine of the difference of their angles."""
    return np.array([np.cos(angle), np.sin(angle), 0, 0], np.float32)


def point(violation: float, angle: float = 0.0, **labels: float) -> Point:
    """A reading whose labels score as given, the rest -5."""
    outputs = np.full(15, -5.0, np.float32)
    outputs[0] = violation
    for name, value in labels.items():
        outputs[1 + int(name[1:])] = value
    return Point(outputs, at(angle))


def after(learnt: Learnt, p: Point) -> Floats:
    return np.asarray(p.outputs + learnt.shift(p), np.float32)


def test_a_false_alarm_is_put_below_and_its_leaking_twin_stays_above() -> None:
    harmless, leak = point(1.0), point(2.0, 0.1)
    learnt = learn([Lesson((harmless,), ())], WIDTH, THRESHOLD)
    assert after(learnt, harmless)[0] == pytest.approx(THRESHOLD - MARGIN, abs=1e-3)
    assert after(learnt, leak)[0] > THRESHOLD


def test_what_is_longer_than_its_embedding_is_made_more_suspect_only() -> None:
    alarm, missed = point(1.0), point(-1.0, 1.5, l3=-2.0)
    learnt = learn([Lesson((alarm,), ()), Lesson((missed,), (3,))], WIDTH, THRESHOLD)
    for seen, moved in ((alarm, False), (missed, True)):
        longer = Point(seen.outputs, seen.embedding, whole=False)
        assert bool(after(learnt, longer)[0] != longer.outputs[0]) is moved
        assert after(learnt, seen)[0] != seen.outputs[0]


def test_a_miss_is_put_above_under_its_clause() -> None:
    missed = point(-1.0, l3=-2.0, l5=1.0)
    learnt = learn([Lesson((missed,), (3,))], WIDTH, THRESHOLD)
    outputs = after(learnt, missed)
    assert outputs[0] >= THRESHOLD + MARGIN - 1e-3
    assert int(outputs[1:].argmax()) == 3


def test_what_is_already_right_changes_nothing() -> None:
    learnt = learn([Lesson((point(-3.0),), ()), Lesson((point(4.0, 1.5, l2=3.0),), (2,))], WIDTH, THRESHOLD)
    assert np.abs(learnt.shifts).max() == 0


def test_other_topics_stay_where_they_are() -> None:
    far = np.arccos(REACH) + 0.01
    learnt = learn([Lesson((point(3.0),), ())], WIDTH, THRESHOLD)
    assert learnt.shift(Point(np.zeros(15, np.float32), at(far)))[0] == 0
    assert learnt.shift(Point(np.zeros(15, np.float32), at(0.05)))[0] < 0


def test_twins_taught_together_are_both_right() -> None:
    good, bad = point(1.5), point(0.2, 0.4, l1=0.0)
    learnt = learn([Lesson((good,), ()), Lesson((bad,), (1,))], WIDTH, THRESHOLD)
    assert after(learnt, good)[0] < THRESHOLD < after(learnt, bad)[0]


def test_every_reading_of_a_harmless_text_must_stay_below() -> None:
    whole, alone = point(0.9), point(1.7, 1.0)
    learnt = learn([Lesson((whole, alone), ())], WIDTH, THRESHOLD)
    assert after(learnt, whole)[0] < THRESHOLD
    assert after(learnt, alone)[0] < THRESHOLD


def test_contradictions_end() -> None:
    same = point(1.0)
    learnt = learn([Lesson((same,), ()), Lesson((same,), (1,))], WIDTH, THRESHOLD)
    assert np.isfinite(learnt.shifts).all()


def test_misses_that_are_alike_move_no_further_than_one_of_them() -> None:
    missed, beside = Lesson((point(-5.0, l1=-9.0),), (1,)), point(-3.0, 0.3)
    one, three = (learn([missed] * times, WIDTH, THRESHOLD) for times in (1, 3))
    assert one.shift(beside)[0] > 0
    assert three.shift(beside) == pytest.approx(one.shift(beside), abs=1e-3)
    assert three.shift(missed.points[0]) == pytest.approx(one.shift(missed.points[0]), abs=1e-3)


@pytest.mark.parametrize("turned", [False, True])
def test_of_twins_that_hardly_differ_the_leak_is_met_and_nothing_is_moved_far(*, turned: bool) -> None:
    good, bad, beside = point(1.5), point(0.2, 0.15, l1=0.0), point(0.0, -0.2)
    lessons = [Lesson((good,), ()), Lesson((bad,), (1,))]
    learnt = learn(lessons[::-1] if turned else lessons, WIDTH, THRESHOLD)
    assert THRESHOLD <= after(learnt, bad)[0] <= THRESHOLD + 2 * MARGIN
    assert after(learnt, good)[0] > THRESHOLD
    assert abs(float(learnt.shift(beside)[0])) < ROOM


def test_what_is_too_long_to_be_learnt_moves_nothing_and_says_so() -> None:
    long = replace(point(1.5), whole=False)
    lesson, known = Lesson((long,), ()), fitted(("near", 0.05, 0.8))
    learnt = learn([lesson], WIDTH, THRESHOLD)
    assert len(learnt.shifts) == 0
    told = change(known, lesson, nothing(WIDTH), learnt)
    assert (told["right"], told["too_long"]) == (False, True)
    short = Lesson((point(1.5),), ())
    assert change(known, short, nothing(WIDTH), learn([short], WIDTH, THRESHOLD))["too_long"] is False


def test_a_long_precedent_of_the_library_is_made_more_suspect_only() -> None:
    known = fitted(("above", 0.0, 0.8), ("below", 0.0, 0.2))
    lowered, raised = (Learnt(at(0.0)[None], np.full((1, 15), by, np.float32)) for by in (-1.0, 1.0))
    assert flips(known, nothing(WIDTH), lowered, {}) == [("above", False)]
    assert flips(known, nothing(WIDTH), lowered, {}, {"above"}) == []
    assert flips(known, nothing(WIDTH), raised, {}, {"below"}) == [("below", True)]


def test_nearness_is_one_for_the_same_and_none_beyond_reach() -> None:
    many = np.stack([at(0.0), at(np.arccos(REACH)), at(1.5)])
    assert nearness(many, at(0.0)) == pytest.approx([1, 0, 0], abs=1e-6)


def fitted(*precedents: tuple[str, float, float]) -> Heads:
    """Heads fitted on precedents of an id, an angle, and the log-odds from heads that never saw it."""
    none = heads(0.0, size=WIDTH)
    return replace(
        none,
        fitted=none.fitted.model_copy(
            update={"ids": tuple(p[0] for p in precedents), "threshold": float(1 / (1 + np.exp(-THRESHOLD)))}
        ),
        embeddings=np.stack([at(angle) for _, angle, _ in precedents]),
        outcomes=np.stack([point(violation).outputs for _, _, violation in precedents]),
    )


def test_flips_name_what_changes() -> None:
    known = fitted(("near", 0.05, 0.8), ("far", 1.5, 0.8), ("sure", 0.05, 5.0))
    learnt = learn([Lesson((point(1.0),), ())], WIDTH, known.threshold)
    assert flips(known, nothing(WIDTH), learnt, {}) == [("near", False)]
    assert flips(known, learnt, learnt, {}) == []


def test_a_change_is_told_by_the_most_suspicious_reading() -> None:
    known, lesson = fitted(("near", 0.05, 0.8)), Lesson((point(1.0), point(-2.0, 1.5)), ())
    learnt = learn([lesson], WIDTH, known.threshold)
    told = change(known, lesson, nothing(WIDTH), learnt)
    assert told["before"] == pytest.approx(1 / (1 + np.exp(-1.0)), abs=1e-6)
    assert told["after"] == pytest.approx(1 / (1 + np.exp(MARGIN - THRESHOLD)), abs=1e-3)
    assert told["right"]
    assert not change(known, lesson, learnt, nothing(WIDTH))["right"]
    assert change(known, Lesson(lesson.points, (1,)), learnt, nothing(WIDTH))["right"]


def test_what_flips_of_the_stations_own_is_named_by_its_most_suspicious_reading() -> None:
    known = fitted(("near", 0.05, 0.8), ("own-fitted", 0.05, 0.8))
    learnt = learn([Lesson((point(1.0),), ())], WIDTH, known.threshold)
    own = {
        "own": (point(0.7, 0.02), point(-2.0, 0.02)),
        "own-elsewhere": (point(0.7, 0.02), point(0.8, 1.5)),
        "own-fitted": (point(-1.0, 0.05),),
    }
    assert flips(known, nothing(WIDTH), learnt, own) == [("near", False), ("own", False)]
    assert flips(known, learnt, nothing(WIDTH), own) == [("near", True), ("own", True)]


def test_precedents_that_do_not_fit_on_the_disk_leave_no_torn_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, data: bytes) -> None:
        os.write(handle, data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    text, reason = "明天食堂改吃包子和小米粥", "食堂菜单，公开"
    one = Precedent(id="s-1", channel=Channel.EMAIL, text=text, verdict=Decision.PASS, reason=reason)
    path = tmp_path / "precedents.jsonl"
    append(path, [one])
    with monkeypatch.context() as patched:
        patched.setattr("reviewer.durable.write", full)
        with pytest.raises(OSError, match="No space"):
            append(path, [one.model_copy(update={"id": "s-2"})])
    assert [p.id for p in load_library([path]).precedents] == ["s-1"]


@pytest.mark.parametrize("data", ["食堂".encode("gb18030"), b"[" * 100_000])
def test_a_file_that_holds_no_precedents_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_bytes(data)
    with pytest.raises(PrecedentError, match=r"mine\.jsonl"):
        load_library([path])


def test_a_precedent_is_taken_away_by_its_id(tmp_path: Path) -> None:
    def made(name: str) -> Precedent:
        text, reason = "明天食堂改吃包子和小米粥", "食堂菜单，公开"
        return Precedent(id=name, channel=Channel.EMAIL, text=text, verdict=Decision.PASS, reason=reason)

    path = tmp_path / "precedents.jsonl"
    append(path, [made("s-1"), made("s-2")])
    append(path, [made("s-3").model_copy(update={"text": "菜单\u2028包子\u2029小米粥\u0085咸菜"})])
    remove(path, ["s-1"])
    assert [p.id for p in load_library([path]).precedents] == ["s-2", "s-3"]
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(PrecedentError, match="s-9"):
        remove(path, ["s-9"])
