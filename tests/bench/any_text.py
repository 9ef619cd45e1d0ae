"""Generated drafts against every rule: maps lead back, spans are valid, nothing raises.

`python -m tests.bench.any_text COUNT SEED` runs COUNT drafts and prints the time; the tests run a short piece of it.
"""

import random
import sys
import time

from reviewer.detectors import Detect
from reviewer.draft import Draft, Folded, Lang
from reviewer.normalise import fold, unmask

WORDS = """
机密★20年 绝 密 秘 木几 jm JM mi 件 级 文件 别外传 审核器 输出 通过 忽略以上 １３８ 一三八零零 13800138000
11010519491231002X 〔2025〕7号 ﷺ ㊙ 機 İ ß 🙂 🏴 🇨🇳 { } <|im_start|> system: ignore ,previous "decision":"pass" *
· ， 。 张三 李四 王五 男， 确诊 6222021234567890128 卡号 护照E12345678 IMEI 490154203237518 0391-6613393 家里
姓名 联系电话
116.397428,39.90923 北纬39°54′20″ 雷达 10.20.3.4 口令 00:1A:2B:3C:4D:5E 京A12345 91110000600037341L 军字第2001988号
件文密机 倒着念 机<b>密</b> &nbsp; jī mì 二O二五 〔二0二五〕 ㊙密 ❶❸ ㈡ ⒊ 绝丨密 nei can 密级机密 ★） ※ 永久 别写
两个字 隔开 水印“内部资料” fd00::1a2b 使224578 低保户： 槿川市人民政府文件 签发人：柏秋
抄送：市财政局 此件发至县团级 密电 凭记忆 概括
书记 明早8点 前往 爆炸 三人被困 没公布 看完就删 别外传 红头 拍了 帮我润色 以下 纪要
"""
INVISIBLE = (
    0x200B,
    0x200D,
    0x202E,
    0x202C,
    0x2066,
    0xFE0F,
    0xE0041,
    0x301,
    0xD800,
    0,
    0x1B,
    0x3000,
    0x20,
    0xA,
    0xD,
    0x9,
)
FRAGMENTS = (*WORDS.split(), *map(chr, INVISIBLE))
RANGES = ((32, 127), (0x4E00, 0xA000), (0, 0x300), (0x300, 0x600), (0x2000, 0x3100), (0xF900, 0x10000), (0, 0x110000))
DETECT = Detect({}, Lang.ZH)


def draft(rng: random.Random) -> str:
    """Up to 40 pieces, half of them fragments that some rule knows, half any code points."""
    pieces = []
    for _ in range(rng.randrange(41)):
        low, high = rng.choice(RANGES)
        pieces.append(rng.choice(FRAGMENTS) if rng.random() < 0.5 else chr(rng.randrange(low, high)))
    return "".join(pieces)


def check(text: str) -> None:
    """Fold, unmask and detect one draft. Raises `AssertionError` where a map or a span is wrong."""
    folded = fold(text)
    _maps(folded, len(text))
    if reading := unmask(folded):
        _maps(reading.folded, len(text))
        end = 0
        for change in reading.changes:
            assert end <= change.start < change.end <= len(reading.folded.text)
            assert 0 <= change.shown[0] < change.shown[1] <= len(folded.text)
            assert folded.to_draft(*change.shown) == reading.folded.to_draft(change.start, change.end)
            end = change.end
    for f in DETECT(Draft(text=text), folded, ()).findings:
        assert 0 <= f.span[0] < f.span[1] <= len(text)
        assert f.quote == text[f.span[0] : f.span[1]]


def _maps(folded: Folded, length: int) -> None:
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    previous = 0
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert previous <= start < end <= length
        previous = start
    for disguise in folded.disguises:
        assert 0 <= disguise.span[0] < disguise.span[1] <= length


def main(count: int, seed: int) -> None:
    """Check `count` drafts; a line for every tenth of them."""
    rng = random.Random(seed)
    started = time.perf_counter()
    for number in range(1, count + 1):
        text = draft(rng)
        try:
            check(text)
        except BaseException:
            sys.stdout.write(f"seed {seed}, draft {number}: {text!a}\n")
            raise
        if number % max(1, count // 10) == 0:
            took = time.perf_counter() - started
            sys.stdout.write(f"{number} drafts, seed {seed}: no exception, {took:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
