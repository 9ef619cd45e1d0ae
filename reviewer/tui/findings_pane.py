"""The list of findings, grouped by severity, the worst first."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.binding import BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from reviewer.draft import Lang
from reviewer.finding import Finding, Severity
from reviewer.reports.visible import visible
from reviewer.tui.themes import Looks
from reviewer.tui.words import say


class FindingsPane(OptionList):
    """One line per finding under a head for each severity: clause, or else the rule's name, and the draft's words."""

    BINDINGS: ClassVar[list[BindingType]] = [("enter", "screen.draft", "")]

    def __init__(self, lang: Lang, called: Callable[[str], str]) -> None:
        """`called` gives the name of a rule."""
        super().__init__(id="findings", markup=False)
        self._lang = lang
        self._called = called
        self._cells = max(cell_len(say(f"sev_{severity.value}", lang)) for severity in Severity)
        self.findings: tuple[Finding, ...] = ()
        self._rows: list[int | None] = []
        self._chosen = False
        """Whether the person chose what is selected; until then it is the first finding."""
        self._kept: Finding | None = None
        """What the person chose last."""

    def on_focus(self) -> None:
        """What is selected now is looked at."""
        self._chosen = True

    def show(self, findings: Sequence[Finding], looks: Looks, *, again: bool = False) -> None:
        """Replace the list, where it changed or `again`; findings come sorted by severity.

        The finding that the person chose stays selected, also where it is away for a while; else the first one is.
        """
        if tuple(findings) == self.findings and not again:
            return
        if self._chosen or self.place:
            self._kept = self.selected or self._kept
        self.findings = tuple(findings)
        self._rows = []
        self.clear_options()
        options: list[Option] = []
        for severity, group in groupby(enumerate(self.findings), key=lambda pair: pair[1].severity):
            inside = list(group)
            head = Text(f"{say('group_' + severity.value, self._lang)}　{len(inside)}", "bold")
            options.append(Option(head, disabled=True))
            self._rows.append(None)
            for number, finding in inside:
                options.append(Option(self._line(finding, looks)))
                self._rows.append(number)
        self.add_options(options)
        place = next((i for i, f in enumerate(self.findings) if self._kept and _same(f, self._kept)), None)
        self._chosen = place is not None
        if self.findings:
            self.highlighted = self._rows.index(place or 0)

    @property
    def place(self) -> int | None:
        """The position of the selected finding."""
        row = self.highlighted
        return self._rows[row] if row is not None and row < len(self._rows) else None

    @property
    def selected(self) -> Finding | None:
        """The selected finding."""
        place = self.place
        return self.findings[place] if place is not None and place < len(self.findings) else None

    def select(self, place: int) -> None:
        """Select the finding at a position."""
        self._chosen = True
        self.highlighted = self._rows.index(place)

    def step(self, by: int) -> None:
        """Select the next or previous finding, round and round."""
        self.select(((self.place if self.place is not None else -by) + by) % len(self.findings))

    def at(self, offset: int) -> int | None:
        """The position of the narrowest finding whose words hold a character of the draft."""
        here = [i for i, f in enumerate(self.findings) if f.span[0] <= offset < f.span[1]]
        return min(here, key=lambda i: self.findings[i].span[1] - self.findings[i].span[0], default=None)

    def _line(self, finding: Finding, looks: Looks) -> Text:
        line = Text(no_wrap=True, overflow="ellipsis")
        severity = set_cell_size(say(f"sev_{finding.severity.value}", self._lang), self._cells)
        line.append(f" {severity} ", looks[finding.severity.value])
        name = finding.clause.id if finding.clause else visible(self._called(finding.rule))
        return line.append(f" {name} ", "bold").append(visible(finding.quote.replace("\n", " ")))


def _same(a: Finding, b: Finding) -> bool:
    """Whether they are of the same rule about the same words; a finished review knows more of one."""
    return (a.rule, a.span) == (b.rule, b.span)
