"""Mark or mention: where a form stands, what stands beside it, and whether the words around only talk about marks.

GB/T 9704-2012 7.2 for what stands in the head of a document.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from reviewer.detectors import mark_forms as forms
from reviewer.detectors import quiz_forms
from reviewer.detectors.rule import View
from reviewer.draft import StepKind

_PARTS = frozenset({StepKind.HEADER, StepKind.FOOTER, StepKind.WATERMARK, StepKind.PROPERTY})
_REACH = 3
"""Lines above and below that count as neighbours."""
_SHORT = 60
"""Characters of a line that can hold a form and what belongs to it, and no more."""

_OPTIONS = 8
"""Options that a question has at most."""
_LINE = 200
"""Characters of a line that can hold options."""
_BRACKETS = 12
"""Characters at the end of a line that can be the brackets for an answer."""
_CONTEXT = 400
"""Characters at the top of a text in which its title is looked for."""
HEAD = 15
"""Lines at the top of a page that can be the head of a document."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a form stands. `line` counts from 0 at the top of its page or part."""

    line: int
    alone: bool
    """Nothing but other parts of a head on its line."""
    part: StepKind | None
    """The header, footer, watermark or property of a file that holds it."""
    neighbours: tuple[tuple[str, str], ...]
    """Parts of a document's head on the nearest lines, in Chinese and English."""
    described: bool
    """The words before say that it is written on a paper."""

    def words(self) -> tuple[str, str]:
        """Why it counts, in Chinese and English."""
        zh, en = [], []
        if self.part:
            zh.append("在页眉、页脚、水印或者属性里")
            en.append("in a header, footer, watermark or property")
        if self.alone:
            zh.append(f"独立成行（第 {self.line + 1} 行）")
            en.append(f"alone on line {self.line + 1}")
        if self.neighbours:
            zh.append("旁边有" + "、".join(n[0] for n in self.neighbours))
            en.append("beside " + ", ".join(n[1] for n in self.neighbours))
        if self.described:
            zh.append("说明是标在文件上的")
            en.append("said to be on the paper")
        return "，".join(zh), ", ".join(en)


def setting(view: View, start: int, end: int) -> Setting:
    """Where `start:end` stands; an isolated one is looked at together with the three nearest lines on both sides."""
    first, last = view.line_span(start)
    short = last - first <= _SHORT
    before, after = (view.text[first:start], view.text[end:last]) if short else ("", "")
    if bullet := quiz_forms.OPTION.match(before):
        before = before[bullet.end() :]
    alone = short and not forms.BESIDE.sub("", before) and not forms.BESIDE.sub("", after)
    place = view.draft.place(view.folded.starts[start])
    kinds = {s.kind for s in place.steps} & _PARTS if place else set()
    return Setting(
        line=view.line_number(start),
        alone=alone,
        part=min(kinds, default=None),
        neighbours=_neighbours(view, start, before + " " + after) if alone else (),
        described=forms.DESCRIBED.search(view.sentence(start, end)[0][-24:]) is not None,
    )


def _neighbours(view: View, start: int, beside: str) -> tuple[tuple[str, str], ...]:
    above, below = view.lines_near(start, _REACH)
    lines = [line.strip("> |*#\t") for line in (*above, *below, *beside.split())]
    return tuple(
        (zh, en) for en, zh, pattern in forms.LAYOUT if any(len(x) <= 100 and pattern.fullmatch(x) for x in lines)
    )


def mention(
    view: View, start: int, end: int, at: Setting, *, topical: bool = False, whole: bool = False
) -> tuple[str, str] | None:
    """Why `start:end` is only talked about, in Chinese and English; None where it is used.

    `topical` says that the words are no mark, so that the topic of their sentence and the title of the text count
    without quotation marks; `whole` that it is a complete mark, which words of teaching that papers use do not cancel
    at the begin of its line.
    """
    titled = forms.TITLED.search(view.text[:_CONTEXT].lstrip().split("\n", 1)[0]) is not None
    if at.part or at.neighbours:
        return None
    if _option(view, start, end, titled=titled):
        return "是试题的选项", "an option of a quiz"
    if at.alone:
        return _announced(view, start)
    before, after = view.sentence(start, end)
    around = f"{before}\n{after}"
    compared = forms.COMPARED.search(around) and not (whole and _begins(view, start, end, titled=titled))
    if forms.TAUGHT.search(around) or compared or forms.EXAMPLE.search(before):
        return "同一句在讲解、出题、虚构或者举例", "the sentence teaches, asks or tells a story"
    if at.described:
        return None
    if len({"".join(x.split()) for x in forms.LEVELS.findall(before + view.text[start:end] + after)}) == 3:
        return "同一句并列讲三个密级", "the sentence lists all three levels"
    loose = topical or forms.QUOTED.search(before) is not None
    if (titled and (loose or forms.ASKED.search(around))) or (loose and forms.TOPIC.search(around)):
        return "文字的主题是宣传、培训、测试或者日常生活", "the text is about training, a quiz or everyday life"
    return None


def _begins(view: View, start: int, end: int, *, titled: bool) -> bool:
    """Whether a mark begins its line and what follows neither explains it nor asks about it, as a sentence of a quiz
    does that comes below its title or leaves brackets for the answer.
    """
    first, last = view.line_span(start)
    if not forms.BEGUN.fullmatch(view.text, first, start) or forms.EXPLAINED.match(view.text, end):
        return False
    quiz = titled or forms.BRACKETS.search(view.text, max(end, last - _BRACKETS), last)
    return not quiz or bool(
        quiz_forms.NAMED.match(view.text, end) or forms.OTHER_LAW.search(view.text, end, end + _LINE)
    )


def _option(view: View, start: int, end: int, *, titled: bool) -> bool:
    """Whether the line is an option of a quiz: a question or the title of one above, a question or an answer below. A
    row that names a paper behind its mark is none.
    """
    first, last = view.line_span(start)
    if (
        last - first > _LINE
        or not quiz_forms.OPTION.match(view.text, first)
        or quiz_forms.NAMED.match(view.text, end, last)
    ):
        return False
    above, below = map(_row, view.lines_near(start, _OPTIONS))
    asked = bool(above) and (
        quiz_forms.STEM.search(above[-1])
        or quiz_forms.LEAD.search(above[-1])
        or _begun(above[-1], [*above[:-1], *below])
    )
    return titled or bool(asked) or any(map(quiz_forms.ANSWER.search, (*above, *below)))


def _begun(line: str, rows: Sequence[str]) -> bool:
    """Whether the options go on with the sentence of the line above them, and there are two at least; `rows` are the
    others and the line below.
    """
    options = list(filter(quiz_forms.OPTION.match, rows))
    return (
        bool(options)
        and quiz_forms.OPEN_STEM.search(line) is not None
        and not any(map(quiz_forms.PAPER.search, options))
    )


def _row(lines: Sequence[str]) -> list[str]:
    """The options that the lines begin with and the first line that is none."""
    options = list(takewhile(quiz_forms.OPTION.match, lines))
    return list(lines[: len(options) + 1])


def _announced(view: View, start: int) -> tuple[str, str] | None:
    """Why a form on a line of its own, with no other part of a head near, is an example."""
    above = view.lines_near(start, 1)[0]
    if above and quiz_forms.LEAD.search(above[0]):
        return "上一行说明这是写法示例", "the line above announces an example"
    return None
