"""Every error a person can meet.

::

    ReviewerError               a sentence for the person, and a hint that says what to do
    ├── ReadError               a draft or file that cannot be read as text
    ├── WriteError              a report or record that cannot be written
    ├── SettingsError           an option or environment value that makes no sense
    ├── PackError               a regulation pack that does not load
    ├── ListError               a station's list that does not load
    ├── PrecedentError          a precedent that does not load
    ├── PromptError             a prompt that is missing or lacks a variable
    ├── ModelError              weights that are missing, altered or do not load
    │   └── FetchError          a download that failed
    ├── StoreError              an index store that does not open or is damaged
    │   └── StoreLocked         the key is wrong or missing
    ├── EngineError             the engine process failed, died or took too long
    ├── SealError               the process could not be cut off from the network
    ├── AuditError              the audit log is damaged or cannot be written
    ├── BundleError             a bundle that is refused
    └── Cancelled               the person stopped the review
"""

import errno
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError

MALFORMED = "格式不对 / malformed"
"""How a message begins that a library ends in English."""

RESTORE = "从发布包恢复 / restore it from the release"
RIGHTS = "核对文件名和权限 / check the file's name and your rights"
"""Hints that several errors give."""


SYSTEM: Mapping[str, str] = {
    "EACCES": "没有权限",
    "EBUSY": "正被占用",
    "EDQUOT": "磁盘配额已用完",
    "EEXIST": "已经存在",
    "EFBIG": "文件过大",
    "EINVAL": "类型不对",
    "EIO": "读写出错，介质可能已损坏",
    "EISDIR": "是目录，不是文件",
    "ELOOP": "是链接，或者链接成环",
    "EMFILE": "打开的文件过多",
    "ENAMETOOLONG": "名称过长",
    "ENOENT": "没有这个文件或者目录",
    "ENOMEM": "内存不足",
    "ENOSPC": "磁盘已满",
    "ENOTDIR": "不是目录",
    "ENOTEMPTY": "目录不空",
    "EPERM": "不允许这样做",
    "EROFS": "所在的磁盘只读",
    "ESTALE": "网络目录已失效",
    "ETIMEDOUT": "等待超时",
    "ETXTBSY": "文件正在运行",
    "EXDEV": "不在同一个磁盘",
}
"""What the system's errors mean, by name."""


def why(exc: OSError) -> str:
    """What the system says of a failure, Chinese first."""
    zh = SYSTEM.get(errno.errorcode.get(exc.errno or 0, ""), "系统报错")
    return f"{zh} / {exc.strerror or exc}"


def invalid(exc: "ValidationError") -> str:
    """The first value that does not validate, as `where: what is wrong`, without the value, which may be a draft's."""
    first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


class ReviewerError(Exception):
    """Base of every expected failure: `message` says what happened, `hint` what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class ReadError(ReviewerError):
    """A draft or file that cannot be read as text."""


class WriteError(ReviewerError):
    """A report or record that cannot be written."""


class SettingsError(ReviewerError):
    """An option or environment value that makes no sense."""


class PackError(ReviewerError):
    """A regulation pack that does not load; the message names file and line."""


class ListError(ReviewerError):
    """A station's list that does not load; the message names file and line."""


class PrecedentError(ReviewerError):
    """A precedent that does not load; the message names file and line."""


class PromptError(ReviewerError):
    """A prompt that is missing or lacks a variable."""


class ModelError(ReviewerError):
    """Weights that are missing, altered or do not load."""


class FetchError(ModelError):
    """A download that failed."""


class StoreError(ReviewerError):
    """An index store that does not open or is damaged."""


class StoreLocked(StoreError):
    """The store's key is wrong or missing."""


class EngineError(ReviewerError):
    """The engine process failed, died or took too long; `kind` is the class of the error that the child answered."""

    def __init__(self, message: str, hint: str = "", kind: str = "") -> None:
        super().__init__(message, hint)
        self.kind = kind


class SealError(ReviewerError):
    """The process could not be cut off from the network."""


class AuditError(ReviewerError):
    """The audit log is damaged or cannot be written."""


class BundleError(ReviewerError):
    """A bundle that is refused; `code` names the rule it broke."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.code = code


class Cancelled(ReviewerError):
    """The person stopped the review."""

    def __init__(self) -> None:
        super().__init__("已取消 / cancelled")
