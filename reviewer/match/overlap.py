"""The words of a draft beside those of the indexed document they come from, for roles that may read its text."""

from difflib import SequenceMatcher

from rapidfuzz.fuzz import partial_ratio_alignment

from reviewer.draft import Span, Value
from reviewer.index import Document
from reviewer.match.source import Source

LEAST = 3
"""Letters in a row that both must share to be shown as the same."""
AROUND = 20
"""Letters of the document that are shown before and behind what is like the draft."""


class Same(Value):
    """Words that both have: where in the draft's quoted words, where in the excerpt."""

    here: Span
    there: Span


class Overlap(Value):
    """Quoted words of a draft and the excerpt of the document that is most like them; text of the index."""

    doc: str
    quote: str
    excerpt: str
    same: tuple[Same, ...]


def overlap(document: Document, quote: str) -> Overlap:
    """The stretch of `document` that is most like `quote`, and what both have, in order."""
    here, there = Source.read(quote), Source.read(document.text)
    if not here.letters.text or not there.letters.text:
        return Overlap(doc=document.doc, quote=quote, excerpt="", same=())
    near = partial_ratio_alignment(here.letters.text, there.letters.text)
    a, b = (near.dest_start, near.dest_end) if near else (0, len(there.letters.text))
    a, b = max(0, a - AROUND), min(len(there.letters.text), b + AROUND)
    start, stop = there.span(a, b)
    blocks = SequenceMatcher(None, here.letters.text, there.letters.text[a:b], autojunk=False).get_matching_blocks()
    same = []
    for block in blocks:
        if block.size >= LEAST:
            s, t = there.span(a + block.b, a + block.b + block.size)
            same.append(Same(here=here.span(block.a, block.a + block.size), there=(s - start, t - start)))
    return Overlap(doc=document.doc, quote=quote, excerpt=document.text[start:stop], same=tuple(same))
