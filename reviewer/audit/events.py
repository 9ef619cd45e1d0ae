"""What the log says happened. No text, name, file name or path is in it: those are written as keyed digests only."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from reviewer import __version__
from reviewer.audit.line import Event, Fact
from reviewer.draft import Draft
from reviewer.finding import Finding
from reviewer.verdict import Review

RULES = 40
"""Rules of a review that are named; a review that met more says how many."""

DOCUMENTS = 40
"""Documents that are named, by digest, in one record."""


class Reason(StrEnum):
    """Why a person copied a draft that should have been reviewed; a code, because free text would hold the draft."""

    APPROVED = "approved"
    """A secrecy review has approved it."""
    PUBLISHED = "published"
    """The content is already public."""
    NOT_OURS = "not-ours"
    """The finding is about other content than it takes it for: a false alarm."""
    INTERNAL = "internal"
    """The channel is an approved internal one."""


def started(what: str) -> Event:
    """A front end began to work."""
    return Event("start", {"what": what, "program": __version__, "user": os.getuid() if hasattr(os, "getuid") else -1})


def reviewed(draft: Draft, review: Review, record: str, source: str, resumed: int = 0) -> Event:
    """A verdict, as it is about to be shown; `record` is the digest of the review's JSON, `source` a code.

    `resumed` is the sequence number of the record under which an earlier run made this review; 0 for one made now.
    """
    documents = sorted({f.match.doc for f in review.findings if f.match})
    facts: dict[str, Fact] = {
        "decision": review.decision.value,
        "channel": draft.channel.value,
        "source": source,
        "length": review.length.bit_length(),
        "findings": _rules(review.findings),
        "unfinished": sorted({u.stage.value for u in review.unfinished}),
        "documents": len(documents),
        "ms": dict(review.timings_ms),
        "versions": {name: _code(words) for name, words in review.versions.items()},
        **({"resumed": resumed} if resumed else {}),
    }
    return Event("review", facts, {"draft": plain(draft.text), "record": record, "docs": documents[:DOCUMENTS]})


def overridden(draft: Draft, record: str, reason: Reason) -> Event:
    """A person copied a draft that should have been reviewed."""
    return Event("override", {"reason": reason.value}, {"draft": plain(draft.text), "record": record})


def reported(form: str, drafts: int) -> Event:
    """A report was written to a file."""
    return Event("report", {"format": form, "drafts": drafts})


def indexed(change: str, documents: Sequence[str]) -> Event:
    """The index is about to be changed, shown or carried: `add`, `remove`, `show`, `protect`, `export`, `import`."""
    return Event(f"index.{change}", {"documents": len(documents)}, {"docs": documents[:DOCUMENTS]})


def index_state(counts: Mapping[str, int]) -> Event:
    """What the index holds after a change."""
    return Event("index.state", dict(counts))


def precedent_added(verdict: str, labels: Sequence[str], text: str) -> Event:
    """A person said that a draft was judged wrongly."""
    return Event("precedent.add", {"verdict": verdict, "labels": list(labels)}, {"draft": plain(text)})


def precedents_removed(ids: Sequence[str]) -> Event:
    """Precedents of the station are about to be taken away."""
    return Event("precedent.remove", {"precedents": len(ids)}, {"ids": ids[:DOCUMENTS]})


def model_imported(name: str, sha256: str) -> Event:
    """A model is about to be copied to the station."""
    return Event("model.import", {"model": name, "sha256": sha256})


def model_fetched(name: str, sha256: str) -> Event:
    """A model was downloaded and checked."""
    return Event("model.fetch", {"model": name, "sha256": sha256})


def heads_fitted(judge: str, hashes: Mapping[str, str]) -> Event:
    """The judge was fitted on the precedents again."""
    return Event("model.calibrate", {"judge": judge, **hashes})


def bundle_refused(code: str) -> Event:
    """A bundle was refused for the rule of that code."""
    return Event("bundle.refused", {"code": code})


def bundle_applied(manifest: str, versions: Mapping[str, int], signers: Sequence[str], *, older: bool) -> Event:
    """A bundle was accepted and is about to be switched to; `older` where a rollback was asked for."""
    facts: dict[str, Fact] = {"manifest": manifest, "versions": dict(versions), "signers": list(signers)}
    return Event("bundle.apply", {**facts, "older": older})


def bundle_undone(parts: Mapping[str, str]) -> Event:
    """The station is about to go back to the parts before the last bundle: kind to generation."""
    return Event("bundle.rollback", {"parts": dict(parts)})


def evaluated(drafts: int) -> Event:
    """Labelled drafts were judged and counted; no single verdict was shown."""
    return Event("eval", {"drafts": drafts})


def first_key_taken() -> Event:
    """The officer took K(0) away."""
    return Event("key.taken", {})


def plain(text: str) -> str:
    """A text as its digest is taken: NFKC, without white space, so that it is recognised when it comes back."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _code(words: str) -> str:
    """A version or the seal's state, which a review tells in words, as one code."""
    return re.sub(r"[^A-Za-z0-9._:+-]+", "-", words)[:128]


def _rules(findings: Sequence[Finding]) -> dict[str, Fact]:
    """`rule:severity` and how often; a name that is no code is counted as `other`."""
    known = re.compile(r"[a-z0-9._-]{1,60}")
    names = (f.rule if known.fullmatch(f.rule) else "other" for f in findings)
    counts = Counter(f"{name}:{f.severity.value}" for name, f in zip(names, findings, strict=True))
    kept: dict[str, Fact] = dict(counts.most_common(RULES))
    return kept if len(counts) <= RULES else {**kept, "more": len(counts) - RULES}
