"""`reviewer doctor`: what is installed, verified and reachable; says only what it looked at."""

import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

import click

from reviewer import __version__
from reviewer.assemble import Config
from reviewer.cli import disks, front, station
from reviewer.engine import Engine
from reviewer.errors import ReviewerError, SealError
from reviewer.judge.heads import load as load_heads
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.readers import spawn
from reviewer.reading import find_second, heads_file
from reviewer.reports.visible import escaped, visible
from reviewer.seal import Seal, current
from reviewer.seal.words import promise, table
from reviewer.system import cores

PACKAGES = ("llama-cpp-python", "sentence-transformers", "torch", "faiss-cpu", "apsw-sqlite3mc", "textual", "pydantic")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _model(name: str, folders: tuple[Path, ...]) -> str:
    try:
        catalogue = Catalogue.load(shipped("models.txt"))
        return f"verified {catalogue.find(name, folders)}; licence: {catalogue.named(name).license}"
    except ReviewerError as exc:
        return str(exc)


def _heads(config: Config) -> str:
    """The judge's heads and what they need of a second reading, read and compared with what is listed."""
    place = heads_file(config)
    if not place.exists():
        return "missing"
    try:
        fitted = load_heads(place).fitted
        catalogue = Catalogue.load(config.models_txt)
        second = find_second(config, catalogue) if fitted.second_sha256 else None
        fitted.need_second(second[1] if second else "")
        if second:
            catalogue.find(second[0].adapter, config.fitted[-1:])
    except ReviewerError as exc:
        return str(exc)
    return f"verified {place}" + (", with a second reading" if second else "")


def _memory() -> str:
    """Memory of this machine and what is free of it, where the system says so."""
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total, free = os.sysconf("SC_PHYS_PAGES") * page, os.sysconf("SC_AVPHYS_PAGES") * page
    except (AttributeError, ValueError, OSError):
        return "unknown"
    return f"{total / 2**30:.1f} GiB, {free / 2**30:.1f} GiB unused"


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
        seals.append(Seal(**engine.start()["seal"]))
    except ReviewerError as exc:
        failures.append(str(exc))
    finally:
        engine.close()
    reader = spawn.seal()
    return [*seals, *([reader] if reader else [])], failures


@click.command("doctor")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(ctx: click.Context, form: str) -> int:
    """装了什么、验过什么 / What is installed and verified. Exit status 1 when a review could not run."""
    why = _enter(ctx)
    home, settings, lang = Home.from_environment(), station.settings(), station.language(ctx)
    config = station.config(ctx)
    swap, warning = disks.swapped()
    warnings = [*disks.shared((config.store or home.store, station.log().folder)), *([warning] if warning else [])]
    facts = {
        "reviewer": __version__,
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "cores": str(cores()),
        "memory": _memory(),
        "swap": swap,
        **{package: _version(package) for package in PACKAGES},
        "home": str(home.root),
        "judge": _model(settings.judge, home.models),
        "embedder": _model(settings.embedder, home.models),
        "heads": _heads(config),
        "index": str(config.store) + ("" if config.store.exists() else " (not there)") if config.store else "none",
    }
    seals, failures = _seals(config)
    failures = [why, *failures] if why else failures
    sealed = len(seals) == 3 and all(s.enforced for s in seals)
    facts["network"] = promise(sealed, lang)
    if form == "json":
        data = {**facts, "warnings": warnings, "seals": [s.model_dump(mode="json") for s in seals]}
        click.echo(escaped(json.dumps(data, ensure_ascii=False)))
    else:
        width = max(map(len, facts))
        for name, value in facts.items():
            click.echo(f"{name:{width}}  {visible(value)}")
        for line in table(seals, lang):
            click.echo(line)
        for said in warnings:
            click.echo(f"注意 / WARNING  {visible(said)}")
        for failure in failures:
            click.echo(f"NOT ENFORCED  {visible(failure)}")
    bound = sealed or sys.platform != "linux"
    ready = bound and all(facts[name].startswith("verified") for name in ("judge", "embedder", "heads"))
    return 0 if ready and "missing" not in facts.values() else 1
