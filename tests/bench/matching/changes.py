"""What people do to a text they copy, done by machine with a fixed seed."""

import random
import re
from collections.abc import Callable

from reviewer.normalise import is_han

SHAPES = (
    "未末|己已|人入|日曰|土士|干千|大太|天夫|王玉|木本|问间|贝见|鸟乌|刀力|免兔|折拆|候侯|拨拔|徽微|今令|氏民|目且|田由|申甲|白自|"
    "句旬|儿几|处外|治冶|晴睛|清请|场扬|市布|防访|侍待|柱桂|库厍|管菅|采釆|车东|水氺|月用|三王|厂广|工土|上土|下卜|口囗|亿忆|万方|"
    "件伴|住往|位拉|名各|合台|性牲|技枝|析折|科料|秋伙|税悦|积枳|线钱|组祖|结诘|设没|证讧|调凋|运远|进迸|送迭|达迏|部陪|间闻"
)
CONFUSED = {a: b for pair in SHAPES.split("|") for a, b in (tuple(pair), tuple(reversed(pair)))} | {
    "0": "O", "1": "l", "5": "S", "8": "B", "，": ",", "。": ".", "：": ":", "、": ",",
}  # fmt: skip
HOMOPHONES = dict(
    zip("的是在理事政府市县区日月年号点车库仓关金监院", "地事再里是正付式现曲曰越念好典扯裤舱官斤间苑", strict=True)
)
TRADITIONAL = dict(zip("国会机关务员区县农业产价长东车门问间时", "國會機關務員區縣農業產價長東車門問間時", strict=True))
LOOKALIKES = {"0": "O", "1": "l", "一": "—", "口": "囗", "日": "曰", "十": "†"}
WRONG = "的了一是不在有人这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小"
CHAT = (
    "哎你在不在，刚开完会头都大了，中午食堂的鱼香肉丝还不错。",
    "跟你说个事，你看完就行，我也是听办公室的人讲的。",
    "晚上几点回来？孩子作业还没写完，老师又在群里催了。",
    "上次那个表你填了没有，我这边等着汇总呢，别又拖到周五。",
    "这两天降温，记得把厚衣服翻出来，我妈说阳台的花要搬进屋。",
    "行，先这样，我去接个电话，回头再聊。",
    "你那边信号不好吗，发了三条都没回，急死我了。",
    "对了，周末的聚餐改到老地方了，六点半，别迟到。",
    "我刚翻到的，你瞅瞅是不是这个意思，不对的话再告诉我。",
    "哈哈，随便看看，别当真，明天见面细说。",
)


def retyped(text: str, rng: random.Random) -> str:
    """One character in twenty wrong, missing or doubled."""
    return "".join(c if rng.random() > 0.05 else rng.choice(("", c + c, rng.choice(WRONG))) for c in text)


def scanned(text: str, rng: random.Random) -> str:
    """Confusable shapes confused one time in four, one character in fifty lost, lines broken."""
    out = []
    for i, c in enumerate(text):
        if rng.random() < 0.02:
            continue
        out.append(CONFUSED[c] if c in CONFUSED and rng.random() < 0.25 else c)
        if i % 22 == 21:
            out.append("\n")
    return "".join(out)


DISGUISES: tuple[Callable[[str, random.Random], str], ...] = (
    lambda t, r: "\u200b".join(t),
    lambda t, r: " ".join(t),
    lambda t, r: "".join(c + r.choice(("", "", "🙂", "🌙", "*")) for c in t),
    lambda t, r: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
    lambda t, r: "".join(HOMOPHONES.get(c, c) for c in t),
    lambda t, r: "".join(TRADITIONAL.get(c, c) for c in t),
    lambda t, r: "".join(LOOKALIKES.get(c, c) for c in t),
    lambda t, r: "-".join(t[i : i + 3] for i in range(0, len(t), 3)),
)


def disguised(text: str, rng: random.Random) -> str:
    """One of the ways of writing so that a search does not find it."""
    return rng.choice(DISGUISES)(text, rng)


def reordered(text: str, rng: random.Random) -> str:
    """Clauses in another order."""
    parts = [p for p in re.split(r"[，。；\n]+", text) if p]
    rng.shuffle(parts)
    return "，".join(parts)


def embedded(text: str, rng: random.Random) -> str:
    """In the middle of chat."""
    before, between, after = rng.sample(CHAT, 3)
    return f"{before}{between}{text}，{after}"


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "verbatim": lambda t, r: t,
    "retyped": retyped,
    "ocr": scanned,
    "disguised": disguised,
    "reordered": reordered,
    "embedded": embedded,
}


def titles(title: str, rng: random.Random) -> str:
    """A title as people write it in a sentence: whole, without its year and opening, or mistyped."""
    short = re.sub(r"^关于|20\d\d(?:至20\d\d)?年?(?:度)?", "", title)
    places = [i for i, c in enumerate(title) if is_han(c)]
    at = rng.choice(places)
    wrong = title[:at] + rng.choice(WRONG) + title[at + 1 :]
    return rng.choice(("{}发我一份", "谁有《{}》", "{}什么时候印好")).format(rng.choice((title, short, wrong)))


def numbers(number: str, rng: random.Random) -> str:
    """A document number as people write it."""
    m = re.fullmatch(r"(\D+)〔(\d{4})〕(\d+)号", number)
    if m is None:
        raise ValueError(f"not a document number: {number}")
    issuer, year, serial = m.groups()
    chinese = str.maketrans("0123456789", "〇一二三四五六七八九")
    forms = (
        f"{issuer}[{year}]{serial}号",
        f"{issuer}（{year}）第{serial}号",
        f"{issuer} {year} {serial}号",
        f"{issuer}{year}年第{int(serial):03}号",
        f"{issuer}〔{year}〕{serial.translate(chinese)}号",
        f"{issuer}〔{year}〕 {serial} 号",
    )
    return rng.choice(("{}签收了吗", "把{}找出来", "见{}")).format(rng.choice(forms))
