"""Places of presentations that people forget, each with a sample that has given words there and nowhere else."""

from functools import partial

from tests.samples.hidden_office import SERIES, C
from tests.samples.make import OFFICE, A, P, R, good_pptx
from tests.samples.office import added, relations
from tests.samples.place import Maker, Sample

SLIDES = f"{OFFICE}presentationml"


def slide(xml: str, words: str) -> bytes:
    """A presentation with this slide."""
    return added(good_pptx(), {"ppt/slides/slide1.xml": f"<p:sld {P} {A} {xml}</p:sld>".replace("{}", words)})


def beside_slide(kind: str, name: str, type_: str, xml: str, words: str) -> bytes:
    """A presentation whose slide refers to one more part."""
    parts = {name: xml.replace("{}", words), "ppt/slides/_rels/slide1.xml.rels": relations(kind, f"/{name}")}
    return added(good_pptx(), parts, {name: type_})


def layout(name: str, xml: str, words: str) -> bytes:
    """A presentation with this master or layout."""
    kind = name.rstrip("1").rpartition("/")[2]
    return added(
        good_pptx(), {f"ppt/{name}.xml": xml.replace("{}", words)}, {f"ppt/{name}.xml": f"{SLIDES}.{kind}+xml"}
    )


def _slide_sample(place: str, make: Maker, name: str) -> Sample:
    return Sample(f"{name}.pptx", make, place)


SHAPE = "<p:sp><p:nvSpPr>{0}</p:nvSpPr><a:p><a:r><a:t>{1}</a:t></a:r></a:p></p:sp>"
DIAGRAM = f"<d:dataModel xmlns:d='d' {A}><d:pt><d:t><a:p><a:r><a:t>{{}}</a:t></a:r></a:p></d:t></d:pt></d:dataModel>"
COMMENTED = f"<p:cmLst {P}><p:cm><p:text>{{}}</p:text></p:cm></p:cmLst>"
MASTER = f"<p:sldMaster {P} {A}>{SHAPE.format('{}', '{{}}')}</p:sldMaster>"
HIDDEN_SLIDE = f'show="0"><p:cSld>{SHAPE.format("", "{}")}</p:cSld>'

SAMPLES = (
    _slide_sample(
        "第1张幻灯片 › 备注",
        partial(
            beside_slide,
            "notesSlide",
            "ppt/notesSlides/notesSlide1.xml",
            f"{SLIDES}.notesSlide+xml",
            f"<p:notes {P} {A}>{SHAPE.format('', '{}')}</p:notes>",
        ),
        "notes",
    ),
    _slide_sample(
        "第1张幻灯片 › 批注",
        partial(beside_slide, "comments", "ppt/comments/comment1.xml", f"{SLIDES}.comments+xml", COMMENTED),
        "comment",
    ),
    _slide_sample("第1张幻灯片 › 隐藏内容", partial(slide, HIDDEN_SLIDE), "hidden"),
    _slide_sample("第1张幻灯片 › 文件名", partial(slide, '><p:cSld name="{}"/>'), "name"),
    _slide_sample("第1张幻灯片 › 替代文字", partial(slide, '><a:hlinkClick tooltip="{}"/>'), "tip"),
    _slide_sample("母版", partial(layout, "slideMasters/slideMaster1", MASTER.format("")), "master"),
    _slide_sample(
        "母版 › 隐藏内容",
        partial(layout, "slideMasters/slideMaster1", MASTER.format("<p:ph/>")),
        "master-placeholder",
    ),
    _slide_sample(
        "第1张幻灯片 › 图表",
        partial(beside_slide, "diagramData", "ppt/diagrams/data1.xml", f"{OFFICE}drawingml.diagramData+xml", DIAGRAM),
        "diagram",
    ),
    _slide_sample(
        "第1张幻灯片 › 图表",
        partial(
            beside_slide,
            "chart",
            "ppt/charts/chart1.xml",
            f"{OFFICE}drawingml.chart+xml",
            f"<c:chartSpace {C}>{SERIES}</c:chartSpace>",
        ),
        "chart",
    ),
    _slide_sample(
        "文档属性 section",
        lambda words: added(
            good_pptx(),
            {"ppt/presentation.xml": f'<p:presentation {P} {R}><p:section name="{words}"/></p:presentation>'},
        ),
        "section",
    ),
)
