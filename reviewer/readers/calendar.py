"""Calendar entries and contacts (iCalendar, vCard): every property, folded lines joined, files inside read as such."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator

from reviewer.draft import StepKind
from reviewer.errors import ReadError
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason
from reviewer.readers.wording import worded

PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
PARAMETERS = re.compile(r";((?:\"[^\"]*\"|[^\";])*)")
ESCAPE = re.compile(r"\\(.)")
FOLD = re.compile(r"\r?\n[ \t]")
MACHINE = frozenset(
    {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE",
        "STATUS", "TRANSP", "PRIORITY", "RRULE", "CREATED", "LAST-MODIFIED", "REV", "TRIGGER", "ACTION",
        "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "TZID", "DURATION", "DUE", "EXDATE", "RDATE", "RECURRENCE-ID",
    }
)  # fmt: skip
"""Properties that only programs read: times, versions, rules of repetition."""

FILES = frozenset({"ATTACH", "PHOTO", "LOGO", "SOUND", "KEY"})


def read(data: bytes, out: Gather) -> None:
    """All words. Raises `Unreadable`."""
    try:
        source = out.decoded(data)
    except ReadError as exc:
        raise Unreadable(Reason.DAMAGED) from exc
    open_: list[str] = []
    for name, parameters, value in _properties(source):
        if name == "BEGIN":
            open_.append(value.strip().upper())
        elif name == "END" and open_ and open_[-1] == value.strip().upper():
            open_.pop()
        if name not in MACHINE or worded(value):
            _property(name, parameters, value, out.at(StepKind.PROPERTY, name))
    if open_:
        out.missed(Reason.TRUNCATED)


def _properties(source: str) -> Iterator[tuple[str, list[str], str]]:
    """Name, parameters and value of each line; one that is none has the name `?`."""
    lines = iter(FOLD.sub("", source).splitlines())
    for line in lines:
        if "QUOTED-PRINTABLE" in line.upper():
            while line.endswith("=") and (more := next(lines, None)) is not None:
                line = line[:-1] + more
        found = PROPERTY.fullmatch(line)
        if found:
            yield found[1].upper(), PARAMETERS.findall(found[2]), found[3]
        elif line.strip():
            yield "?", [], line


def _property(name: str, parameters: list[str], value: str, out: Gather) -> None:
    """The words of one property: of its parameters (the name of an attendee), and of its value as it is encoded."""
    given = {key.upper(): said.strip('"') for key, _, said in (p.partition("=") for p in parameters)}
    out.text(" ".join(given[key] for key in ("CN", "X-FILENAME", "FILENAME", "ALTREP", "X-TITLE") if given.get(key)))
    encoding = given.get("ENCODING", "").upper()
    bare = {key for key, said in given.items() if not said}
    if encoding in ("B", "BASE64") or "BASE64" in bare:
        _file(name, given.get("FILENAME") or given.get("X-FILENAME", ""), value, out)
    elif encoding == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in bare:
        out.text(_decoded(quopri.decodestring(value.encode("utf-8")), given.get("CHARSET", ""), out))
    elif value.startswith("data:") and ";base64," in value:
        _file(name, "", value.partition(";base64,")[2], out)
    elif name in FILES and re.match(r"[a-z]+:", value, re.IGNORECASE):
        out.text(value)
        out.missed(Reason.LINKED, name)
    else:
        out.text(ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value))


def _file(name: str, called: str, value: str, out: Gather) -> None:
    try:
        data = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        out.missed(Reason.DAMAGED)
        return
    if called:
        out.file(data, called)
    else:
        out.content(data, name.lower())


def _decoded(data: bytes, charset: str, out: Gather) -> str:
    """Text in the encoding that a property names; what is in none is recorded."""
    try:
        return out.decoded(data, "", charset)
    except ReadError:
        out.missed(Reason.DAMAGED)
        return data.decode("utf-8", "replace")
