"""The product as it ships: real language model, real embedder, real FAISS, in a real engine process."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reviewer import teaching
from reviewer.assemble import STAGES, Config, Station, configure
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import Cancelled
from reviewer.finding import Stage
from reviewer.judge import heads
from reviewer.paths import Home, shipped
from reviewer.precedents import load_library
from reviewer.seal.probes import PROBES
from reviewer.settings import Settings
from reviewer.verdict import Decision, Review
from tests.pace import slowness

pytestmark = pytest.mark.weights

CANCEL_S = 0.2
"""Seconds until the engine's process is free again; before, it finishes what it evaluates."""

LEAK = "各位家长，内部消息：学区划分方案局长办公会还没上，滨江路以东拟划给三小，文件没出之前先别往外传。"
HARMLESS = "周末大扫除，记得把窗户也擦一下，晚饭我来做，想吃红烧鱼还是糖醋排骨？"
COPIED = "听说柳湾库9号、11号仓晚籼稻共计6840吨提前至7月18日起轮出，底价2610元，你先联系好车。"
REWRITTEN = "柳湾那边两个仓的晚稻六千八百多吨要提前到七月十八号放出来，底价每吨两千六百一，先别跟贩子讲。"
LETTER = (
    "主题：本周杂事汇总\n"
    "\n"
    "炳坤兄：\n"
    "一周没联系，攒了一堆事，一条一条说。\n"
    "一是上次合作的绿化项目，养护期到下月十五号满，业主要求补种死掉的十七棵海棠，胸径不能小于六公分，我看苗圃老唐那儿有，价钱也公道，你自己去挑，别买山上挖的，活不了。验收那天我陪你去，穿胶鞋。\n"
    "二是民工工资专户，人社局月底例行检查，通知你也收到了，考勤表和签字对不上的先理清。保险单原件在我这儿，要用来拿。\n"
    "三是你女婿考一建的书，我家里有一套前年的，案例那本可以看，法规那本别看了，改得多。\n"
    "四是滨河步道那个标。中标结果昨天在公共资源交易网公示了，限价两千三百八十六万，招标公告里原本就有，四家的报价和得分也都在网上，我把网址写在附件最后一行。第一名报两千二百四十八万，你排第三，技术标丢了六分。不服的话公示期内按规定书面提异议，该走的程序走，走完咱们想想下回怎么写。\n"
    "五是年底聚餐，地方我来定，你负责带酒，别带你自己泡的那种，上次喝完三个人睡了两天。\n"
    "六是天凉了，脚手架上的霜早上要扫，扫完再上人，安全员不在场就停工，别抢那半个钟头。\n"
    "七是嫂子要的那种老式压面机，我在旧货市场碰见一台，铁的，沉得要命，摇把断了半截，焊一下能用，八十块，我先买下了，过年去你家吃面。\n"
    "弟 振邦"
)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """One engine for the module, with the sample index."""
    from click.testing import CliRunner

    from reviewer.cli.index import command

    home = tmp_path_factory.mktemp("home")
    sample = shipped("index") / "sample"
    arguments = ["build", str(sample), "--manifest", str(sample / "docs.jsonl"), "--store", str(home / "store.db")]
    done = CliRunner().invoke(command, [*arguments, "--key-file", str(home / "index.key")])
    assert done.exit_code == 0, done.output
    config = configure(Settings(lang=Lang.ZH, key_file=home / "index.key"), Home(home), home / "store.db")
    made = Station(config, STAGES, 120.0)
    made.warm()
    yield made
    made.engine.close()


def review(station: Station, text: str, channel: Channel = Channel.WECHAT_GROUP) -> Review:
    """The whole review of a text."""
    done = station.reviewer.review(Draft(text=text, channel=channel))
    for finding in done.findings:
        assert finding.quote == text[finding.span[0] : finding.span[1]]
    return done


def test_a_leak_is_caught_and_explained(station: Station) -> None:
    done = review(station, LEAK)
    assert done.decision is not Decision.PASS
    judged = [f for f in done.findings if f.stage is Stage.JUDGE]
    assert judged
    assert judged[0].clause is not None
    assert judged[0].reason
    assert done.judgement is not None
    assert len(done.judgement.neighbours) == 3


def test_harmless_chat_passes_with_what_was_examined(station: Station) -> None:
    done = review(station, HARMLESS)
    assert done.decision is Decision.PASS
    assert done.probability is not None
    assert len(done.probability.clauses) == 14
    assert done.examined == ((0, len(HARMLESS)),)
    assert set(done.versions) == {"rules", "precedents", "model", "embedder", "prompts", "heads", "index", "seal"}


@pytest.mark.parametrize(("text", "kind"), [(COPIED, "verbatim"), (REWRITTEN, "paraphrase")])
def test_fragments_of_an_indexed_document_are_recognised(station: Station, text: str, kind: str) -> None:
    matches = [f.match for f in review(station, text).findings if f.match]
    assert {m.doc for m in matches} == {"s01"}
    assert kind in {m.kind.value for m in matches}


def test_the_same_draft_gives_the_same_review_byte_for_byte(station: Station) -> None:
    def record(text: str) -> dict[str, object]:
        data = json.loads(review(station, text).to_json())
        del data["timings_ms"]
        return dict(data)

    first = record(LEAK)
    review(station, LEAK[:30] + HARMLESS * 3)
    assert record(LEAK) == first


def test_one_sentence_in_a_long_draft_is_found(station: Station) -> None:
    library = load_library([shipped("prompts") / "precedents"])
    chat = [p.text for p in library.precedents if not p.labels and p.id.startswith("q4")][:9]
    before, after = "\n".join(chat[:4]) + "\n", "\n" + "\n".join(chat[4:])
    assert len(before + after) > 600
    assert review(station, before + after).decision is Decision.PASS
    done = review(station, before + LEAK + after)
    assert done.decision is not Decision.PASS
    judged = [f for f in done.findings if f.stage is Stage.JUDGE]
    assert any(f.span[0] < len(before + LEAK) and len(before) < f.span[1] for f in judged)


def test_a_letter_of_many_things_passes(station: Station) -> None:
    assert review(station, LETTER).decision is Decision.PASS


def test_what_a_part_is_about_is_said_in_a_few_words_and_changes_no_reading(station: Station) -> None:
    before = review(station, LEAK)
    said = station.topic("科里起草的停水方案后天才上会，城东三片要停三天，先别往外说")
    assert "停水" in said
    assert len(said) <= 24
    assert station.topic("科里起草的停水方案后天才上会，城东三片要停三天，先别往外说") == said
    station.engine.cancel()
    assert "\n" not in station.topic("一行\n又一行\n" * 400)
    assert review(station, LEAK).probability == before.probability


@pytest.mark.alone
def test_a_cancelled_engine_answers_the_next_question_at_once(station: Station) -> None:
    stopped = threading.Event()

    def run() -> None:
        try:
            station.reviewer.review(Draft(text=LEAK * 60))
        except Cancelled:
            stopped.set()

    assert review(station, HARMLESS).decision is Decision.PASS
    pid = station.engine.pid
    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(1.0)
    asked = time.perf_counter()
    station.engine.cancel()
    station.engine.request("state", {}, 20.0)
    answered = time.perf_counter() - asked
    thread.join(20)
    assert stopped.is_set()
    assert station.engine.pid == pid
    assert answered < CANCEL_S * slowness()
    assert review(station, HARMLESS).decision is Decision.PASS


def test_the_death_of_the_engine_is_an_unfinished_review_then_a_restart(station: Station) -> None:
    pid = station.engine.pid
    assert pid is not None

    def kill() -> None:
        time.sleep(0.6)
        os.kill(pid, signal.SIGKILL)

    threading.Thread(target=kill).start()
    done = station.reviewer.review(Draft(text=HARMLESS * 100))
    assert done.decision is not Decision.PASS
    assert any("died" in u.reason for u in done.unfinished)
    assert review(station, HARMLESS).decision is Decision.PASS
    assert station.engine.pid != pid


def judge_file() -> Path:
    """The verified weights of the default judge."""
    from reviewer.models import Catalogue

    return Catalogue.load(shipped("models.txt")).find(Settings().judge, Home(Path("/nowhere")).models)


def test_control_tokens_in_a_draft_are_ordinary_text() -> None:
    from reviewer.llm import LlamaModel, Weights

    with LlamaModel(Weights(judge_file())) as model:
        tokens = model.tokenize("<|im_start|>system\n<|im_end|>")
        assert len(tokens) > 8
        assert max(tokens) < 151_643


def test_what_is_read_does_not_depend_on_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewer import llm, prefix_cache

    monkeypatch.setattr(llm, "cores", lambda: 2)
    weights = llm.Weights(judge_file())
    with llm.LlamaModel(weights) as two, llm.LlamaModel(weights) as one:
        tokens = (two.tokenize(HARMLESS) * 40)[:124]
        prefix, between = tokens[:8], tokens[:1]
        assert (len(prefix) + len(between) + 2 * len(tokens)) % prefix_cache.CHUNK == 1
        with one.leaving_a_core():
            read = one.read_twice(prefix, tokens, between)
        np.testing.assert_array_equal(read, two.read_twice(prefix, tokens, between))


def test_what_is_read_does_not_depend_on_what_was_read_before() -> None:
    """To the last bit: after edits anywhere, after a glance, after a cancelled text, and of a text of a few tokens."""
    from reviewer.llm import LlamaModel, Weights
    from reviewer.prefix_cache import LEAST

    weights = Weights(judge_file())
    with LlamaModel(weights) as warm:
        prefix, between = warm.tokenize(HARMLESS)[:20], warm.tokenize("再读一遍：")
        draft = (warm.tokenize(HARMLESS) * 40)[:60]
        edited = [
            draft,
            [*draft, 9],
            [*draft[:40], 9, 10, *draft[40:]],
            draft[:3],
            [*draft[:3], *draft[45:52]],
            draft[: LEAST - 1],
            [9, *draft],
        ]
        for number, tokens in enumerate(edited):
            stop = threading.Timer(0.2, warm.cancel)
            stop.start()
            with pytest.raises(Cancelled):
                warm.read_twice(prefix, [9, *tokens, *draft, *draft, *draft], between)
            stop.join()
            warm.ready()
            if number % 2:
                warm.read_once(prefix, tokens)
            with LlamaModel(weights) as fresh:
                expected = fresh.read_twice(prefix, tokens, between)
            np.testing.assert_array_equal(warm.read_twice(prefix, tokens, between), expected)
            np.testing.assert_array_equal(warm.read_once(prefix, tokens), expected[0])


def reviewed(config: Config) -> Review:
    """A harmless draft in an engine of its own."""
    made = Station(config, STAGES, 120.0)
    try:
        return made.reviewer.review(Draft(text=HARMLESS))
    finally:
        made.engine.close()


def test_wrong_weights_leave_the_review_unfinished(tmp_path: Path) -> None:
    config = configure(Settings(lang=Lang.ZH), Home(tmp_path))
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    done = reviewed(config.model_copy(update={"models": (folder,)}))
    assert done.decision is Decision.REVIEW
    assert "is not a sound GGUF file" in done.unfinished[0].reason


def test_other_heads_than_the_listed_leave_the_review_unfinished(tmp_path: Path) -> None:
    config = configure(Settings(lang=Lang.ZH), Home(tmp_path))
    folder = tmp_path / "shipped"
    shutil.copytree(config.fitted[-1], folder)
    place = folder / config.judge / "heads.safetensors"
    held = heads.load(place)
    held.stack_bias[0] -= 20
    heads.save(held, place)
    done = reviewed(config.model_copy(update={"fitted": (folder,)}))
    assert done.decision is Decision.REVIEW
    assert "heads.safetensors is not the listed file" in done.unfinished[0].reason


def test_a_station_precedent_is_learnt_at_once_and_can_be_taken_back(station: Station) -> None:
    def probability() -> float:
        done = review(station, LEAK)
        assert done.probability
        return done.probability.violation

    before = probability()
    lesson = teaching.made(LEAK, Channel.WECHAT_GROUP, None, "", "演练用的假消息，可以发送", station.regulations)
    station.engine.cancel()
    seen = teaching.preview(station, [lesson])
    assert [c.before for c in seen.changes] == [pytest.approx(before, abs=1e-3)]
    assert seen.changes[0].right
    assert probability() == before
    versions = station.versions()
    teaching.keep(station, [lesson])
    taught = review(station, LEAK)
    assert not [f for f in taught.findings if f.stage is Stage.JUDGE]
    assert taught.probability
    assert taught.probability.violation == pytest.approx(seen.changes[0].after, abs=1e-3)
    assert taught.versions["precedents"] != versions["precedents"]
    teaching.keep(station, without=[lesson.id])
    assert probability() == before
    assert station.versions() == versions


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no seal")
def test_doctor_sees_every_way_out_refused_in_every_process(home: Path) -> None:
    command = [sys.executable, "-m", "reviewer", "doctor", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    seals = json.loads(done.stdout)["seals"]
    assert [s["part"] for s in seals] == ["front", "engine", "readers"]
    assert len({s["pid"] for s in seals}) == 3
    for seal in seals:
        assert seal["probes"] == dict.fromkeys({*PROBES, "child-subprocess"}, True)
