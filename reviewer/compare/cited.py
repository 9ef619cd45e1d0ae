"""What is told about a citation: its words, and what is known or doubtful about it."""

from enum import StrEnum

from reviewer.draft import Span, Value


class Why(StrEnum):
    """Why a citation is told; the values name the words on the screen."""

    NUMBER = "unknown_number"
    TITLE = "unknown_title"
    LAW = "unknown_law"
    ARTICLE = "no_article"
    """Beyond the last article of a law whose last article is held."""
    UNHELD = "unheld_article"
    """Neither held nor known not to exist."""
    PARAGRAPH = "no_paragraph"
    QUOTATION = "misquoted"
    CASE = "case_number"
    INDEXED = "indexed"
    """The number or title of a document of the station's index."""
    QUOTED = "quoted"
    """The words in quotation marks stand in the article."""


class Cited(Value):
    """A citation in the answer."""

    span: Span
    quote: str
    """The answer's own words at `span`."""
    cited: str
    """What they cite, written out: one of several articles with the name of its law."""
    why: Why
    doc: str = ""
    """The indexed document it names."""
    index: bool = True
    """Whether the station's index was asked."""
