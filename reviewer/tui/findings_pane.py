"""The list of findings, worst first, and the details of the selected one."""

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from reviewer.draft import Lang
from reviewer.finding import Finding
from reviewer.regulations import Regulations
from reviewer.reports.visible import visible
from reviewer.tui.draft_pane import STYLES
from reviewer.tui.words import say
from reviewer.verdict import Decision, Judgement


class FindingsPane(OptionList):
    """One line per finding: severity, clause, the draft's own words."""

    def __init__(self, lang: Lang) -> None:
        super().__init__(id="findings", markup=False)
        self._lang = lang
        self.findings: tuple[Finding, ...] = ()

    def show(self, findings: Sequence[Finding]) -> None:
        """Replace the list, keeping the selection's place."""
        place = self.highlighted
        self.findings = tuple(findings)
        self.clear_options()
        self.add_options([Option(self._line(f)) for f in self.findings])
        if self.findings:
            self.highlighted = min(place or 0, len(self.findings) - 1)

    def _line(self, finding: Finding) -> Text:
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(f" {say('sev_' + finding.severity.value, self._lang)} ", STYLES[finding.severity.value])
        if finding.clause:
            line.append(f" {finding.clause.id} ", "bold")
        return line.append(" " + visible(finding.quote.replace("\n", " ")))


def details(finding: Finding, regulations: Regulations, lang: Lang) -> Text:
    """Clause with its wording and source, reason, advice, confidence."""
    text = Text()
    if finding.clause:
        clause = regulations.by_id.get(finding.clause.id)
        text.append(f"{say('clause', lang)}　{finding.clause.id}　{finding.clause.title}\n", "bold")
        if clause:
            pack = next(p for p in regulations.packs if p.id == clause.pack)
            text.append(f"“{clause.wording}”\n", "italic")
            text.append(f"{say('source', lang)}　{lang.pick(pack.title, pack.title_en)}\n", "dim")
    text.append(f"{say('reason', lang)}　{visible(finding.reason)}\n")
    if finding.match:
        m = finding.match
        where = lang.pick(f"与 {m.doc} 号密件（{m.level}）相符", f"matches document {m.doc} ({m.level})")
        text.append(f"{visible(where)}　{m.kind.value} {m.score:.2f}\n", "bold")
    if finding.advice:
        text.append(f"{say('advice', lang)}　{visible(finding.advice)}\n", "bold green")
    text.append(f"{say('confidence', lang)}　{finding.confidence:.0%}　{finding.rule}", "dim")
    return text


def why_passed(judgement: Judgement | None, decision: Decision, lang: Lang) -> Text:
    """What was examined and what came nearest, shown when nothing is selected."""
    text = Text()
    if judgement is None:
        return text
    if decision is Decision.PASS:
        text.append(say("why_passed", lang) + "\n", "bold")
    text.append(say("examined", lang) + "　")
    ranked = sorted(judgement.probability.clauses.items(), key=lambda kv: -kv[1])
    text.append("　".join(f"{label} {p:.0%}" for label, p in ranked) + "\n", "dim")
    text.append(say("precedents", lang) + "\n", "bold")
    for n in judgement.neighbours:
        text.append(f"· {say(n.verdict.value, lang)}　{visible(n.reason)}\n")
    return text
