"""What is said of this machine's disks: locks that cannot be trusted. Nothing is refused."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from reviewer import durable

_SHARED = (
    "{name} 在 {system} 上，网络文件系统的锁不可靠：同一时间只让一台机器的一个程序写 / "
    "{name} is on {system}, whose locks cannot be trusted: let one program on one machine write at a time"
)


def shared(paths: Iterable[Path]) -> Iterator[str]:
    """One sentence for each of these files and folders whose file system keeps no locks to rely on."""
    for path in paths:
        system = durable.unreliable(path)
        if system:
            yield _SHARED.format(name=path.name, system=system)
