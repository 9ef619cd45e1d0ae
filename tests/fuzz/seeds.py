"""The inputs that a fuzzer starts from."""

import io
import json
from pathlib import Path

from PIL import Image

from reviewer.paths import PACKAGE
from tests.samples.gguf import ARRAY, PAIRS, STRING, array, pair, text
from tests.samples.gguf import gguf as make_gguf
from tests.samples.make import BODY, GOOD, HOSTILE, MARK, good_eml, png

LISTS = Path(__file__).parent.parent / "lists"
LONGEST = 20_000
"""Bytes of a hostile file that is still changed often enough in the right places."""


def good(kind: str) -> list[bytes]:
    """The good file of a format, and the hostile ones."""
    return [GOOD[kind](), *hostile(kind)]


def hostile(kind: str) -> list[bytes]:
    """The hostile files of a format, the long ones aside."""
    made = [make() for k, make, _ in HOSTILE.values() if k == kind]
    return [data for data in made if len(data) < LONGEST]


def texts() -> list[bytes]:
    """Marks, plain and in disguise."""
    lines = [
        BODY,
        MARK,
        "机\u200b密",
        "絕 密★",
        "ＴＯＰ ＳＥＣＲＥＴ",
        "\u202e密机",
        "木几宀必",
        "jī mì wén jiàn",
        "一八三，零零一",
    ]
    return [line.encode() for line in lines]


def encoded() -> list[bytes]:
    """A text in every encoding, one cut within a character, and a program."""
    words = f"{BODY}\n{MARK}\n"
    saved = [words.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030")]
    return [*saved, f"\ufeff{words}".encode("utf-16-be"), BODY.encode("gb18030")[:-1], b"\x7fELF\0\0"]


def lists() -> list[bytes]:
    """The station's list."""
    return [(LISTS / "station.toml").read_bytes()]


def lines() -> list[bytes]:
    """A batch, and lines that are none."""
    rows = [{"id": "d1", "text": BODY}, {"id": 7, "text": "\ud800", "channel": "email"}, {"id": None}, [], "x"]
    return ["\n".join(json.dumps(row) for row in rows).encode(), b'{"id": 1e999, "text": "x"}\n\n[']


def ggufs() -> list[bytes]:
    """A header, one with a list of strings, one whose data is short."""
    more = pair(b"tokenizer.ggml.merges", ARRAY, array(STRING, [text(b"a b")] * 9))
    return [make_gguf(), make_gguf((*PAIRS, more)), make_gguf(data=5)]


def packs() -> list[bytes]:
    """Those that are shipped."""
    return [path.read_bytes() for path in sorted((PACKAGE / "packs").glob("*.toml"))]


def mails() -> list[bytes]:
    """With a file, hostile ones, one with a page."""
    page = b"Subject: =?gb18030?b?0rvStw==?=\nContent-Type: text/html\n\n<p>x"
    return [good_eml(b"words"), *hostile("eml"), page]


def calendars() -> list[bytes]:
    """Entries with files, and a contact with what entries do not have."""
    contact = (
        f'BEGIN:VCARD\r\nitem1.FN;X-TITLE="a;b":{BODY}\r\nNOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=GB18030:=BB=FA=\r\n'
        "=C3=DC\r\nPHOTO:data:image/png;base64,iVBORw0KGgo=\r\nKEY:http://x\r\nEND:VCARD\r\n"
    )
    return [*good("calendar"), contact.encode()]


def frames(kind: str) -> list[bytes]:
    """A picture of one frame, a small one of two, and the hostile ones."""
    return [*good(kind), png(kind.upper(), ("A", "B"), (60, 80))]


def tiffs() -> list[bytes]:
    """Two small pages packed in each way, as the good file is too long, and the hostile ones."""
    page = Image.new("1", (60, 20), 1)
    return [_packed([page, page], way) for way in ("raw", "packbits", "group4", "tiff_lzw", "jpeg")] + hostile("tiff")


def _packed(pages: list[Image.Image], way: str) -> bytes:
    out = io.BytesIO()
    first, *more = (page.convert("L") if way == "jpeg" else page for page in pages)
    first.save(out, "TIFF", compression=way, save_all=True, append_images=more)
    return out.getvalue()
