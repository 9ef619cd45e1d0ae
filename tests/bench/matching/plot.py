"""Recall by kind and length as small panels, one line for each rate of false alarms: an SVG without script or fonts."""

import math
from collections.abc import Mapping
from pathlib import Path

from reviewer.reports.markup import Markup, el
from tests.bench.matching.levels import Odds
from tests.bench.matching.measured import Measured
from tests.bench.matching.texts import LENGTHS

WIDTH, HEIGHT, MARGIN, PER_ROW = 200, 110, 44, 3
STROKES = {0.001: "1 3", 0.01: "none", 0.05: "6 3"}


def draw(m: Measured, levels: Mapping[float, Odds], target: Path) -> None:
    """Write the plot: panels for kinds with a length, bars for the others."""
    kinds = list(dict.fromkeys(c.kind for c, _ in m.cases))
    lengths = {k for k in kinds if any(c.length for c, _ in m.cases if c.kind == k)}
    panels = [_panel(m, levels, k, n) if k in lengths else _bars(m, levels, k, n) for n, k in enumerate(kinds)]
    rows = -(-len(kinds) // PER_ROW)
    width, height = PER_ROW * (WIDTH + MARGIN) + 14, rows * (HEIGHT + MARGIN) + 30
    key = "recall at 0.1 % (dotted), 1 % (solid) and 5 % (dashed) false alarms, by length in characters"
    legend = el("text", key, x="8", y=str(height - 8), font_size="12")
    back = el("rect", width=str(width), height=str(height), fill="white")
    svg = el(
        "svg", back, *panels, legend, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}",
        font_family="sans-serif",
    )  # fmt: skip
    target.write_text(svg + "\n", "utf-8")


def _panel(m: Measured, levels: Mapping[float, Odds], kind: str, n: int) -> Markup:
    first, last = math.log(LENGTHS[0]), math.log(LENGTHS[-1])
    xs = [12 + (WIDTH - 24) * (math.log(length) - first) / (last - first) for length in LENGTHS]
    lines = []
    for rate, level in levels.items():
        shares = [found / max(all_, 1) for found, all_ in (m.recall(level, kind, length=k) for k in LENGTHS)]
        points = " ".join(f"{x:.1f},{HEIGHT * (1 - y):.1f}" for x, y in zip(xs, shares, strict=True))
        dashes = STROKES[rate]
        lines.append(el("polyline", points=points, fill="none", stroke="black", stroke_dasharray=dashes))
    ticks = [
        el("text", str(k), x=f"{x:.1f}", y=str(HEIGHT + 12), font_size="9", text_anchor="middle")
        for k, x in zip(LENGTHS, xs, strict=True)
    ]
    return _frame(kind, n, *lines, *ticks)


def _bars(m: Measured, levels: Mapping[float, Odds], kind: str, n: int) -> Markup:
    bars = []
    for i, (rate, level) in enumerate(levels.items()):
        found, all_ = m.recall(level, kind)
        tall = HEIGHT * found / max(all_, 1)
        x = 25 + i * 58
        place = {"x": str(x), "y": f"{HEIGHT - tall:.1f}", "width": "34", "height": f"{tall:.1f}"}
        bars.append(el("rect", fill="silver", stroke="black", **place))
        text = f"{rate:.1%}: {found}/{all_}"
        bars.append(el("text", text, x=str(x + 17), y=str(HEIGHT + 12), font_size="9", text_anchor="middle"))
    return _frame(kind, n, *bars)


def _frame(kind: str, n: int, *inside: Markup) -> Markup:
    x, y = 36 + n % PER_ROW * (WIDTH + MARGIN), 20 + n // PER_ROW * (HEIGHT + MARGIN)
    frame = el("rect", width=str(WIDTH), height=str(HEIGHT), fill="none", stroke="gray")
    name = el("text", kind, x="0", y="-5", font_size="12")
    scale = [
        el("text", f"{100 * s:.0f} %", x="-3", y=f"{HEIGHT * (1 - s) + 3:.1f}", font_size="9", text_anchor="end")
        for s in (0, 0.5, 1)
    ]
    return el("g", frame, name, *scale, *inside, transform=f"translate({x} {y})")
