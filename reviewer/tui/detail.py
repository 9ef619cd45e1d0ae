"""What stands beside a selected finding, and why the model thinks what it thinks: text from values, no widgets."""

from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text

from reviewer.draft import Lang
from reviewer.finding import Finding, Match
from reviewer.regulations import Article, Regulations, cited
from reviewer.reports.percent import percent
from reviewer.reports.visible import visible
from reviewer.reports.words import BRACKETS, COLON, KINDS, SHORT
from reviewer.tui.prose import HANG
from reviewer.tui.reasons import told
from reviewer.tui.themes import Looks
from reviewer.tui.words import say
from reviewer.verdict import Decision, Judgement, Neighbour, Review

NEARLY = 0.2
"""Probability from which a clause that did not fire is shown as near."""

BAR = 6
"""Cells of a bar for a probability of one."""

BANDS = ((0.9, "band_sure"), (0.7, "band_likely"), (0.4, "band_doubtful"), (0.0, "band_hint"))
"""Lowest confidence of each band, and its name."""


def band(confidence: float, lang: Lang) -> str:
    """The confidence in words."""
    return say(next(name for floor, name in BANDS if confidence >= floor), lang)


def unexamined(reviews: Iterable[Review], lang: Lang) -> str:
    """A line for everything that was not examined, each with the line end before it."""
    colon = lang.pick(*COLON)
    lines = [
        f"\n{say('not_examined', lang)}{colon}{say(item.stage.value, lang)}{colon}{told(item.reason, lang)}"
        for review in reviews
        for item in review.unfinished
    ]
    return "".join(dict.fromkeys(lines))


def verdict(review: Review, lang: Lang) -> Text:
    """The decision in words, with the probability, what to do next, and what was not examined."""
    words = Text(say(review.decision.value, lang), "bold")
    if review.probability:
        words.append(f"　{say('violation', lang)} {percent(review.probability.violation)}", "not bold")
    if not review.findings and not review.unfinished:
        words.append("　" + say("none", lang), "not bold")
    incomplete = review.unfinished and review.decision is not Decision.BLOCK
    words.append(f"　{say('next_unfinished' if incomplete else f'next_{review.decision.value}', lang)}", "not bold")
    return words.append(unexamined([review], lang))


def count(findings: Sequence[Finding], lang: Lang) -> str:
    """How many findings decide so far, and the worst of them; empty when none does."""
    deciding = [f for f in findings if f.severity.rank]
    if not deciding:
        return ""
    worst = max((f.severity for f in deciding), key=lambda s: s.rank)
    return f"{say('so_far', lang)} {len(deciding)}{lang.pick(*BRACKETS).format(say('sev_' + worst.value, lang))}"


def details(
    finding: Finding,
    name: str,
    judgement: Judgement | None,
    regulations: Regulations,
    articles: Mapping[str, Article],
    looks: Looks,
    lang: Lang,
    where: str = "",
) -> Text:
    """Clause or `name` of the rule, place in the file, reason, advice, wording, source, confidence, nearest precedent.

    The rule's id stands behind its name, last and dim, for who looks it up; a judge's is the clause again.
    """
    head = cited(finding.clause, regulations.by_id, lang) if finding.clause else visible(name)
    text = Text().append(f"{head}\n", "bold")
    if where:
        text.append(f"{say('place', lang)}　", "bold").append(where + "\n")
    text.append(f"{say('reason', lang)}　", "bold").append(visible(finding.reason) + "\n")
    if finding.match:
        text.append(_match(finding.match, lang) + "\n", "bold")
    if finding.advice:
        text.append(f"{say('advice', lang)}　{visible(finding.advice)}\n", looks["advice"])
    if finding.clause and (clause := regulations.by_id.get(finding.clause.id)):
        pack = next(p for p in regulations.packs if p.id == clause.pack)
        text.append(f"“{clause.wording}”\n", "italic")
        text.append(f"{say('source', lang)}　{lang.pick(pack.title, pack.title_en)}\n", "dim")
    sure = band(finding.confidence, lang) + lang.pick(*BRACKETS).format(percent(finding.confidence))
    text.append(f"{say('confidence', lang)}　{sure}\n", "dim")
    if judgement and (near := _nearest(finding, judgement.neighbours, regulations.labels)):
        text.append(f"{say('nearest', lang)}　", "bold").append(_neighbour(near, lang) + "\n")
    if finding.clause and (clause := regulations.by_id.get(finding.clause.id)) and clause.basis:
        text.append(
            f"{say('basis', lang)}　{lang.pick('；', '; ').join(_article(articles[b]) for b in clause.basis)}\n", "dim"
        )
    if name != finding.rule:
        text.append(f"{say('by_rule', lang)}　{visible(name)}{lang.pick(*BRACKETS).format(finding.rule)}\n", "dim")
    return text


def why(
    judgement: Judgement | None, decision: Decision, fired: Sequence[Finding], regulations: Regulations, lang: Lang
) -> Text:
    """Clauses with their probabilities, what nearly fired, the nearest precedents."""
    text = Text()
    if judgement is None:
        return Text(say("no_judgement", lang))
    text.append(say("why_passed" if decision is Decision.PASS else "why_not", lang) + "\n", "bold")
    text.append(f"{say('violation', lang)}　{percent(judgement.probability.violation)}\n")
    labels = {f.rule.partition(".")[2] for f in fired if f.rule.startswith("judge.")}
    ranked = sorted(judgement.probability.clauses.items(), key=lambda kv: -kv[1])
    close = [label for label, p in ranked if p >= NEARLY and label not in labels]
    text.append(f"{say('nearly', lang)}　", "bold").append(
        lang.pick("、", ", ").join(close) or say("nearly_none", lang)
    ).append("\n")
    text.append(say("precedents", lang) + "\n", "bold")
    for near in judgement.neighbours:
        text.append(f"· {_neighbour(near, lang)}\n")
    text.append(say("examined", lang) + "\n", "bold")
    for label, p in ranked:
        bar = "█" * round(p * BAR)
        clause = regulations.by_label.get(label)
        name = lang.pick(clause.title, clause.title_en) if clause else ""
        text.append(f"{label:<6}{p:>5.0%} {bar:<{BAR}}{HANG}{name}\n", "bold" if label in labels else "")
    return text.append(say("threshold_note", lang), "dim")


def _match(match: Match, lang: Lang) -> str:
    where = say("matches", lang, doc=visible(match.doc), level=match.level, share=match.draft_share)
    return f"{where}　{lang.pick(*KINDS[match.kind])} {match.score:.2f}"


def _nearest(finding: Finding, neighbours: Sequence[Neighbour], labels: Mapping[str, str]) -> Neighbour | None:
    """The nearest precedent of the finding's clause; where the judge found it, else the nearest violating one."""
    judged = finding.rule.startswith("judge.")
    cited = finding.clause.id if finding.clause else ""
    label = finding.rule.partition(".")[2] if judged else labels.get(cited, cited)
    same = next((n for n in neighbours if label in n.labels), None)
    return same or (next((n for n in neighbours if n.labels), None) if judged else None)


def _article(article: Article) -> str:
    return f"《{article.law.removeprefix('中华人民共和国')}》{article.article}"


def _neighbour(near: Neighbour, lang: Lang) -> str:
    alike = lang.pick(*BRACKETS).format(f"{say('similarity', lang)} {near.similarity:.2f}")
    return f"{lang.pick(*SHORT[near.verdict])}　{visible(near.reason)}{alike}"
