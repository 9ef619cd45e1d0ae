"""`reviewer bundle`: bring packs, precedents, an index, models and wheels to a station on a removable medium."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click

from reviewer import __version__
from reviewer.audit import Log
from reviewer.audit.events import bundle_applied, bundle_refused, bundle_undone
from reviewer.bundle import applied, gate, signing
from reviewer.bundle.applied import Applied
from reviewer.bundle.create import Order, create, sign
from reviewer.bundle.gate import Checked, Terms
from reviewer.bundle.manifest import Kind, Manifest
from reviewer.cli import keyring, station
from reviewer.cli.bar import Bar
from reviewer.cli.confined import Group, Written
from reviewer.cli.trial import trial
from reviewer.errors import AuditError, BundleError, ReviewerError
from reviewer.index import duplicate
from reviewer.paths import Home
from reviewer.reports.visible import visible

PASSPHRASE = "REVIEWER_SIGNING_PASSPHRASE"  # noqa: S105 (the name of a variable)

BUNDLE = click.argument("bundle", type=click.Path(file_okay=False, path_type=Path))
OLDER = click.option(
    "--older", is_flag=True, help="允许更旧的版本，应用时会记录 / accept an older version; apply records it"
)
SECRET = click.option("--key", "key", type=click.Path(path_type=Path), required=True, help="签名私钥 / secret key file")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("bundle", cls=Group)
def command() -> None:
    """离线更新包 / Bundles on removable media."""


@command.command("key")
@click.argument("file", type=Written())
def key_(file: Path) -> None:
    """新建签名密钥 / Make a person's signing key (minisign format); prints the line for a station's trust.toml."""
    click.echo(f'key = "{signing.make_key(file, _passphrase(new=True))}"')


@command.command("create")
@click.argument("target", type=Written())
@click.option("--name", required=True, help="包名 / what it is called")
@click.option("--version", type=click.IntRange(1), required=True, help="版本，只增不减 / version, never lower")
@click.option("--station", "stations", multiple=True, required=True, help="给哪些站 / stations it is for")
@click.option("--expires", type=DAY, required=True, help="最晚启用日 / last day to apply it, YYYY-MM-DD")
@click.option("--minimum", default="0.1.0", help="程序最低版本 / oldest program version")
@click.option("--packs", type=click.Path(exists=True, path_type=Path), help="规定包 / packs: *.toml")
@click.option("--precedents", type=click.Path(exists=True, path_type=Path), help="先例 / precedents: *.jsonl")
@click.option("--heads", type=click.Path(exists=True, path_type=Path), help="拟合结果 / heads: JUDGE/heads.safetensors")
@click.option("--index", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="索引 / index: a store")
@click.option("--models", type=click.Path(exists=True, path_type=Path), help="模型 / models, as in models.txt")
@click.option("--wheels", type=click.Path(exists=True, path_type=Path), help="程序 / wheels and requirements.lock")
@SECRET
def create_(
    target: Path,
    name: str,
    version: int,
    stations: tuple[str, ...],
    expires: datetime,
    minimum: str,
    key: Path,
    **sources: Path | None,
) -> None:
    """制作 / Make the bundle TARGET and sign it; a second person signs it with `bundle sign`."""
    order = Order(
        name=name,
        created=datetime.now(UTC).date(),
        not_after=expires.date(),
        audience=stations,
        minimum=minimum,
        version=version,
    )
    given = {Kind(kind): path for kind, path in sources.items() if path is not None}
    if not given:
        raise click.UsageError("至少给一种 / give at least one of " + ", ".join(f"--{k}" for k in Kind))
    passphrase = _passphrase()
    made = create(target, order, given, _standing)
    sign(target, key, passphrase)
    click.echo(described(made))


@command.command("sign")
@click.argument("bundle", type=Written(file_okay=False))
@SECRET
def sign_(bundle: Path, key: Path) -> None:
    """签名 / Add a person's signature, after looking at the bundle."""
    click.echo(sign(bundle, key, _passphrase()))


@command.command("verify")
@BUNDLE
@OLDER
def verify_(bundle: Path, older: bool) -> None:
    """校验 / Check signatures, station, day, versions, names and every byte; changes nothing."""
    home, log = Home.from_environment(), station.log()
    with Bar("verify") as bar:
        checked = gate.verify(bundle, _terms(home, log, older=older), home.bundles, bar)
    click.echo(described(checked.manifest))
    click.echo(f"ok: {', '.join(checked.signers)}")


@command.command("apply")
@BUNDLE
@OLDER
@click.pass_context
def apply_(ctx: click.Context, bundle: Path, older: bool) -> None:
    """启用 / Verify, try, then switch to the bundle at once."""
    home, log = Home.from_environment(), station.log()
    tried = partial(trial, station.settings(), home.root)
    try:
        terms = _terms(home, log, older=older)
        with Bar("apply") as bar:
            checked = gate.apply(
                bundle, terms, home.bundles, tried, lambda checked: _record(log, checked, older=older), bar
            )
    except AuditError:
        raise
    except ReviewerError as exc:
        log.append(bundle_refused(exc.code if isinstance(exc, BundleError) else "trial"))
        raise
    finally:
        log.close()
    click.echo(described(checked.manifest))
    if Kind.WHEELS in checked.manifest.versions:
        wheels = home.brought(Kind.WHEELS)[0]
        click.echo(
            f"pip install --no-index --require-hashes --find-links {wheels} -r {wheels / 'requirements.lock'}", err=True
        )
    if Kind.PRECEDENTS in checked.manifest.versions and Kind.HEADS not in checked.manifest.versions:
        hint = station.language(ctx).pick(
            "先例已更新，运行 reviewer calibrate 后判读才会用上", "run `reviewer calibrate`"
        )
        click.echo(hint, err=True)


@command.command("rollback")
def rollback_() -> None:
    """退回 / Go back to what was in use before the last bundle."""
    home, log = Home.from_environment(), station.log()
    try:
        state = gate.rollback(
            home.bundles,
            partial(trial, station.settings(), home.root),
            lambda state: _record_undone(log, state),
        )
    finally:
        log.close()
    _show(state.parts)


@command.command("list")
def list_() -> None:
    """列出 / The generation in use of each kind, and the highest version the station ever had."""
    state = applied.load(Home.from_environment().bundles)
    _show(state.parts)
    for kind, floor in state.floors.items():
        click.echo(f"{kind}\tversion {floor.version}\t{floor.manifest}")


def _show(parts: Mapping[Kind, str]) -> None:
    for kind, generation in parts.items():
        click.echo(f"{kind}\t{generation}")


def _terms(home: Home, log: Log, *, older: bool) -> Terms:
    """What a bundle is held against; a clock that was set back does not make an old bundle young."""
    known = datetime.fromtimestamp(log.latest() / 1000, UTC).date()
    return Terms(signing.Trust.load(home.trust), max(_today(), known), __version__, older)


def _today() -> date:
    return datetime.now(UTC).date()


def _record(log: Log, checked: Checked, *, older: bool) -> None:
    versions = {str(kind): version for kind, version in checked.manifest.versions.items()}
    log.append(bundle_applied(checked.digest, versions, checked.signers, older=older))


def _record_undone(log: Log, state: Applied) -> None:
    log.append(bundle_undone({str(kind): generation for kind, generation in state.parts.items()}))


def _standing(source: Path, place: Path) -> None:
    """Copy a store between two changes, checked; the key file or the passphrase of the environment opens it."""
    duplicate(source, keyring.unlock(source, None).key, place)


def _passphrase(*, new: bool = False) -> str:
    """Of a signing key: from the environment where nobody is there, else asked for."""
    given = os.environ.get(PASSPHRASE)
    return given or str(click.prompt("passphrase", hide_input=True, confirmation_prompt=new, err=True))


def described(made: Manifest) -> str:
    """One line that says what a bundle brings, for whom and until when."""
    versions = ", ".join(f"{kind} {version}" for kind, version in made.versions.items())
    size = sum(f.size for f in made.files) / 2**20
    where = ", ".join(made.audience)
    said = f"{made.name}: {versions}; {len(made.files)} files, {size:.1f} MiB; for {where}; until {made.not_after}"
    return visible(said)
