"""Marks and document numbers beyond the case files: places in a file, periods, levels, parsed numbers, reasons."""

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from reviewer.cli.holdings import Holding
from reviewer.detectors import Detect, document_number, draft_mark, mark
from reviewer.detectors.document_number import DocumentNumber, Series, numbers
from reviewer.detectors.mark_period import ends, number, within_law
from reviewer.draft import Draft, Lang, Place, Step, StepKind
from reviewer.finding import Finding, Severity
from reviewer.normalise import fold

TODAY = date(2026, 11, 27)


def findings(draft: Draft, today: date = TODAY, lang: Lang = Lang.ZH) -> list[Finding]:
    """What the rules say of a draft on that day."""
    return list(Detect({}, lang, today=today)(draft, fold(draft.text), ()).findings)


def filed(*parts: tuple[StepKind, str]) -> Draft:
    """A draft read from a file, one part after the other."""
    text, places = "", []
    for kind, words in parts:
        start = len(text)
        text += words + "\n"
        places.append(Place(span=(start, start + len(words)), steps=(Step(kind=kind),)))
    return Draft(text=text, places=tuple(places))


def test_a_level_alone_counts_in_a_header_or_watermark_wherever_that_stands_in_the_text() -> None:
    body = "\n".join(f"第{i}段，照常进行。" for i in range(40))
    for kind, severity in ((StepKind.HEADER, Severity.BLOCK), (StepKind.WATERMARK, Severity.BLOCK)):
        found = [f for f in findings(filed((StepKind.BODY, body), (kind, "秘密"))) if f.rule == "mark.classification"]
        assert [(f.quote, f.severity) for f in found] == [("秘密", severity)]
    alone = findings(Draft(text=body + "\n秘密"))
    assert [f for f in alone if f.rule == "mark.classification"] == []


def test_a_mark_is_expired_from_the_day_after_its_period_ends() -> None:
    draft = Draft(text="机密★5年\n某市发展改革局文件\n2020年3月2日")
    rules = {day: [f.rule for f in findings(draft, date(2025, 3, day))] for day in (2, 3)}
    assert "mark.expired" not in rules[2]
    assert "mark.expired" in rules[3]
    assert all("mark.classification" in found for found in rules.values())


@pytest.mark.parametrize(
    ("level", "period", "last"),
    [
        ("机密", "5年", date(2025, 2, 28)),
        ("秘密", "六个月", date(2020, 8, 29)),
        ("秘密", "30天", date(2020, 3, 30)),
        ("绝密", "", date(2050, 2, 28)),
        ("机密", "2021年7月1日前", date(2021, 7, 1)),
        ("机密", "2021年2月", date(2021, 2, 28)),
        ("机密", "2021年", date(2021, 12, 31)),
        ("机密", "长期", None),
        ("机密", "会议开始前", None),
    ],
)
def test_the_last_day_of_a_mark(level: str, period: str, last: date | None) -> None:
    assert ends(level, period, date(2020, 2, 29)) == last


def test_a_period_beyond_the_last_day_there_is_ends_on_that_day() -> None:
    assert ends("秘密", "5天", date(9999, 12, 31)) == date.max
    assert ends("秘密", "5年", date(9999, 12, 31)) == date.max
    assert "mark.classification" in [f.rule for f in findings(Draft(text="秘密★5天\n9999年12月31日"))]


def test_a_misuse_that_is_only_mentioned_is_as_uncertain_as_any_mention() -> None:
    found = {f.rule: f for f in findings(Draft(text="选择题：“商业秘密★5年”的标法对吗？"))}
    misuse, trade = found["mark.misuse"], found["mark.trade"]
    assert (misuse.severity, misuse.confidence) == (trade.severity, trade.confidence)
    assert misuse.clause == trade.clause


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("关于工作秘密和机密区分的方案\n绝密★20年", "绝密"),
        ("机 密★20年\n三号仓盘点", "机密"),
        ("機密＊3年\n三号仓盘点", "机密"),
        ("国家秘密事项一览\n绝密★30年", "绝密"),
        ("关于加强机密文件清退工作的通知\n秘密★5年", "秘密"),
        ("关于机密文件清退的通知\n密级：□绝密 □机密 ☑秘密", "秘密"),
        ("密级：绝密/机密/秘密\n工作秘密▲1年", "工作秘密"),
        ("机密文件清退记录\n内部资料 注意保存", "内部"),
        ("国家秘密和商业秘密对照\n核心商密▲5年", "核心商密"),
        ("绝密文件二号", "绝密"),
        ("三号仓盘点", "秘密"),
    ],
)
def test_the_level_of_a_document_is_that_of_its_mark(text: str, level: str, tmp_path: Path) -> None:
    file = tmp_path / "d0.txt"
    file.write_text(text, "utf-8")
    document, _ = Holding(doc="d0", file=file).read()
    assert document.level == level


def test_numerals_and_the_limits_of_the_law() -> None:
    assert [number(n) for n in ("十", "二十", "三十五", "廿", "卅一", "5", "二〇二一", "十十", "x")] == [
        10,
        20,
        35,
        20,
        31,
        5,
        2021,
        None,
        None,
    ]
    assert within_law("秘密", "10年")
    assert not within_law("秘密", "11年")
    assert not within_law("机密", "三十年")
    assert within_law("机密", "长期")


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("按槿政办发〔2025〕4号执行", DocumentNumber(issuer="槿政办发", year=2025, serial=4)),
        ("槿政办发[25]第04号", DocumentNumber(issuer="槿政办发", year=2025, serial=4)),
        ("槿政办发〔98〕4号", DocumentNumber(issuer="槿政办发", year=1998, serial=4)),
        ("槿政办发〔2025〕4", DocumentNumber(issuer="槿政办发", year=2025, serial=4)),
        ("槿政办发二〇二五4号", DocumentNumber(issuer="槿政办发", year=2025, serial=4)),
        ("槿办发明电〔2025〕7号", DocumentNumber(issuer="槿办发明电", year=2025, serial=7, series=Series.TELEGRAM)),
        ("〔2025〕第3次会议纪要", DocumentNumber(issuer="", year=2025, serial=3, series=Series.MINUTES)),
        ("第12次局长办公会议纪要", DocumentNumber(issuer="", year=None, serial=12, series=Series.MINUTES)),
        ("会议纪要（第二十八次）", DocumentNumber(issuer="", year=None, serial=28, series=Series.MINUTES)),
        ("专题会议纪要第6号", DocumentNumber(issuer="", year=None, serial=6, series=Series.MINUTES)),
        ("外密字88号", DocumentNumber(issuer="外密字", year=None, serial=88)),
    ],
)
def test_numbers_are_parsed(text: str, parsed: DocumentNumber) -> None:
    [(start, end, found)] = numbers(fold(text).text)
    assert found == parsed
    assert text[start:end] in text
    with pytest.raises(ValidationError):
        found.year = 1999


def test_reasons_name_what_decided() -> None:
    draft = Draft(text="000012\n机密\n特急\n某市人民政府文件")
    [zh] = [f.reason for f in findings(draft) if f.rule == "mark.classification"]
    [en] = [f.reason for f in findings(draft, lang=Lang.EN) if f.rule == "mark.classification"]
    assert all(word in zh for word in ("第 2 行", "份号", "紧急程度", "发文机关标志"))
    assert all(word in en for word in ("classification mark", "line 2", "copy number", "urgency", "letterhead"))
    [told] = findings(Draft(text="选择题：“机密★20年”是什么意思？"))
    assert told.severity is Severity.NOTE
    assert "出题" in told.reason


def test_a_note_of_release_unlocks_nothing() -> None:
    for text in ("机密★20年", "核心商密", "槿密发〔2024〕9号"):
        plain, noted = findings(Draft(text=text)), findings(Draft(text=text + "\n（此件公开发布）"))
        assert {(f.rule, f.severity) for f in plain} <= {(f.rule, f.severity) for f in noted}


def test_no_rule_on_chinese_uses_word_boundaries() -> None:
    folder = Path(mark.__file__).parent
    modules = [*folder.glob("mark*.py"), Path(document_number.__file__), Path(draft_mark.__file__)]
    assert len(modules) > 4
    assert not [m.name for m in modules if re.search(r"\\[bB](?![a-z])", m.read_text("utf-8"))]
