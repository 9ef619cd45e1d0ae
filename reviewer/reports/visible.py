"""The one door for untrusted text on its way to a terminal, a log, a page or a form."""

import json
import re
import unicodedata
from collections.abc import Callable

UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\U00016fe4\U0001d159"
).union(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Invisible characters that Unicode counts among letters, marks and symbols: joiners, fillers, blanks, selectors."""

EMOJI = (
    "©®‼⁉™ℹ↔-↙↩↪⌚⌛⌨⏏⏩-⏳⏸-⏺Ⓜ▪▫▶◀◻-◾☀-☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸-☺♀♂♈-♓♟♠♣♥♦♨♻♾♿⚒-⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱⚽⚾⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰-⛵⛷-⛺⛽"
    "✂✅✈-✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓-❕❗❣❤➕-➗➡➰➿⤴⤵⬅-⬇⬛⬜⭐⭕〰〽㊗㊙🀄🃏🅰🅱🅾🅿🆎🆑-🆚🈁🈂🈚🈯🈲-🈺🉐🉑🌀-🌡🌤-🎓🎖🎗🎙-🎛🎞-🏰🏳-🏵🏷-📽📿-🔽"
    "🕉-🕎🕐-🕧🕯🕰🕳-🕺🖇🖊-🖍🖐🖕🖖🖤🖥🖨🖱🖲🖼🗂-🗄🗑-🗓🗜-🗞🗡🗣🗨🗯🗳🗺-🙏🚀-🛅🛋-🛒🛕-🛙🛜-🛥🛩🛫🛬🛰🛳-🛼🟠-🟫🟰🤌-🤺🤼-🥅🥇-🧿🩰-🩼🪀-🫆🫈🫌-🫝🫟-🫫🫯-🫺"
)
"""The property Emoji of Unicode 17 as ranges, without what is one in a keycap or in a pair only: digits, # and *, the
letters of flags."""

NEWER = re.compile(
    "[🛘🛙🛜🩵-🩷🪇-🪏🪭-🪯🪻-🪿🫆🫈🫌-🫏🫚-🫝🫟🫨-🫫🫯🫷-🫺"
    "\U0002b739-\U0002b81e\U0002cea2-\U0002cead\U0002ebf0-\U0002ee5d\U00031350-\U00033479]"
)
"""Emoji and ideographs that Unicode 15 to 17 added: seen, though Python 3.11 knows none of them."""

JOINED = re.compile(
    f"(\ufe0f(?:(?<=[{EMOJI}].)|(?<=[#*0-9].)(?=\u20e3))|\u200d(?=[{EMOJI}])(?:(?<=[{EMOJI}].)|(?<=[{EMOJI}]\ufe0f.)))"
)
"""A selector after its emoji, a joiner between two: part of one picture."""


def visible(text: str, *, lines: bool = False) -> str:
    """`text` with every control, bidi, invisible and unassigned character as `code` has it; line ends stay if `lines`.

    Selectors and joiners that make one picture of emoji stay.
    """
    return tamed(text, code, "\n" if lines else "")


def escaped(data: str) -> str:
    """JSON that means the same, with every such character in it as an escape; line ends stay."""
    return tamed(data, lambda char: json.dumps(char)[1:-1], "\n")


def code(char: str) -> str:
    """A character by its number: `⟨U+XXXX⟩`."""
    return f"⟨U+{ord(char):04X}⟩"


def tamed(text: str, write: Callable[[str], str], kept: str = "") -> str:
    """`text` with every character that is not seen written by `write`, but for those in `kept`."""
    written = {char: write(char) for char in set(text) if _unseen(char) and char not in kept}
    if not written:
        return text
    parts = JOINED.split(text) if {"\u200d", "\ufe0f"} & written.keys() else [text]
    parts[::2] = ["".join(map(written.get, part, part)) for part in parts[::2]]
    return "".join(parts)


def _unseen(char: str) -> bool:
    if char.isprintable():
        return char in UNSEEN
    return unicodedata.category(char) != "Zs" and NEWER.match(char) is None
