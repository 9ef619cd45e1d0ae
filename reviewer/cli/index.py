"""`reviewer index`: build and keep the encrypted index of classified documents."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from reviewer.audit.events import index_state, indexed
from reviewer.cli import station
from reviewer.embed import Embedder
from reviewer.errors import ReadError, StoreError
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.readers import TEXT_SUFFIXES, read_whole
from reviewer.reports.visible import visible

STORE = click.option("--store", type=click.Path(path_type=Path), help="索引文件 / the store (default: the station's)")
KEY = click.option("--key-file", type=click.Path(path_type=Path), help="密钥文件 / key file")
LEVEL = re.compile(r"绝密|机密|秘密|工作秘密|核心商密|普通商密|内部")


@click.group("index")
def command() -> None:
    """密件索引 / The index of classified documents."""


@command.command("build")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="docs.jsonl")
@STORE
@KEY
def build(directory: Path, manifest: Path | None, store: Path | None, key_file: Path | None) -> None:
    """新建或续建 / Build a store from DIR; run again to resume or to bring it up to date."""
    documents = list(_from_manifest(directory, manifest) if manifest else _from_directory(directory))
    _add(documents, store, key_file)


@command.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", default="", help="密级 / level (default: from the mark in the text)")
@click.option("--title", default="", help="标题 / title")
@click.option("--number", default="", help="文号 / number")
@click.option("--expires", default="", help="保密期限届满日 YYYY-MM-DD / day its period ends")
@STORE
@KEY
def add(
    files: tuple[Path, ...],
    level: str,
    title: str,
    number: str,
    expires: str,
    store: Path | None,
    key_file: Path | None,
) -> None:
    """加入文件 / Add FILES; a document of the same name is replaced."""
    documents = []
    for file in files:
        text = read_whole(file)
        documents.append(
            Document(doc=file.stem, level=level or _level(text), title=title, number=number, expires=expires, text=text)
        )
    _add(documents, store, key_file)


@command.command("remove")
@click.argument("docs", nargs=-1, required=True)
@STORE
@KEY
def remove(docs: tuple[str, ...], store: Path | None, key_file: Path | None) -> None:
    """移除 / Remove documents by id."""
    log = station.log()
    with log.run(indexed("remove", docs)):
        opened = Store.open(_path(store), _key(key_file), write=True)
        missing = [doc for doc in docs if not opened.remove(doc)]
        log.append(index_state(opened.stats()))
        opened.close()
    if missing:
        raise StoreError(f"not in the index: {', '.join(missing)}", "see `reviewer index list`")


@command.command("list")
@STORE
@KEY
def list_(store: Path | None, key_file: Path | None) -> None:
    """列出 / Id, level and length of every document, never its title or text."""
    opened = Store.open(_path(store), _key(key_file))
    for item in opened.documents():
        held = item.document
        click.echo(f"{visible(held.doc)}\t{visible(held.level)}\t{len(held.text)}\t{visible(held.expires)}")
    opened.close()


@command.command("stats")
@STORE
@KEY
def stats(store: Path | None, key_file: Path | None) -> None:
    """统计 / How much is stored."""
    opened = Store.open(_path(store), _key(key_file))
    click.echo(json.dumps(opened.stats()))
    opened.close()


@command.command("verify")
@STORE
@KEY
def verify(store: Path | None, key_file: Path | None) -> None:
    """校验 / Read every page; a damaged store is an error."""
    opened = Store.open(_path(store), _key(key_file))
    opened.verify()
    opened.close()
    click.echo("ok")


def _path(store: Path | None) -> Path:
    return store or station.settings().store or Home.from_environment().store


def _key(key_file: Path | None) -> Key:
    settings = station.settings()
    phrase = settings.passphrase.get_secret_value() if settings.passphrase else None
    return Key(file=key_file or settings.key_file or Home.from_environment().key, passphrase=phrase)


def _add(documents: Iterable[Document], store: Path | None, key_file: Path | None) -> None:
    """One transaction a document, so that an interrupted run is resumed by running it again."""
    items, log = list(documents), station.log()
    with log.run(indexed("add", [d.doc for d in items])):
        log.append(index_state(_written(items, store, key_file)))


def _written(items: Sequence[Document], store: Path | None, key_file: Path | None) -> Mapping[str, int]:
    """Write what is new or changed; what the store holds then."""
    path, key = _path(store), _key(key_file)
    settings = station.settings()
    place = Catalogue.load(shipped("models.txt")).find(settings.embedder, Home.from_environment().models)
    embedder = Embedder(place, settings.embedder)
    exists = path.exists()
    opened = (
        Store.open(path, key, embedder.identity, write=True) if exists else Store.create(path, key, embedder.identity)
    )
    held = {i.document.doc: i.document for i in opened.documents()}
    changed = 0
    with click.progressbar(items, label="index", file=sys.stderr) as bar:
        for document in bar:
            if held.get(document.doc) != document:
                views, snippets = prepare(document, embedder, opened.fingerprint_key)
                changed += opened.add(document, views, snippets)
    counts = opened.stats()
    opened.close()
    click.echo(
        f"{changed} of {len(items)} documents written; {counts['documents']} documents, {counts['snippets']} snippets",
        err=True,
    )
    return counts


def _from_manifest(directory: Path, manifest: Path) -> Iterator[Document]:
    for number, line in enumerate(manifest.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            places = [base / row["file"] for base in (directory, manifest.parent)]
            found = next((p for p in places if p.is_file()), places[0])
            yield Document(
                doc=str(row["doc"]),
                level=row["level"],
                title=row.get("title") or "",
                number=row.get("number") or "",
                expires=row.get("expires") or "",
                text=read_whole(found),
            )
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as exc:
            raise ReadError(f"{manifest.name}:{number}: not a manifest line", 'give {"doc", "level", "file"}') from exc


def _from_directory(directory: Path) -> Iterator[Document]:
    files = [f for f in sorted(directory.rglob("*")) if f.is_file() and f.suffix.lower() in TEXT_SUFFIXES]
    if not files:
        raise ReadError(f"no text files in {directory}", "give a folder of documents")
    for file in files:
        text = read_whole(file)
        yield Document(doc=str(file.relative_to(directory).with_suffix("")), level=_level(text), text=text)


def _level(text: str) -> str:
    """The first level named near the top of a document, else 秘密."""
    found = LEVEL.search(text[:200])
    return found.group() if found else "秘密"
