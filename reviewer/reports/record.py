"""The review as JSON, schema 1, and its digest."""

import hashlib
import json

from reviewer.draft import Draft, Lang
from reviewer.reports.visible import escaped
from reviewer.verdict import Review


def render(draft: Draft, review: Review, lang: Lang) -> str:
    """One line of JSON as in the contract; keys and enumerations do not depend on the language."""
    return escaped(review.to_json())


def digest(review: Review) -> str:
    """`sha256:` over everything the record says but how long it took: equal for equal reviews."""
    record = review.model_dump(mode="json", by_alias=True, exclude={"timings_ms"})
    line = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(line.encode("utf-8")).hexdigest()
