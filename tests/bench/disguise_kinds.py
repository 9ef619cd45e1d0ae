"""The kinds of disguise: what is put between characters, what a character is written as, how the whole is written."""

import base64
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to write a text so that a machine does not read it."""

    name: str
    write: Callable[[str], str]


BETWEEN: Mapping[str, str] = {
    "zero width space": "\u200b",
    "zero width non-joiner": "\u200c",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "combining grapheme joiner": "\u034f",
    "variation selector 1": "\ufe00",
    "variation selector 16": "\ufe0f",
    "variation selector 17": "\U000e0100",
    "tag letter": "\U000e0061",
    "Mongolian vowel separator": "\u180e",
    "Mongolian variation selector": "\u180b",
    "Hangul filler": "\u3164",
    "half-width Hangul filler": "\uffa0",
    "Hangul initial filler": "\u115f",
    "Hangul medial filler": "\u1160",
    "Khmer vowel": "\u17b4",
    "blank Braille": "\u2800",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "Arabic letter mark": "\u061c",
    "left-to-right isolate": "\u2066",
    "pop isolate": "\u2069",
    "left-to-right override": "\u202d",
    "invisible times": "\u2062",
    "function application": "\u2061",
    "deprecated format": "\u206a",
    "interlinear anchor": "\ufff9",
    "musical null note": "\U0001d159",
    "musical begin beam": "\U0001d173",
    "shorthand control": "\U0001bca0",
    "combining stroke": "\u0336",
    "combining dot": "\u0307",
    "enclosing circle": "\u20dd",
    "enclosing keycap": "\u20e3",
    "null": "\x00",
    "bell": "\x07",
    "backspace": "\x08",
    "unit separator": "\x1f",
    "delete": "\x7f",
    "C1 control": "\x9b",
    "object replacement": "\ufffc",
    "replacement": "\ufffd",
    "private use": "\ue000",
    "space": " ",
    "two spaces": "  ",
    "tab": "\t",
    "no-break space": "\u00a0",
    "Ogham space": "\u1680",
    "em space": "\u2003",
    "hair space": "\u200a",
    "narrow no-break space": "\u202f",
    "mathematical space": "\u205f",
    "ideographic space": "\u3000",
    "full stop": ".",
    "hyphen": "-",
    "underscore": "_",
    "tilde": "~",
    "asterisk": "*",
    "stroke": "|",
    "slash": "/",
    "middle dot": "·",
    "comma": ",",
    "Chinese comma": "，",
    "Chinese enumeration comma": "、",
    "Chinese stop": "。",
    "dots": "……",
    "plus": "+",
    "number sign": "#",
    "bullet": "•",
    "Chinese stroke": "丨",
    "dash": "——",
    "lock": "🔒",
    "face": "😀",
    "heart": "❤️",
    "thumb": "👍🏽",
    "family": "👨‍👩‍👧",
    "flag": "🇨🇳",
    "keycap": "1️⃣"[1:],
    "white square": "□",
    "triangle": "▲",
    "wave": "〰",
    "carriage return": "\r",
    "vertical tab": "\v",
    "line separator": "\u2028",
    "tag of markup": "<b>",
    "closing tag": "</i>",
    "tag with a style": '<span style="x">',
    "named space of markup": "&nbsp;",
    "numbered space of markup": "&#8203;",
    "hex space of markup": "&#x200b;",
    "empty comment": "<!---->",
    "brackets": "()",
    "Chinese brackets": "【】",
}
"""What is put between every two characters."""

DIGITS = "0123456789"
MAPS: Mapping[str, tuple[str, str]] = {
    "full-width digits": (DIGITS, "０１２３４５６７８９"),
    "bold digits": (DIGITS, "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "double-struck digits": (DIGITS, "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡"),
    "circled digits": (DIGITS, "⓪①②③④⑤⑥⑦⑧⑨"),
    "white circled digits": (DIGITS, "⓿❶❷❸❹❺❻❼❽❾"),
    "raised digits": (DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "lowered digits": (DIGITS, "₀₁₂₃₄₅₆₇₈₉"),
    "segmented digits": (DIGITS, "🯰🯱🯲🯳🯴🯵🯶🯷🯸🯹"),
    "Arabic-Indic digits": (DIGITS, "٠١٢٣٤٥٦٧٨٩"),
    "Devanagari digits": (DIGITS, "०१२३४५६७८९"),
    "Chinese digits": (DIGITS, "〇一二三四五六七八九"),
    "accounting digits": (DIGITS, "零壹贰叁肆伍陆柒捌玖"),
    "letters for digits": ("01", "Ol"),
    "traditional": ("机绝秘级长号发办个", "機絕祕級長號發辦個"),
    "Japanese": ("绝发", "絶発"),
    "compatibility ideographs": ("年", "\uf98e"),
    "look-alike ideographs": ("密", "宻"),
    "secret in a circle": ("秘", "㊙"),
    "near shapes": ("机密绝秘级", "枧蜜绐泌圾"),
    "homophones": ("机密绝秘级", "鸡蜜决蜜急"),
    "split": ("机", "木几"),
    "black star": ("★", "⭐"),
    "white star": ("★", "☆"),
    "glowing star": ("★", "🌟"),
    "star as emoji": ("★", "⭐️"),
    "six-pointed star": ("★", "✶"),
    "asterisk for the star": ("★", "*"),
    "heavy asterisk": ("★", "✱"),
    "triangle for the star": ("★", "▲"),
    "hyphen for the star": ("★", "-"),
    "word for the star": ("★", "星"),
    "round brackets": ("〔〕", "()"),
    "square brackets": ("〔〕", "[]"),
    "lenticular brackets": ("〔〕", "【】"),
    "white brackets": ("〔〕", "〖〗"),
    "small brackets": ("〔〕", "﹝﹞"),
    "braces": ("〔〕", "{}"),
    "angle brackets": ("〔〕", "《》"),
    "full-width brackets": ("〔〕", "［］"),
    "Cyrillic letter": ("X", "Х"),
    "full-width letter": ("X", "Ｘ"),
    "small letter": ("X", "x"),
    "full-width colon": (":", "："),
    "ratio": (":", "∶"),
}
"""What characters are written as."""

FORMS: Mapping[str, str] = {"机": "ji", "密": "mi", "绝": "jue", "秘": "mi", "级": "ji"}
TONES: Mapping[str, str] = {"机": "jī", "密": "mì", "绝": "jué", "秘": "mì", "级": "jí"}
PARTS: Mapping[str, str] = {"机": "木几", "密": "宓山", "绝": "纟色", "秘": "禾必", "级": "纟及"}


def _map(table: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: "".join(table.get(c, c) for c in text)


def _pairs(old: str, new: str) -> dict[str, str]:
    """Character by character; what is written as more than one character stands alone."""
    return dict(zip(old, new, strict=True)) if len(old) > 1 else {old: new}


def _first(table: Mapping[str, str]) -> Callable[[str], str]:
    """Only the first character that the table has is written so."""

    def write(text: str) -> str:
        at = next((i for i, c in enumerate(text) if c in table), None)
        return text if at is None else text[:at] + table[text[at]] + text[at + 1 :]

    return write


def _each(form: str) -> Callable[[str], str]:
    """Every character formatted."""
    return lambda text: "".join(form.format(c=c, n=ord(c)) for c in text)


def _odd(char: str) -> Callable[[str], str]:
    """Something after every second character."""
    return lambda text: "".join(c + char * (i % 2 == 0) for i, c in enumerate(text))


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe=DIGITS)


WHOLE: Mapping[str, Callable[[str], str]] = {
    "right-to-left override": lambda text: f"\u202e{text[::-1]}\u202c",
    "embedded override": lambda text: f"\u202e{text[::-1]}",
    "told to read backwards": lambda text: f"（倒着念）{text[::-1]}",
    "entities": _each("&#{n};"),
    "hex entities": _each("&#x{n:x};"),
    "percent encoding": _quoted,
    "backslash escapes": _each("\\u{n:04x}"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "every second zero width": _odd("\u200b"),
    "every second blank": _odd(" "),
    "corner brackets": _each("「{c}」"),
    "round brackets each": _each("({c})"),
    "black brackets each": _each("【{c}】"),
    "bold markup": _each("<b>{c}</b>"),
    "markdown": _each("**{c}**"),
    "struck markdown": _each("~~{c}~~"),
    "downwards": lambda text: "\n".join(("", *text, "")),
    "downwards, Windows": lambda text: "\r\n".join(("", *text, "")),
    "downwards with blanks": lambda text: "".join(f"\n  {c}" for c in ("", *text, "")),
    "pinyin": _map(FORMS),
    "pinyin with tones": _map(TONES),
    "pinyin, first": _first(FORMS),
    "initials": _map({c: s[0] for c, s in FORMS.items()}),
    "great initials": _map({c: s[0].upper() for c, s in FORMS.items()}),
    "initial, first": _first({c: s[0] for c, s in FORMS.items()}),
    "circled initials": _map({c: chr(0x24D0 + ord(s[0]) - 97) for c, s in FORMS.items()}),
    "squared initials": _map({c: chr(0x1F130 + ord(s[0]) - 97) for c, s in FORMS.items()}),
    "full-width pinyin": _map({c: "".join(chr(ord(x) + 0xFEE0) for x in s) for c, s in FORMS.items()}),
    "Cyrillic pinyin": _map({c: s.replace("i", "і").replace("e", "е") for c, s in FORMS.items()}),
    "parts": _map(PARTS),
    "part, first": _first(PARTS),
}

KINDS: tuple[Kind, ...] = (
    *(Kind(name, char.join) for name, char in BETWEEN.items()),
    *(Kind(name, _map(_pairs(old, new))) for name, (old, new) in MAPS.items()),
    *(Kind(name, write) for name, write in WHOLE.items()),
)
