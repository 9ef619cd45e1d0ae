"""From reviews to something a person or a program reads: one file per format, one line in a table below.

A format of `LINES` answers draft by draft; one of `WHOLE` is one document about all of them, its module imported only
when it is asked for.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from reviewer.draft import Draft, Lang
from reviewer.regulations import Clause
from reviewer.reports import plain, record
from reviewer.reports.subject import Explained, Subject
from reviewer.verdict import Review

Render = Callable[[Draft, Review, Lang, Mapping[str, Clause], Mapping[str, Explained]], str]
"""One review as text without the last line end; clauses and rules in force by id."""

LINES: Mapping[str, Render] = {"text": plain.render, "json": record.render}
"""Renderers by the name given to `--format`, each review as soon as it is there."""

WHOLE: Mapping[str, str] = {"sarif": "sarif", "html": "page", "form": "form_pdf"}
"""Modules of whole documents by the name given to `--format`."""

BINARY = frozenset({"form"})
"""Formats of `WHOLE` that are no text: not for a terminal."""

SUFFIXES: Mapping[str, str] = {".sarif": "sarif", ".html": "page", ".docx": "form_docx", ".pdf": "form_pdf"}
"""Modules of whole documents by the suffix of the file given to `--report`."""


def write(module: str, subject: Subject) -> bytes:
    """The document that a module of `WHOLE` or `SUFFIXES` makes of the reviews."""
    made: bytes = import_module(f"reviewer.reports.{module}").render(subject)
    return made
