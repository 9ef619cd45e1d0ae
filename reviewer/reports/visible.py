"""The one door for untrusted text on its way to a terminal, a log or a page."""

import unicodedata


def visible(text: str, *, lines: bool = False) -> str:
    """`text` with every control, bidi and invisible character shown as `⟨U+XXXX⟩`; line ends stay if `lines`."""
    return "".join(c if _plain(c) or (lines and c == "\n") else f"⟨U+{ord(c):04X}⟩" for c in text)


def _plain(char: str) -> bool:
    if char in "\u200d\ufe0f":
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
