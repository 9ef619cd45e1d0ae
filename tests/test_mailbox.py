"""Mails behind a line of their own, as other programs keep them, are mails: what is attached is opened."""

import time

import pytest

from reviewer.draft import Lang, describe
from reviewer.readers import mailbox
from reviewer.readers.formats import EML, MAILBOX, TEXT, sniff
from reviewer.readers.reasons import Reason, say
from tests.samples.make import BODY, ENVELOPE, MARK, good_eml, plain_eml
from tests.test_hidden_words import parsed

PLIST = '<?xml version="1.0"?><!DOCTYPE plist PUBLIC "a"><plist><dict><string>旁注</string></dict></plist>'.encode()


def apple(message: bytes, kept: bytes = PLIST, longer: int = 0) -> bytes:
    return b"%-10d\n" % (len(message) + longer) + message + kept


@pytest.mark.parametrize("name", ["a.eml", "a.mbox", "a.emlx", "a", "a.dat"])
@pytest.mark.parametrize("data", [ENVELOPE + good_eml(), apple(good_eml())], ids=["mbox", "emlx"])
def test_a_mail_behind_a_line_is_opened_under_any_name(data: bytes, name: str) -> None:
    draft = parsed(data, name)
    assert draft.unread == ()
    assert MARK in draft.text
    assert BODY in draft.text


def test_every_message_of_a_mailbox_is_read() -> None:
    draft = parsed(b"".join(ENVELOPE + message + b"\n" for message in (plain_eml(), good_eml(), plain_eml())), "a.mbox")
    assert draft.unread == ()
    assert draft.text.count("a@example.org Mon") == 3
    place = draft.place(draft.text.index(MARK))
    assert place is not None
    assert describe(place.steps, Lang.ZH) == "文件“2.eml” › 文件“附件一.docx” › 页眉 › 第1段"


@pytest.mark.parametrize("name", ["a.mbox", "a.emlx"])
def test_a_message_without_the_line_loses_no_field(name: str) -> None:
    draft = parsed(b"Subject: =?UTF-8?B?57ud5a+G?=\nFrom: a@b.c\n\nhello\n", name)
    assert "绝密" in draft.text


def test_blank_lines_before_the_first_message_are_none() -> None:
    assert parsed(b"\r\n\n" + ENVELOPE + plain_eml(), "a.mbox").unread == ()


def test_too_many_messages_are_named() -> None:
    message = ENVELOPE + b"Subject: a\nMIME-Version: 1.0\n\nb\n\n"
    assert parsed(message * mailbox.MAX_MESSAGES, "a.mbox").unread == ()
    [named] = parsed(message * (mailbox.MAX_MESSAGES + 1), "a.mbox").unread
    assert named.reason == say(Reason.TOO_MUCH, "", Lang.ZH)


def test_a_damaged_message_does_not_hide_the_next() -> None:
    draft = parsed(ENVELOPE + b"a:\n" + ENVELOPE + good_eml(), "a.mbox")
    assert MARK in draft.text
    cut = parsed(ENVELOPE + good_eml()[:-90] + b"\n" + ENVELOPE + good_eml(), "a.mbox")
    assert say(Reason.TRUNCATED, "CloseBoundaryNotFoundDefect", Lang.ZH) in [u.reason for u in cut.unread]


def test_what_apple_mail_keeps_beside_a_message_is_read_and_its_length_is_heard() -> None:
    assert "旁注" in parsed(apple(good_eml()), "a.emlx").text
    assert MARK in parsed(apple(good_eml(), longer=-9), "a.emlx").text
    assert [u.reason for u in parsed(apple(good_eml(), b"", 1), "a.emlx").unread] == [
        say(Reason.TRUNCATED, "", Lang.ZH)
    ]
    apart = b"Subject: a\nMIME-Version: 1.0\nContent-Type: image/png\nX-Apple-Content-Length: 900\n\n"
    assert say(Reason.LINKED, "image/png", Lang.ZH) in [u.reason for u in parsed(apple(apart), "a.emlx").unread]


def test_other_texts_stay_what_they_were() -> None:
    for words in ("From now on:\nNote: a\n\nb", "12\nNote: a\n\nReceived: b", "From a@b: c\n", "2026\n夜班\n"):
        assert sniff(words.encode(), "a.txt") is TEXT
    assert sniff(good_eml(), "a.eml") is EML
    assert sniff(ENVELOPE + good_eml(), "a") is MAILBOX


def test_a_line_that_never_ends_takes_no_time() -> None:
    started = time.process_time()
    assert sniff(b"From " + b"0:00 @" * 20_000, "a.txt") is TEXT
    assert parsed(ENVELOPE + b"Subject: a\n\n" + b"From " + b"0:00 " * 200_000 + b"\n", "a.mbox").unread == ()
    assert time.process_time() - started < 10
