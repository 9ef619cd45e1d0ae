"""`reviewer models`: which weights, from where, and whether every byte is right."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import click

from reviewer.audit.events import model_fetched, model_imported
from reviewer.cli import front, station
from reviewer.cli.bar import Bar
from reviewer.cli.confined import Group
from reviewer.draft import Lang
from reviewer.errors import ModelError
from reviewer.incoming import import_from, lies_in, make
from reviewer.models import Catalogue, Model, Role, check_file, verify
from reviewer.paths import Home, shipped
from reviewer.reports.visible import visible


@click.group("models", cls=Group)
@click.pass_context
def command(ctx: click.Context) -> None:
    """模型文件 / Model files."""
    if ctx.invoked_subcommand != "fetch":
        front.enter(ctx)


def _catalogue() -> Catalogue:
    return Catalogue.load(shipped("models.txt"))


def _chosen(names: tuple[str, ...]) -> list[Model]:
    catalogue, settings = _catalogue(), station.settings()
    return [catalogue.named(n) for n in (names or (settings.judge, settings.embedder))]


def _folders(model: Model) -> tuple[Path, ...]:
    """Where a model may lie: heads are shipped."""
    models = Home.from_environment().models
    return (*models, shipped("prompts") / "fitted") if model.role is Role.HEADS else models


def _here(model: Model) -> Path | None:
    """The folder that holds every file of `model`, unchecked."""
    try:
        return model.folder(_folders(model))
    except ModelError:
        return None


def _verified(model: Model, folder: Path) -> None:
    with Bar(model.name, model.size) as bar:
        verify(model, folder, bar)


@command.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """列出 / Every model, its licence and whether it is here."""
    lang = station.language(ctx)
    for model in _catalogue().models:
        state = lang.pick("已有", "present") if _here(model) else lang.pick("没有", "absent")
        click.echo(f"{model.name}  [{model.role}]  {model.size / 2**20:.0f} MiB  {state}")
        click.echo(f"    {lang.pick('许可', 'licence')}: {model.license}" + (f"  {model.note}" if model.note else ""))
        if model.status != "verified":
            click.echo(
                f"    {lang.pick('未经验证：没有人用本程序跑过', 'unverified: nobody has run it with this program')}"
            )
        click.echo(f"    sha256:{model.sha256}")


@command.command("fetch", cls=click.Command)
@click.argument("names", nargs=-1)
@click.pass_context
def fetch_(ctx: click.Context, names: tuple[str, ...]) -> None:
    """下载并校验 / Download and check (default: the judge and the embedder in use)."""
    fetched: list[Model] = []
    try:
        _fetch(_chosen(names), station.language(ctx), fetched)
    finally:
        if fetched:
            front.enter(ctx)  # nothing connects any more, and the log is read behind the seal only
            with contextlib.closing(station.log()) as log:
                for model in fetched:
                    log.append(model_fetched(model.name, model.sha256))


def _fetch(models: Sequence[Model], lang: Lang, fetched: list[Model]) -> None:
    """Bring models that are missing, and say so of each; the new ones are added to `fetched`."""
    from reviewer.embed import convert
    from reviewer.fetch import fetch

    for model in models:
        click.echo(f"{model.name}: {lang.pick('许可', 'licence')} {model.license}", err=True)
        folder = _here(model)
        if folder is not None:
            _verified(model, folder)
        else:
            folder = Home.from_environment().models[-1]
            with Bar(model.name, sum(f.size for f in model.downloads)) as bar:
                fetch(model, folder, bar, convert, shipped("prompts").parent)
            fetched.append(model)
        click.echo(f"{model.name}: {lang.pick('已校验', 'verified')} {visible(str(folder / model.place))}")


@command.command("verify")
@click.argument("names", nargs=-1)
@click.pass_context
def verify_(ctx: click.Context, names: tuple[str, ...]) -> None:
    """逐字节校验 / Check every byte of what is here (default: every listed model that is here)."""
    models = _chosen(names) if names else [m for m in _catalogue().models if _here(m)]
    if not models:
        raise ModelError("清单上的模型一个也没有 / no listed model is here", "运行 / run `reviewer models fetch`")
    for model in models:
        _verified(model, model.folder(_folders(model)))
        click.echo(f"{model.name}: sha256:{model.sha256} {station.language(ctx).pick('已校验', 'verified')}")


@command.command("prepare")
@click.argument("names", nargs=-1)
@click.pass_context
def prepare_(ctx: click.Context, names: tuple[str, ...]) -> None:
    """就绪 / Convert what was brought as published, verify all (default: the judge and the embedder in use).

    Connects nowhere: files lie in the models folder, as `models.txt` lists them.
    """
    lang = station.language(ctx)
    for model in _chosen(names):
        folder = _here(model)
        if folder is None:
            folder = model.folder(_folders(model), published=True)
            with station.log().run(model_imported(model.name, model.sha256)):
                _convert(model, folder)
        _verified(model, folder)
        click.echo(f"{model.name}: {lang.pick('已就绪', 'ready')} {visible(str(folder / model.place))}")


def _convert(model: Model, folder: Path) -> None:
    from reviewer.embed import convert

    with Bar(model.name, sum(d.size for d in model.downloads)) as bar:
        for file in model.downloads:
            check_file(folder / file.path, file, bar)
        make(model, folder, convert)


@command.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_context
def import_(ctx: click.Context, directory: Path) -> None:
    """从目录导入 / Copy verified model files from a local directory (removable media)."""
    folder = Home.from_environment().models[0]
    found = [m for m in _catalogue().models if all(lies_in(directory, f) for f in m.files)]
    if not found:
        raise ModelError(
            f"目录里没有清单上的模型 / no listed model is in {directory}",
            "文件名见 / see `reviewer models list` for file names",
        )
    log = station.log()
    for model in found:
        click.echo(f"{model.name}: {station.language(ctx).pick('许可', 'licence')} {model.license}", err=True)
        with log.run(model_imported(model.name, model.sha256)), Bar(model.name, model.size) as bar:
            import_from(model, directory, folder, bar)
        place = visible(str(folder / model.place))
        click.echo(f"{model.name}: {station.language(ctx).pick('已校验', 'verified')} {place}")
