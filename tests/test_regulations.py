"""Packs: quotations string by string against the shipped articles and rules, and errors that name file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.assemble import Station, configure
from reviewer.errors import PackError
from reviewer.finding import Stage
from reviewer.paths import PACKAGE, Home
from reviewer.precedents import LABELS
from reviewer.regulations import load_articles, load_pack, load_packs, load_regulations
from reviewer.settings import Settings

PACKS = PACKAGE / "packs"
SHARED = Path(__file__).parent.parent.parent / "shared" / "regulations"
GOOD = (PACKS / "discipline.toml").read_text("utf-8")
OURS = (
    GOOD.replace('"dc', '"ours')
    .replace('id = "ours"\nlabel = "ours"', 'id = "ours-0"')
    .replace('"discipline"', '"ours"')
)


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHARED / name).read_text("utf-8").splitlines()]


def test_every_label_has_a_clause_and_every_basis_exists() -> None:
    regulations = load_regulations((PACKS,))
    assert set(regulations.by_label) == set(LABELS)
    articles = load_articles(PACKS)
    for clause in regulations.clauses():
        assert clause.basis
        assert set(clause.basis) <= set(articles)


def test_every_verbatim_wording_is_in_its_source() -> None:
    articles = load_articles(PACKS)
    collected = {r["text"] for r in _rows("clauses.jsonl")} if SHARED.exists() else None
    for pack in load_packs((PACKS,)).values():
        for clause in pack.clause:
            if not clause.verbatim:
                continue
            quoted = any(clause.wording in articles[b].text for b in clause.basis)
            assert quoted or collected is None or clause.wording in collected, clause.id
            assert quoted or pack.id in ("wechat-party-government", "ansteel-wechat"), clause.id


@pytest.mark.skipif(not SHARED.exists(), reason="the collected regulations are not beside this checkout")
def test_shipped_articles_are_the_collected_ones_and_weak_ones_are_not_cited() -> None:
    rows = {r["id"]: r for name in ("articles.jsonl", "articles_pages.jsonl") for r in _rows(name)}
    for article in load_articles(PACKS).values():
        assert article.text == rows[article.id]["text"], article.id
    weak = {i for i, r in rows.items() if str(r.get("quality", "A"))[0] in "CD"}
    assert weak
    cited = {b for pack in load_packs((PACKS,)).values() for clause in pack.clause for b in clause.basis}
    assert not cited & weak


@pytest.mark.skipif(not SHARED.exists(), reason="the collected regulations are not beside this checkout")
def test_a_drafted_wording_is_said_to_be_drafted() -> None:
    drafted = {r["text"] for r in _rows("clauses.jsonl") if not r["verbatim"]}
    clauses = [c for pack in load_packs((PACKS,)).values() for c in pack.clause if c.wording in drafted]
    assert len(clauses) >= 20
    assert not any(c.verbatim for c in clauses)


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
    with pytest.raises(PackError, match=rf"mine\.toml:\d+: 格式不对 / malformed: clause\.{words}"):
        load_pack(file)


def test_a_mistake_in_a_later_clause_names_its_own_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    head, *clauses = GOOD.split("[[clause]]")
    clauses[2] = clauses[2].replace("verbatim = false", "verbatim = 7")
    file.write_text("[[clause]]".join([head, *clauses]), "utf-8")
    line = file.read_text("utf-8").splitlines().index("verbatim = 7") + 1
    with pytest.raises(PackError, match=rf"mine\.toml:{line}: 格式不对 / malformed: clause\.verbatim"):
        load_pack(file)


@pytest.mark.parametrize(
    ("text", "line"), [("id = 'a'\ntitle = \n", 2), ("id = 'a'\nid = 'b'\n", 2), ("[[clause]]\nid = 'x'\n[open", 3)]
)
def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(PackError, match=rf"mine\.toml:{line}: "):
        load_pack(tmp_path / "mine.toml")


def test_packs_can_be_added_and_switched(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(OURS, "utf-8")
    assert "ours-1" in load_regulations((PACKS, tmp_path)).by_id
    assert [p.id for p in load_regulations((PACKS, tmp_path), ["ours"]).packs] == ["ours"]
    with pytest.raises(PackError, match="unknown packs: none"):
        load_regulations((PACKS,), ["none"])


def test_a_file_of_the_same_name_and_id_replaces_a_pack_in_its_place(tmp_path: Path) -> None:
    shipped = load_regulations((PACKS,))
    newer = (PACKS / "trade-secrets.toml").read_text("utf-8").replace('title = "商业秘密"', 'title = "新的"', 1)
    (tmp_path / "trade-secrets.toml").write_text(newer, "utf-8")
    both = load_regulations((PACKS, tmp_path))
    assert [p.id for p in both.packs] == [p.id for p in shipped.packs]
    assert [p.title for p in both.packs if p.id == "trade-secrets"] == ["新的"]
    assert both.sha256 != shipped.sha256


def test_the_order_decides_which_pack_is_cited() -> None:
    ordinary = load_regulations((PACKS,))
    assert "ansteel-wechat" not in [p.id for p in ordinary.packs]
    assert ordinary.citations["wx-1"].id == "wx-1"
    enterprise = load_regulations((PACKS,), ["ansteel-wechat", "wechat-party-government", "trade-secrets"])
    assert enterprise.citations["wx-1"].id == "ag-1"
    assert enterprise.citations["wx-9"].id == "wx-9"
    assert enterprise.sha256 != ordinary.sha256


def test_switches_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(OURS, "utf-8")
    monkeypatch.setenv("REVIEWER_PACKS", "ours, secrecy-law")
    monkeypatch.setenv("REVIEWER_PACKS_DIR", str(tmp_path))
    station = Station(configure(Settings(), Home(tmp_path / "home")), (Stage.DETECT,), 5.0)
    assert [p.id for p in station.regulations.packs] == ["ours", "secrecy-law"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("party-discipline-2023:第一百四十四条", "party-discipline-2023:第一条"),
            r"ours\.toml:\d+: 条款依据的法条没有收录 / clause ours-0 rests on an",
        ),
        (
            ('id = "ours-1"', 'id = "dc"'),
            r"ours\.toml:\d+: 条款编号重复 / the clause id dc is also in discipline\.toml",
        ),
        (
            ('id = "ours"', 'id = "discipline"'),
            r"ours\.toml:1: 规则包编号重复 / the pack id discipline is also in discipline\.toml",
        ),
    ],
)
def test_conflicts_are_errors(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    assert change[0] in OURS
    (tmp_path / "ours.toml").write_text(OURS.replace(*change, 1), "utf-8")
    with pytest.raises(PackError, match=words):
        load_regulations((PACKS, tmp_path))
