"""Documents that repeat themselves, as the labels of a roster do: as fast as others, and no copied row is lost."""

import contextlib
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Severity
from reviewer.index import GRAM, Document, Key, Store
from reviewer.match import Matcher, chains, prepare
from reviewer.match.copies import COPIED
from reviewer.match.families import Families
from reviewer.match.sealed import Proven, proven
from reviewer.match.source import LETTERS, Source
from reviewer.normalise import fold
from tests.conftest import HashEmbedder
from tests.pace import TIMES, least

pytestmark = pytest.mark.alone

NAMES = "怀远明志国建军丽敏静磊洋勇艳杰娟涛超霞平刚桂英文辉玲鑫波斌宇浩然子轩"


def roster(rows: int, seed: int) -> list[str]:
    """Invented persons, a line each."""
    rng = random.Random(seed)
    return [
        f"姓名：谌{rng.choice(NAMES)}{rng.choice(NAMES)}，所在单位及现任职务：{rng.randrange(10**4)}科科员，"
        f"政治面貌：中共党员，联系电话及家庭住址：{rng.randrange(10**8):08}，枫桥路{rng.randrange(10**4)}号。"
        for _ in range(rows)
    ]


def short(row: str) -> str:
    """A row of name and address only."""
    return row.split("，")[0] + row.split("，")[3]


def matcher(place: Path, rows: list[str], title: str = "") -> Matcher:
    """A matcher over one document of these lines."""
    embedder, key = HashEmbedder(), Key(file=place / "key")
    store = Store.create(place / f"{len(rows)}.db", key, embedder.identity)
    document = Document(doc="7", level="机密", title=title, text="\n".join(rows))
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    return Matcher(store, embedder, {}, Lang.ZH)


def found(stage: Matcher, text: str) -> tuple[Finding, ...]:
    """The findings of the stage."""
    return stage(Draft(text=text), fold(text), ()).findings


def test_a_roster_against_a_roster_is_compared_in_seconds(tmp_path: Path) -> None:
    known, others = ([short(row) for row in roster(240, seed)] for seed in (1, 2))
    stage = matcher(tmp_path, known)
    assert found(stage, "\n".join(others))
    seconds = least(lambda: found(stage, "\n".join(others)))
    assert seconds < 5  # 1.4; 29 with every place of every label


def test_a_draft_that_repeats_words_of_a_title_takes_time_in_proportion(tmp_path: Path) -> None:
    """3.7 to 4.2 times for four times the text; 13 to 17 where each place looked at all behind it."""
    stage = matcher(tmp_path, ["按要求办理。"], title="关于调整栎城区供水价格的请示")
    ratios: list[float] = []
    for _ in range(TIMES):
        short, long = (least(lambda n=n: found(stage, "供水价格" * n), 1) for n in (1000, 4000))  # type: ignore[misc]
        ratios.append(long / short)
        if ratios[-1] < 8:
            return
    raise AssertionError(ratios)


def test_many_rows_that_share_their_heads_alone_are_compared(tmp_path: Path) -> None:
    rng = random.Random(5)
    heads = ["".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(8)) for _ in range(1000)]
    known, others = ([f"{head}{tail * 20}" for head in heads] for tail in "甲7")
    assert found(matcher(tmp_path, known), "\n".join(others)) == ()


@contextlib.contextmanager
def sealed(place: Path, rows: list[str]) -> Iterator[Store]:
    """A protected store with one document of these lines, opened for reviewing."""
    embedder, key = HashEmbedder(), Key(file=place / "key")
    made = Store.create(place / f"sealed{len(rows)}.db", key, embedder.identity, managing="一二三四")
    document = Document(doc="7", level="机密", text="\n".join(rows))
    made.add(document, *prepare(document, embedder, made.fingerprint_key))
    made.close()
    with contextlib.closing(Store.open(made.path, key)) as store:
        yield store


def passages(store: Store, text: str) -> tuple[list[Proven], float]:
    """What fingerprints prove of a text, and the processor seconds it took."""
    draft = Source.read(text)
    started = time.process_time()
    families = Families(lambda i: store.hashes(i, LETTERS))
    return proven(draft, store, np.zeros(len(draft.letters.text), bool), families), time.process_time() - started


def seconds_of_rosters(place: Path, rows: int) -> float:
    """The least processor time, of some tries, that a roster takes against another of as many rows."""
    with sealed(place, [short(row) for row in roster(rows, 1)]) as store:
        text = "\n".join(short(row) for row in roster(rows, 2))
        store.lookup([0], 0)
        found, seconds = min((passages(store, text) for _ in range(TIMES)), key=lambda run: run[1])
        assert sum(p.same for p in found) > 5 * rows
    return seconds


def test_a_roster_against_a_sealed_roster_takes_time_in_proportion(tmp_path: Path) -> None:
    """2.7 and 3.0 times for four times the rows, once 11 on a busy machine; 18 with every place of every label."""
    ratios: list[float] = []
    for place in (tmp_path / str(n) for n in range(TIMES)):
        place.mkdir()
        ratios.append(seconds_of_rosters(place, 1000) / seconds_of_rosters(place, 250))
        if ratios[-1] < 8:
            return
    raise AssertionError(ratios)


@pytest.mark.parametrize("length", [20, 40])
def test_a_piece_of_any_row_is_proven_where_not_every_place_is_followed(
    tmp_path: Path, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.index.store.secrets.token_bytes", lambda n: bytes(range(n)))
    rows, others = roster(100, 1), roster(8, 2)
    with sealed(tmp_path, rows) as store:
        for n in range(0, 100, 7):
            place = 3 * n % (len(rows[n]) - length)
            piece = rows[n][place : place + length]
            start = len(Source.read("\n".join(others[:4])).letters.text)
            stop = start + len(Source.read(piece).letters.text)
            told = []
            for followed in (10**9, 0):
                monkeypatch.setattr(chains, "ALL", followed)
                found, _ = passages(store, "\n".join((*others[:4], piece, *others[4:])))
                certain = [p for p in found if p.longest >= COPIED or p.same >= 2 * GRAM]
                told.append(any(p.start < stop and start < p.stop for p in certain))
            assert told == [True, True], piece


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
