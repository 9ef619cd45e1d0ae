"""An answer beside its prompt: taken words, new and carried findings, citations that nobody knows."""

import json
import time
from pathlib import Path

import pytest

from reviewer.compare import Comparison, Library, Why, compare
from reviewer.compare.citations import citations, value
from reviewer.detectors import Detect
from reviewer.draft import Draft, Lang
from reviewer.finding import Stage
from reviewer.index import Store
from reviewer.match import Matcher
from reviewer.normalise import fold
from reviewer.paths import PACKAGE
from reviewer.regulations import load_articles, load_regulations
from reviewer.review import Reviewer, Runner
from reviewer.verdict import Review
from tests.conftest import DOCUMENTS, HashEmbedder
from tests.test_cli import reviewer

LIBRARY = Library.load([PACKAGE / "packs"])
LAW = load_articles(PACKAGE / "packs")["state-secrets-law-2024:第二条"]
DETECT: dict[Stage, Runner] = {Stage.DETECT: Detect({}, Lang.ZH)}


def compared(prompt: str, answer: str, match: Runner | None = None) -> Comparison:
    """Compare with the findings of the real rules, and of the index where there is one."""
    draft = Draft(text=answer)
    review = Reviewer(DETECT | ({Stage.MATCH: match} if match else {}), dict).review(draft)
    return compare(Draft(text=prompt), draft, review, LIBRARY)


def told(answer: str, prompt: str = "写一段话", match: Runner | None = None) -> list[tuple[Why, str]]:
    """What is said of the citations of an answer."""
    made = compared(prompt, answer, match)
    for c in (*made.doubts, *made.known):
        assert c.quote == answer[slice(*c.span)]
    return [(c.why, c.cited) for c in (*made.doubts, *made.known)]


@pytest.fixture
def index(store: Store, embedder: HashEmbedder) -> Matcher:
    """The match stage over the two documents."""
    return Matcher(store, embedder, load_regulations((PACKAGE / "packs",)).citations, Lang.ZH)


def test_words_of_the_prompt_are_marked_in_the_answer() -> None:
    prompt = "请润色：柳湾镇夏季错峰用电名单共十七家企业。"
    answer = "经研究，柳湾镇夏季错峰用电名单共十七家企业，特此通知。"
    made = compared(prompt, answer)
    assert [answer[slice(*span)] for span in made.taken] == ["柳湾镇夏季错峰用电名单共十七家企业"]
    assert made.share == pytest.approx(17 / 24)


def test_nothing_shared_is_nothing_taken() -> None:
    made = compared("写一首诗", "春风又绿江南岸，明月何时照我还")
    assert made.taken == ()
    assert made.share == 0


def test_a_mark_the_prompt_had_is_carried_and_another_is_new() -> None:
    carried = compared("机密★20年 请概括", "机密★20年 要点如下")
    assert [f.quote for f in carried.carried] == ["机密★20年"]
    assert carried.new == ()
    new = compared("请概括", "机密★20年 要点如下")
    assert [f.quote for f in new.new] == ["机密★20年"]


def test_a_number_that_the_prompt_did_not_give_is_doubtful() -> None:
    answer = "根据栎政办〔2025〕34号文件执行。"
    assert told(answer) == [(Why.NUMBER, "栎政办〔2025〕34号")]
    assert told(answer, "按栎政办〔2025〕34号写通知") == []


def test_a_number_or_title_of_the_index_is_told_as_one(index: Matcher) -> None:
    number, title = DOCUMENTS[1].number, DOCUMENTS[0].title
    answer = f"依据{number}、柳政办〔2025〕34号和《{title}》，以及《关于做好柳湾镇灯会值守的通知》，按{number}办理。"
    made = compared("写一段话", answer, index)
    assert [(c.why, c.quote) for c in made.doubts] == [
        (Why.NUMBER, "柳政办〔2025〕34号"),
        (Why.TITLE, "《关于做好柳湾镇灯会值守的通知》"),
    ]
    assert [(c.why, c.doc) for c in made.known] == [(Why.INDEXED, "42"), (Why.INDEXED, "41")]
    assert all(c.index for c in made.doubts)
    assert compared(answer, answer, index).known == ()


def test_an_index_that_was_not_asked_is_not_said_to_know_nothing(index: Matcher) -> None:
    answer = "依据柳政办〔2025〕34号执行。"
    assert [c.index for c in compared("", answer, index).doubts] == [True]
    assert [c.index for c in compared("", answer).doubts] == [False]
    long = "晚上吃面。" * 20_001 + answer
    assert [c.index for c in compared("", long, index).doubts] == [False]


def test_a_number_that_a_shipped_pack_gives_is_known() -> None:
    assert told("见鞍钢密委发〔2021〕5号和《鞍钢集团有限公司微信使用保密管理规定》。") == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("依据《中华人民共和国保守国家秘密法》第二条", []),
        ("依据《保守国家秘密法》第2条", []),
        ("依据《保密法》第二条", []),
        ("依据保密法第二条第一款", []),
        ("依据《民法典》第一千零三十二条", []),
        ("读了《平凡的世界》，方法第三条，本办法第五条，合同第三条", []),
        ("刑法第二百五十三条之一", []),
        ("依据《保守国家秘密法》第九百条", [(Why.ARTICLE, "《保守国家秘密法》第九百条")]),
        ("保密法第九百条", [(Why.ARTICLE, "《保密法》第九百条")]),
        ("《保密法》第二条和第九百条", [(Why.ARTICLE, "《保密法》第九百条")]),
        ("《保密法》第二、五、九百条", [(Why.ARTICLE, "《保密法》第九百条")]),
        ("**《保守國家秘密法》**第９００條", [(Why.ARTICLE, "《保守国家秘密法》第900条")]),
        ("《保密法》第二条讲定义。该法第九百条", [(Why.ARTICLE, "《保密法》第九百条")]),
        ("《民法典》第九千条", [(Why.UNHELD, "《民法典》第九千条")]),
        ("依据新修订的档案法第五条", [(Why.UNHELD, "《档案法》第五条")]),
        ("《个人信息保护法》第六十九条", [(Why.UNHELD, "《个人信息保护法》第六十九条")]),
        ("《网络安全法》第 21 条", [(Why.UNHELD, "《网络安全法》第21条")]),
        ("《网络安全法》第二百五十三条之一", [(Why.UNHELD, "《网络安全法》第二百五十三条之一")]),
        (
            "《保密法》第三条、第七条，依据民法典、公司法第三条",
            [(Why.UNHELD, "《保密法》第三条"), (Why.UNHELD, "《保密法》第七条"), (Why.LAW, "《公司法》第三条")],
        ),
        ("《工作秘密管理暂行办法》第九条", [(Why.UNHELD, "《工作秘密管理暂行办法》第九条")]),
        (
            "《国家秘密文件、资料和其他物品标志的规定》第十条、第十一条",
            [(Why.ARTICLE, "《国家秘密文件、资料和其他物品标志的规定》第十一条")],
        ),
        ("《保密法》第二条第七款", [(Why.PARAGRAPH, "《保密法》第二条第七款")]),
        ("《保密法》第二十九条第二款", []),
        ("《栎城区河道保洁管理条例》第三条", [(Why.LAW, "《栎城区河道保洁管理条例》第三条")]),
        ("依据栎城区河道保洁管理条例第三条", [(Why.LAW, "《栎城区河道保洁管理条例》第三条")]),
        ("香港国家安全法第三条", [(Why.LAW, "《香港国家安全法》第三条")]),
        ("见（2025）某01民终123号判决", [(Why.CASE, "（2025）某01民终123号")]),
        ("《关于做好灯会值守的通知》", [(Why.TITLE, "《关于做好灯会值守的通知》")]),
        (f"《保守国家秘密法》第二条规定：“{LAW.text}”", [(Why.QUOTED, "《保守国家秘密法》第二条")]),
        ('保密法第二条指出，"国家秘密是……知悉的事项"', [(Why.QUOTED, "《保密法》第二条")]),
        ('保密法第二条指出，"国家秘密是……国家秘密是……"', [(Why.QUOTATION, "《保密法》第二条")]),
        ("《保密法》第二条规定：「凡是内部材料一律视为国家秘密」", [(Why.QUOTATION, "《保密法》第二条")]),
        ("《网络安全法》第21条规定：“国家实行网络安全等级保护”", [(Why.UNHELD, "《网络安全法》第21条")]),
    ],
)
def test_citations(answer: str, expected: list[tuple[Why, str]]) -> None:
    assert told(answer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "依据《栎城区河道保洁管理条例》第三条",
        "依据栎城区河道保洁管理条例第三条、第五条",
        "保密法第九百条，（2025）某01民终123号，《关于做好灯会值守的通知》",
        "《保密法》第二条规定：“凡是内部材料一律视为国家秘密”",
    ],
)
def test_what_the_prompt_cites_is_its_own_affair(text: str) -> None:
    assert told(text)
    assert told(text, text) == []


def test_an_article_that_the_prompt_does_not_cite_is_told_though_its_law_is_the_prompts() -> None:
    assert told("保密法第九百条", "保守国家秘密法第二条") == [(Why.ARTICLE, "《保密法》第九百条")]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2, "二"),
        (10, "十"),
        (29, "二十九"),
        (105, "一百零五"),
        (105, "一〇五"),
        (398, "三百九十八"),
        (1003, "一千零三"),
        (110, "一百一十"),
        (21, "21"),
    ],
)
def test_numbers_as_articles_are_counted(number: int, said: str) -> None:
    assert value(said) == number


@pytest.mark.alone
@pytest.mark.parametrize(
    "text", ["《保密法》第二条和第九百条，" * 2000, "第" + "一" * 30_000, "《" * 30_000, "和" * 20_000 + "第三条"]
)
def test_long_answers_are_read_in_time(text: str) -> None:
    began = time.process_time()
    citations(fold(text).text, LIBRARY.knows)
    assert time.process_time() - began < 5


def test_the_command_line_says_what_the_screen_says(tmp_path: Path) -> None:
    prompt, answer = tmp_path / "p.txt", tmp_path / "a.txt"
    prompt.write_text("请写通知：机密★20年", "utf-8")
    answer.write_text("依据柳政办〔2025〕34号和保密法第九百条。绝密★30年", "utf-8")
    detect = ["check", str(answer), "--stages", "detect"]
    plain, beside = reviewer(*detect), reviewer(*detect, "--prompt-file", str(prompt))
    said = beside.stdout.decode().removeprefix(plain.stdout.decode())
    assert beside.returncode == plain.returncode == 20
    assert said.splitlines()[0] == (
        "与提问比对：来自提问 0%　新出现的敏感内容 1　随提问带入 0　待核实的引用 1　查不到的文号 1"
    )
    heads = ("新出现的敏感内容　wx-1", "查不到的文号", "没有这一条", "提问本身　wx-1")
    numbered = [line for line in said.splitlines() if line[:1].isdigit()]
    assert [line.split("]")[0] for line in numbered] == [f"{n}. [{head}" for n, head in enumerate(heads, 1)]
    lines = reviewer(*detect, "--prompt-file", str(prompt), "--format", "json").stdout.splitlines()
    assert Review(**json.loads(lines[0])).id == "a.txt"
    made = json.loads(lines[1])["comparison"]
    assert [d["why"] for d in made["doubts"]] == ["unknown_number", "no_article"]
    assert made["prompt"]["decision"] == "block"
    assert len(lines) == 2


def test_a_prompt_goes_with_text_and_json_only(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("请写通知", "utf-8")
    for more in (["--format", "html"], ["--format", "json", "--keep"], ["--report", str(tmp_path / "o.html")]):
        done = reviewer("check", "--stages", "detect", "--prompt-file", str(tmp_path / "p.txt"), *more, data=b"a")
        assert (done.returncode, done.stdout) == (2, b"")
    done = reviewer("check", "--stages", "detect", "--prompt-file", str(tmp_path / "no.txt"), data=b"a")
    assert (done.returncode, done.stdout) == (1, b"")
