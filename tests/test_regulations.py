"""Packs: quotations string by string against the shipped articles and rules, and errors that name file and line."""

import json
from pathlib import Path

import pytest

from reviewer.errors import PackError
from reviewer.paths import PACKAGE
from reviewer.precedents import LABELS
from reviewer.regulations import load_articles, load_pack, load_regulations

PACKS = PACKAGE / "packs"
SOURCE = Path(__file__).parent.parent.parent / "shared" / "regulations" / "clauses.jsonl"
GOOD = (PACKS / "discipline.toml").read_text("utf-8")


def test_every_label_has_a_clause_and_every_basis_exists() -> None:
    regulations = load_regulations((PACKS,))
    assert set(regulations.by_label) == set(LABELS)
    articles = load_articles(PACKS)
    for clause in regulations.clauses():
        assert clause.basis
        assert set(clause.basis) <= set(articles)


@pytest.mark.skipif(not SOURCE.exists(), reason="the collected regulations are not beside this checkout")
def test_verbatim_wordings_are_verbatim() -> None:
    rows = [json.loads(line) for line in SOURCE.read_text("utf-8").splitlines()]
    texts = {r["text"] for r in rows}
    wordings = [c.wording for c in load_regulations((PACKS,)).clauses() if c.verbatim]
    assert len(wordings) >= 10
    assert set(wordings) <= texts


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ('severity = "review"', 'severity = "fatal"', "severity"),
        ("verbatim = false", 'verbatim = false\ncolour = "red"', "colour"),
        ('id = "dc"', 'id = "D C"', "id"),
        ('wording = "', 'wordin = "', "wordin"),
    ],
)
def test_mistakes_name_file_line_and_key(tmp_path: Path, wrong: str, right: str, words: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace(wrong, right, 1), "utf-8")
    with pytest.raises(PackError, match=rf"mine\.toml:\d+: {words}"):
        load_pack(file)


def test_packs_can_be_added_and_switched(tmp_path: Path) -> None:
    text = GOOD.replace('id = "discipline"', 'id = "ours"').replace('id = "dc"', 'id = "ours-1"')
    (tmp_path / "ours.toml").write_text(text.replace('label = "dc"\n', ""), "utf-8")
    assert "ours-1" in load_regulations((PACKS, tmp_path)).by_id
    assert [p.id for p in load_regulations((PACKS, tmp_path), ["ours"]).packs] == ["ours"]
    with pytest.raises(PackError, match="unknown packs: none"):
        load_regulations((PACKS,), ["none"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("party-discipline-2023:第一百四十四条", "party-discipline-2023:第一条"), "unknown article"),
        (('id = "discipline"', 'id = "ours"'), "clause dc is also in"),
        (("", ""), "used twice"),
    ],
)
def test_conflicts_are_errors(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = GOOD.replace(*change, 1) if change[0] else GOOD
    if words == "unknown article":
        text = text.replace('id = "discipline"', 'id = "ours"').replace('id = "dc"', 'id = "ours-1"')
    (tmp_path / "ours.toml").write_text(text, "utf-8")
    with pytest.raises(PackError, match=words):
        load_regulations((PACKS, tmp_path))
