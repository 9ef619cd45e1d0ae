"""The review as JSON, schema 1."""

from reviewer.draft import Draft, Lang
from reviewer.verdict import Review


def render(draft: Draft, review: Review, lang: Lang) -> str:
    """One line of JSON as in the contract; keys and enumerations do not depend on the language."""
    return review.to_json()
