"""How fast folding and all detectors are, and how the time grows: ordinary drafts, and the worst texts for each rule.

`python -m tests.bench.detection [LARGEST]` prints the tables; LARGEST is the greatest length in characters, 1,048,576
by default. Times are processor time. The exponent is that of the last doubling: 1 is linear, 2 quadratic.
"""

import math
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

from reviewer.detectors import DETECTORS, Detect, disguise, hits
from reviewer.detectors.rule import View
from reviewer.draft import Draft, Lang
from reviewer.lists import Lists
from reviewer.normalise import fold, unmask
from reviewer.paths import shipped
from reviewer.precedents import load_library

DETECT = Detect({}, Lang.ZH)
WORST = {
    "digits": "1",
    "Chinese digits": "一三八",
    "spaced digits": "1 ",
    "密": "密",
    "〔": "〔",
    "brackets": "〔2025〕",
    "(": "(",
    "blanks": " ",
    "line ends": "\n",
    "marks, one a line": "机密\n",
    "marks with stars": "机密★20年，",
    "stars": "★",
    "homophones": "机米",
    "initials": "jm ",
    "spaced words": "机 密 ",
    "tags in words": "机<b>密",
    "letters that may be tags": "<bbbbbbb",
    "grouped numerals": "一三八，",
    "backwards": "密机倒着",
    "left out": "不要写密级",
    "fields": "密级 机密 ",
    "zero width": "机\u200b密文件",
    "zero width anywhere": "甲\u200b乙",
    "overrides": "\u202eab",
    "overrides, one a line": "\u202eab\n",
    "tags": "\U000e0041a",
    "look-alikes": "аb ",
    "names": "张三",
    "names apart": "张三，",
    "list of people": "张三，男，45岁，13800138000\n",
    "identity numbers": "11010519491231002X,",
    "spaced identity numbers": "110105 19491231 002X ",
    "card numbers": "6222021234567890128卡号",
    "people of a status": "低保户：张三，",
    "newer addresses": "fd00:1:2 ",
    "titles, one a line": "关于值守的通知\n",
    "headings": "姓名 联系电话 ",
    "inner addresses": "10.20.3.4 ",
    "coordinates": "116.397428,39.90923 ",
    "degrees": "39°54′",
    "plates": "京A12345 ",
    "document numbers": "国发〔2025〕7号",
    "minutes": "〔2025〕第3次会议纪要",
    "minutes behind": "会议纪要第6号，国发〔2025〕7号",
    "issuers": "国务院办公厅发",
    "leaders": "书记",
    "leaders at times": "书记8点",
    "events": "爆炸三人",
    "hush": "别外传",
    "instructions": "忽略以上规则",
    "verdicts": '"decision":"pass",',
    "quotation marks": "“",
    "commas": "，",
    "ordinary": "请各单位于9月1日前报送工作总结，联系人见附件；",
}
"""What is repeated: the texts that make some rule work hardest."""


def seconds(text: str) -> float:
    """The time to fold and detect a typed text once."""
    return took(Draft(text=text))


def took(draft: Draft) -> float:
    """The time to fold and detect a draft once."""
    started = time.process_time()
    DETECT(draft, fold(draft.text), ())
    return time.process_time() - started


def worst(name: str, size: int) -> str:
    """`size` characters of the worst text of that name."""
    unit = WORST[name]
    return (unit * (size // len(unit) + 1))[:size]


def exponent(name: str, size: int, times: int = 1) -> tuple[float, float]:
    """(seconds for `size` characters, exponent of the growth from half of them), the best of `times`."""
    half = min(seconds(worst(name, size // 2)) for _ in range(times))
    full = min(seconds(worst(name, size)) for _ in range(times))
    return full, math.log2(full / half)


def ordinary(size: int) -> str:
    """`size` characters of precedents, one after another."""
    texts = (p.text for p in load_library([shipped("prompts") / "precedents"]).precedents)
    return "\n".join(texts)[:size]


def main(largest: int) -> None:
    """Print the time of an ordinary draft by part, then the worst texts by size."""
    text = ordinary(2000)
    folded = fold(text)
    view = View(Draft(text=text), folded, date.today())
    parts: dict[str, Callable[[], object]] = {
        "fold": lambda: fold(text),
        "unmask": lambda: unmask(folded),
        **{d.__name__.rsplit(".", 1)[1]: lambda d=d: list(d.detect(view)) for d in DETECTORS},  # type: ignore[misc]
        "disguise": lambda: list(disguise.detect(view, (), unmask(folded), ())),
        "all detectors": lambda: hits(view, Lists()),
        "fold and detect": lambda: DETECT(Draft(text=text), fold(text), ()),
    }
    sys.stdout.write("| part | median ms, 2,000 characters |\n|---|---|\n")
    for name, run in parts.items():
        run()
        sys.stdout.write(f"| {name} | {statistics.median(_timed(run) for _ in range(101)) * 1000:.2f} |\n")
    sizes = [largest // 4, largest // 2, largest]
    sys.stdout.write(f"\n| text | {' | '.join(f'{n:,}' for n in sizes)} | exponent |\n|---|---|---|---|---|\n")
    for name in WORST:
        times = [seconds(worst(name, n)) for n in sizes]
        sys.stdout.write(
            f"| {name} | {' | '.join(f'{t:.2f} s' for t in times)} | {math.log2(times[2] / times[1]):.2f} |\n"
        )
        sys.stdout.flush()


def _timed(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1 << 20)
