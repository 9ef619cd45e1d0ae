"""From a review to something a person or a program reads: one file per format, one line in `REPORTS`."""

from collections.abc import Callable, Mapping

from reviewer.draft import Draft, Lang
from reviewer.reports import plain, record
from reviewer.verdict import Review

REPORTS: Mapping[str, Callable[[Draft, Review, Lang], str]] = {"text": plain.render, "json": record.render}
"""Renderers by the name given to `--format`."""
