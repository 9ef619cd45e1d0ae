"""Keys, digests and tokens of ordinary texts are words; what is longer than they are is a file."""

import base64
import json
import random
from pathlib import Path

import pytest

from reviewer.cli.drafts import read_batch
from reviewer.draft import Channel, Draft, Lang, Unread
from reviewer.readers import coded, from_text, read_bytes
from reviewer.readers.reasons import Reason, say
from tests.pace import least, slowness

NOISE = random.Random(7).randbytes(9000)
LINES = base64.encodebytes(NOISE).decode().splitlines()


def pem(label: str, size: int) -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(NOISE[:size]).decode()}-----END {label}-----\n"


@pytest.mark.parametrize(
    "words",
    [
        pem("PRIVATE KEY", 2400),
        "".join(pem("CERTIFICATE", 1500) for _ in range(5)),
        ".".join(base64.urlsafe_b64encode(NOISE[:2000]).decode().strip("=") for _ in range(3)),
        "\n".join(NOISE[n : n + 32].hex() for n in range(300)),
        "\n".join(base64.b64encode(NOISE[n : n + 32]).decode() for n in range(300)),
        "\n".join(f"usr/lib/Python3/site-packages/some-module/part{n:03}" for n in range(300)),
        "-" * 9000 + "\n" + "=" * 9000 + "\n" + "Ab1 " * 3000,
        "ACGTACGTAC" * 900,
        "begin with 644 words; content-transfer-encoding: base64 is MIME, data:image/png;base64,iVBOR starts PNG",
        "Begin PGP MESSAGE; -----BEGIN PGP SIGNED MESSAGE-----\n" + pem("PGP SIGNATURE", 600),
        "\n".join(LINES[: coded.BASE64 // 76]),
        "we will\nbegin 100 projects this year\nand end 20",
    ],
    ids=range(12),
)
def test_what_ordinary_texts_hold_is_not_named(words: str) -> None:
    assert list(coded.found(words)) == []


@pytest.mark.parametrize(
    "words",
    [
        "\n".join(LINES[: coded.BASE64 // 76 + 1]),
        "\r\n".join(f"> {line}" for line in LINES),
        f'{{"file": "{base64.b64encode(NOISE).decode()}"}}',
        base64.urlsafe_b64encode(NOISE).decode(),
    ],
    ids=range(4),
)
def test_a_long_run_of_base64_is_named(words: str) -> None:
    assert list(coded.found(words)) == [(Reason.EMBEDDED, "Base64")]


def test_a_text_that_is_read_here_names_it_too() -> None:
    draft = read_bytes(b"-----BEGIN PGP MESSAGE-----\n", "a.txt", Channel.EMAIL)
    assert [u.reason for u in draft.unread] == [say(Reason.ENCRYPTED, "PGP", Lang.ZH)]


@pytest.mark.parametrize(("lang", "where"), [(Lang.ZH, "正文"), (Lang.EN, "body")])
def test_a_text_that_comes_without_a_file_names_it_too(tmp_path: Path, lang: Lang, where: str) -> None:
    file, words = tmp_path / "in.jsonl", "1\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n"
    named = Unread(what=where, reason=say(Reason.ENCRYPTED, "PGP", lang))
    assert from_text(words, Channel.EMAIL, lang=lang).unread == (named,)
    file.write_text(json.dumps({"id": "甲", "text": words}) + "\n" + json.dumps({"id": "乙", "text": "夜班"}) + "\n")
    first, second = read_batch(file, Channel.EMAIL, lang)
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert first.unread == (named.model_copy(update={"what": "甲"}),)
    assert second.unread == ()


@pytest.mark.alone
@pytest.mark.parametrize(
    "words", ["各单位：请于周五前报送，电话：010-88886666。data: begin\n", "https://a.b/c-d_e: ", "A"]
)
def test_looking_for_it_is_no_wait_at_a_key(words: str) -> None:
    text = (words * 20_000)[:20_000]
    assert least(lambda: from_text(text, Channel.EMAIL)) < 0.01 * slowness()
