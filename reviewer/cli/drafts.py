"""The drafts a command is asked to check: files, folders, standard input, JSON lines; each a draft or an error."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

import click

from reviewer import durable
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import RIGHTS, ReadError, why
from reviewer.readers import MAX_BYTES, from_text, read_bytes, read_file
from reviewer.readers.spawn import clean
from reviewer.reports.visible import visible

STDIN = "stdin"
FINDERS = ".DS_Store"
"""What macOS writes into a folder: how its window looks, and the names of its files, which are reviewed themselves."""

OPENED = Path("/dev/stdin")
"""Standard input by name, where the system has one."""

OURS = "是本次要写的报告或者进度文件，不作为草稿 / this run writes it, not reviewed"
THEIRS = "是 macOS 的文件夹设置，没有检查，不必一起发 / a folder's settings of macOS, not reviewed; no need to send it"


class Input(NamedTuple):
    """Something to be checked."""

    file: Path | None
    """Its path; none for standard input."""
    id: str = ""
    """Of its review."""
    name: str = ""
    """What it is called where it is sent."""


def given(name: str) -> Path | None:
    """The path that an argument names; none for standard input, which `-` means and no other spelling, as `./-`."""
    return None if name == "-" else Path(name)


def expand(names: Sequence[str], written: Sequence[Path] = ()) -> list[Input]:
    """Every input: a folder gives the files under it by name, hidden ones too, for they go with it.

    The id of a file is its name, in a folder its path from there; where two would have the same one, each has its path
    as it was given. What cannot be looked into (a folder without rights, a linked one, a broken link, a folder without
    any file) is given too: reading it fails.
    A file of a folder that is one of those `written` by this run, under whatever name, is left out, and so is what the
    Finder writes (`FINDERS`); that is said.
    """
    inputs: list[Input] = []
    own = _which(written)
    for name in names or ("-",):
        root = given(name)
        if root is None:
            inputs.append(Input(root))
            continue
        if not root.is_dir():
            inputs.append(Input(root, root.name, root.name))
            continue
        kept = []
        for file in sorted(_below(root)):
            id_ = file.relative_to(root).as_posix()
            why = OURS if durable.identity(file) in own else THEIRS if file.name == FINDERS else ""
            if why:
                click.echo(f"reviewer: {visible(id_)}: {why}", err=True)
            else:
                kept.append(Input(file, id_, id_))
        inputs += kept or [Input(root, root.name)]
    shared = any(number > 1 for id_, number in Counter(one.id for one in inputs).items() if id_)
    return [one._replace(id=one.file.as_posix() if one.file and one.id else "") if shared else one for one in inputs]


def first_written(read: Sequence[Path], written: Sequence[Path]) -> Path | None:
    """The first of what is `read` that is, under whatever name, one of the files `written` by this run; else none."""
    own = _which(written)
    return next((path for path in read if durable.identity(path) in own), None)


def _which(paths: Sequence[Path]) -> set[tuple[int, ...]]:
    """Which files these are, of those that are there."""
    return {identity for path in paths if (identity := durable.identity(path))}


def _below(folder: Path) -> Iterator[Path]:
    """The files of a folder and its folders, and what of it cannot be looked into."""
    shut: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=lambda exc: shut.append(Path(exc.filename))):
        here = Path(place)
        linked = [name for name in folders if (here / name).is_symlink()]
        yield from (here / name for name in (*files, *linked))
    yield from shut


def read(
    inputs: Sequence[Input], channel: Channel, lang: Lang, stdin_filename: str = STDIN
) -> Iterator[Draft | ReadError]:
    """Every input in order; standard input is read as a file of the given name would be."""
    for path, id_, called in inputs:
        try:
            if path is None:
                stream = _stdin()
                if stream.isatty():
                    click.echo(lang.pick("请输入草稿，Ctrl-D 结束", "type the draft, Ctrl-D ends it"), err=True)
                draft = read_bytes(stream.read(MAX_BYTES + 1), stdin_filename, channel, lang)
                called = "" if stdin_filename == STDIN else clean(PurePath(stdin_filename).name)
                yield draft.model_copy(update={"name": called})
            elif path.is_dir():
                yield ReadError(f"{path}: 打不开、是链接或者没有文件 / a folder that is shut, linked or empty", RIGHTS)
            else:
                update = {"id": clean(id_), "file": path.as_posix(), "name": clean(called)}
                yield read_file(path, channel, lang).model_copy(update=update)
        except ReadError as exc:
            yield exc


def read_batch(path: Path | None, channel: Channel, lang: Lang = Lang.ZH) -> Iterator[Draft | ReadError]:
    """Drafts of a JSON-lines file or of standard input, in order; what is none is an error that names it: a line, a
    file without any, a file that cannot be read (on).
    """
    some, name = False, path.name if path else "-"
    try:
        with path.open("rb") if path else _stdin() as stream:
            for number, line in enumerate(_lines(stream), 1):
                if line.strip():
                    some = True
                    yield _row(line, f"{name}:{number}", channel, lang)
    except OSError as exc:
        yield ReadError(f"{path or name}: {why(exc)}", RIGHTS)
        return
    except ReadError as exc:
        yield exc
        return
    if not some:
        yield ReadError(f"{name}: 里面没有草稿 / holds no draft", "核对是谁写的 / see what should have written it")


def _stdin() -> BinaryIO:
    """Standard input. Raises `ReadError` where it is closed."""
    if sys.stdin is None:
        raise ReadError("标准输入是关着的 / standard input is closed", "给一个文件 / give a file")
    return sys.stdin.buffer


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; the first that is longer than any input may be is the last, and cut."""
    while line := stream.readline(MAX_BYTES + 1):
        yield line
        if len(line) > MAX_BYTES:
            return


def _row(line: bytes, where: str, channel: Channel, lang: Lang) -> Draft | ReadError:
    if len(line) > MAX_BYTES:
        return ReadError(f"{where}: 大于 / larger than {MAX_BYTES // 2**20} MiB", "拆开再查 / split it")
    try:
        row = json.loads(line)
        way = row.get("channel") or channel
        if way not in [*Channel]:
            return ReadError(f"{where}: 没有这种渠道 / no such channel", f"可用 / use one of {', '.join(Channel)}")
        if not isinstance(row["text"], str):
            raise TypeError("text is not a string")
        return from_text(row["text"], Channel(way), str(row["id"]), lang)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        return ReadError(f"{where}: 不是草稿 / not a draft: {exc!s:.80}", '给 / give {"id", "text", "channel"}')


def count_batch(path: Path | None) -> int | None:
    """How many drafts a JSON-lines file holds; `None` for what cannot be read, or only once."""
    try:
        if path is None or not path.is_file():
            return None
        with path.open("rb") as stream:
            return sum(1 for line in _lines(stream) if line.strip())
    except OSError:
        return None
