"""Learning at the station: a precedent added there shifts the level of its topic at once.

Within a topic the heads rank the leak above its harmless twin; what they get wrong is the level (`docs/judgement.md`).
So a false alarm or a miss moves the log-odds of every text near it, by as much as puts it on the right side; texts that
the embedding finds less alike than `REACH` stay where they are. `reviewer calibrate` takes it into the heads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.judge.heads import Floats, Heads, sigmoid

REACH = 0.8
"""Cosine of two embeddings from which one text moves the other; the move grows linearly up to a cosine of 1."""

MARGIN = 0.3
"""Log-odds by which a learnt precedent clears the threshold."""

ROOM = 2.0
"""Log-odds by which a harmless lesson may make texts less suspect than it asks for by itself, to make up for others.
Two that hardly differ and contradict each other would else push each other, and the texts around, beyond all bounds."""

ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Point:
    """One reading of a text: its 15 log-odds before anything learnt, and its embedding, unit length."""

    outputs: Floats
    embedding: Floats
    whole: bool = True
    """Whether the embedding is of all of the text; it sees about 500 characters."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A precedent of the station: all readings of its text, and the outputs of its labels (none: harmless)."""

    points: tuple[Point, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the station's precedents change: near `embeddings` (m, e), log-odds move by `shifts` (m, 15)."""

    embeddings: Floats
    shifts: Floats

    def shift(self, point: Point) -> Floats:
        """What to add to the 15 log-odds of a text; nothing makes one less suspect whose end was not compared."""
        moved = np.asarray(nearness(self.embeddings, point.embedding) @ self.shifts, np.float32)
        return moved if point.whole else np.maximum(moved, 0)

    def violation(self, points: Sequence[Point]) -> float:
        """The log-odds of a violation of a text with these readings: by the most suspicious one."""
        return max(float((p.outputs + self.shift(p))[0]) for p in points)


def nothing(width: int) -> Learnt:
    """Nothing learnt yet, for embeddings of `width`."""
    return Learnt(np.zeros((0, width), np.float32), np.zeros((0, 15), np.float32))


def nearness(many: Floats, others: Floats) -> Floats:
    """From 0, not alike enough to matter, to 1, the same text: (m, e) to (e,) gives (m,), to (e, n) gives (m, n)."""
    return np.asarray(np.clip((many @ others - REACH) / (1 - REACH), 0, 1), np.float32)


def learn(lessons: Sequence[Lesson], width: int, threshold: float) -> Learnt:
    """Shifts, found in turns, that put every lesson on its side of `threshold` (log-odds).

    Of lessons that contradict each other the violating one is met, the harmless one as far as `ROOM` lets it.
    """
    points = [(p, lesson.labels) for lesson in lessons for p in _binding(lesson)]
    if not points:
        return nothing(width)
    embeddings = np.stack([p.embedding for p, _ in points])
    shifts = np.zeros((len(points), 15), np.float32)
    near = nearness(embeddings, embeddings.T)
    lowest = np.array([-np.inf if labels else _missing(p.outputs, labels, threshold)[0] - ROOM for p, labels in points])
    for _ in range(ROUNDS):
        before = shifts.copy()
        for i, (point, labels) in enumerate(points):
            lacks = _missing(point.outputs + near[i] @ shifts, labels, threshold)
            shifts[i] = np.maximum(shifts[i] + lacks, lowest[i])
        if np.abs(shifts - before).max() < 1e-3:
            break
    return Learnt(embeddings, shifts)


def _binding(lesson: Lesson) -> tuple[Point, ...]:
    """Every reading of a harmless text must stay below, where anything can move it; of a violating one the highest is
    enough.
    """
    if not lesson.labels:
        return tuple(p for p in lesson.points if p.whole)
    return (max(lesson.points, key=lambda p: float(p.outputs[0])),)


def _missing(outputs: Floats, labels: tuple[int, ...], threshold: float) -> Floats:
    """What log-odds lack to be on the right side, and for the first label to be the likeliest."""
    step = np.zeros(15, np.float32)
    if not labels:
        step[0] = min(0.0, threshold - MARGIN - float(outputs[0]))
        return step
    step[0] = max(0.0, threshold + MARGIN - float(outputs[0]))
    first = labels[0]
    others = np.delete(outputs[1:], first)
    step[1 + first] = max(0.0, float(others.max()) + MARGIN - float(outputs[1 + first]))
    return step


def change(heads: Heads, lesson: Lesson, before: Learnt, after: Learnt) -> dict[str, float | bool]:
    """What is said of a lesson: the probability of a violation before and after, whether the latter is right, and
    whether it is not because the text is too long to be made less suspect.
    """
    was, now = before.violation(lesson.points), after.violation(lesson.points)
    first, then = sigmoid(np.array([was, now], np.float32)).tolist()
    flagged = now >= heads.threshold
    right = flagged == bool(lesson.labels)
    too_long = not right and flagged and not all(p.whole for p in lesson.points)
    return {"before": first, "after": then, "right": right, "too_long": too_long}


def flips(
    heads: Heads,
    before: Learnt,
    after: Learnt,
    own: Mapping[str, Sequence[Point]],
    longer: Collection[str] = (),
) -> list[tuple[str, bool]]:
    """The precedents whose verdict changes: id, and whether it is flagged now.

    The station's `own` are judged by their readings, the others the heads were fitted on by the log-odds of heads that
    never saw them, so that what they were fitted to does not hide a change; of these the `longer` ones are not compared
    as a whole.
    """
    was, now = (_flagged(heads, learnt, own, longer) for learnt in (before, after))
    return [(name, now[name]) for name in was if was[name] != now[name]]


def _flagged(
    heads: Heads, learnt: Learnt, own: Mapping[str, Sequence[Point]], longer: Collection[str]
) -> dict[str, bool]:
    shifts = nearness(heads.embeddings, learnt.embeddings.T) @ learnt.shifts[:, 0]
    cut = [name in longer for name in heads.fitted.ids]
    moved = heads.outcomes[:, 0] + np.where(cut, np.maximum(shifts, 0), shifts)
    fitted = zip(heads.fitted.ids, (moved >= heads.threshold).tolist(), strict=True)
    return {**dict(fitted), **{name: learnt.violation(points) >= heads.threshold for name, points in own.items()}}
