"""The encoding that a part says it has, as viewers understand it: GB2312 is GB18030, Big5 has Hong Kong's."""

import codecs
import re

WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949"}
"""Encodings by the larger one that programs write under their name."""

_SAME = """
gb18030: gb_2312 gb_2312-80 csgb2312 csiso58gb231280 cn-gb x-gbk windows-936 gb18030-2022
big5hkscs: cn-big5 x-x-big5 csbig5
utf-8: unicode-1-1-utf-8 unicode11utf8 unicode20utf8
cp932: windows-31j csshiftjis x-sjis
cp949: windows-949 csksc56011987 ks_c_5601-1989
"""
ALIASES = {
    name: codec for codec, _, names in (line.partition(": ") for line in _SAME.split("\n")) for name in names.split()
}
"""Names that browsers know and Python does not (WHATWG Encoding, section 4.2, and what mail programs write)."""

LATIN = frozenset({"iso8859-1", "cp1252"})
"""What programs write without meaning it; any bytes are text in them."""

SHIFTING = re.compile(r"iso2022|hz|utf-?(?:7|16|32)")
"""Encodings in which bytes below 128 may be other characters."""

_UNFIT = re.compile(r"idna|punycode|.*unicode_escape|undefined|mbcs|oem|cp(?:037|273|424|500|875|1026|1140)")
"""Codecs that are no encoding of texts, or one that no viewer knows."""

_SHIFT = re.compile(rb"[\x0e\x0f\x1b]|~\{")
"""How an encoding that is not known would leave ASCII."""

_HIGH = re.compile(rb"[\x80-\xff]+")


def codec(charset: str) -> str | None:
    """The codec of an encoding by name; none where it is not known."""
    name = charset.strip().lower()
    name = ALIASES.get(name, name)
    for known in (name, name.removeprefix("x-")):
        try:
            found = codecs.lookup(known).name
            b"a".decode(found, "replace")  # the empty string is text in every codec
        except (LookupError, ValueError):  # `ValueError`: a NUL in the name, `undefined`
            continue
        return None if _UNFIT.fullmatch(found.replace("-", "_")) else WIDER.get(found, found)
    return None


def shifts(data: bytes) -> bool:
    """Whether bytes below 128 would be more than ASCII in an encoding that is not known."""
    return bool(_SHIFT.search(data))


def latin(data: bytes) -> str:
    """The words of what is said to be Latin: Chinese ones where most bytes above 127 stand in fours and more."""
    runs = [len(run) for run in _HIGH.findall(data)]
    if 2 * sum(run for run in runs if run >= 4) >= sum(runs):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return data.decode("cp1252", "replace")


def guessed(data: bytes) -> str:
    """The words of a short remark that does not say how it is written: UTF-8, GB18030, or any bytes as Latin."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
