"""The seal in words, from `words.toml`."""

import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from reviewer.draft import Lang
from reviewer.seal.state import Part, Seal


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def way(name: str, lang: Lang) -> str:
    """A way out by the name of its probe."""
    return lang.pick(*_words()["probes"][name])


def part_name(part: Part, lang: Lang) -> str:
    """A process."""
    return lang.pick(*_words()["parts"][part.value])


def promise(sealed: bool, lang: Lang, system: str = sys.platform) -> str:
    """Exactly what holds on this system, and what does not."""
    known = system if system in ("linux", "darwin", "win32") else "other"
    names = ["broken" if known == "linux" and not sealed else known, "always"]
    if "SSH_CONNECTION" in os.environ:
        names.append("remote")
    return " ".join(lang.pick(*_words()["promises"][name]) for name in names)


def summary(*seals: Seal | None) -> str:
    """The state of several processes for a record, one line; a process without a seal is not enforced."""
    return "; ".join(_one(s) for s in seals) if all(seals) else "NOT ENFORCED"


def _one(seal: Seal | None) -> str:
    if seal is None or not seal.enforced:
        return "NOT ENFORCED"
    return f"{seal.part.value}: the kernel refused {seal.refused} of {len(seal.probes)} ways out"


def table(seals: Sequence[Seal], lang: Lang) -> Iterator[str]:
    """Each process with the kernel's own view of it, then each way out with what every process was answered.

    The process that reads the clipboard is named with what it may do: it runs only for `reviewer watch`.
    """
    for seal in seals:
        yield f"{part_name(seal.part, lang)}  pid {seal.pid}  {_state(seal, lang)}"
    if any(seal.enforced for seal in seals):
        yield f"{part_name(Part.CLIPBOARD, lang)}  {_clipboard(lang)}"
    names = dict.fromkeys(name for seal in seals for name in seal.probes)
    if names:
        yield " | ".join(part_name(seal.part, lang) for seal in seals)
    for name in names:
        answers = " | ".join(_answer(seal.probes.get(name), lang) for seal in seals)
        yield f"  {answers}  {way(name, lang)}"


def _state(seal: Seal, lang: Lang) -> str:
    if not seal.enforced:
        return "NOT ENFORCED"
    kernel = "  ".join(f"{name}: {value}" for name, value in seal.kernel.items())
    refused = lang.pick("条出路被内核拒绝", "ways out refused by the kernel")
    memory = lang.pick("内存已锁定", "memory locked") if seal.locked else lang.pick("内存未锁定", "memory not locked")
    return (
        f"{seal.refused}/{len(seal.probes)} {refused}  {seal.elapsed_ms:.1f} ms  "
        f"/proc/{seal.pid}/status: {kernel}  Landlock: {seal.landlock or lang.pick('无', 'none')}  {memory}"
    )


def _clipboard(lang: Lang) -> str:
    """What is refused to the process that reads the clipboard, and what not; Linux only."""
    from reviewer.seal.probes import LOCAL, NAMES

    said = lang.pick(*_words()["watch"]["clipboard"]).format(tried=len(NAMES) - len(LOCAL), all=len(NAMES))
    return said + lang.pick("；", "; ").join(way(name, lang) for name in NAMES if name in LOCAL)


def _answer(refused: bool | None, lang: Lang) -> str:
    if refused is None:
        return lang.pick("未试", "not tried")
    return lang.pick("拒绝", "refused") if refused else lang.pick("通了！", "OPEN")
