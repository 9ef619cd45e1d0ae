"""A station full of what others wrote, and the commands that show it or refuse it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.bench.station import own_pack
from tests.conftest import HashEmbedder

REVIEWED = ("check", "--stages", "detect,judge")
RULES = ("check", "--stages", "detect")
REFUSED: Sequence[tuple[str, ...]] = (
    RULES,
    (*RULES, "--channel"),
    (*RULES, "--store"),
    (*RULES, "--report"),
    (*RULES, "--batch"),
    ("packs", "show"),
    ("packs", "check"),
    ("index", "remove"),
    ("precedents", "test"),
    ("models", "verify"),
    ("bundle", "verify"),
    ("audit", "verify", "--code"),
    ("eval",),
    ("replay",),
    ("hook", "show"),
    ("--lang",),
    (),
)
"""Commands that take a name, which no file, pack, model or command has."""


@dataclass(frozen=True, slots=True)
class Made:
    """The commands as a file, those that show every string first, and how many that refuse follow."""

    file: Path
    shown: Sequence[Sequence[str]]
    refusals: int


def commands(texts: Mapping[int, str], place: Path) -> Made:
    """Fill the station that `REVIEWER_HOME` names with the strings, and say what to run."""
    home, drafts, batch = Path(os.environ["REVIEWER_HOME"]), place / "drafts", place / "drafts.jsonl"
    drafts.mkdir()
    for text in texts.values():
        (drafts / f"{text.replace('/', '')}.txt").write_text(text, "utf-8")
    batch.write_text("".join(json.dumps({"id": text, "text": text}) + "\n" for text in texts.values()))
    _fill(home, list(texts.values()))
    shown = [
        *((*REVIEWED, "--format", form, str(drafts)) for form in ("text", "json", "html", "sarif")),
        (*REVIEWED, "--batch", str(batch)),
        (*REVIEWED, "--batch", str(batch), "--format", "text"),
        ("--lang", "en", *REVIEWED, str(drafts)),
        ("index", "list"),
        ("precedents", "list", "--station"),
        ("packs", "list"),
        ("packs", "show", "own"),
    ]
    refused = [(*command, f"{text}无") for command in REFUSED for text in texts.values()]
    file = place / "commands.json"
    file.write_text(json.dumps([*shown, *refused]))
    return Made(file, shown, len(refused))


def _fill(home: Path, texts: Sequence[str]) -> None:
    embedder, key = HashEmbedder(), Key(file=home / "index.key")
    store = Store.create(home / "store.db", key, embedder.identity)
    for text in texts:
        document = Document(
            doc=text, level="机密", title=text, number="", text="栎城区地下管廊三号舱自九月起改由夜班巡检"
        )
        store.add(document, *prepare(document, embedder, store.fingerprint_key))
    store.close()
    rows = (
        {"id": text, "channel": "email", "verdict": "pass", "text": f"十个字以上的草稿{text}", "reason": text}
        for text in texts
    )
    (home / "precedents.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (home / "packs").mkdir()
    title = "".join(f"\\U{ord(c):08X}" for c in " ".join(texts))
    (home / "packs" / "own.toml").write_text(own_pack("@").replace('"@"', f'"{title}"'), "utf-8")
