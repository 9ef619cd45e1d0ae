"""`reviewer doctor`: what is installed, verified and reachable; says only what it looked at."""

import hashlib
import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

import click
from rich.cells import cell_len

from reviewer import __version__
from reviewer.assemble import Config
from reviewer.cli import disks, front, station
from reviewer.cli.confined import Command
from reviewer.draft import Lang
from reviewer.engine import Engine
from reviewer.errors import ReviewerError, SealError
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.readers import spawn
from reviewer.reading import heads_file, load_heads
from reviewer.reports.visible import escaped, visible
from reviewer.seal import Seal, current, seen
from reviewer.seal.words import promise, table
from reviewer.system import cores

PACKAGES = ("llama-cpp-python", "sentence-transformers", "torch", "faiss-cpu", "apsw-sqlite3mc", "textual", "pydantic")


NAMES = {
    "reviewer": "本程序",
    "platform": "系统",
    "cores": "处理器核数",
    "memory": "内存",
    "swap": "交换区",
    "home": "主目录",
    "judge": "判读模型",
    "embedder": "向量模型",
    "heads": "判读部件",
    "index": "密件索引",
    "network": "断网",
}
"""What is looked at, in Chinese; what is not here (packages) is called the same in both languages."""

Found = tuple[bool, str]
"""Whether a review can run with it, and what is said of it."""


def _version(package: str, lang: Lang) -> Found:
    try:
        return True, importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False, lang.pick("缺失", "missing")


def _model(name: str, folders: tuple[Path, ...], lang: Lang) -> Found:
    try:
        catalogue = Catalogue.load(shipped("models.txt"))
        place, licence = catalogue.find(name, folders), catalogue.named(name).license
        return True, lang.pick(f"已校验 {place}；许可：{licence}", f"verified {place}; licence: {licence}")
    except ReviewerError as exc:
        return False, str(exc)


def _heads(config: Config, lang: Lang) -> Found:
    """The judge's heads: what ships compared with what is listed.

    Heads that were fitted here or came in a bundle are listed nowhere, so that their hash is told.
    """
    place = heads_file(config)
    if not place.exists():
        return False, lang.pick("缺失", "missing")
    try:
        load_heads(config, Catalogue.load(config.models_txt))
    except ReviewerError as exc:
        return False, str(exc)
    if place.is_relative_to(config.fitted[-1]):
        return True, lang.pick(f"已校验 {place}", f"verified {place}")
    here = place.is_relative_to(config.fitted[0])
    origin = lang.pick("本站拟合", "fitted here") if here else lang.pick("更新包带来", "brought by a bundle")
    return True, f"{origin} {place}{lang.pick('；', '; ')}sha256:{hashlib.sha256(place.read_bytes()).hexdigest()}"


def _memory(lang: Lang) -> str:
    """Memory of this machine and what is free of it, where the system says so."""
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total, free = os.sysconf("SC_PHYS_PAGES") * page, os.sysconf("SC_AVPHYS_PAGES") * page
    except (AttributeError, ValueError, OSError):
        return lang.pick("不明", "unknown")
    return lang.pick(
        f"{total / 2**30:.1f} GiB，空闲 {free / 2**30:.1f} GiB",
        f"{total / 2**30:.1f} GiB, {free / 2**30:.1f} GiB unused",
    )


def _index(config: Config, lang: Lang) -> str:
    if not config.store:
        return lang.pick("没有", "none")
    return str(config.store) + ("" if config.store.exists() else lang.pick("（文件不在）", " (not there)"))


def _enter(ctx: click.Context) -> str:
    """Seal this process; in words why it could not be."""
    try:
        front.enter(ctx)
    except SealError as exc:
        return str(exc)
    return ""


def _seals(config: Config) -> tuple[list[Seal], list[str]]:
    """The seals of this process, an engine and a reader, and in words what has none."""
    seals, failures = [s for s in (current(),) if s], []
    engine = Engine({"config": config.model_copy(update={"store": None}).model_dump(mode="json")})
    try:
        seals.append(seen(Seal(**engine.start()["seal"])))
    except ReviewerError as exc:
        failures.append(str(exc))
    finally:
        engine.close()
    reader = spawn.seal()
    return [*seals, *([reader] if reader else [])], failures


@click.command("doctor", cls=Command)
@station.TEXT_OR_JSON
@click.pass_context
def command(ctx: click.Context, form: str) -> int:
    """装了什么、验过什么 / What is installed and verified. Exit status 1 when a review could not run."""
    why = _enter(ctx)
    home, settings, lang = Home.from_environment(), station.settings(), station.language(ctx)
    config = station.config(ctx)
    said_in = Lang.EN if form == "json" else lang
    swap, warning = disks.swapped(said_in)
    needed = {
        **{package: _version(package, said_in) for package in PACKAGES},
        "judge": _model(settings.judge, home.models, said_in),
        "embedder": _model(settings.embedder, home.models, said_in),
        "heads": _heads(config, said_in),
    }
    facts = {
        "reviewer": __version__,
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "cores": str(cores()),
        "memory": _memory(said_in),
        "swap": swap,
        "home": str(home.root),
        **{name: said for name, (_, said) in needed.items()},
        "index": _index(config, said_in),
    }
    seals, failures = _seals(config)
    failures = [why, *failures] if why else failures
    sealed = len(seals) == 3 and all(s.enforced for s in seals)
    locked = len(seals) == 3 and all(s.locked for s in seals)
    shared = disks.shared((config.store or home.store, station.log().folder))
    warnings = [*shared, *([warning] if warning and not locked else [])]
    facts["network"] = promise(sealed, lang)
    if form == "json":
        data = {**facts, "warnings": warnings, "seals": [s.model_dump(mode="json") for s in seals]}
        click.echo(escaped(json.dumps(data, ensure_ascii=False)))
    else:
        names = {name: lang.pick(NAMES.get(name, name), name) for name in facts}
        width = max(map(cell_len, names.values()))
        for name, value in facts.items():
            click.echo(f"{names[name]}{' ' * (width - cell_len(names[name]))}  {visible(value)}")
        for line in table(seals, lang):
            click.echo(line)
        for said in warnings:
            click.echo(f"注意 / WARNING  {visible(said)}")
        for failure in failures:
            click.echo(f"未强制 / NOT ENFORCED  {visible(failure)}")
    bound = sealed or sys.platform != "linux"
    return 0 if bound and all(ok for ok, _ in needed.values()) else 1
