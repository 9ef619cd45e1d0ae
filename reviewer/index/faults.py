"""What can be wrong with a store, each as one sentence, Chinese first."""

import contextlib
import errno
from collections.abc import Iterator, Mapping
from pathlib import Path

from reviewer.errors import StoreError, StoreLocked

_LOCKED: Mapping[str, tuple[str, str]] = {
    "key": (
        "密钥不对，索引打不开 / the index does not open with this key",
        "给出建库时的密钥 / give the key it was made with",
    ),
    "no-key": ("没有给出索引的密钥 / no key for the index was given", "--key-file, REVIEWER_PASSPHRASE"),
    "key-file": ("密钥文件 {0} 读不出来 / the key file {0} cannot be read", "放回原处 / put it where it was"),
    "not-a-key": (
        "{0} 不是本程序的密钥 / {0} is not a key of this program",
        "给出正确的密钥文件 / give the right key file",
    ),
    "managing": (
        "这个索引须用管理口令 / this index needs its managing passphrase",
        "REVIEWER_MANAGING_PASSPHRASE, --managing-file",
    ),
    "managing-key": ("管理口令不对 / this is not the managing passphrase", "再试一次 / try again"),
}
_BROKEN: Mapping[str, tuple[str, str]] = {
    "missing": ("没有索引 {0} / there is no index store {0}", "先建库 / build one with `reviewer index build`"),
    "exists": ("{0} 已经存在 / {0} exists already", "先移走 / move it away first"),
    "foreign": ("{0} 不是本程序的索引 / {0} is not an index of this program", "给出正确的文件 / give the right file"),
    "newer": (
        "{0} 由更新版本的程序建成 / {0} was made by a newer version of this program",
        "先升级本程序 / update this program",
    ),
    "older": ("{0} 由旧版本的程序建成 / {0} was made by an older version of this program", "重新建库 / build it again"),
    "embedder": ("{0} 是用另一个向量模型建的 / {0} was built with another embedder", "重新建库 / build it again"),
    "damaged": (
        "{0} 已损坏，不能使用 / {0} is damaged and cannot be used",
        "用备份恢复或重新建库 / restore it from a copy or build it again",
    ),
    "busy": ("{0} 正被别的程序修改 / {0} is being changed by another program", "稍后再试 / try again in a moment"),
    "full": (
        "磁盘已满或不能写，索引保持原样 / the disk is full or cannot be written; the index is as it was before",
        "腾出空间再试 / make room and try again",
    ),
    "read-only": ("{0} 在这里是只读的 / {0} is read-only here", "换到可写的位置 / open it where it can be written"),
    "unwritten": (
        "{0} 没有写成 / {0} could not be written",
        "检查文件夹、权限和磁盘 / check the folder, your rights and the disk",
    ),
    "unread": ("{0} 没有读完 / {0} could not be read to its end", "检查磁盘或介质 / check the disk or the medium"),
    "unsettled": (
        "{0} 已就位，但系统没有确认落盘，断电后可能不在 / "
        "{0} is in place, but the system did not confirm that it outlasts a loss of power",
        "检查磁盘，再用 `reviewer index verify` 核对 / check the disk, then run `reviewer index verify`",
    ),
    "rights": ("{0} 打不开 / {0} cannot be opened", "检查文件权限 / check the file's rights"),
}

_REFUSED = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "read-only",
    errno.EACCES: "rights",
    errno.EPERM: "rights",
}
"""Why the system would not write."""


def fault(what: str, name: str = "") -> StoreError:
    """The error `what` about the file `name`."""
    if what in _LOCKED:
        message, hint = _LOCKED[what]
        return StoreLocked(message.format(name), hint)
    message, hint = _BROKEN[what]
    return StoreError(message.format(name), hint)


@contextlib.contextmanager
def written(path: Path) -> Iterator[None]:
    """What keeps the file `path` from being written, as a `StoreError`."""
    try:
        yield
    except OSError as exc:
        raise fault(_REFUSED.get(exc.errno or 0, "unwritten"), path.name) from exc


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """What keeps the file `path` from being read, as a `StoreError`."""
    try:
        yield
    except OSError as exc:
        raise fault("unread", path.name) from exc
