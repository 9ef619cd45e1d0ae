"""`reviewer service`: keep one engine warm for the commands of this user."""

import json
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import click

from reviewer.assemble import STAGES, Station
from reviewer.cli import front, station
from reviewer.cli.confined import Group, Written
from reviewer.cli.waiting import waiting
from reviewer.errors import EngineError
from reviewer.paths import Home
from reviewer.seal.environment import PACKAGE_ROOT, child_environment
from reviewer.service.door import ask, held

START = "import sys; sys.path.insert(0, sys.argv[1]); from reviewer.service.__main__ import main; main()"
"""As other children are started, but not sealed: it must answer at its door, and no draft passes through it.

It is started before this process is sealed, because the seal is inherited, and told what to keep afterwards."""
STOP_S = 10.0
NONE = "服务没有运行 / no service is running"
BUSY = "服务在运行，引擎正在载入，暂时不答 / the service runs; its engine is loading, and it does not answer meanwhile"


@click.group("service", cls=Group)
def command() -> None:
    """常驻引擎 / One warm engine for this user's commands, behind a Unix socket (Linux)."""


@command.command("start")
@click.option("--store", type=Written(), help="密件索引 / index store")
@click.pass_context
def start(ctx: click.Context, store: Path | None) -> None:
    """启动 / Start it; returns when a review would begin at once."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", START, str(PACKAGE_ROOT)],
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        said = _told(process, ctx, store)
    except BaseException:
        process.kill()
        process.wait()
        raise
    if said != b"null\n":
        raise EngineError(
            json.loads(said) if said else "服务没有启动 / the service did not start", "运行 / run `reviewer doctor`"
        )
    click.echo(f"reviewer: 服务已就绪 / service is ready (PID {process.pid})", err=True)


def _told(process: "subprocess.Popen[bytes]", ctx: click.Context, store: Path | None) -> bytes:
    """Seal this process, tell the service what to keep, and wait for its answer."""
    assert process.stdin and process.stdout  # noqa: S101, PT018 (they are pipes)
    with process.stdin as to, process.stdout as come:
        front.enter(ctx)
        chosen = Station(station.config(ctx, store), STAGES, station.settings().judge_timeout_s)
        told = {
            "folder": str(Home.from_environment().service.absolute()),
            "config": chosen.config.model_dump(mode="json"),
            "identity": chosen.identity(),
        }
        to.write(json.dumps(told).encode("ascii") + b"\n")
        to.flush()
        with waiting("正在启动引擎 / starting the engine"):
            return come.readline()


@command.command("stop")
def stop() -> None:
    """停止 / Stop it; a review that runs on it stays unfinished."""
    folder = Home.from_environment().service
    if ask(folder, "stop") is None and not held(folder):
        raise EngineError(NONE)
    until = time.monotonic() + STOP_S
    while held(folder):
        if time.monotonic() > until:
            raise EngineError("服务停不下来 / the service does not stop", "结束它的进程 / end its process")
        time.sleep(0.1)


@command.command("status")
@station.TEXT_OR_JSON
def status(form: str) -> int:
    """状态 / Whether it runs, and what it holds. Exit status 0 running, 1 not."""
    folder = Home.from_environment().service
    answer = ask(folder, "status")
    if answer is None and held(folder):
        click.echo(json.dumps({"busy": True}) if form == "json" else BUSY)
        return 0
    if answer is None:
        click.echo("null" if form == "json" else NONE)
        return 1
    said, _ = answer
    if form == "json":
        click.echo(json.dumps(said))
        return 0
    said["since"] = f"{datetime.fromtimestamp(said['since']).astimezone():%Y-%m-%d %H:%M:%S}"
    versions = said.pop("versions")
    for name, value in {**said, **versions}.items():
        click.echo(f"{name:10}  {value}")
    return 0
