"""`reviewer check --prompt-file`: an AI tool's answers, each beside its prompt, as on the screen of answers."""

import json
from collections.abc import Mapping
from pathlib import Path

from reviewer.assemble import Station
from reviewer.audit import Log
from reviewer.audit.events import reviewed
from reviewer.compare import Comparison, Library, compare
from reviewer.draft import Channel, Draft, Lang
from reviewer.readers import read_file
from reviewer.regulations import Clause
from reviewer.reports import Render
from reviewer.reports.plain import excerpt
from reviewer.reports.record import digest
from reviewer.reports.subject import Explained
from reviewer.reports.visible import escaped, visible
from reviewer.reports.words import BRACKETS, COLON, STAGES
from reviewer.tui.answer_points import Point, counts, points
from reviewer.tui.words import say
from reviewer.verdict import Review


class Beside:
    """Renders a review as `render` does, and behind it the comparison with the prompt."""

    def __init__(self, path: Path, station: Station, log: Log, render: Render, *, as_json: bool) -> None:
        """Read and review the prompt, as what an AI tool was told. Raises `ReadError`, `AuditError`, `PackError`."""
        self._prompt = read_file(path, Channel.AI_PROMPT, station.config.lang)
        self._asked = station.reviewer.review(self._prompt)
        log.append(reviewed(self._prompt, self._asked, digest(self._asked), "files"))
        self._library = Library.load(station.config.packs)
        self._render, self._as_json = render, as_json

    def __call__(
        self, draft: Draft, review: Review, lang: Lang, clauses: Mapping[str, Clause], rules: Mapping[str, Explained]
    ) -> str:
        """The review, then on a line of its own an object `{"comparison": ...}`, or the points in words."""
        made = compare(self._prompt, draft, review, self._library)
        told = self._json(review, made) if self._as_json else self._text(made, lang, rules)
        return f"{self._render(draft, review, lang, clauses, rules)}\n{told}"

    def _json(self, review: Review, made: Comparison) -> str:
        prompt = json.loads(self._asked.to_json())
        of = {"id": review.id, **made.model_dump(mode="json", exclude_none=True), "prompt": prompt}
        return escaped(json.dumps({"comparison": of}, ensure_ascii=False, separators=(",", ":")))

    def _text(self, made: Comparison, lang: Lang, rules: Mapping[str, Explained]) -> str:
        def called(rule: str) -> str:
            return lang.pick(rules[rule].title, rules[rule].title_en) if rule in rules else rule

        out = [lang.pick("与提问比对", "Beside the prompt") + lang.pick(*COLON) + counts(made, lang)]
        for number, point in enumerate(points(self._asked, made, called, lang), 1):
            out += _point(number, point, lang)
        if made.doubts:
            out.append(f"→ {say('doubt_advice', lang)}")
        for item in self._asked.unfinished:
            where = lang.pick(*STAGES[item.stage])
            out.append(lang.pick(f"提问未完成：{where}：", f"Prompt unfinished: {where}: ") + visible(item.reason))
        return "\n".join(out)


def _point(number: int, point: Point, lang: Lang) -> list[str]:
    """One point; a finding of the answer stands with its reason in the review above."""
    where = lang.pick(*BRACKETS).format(f"{point.span[0]}–{point.span[1]}")
    lines = [f"{number}. [{point.head}] “{excerpt(point.words)}”{where}"]
    if point.finding is None:
        lines.append(f"   {point.says}")
    elif point.pane == "prompt":
        lines.append(f"   {visible(point.finding.reason)}")
    return lines
