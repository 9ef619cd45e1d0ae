"""Decisions by clause as a bar chart: a table with an inline SVG a row, no script, readable in black and white."""

from collections.abc import Mapping

from reviewer.finding import Severity
from reviewer.reports.markup import Markup, el
from reviewer.reports.subject import Subject
from reviewer.reports.summary import UNFINISHED, by_clause
from reviewer.reports.words import COLON, SEVERITIES

WIDTH, BAR = 380, 16
"""Pixels of the longest bar, and of a bar's height."""


def decisions_by_clause(subject: Subject) -> Markup:
    """A bar a clause: the drafts it would block, then those it sends to review, with their numbers."""
    table = by_clause(subject)
    most = max((sum(row.values()) for row in table.values()), default=1)
    rows = [_row(_label(key, subject), row, WIDTH / most, subject) for key, row in table.items()]
    title = subject.lang.pick("各条款的结论（份数）", "Decisions by clause (drafts)")
    return el("table", el("caption", title), *rows, class_="plot")


def _row(label: str, row: Mapping[Severity, int], scale: float, subject: Subject) -> Markup:
    x, bars, counts = 0.0, [], []
    for severity in (Severity.BLOCK, Severity.REVIEW):
        count = row.get(severity, 0)
        if not count:
            continue
        name = subject.lang.pick(*SEVERITIES[severity])
        place = {"x": f"{x:.1f}", "y": "0", "width": f"{count * scale:.1f}", "height": str(BAR)}
        title = el("title", f"{label}{subject.lang.pick(*COLON)}{name} {count}")
        bars.append(el("rect", title, class_=severity.value, **place))
        counts.append(f"{name} {count}")
        x += count * scale
    bar = el("svg", *bars, viewBox=f"0 0 {WIDTH} {BAR}", role="img")
    return el("tr", el("th", label), el("td", bar), el("td", " + ".join(counts), class_="count"))


def _label(key: str, subject: Subject) -> str:
    if key == UNFINISHED:
        return subject.lang.pick("未检查完", "unfinished")
    clause = subject.clauses.get(key)
    title = subject.lang.pick(clause.title, clause.title_en) if clause else subject.name(key)
    return f"{key} {title}".strip()
