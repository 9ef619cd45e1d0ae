"""The review as JSON, schema 1, and its digest."""

import hashlib
import json
from collections.abc import Mapping

from reviewer.draft import Draft, Lang
from reviewer.regulations import Clause
from reviewer.reports.subject import Explained
from reviewer.reports.visible import escaped
from reviewer.verdict import Review


def render(
    draft: Draft, review: Review, lang: Lang, clauses: Mapping[str, Clause], rules: Mapping[str, Explained]
) -> str:
    """One line of JSON as in the contract; keys and enumerations do not depend on the language."""
    return escaped(review.to_json())


def kept(
    draft: Draft, review: Review, lang: Lang, clauses: Mapping[str, Clause], rules: Mapping[str, Explained]
) -> str:
    """The same line with the draft's digest and channel, which `reviewer replay` reads."""
    return escaped(review.to_record())


def digest(review: Review) -> str:
    """`sha256:` over everything a kept record says but how long it took: equal for equal reviews of equal drafts."""
    record = json.loads(review.to_record())
    del record["timings_ms"]
    line = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(line.encode("ascii")).hexdigest()
