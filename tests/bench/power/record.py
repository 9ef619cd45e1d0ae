"""Runs a writer under the recorder, and makes every state of its disk after a loss of power."""

import os
import random
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.power.disk import Change, Cut, Disk, Named, Step, Synced, Told, Written

HEAD = struct.Struct("<cQQII")
TOLD = "told"
"""The file, beside the folder that is watched, to which a writer says what is done."""


def compiled(folder: Path) -> Path:
    """The recorder as a shared library."""
    made = folder / "recorder.so"
    source = Path(__file__).with_name("recorder.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(made), str(source), "-ldl"], check=True)
    return made


def tell(place: Path, words: str) -> None:
    """The writer's side: something is done, and must outlast a loss of power from here on."""
    handle = os.open(place / TOLD, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, words.encode())
    os.close(handle)


def recorded(place: Path, library: Path, command: Sequence[str]) -> list[Step]:
    """What `python -m COMMAND` does to `place/disk`, which is empty before. Raises `AssertionError` when the recording
    does not explain what lies there afterwards.
    """
    root = place.resolve() / "disk"
    root.mkdir(parents=True)
    log = place / "record"
    environment = {"LD_PRELOAD": str(library), "RECORD_ROOT": str(place.resolve()), "RECORD_LOG": str(log)}
    here = Path(__file__).parent.parent.parent.parent
    subprocess.run([sys.executable, "-m", *command], env={**os.environ, **environment}, cwd=here, check=True)
    steps = list(_steps(log.read_bytes(), place.resolve()))
    disk = Disk()
    for step in steps:
        if isinstance(step, Change):
            step.apply(disk)
    found = {str(p.relative_to(root)): p.read_bytes() if p.is_file() else None for p in root.rglob("*")}
    if disk.tree() != found:
        raise AssertionError("the recorder missed something")
    return steps


def _steps(data: bytes, place: Path) -> Iterator[Step]:
    """The steps of a recording; a file is known by its inode from its making on."""
    disk, inodes, at, last = Disk(), dict[int, int](), 0, 0
    while at < len(data):
        kind, inode, number, one, two = HEAD.unpack_from(data, at)
        at += HEAD.size
        path, rest = Path(os.fsdecode(data[at : at + one])), data[at + one : at + one + two]
        at += one + two
        if path == place / TOLD:
            if kind == b"W":
                yield Told(rest.decode())
            continue
        if not path.is_relative_to(place / "disk"):
            continue
        parts = path.relative_to(place / "disk").parts
        step: Step
        match kind:
            case b"C" | b"D":
                last += 1
                if kind == b"C":
                    inodes[inode] = last
                step = Named(last, to=(disk.node(parts[:-1]), parts[-1]), folder=kind == b"D")
            case b"W":
                step = Written(inodes[inode], number, rest)
            case b"T":
                step = Cut(inodes[inode], number)
            case b"S":
                step = Synced(inodes[inode] if inode in inodes and not _folder(disk, parts) else disk.node(parts))
            case b"U":
                step = Named(disk.node(parts), leaves=(disk.node(parts[:-1]), parts[-1]))
            case b"R":
                to = Path(os.fsdecode(rest)).relative_to(place / "disk").parts
                step = Named(
                    disk.node(parts),
                    to=(disk.node(to[:-1]), to[-1]),
                    leaves=(disk.node(parts[:-1]), parts[-1]),
                )
            case _:
                raise AssertionError(kind)
        if isinstance(step, Change):
            step.apply(disk)
        yield step


def _folder(disk: Disk, parts: tuple[str, ...]) -> bool:
    try:
        return disk.node(parts) in disk.folders
    except KeyError:
        return False


def losses(steps: Sequence[Step], each: int, seed: int) -> Iterator[tuple[list[str], Disk]]:
    """What the writer had told, and what may be on the disk, for a loss of power after each step.

    First everything up to there, then only what was synced, then `each` random choices of what was not: a change whole,
    in part (some of its sectors) or not at all. Where two unsynced changes are of the same bytes, the later one is
    put last: a cache keeps one version of a page. Which of the others the disk writes first is the same as which are
    missing.
    """
    rng = random.Random(seed)
    sure, pending, told = Disk(), list[tuple[Change, set[int]]](), list[str]()
    for step in (None, *steps):
        match step:
            case Synced():
                for change, nodes in pending:
                    nodes.discard(step.node)
                    if not nodes:
                        change.apply(sure)
                pending = [held for held in pending if held[1]]
            case Told():
                told.append(step.words)
            case Written() | Cut() | Named():
                pending.append((step, set(step.nodes)))
        yield list(told), _left(sure, [change for change, _ in pending])
        if pending:
            yield list(told), sure.copy()
        for _ in range(each if pending else 0):
            share, torn = rng.choice((0.2, 0.5, 0.9)), rng.choice((0.0, 0.3))
            kept = [change for change, _ in pending if rng.random() < share]
            yield list(told), _left(sure, kept, rng, torn)


def _left(sure: Disk, changes: Sequence[Change], rng: random.Random | None = None, torn: float = 0.0) -> Disk:
    """The disk with these changes, some of them in part."""
    disk = sure.copy()
    for change in changes:
        change.apply(disk, rng if rng is not None and rng.random() < torn else None)
    return disk
