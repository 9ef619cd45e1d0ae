"""An indexed document's words beside the draft's, for who has the managing passphrase."""

from collections.abc import Iterable

from rich.text import Text

from reviewer.draft import Lang, Span
from reviewer.match.overlap import Overlap
from reviewer.reports.visible import visible
from reviewer.tui.themes import Looks
from reviewer.tui.words import say


def aligned(found: Overlap, lang: Lang, looks: Looks) -> Text:
    """The quoted words, then the document's; what both have stands out, numbered alike."""
    out = Text(say("overlap_draft", lang) + "\n", "bold")
    out.append_text(_marked(found.quote, [s.here for s in found.same], looks))
    out.append("\n\n" + say("overlap_document", lang).format(doc=visible(found.doc)) + "\n", "bold")
    return out.append_text(_marked(found.excerpt, [s.there for s in found.same], looks))


def _marked(text: str, same: Iterable[Span], looks: Looks) -> Text:
    out, at = Text(), 0
    for number, (a, b) in enumerate(same, 1):
        out.append(visible(text[at:a], lines=True))
        out.append(f"{number}:", "dim")
        out.append(visible(text[a:b], lines=True), looks["selected"])
        at = b
    return out.append(visible(text[at:], lines=True))
