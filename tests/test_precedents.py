"""The case law: every line valid, every label and channel present, nothing shared with the evaluation drafts."""

import errno
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from reviewer import durable, teaching
from reviewer.assemble import STAGES, Station, configure
from reviewer.draft import Channel
from reviewer.errors import PrecedentError
from reviewer.paths import PACKAGE, Home, shipped
from reviewer.precedents import LABELS, append, load_library
from reviewer.regulations import load_regulations
from reviewer.settings import Settings

LIBRARY = load_library([shipped("prompts") / "precedents"])
HELD_OUT = Path(__file__).parent / "heldout"
EVALUATION = Path(__file__).parent.parent.parent / "shared" / "eval"


def runs(text: str, length: int = 12) -> set[str]:
    """Every run of `length` characters, white space left out."""
    letters = "".join(text.split())
    return {letters[i : i + length] for i in range(len(letters) - length + 1)}


def test_the_library_is_broad() -> None:
    counts = Counter(label for p in LIBRARY.precedents for label in p.labels)
    assert len(LIBRARY.precedents) >= 1200
    assert len(list(LIBRARY.pairs())) >= 400
    assert all(counts[label] >= 60 for label in LABELS)
    assert {p.channel for p in LIBRARY.precedents} == set(Channel)
    harmless = sum(not p.labels for p in LIBRARY.precedents)
    assert 0.4 < harmless / len(LIBRARY.precedents) < 0.6


def test_pairs_are_alike_but_for_the_fact() -> None:
    import difflib

    for bad, good in LIBRARY.pairs():
        assert bad.channel == good.channel
        assert difflib.SequenceMatcher(None, bad.text, good.text, autojunk=False).ratio() > 0.25


def shared(files: Iterable[Path]) -> list[str]:
    """The precedents that share a run of twelve characters with drafts of these files."""
    seen: set[str] = set()
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            seen |= runs(json.loads(line)["text"])
    assert seen
    return [p.id for p in LIBRARY.precedents if runs(p.text) & seen]


@pytest.mark.skipif(not EVALUATION.exists(), reason="the evaluation drafts are not beside this checkout")
def test_nothing_is_shared_with_the_evaluation_drafts() -> None:
    assert shared(EVALUATION.glob("*.jsonl")) == []


def test_nothing_is_shared_with_the_held_out_drafts() -> None:
    """`heaps.jsonl` is made of the texts of `short.jsonl`."""
    assert shared(HELD_OUT / f"{name}.jsonl" for name in ("short", "long", "work", "pairs")) == []


def test_a_shared_run_is_found(tmp_path: Path) -> None:
    one = next(p for p in LIBRARY.precedents if len(runs(p.text)) > 1)
    (tmp_path / "draft.jsonl").write_text(json.dumps({"text": f"转：{one.text}"}), "utf-8")
    assert one.id in shared([tmp_path / "draft.jsonl"])


def test_heaps_are_made_of_the_short_drafts_and_labelled_by_their_leak() -> None:
    short, heaps = (
        [json.loads(line) for line in (HELD_OUT / f"{name}.jsonl").read_text("utf-8").splitlines()]
        for name in ("short", "heaps")
    )
    for heap in heaps:
        parts = [s for s in short if s["text"] in heap["text"]]
        left = heap["text"]
        for part in parts:
            left = left.replace(part["text"], "")
        assert not left.strip(), heap["id"]
        assert heap["labels"] == [label for p in parts for label in p["labels"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": ["wx-11"]}, "unknown labels"),
        ({"verdict": "pass"}, "passes exactly when"),
        ({"evidence": ["没有的话"]}, "not in the text"),
        ({"evidence": []}, "quotes its evidence"),
        ({"evidence": [""]}, "quotes its evidence"),
        ({"colour": "red"}, "colour"),
        ({"text": "短"}, "text"),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, change: dict[str, object], words: str) -> None:
    row = next(p for p in LIBRARY.precedents if p.labels).model_dump(mode="json") | change
    file = tmp_path / "mine.jsonl"
    file.write_text("\n" + json.dumps(row), "utf-8")
    with pytest.raises(PrecedentError, match=r"mine\.jsonl:2") as caught:
        load_library([file])
    assert words in str(caught.value)
    assert row["text"][:8] not in str(caught.value)
    assert "没有的话" not in str(caught.value)


def test_a_number_of_too_many_digits_is_a_mistake_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(f'{{"id": {"1" * 5000}}}', "utf-8")
    with pytest.raises(PrecedentError, match=r"mine\.jsonl:1"):
        load_library([file])


def test_what_is_added_and_not_surely_on_disk_is_in_force_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Station(configure(Settings(), Home(tmp_path)), STAGES, 5.0)
    one, two = LIBRARY.precedents[:2]
    assert teaching.keep(made, [one])

    def failing(_: object) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(durable, "named", failing)
    assert not teaching.keep(made, [two])
    assert load_library(made.config.precedents[-1:]).precedents == (one, two)


def test_what_is_added_behind_a_line_without_an_end_is_a_line_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    first, second = LIBRARY.precedents[:2]
    file.write_text(json.dumps(first.model_dump(mode="json")), "utf-8")
    append(file, [second])
    append(file, [LIBRARY.precedents[2]])
    assert load_library([file]).precedents == LIBRARY.precedents[:3]


def test_a_miss_without_deciding_words_has_the_whole_text_as_such() -> None:
    regulations = load_regulations((PACKAGE / "packs",), ())
    made = teaching.made("学区方案先给你看看，别外传", Channel.EMAIL, "wx-5", "", "透露未定方案", regulations)
    assert made.evidence == (made.text,)


def test_an_id_that_the_station_holds_is_not_added_again(tmp_path: Path) -> None:
    path = tmp_path / "precedents.jsonl"
    one, two = LIBRARY.precedents[:2]
    append(path, [one])
    with pytest.raises(PrecedentError):
        append(path, [two, one])
    assert load_library([path]).precedents == (one,)


def test_a_miss_under_a_label_that_no_pack_in_force_has_is_refused() -> None:
    regulations = load_regulations((PACKAGE / "packs",), ("secrecy-law",))
    with pytest.raises(PrecedentError, match="wx-5"):
        teaching.made("学区方案先给你看看，别外传", Channel.EMAIL, "wx-5", "", "透露未定方案", regulations)
