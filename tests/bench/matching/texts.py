"""The documents and drafts of the benchmark. Nothing that is reported on is used for fitting."""

import json
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from reviewer.index import Document
from reviewer.paths import PACKAGE, shipped
from reviewer.precedents import load_library
from reviewer.regulations import load_articles
from tests.bench.matching.changes import CHANGES, numbers, titles

SEED = 20261127
LENGTHS = (15, 20, 30, 60, 120, 300)
CORPUS = Path(__file__).parents[1] / "corpus"
PER_PADDING = 5
"""Precedents that are put together to one padding document."""


@dataclass(frozen=True, slots=True)
class Case:
    """A draft made from `doc`, or from none."""

    kind: str
    doc: str
    text: str
    length: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents to index, drafts made from them, harmless drafts by where they come from."""

    documents: tuple[Document, ...]
    cases: tuple[Case, ...]
    harmless: dict[str, tuple[str, ...]]
    ordinary: tuple[str, ...]
    """How people write: what the rarity of words is counted on. No draft of this set is among them."""


def fitting() -> Texts:
    """What weights and thresholds are set on."""
    folder = shipped("index") / "sample"
    rows = [json.loads(line) for line in (folder / "docs.jsonl").read_text("utf-8").splitlines()]
    samples = [Document(text=(folder / r.pop("file")).read_text("utf-8"), **r) for r in rows]
    written = _read("fit.toml")
    return _texts([*samples, *_inline(written)], written, "F", "R")


def held_out() -> Texts:
    """What is reported on."""
    written = _read("held_out.toml")
    return _texts(_inline(written), written, "R", "F")


def _read(name: str) -> list[dict]:  # type: ignore[type-arg]
    return tomllib.loads((CORPUS / name).read_text("utf-8"))["document"]  # type: ignore[no-any-return]


def _inline(written: Sequence[dict]) -> list[Document]:  # type: ignore[type-arg]
    """The documents whose text stands beside the drafts made from them."""
    return [
        Document(text=w["text"].strip(), **{k: w[k] for k in ("doc", "level", "title", "number")})
        for w in written
        if "text" in w
    ]


def development(folder: Path, like: Texts) -> Texts:
    """A folder with docs.jsonl, queries.jsonl and background.jsonl, reported on beside the held-out set."""
    read = {n: [json.loads(x) for x in (folder / f"{n}.jsonl").read_text("utf-8").splitlines()] for n in _FILES}
    documents = [Document(text=(folder / r.pop("file")).read_text("utf-8"), **r) for r in read["docs"]]
    cases = [
        Case(q["kind"].partition("-")[0] if "verbatim" in q["kind"] else q["kind"], q["doc"], q["text"])
        for q in read["queries"]
    ]
    return Texts(
        tuple(documents), tuple(cases), {"background": tuple(b["text"] for b in read["background"])}, like.ordinary
    )


_FILES = ("docs", "queries", "background")


def padding() -> list[Document]:
    """Invented documents about other matters, so that the index is not small: precedents put together."""
    texts = [p.text for p in _precedents("D")]
    groups = [texts[i : i + PER_PADDING] for i in range(0, len(texts), PER_PADDING)]
    return [Document(doc=f"pad{n:03}", level="秘密", text="\n".join(g)) for n, g in enumerate(groups)]


def _precedents(part: str) -> list:  # type: ignore[type-arg]
    """An eighth of the precedents go to D (padding), three each to F and R, one to A, pairs together."""
    found = load_library([shipped("prompts") / "precedents"]).precedents
    return [p for p in found if _part(p.pair or p.id) == part]


def _part(name: str) -> str:
    return "DFFFRRRA"[blake2b(name.encode(), digest_size=2).digest()[0] % 8]


def _texts(documents: Sequence[Document], written: Sequence[dict], mine: str, other: str) -> Texts:  # type: ignore[type-arg]
    laws = [a.text for a in load_articles(PACKAGE / "packs").values()]
    harmless = {
        "same topic": tuple(t for w in written for t in w["harmless"]),
        "other drafts": tuple(p.text for p in _precedents(mine)),
        "law": tuple(laws),
    }
    ordinary = [p.text for part in (other, "A") for p in _precedents(part) if not p.labels]
    cases = (*_mechanical(documents), *_written(written))
    return Texts(tuple(documents), cases, harmless, (*ordinary, *laws))


def _mechanical(documents: Sequence[Document]) -> Iterator[Case]:
    """Two drafts for each document, kind and length; twelve that name it."""
    rng = random.Random(SEED)
    for document in documents:
        body = document.text.split("\n\n", 3)[-1] if document.text.count("\n\n") >= 3 else document.text
        for kind, change in CHANGES.items():
            for length in LENGTHS:
                for _ in range(2):
                    start = rng.randrange(max(1, len(body) - length))
                    yield Case(kind, document.doc, change(body[start : start + length], rng), length)
        for _ in range(3):
            yield Case("title", document.doc, titles(document.title, rng))
            yield Case("number", document.doc, numbers(document.number, rng))


def _written(written: Sequence[dict]) -> Iterator[Case]:  # type: ignore[type-arg]
    for w in written:
        for kind, name in (("heavy", "heavy paraphrase"), ("summary", "summary"), ("mention", "title-number")):
            for text in w[kind]:
                yield Case(name, w["doc"], text)
