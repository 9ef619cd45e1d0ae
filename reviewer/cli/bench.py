"""`reviewer bench`: how long things take here; prints what it ran on."""

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click

from reviewer.assemble import Station
from reviewer.cli import station
from reviewer.cli.confined import Command
from reviewer.draft import Channel
from reviewer.finding import Stage
from reviewer.llm import instructions
from reviewer.paths import shipped
from reviewer.precedents import LABELS, load_library
from reviewer.prompts import load_frame
from reviewer.readers import from_text
from reviewer.reading import open_reading
from reviewer.system import cores

LENGTHS = (60, 300, 1000)


def _timed(run: Callable[[], object], times: int) -> list[float]:
    """Seconds of each of `times` runs."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return taken


def _memory(pid: int) -> int:
    """Peak resident memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


@click.command("bench", cls=Command)
@click.option("--times", default=5, help="每项次数 / runs of each")
@click.pass_context
def command(ctx: click.Context, times: int) -> None:
    """测速 / Cold start, full checks by length, and one pass against one plain completion per clause."""
    config = station.config(ctx)
    click.echo(f"{platform.machine()}, {cores()} cores, {config.judge}, store {'yes' if config.store else 'none'}")
    click.echo(f"llama.cpp with {instructions()}")
    text = "".join(p.text for p in load_library(config.precedents).precedents if not p.labels)
    chosen = Station(config, (Stage.DETECT, Stage.MATCH, Stage.JUDGE), station.settings().judge_timeout_s)
    try:
        started = time.perf_counter()
        chosen.warm()
        chosen.reviewer.review(from_text(text[:300], Channel.EMAIL))
        click.echo(f"engine start to first review   {time.perf_counter() - started:6.2f} s")
        for length in LENGTHS:
            total: list[float] = []
            for k in range(times):
                piece = text[(k + 1) * 997 : (k + 1) * 997 + length]
                started = time.perf_counter()
                chosen.reviewer.review(from_text(piece, Channel.EMAIL))
                total.append(time.perf_counter() - started)
            click.echo(f"full review, {length:5d} characters  {statistics.median(total):6.2f} s median of {times}")
        if chosen.engine.pid:
            click.echo(f"engine memory, peak            {_memory(chosen.engine.pid):6d} MiB")
    finally:
        chosen.engine.close()
    _against_completions(ctx, text[5000:5300])


def _against_completions(ctx: click.Context, text: str) -> None:
    """One pass for all clauses, against one plain completion (question, 24 tokens of answer) per clause.

    Both as a plain call that evaluates its whole prompt, and as one that finds the draft in the cache. The judgement is
    told without and with the second reading that a draft takes which the first leaves unsure.
    """
    config = station.config(ctx)
    reading, unsure, _ = open_reading(config)
    model, frame = reading.rows.model, load_frame(shipped("prompts"))
    prefix, again = model.tokenize(frame.opening(Channel.EMAIL)), model.tokenize(frame.again)
    tokens = model.tokenize(text)
    one = _timed(lambda: model.read_twice(prefix, tokens, again), 1)[0]
    prompt = [*prefix, *tokens, *model.tokenize("\n它违反这一条吗？请回答并说明理由：")]
    plain, cached = (_timed(lambda: model.next_text(prompt, 24, "\n\n"), 1)[0] for _ in range(2))
    count = len(prefix) + 2 * len(tokens) + len(again)
    click.echo(f"one judgement, {count} tokens     {one:6.2f} s  ({count / one:.0f} tokens/s prefill)")
    if unsure:
        second = _timed(lambda: unsure(text, Channel.EMAIL), 1)[0]
        click.echo(f"with a second reading, if unsure {one + second:5.2f} s")
    for how, answer in (("plain", plain), ("draft cached", cached)):
        each = answer * len(LABELS)
        said = f"{each:6.2f} s  ({len(LABELS)} × {answer:.2f} s): {each / one:.0f} times slower"
        click.echo(f"a completion per clause, {how:12}{said}")
