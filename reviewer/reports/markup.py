"""HTML that cannot be broken out of: every string is made visible and escaped unless it is `Markup` already."""

from html import escape

from reviewer.reports.visible import visible

VOID = frozenset({"meta", "br", "hr"})


class Markup(str):
    """HTML source; only this module makes it."""

    __slots__ = ()


def el(name: str, /, *inside: str, **attributes: str) -> Markup:
    """An element; `class_` gives `class`, `stroke_width` gives `stroke-width`; strings inside keep their line ends."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(visible(value), quote=True)}"'
        for key, value in attributes.items()
    )
    if name in VOID:
        return Markup(f"<{name}{words}>")
    return Markup(f"<{name}{words}>{together(*inside)}</{name}>")


def together(*parts: str) -> Markup:
    """Parts one after the other, without an element around them."""
    return Markup("".join(p if isinstance(p, Markup) else escape(visible(p, lines=True)) for p in parts))


def sheet(css: str) -> Markup:
    """A style element; `css` is our own and stands in it as it is, so that its hash can be allowed."""
    return Markup(f"<style>{css}</style>")
