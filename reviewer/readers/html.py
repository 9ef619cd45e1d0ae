"""HTML, SVG and other markup: words, titles, alternative texts, comments and hidden text."""

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

from reviewer.draft import StepKind
from reviewer.errors import ReadError
from reviewer.readers import coded, css
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason
from reviewer.readers.wording import worded

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1",
        "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section",
        "table", "title", "tr", "ul", "body", "html",
    }
)  # fmt: skip
EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
ROOTS = frozenset({"html", "svg"})
"""Elements that a page or a drawing opens once and closes at its end; `</body>` closes a page as well."""

HEAD = 4096
"""Bytes in which a page says its encoding; browsers look at the first 1,024 and then on."""

MACHINE = frozenset(
    {
        "accept-ch", "cache-control", "cleartype", "content-language", "content-script-type", "content-security-policy",
        "content-style-type", "content-type", "default-style", "expires", "imagetoolbar", "msthemecompatible",
        "origin-trial", "pics-label", "pragma", "refresh", "set-cookie", "x-dns-prefetch-control", "x-ua-compatible",
    }
)  # fmt: skip
"""Fields that a page sets for a program; only Chinese words in them are words."""

DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:+-]+)", re.IGNORECASE)
META = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)

UNFINISHED = re.compile(r"<[A-Za-z/!?]")
LOOSE = re.compile(
    r"""<(?!(?!/?(?:script|style)\b)/?[a-z][^<>"']*(?:(?:"[^<>"]*"|'[^<>']*')[^<>"']*)*>)""", re.IGNORECASE
)
"""A `<` with which no whole tag begins, or one behind which words would be taken for a program or for looks."""

SPOKEN = frozenset(
    {
        "alt", "title", "placeholder", "content", "value", "aria-label", "aria-description", "aria-roledescription",
        "aria-valuetext", "label", "summary", "abbr",
    }
)  # fmt: skip
LOOKS = frozenset({"style", "class", "face", "lang", "font-family"})
"""Attributes whose Chinese words, the names of fonts, say nothing."""

HANDLER = re.compile(r"on[a-z]+$")
PROGRAM = re.compile(r"\s*javascript:", re.IGNORECASE)
"""Attributes that hold programs, by name and by value."""

OUTSIDE = frozenset({"img", "image", "iframe", "frame", "object", "embed", "video", "audio"})
"""Elements that show what is no part of the page's text."""

ADDRESSES = (
    "src", "srcset", "href", "xlink:href", "data", "poster", "background", "action", "formaction",
)  # fmt: skip
CARRIED = re.compile(r"\s*data:", re.IGNORECASE)
"""An address that is itself the file."""

DRAWN = frozenset({"path", "use", "polygon", "polyline", "pattern"})
"""Elements of SVG that may show anything, words as well."""

SHAPES = frozenset({"rect", "line", "circle", "ellipse"})
MAX_SHAPES = 100
"""Frames and rules of one drawing with text; a QR code has more squares."""

BINARY = frozenset({"bindata", "binarydata", "binary-data"})
"""Elements in which Word and others keep a file as Base64 when they write one XML file."""

HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])")


def read(data: bytes, out: Gather) -> None:
    """All words of the markup. Raises `Unreadable`."""
    try:
        source = out.decoded(data, charset=_charset(data))
    except ReadError as exc:
        raise Unreadable(Reason.DAMAGED) from exc
    reader = _Reader(out)
    try:
        reader.feed(source)
        if reader.cut():
            out.missed(Reason.TRUNCATED)
        reader.finish()
    except AssertionError:  # how the library refuses a marked section such as <![x
        out.missed(Reason.DAMAGED)
    reader.flush()


def _charset(data: bytes) -> str:
    """What a page or XML says about its encoding. UTF-16 without its mark could not have been read to here."""
    head = COMMENT.sub(b"", data[:HEAD])
    found = DECLARED.match(head) or META.search(head)
    charset = found[1].decode("ascii") if found else ""
    return "" if charset.lower().startswith(("utf-16", "utf-32", "ucs")) else charset


class _Reader(HTMLParser):
    """Collects lines; what a style hides stands apart."""

    def __init__(self, out: Gather) -> None:
        super().__init__(convert_charrefs=True)
        self._out = out
        self._line: list[str] = []
        self._number = 0
        self._open: list[tuple[str, bool]] = []
        self._names: Counter[str] = Counter()
        """How many of each name are open: an end that closes none costs no search."""
        self._missed: set[tuple[Reason, str]] = set()
        self._style: list[str] = []
        self._owed: set[str] = set()
        self._declared = False
        self._drawing = False
        self._shapes = 0

    def cut(self) -> bool:
        """Whether what was fed ends too early: within a tag, a comment or a script, or before its root is closed."""
        return bool(self._owed or self.cdata_elem or UNFINISHED.match(self.rawdata))

    def finish(self) -> None:
        """Take what waits for an end that does not come: from there on only whole tags are markup.

        `close` looks for the end of each tag and comment again: quadratic time where many are left open.
        """
        if not self.cdata_elem and UNFINISHED.match(self.rawdata):
            rest, self.rawdata = self.rawdata, ""
            self.feed(LOOSE.sub("&lt;", rest))
        self.handle_data(self.rawdata if self.cdata_elem else unescape(self.rawdata))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ROOTS or self._declared:
            self._owed.add(tag)
            self._declared = False
        values = {key: value or "" for key, value in attrs}
        if tag in BLOCKS:
            self.flush()
        elif tag in ("td", "th") and self._line:
            self._line.append(" | ")
        hidden = bool(HIDING.search(values.get("style", "").lower())) or "hidden" in values
        if tag not in EMPTY:
            self._open.append((tag, hidden or self._hidden()))
            self._names[tag] += 1
        self._attributes(values, spoken=not (tag == "meta" and values.get("http-equiv", "").strip().lower() in MACHINE))
        self._outside(tag, values)

    def handle_endtag(self, tag: str) -> None:
        self._owed -= {tag, "html"} if tag == "body" else {tag}
        if tag == "style":
            self._styled()
        if tag in BLOCKS:
            self.flush()
        while self._names[tag]:
            name, _ = self._open.pop()
            self._names[name] -= 1
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        tag = self._open[-1][0] if self._open else ""
        if tag == "style":
            self._style.append(data)
            return
        if tag == "script":
            self._miss(Reason.MACRO, "script")
        elif _local(tag) in BINARY:
            self._miss(Reason.EMBEDDED, tag)
        elif self._hidden():
            self._out.at(StepKind.HIDDEN).text(data)
        else:
            self._line.append(data)

    def handle_comment(self, data: str) -> None:
        self._out.at(StepKind.HIDDEN).text(data)

    def handle_pi(self, data: str) -> None:
        self._declared = data.lower().startswith("xml ")  # the next tag is the root, whatever its name
        self.handle_decl(data)

    def handle_decl(self, data: str) -> None:
        if worded(data):
            self._out.at(StepKind.HIDDEN).text(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_data(data.removeprefix("CDATA["))

    def flush(self) -> None:
        """Put out the line collected so far, and a style sheet that was never closed."""
        self._styled()
        if not self._line:
            return
        line = re.sub(r"\s+", " ", "".join(self._line)).strip()
        self._line = []
        if line:
            self._number += 1
            self._out.at(StepKind.PARAGRAPH, self._number).text(line)
            for reason, detail in coded.found(line):
                self._miss(reason, detail)

    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _attributes(self, values: dict[str, str], *, spoken: bool) -> None:
        """Words in attributes: those that are `spoken` or kept for scripts, and Chinese ones in any."""
        for name, words in values.items():
            told = (spoken and name in SPOKEN) or name.startswith("data-")
            if told or (name not in LOOKS and worded(words)):
                self._out.at(StepKind.ALT_TEXT).text(words)

    def _styled(self) -> None:
        if not self._style:
            return
        source, self._style = "".join(self._style), []
        self._looks(source)

    def _looks(self, source: str) -> None:
        """What a style sheet or the style of one element says and shows."""
        css.read(source, self._out)
        for reason in css.unread(source):
            self._miss(reason, "style")

    def _outside(self, tag: str, values: dict[str, str]) -> None:
        """Pictures, frames, objects, and scripts and styles from elsewhere are not part of the page's text."""
        if tag != "link" and any(CARRIED.match(values.get(name, "")) for name in ADDRESSES):
            self._miss(Reason.EMBEDDED, "data:")
        elif tag in OUTSIDE or (tag == "input" and values.get("type", "").lower() == "image"):
            self._miss(Reason.LINKED, tag)
        elif values.get("background", "#").strip()[:1] not in ("", "#"):
            self._miss(Reason.LINKED, "background")
        elif tag == "script" and ("src" in values or "href" in values or "xlink:href" in values):
            self._miss(Reason.LINKED, "script src")
        elif tag == "link" and "stylesheet" in values.get("rel", "").lower():
            self._miss(Reason.LINKED, "link")
        if any(HANDLER.match(name) for name in values) or any(PROGRAM.match(value) for value in values.values()):
            self._miss(Reason.MACRO, "script")
        if values.get("style"):
            self._looks(values["style"])
        self._drawn(_local(tag))

    def _drawn(self, name: str) -> None:
        """What a drawing shows besides its text is a picture, an icon as well."""
        self._drawing |= name == "svg"
        self._shapes += self._drawing and name in SHAPES
        if self._drawing and (name in DRAWN or self._shapes > MAX_SHAPES):
            self._miss(Reason.PICTURE, "svg")

    def _miss(self, reason: Reason, detail: str) -> None:
        if (reason, detail) not in self._missed:
            self._missed.add((reason, detail))
            self._out.missed(reason, detail)


def _local(tag: str) -> str:
    """A tag's name without the prefix of its namespace."""
    return tag.rpartition(":")[2]
