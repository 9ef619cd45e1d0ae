"""What is said of this machine's disks: locks that cannot be trusted, swap that can be read. Nothing is refused."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from reviewer import durable
from reviewer.draft import Lang
from reviewer.system import swap

_SHARED = (
    "{name} 在 {system} 上，网络文件系统的锁不可靠：同一时间只让一台机器的一个程序写 / "
    "{name} is on {system}, whose locks cannot be trusted: let one program on one machine write at a time"
)
_SWAPPED = (
    "交换区 {names} 没有加密或看不出加密，密钥、草稿和索引可能写到磁盘：改用加密交换区、zram 或者关掉 / "
    "swap on {names} is not seen to be encrypted, so keys, drafts and the index may reach the disk: encrypt it, "
    "use zram, or turn it off"
)


def shared(paths: Iterable[Path]) -> Iterator[str]:
    """One sentence for each of these files and folders whose file system keeps no locks to rely on."""
    for path in paths:
        system = durable.unreliable(path)
        if system:
            yield _SHARED.format(name=path.name, system=system)


def swapped(lang: Lang) -> tuple[str, str]:
    """The swap of this machine in a word or two, and a sentence where it can be read; empty where there is no need."""
    found = swap.swaps()
    if found is None:
        return lang.pick("不明", "unknown"), ""
    open_ = ", ".join(s.name for s in found if not s.sealed)
    if open_:
        return lang.pick(f"没有加密：{open_}", f"NOT ENCRYPTED: {open_}"), _SWAPPED.format(names=open_)
    return (lang.pick("已加密或在内存里", "encrypted or in memory") if found else lang.pick("没有", "none")), ""
