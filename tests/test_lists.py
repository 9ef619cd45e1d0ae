"""A station's lists: mistakes name their line, cases must hold, allowed phrases silence only what they name."""

from datetime import date
from pathlib import Path

import pytest

from reviewer.assemble import Station, configure
from reviewer.detectors import Detect, rules
from reviewer.draft import Draft, Lang
from reviewer.errors import ListError
from reviewer.finding import Finding, Severity, Stage
from reviewer.lists import Lists, load_lists
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.settings import Settings
from tests.pace import least

LISTS = Path(__file__).parent / "lists"
GOOD = (LISTS / "station.toml").read_text("utf-8")
TODAY = date(2026, 11, 25)


def findings(text: str, lists: Lists, today: date = TODAY) -> list[Finding]:
    """What rules and lists say of a text."""
    draft = Draft(text=text)
    return list(Detect({}, Lang.ZH, lists, today)(draft, fold(text), ()).findings)


def loud(text: str, lists: Lists, today: date = TODAY) -> list[tuple[str, str]]:
    """(rule, quote) of the findings that decide."""
    return [(f.rule, f.quote) for f in findings(text, lists, today) if f.severity is not Severity.NOTE]


@pytest.mark.parametrize(
    ("old", "new", "line_of", "words"),
    [
        ('text = "青松三号"', 'txt = "青松三号"', "[[word]]", "word.text: Field required"),
        ('severity = "review"', 'severity = "fatal"', 'severity = "fatal"', "word.severity"),
        ('owner = "法务部"', 'owner = ""', 'owner = ""', "allow.owner"),
        ("expires = 2999-12-31", 'expires = "soon"', 'expires = "soon"', "allow.expires"),
        ('context = "样张"\n', "", "[[allow]]", "allow.context: Field required"),
        ('rule = "mark.classification"', 'rule = "mark.none"', 'rule = "mark.none"', "there is no rule mark.none"),
        ('clause = "wx-7"', 'clause = "wx-70"', 'clause = "wx-70"', "there is no clause wx-70"),
        ("[A-F]-[0-9]{2}", "([A-F]", "[[rule]]", "pattern: 正则写错了 / missing"),
        ("机房[A-F]-[0-9]{2}", "机房(?=B)", "[[rule]]", "pattern: 正则写错了 / invalid perl operator"),
        ("机房[A-F]-[0-9]{2}", "(机房)?", "[[rule]]", "it matches even an empty text"),
        ('"去机房B-07取盘"', '"去机房取盘"', "[[rule]]", "flag: 没有匹配 / the pattern misses"),
        ('"机房已经打扫"', '"机房C-01已经打扫"', "[[rule]]", "ignore: 误匹配 / the pattern finds"),
        ('id = "local.room"', 'id = "mark.room"', 'id = "mark.room"', "rule.id"),
        ("[[allow]]\n", "[[allowed]]\n", "[[allowed]]", "allowed: Extra inputs"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, old: str, new: str, line_of: str, words: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(ListError) as caught:
        load_lists(tmp_path, [r.id for r in rules()], ["wx-7", "wx-4"])
    assert words in caught.value.message
    line = int(caught.value.message.split(":")[1])
    assert text.splitlines()[line - 1] == line_of or line_of in text.splitlines()[line - 1]


def test_a_rule_may_not_be_defined_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(GOOD, "utf-8")
    with pytest.raises(ListError, match=r"b\.toml:\d+: 规则重复 / the rule local\.room is also in a\.toml"):
        load_lists(tmp_path)


def test_user_rules_find_and_cite() -> None:
    hit = next(f for f in findings("去机房B-07取盘", load_lists(LISTS)) if f.rule == "local.room")
    assert (hit.quote, hit.severity, hit.reason) == ("机房B-07", Severity.REVIEW, "出现涉密机房编号。")


def test_a_near_spelling_is_told_in_both_languages() -> None:
    text = "清宋三号的图纸给我"
    told = {
        lang: [f.reason for f in Detect({}, lang, load_lists(LISTS), TODAY)(Draft(text=text), fold(text), ()).findings]
        for lang in Lang
    }
    assert told[Lang.ZH] == ["写法相近：代号“青松三号”（保密办）。"]
    assert told[Lang.EN] == ["A close spelling of the code name “青松三号”, listed by 保密办."]


def test_an_allowed_phrase_silences_only_itself() -> None:
    lists = load_lists(LISTS)
    sample = "印章样张：机密★10年"
    assert loud(sample, Lists())
    assert loud(sample, lists) == []
    note = next(f for f in findings(sample, lists) if f.rule == "mark.classification")
    assert "法务部" in note.reason
    assert [q for _, q in loud(sample + "\n" + "正文" * 30 + "\n秘密★3年", lists)] == ["秘密★3年"]
    assert loud("机密★10年 " + "正文" * 30 + "印章样张", lists), "the context is too far away"
    assert loud("这页印着机密★10年", lists), "there is no context"
    assert loud("印章样张：机密★20年", lists), "another phrase"
    assert loud("印章样张：青松三号 机密★10年", lists) == [("list.word", "青松三号")]


def test_an_allowed_phrase_for_one_rule_leaves_the_others_alone(tmp_path: Path) -> None:
    text = '[[word]]\ntext = "机密★10年"\nowner = "保密办"\n' + GOOD[GOOD.index("[[allow]]") : GOOD.index("[[rule]]")]
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    assert loud("印章样张：机密★10年", load_lists(tmp_path)) == [("list.word", "机密★10年")]


def test_an_allowed_phrase_expires() -> None:
    lists = load_lists(LISTS)
    assert loud("印章样张：机密★10年", lists, date(2999, 12, 31)) == []
    assert loud("印章样张：机密★10年", lists, date(3000, 1, 1))


def test_a_station_reads_its_lists_and_its_versions_tell_them(tmp_path: Path) -> None:
    bare = Station(configure(Settings(), Home(tmp_path / "bare")), (Stage.DETECT,), 5.0)
    home = Home(tmp_path / "home")
    home.lists.mkdir(parents=True)
    (home.lists / "mine.toml").write_text(GOOD, "utf-8")
    listed = Station(configure(Settings(), home), (Stage.DETECT,), 5.0)
    draft = Draft(text="青松三号下周开始")
    assert bare.reviewer.review(draft).decision.value == "pass"
    review = listed.reviewer.review(draft)
    assert review.decision.value == "block"
    assert review.findings[0].clause is not None
    assert bare.versions()["rules"] != listed.versions()["rules"]


@pytest.mark.alone
def test_many_words_stay_linear() -> None:
    lists = load_lists(LISTS)

    def seconds(size: int) -> float:
        text = "青松四号雾岭联合演训松松松松" * size
        view = Draft(text=text)
        folded = fold(text)
        return least(lambda: Detect({}, Lang.ZH, lists, TODAY)(view, folded, ()))

    assert seconds(8000) < 16 * max(seconds(1000), 0.01)
