"""Documents that repeat themselves, as the labels of a roster do: as fast as others, and no copied row is lost."""

import contextlib
import random
import time
from pathlib import Path

import numpy as np
import pytest

from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Severity
from reviewer.index import Document, Key, Store
from reviewer.match import Matcher, prepare
from reviewer.match.sealed import proven
from reviewer.match.source import Source
from reviewer.normalise import fold
from tests.conftest import HashEmbedder

NAMES = "怀远明志国建军丽敏静磊洋勇艳杰娟涛超霞平刚桂英文辉玲鑫波斌宇浩然子轩"


def roster(rows: int, seed: int) -> list[str]:
    """Invented persons, a line each."""
    rng = random.Random(seed)
    return [
        f"姓名：谌{rng.choice(NAMES)}{rng.choice(NAMES)}，所在单位及现任职务：{rng.randrange(10**4)}科科员，"
        f"政治面貌：中共党员，联系电话及家庭住址：{rng.randrange(10**8):08}，枫桥路{rng.randrange(10**4)}号。"
        for _ in range(rows)
    ]


def matcher(place: Path, rows: list[str]) -> Matcher:
    """A matcher over one document of these lines."""
    embedder, key = HashEmbedder(), Key(file=place / "key")
    store = Store.create(place / f"{len(rows)}.db", key, embedder.identity)
    document = Document(doc="7", level="机密", text="\n".join(rows))
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    return Matcher(store, embedder, Lang.ZH)


def found(stage: Matcher, text: str) -> tuple[Finding, ...]:
    """The findings of the stage."""
    return stage(Draft(text=text), fold(text), ()).findings


def test_a_roster_against_a_roster_is_compared_in_seconds(tmp_path: Path) -> None:
    known, others = ([row.split("，")[0] + row.split("，")[3] for row in roster(240, seed)] for seed in (1, 2))
    stage = matcher(tmp_path, known)
    started = time.process_time()
    assert found(stage, "\n".join(others))
    assert time.process_time() - started < 5  # 0.9 to 1.7 on a busy machine; 16 with every place of every label


def test_a_roster_against_a_sealed_roster_is_compared_in_seconds(tmp_path: Path) -> None:
    embedder, key = HashEmbedder(), Key(file=tmp_path / "key")
    made = Store.create(tmp_path / "sealed.db", key, embedder.identity, managing="一二三四")
    document = Document(doc="7", level="机密", text="\n".join(roster(200, 1)))
    made.add(document, *prepare(document, embedder, made.fingerprint_key))
    made.close()
    draft = Source.read("\n".join(roster(200, 2)))
    with contextlib.closing(Store.open(tmp_path / "sealed.db", key)) as store:
        started = time.process_time()
        assert proven(draft, store, np.zeros(len(draft.letters.text), bool))
        assert (
            time.process_time() - started < 10
        )  # 2.2 and 2.3 on a busy machine; 45 with every chain tried for every place


@pytest.mark.parametrize("length", [14, 20, 40])
def test_a_piece_of_any_row_is_found_among_the_labels_of_other_rows(tmp_path: Path, length: int) -> None:
    rows = roster(60, 1)
    stage, others = matcher(tmp_path, rows), roster(2, 2)
    for n in range(0, 60, 7):
        place = 3 * n % (len(rows[n]) - length)
        piece = rows[n][place : place + length]
        draft = f"{others[0]}\n{piece}\n{others[1]}"
        at = draft.index(f"\n{piece}\n") + 1
        certain = [f.span for f in found(stage, draft) if f.confidence == 1 and f.severity is Severity.BLOCK]
        assert any(a < at + length and at < b for a, b in certain), piece
