"""`reviewer bench`: how long a draft of 300 characters takes here, in one run; prints what it ran on.

The commands are timed first, before this process is sealed: behind its seal no service can be reached.
"""

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec

import click

from reviewer.assemble import STAGES, Config, Station
from reviewer.cli import front, station
from reviewer.cli.confined import Command
from reviewer.draft import Channel
from reviewer.errors import Cancelled, EngineError
from reviewer.llm import LlamaModel, instructions
from reviewer.models import Catalogue
from reviewer.prompts import load_frame
from reviewer.readers import from_text
from reviewer.reading import load_heads, open_reading
from reviewer.regulations import Clause, load_regulations
from reviewer.seal.environment import PACKAGE_ROOT
from reviewer.system import cores

P = ParamSpec("P")

LETTER = (
    "{}，上次你问的春季植树活动，我把安排理了一遍。时间定在三月最后一个周六，早上八点在单位东门集合，两辆大巴送到城北的苗圃，路上大约四十分钟。"
    "树苗是樟树和石榴，苗圃的老师傅会先讲怎么挖坑、怎么培土，每个小组种十棵，种完挂上写着组名的木牌。"
    "铁锹、水桶和手套由后勤准备，大家穿不怕脏的鞋，早晚凉，带一件外套。"
    "午饭在苗圃的棚子里吃，工会订了盒饭和热汤，有忌口的同事请周三以前告诉我。下午自由活动，可以去旁边的油菜花田走走，四点准时返程。"
    "孩子可以带，但要有人看着，水渠边上不要去。要是那天下雨，就顺延到下一个周六，我会在群里再说一声。"
    "你们科报名的名单麻烦你收一下，周五下班前发给我，我好统计座位。谢谢，多费心。"
)
"""One invented draft of 300 characters, harmless, but for whom it is to: another name leaves nothing in a cache."""

LEAK = (
    "{}，你托我打听的那件事有眉目了，先别往外说。昨天下午局务会关着门议了老城东片的改造，方案还是征求意见稿，封面上写着内部。"
    "一共三片要动，先动织造厂宿舍那一片，涉及四百一十户，补偿按面积一比一点二，装修另算，过渡费每月八百。"
    "学区也跟着改，织造厂的孩子明年划到城北小学，局长说公示前谁也不许漏，免得又有人来闹。"
    "你们家那套房子如果想卖，等一等再说，补偿比市价高出两成；要是想买，趁现在去谈，房主都还不知道。"
    "红线图我拍了一张，晚上当面给你看。正式上会定在下月初八，定了就贴公告，到那时候就晚了。"
    "我在会上做记录，按理一个字都不该讲，你看完把这条删了，也别跟表姐提，她嘴快。周末来家里吃饭，妈做了腊肉和豆豉蒸鱼。"
)
"""Another of 300, which must be reviewed: one that a glance does not settle."""

NAMES = "周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
CHANNEL = Channel.EMAIL
LONG = 20
"""Letters in the draft that is cancelled, `CANCEL_S` seconds after its review began."""
CANCEL_S = 1.0
WAIT_S = 60.0
ANSWER = 24
"""Tokens that a plain completion may generate."""
BATCH = 512
"""Tokens of the batch whose fastest prefill is the ceiling; whole chunks, so that none is evaluated half empty."""

CHAT = (
    "你是机关的保密审查员。规定：{title}。{wording}\n有人准备发出下面这份草稿：\n{draft}\n"
    "它违反这一条吗？先答是或否，再用一句话说明理由。\n答："
)

RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from reviewer.__main__ import main; main()"


def letter(number: int, text: str = LETTER) -> str:
    """The draft, to another person for each number."""
    return text.format("小" + NAMES[number % len(NAMES)])


def edits(text: str) -> Mapping[str, str]:
    """The draft after a small edit at its end, in its middle, at its beginning, each of the one before."""
    end = text + "盼复。"
    middle = end.replace("带一件外套", "带一件雨衣")
    return {"end": end, "middle": middle, "beginning": middle.replace("小", "老", 1)}


def took(work: Callable[P, object], *given: P.args, **named: P.kwargs) -> float:
    """Seconds."""
    started = time.perf_counter()
    work(*given, **named)
    return time.perf_counter() - started


def row(name: str, seconds: Sequence[float]) -> float:
    """Print the median of several tries, and return it."""
    median = statistics.median(seconds)
    click.echo(f"{name:44}{median:8.2f} s  ({min(seconds):.2f} to {max(seconds):.2f}, {len(seconds)} tries)")
    return median


@click.command("bench", cls=Command)
@click.option("--times", type=click.IntRange(1), default=3, help="每项次数 / tries of each")
@click.option("--no-chat", is_flag=True, help="不测逐条问答，很慢 / leave out the completions, which are slow")
@click.pass_context
def command(ctx: click.Context, times: int, no_chat: bool) -> None:
    """测速 / A check of 300 characters by command, service and engine, against one plain completion per clause."""
    config = station.config(ctx)
    click.echo(f"{_processor()}, {cores()} cores, {cores()} threads, load {_load()}")
    click.echo(f"{config.judge}, {config.embedder}, store {'yes' if config.store else 'none'}")
    click.echo(f"llama.cpp with {instructions()}; medians")
    commands(times)
    front.enter(ctx)
    reviews(config, times)
    readings(config, times, chat=not no_chat)
    click.echo(f"load at the end {_load()}")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _load() -> str:
    """The load averages of the last 1, 5 and 15 minutes; Windows has none."""
    return " ".join(f"{load:.1f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else "-"


def reviewer(*arguments: str, draft: str = "") -> "subprocess.CompletedProcess[bytes]":
    """Run the program with a draft as its standard input."""
    started = [sys.executable, "-I", "-X", "utf8", "-c", RUN, str(PACKAGE_ROOT), *arguments]
    return subprocess.run(started, input=draft.encode(), capture_output=True, check=False)


def _check(number: int) -> None:
    """Raises `EngineError` where nothing was reviewed, which would be fast."""
    done = reviewer("check", "--channel", CHANNEL.value, "--format", "json", "-", draft=letter(number))
    said = json.loads(done.stdout or b"{}")
    if said.get("unfinished", True):
        raise EngineError(
            f"审查没有完成 / the review is not finished: {done.stderr.decode('utf-8', 'replace').strip()}"
        )


def commands(times: int) -> None:
    """`check` from a cold start, and by a service that is started for it; one that runs already is used as it is."""
    ours = _leases() is None
    if ours:
        row("check, cold", [took(_check, k) for k in range(times)])
        started = reviewer("service", "start")
        if started.returncode != 0:
            click.echo(f"check by the service       -  {started.stderr.decode('utf-8', 'replace').strip()}")
            return
    else:
        click.echo("check, cold                -  a service runs")
    try:
        before = _leases() or 0
        seconds = [took(_check, times + k) for k in range(times)]
        row(f"check by the service, {(_leases() or 0) - before} of {times} by it", seconds)
    finally:
        if ours:
            reviewer("service", "stop")


def _leases() -> int | None:
    """How often the service has lent its engine; `None` where none runs."""
    said = json.loads(reviewer("service", "status", "--format", "json").stdout or b"null")
    return None if said is None else int(said.get("leases", 0))


def reviews(config: Config, times: int) -> None:
    """Whole reviews in one warm engine: a new draft, edited ones, and how soon a cancelled one leaves the engine free.

    Raises `EngineError` where a review is not finished.
    """
    chosen = Station(config, STAGES, station.settings().judge_timeout_s)

    def review(text: str) -> None:
        done = chosen.reviewer.review(from_text(text, CHANNEL))
        if done.unfinished:
            raise EngineError(done.unfinished[0].reason)

    def first() -> None:
        chosen.warm()
        review(letter(times))

    try:
        click.echo(f"{'engine start to the end of its first review':44}{took(first):8.2f} s")
        new, edited = [], {name: list[float]() for name in edits("")}
        for k in range(times):
            new.append(took(review, letter(k)))
            for name, text in edits(letter(k)).items():
                edited[name].append(took(review, text))
        median = row(f"review of {len(letter(0))} characters, warm", new)
        for name, seconds in edited.items():
            again = row(f"  again after a small edit at its {name}", seconds)
            click.echo(f"{'':4}{median / again:.1f} times faster than new")
        leaks = [took(review, letter(k, LEAK)) for k in range(times)]
        row(f"review of {len(letter(0, LEAK))} characters that leak", leaks)
        row("cancel, until the engine answers again", [_cancelled(chosen) for _ in range(times)])
        if chosen.engine.pid:
            click.echo(f"{'engine memory, peak':44}{_memory(chosen.engine.pid):8d} MiB")
    finally:
        chosen.engine.close()


def _cancelled(chosen: Station) -> float:
    """Seconds from the cancel of a long draft until the child has answered the next question. Raises `EngineError`."""
    stopped = threading.Event()

    def run() -> None:
        with contextlib.suppress(EngineError):
            try:
                chosen.reviewer.review(from_text("\n".join(map(letter, range(LONG))), CHANNEL))
            except Cancelled:
                stopped.set()

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(CANCEL_S)
    started = time.perf_counter()
    chosen.engine.cancel()
    chosen.engine.request("state", {}, WAIT_S)
    seconds = time.perf_counter() - started
    thread.join()
    if not stopped.is_set():
        raise EngineError("没有可取消的 / the review ended before it was cancelled")
    return seconds


def _memory(pid: int) -> int:
    """Peak resident memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def readings(config: Config, times: int, *, chat: bool) -> None:
    """The model alone: a glance, a reading, and a plain completion for each clause."""
    reading, _ = open_reading(config)
    model, heads = reading.rows.model, load_heads(config, Catalogue.load(config.models_txt))
    read: list[Callable[[str, Channel], object]] = [reading.rows.once, reading.rows]
    for rows in read:
        rows(letter(times), CHANNEL)
    seconds = [[took(rows, letter(len(read) * k + n), CHANNEL) for n, rows in enumerate(read)] for k in range(times)]
    row("a glance by the model", [s[0] for s in seconds])
    first = row("one reading by the model", [s[1] for s in seconds])
    between = len(model.tokenize(load_frame(config.prompts).again))
    speed = (2 * len(model.tokenize(letter(0))) + between) / first
    ceiling = max(BATCH / took(_batch, model, k) for k in range(times))
    click.echo(
        f"    prefill {speed:.0f} tokens/s, {speed / ceiling:.0%} of the ceiling: {ceiling:.0f} in {BATCH} tokens"
    )
    for name, text in (("harmless", letter(0)), ("leaking", letter(0, LEAK))):
        plain = reading.once(text, CHANNEL).settled(heads) is not None
        click.echo(f"    of the {name} draft {'a glance' if plain else 'a whole reading'} is needed")
    if chat:
        clauses = load_regulations(config.packs, config.enabled_packs).by_label.values()
        total = sum(took(_completion, model, clause, letter(times)) for clause in clauses)
        click.echo(f"{f'{len(clauses)} completions, each of at most {ANSWER} tokens':44}{total:8.2f} s")
        click.echo(f"    {total / first:.1f} times one reading")


def _batch(model: LlamaModel, number: int) -> None:
    """Evaluate one long batch through the layers that a reading goes through."""
    tokens = model.tokenize("".join(letter(number + k) for k in range(LONG)))[: BATCH // 2]
    model.read_twice((), tokens, ())


def _completion(model: LlamaModel, clause: Clause, draft: str) -> None:
    """Ask whether the draft violates a clause, in the clause's own words."""
    model.next_text(
        model.tokenize(CHAT.format(title=clause.title, wording=clause.wording, draft=draft)), ANSWER, "\n\n"
    )
