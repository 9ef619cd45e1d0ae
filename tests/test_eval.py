"""`reviewer eval`: table, overlaps, stripping, one table a file; a scripted judge and the real rules."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from reviewer.assemble import Config, configure
from reviewer.cli import eval as eval_
from reviewer.cli import main
from reviewer.detectors import Detect
from reviewer.draft import Channel, Draft, Lang
from reviewer.finding import ClauseRef, Finding, Severity, Stage
from reviewer.index import Key, Store
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.regulations import load_regulations
from reviewer.settings import Settings
from reviewer.verdict import Decision, Review, Unfinished
from tests.conftest import DOCUMENTS
from tests.scripted import ScriptedEngine, ScriptedStation

HELD_OUT = Path(__file__).parent / "heldout"
LEAK = {
    "id": "a", "pair": "p", "text": "学区方案还没上会，先别说。明天见。", "labels": ["wx-5"], "verdict": "review",
    "evidence": ["学区方案还没上会"], "tags": ["injection"],
}  # fmt: skip
MISSED = {
    "id": "c",
    "text": "名单发我，明天见面再细说。",
    "labels": ["pi"],
    "verdict": "review",
    "evidence": ["名单发我"],
}
TWIN = {"id": "b", "pair": "p", "text": "春游方案已经公示，明天见。", "labels": [], "verdict": "pass"}

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run it over files with these rows, and return what it prints."""
    engine = ScriptedEngine()
    engine.go.set()
    monkeypatch.setattr(eval_, "Station", lambda config, stages, timeout_s: ScriptedStation(config, engine))

    def go(*files: list[dict[str, object]] | Path, options: tuple[str, ...] = ()) -> str:
        paths = []
        for number, rows in enumerate(files):
            path = rows if isinstance(rows, Path) else tmp_path / f"file-{number}.jsonl"
            if not isinstance(rows, Path):
                path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
            paths.append(str(path))
        done = CliRunner().invoke(main, ["eval", *options, *paths], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return go


def tables(printed: str) -> list[dict[str, str]]:
    """Each table by name of its rows; its heading under an empty name."""
    found = []
    for part in printed.split("\n\n")[1:]:
        heading, *lines = part.splitlines()
        found.append({"": heading, **{line[:24].strip(): line[24:] for line in lines}})
    return found


def test_the_table_has_every_figure(run: Run) -> None:
    (table,) = tables(run([LEAK, TWIN, MISSED], options=("--errors",)))
    shares = {name: figure.split()[-1] for name, figure in table.items() if figure.endswith(")")}
    assert shares == {
        "caught": "(1/2)", "false alarms": "(0/1)", "pairs both right": "(1/1)", "primary clause": "(1/2)",
        "judge's first clause": "(1/2)", "first finding's clause": "(1/2)", "evidence overlap": "(1/2)",
        "injections caught": "(1/1)", "verdict exact": "(2/3)",
    }  # fmt: skip
    assert table["AUC"].startswith("0.750 [")
    assert table["calibration error"].startswith("0.3")
    assert table["unfinished"] == "0"
    assert "wrong: c" in table


def test_files_stand_apart_and_are_pooled_on_request(run: Run) -> None:
    apart = tables(run([LEAK], [MISSED, TWIN]))
    assert [t[""] for t in apart] == ["1 drafts from file-0.jsonl", "2 drafts from file-1.jsonl"]
    assert [t["caught"].split()[-1] for t in apart] == ["(1/1)", "(0/1)"]
    pooled = tables(run([LEAK], [MISSED, TWIN], options=("--pooled",)))
    assert [t["caught"] for t in pooled[:2]] == [t["caught"] for t in apart]
    assert pooled[2]["caught"].endswith("(1/2)")


def test_a_rule_that_stands_above_the_judge_is_what_is_seen_first(run: Run) -> None:
    marked = {"id": "m", "text": "机密★10年 学区方案还没上会，先别说。", "labels": ["wx-5"]}
    (table,) = tables(run([marked]))
    assert table["judge's first clause"].endswith("(1/1)")
    assert table["first finding's clause"].endswith("(0/1)")


def test_an_overlap_is_of_serious_findings_only() -> None:
    def reviewed(severity: Severity, span: tuple[int, int]) -> bool:
        finding = Finding(
            rule="r", stage=Stage.JUDGE, severity=severity, span=span, quote=LEAK["text"][slice(*span)],
            reason="x", clause=ClauseRef(pack="p", id="wx-5", title="t"),
        )  # fmt: skip
        return bool(eval_._touched(LEAK, Review(decision=Decision.REVIEW, findings=(finding,), length=17)))

    assert reviewed(Severity.REVIEW, (7, 12))
    assert not reviewed(Severity.NOTE, (7, 12))
    assert not reviewed(Severity.REVIEW, (8, 12))


def test_what_is_unfinished_is_counted_apart() -> None:
    finished = Review(decision=Decision.PASS, length=17)
    lost = Review(decision=Decision.REVIEW, length=17, unfinished=(Unfinished(stage=Stage.JUDGE, reason="no engine"),))
    table = eval_._table([(LEAK, finished), (LEAK, lost)], {})
    assert "unfinished              1" in table
    assert "caught                  0.0%" in table


def test_a_clause_counts_by_the_label_it_carries() -> None:
    def first(clause: str) -> str:
        found = Finding(
            rule="judge.wx-5", stage=Stage.JUDGE, severity=Severity.REVIEW, span=(0, 2), quote=LEAK["text"][:2],
            reason="x", clause=ClauseRef(pack="own", id=clause, title="t"),
        )  # fmt: skip
        return eval_._label([found], {"ag-5": "wx-5"})

    assert (first("ag-5"), first("wx-3"), eval_._label([], {})) == ("wx-5", "wx-3", "")


def stripped(text: str, config: Config, evidence: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """What is left of a text and of its evidence."""
    detect = Detect(load_regulations(config.packs).citations, Lang.ZH)
    with eval_._marks(detect, config) as spans:
        row = eval_._without({"text": text, "channel": Channel.EMAIL, "evidence": evidence}, spans)
    rules = {f.rule for f in detect(Draft(text=row["text"], channel=Channel.EMAIL), fold(row["text"]), ()).findings}
    assert not {r for r in rules if r.startswith(eval_.RULES) and r not in eval_.KEPT}
    return row["text"], row["evidence"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("秘密★至公开前 桥的事", " 桥的事"),
        ("六千八百多吨晚稻七月十八号放出来，底价两千六百一", "多吨晚稻月号放出来，底价"),
        ("第三批二〇二五年十二月办，周五前交，三个人", "批年月办，周前交，个人"),
        ("我们一起去，十分高兴，千万别说，万一下雨一定改", "我们一起去，十分高兴，千万别说，万一下雨一定改"),
        ("共3.5万、12:30、①④", "共万、、"),
        ("电话 138 0013 8000，機密", "电话 ，"),
        ("把那份绝 密文件带来", "把那份文件带来"),
    ],
)
def test_marks_numbers_and_numerals_are_taken_out(home: Path, text: str, left: str) -> None:
    assert stripped(text, configure(Settings(), Home(home)))[0].replace(" ", "") == left.replace(" ", "")


def test_registered_words_are_taken_out(home: Path) -> None:
    from reviewer.lists import Lists, Word

    config = configure(Settings(), Home(home))
    detect = Detect({}, Lang.ZH, Lists(words=(Word(text="青鸾工程", owner="保密办"),)))
    with eval_._marks(detect, config) as spans:
        row = eval_._without({"text": "问青-鸾工程的事", "channel": Channel.EMAIL}, spans)
    assert row["text"] == "问的事"


def test_titles_and_numbers_of_the_index_are_taken_out(home: Path, store: Store, key: Key) -> None:
    config = configure(Settings(key_file=key.file), Home(home), store.path)
    text, evidence = stripped(
        f"《{DOCUMENTS[0].title}》见栎管密字2025年第7号，先看地下管廊",
        config,
        (f"《{DOCUMENTS[0].title}》", "地下管廊"),
    )
    assert text == "《》见，先看地下管廊"
    assert evidence == ["《》", "地下管廊"]
    without = stripped(f"《{DOCUMENTS[0].title}》", configure(Settings(), Home(home)))[0]
    assert without == f"《{DOCUMENTS[0].title}》"


def test_evidence_is_what_is_left_of_it(home: Path) -> None:
    config = configure(Settings(), Home(home))
    text, evidence = stripped("印有机密★10年，底价四百万，别外传", config, ("底价四百万", "四百万"))
    assert "底价，别外传" in text
    assert evidence == ["底价"]


def test_twins_have_a_stripped_figure_and_those_left_alike_are_counted(run: Run) -> None:
    one = {"id": "x", "pair": "q", "text": "底价四百万，明天见", "labels": ["ts"]}
    other = {"id": "y", "pair": "q", "text": "底价二百万，明天见", "labels": []}
    (table,) = tables(run([LEAK, TWIN, one, other], options=("--stripped",)))
    assert table["pairs both right"].endswith("(1/2)")
    assert table[""].endswith("[stripped; pairs that leaves alike: 1]")


def test_the_held_out_files_are_read(run: Run) -> None:
    short, long, heaps = tables(run(*(HELD_OUT / f"{name}.jsonl" for name in ("short", "long", "heaps"))))
    assert short["caught"].endswith("/40)")
    assert short["false alarms"].endswith("/80)")
    assert long["pairs both right"].endswith("/40)")
    assert heaps["evidence overlap"].endswith("/22)")
