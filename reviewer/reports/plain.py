"""The review as text for a terminal: the decision, each finding with its words, what was not examined."""

from collections.abc import Mapping

from reviewer.draft import Draft, Lang, describe
from reviewer.finding import Finding
from reviewer.regulations import Clause, cited
from reviewer.reports.checks import checks
from reviewer.reports.percent import percent
from reviewer.reports.subject import Explained
from reviewer.reports.visible import visible
from reviewer.reports.words import BRACKETS, COLON, COMMA, DECISIONS, KINDS, SEVERITIES, SHORT, STAGES
from reviewer.verdict import Review


def render(
    draft: Draft, review: Review, lang: Lang, clauses: Mapping[str, Clause], rules: Mapping[str, Explained]
) -> str:
    """Several lines; untrusted text goes through `visible`. `clauses` and `rules` are those in force, by id."""
    colon, brackets = lang.pick(*COLON), lang.pick(*BRACKETS)
    head = lang.pick("结论", "Decision") + colon + lang.pick(*DECISIONS[review.decision])
    out = [head + (f"  [{visible(review.id)}]" if review.id else "")]
    for number, finding in enumerate(review.findings, 1):
        out += _finding(number, finding, lang, clauses, rules)
    for item in review.unfinished:
        where = lang.pick(*STAGES[item.stage])
        out.append(lang.pick(f"未完成：{where}：", f"Unfinished: {where}: ") + visible(item.reason))
    if review.probability:
        likely = sorted(review.probability.clauses.items(), key=lambda kv: -kv[1])[:3]
        ranked = "  ".join(f"{visible(k)} {percent(v)}" for k, v in likely)
        whole = percent(review.probability.violation) + brackets.format(ranked)
        out.append(lang.pick("违规概率", "Probability") + colon + whole)
    if review.judgement:
        for n in review.judgement.neighbours:
            near = f"{n.similarity:.2f} {lang.pick(*SHORT[n.verdict])}"
            out.append(colon.join((lang.pick("相近先例", "Precedent"), near, visible(n.reason))))
    examined = sum(b - a for a, b in review.examined)
    out.append(lang.pick(f"已检查 {examined}/{review.length} 字", f"Examined {examined} of {review.length} characters"))
    if ran := checks(review, lang):
        out.append(ran)
    return "\n".join(out)


def excerpt(words: str) -> str:
    """Words of a draft, made visible; of many the first."""
    return visible(words if len(words) <= 80 else words[:77] + "…")


def _finding(
    number: int, finding: Finding, lang: Lang, clauses: Mapping[str, Clause], rules: Mapping[str, Explained]
) -> list[str]:
    severity = lang.pick(*SEVERITIES[finding.severity])
    where = f"{finding.span[0]}–{finding.span[1]}"
    quote = excerpt(finding.quote)
    if finding.place:
        where += lang.pick(*COMMA) + visible(describe(finding.place, lang))
    lines = [f"{number}. [{severity}] “{quote}”{lang.pick(*BRACKETS).format(where)}"]
    if finding.clause:
        lines.append(f"   {visible(cited(finding.clause, clauses, lang))}")
    elif rule := rules.get(finding.rule):
        lines.append(f"   {visible(lang.pick(rule.title, rule.title_en))}")
    lines.append(f"   {visible(finding.reason)}")
    if finding.match:
        m = finding.match
        doc = lang.pick("与密件", "document") + f" {visible(m.doc)}" + lang.pick(*BRACKETS).format(visible(m.level))
        lines.append(f"   {doc}{lang.pick('', ' ')}{lang.pick(*KINDS[m.kind])} {m.score:.2f}")
    if finding.advice:
        lines.append(f"   → {visible(finding.advice)}")
    return lines
