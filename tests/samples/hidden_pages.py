"""Places of PDF and OFD files that people forget, each with a sample that has given words there."""

import zlib
from collections.abc import Mapping, Sequence
from functools import partial

from reviewer.readers.reasons import Reason
from tests.samples.make import good_docx, good_ofd, zipped
from tests.samples.objects import numbered, stream, string
from tests.samples.office import members
from tests.samples.place import Sample

PAGE = b"BT /F 12 Tf 40 700 Td (Night shift plan) Tj ET"


def pdf(words: str, catalog: bytes = b"", page: bytes = b"", more: Sequence[bytes] = (), trailer: bytes = b"") -> bytes:
    """A PDF of one page; `more` are the objects from number 6 on. `@` in any of them becomes the words."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>" % page,
        stream(b"", PAGE),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    )
    return numbered([o.replace(b"@", string(words)) if o[-9:] != b"endstream" else o for o in objects], trailer)


def annotated(entries: bytes, words: str, form: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A PDF with this annotation."""
    fields = b"/AcroForm<</Fields[6 0 R]/DA(/F 12 Tf)>>" if form else b""
    return pdf(words, fields, b"/Annots[6 0 R]", (b"<</Type/Annot/Rect[9 9 90 20]%s%s>>" % (entries, form), *more))


def pinned(words: str) -> bytes:
    """A PDF with a file pinned to its page."""
    entries = b"/Subtype/FileAttachment/FS<</Type/Filespec/F(a.txt)/UF(a.txt)/EF<</F 7 0 R>>>>"
    return annotated(entries, words, more=(stream(b"/Type/EmbeddedFile", words.encode()),))


def captioned(words: str, *, coded: bool) -> bytes:
    """A PDF with a file of which something is said, as digits or as it is."""
    said = b"@" if coded else b"(a \\(b\\) (c) " + words.encode() + b")"
    names = b"/Names<</EmbeddedFiles<</Names[(a.txt)6 0 R]>>>>"
    spec = b"<</Type/Filespec/F(a.txt)/UF(a.txt)/Desc %s/EF<</F 7 0 R>>>>" % said
    return pdf(words, names, more=(spec, stream(b"/Type/EmbeddedFile", b"a")))


def entitled(words: str) -> bytes:
    """A PDF with a property whose name are the words."""
    name = "".join(f"#{byte:02X}" for byte in words.encode()).encode()
    return pdf(words, more=(b"<</%s(a)>>" % name,), trailer=b"/Info 6 0 R")


def holding(words: str) -> bytes:
    """A PDF with a Word file that has the words in a paragraph of its own."""
    names = b"/Names<</EmbeddedFiles<</Names[(a.docx)6 0 R]>>>>"
    spec = b"<</Type/Filespec/F(a.docx)/UF(a.docx)/EF<</F 7 0 R>>>>"
    word = members(good_docx())
    header = {"word/header1.xml": word["word/header1.xml"].replace("机密★20年".encode(), words.encode())}
    return pdf(words, names, more=(spec, stream(b"/Type/EmbeddedFile", zipped({**word, **header}))))


def stamped(words: str) -> bytes:
    """A PDF with a hidden stamp; the words, which its font lacks, stand in its characters' own meaning."""
    codes = "".join(f"{n:02x}" for n in range(1, len(words) + 1)).encode()
    table = b"".join(b"<%02x> <%s>\n" % (n, c.encode("utf-16-be").hex().encode()) for n, c in enumerate(words, 1))
    meaning = b"1 begincodespacerange <00> <ff> endcodespacerange\n%d beginbfchar\n%sendbfchar\n" % (len(words), table)
    look = stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</G 8 0 R>>>>",
        b"BT /G 12 Tf 1 1 Td <%s> Tj ET" % codes,
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>"
    return annotated(b"/Subtype/Stamp/F 2/AP<</N 7 0 R>>", words, more=(look, font, stream(b"", meaning)))


def described(words: str, *, packed: bool) -> bytes:
    """A PDF with metadata in XML."""
    packet = f'<x:xmpmeta xmlns:x="x"><subject>夜班<b>安排</b>{words}</subject></x:xmpmeta>'.encode()
    how = b"/Filter/FlateDecode" if packed else b""
    return pdf(
        words,
        b"/Metadata 6 0 R",
        more=(stream(b"/Type/Metadata/Subtype/XML" + how, zlib.compress(packet) if packed else packet),),
    )


def active(words: str, *, packed: bool) -> bytes:
    """A PDF with a program that runs when it is opened, its action in an object stream or under an escaped name."""
    action = b"<</S/J#61vaScript/JS(app.alert\\(1\\))>>"
    if packed:
        inside = zlib.compress(b"7 0 " + action)
        return pdf(words, more=(stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", inside),))
    return pdf(words, b"/OpenAction" + action)


def ofd(words: str, document: str = "", parts: Mapping[str, str] | None = None, info: str = "") -> bytes:
    """An OFD file with more in its document, more parts, more about it; `{}` in any becomes the words."""
    found = {name: content.decode() for name, content in members(good_ofd()).items()}
    found["Doc_0/Document.xml"] = found["Doc_0/Document.xml"].replace("</Document>", f"{document}</Document>")
    found["Doc_0/Document.xml"] = found["Doc_0/Document.xml"].replace("<Page ", '<Page ID="4" ')
    found["OFD.xml"] = found["OFD.xml"].replace("</DocInfo>", f"{info}</DocInfo>")
    return zipped({name: content.replace("{}", words) for name, content in {**found, **(parts or {})}.items()})


def listed(name: str, place: str, content: str) -> dict[str, str]:
    """A list of one attachment, and its file."""
    one = f'<As><Attachment Name="{name}"><FileLoc>{place}</FileLoc></Attachment></As>'
    return {"Doc_0/Attachs.xml": one, f"Doc_0/{place}": content}


def spaced(words: str, *, gap: float) -> bytes:
    """An OFD page with a text object for each character, so far apart, at heights that differ a little."""
    places = (f"{20 + n * (5 + gap):.2f} {30 + n % 2 / 100:.2f} 5 5" for n in range(len(words)))
    objects = (
        f'<TextObject Boundary="{place}" Size="5"><TextCode X="0" Y="4">{char}</TextCode></TextObject>'
        for place, char in zip(places, words, strict=True)
    )
    return ofd("", parts={"Doc_0/Pages/P.xml": f"<Page>{''.join(objects)}</Page>"})


def drawn(words: str, *, curved: int = 0, straight: int = 0, text: str = "") -> bytes:
    """An OFD page with a path of these strokes, and maybe text."""
    strokes = "M 0 0" + " B 1 1 2 2 3 3" * curved + " L 4 4" * straight
    path = f"<PathObject><AbbreviatedData>{strokes}</AbbreviatedData></PathObject>"
    return ofd(words, parts={"Doc_0/Pages/P.xml": TEXT.replace("{}", text).replace("</Page>", f"{path}</Page>")})


OUTLINE = (
    b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>",
    b"<</Title @/Parent 6 0 R/Dest[3 0 R/Fit]>>",
)
TAGGED = (
    b"<</Type/StructTreeRoot/K 7 0 R/ParentTree<</Nums[0[7 0 R]]>>>>",
    b"<</Type/StructElem/S/Figure/P 6 0 R/Alt @/Pg 3 0 R/K 0>>",
)
LIST = "/Subtype/Widget/FT/Ch/Ff 131072/T(a)/V(b)/Opt[(b)@]"

PDF_SAMPLES = (
    Sample("outline.pdf", partial(pdf, catalog=b"/Outlines 6 0 R", more=OUTLINE), "第1页 › 书签"),
    Sample("attachment.pdf", holding, "文件“a.docx” › 页眉 › 第1段"),
    Sample("caption.pdf", partial(captioned, coded=True), "文档属性 Desc"),
    Sample("caption-plain.pdf", partial(captioned, coded=False), "文档属性 Desc"),
    Sample("pinned.pdf", pinned, "第1页 › 文件“a.txt”"),
    Sample("note.pdf", partial(annotated, b"/Subtype/Text/Contents @"), "第1页 › 批注"),
    Sample("stamp.pdf", stamped, "第1页 › 批注"),
    Sample("field.pdf", partial(annotated, b"/Subtype/Widget/FT/Tx/T(a)", form=b"/V @"), "第1页 › 批注"),
    Sample("field-tip.pdf", partial(annotated, b"/Subtype/Widget/FT/Tx/T(a)", form=b"/TU @"), "第1页 › 批注"),
    Sample(
        "field-parent.pdf",
        partial(annotated, b"/Subtype/Widget", form=b"/Parent 7 0 R", more=(b"<</FT/Tx/T(a)/V @/Kids[6 0 R]>>",)),
        "第1页 › 批注",
    ),
    Sample("list.pdf", partial(annotated, b"", form=LIST.encode()), "第1页 › 可选的值"),
    Sample("title.pdf", partial(pdf, more=(b"<</Title @>>",), trailer=b"/Info 6 0 R"), "文档属性 Title"),
    Sample("subject.pdf", partial(pdf, more=(b"<</Subject @>>",), trailer=b"/Info 6 0 R"), "文档属性 Subject"),
    Sample("keywords.pdf", partial(pdf, more=(b"<</Keywords @>>",), trailer=b"/Info 6 0 R"), "文档属性 Keywords"),
    Sample("invented.pdf", partial(pdf, more=(b"<</Shelf @>>",), trailer=b"/Info 6 0 R"), "文档属性 Shelf"),
    Sample("invented-name.pdf", entitled, "文档属性 {}"),
    Sample("xmp.pdf", partial(described, packed=False), "文档属性 XMP"),
    Sample("xmp-packed.pdf", partial(described, packed=True), "文档属性 XMP"),
    Sample("label.pdf", partial(pdf, catalog=b"/PageLabels<</Nums[0<</P@/S/D>>]>>"), "第1页 › 编号"),
    Sample(
        "figure.pdf",
        partial(pdf, catalog=b"/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>", page=b"/StructParents 0", more=TAGGED),
        "第1页 › 替代文字",
    ),
    Sample("program.pdf", partial(active, packed=False), named=Reason.MACRO),
    Sample("program-packed.pdf", partial(active, packed=True), named=Reason.MACRO),
)

TEXT = '<Page><TextObject Boundary="1 2 3 4"><TextCode>{}</TextCode></TextObject></Page>'
NOTE = "<PageAnnot><Annot><Remark>{}</Remark></Annot></PageAnnot>"
OFD_SAMPLES = (
    Sample("outline.ofd", partial(ofd, document='<Outlines><OutlineElem Title="{}"/></Outlines>'), "书签"),
    Sample("bookmark.ofd", partial(ofd, document='<Bookmarks><Bookmark Name="{}"/></Bookmarks>'), "书签"),
    Sample(
        "attachment.ofd",
        partial(
            ofd,
            document="<Attachments>Attachs.xml</Attachments>",
            parts=listed("附件.txt", "Res/1.bin", "{}"),
        ),
        "文件“附件.txt”",
    ),
    Sample(
        "attachment-name.ofd",
        partial(
            ofd,
            document="<Attachments>Attachs.xml</Attachments>",
            parts=listed("{}", "Res/1.txt", "甲"),
        ),
        "文件“{}.txt” › 文件名",
    ),
    Sample(
        "note.ofd",
        partial(
            ofd,
            document="<Annotations>Annots/Annotations.xml</Annotations>",
            parts={
                "Doc_0/Annots/Annotations.xml": '<As><Page PageID="4"><FileLoc>Page_0/A.xml</FileLoc></Page></As>',
                "Doc_0/Annots/Page_0/A.xml": NOTE,
            },
        ),
        "第1页 › 批注 › 批注",
    ),
    Sample(
        "tag.ofd",
        partial(ofd, parts={"Doc_0/Tags/CustomTag.xml": '<t><办理 Value="{}"/></t>'}),
        "文档属性 CustomTag.xml",
    ),
    Sample(
        "tag-text.ofd", partial(ofd, parts={"Doc_0/Tags/Tag_0.xml": "<t><办理>{}</办理></t>"}), "文档属性 Tag_0.xml"
    ),
    Sample("keyword.ofd", partial(ofd, info="<Keywords><Keyword>{}</Keyword></Keywords>"), "文档属性 Keyword"),
    Sample(
        "custom.ofd",
        partial(ofd, info='<CustomDatas><CustomData Name="缓急">{}</CustomData></CustomDatas>'),
        "文档属性 缓急",
    ),
    Sample(
        "template.ofd",
        partial(ofd, parts={"Doc_0/Tpls/T.xml": TEXT}),
        "母版 › 第1行",
    ),
    Sample(
        "drawing.ofd",
        partial(ofd, parts={"Doc_0/PublicRes.xml": TEXT}),
        "母版 › 第1行",
    ),
    Sample(
        "signer.ofd",
        partial(ofd, parts={"Doc_0/Signs/Sign_0/Signature.xml": '<S><Provider ProviderName="{}"/></S>'}),
        "文档属性 Signature.xml",
    ),
    Sample("touching.ofd", partial(spaced, gap=0.1), "第1页 › 第1行"),
    Sample("curves.ofd", partial(drawn, curved=65), named=Reason.PICTURE),
    Sample("polygons.ofd", partial(drawn, straight=401), named=Reason.PICTURE),
    Sample("curves-beside.ofd", partial(drawn, curved=65, text="甲"), named=Reason.PICTURE),
    Sample("seal.ofd", partial(ofd, parts={"Doc_0/Signs/Sign_0/Seal.esl": "0"}), named=Reason.SEAL),
    Sample("signed.ofd", partial(ofd, parts={"Doc_0/Signs/Sign_0/SignedValue.dat": "0"}), named=Reason.SEAL),
    Sample("stray.ofd", partial(ofd, parts={"Doc_0/Signs/Sign_0/x.dat": "{}"}), named=Reason.PART),
    Sample("stray-words.ofd", partial(ofd, parts={"Doc_0/Signs/a.xml": "<a>{}</a>"}), "文档属性 a.xml"),
    Sample(
        "unlisted.ofd",
        partial(ofd, document="<Attachments>Gone.xml</Attachments>", parts={"Doc_0/Res/1.bin": "{}"}),
        named=Reason.PART,
    ),
)

SAMPLES = (*PDF_SAMPLES, *OFD_SAMPLES)
