"""Places of Word files and workbooks that people forget, each with a sample that has given words there."""

from functools import partial
from urllib.parse import quote

from tests.samples.make import OFFICE, A, S, W, docx, good_docx, good_pptx, good_xlsx, paragraph
from tests.samples.office import added, members, relations
from tests.samples.place import Maker, Sample

C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
X = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
WORD, EXCEL = (f"{OFFICE}{kind}ml" for kind in ("wordprocessing", "spreadsheet"))


def body(xml: str, words: str) -> bytes:
    """A Word file with this body; `{}` in it becomes the words."""
    return docx(paragraph("夜班安排") + xml.replace("{}", words))


def part(name: str, kind: str, xml: str, words: str) -> bytes:
    """A Word file with one more part."""
    return added(good_docx(), {name: xml.replace("{}", words)}, {name: kind})


def cell(xml: str, words: str) -> bytes:
    """A workbook whose first sheet has this row."""
    return good_xlsx(f'<row r="1">{xml}</row>'.replace("{}", words))


def beside(xml: str, words: str) -> bytes:
    """A workbook whose first sheet has this beside its cells."""
    sheet = f"<worksheet {S} {X}><sheetData/>{xml}</worksheet>"
    return added(good_xlsx(), {"xl/worksheets/sheet1.xml": sheet.replace("{}", words)})


def attached(kind: str, name: str, type_: str, xml: str, words: str) -> bytes:
    """A workbook whose first sheet refers to one more part."""
    parts = {name: xml.replace("{}", words), "xl/worksheets/_rels/sheet1.xml.rels": relations(kind, f"/{name}")}
    return added(good_xlsx(), parts, {name: type_})


def linked(part: str, data: bytes, words: str, *, encoding: str = "") -> bytes:
    """An Office file of which a part links to a page that is called so, as it stands or as browsers write it."""
    page = quote(words, encoding=encoding) if encoding else words
    target = f'https://example.org/{page}.html" TargetMode="External'
    folder, _, file = part.rpartition("/")
    return added(data, {f"{folder}/_rels/{file}.rels": relations("hyperlink", target)})


def named(xml: str, words: str) -> bytes:
    """A workbook with this name in its list of names."""
    book = members(good_xlsx())["xl/workbook.xml"].decode()
    names = f"<definedNames>{xml}</definedNames></workbook>".replace("{}", words)
    return added(good_xlsx(), {"xl/workbook.xml": book.replace("</workbook>", names)})


def formatted(code: str) -> bytes:
    """A workbook with this number format."""
    styles = f'<styleSheet {S}><numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts></styleSheet>'
    return added(good_xlsx(), {"xl/styles.xml": styles}, {"xl/styles.xml": f"{EXCEL}.styles+xml"})


def charted(xml: str, words: str) -> bytes:
    """A workbook with a chart."""
    chart = f"<c:chartSpace {C} {A}>{xml}</c:chartSpace>".replace("{}", words)
    parts = {
        "xl/charts/chart1.xml": chart,
        "xl/drawings/drawing1.xml": "<d/>",
        "xl/drawings/_rels/drawing1.xml.rels": relations("chart", "/xl/charts/chart1.xml"),
        "xl/worksheets/_rels/sheet1.xml.rels": relations("drawing", "/xl/drawings/drawing1.xml"),
    }
    types = {"xl/charts/chart1.xml": f"{OFFICE}drawingml.chart+xml", "xl/drawings/drawing1.xml": f"{OFFICE}drawing+xml"}
    return added(good_xlsx(), parts, types)


def symbols(words: str) -> str:
    """The words as characters that are given by their numbers."""
    return "".join(f'<w:sym w:font="SimSun" w:char="{ord(c):04x}"/>' for c in words)


def boxed(html: str) -> Maker:
    """A workbook with a control that says this."""
    box = f"<xml xmlns:v='v'><v:shape><v:textbox>{html}</v:textbox></v:shape></xml>"
    return partial(attached, "vmlDrawing", "xl/drawings/vmlDrawing1.vml", f"{OFFICE}vmlDrawing", box)


def _word(place: str, make: Maker, name: str) -> Sample:
    return Sample(f"{name}.docx", make, place)


def _sheet(place: str, make: Maker, name: str) -> Sample:
    return Sample(f"{name}.xlsx", make, place)


CONTROL = "<w:sdt><w:sdtPr>{0}</w:sdtPr><w:sdtContent>{1}</w:sdtContent></w:sdt>"
FORM = "<w:p><w:r><w:fldChar><w:ffData>{0}</w:ffData></w:fldChar></w:r><w:r><w:t>栏</w:t></w:r></w:p>"
TABLE = f'<w:tbl><w:tblPr><w:tblCaption w:val="{{}}"/></w:tblPr><w:tr><w:tc>{paragraph("一")}</w:tc></w:tr></w:tbl>'
NUMBERING = (
    f'<w:numbering {W}><w:abstractNum><w:lvl><w:lvlText w:val="{{}}第%1号"/></w:lvl></w:abstractNum></w:numbering>'
)
BLOCK = (
    f"<w:glossaryDocument {W}><w:docParts><w:docPart><w:docPartPr>{{0}}</w:docPartPr>"
    "<w:docPartBody>{1}</w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>"
)
GLOSSARY = ("word/glossary/document.xml", f"{WORD}.document.glossary+xml")
NAMED = '<Properties><property name="{}"><i4>7</i4></property></Properties>'
CUSTOM = '<Properties><property name="编者"><lpwstr>{}</lpwstr></property></Properties>'

WORD_SAMPLES = (
    _word("编号", partial(part, "word/numbering.xml", f"{WORD}.numbering+xml", NUMBERING), "numbering"),
    _word("替代文字", partial(body, '<w:p><w:r><w:drawing><docPr descr="{}"/></w:drawing></w:r></w:p>'), "alternative"),
    _word("替代文字", partial(body, '<w:p><w:r><w:pict><group alt="{}"/></w:pict></w:r></w:p>'), "group"),
    _word("替代文字", partial(body, '<w:p><w:r><w:pict><oval title="{}"/></w:pict></w:r></w:p>'), "oval"),
    _word("替代文字", partial(body, '<w:p><w:r><w:pict><roundrect alt="{}"/></w:pict></w:r></w:p>'), "round"),
    _word("替代文字", partial(body, '<w:p><w:r><w:pict><line alt="{}"/></w:pict></w:r></w:p>'), "line"),
    _word("替代文字", partial(body, '<w:p><w:r><w:pict><image alt="{}"/></w:pict></w:r></w:p>'), "image"),
    _word("替代文字", partial(body, '<w:p><w:r><w:pict><graphicFrame descr="{}"/></w:pict></w:r></w:p>'), "frame"),
    _word("替代文字", partial(body, '<w:p><w:hyperlink w:tooltip="{}"/></w:p>'), "tip"),
    _word(
        "文本框 › 第2段",
        partial(body, f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('{}')}</w:txbxContent></w:pict></w:r></w:p>"),
        "box",
    ),
    _word("第2段", lambda words: body(f"<w:p><w:r>{symbols(words)}</w:r></w:p>", ""), "symbols"),
    _word(
        "第1段 › 已删除的修订",
        partial(body, "<w:p><w:del><w:r><w:delText>{}</w:delText></w:r></w:del></w:p>"),
        "deleted",
    ),
    _word("隐藏内容 › 第1段", partial(part, *GLOSSARY, BLOCK.format("", paragraph("{}"))), "block"),
    _word("隐藏内容 › 隐藏内容", partial(part, *GLOSSARY, BLOCK.format('<w:name w:val="{}"/>', "")), "block-name"),
    _word(
        "文档属性 编者",
        partial(part, "docProps/custom.xml", f"{OFFICE}custom-properties+xml", CUSTOM),
        "property",
    ),
    _word(
        "文档属性 {}",
        partial(part, "docProps/custom.xml", f"{OFFICE}custom-properties+xml", NAMED),
        "property-name",
    ),
    _word(
        "文档属性 {}",
        partial(
            part,
            "word/settings.xml",
            f"{WORD}.settings+xml",
            f'<w:settings {W}><w:docVars><w:docVar w:name="{{}}" w:val="1"/></w:docVars></w:settings>',
        ),
        "variable-name",
    ),
    _word(
        "文档属性",
        partial(part, "customXml/item1.xml", "application/xml", "<a>一<b>二</b>{}</a>"),
        "tail",
    ),
    _word(
        "第2段 › 可选的值",
        partial(
            body, CONTROL.format('<w:dropDownList><w:listItem w:displayText="{}"/></w:dropDownList>', paragraph("选"))
        ),
        "drop-down",
    ),
    _word("第2段", partial(body, CONTROL.format("<w:showingPlcHdr/>", paragraph("{}"))), "placeholder"),
    _word("第2段 › 替代文字", partial(body, CONTROL.format('<w:alias w:val="{}"/>', paragraph("选"))), "control"),
    _word(
        "第2段 › 可选的值", partial(body, FORM.format('<w:ddList><w:listEntry w:val="{}"/></w:ddList>')), "form-list"
    ),
    _word("第2段 › 批注", partial(body, FORM.format('<w:helpText w:val="{}"/>')), "form-help"),
    _word(
        "第2段 › 书签", partial(body, '<w:p><w:bookmarkStart w:name="{}"/><w:r><w:t>甲</w:t></w:r></w:p>'), "bookmark"
    ),
    _word(
        "第2段 › 隐藏内容",
        partial(body, "<w:p><w:fldSimple w:instr=' XE \"{}\" '><w:r><w:t>甲</w:t></w:r></w:fldSimple></w:p>"),
        "field",
    ),
    _word(
        "文档属性 底稿",
        partial(
            part,
            "word/settings.xml",
            f"{WORD}.settings+xml",
            f'<w:settings {W}><w:docVars><w:docVar w:name="底稿" w:val="{{}}"/></w:docVars></w:settings>',
        ),
        "variable",
    ),
    _word(
        "表1 › 单元格 A1 › 替代文字",
        partial(body, TABLE),
        "table",
    ),
)

LINKED = (
    _word("替代文字", partial(linked, "word/document.xml", good_docx()), "address"),
    _word("替代文字", partial(linked, "word/document.xml", good_docx(), encoding="utf-8"), "address-coded"),
    _word("替代文字", partial(linked, "word/document.xml", good_docx(), encoding="gb18030"), "address-gb"),
    _word("替代文字", partial(linked, "word/people.xml", good_docx(), encoding="utf-8"), "address-unread"),
    _sheet("工作表“排班” › 替代文字", partial(linked, "xl/worksheets/sheet1.xml", good_xlsx()), "address"),
    Sample(
        "address.pptx", partial(linked, "ppt/notesSlides/notesSlide1.xml", good_pptx()), "第1张幻灯片 › 备注 › 替代文字"
    ),
)

VALIDATION = '<dataValidations><dataValidation sqref="B2:B9"{0}</dataValidation></dataValidations>'
COMMENTS = '<comments><commentList><comment ref="B2"><text><t>{}</t></text></comment></commentList></comments>'
THREADED = '<ThreadedComments><threadedComment ref="B2"><text>{}</text></threadedComment></ThreadedComments>'
SERIES = "<c:ser><c:cat><c:strRef><c:strCache><c:pt><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:cat></c:ser>"

SHEET_SAMPLES = (
    _sheet("工作表“排班” › 单元格 C3 › 公式", partial(cell, '<c r="C3"><f>"{}"&amp;A1</f></c>'), "formula"),
    _sheet("工作表“排班” › 单元格 C3 › 公式", partial(cell, '<c r="C3"><f>IF(A1,"{}",0)</f><v>0</v></c>'), "branch"),
    _sheet(
        "工作表“排班” › 单元格 B2:B9 › 可选的值",
        partial(beside, VALIDATION.format('><formula1>"{},公开"</formula1>')),
        "list",
    ),
    _sheet("工作表“排班” › 单元格 B2:B9 › 批注", partial(beside, VALIDATION.format(' prompt="{}">')), "message"),
    _sheet(
        "工作表“排班” › 可选的值",
        partial(beside, '<ext><dataValidation><formula1><xm:f>"{}"</xm:f></formula1></dataValidation></ext>'),
        "list-2010",
    ),
    _sheet(
        "工作表“排班” › 单元格 A1:A9 › 公式",
        partial(beside, '<conditionalFormatting sqref="A1:A9"><cfRule text="{}"/></conditionalFormatting>'),
        "condition",
    ),
    _sheet(
        "工作表“排班” › 单元格 A1:A9 › 可选的值",
        partial(beside, '<autoFilter ref="A1:A9"><filters><filter val="{}"/></filters></autoFilter>'),
        "filter",
    ),
    _sheet("工作表“排班” › 单元格 D4 › 替代文字", partial(beside, '<hyperlink ref="D4" tooltip="{}"/>'), "tip"),
    _sheet(
        "工作表“排班” › 单元格 D4 › 可选的值",
        partial(beside, '<scenario><inputCells r="D4" val="{}"/></scenario>'),
        "case",
    ),
    _sheet(
        "工作表“排班” › 页眉",
        partial(beside, "<headerFooter><firstHeader>&amp;L{}</firstHeader></headerFooter>"),
        "header",
    ),
    _sheet(
        "工作表“排班” › 页脚",
        partial(beside, "<headerFooter><evenFooter>&amp;L{}</evenFooter></headerFooter>"),
        "footer",
    ),
    _sheet(
        "工作表“排班” › 单元格 B2 › 批注",
        partial(attached, "comments", "xl/comments1.xml", f"{EXCEL}.comments+xml", COMMENTS),
        "comment",
    ),
    _sheet(
        "工作表“排班” › 单元格 B2 › 批注",
        partial(
            attached,
            "threadedComment",
            "xl/threadedComments/t1.xml",
            "application/vnd.ms-excel.threadedcomments+xml",
            THREADED,
        ),
        "thread",
    ),
    _sheet("工作表“排班” › 文本框", boxed("<div><font>按<b>钮</b>{}</font></div>"), "caption"),
    _sheet("工作表“排班” › 文本框", boxed("<div>甲<br/>{}</div>"), "caption-line"),
    _sheet("工作表“排班” › 文本框", boxed("<div><p>{}</p></div>"), "caption-paragraph"),
    _sheet("文档属性 numFmt", lambda words: formatted("0" + "".join(f"{chr(92)}{c}" for c in words)), "format-letters"),
    _sheet("文档属性 numFmt", lambda words: formatted(f"[$-409]_x0;[Red]&quot;{words}&quot;"), "format-section"),
    _sheet("文档属性 numFmt", lambda words: formatted(f"[${words}-804]0"), "format-currency"),
    _sheet("文档属性 总表", partial(named, '<definedName name="总表">"{}"</definedName>'), "name-value"),
    _sheet("文档属性 总表", partial(named, '<definedName name="总表" comment="{}">A1</definedName>'), "name-comment"),
    _sheet(
        "隐藏内容",
        lambda words: added(
            good_xlsx(), {"xl/sharedStrings.xml": f"<sst {S}><si><t>甲</t></si><si><t>{words}</t></si></sst>"}
        ),
        "unused-string",
    ),
    _sheet(
        "隐藏内容",
        lambda words: added(
            good_xlsx(), {"xl/sharedStrings.xml": f"<sst {S}><si><t>甲</t><rPh><t>{words}</t></rPh></si></sst>"}
        ),
        "phonetic",
    ),
    _sheet(
        "工作表“排班” › 图表", partial(charted, "<c:title><a:p><a:r><a:t>{}</a:t></a:r></a:p></c:title>"), "chart-title"
    ),
    _sheet(
        "工作表“排班” › 图表", partial(charted, '<c:valAx><c:numFmt formatCode="0&quot;{}&quot;"/></c:valAx>'), "axis"
    ),
    _sheet("工作表“排班” › 图表", partial(charted, SERIES), "series"),
    _sheet("工作表“排班” › 图表", partial(charted, '<c:lvl><c:pt idx="0">{}</c:pt></c:lvl>'), "series-2016"),
)

SAMPLES = (*WORD_SAMPLES, *LINKED, *SHEET_SAMPLES)
