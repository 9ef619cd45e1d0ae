"""Places of HTML, mail, calendars, archives, Markdown that people forget, each with a sample that has words there."""

import io
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage, MIMEPart
from functools import partial

from reviewer.readers.reasons import Reason
from tests.samples.make import good_docx, good_ofd, zipped
from tests.samples.office import members
from tests.samples.place import Sample

TNEF = b"\x78\x9f\x3e\x22\x01\x00\x01\x90\x08\x00\x04\x00\x00\x00"


def page(xml: str, words: str) -> bytes:
    """A page; `{}` in it becomes the words."""
    return f"<html><head></head><body><p>夜班</p>{xml}</body></html>".replace("{}", words).encode()


def flat(words: str, *, tag: str = "pkg:binaryData") -> bytes:
    """A Word document as one XML file, with a picture before the words."""
    picture = f"<{tag}>iVBORw0KGgo=</{tag}>"
    return f'<?xml version="1.0"?><pkg:package>{picture}<w:t>{words}</w:t></pkg:package>'.encode()


def escaped(words: str) -> bytes:
    """A page whose style sheet prints the words, written as numbers."""
    return page(f"<style>p::after{{content:'{''.join(f'{chr(92)}{ord(c):x} ' for c in words)}'}}</style>", "")


def message() -> EmailMessage:
    """A message without secrets."""
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "夜班安排", "a@example.org", "b@example.org"
    made.set_content("请按时到岗。")
    return made


def headed(name: str, value: str, words: str) -> bytes:
    """A message with one more field in its head."""
    made = message()
    if name in made:
        del made[name]
    made[name] = value.replace("{}", words)
    return made.as_bytes()


def raw(words: str, *, encoding: str) -> bytes:
    """A message whose subject is written without saying in which encoding."""
    return message().as_bytes().replace(b"Subject: ", b"Subject: " + words.encode(encoding) + b" ")


def carrying(kind: str, content: str, words: str, name: str | None = None) -> bytes:
    """A message with a part of this type, attached if it has a name."""
    made = message()
    part = MIMEPart()
    part.set_content(content.replace("{}", words).encode(), *kind.split("/"), filename=name, cte="base64")
    made.make_mixed()
    made.attach(part)
    return made.as_bytes()


def fragment(words: str, name: str = "说明") -> bytes:
    """A message with a part of a page, which only its type tells, every character of it written as a number."""
    return carrying("text/html", f"<p>{''.join(f'&#{ord(c)};' for c in words)}</p>", "", name)


def winmail(words: str) -> bytes:
    """A message with what Outlook wraps its own kind of content in."""
    made = message()
    made.add_attachment(TNEF + words.encode("utf-16-le"), "application", "ms-tnef", filename="winmail.dat")
    return made.as_bytes()


def forwarded(words: str) -> bytes:
    """A message in a message in a message; the words are in the innermost body."""
    inner = message()
    inner.set_content(words)
    for _ in range(2):
        outer = message()
        outer.add_attachment(inner)
        inner = outer
    return inner.as_bytes()


def between(words: str, *, after: bool) -> bytes:
    """A message with words before its first part, or after the last."""
    made = message()
    made.add_attachment("甲", filename="a.txt")
    if after:
        made.epilogue = "@"
    else:
        made.preamble = "@"
    return made.as_bytes().replace(b"\n@", b"\n" + words.encode())


def reported(words: str) -> bytes:
    """A report of delivery: its facts stand in heads without bodies."""
    return (
        "Subject: report\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.org\n\n"
        f"Diagnostic-Code: smtp; {words}\n\n--b--\n"
    ).encode()


def called(words: str) -> bytes:
    """A message with another one as a file of this name."""
    made = message()
    made.add_attachment(message(), filename=f"{words}.eml")
    return made.as_bytes()


def elsewhere(kind: str, words: str) -> bytes:
    """A message whose content is not in it."""
    return (f"Subject: {words}\nMIME-Version: 1.0\nContent-Type: {kind}\n\nContent-Type: text/plain\n\nbody\n").encode()


def event(line: str, words: str, kind: str = "VCALENDAR") -> bytes:
    """An entry or a contact with this line, folded in the middle of the words."""
    middle = len(words) // 2
    folded = line.replace("{}", f"{words[:middle]}\r\n {words[middle:]}")
    return f"BEGIN:{kind}\r\nVERSION:2.0\r\n{folded}\r\nEND:{kind}\r\n".encode()


def quoted(words: str) -> bytes:
    """A contact as old telephones write it."""
    coded = "".join(f"={byte:02X}" for byte in words.encode())
    note = f"NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:{coded[:30]}=\r\n{coded[30:]}"
    return f"BEGIN:VCARD\r\n{note}\r\nEND:VCARD\r\n".encode()


def remarked(parts: Mapping[str, bytes], words: str, encoding: str = "utf-8", of: str = "") -> bytes:
    """An archive of which something is said, or of one of its members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
        if of:
            package.getinfo(of).comment = words.encode(encoding)
        else:
            package.comment = words.encode(encoding)
    return out.getvalue()


INVITATION = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{0}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

HTML_SAMPLES = (
    Sample("script.html", partial(page, '<script src="a.js"></script>'), named=Reason.LINKED),
    Sample("handler.html", partial(page, '<p onclick="a()">甲</p>'), named=Reason.MACRO),
    Sample("link.html", partial(page, '<a href="javascript:a()">甲</a>'), named=Reason.MACRO),
    Sample("stylesheet.html", partial(page, '<link rel="stylesheet" href="a.css">'), named=Reason.LINKED),
    Sample("import.html", partial(page, '<style>@import "a.css";</style>'), named=Reason.LINKED),
    Sample("data.html", partial(page, '<p data-note="{}">甲</p>'), "替代文字"),
    Sample("alternative.html", partial(page, '<svg alt="{}"></svg>'), "替代文字"),
    Sample("title.html", partial(page, '<p title="{}">甲</p>'), "替代文字"),
    Sample("label.html", partial(page, '<p aria-label="{}">甲</p>'), "替代文字"),
    Sample("attribute.html", partial(page, '<p secret="{}">甲</p>'), "替代文字"),
    Sample("noscript.html", partial(page, "<noscript><p>{}</p></noscript>"), "第2段"),
    Sample("template.html", partial(page, "<template><p>{}</p></template>"), "第2段"),
    Sample("comment.html", partial(page, "<!-- {} -->"), "隐藏内容"),
    Sample("instruction.html", partial(page, "<?{}>"), "隐藏内容"),
    Sample("declaration.html", partial(page, "<!doctype {}>"), "隐藏内容"),
    Sample("description.html", partial(page, '<meta name="description" content="{}">'), "替代文字"),
    Sample("field.html", partial(page, '<meta http-equiv="X-Note" content="{}">'), "替代文字"),
    Sample("refresh.html", partial(page, '<meta http-equiv="refresh" content="5; url={}.html">'), "替代文字"),
    Sample("field-name.html", partial(page, '<meta http-equiv="content-type" name="{}" content="a">'), "替代文字"),
    Sample("content.html", partial(page, '<style>p::before{content:"{}"}</style>'), "隐藏内容"),
    Sample("content-escaped.html", escaped, "隐藏内容"),
    Sample("style-comment.html", partial(page, "<style>/* {} */</style>"), "隐藏内容"),
)
DATA = "data:image/png;base64,iVBORw0KGgo="
SHOWN_SAMPLES = (
    Sample("sheet-data.html", partial(page, f"<style>p{{background:url({DATA})}}</style>"), named=Reason.EMBEDDED),
    Sample("image-set.html", partial(page, '<style>p{background:image-set("a.png" 1x)}</style>'), named=Reason.LINKED),
    Sample("style-url.html", partial(page, '<p style="background:url(a.png)">甲</p>'), named=Reason.LINKED),
    Sample("style-data.html", partial(page, f"<p style='background:url(\"{DATA}\")'>甲</p>"), named=Reason.EMBEDDED),
    Sample("style-said.html", partial(page, '<p style="color:red/* {} */">甲</p>'), "隐藏内容"),
    Sample("background.html", lambda words: b'<html><body background="a.png">1</body></html>', named=Reason.LINKED),
    Sample("button.html", partial(page, '<input type="image" src="a.png">'), named=Reason.LINKED),
    Sample("download.html", partial(page, f'<a href="{DATA}">甲</a>'), named=Reason.EMBEDDED),
    Sample("image-data.html", partial(page, f'<img src="{DATA}">'), named=Reason.EMBEDDED),
    Sample("icon.html", partial(page, '<svg><path d="M0 0"/></svg>'), named=Reason.PICTURE),
    Sample("used.html", partial(page, '<svg><use href="#a"/></svg>'), named=Reason.PICTURE),
    Sample("squares.html", partial(page, f"<svg>{'<rect/>' * 101}</svg>"), named=Reason.PICTURE),
    Sample("prefixed.xml", lambda words: b'<?xml version="1.0"?><s:svg><s:polygon/></s:svg>', named=Reason.PICTURE),
    Sample("drawing.svg", lambda words: b"<!-- made --><svg><path d='M0 0'/></svg>", named=Reason.PICTURE),
    Sample("flat.xml", flat, "第1段", Reason.EMBEDDED),
    Sample("old-flat.xml", partial(flat, tag="w:binData"), "第1段", Reason.EMBEDDED),
)
MAIL_SAMPLES = (
    Sample("winmail.eml", winmail, named=Reason.NO_READER),
    Sample("forwarded.eml", forwarded, "正文"),
    Sample("sender.eml", partial(headed, "From", "{} <a@example.org>"), "文档属性 From"),
    Sample("delivery.eml", partial(headed, "Received", "from {} by mail.example.org"), "文档属性 Received"),
    Sample("comments.eml", partial(headed, "Comments", "{}"), "文档属性 Comments"),
    Sample("report.eml", reported, "文档属性 Diagnostic-Code"),
    Sample("raw.eml", partial(raw, encoding="utf-8"), "主题"),
    Sample("raw-gb.eml", partial(raw, encoding="gb18030"), "主题"),
    Sample("before.eml", partial(between, after=False), "隐藏内容"),
    Sample("after.eml", partial(between, after=True), "隐藏内容"),
    Sample(
        "invitation.eml",
        partial(carrying, "text/calendar", INVITATION.format("DESCRIPTION:{}")),
        "正文 › 文档属性 DESCRIPTION",
    ),
    Sample(
        "invitation-attached.eml",
        partial(carrying, "text/calendar", INVITATION.format("LOCATION:{}"), name="invite.ics"),
        "文件“invite.ics” › 文档属性 LOCATION",
    ),
    Sample(
        "contact.eml",
        partial(carrying, "text/vcard", "BEGIN:VCARD\r\nNOTE:{}\r\nEND:VCARD\r\n"),
        "正文 › 文档属性 NOTE",
    ),
    Sample("message-name.eml", called, "文件“{}.eml” › 文件名"),
    Sample(
        "locked-name.eml",
        lambda words: carrying("application/pkcs7-mime", "1", "", f"{words}.p7m"),
        "文件“{}.p7m” › 文件名",
        Reason.ENCRYPTED,
    ),
    Sample("fragment.eml", fragment, "文件“说明” › 第1段"),
    Sample("fragment-text.eml", partial(fragment, name="说明.txt"), "文件“说明.txt” › 第1段", Reason.MISNAMED),
    Sample("elsewhere.eml", partial(elsewhere, "message/external-body; access-type=URL"), "主题", Reason.LINKED),
    Sample("partial.eml", partial(elsewhere, "message/partial; id=a; number=1"), "主题", Reason.TRUNCATED),
)
CALENDAR_SAMPLES = (
    Sample("summary.ics", partial(event, "SUMMARY:{}"), "文档属性 SUMMARY"),
    Sample("attendee.ics", partial(event, 'ATTENDEE;CN="{}":mailto:a@example.org'), "文档属性 ATTENDEE"),
    Sample("class.ics", partial(event, "CLASS:{}"), "文档属性 CLASS"),
    Sample("own.ics", partial(event, "X-NOTE:{}"), "文档属性 X-NOTE"),
    Sample("attached.ics", partial(event, "ATTACH:https://example.org/{}"), "文档属性 ATTACH", Reason.LINKED),
    Sample("note.vcf", partial(event, "NOTE:{}", kind="VCARD"), "文档属性 NOTE"),
    Sample("quoted.vcf", quoted, "文档属性 NOTE"),
)
MARKDOWN_SAMPLES = (
    Sample("link.md", lambda words: f'[安排](a.md "{words}")\n'.encode()),
    Sample("comment.md", lambda words: f"# 安排\n\n<!-- {words} -->\n".encode()),
    Sample("front.md", lambda words: f"---\nsubtitle: {words}\n---\n# 安排\n".encode()),
    Sample("reference.md", lambda words: f"[安排][1]\n\n[1]: a.md '{words}'\n".encode()),
)
ZIP_SAMPLES = (
    Sample("comment.zip", partial(remarked, {"a.txt": b"a"}), "批注"),
    Sample("comment-gb.zip", partial(remarked, {"a.txt": b"a"}, encoding="gb18030"), "批注"),
    Sample("member-comment.zip", partial(remarked, {"a.txt": b"a"}, of="a.txt"), "文件“a.txt” › 批注"),
    Sample("comment.docx", partial(remarked, members(good_docx())), "批注"),
    Sample("comment.ofd", partial(remarked, members(good_ofd())), "批注"),
    Sample("folder.zip", lambda words: zipped({f"a/{words}/": b"", "a/b.txt": b"b"}), "文件“a/{}/” › 文件名"),
)
BLOCK = "iVBORw0KGgoAAAANSUhEUgAAAyAAAAJY" * 2 + "\n"
CODED_SAMPLES = (
    Sample("pgp.txt", lambda words: b"1\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n", named=Reason.ENCRYPTED),
    Sample("pgp.html", partial(page, "<pre>-----BEGIN PGP MESSAGE-----\n\nhQ==</pre>"), named=Reason.ENCRYPTED),
    Sample("quoted.txt", lambda words: b"> -----BEGIN AGE ENCRYPTED FILE-----\n> YQ==\n", named=Reason.ENCRYPTED),
    Sample("packed.txt", lambda words: b"1\nbegin 644 a.doc\n#0V%T\n`\nend\n", named=Reason.EMBEDDED),
    Sample("base64.txt", lambda words: (BLOCK * 64).encode(), named=Reason.EMBEDDED),
    Sample("base64.log", lambda words: ("a " + BLOCK.strip() * 64 + " b").encode(), named=Reason.EMBEDDED),
    Sample("base64.html", partial(page, f"<pre>{BLOCK * 64}</pre>"), named=Reason.EMBEDDED),
    Sample("picture.md", lambda words: f"![]({DATA}{BLOCK})".encode(), named=Reason.EMBEDDED),
    Sample(
        "pasted.txt",
        lambda words: b"1\n\nContent-Transfer-Encoding: base64\nContent-Type: text/plain\n\n5py65a+G5py65a+G\n",
        named=Reason.EMBEDDED,
    ),
)
SAMPLES = (
    *HTML_SAMPLES,
    *SHOWN_SAMPLES,
    *ZIP_SAMPLES,
    *MAIL_SAMPLES,
    *CALENDAR_SAMPLES,
    *MARKDOWN_SAMPLES,
    *CODED_SAMPLES,
)
