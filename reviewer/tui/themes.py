"""Three sets of colours, and how findings look in each; a finding never differs by colour alone."""

from collections.abc import Mapping
from typing import TypeAlias

from textual.theme import Theme

Looks: TypeAlias = Mapping[str, str]
"""Rich styles by what they mark: a severity, the selected finding, text from the prompt, words added and removed, what
does not work. White and black are written as numbers: their names are shades of the terminal.
"""

DARK = Theme(
    name="dark",
    primary="#4a90c2",
    secondary="#7a8fa6",
    accent="#62c4e6",
    foreground="#e6e9ee",
    background="#14181d",
    surface="#1b2027",
    panel="#262d36",
    success="#3fa34d",
    warning="#f2b93b",
    error="#d64550",
    dark=True,
    variables={"edge": "#66727f", "row": "#323b46", "row-focused": "#3a4553"},
)
LIGHT = Theme(
    name="light",
    primary="#1f5f8b",
    secondary="#5b6b7b",
    accent="#0b7fab",
    foreground="#1d2329",
    background="#f4f5f7",
    surface="#ffffff",
    panel="#e3e7ec",
    success="#1e7d32",
    warning="#8a5a00",
    error="#a51d2d",
    dark=False,
    variables={"edge": "#84909c", "row": "#dfe5eb", "row-focused": "#cbd6e0"},
)
CONTRAST = Theme(
    name="contrast",
    primary="#ffff00",
    secondary="#ffffff",
    accent="#00ffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    success="#00ff00",
    warning="#ffff00",
    error="#ff4040",
    dark=True,
    variables={
        "border": "#ffffff",
        "edge": "#ffffff",
        "row": "#0050b0",
        "row-focused": "#0050b0",
        "footer-key-foreground": "#ffff00",
        "text-muted": "#ffffff",
    },
)
THEMES = (DARK, LIGHT, CONTRAST)

LOOKS: Mapping[str, Looks] = {
    "dark": {
        "block": "bold #ffffff on #a51d2d",
        "review": "bold #000000 on #f2b93b",
        "note": "underline",
        "selected": "bold #000000 on #62e6ff",
        "prompt": "italic #8fb8d6",
        "added": "bold #7ee08a",
        "removed": "strike #ff8a8a",
        "advice": "bold #7ee08a",
        "trouble": "bold #f2b93b",
    },
    "light": {
        "block": "bold #ffffff on #a51d2d",
        "review": "bold #000000 on #f5c84c",
        "note": "underline",
        "selected": "bold #ffffff on #005f9e",
        "prompt": "italic #1f5f8b",
        "added": "bold #14662a",
        "removed": "strike #a51d2d",
        "advice": "bold #14662a",
        "trouble": "bold #8a1c28",
    },
    "contrast": {
        "block": "bold underline #ffffff on #c00000",
        "review": "bold underline #000000 on #ffff00",
        "note": "underline",
        "selected": "bold #000000 on #00ffff",
        "prompt": "italic #00ffff",
        "added": "bold underline #00ff00",
        "removed": "strike #ff6060",
        "advice": "bold #00ff00",
        "trouble": "bold #ffff00",
    },
}
"""By the name of the theme."""
