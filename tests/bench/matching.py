"""Recall by kind and length on drafts generated from the sample documents, false alarms on harmless text."""

import random
import sys
from collections.abc import Callable, Iterator

from reviewer.draft import Draft, Lang
from reviewer.embed import Embedder
from reviewer.index import Store
from reviewer.match import Matcher
from reviewer.measure import interval
from reviewer.normalise import fold
from reviewer.paths import PACKAGE, shipped
from reviewer.precedents import load_library
from reviewer.regulations import load_articles

SEED = 20261124
LENGTHS = (15, 20, 30, 60, 120)
LOOKALIKE = dict(zip("未人己日口土干大末入已曰囗士千太", "末入已曰囗士千太未人己日口土干大", strict=True)) | {
    "0": "O",
    "1": "l",
}
HOMOPHONE = dict(zip("的是在理事政府市县区日月年号点车", "地事再里是正付式现曲曰越念好典扯", strict=True))


def _errors(text: str, rate: float, rng: random.Random) -> str:
    """Retyping: wrong, missing and doubled characters."""
    out = []
    for c in text:
        roll = rng.random()
        out.append(c if roll > rate else rng.choice(["", c + c, rng.choice("的了一是不在有人这中大来上国")]))
    return "".join(out)


def _sentences_shuffled(text: str, rng: random.Random) -> str:
    parts = [p for p in text.replace("\n", "").split("，") if p]
    rng.shuffle(parts)
    return "，".join(parts)


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "verbatim": lambda t, r: t,
    "retyped 5 %": lambda t, r: _errors(t, 0.05, r),
    "look-alikes": lambda t, r: "".join(LOOKALIKE.get(c, c) for c in t),
    "homophones": lambda t, r: "".join(HOMOPHONE.get(c, c) for c in t),
    "zero-width": lambda t, r: "\u200b".join(t),
    "spaced": lambda t, r: " ".join(t),
    "emoji": lambda t, r: "".join(c + r.choice(["", "🙂", "🌙"]) for c in t),
    "full width": lambda t, r: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
    "reordered": lambda t, r: _sentences_shuffled(t, r),
}


def drafts(documents: list[tuple[str, str]], rng: random.Random) -> Iterator[tuple[str, int, str, str]]:
    """(kind, length, document, draft), three cuts for every kind, length and document."""
    for kind, change in KINDS.items():
        for length in LENGTHS:
            for doc, text in documents:
                body = text.split("\n\n", 3)[-1]
                for _ in range(3):
                    start = rng.randrange(max(1, len(body) - length))
                    yield kind, length, doc, change(body[start : start + length], rng)


def report(store: Store, embedder: Embedder) -> str:
    """The table."""
    public = [a.text for a in load_articles(PACKAGE / "packs").values()]
    harmless = [p.text for p in load_library([shipped("prompts") / "precedents"]).precedents if not p.labels]
    half = len(harmless) // 2
    matcher = Matcher(store, embedder, Lang.ZH, public, harmless[:half])
    rng = random.Random(SEED)

    def named(text: str) -> set[str]:
        return {f.match.doc for f in matcher(Draft(text=text), fold(text), ()).findings if f.match}

    documents = [(d.document.doc, d.document.text) for d in store.documents()]
    hits: dict[tuple[str, int], list[bool]] = {}
    wrong = 0
    for kind, length, doc, text in drafts(documents, rng):
        found = named(text)
        hits.setdefault((kind, length), []).append(doc in found)
        wrong += bool(found - {doc})
    lines = [f"matching, {len(documents)} documents, seed {SEED}: recall by kind and length in characters"]
    lines.append("kind          " + "".join(f"{n:>8}" for n in LENGTHS))
    for kind in KINDS:
        cells = [hits[kind, n] for n in LENGTHS]
        lines.append(f"{kind:14}" + "".join(f"{sum(c) / len(c):8.1%}" for c in cells))
    embedded = [(d, f"{h}{t[100:140]}{h}") for (d, t), h in zip(documents, harmless[:40], strict=False)]
    lines.append(f"embedded, 40 in chat      {interval(sum(d in named(t) for d, t in embedded), len(embedded))}")
    lines.append(f"a wrong document named    {wrong} of {sum(map(len, hits.values()))}")
    background = [*harmless[half:], *public]
    lines.append(f"false alarms on harmless  {interval(sum(bool(named(t)) for t in background), len(background))}")
    return "\n".join(lines)


def main() -> None:
    """Index the sample documents in a temporary store and print the table."""
    import tempfile
    from pathlib import Path

    from reviewer.cli import station
    from reviewer.index import Document, Key
    from reviewer.match import prepare
    from reviewer.models import Catalogue
    from reviewer.paths import Home

    settings = station.settings()
    place = Catalogue.load(shipped("models.txt")).find(settings.embedder, Home.from_environment().models)
    embedder = Embedder(place, settings.embedder)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "s.db", Key(file=Path(folder) / "key"), embedder.identity)
        for file in sorted((shipped("index") / "sample").glob("*.txt")):
            text = file.read_text("utf-8")
            document = Document(doc=file.stem, level=text[:2], text=text)
            store.add(document, *prepare(document, embedder, store.fingerprint_key))
        sys.stdout.write(report(store, embedder) + "\n")
        store.close()


if __name__ == "__main__":
    main()
