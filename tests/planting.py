"""Words that exist nowhere else, planted as draft, index text, file name and passphrase, and the search for them."""

import hashlib
import json
import os
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.conftest import HashEmbedder

LETTERS = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]
"""The 3,666 commonest simplified characters: folding leaves them as they are."""

LENGTH, PIECE = 12, 6
"""Characters of a planted word, and how many of them in a row count as a trace."""

EVERYBODYS = ("/tmp", "/var/tmp", "/dev/shm", "/var/log", "/var/crash", "/var/lib/systemd/coredump")
"""Folders outside the station where a program can leave things."""

PERSONS = (".cache/reviewer", ".local/share/reviewer", ".local/state", ".config/reviewer")
"""Folders below the real home of who runs the tests, besides the files that lie in it."""

BLOCK = 1 << 22


def word() -> str:
    """A new word."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def spellings(planted: str) -> set[bytes]:
    """How a word, a piece of it or a plain digest of it would look on a disk."""
    pieces = {planted[i : i + PIECE] for i in range(0, len(planted), PIECE)}
    found = {p.encode(e) for p in pieces for e in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
    for piece in pieces:
        escaped = json.dumps(piece)[1:-1]
        found |= {escaped.encode(), escaped.upper().replace("\\U", "\\u").encode(), quote(piece).encode()}
    for algorithm in ("md5", "sha1", "sha256"):
        digest = hashlib.new(algorithm, planted.encode(), usedforsecurity=False)
        found |= {digest.digest(), digest.hexdigest().encode()}
    return found


@dataclass(frozen=True)
class Ground:
    """A station in folders of its own, what was planted there, and what may hold it."""

    root: Path
    cache: Path | None = None
    """Where the weights are; none for an engine that finds no model."""
    planted: Mapping[str, str] = field(
        default_factory=lambda: {kind: word() for kind in ("draft", "index", "name", "passphrase")}
    )
    started: float = field(default_factory=lambda: time.time() - 1)

    def __post_init__(self) -> None:
        """Make the folders."""
        for name in ("home", "user", "temporary", "here", "given", "asked"):
            (self.root / name).mkdir(mode=0o700, parents=True)
        (self.root / "home" / "tour-seen").touch()

    @property
    def given(self) -> Path:
        """Files of the person, with planted words."""
        return self.root / "given"

    @property
    def asked(self) -> Path:
        """Where the person asked for a report."""
        return self.root / "asked"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process that is tried."""
        own = {
            "HOME": self.root / "user",
            "REVIEWER_HOME": self.root / "home",
            "TMPDIR": self.root / "temporary",
            "XDG_CACHE_HOME": self.cache or self.root / "user",
            "HISTFILE": self.root / "user" / ".bash_history",
        }
        return {**os.environ, **{k: str(v) for k, v in own.items()}, "TERM": "xterm-256color"}

    def start(
        self, *arguments: str, program: Sequence[str] = ("-m", "reviewer"), **more: str
    ) -> "subprocess.Popen[bytes]":
        """A process of the program that may leave a core dump of any size where it stands."""
        return subprocess.Popen(
            [sys.executable, *program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.root / "here",
            env={**self.environment, "PYTHONPATH": str(Path(__file__).parents[1]), **more},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2),
        )

    def run(self, *arguments: str, data: bytes = b"", **more: str) -> "subprocess.CompletedProcess[bytes]":
        """A process of the program, to its end."""
        process = self.start(*arguments, **more)
        out, err = process.communicate(data, timeout=180)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def traces(self) -> list[str]:
        """`kind: place` of everything that is found on the disk where nobody asked for it."""
        wanted = [(kind, s) for kind, planted in self.planted.items() for s in spellings(planted)]
        found = set()
        for file in self.files():
            for kind, spelling in wanted:
                if spelling in os.fsencode(file):
                    found.add(f"{kind}: in the name of a file in {file.parent}")
            found |= {f"{kind}: {file}" for kind in _held(file, wanted)}
        return sorted(found)

    def files(self) -> Iterator[Path]:
        """The station's files, and every file of this machine's common places that changed since the start."""
        mine = Path.home()
        yield from (f for f in mine.iterdir() if f.is_file() and self._fresh(f))
        for place in (self.root, *map(Path, EVERYBODYS), *(mine / p for p in PERSONS)):
            for folder, _, names in os.walk(place):
                if Path(folder) not in (self.given, self.asked):
                    yield from (f for f in (Path(folder, name) for name in names) if self._fresh(f))

    def _fresh(self, file: Path) -> bool:
        try:
            return file.is_file() and not file.is_symlink() and file.stat().st_mtime >= self.started
        except OSError:
            return False


def plant_index(ground: Ground) -> Store:
    """A new index, under the planted passphrase, with one document of the planted text and title; it is open."""
    embedder = HashEmbedder()
    key = Key(passphrase=ground.planted["passphrase"])
    store = Store.create(ground.root / "home" / "store.db", key, embedder.identity)
    text = f"{ground.planted['index']}，今年九月起改由夜班巡检，每班六人。" * 3
    document = Document(doc="7", level="机密", title=ground.planted["index"][::-1], number="", text=text)
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    return store


def _held(file: Path, wanted: Sequence[tuple[str, bytes]]) -> set[str]:
    """The kinds whose words a file holds, read in overlapping blocks; a file that is gone holds nothing."""
    found, overlap = set(), max(len(spelling) for _, spelling in wanted)
    try:
        with file.open("rb") as stream:
            tail = b""
            while block := stream.read(BLOCK):
                found |= {kind for kind, spelling in wanted if spelling in tail + block}
                tail = block[-overlap:]
    except OSError:
        return found
    return found


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run; its threads may end meanwhile."""
    found = list[int]()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found
