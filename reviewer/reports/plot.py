"""Decisions by clause as a bar chart: one inline SVG, no script, readable in black and white."""

from collections.abc import Mapping

from reviewer.finding import Severity
from reviewer.reports.markup import Markup, el
from reviewer.reports.subject import Subject
from reviewer.reports.summary import UNFINISHED, by_clause
from reviewer.reports.words import COLON, SEVERITIES

ROW, BAR, LABEL, WIDTH, RIGHT = 26, 16, 270, 380, 60
"""Pixels: a row, the bar in it, the label's column, the longest bar, the room for its number."""


def decisions_by_clause(subject: Subject) -> Markup:
    """A bar a clause: the drafts it would block, then those it sends to review, with their numbers."""
    table = by_clause(subject)
    most = max((sum(row.values()) for row in table.values()), default=1)
    rows = [_row(_label(key, subject), row, at, WIDTH / most, subject) for at, (key, row) in enumerate(table.items())]
    width, height = LABEL + WIDTH + RIGHT, ROW * len(rows) + 8
    title = subject.lang.pick("各条款的结论（份数）", "Decisions by clause (drafts)")
    return el("svg", el("title", title), *rows, viewBox=f"0 0 {width} {height}", role="img", class_="plot")


def _row(label: str, row: Mapping[Severity, int], at: int, scale: float, subject: Subject) -> Markup:
    y, x = at * ROW + 4, float(LABEL)
    parts = [el("text", label, x=str(LABEL - 8), y=str(y + 13), text_anchor="end")]
    for severity in (Severity.BLOCK, Severity.REVIEW):
        count = row.get(severity, 0)
        if not count:
            continue
        name = subject.lang.pick(*SEVERITIES[severity])
        place = {"x": f"{x:.1f}", "y": str(y), "width": f"{count * scale:.1f}", "height": str(BAR)}
        parts.append(
            el("rect", el("title", f"{label}{subject.lang.pick(*COLON)}{name} {count}"), class_=severity.value, **place)
        )
        x += count * scale
    counts = " + ".join(
        f"{subject.lang.pick(*SEVERITIES[s])} {row[s]}" for s in (Severity.BLOCK, Severity.REVIEW) if row.get(s)
    )
    return el("g", *parts, el("text", counts, x=f"{x + 6:.1f}", y=str(y + 13), class_="count"))


def _label(key: str, subject: Subject) -> str:
    if key == UNFINISHED:
        return subject.lang.pick("未检查完", "unfinished")
    clause = subject.clauses.get(key)
    title = subject.lang.pick(clause.title, clause.title_en) if clause else subject.name(key)
    return f"{key} {title if len(title) <= 16 else title[:15] + '…'}".strip()
