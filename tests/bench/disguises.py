"""Marks, periods, document numbers and identifiers in disguise, and harmless sentences written the same way.

`python -m tests.bench.disguises [COUNT]` prints how many of all pairs of disguise and subject are found and which are
not, then how many of COUNT harmless sentences, written in each disguise, are taken for marks.
"""

import itertools
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reviewer.detectors import Detect
from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Severity
from reviewer.normalise import fold
from tests.bench.disguise_kinds import KINDS, Kind
from tests.bench.wishes import judged

SEED = 20261128
WISHED = 0.99
"""The part of the pairs that must be found."""
DETECT = Detect({}, Lang.ZH, today=date(2026, 11, 27))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is disguised, in its surroundings, and how severe a finding on it must be."""

    name: str
    core: str
    before: str
    after: str
    least: Severity

    def draft(self, written: str) -> tuple[str, tuple[int, int]]:
        """The draft with the core written so, and where it stands."""
        start = len(self.before)
        return f"{self.before}{written}{self.after}", (start, start + len(written))


def _marked(core: str) -> Subject:
    title = "\n槿川市水务局文件\n关于下达巡检任务的通知\n"
    return Subject(f"mark {core}", core, "", title, Severity.REVIEW)


SUBJECTS = (
    *map(_marked, ("机密★20年", "绝密★长期", "秘密★6个月")),
    Subject("mark in a sentence", "机密★10年", "首页右上角标着", "，你看完就删。", Severity.REVIEW),
    Subject("field", "密级:秘密", "", "\n保密期限:5年\n槿川市水务局文件\n", Severity.REVIEW),
    Subject("word", "机密", "这份", "文件看完就删，不要外传。", Severity.REVIEW),
    Subject("number of a document", "槿委密〔2026〕7号", "请按", "抓紧办理。", Severity.REVIEW),
    Subject("ordinary number", "槿政办发〔2026〕7号", "请按", "抓紧办理。", Severity.NOTE),
    Subject("identity number", "11010519491231002X", "张三的身份证", "，请核对。", Severity.NOTE),
    Subject("telephone", "13800138000", "张三的手机", "，请核对。", Severity.NOTE),
)
"""Each is flagged as it stands; `tests/test_disguises.py` says so."""

HARMLESS = (
    "请各科室周五前报送夜班巡检安排",
    "明天下午三点在会议室开会",
    "司机密切配合装卸",
    "手机密封圈到货二十件",
    "计算机密码请定期更换",
    "鸡米花和机票都订好了",
    "绝不允许密集堆放",
    "食堂本周供应红烧带鱼",
    "第三批设备共六台已经验收",
    "植树活动改到下周二上午",
    "图书馆新到小说一百二十册",
    "五星级酒店早餐十元一位",
    "会议于2026年11月27日9点开始，请提前10分钟到场",
    "秘密花园门票每张20元",
    "订单号202611270001已经发货",
    "采购预算（2026年）第7号包共3件",
)
"""Sentences in which nothing is secret, some of them with the characters of the words that are."""


def findings(text: str) -> list[Finding]:
    """What the rules say of a draft."""
    return list(DETECT(Draft(text=text), fold(text), ()).findings)


def found(subject: Subject, written: str) -> bool:
    """Whether a rule says at least what is wanted about the disguised core."""
    text, (start, end) = subject.draft(written)
    return any(f.severity.rank >= subject.least.rank and f.span[0] < end and start < f.span[1] for f in findings(text))


def pairs() -> Iterator[tuple[str, Kind, Subject]]:
    """Every disguise with every subject that it changes, by name."""
    for kind, subject in itertools.product(KINDS, SUBJECTS):
        if kind.write(subject.core) != subject.core:
            yield f"{kind.name}: {subject.name}", kind, subject


def missed(which: Iterable[tuple[str, Kind, Subject]]) -> list[str]:
    """The names of the pairs that are not found."""
    return [name for name, kind, subject in which if not found(subject, kind.write(subject.core))]


def sample(count: int, seed: int = SEED) -> list[tuple[str, Kind, Subject]]:
    """So many of the pairs, the same ones for the same seed."""
    return random.Random(seed).sample(list(pairs()), count)


def alarms(sentences: Iterable[str]) -> tuple[int, list[str]]:
    """(how many texts, those that a rule takes for a mark, a number, a word of secrecy), each in each disguise."""
    texts = [(kind.name, kind.write(sentence), sentence) for kind in KINDS for sentence in sentences]
    written = [(name, text) for name, text, sentence in texts if text != sentence]
    return len(written), [f"{name}: {text!a}" for name, text in written if _alarmed(text)]


def _alarmed(text: str) -> bool:
    return any(
        f.severity is not Severity.NOTE and f.rule.startswith(("mark.", "number.", "disguise.word"))
        for f in findings(text)
    )


def main(count: int) -> int:
    """Print the figures; the exit status says whether enough pairs are found."""
    every = list(pairs())
    left = missed(every)
    found = 1 - len(left) / len(every)
    sys.stdout.write(f"{len(KINDS)} disguises, {len(SUBJECTS)} subjects: {len(every)} pairs\n")
    sys.stdout.write(f"{len(every) - len(left)} found ({found:.1%}), not found:\n")
    sys.stdout.writelines(f"  {name}\n" for name in left)
    texts, wrong = alarms(HARMLESS[:count])
    sys.stdout.write(f"{texts} harmless texts, {len(wrong)} taken for marks ({len(wrong) / texts:.1%}):\n")
    sys.stdout.writelines(f"  {name}\n" for name in wrong)
    return judged({f"at least {WISHED:.0%} of the pairs are found": found >= WISHED})


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else len(HARMLESS)))
