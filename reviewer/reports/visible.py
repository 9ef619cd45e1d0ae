"""The one door for untrusted text on its way to a terminal, a log or a page."""

import json
import unicodedata


def visible(text: str, *, lines: bool = False) -> str:
    """`text` with every control, bidi and invisible character shown as `⟨U+XXXX⟩`; line ends stay if `lines`."""
    return "".join(c if _plain(c) or (lines and c == "\n") else f"⟨U+{ord(c):04X}⟩" for c in text)


def escaped(data: str) -> str:
    """JSON that means the same, with every control, bidi and invisible character in it as an escape; line ends stay."""
    return "".join(c if c == "\n" or _plain(c) else json.dumps(c)[1:-1] for c in data)


def _plain(char: str) -> bool:
    if char in "\u200d\ufe0f":
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
